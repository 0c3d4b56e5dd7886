"""Words of which the tables are made: people, places, suppliers, purposes, sentences."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Final

FIRST: Final = (
    "Anna",
    "David",
    "Oliver",
    "Priya",
    "Sean",
    "Margaret",
    "José",
    "Zoë",
    "Tomasz",
    "Ifan",
    "Grace",
    "Lars",
)
LAST: Final = ("Smith", "O'Brien", "Jones", "Patel", "D'Souza", "Evans", "Müller", "McKay", "Nowak", "Lee", "García")
TITLES: Final = ("", "", "Dr ", "Sir ", "Ms ", "The Rt Hon ", "Lord ")
TOWNS: Final = (
    "London", "Leeds", "King's Lynn", "Bristol", "St. Ives", "Cardiff", "Newcastle upon Tyne", "Glasgow", "York",
    "Bury St Edmunds", "Stoke-on-Trent", "Hull", "Bishop's Stortford", "Derby", "Exeter", "Norwich", "Bath",
)  # fmt: skip
REGIONS: Final = (
    "North East", "North West", "Yorkshire and The Humber", "East Midlands", "West Midlands", "East", "London",
    "South East", "South West", "Wales", "Scotland", "Northern Ireland",
)  # fmt: skip
COUNTRIES: Final = ("Belgium", "France", "Korea, Republic of", "Côte d'Ivoire", "Kenya", "Brazil", "United States")
BODIES: Final = (
    "Department for Transport", "Cabinet Office", "Ministry of Justice", "Office for Statistics", "Environment Agency",
    "Department for Education", "Crown Commercial Service", "Met Office", "HM Treasury", "Land Registry",
)  # fmt: skip
SUPPLIERS: Final = (
    "CAPITA BUSINESS SERVICES LTD", "Atos IT Services UK Limited", "Sainsbury's", "BT PLC", "Smith, Jones & Partners",
    "KPMG LLP", 'Print "Direct" Ltd', "REED SPECIALIST RECRUITMENT", "Land's End Hotels", "Trainline.com", "Amazon EU",
    "Veolia ES (UK) Ltd", "Computacenter (UK) Ltd", "NHS Supply Chain", "Barclaycard", "Redfern Travel Ltd",
)  # fmt: skip
EXPENSES: Final = (
    "IT Hardware", "Consultancy", "Rent, rates and utilities", "Travel - Rail", "Training & Development", "Stationery",
    "Grants to Local Authorities", "Agency Staff", "Professional fees", "Postage", "Legal costs, external",
)  # fmt: skip
PURPOSES: Final = (
    "Meeting with officials", "G20 ministerial, bilateral talks", "Annual dinner", "Speech at the University",
    "Trade mission", "Discussion of regional growth, jobs and skills", "Lunch", "Conference on children's health",
    "Visit to UK troops", "To discuss the industry's concerns", "Introductory meeting", "Reception",
)  # fmt: skip
GIFTS: Final = ("Bottle of wine", "Book", "Carpet", "Silver plate, engraved", "Hamper", "Vase", "Nil", "Pen set")
POSTS: Final = (
    "Director, Strategy", "Head of Communications", "Chief Executive", "Deputy Director", "Policy Adviser (Water)",
    "Head of Finance and Procurement", "Team Leader", "Chief of Staff", "Inspector", "Project Manager, IT",
)  # fmt: skip
SPECIES: Final = ("Apis mellifera", "Bombus terrestris L.", "Quercus robur", "Parus major", "Salmo trutta")
OPINIONS: Final = (
    "I don't know", "It's fine", "Good, but slow", 'They said "no"', "not sure", "Too expensive, really", "Yes",
    "can't say", "The staff weren't helpful", "n/a", "'quick' and easy", "Very good indeed", "No comment",
)  # fmt: skip
MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
NOTES: Final = (
    "The figures include staff on secondment, maternity leave and career breaks.",
    "Numbers may not sum to totals due to rounding.",
    "Data for 2012/13 are provisional and will be revised in the next release.",
    "See the accompanying guidance for definitions; contact the press office for further details.",
    "Costs are actual costs, including VAT, unless stated otherwise.",
    "Figures exclude agencies, non-departmental public bodies and the regions' own spending.",
    "Where no record is shown, there was nothing to declare for the quarter",
    "Percentages are calculated on unrounded numbers",
    "Alle Angaben ohne Gewähr, Stand 31.12.2018",
    "Die Beträge sind gerundet; Abweichungen in den Summen sind möglich.",
    "Les montants s'entendent hors taxes, sauf mention contraire.",
    "Los datos son provisionales y pueden cambiar, según la fuente.",
)


def person(r: random.Random) -> str:
    """A name such as 'Sir David O'Brien'."""
    return f"{r.choice(TITLES)}{r.choice(FIRST)} {r.choice(LAST)}"


def day(r: random.Random, style: str) -> str:
    """A day between 2010 and 2019 in one of the styles slash, dash, words, iso, point."""
    found = date(2010, 1, 1) + timedelta(r.randrange(3_650))
    if style == "words":
        return f"{found.day} {MONTHS[found.month - 1]} {found.year}"
    patterns = {"slash": "%d/%m/%Y", "dash": "%d-%b-%y", "iso": "%Y-%m-%d", "point": "%d.%m.%Y"}
    return found.strftime(patterns[style])


def money(r: random.Random, style: str) -> str:
    """An amount in one of the styles plain, grouped, pound."""
    amount = round(r.lognormvariate(7.5, 1.8), 2) * r.choice((1, 1, 1, 1, 1, -1))
    if style == "plain":
        return f"{amount:.2f}"
    text = f"{amount:,.2f}"
    return text if style == "grouped" else f"-£{text[1:]}" if amount < 0 else f"£{text}"


def span(r: random.Random) -> str:
    """A span of time such as 'Q3 2014/15'."""
    year = r.randrange(2010, 2019)
    after = year % 100 + 1
    month = MONTHS[r.randrange(12)]
    return r.choice((f"{month} {year}", f"{year}-{after}", f"Q{r.randrange(1, 5)} {year}/{after}"))


def postcode(r: random.Random) -> str:
    """A postcode such as 'SW1A 2AA'."""
    area = r.choice(("SW1A", "LS2", "BS1", "CF10", "G2", "NE1", "EH6"))
    return f"{area} {r.randrange(1, 9)}{r.choice('ABD')}{r.choice('EFGH')}"
