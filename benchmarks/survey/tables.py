"""What a table is, and the tables of public bodies and shops: each function makes one of a family."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from benchmarks.survey import words as w

Lines = list[list[str]]
Cell = Callable[[random.Random], str]
Columns = Sequence[tuple[str, Cell]]


@dataclass(frozen=True)
class DraftTable:
    """One table before it is written."""

    header: Lines
    """Header lines, none where the file has no names."""
    rows: Lines
    titles: tuple[str, ...] = ()
    """Titles that such a table has, of which a file takes some."""
    text: bool = False
    """Whether its cells hold sentences, in which delimiters and quotes occur."""
    groups: bool = False
    """Whether the upper header lines name groups of columns, each over several of them."""

    @property
    def width(self) -> int:
        """Columns."""
        return len((self.header or self.rows)[0])


Maker = Callable[[random.Random], DraftTable]


def pick(*values: str) -> Cell:
    """Cells that are one of some values."""
    return lambda r: r.choice(values)


def whole(low: int, high: int) -> Cell:
    """Cells that are whole numbers."""
    return lambda r: str(r.randrange(low, high))


def decimal(scale: float, digits: int) -> Cell:
    """Cells that are decimal numbers around `scale`."""
    return lambda r: f"{r.gauss(scale, scale / 4):.{digits}f}"


def dated(style: str) -> Cell:
    """Cells that are days."""
    return lambda r: w.day(r, style)


def amount(style: str) -> Cell:
    """Cells that are amounts of money."""
    return lambda r: w.money(r, style)


def seldom(cell: Cell, share: float, other: str = "") -> Cell:
    """Cells of which only a share has something."""
    return lambda r: cell(r) if r.random() < share else other


def filled(r: random.Random, columns: Columns, count: int) -> Lines:
    """Rows of columns."""
    return [[cell(r) for _, cell in columns] for _ in range(count)]


def plain(
    r: random.Random, columns: Columns, count: int, titles: tuple[str, ...] = (), *, text: bool = False
) -> DraftTable:
    """A table with one header line."""
    return DraftTable([[name for name, _ in columns]], filled(r, columns, count), titles, text)


# --- Public bodies ----------------------------------------------------------------------------------------------------


def spending(r: random.Random) -> DraftTable:
    """Payments above a threshold."""
    body, style, dates = r.choice(w.BODIES), r.choice(("plain", "grouped", "pound")), r.choice(("slash", "dash", "iso"))
    known: Columns = (
        (r.choice(("Department Family", "Department family", "Dept")), pick(body)),
        ("Entity", pick(*w.BODIES[:3])),
        (r.choice(("Date", "Payment Date", "Date of payment")), dated(dates)),
        (r.choice(("Expense Type", "Expense type")), pick(*w.EXPENSES)),
        ("Expense Area", pick(*(town.upper() for town in w.TOWNS))),
        (r.choice(("Supplier", "Supplier Name", "Beneficiary")), pick(*w.SUPPLIERS)),
        (r.choice(("Transaction Number", "Transaction No.")), whole(10_000, 9_999_999)),
        (r.choice(("Amount", "AMOUNT", "Amount in Sterling", "£")), amount(style)),
        ("Description", pick(*w.EXPENSES)),
        ("Supplier Postcode", seldom(w.postcode, 0.7)),
        ("Contract Number", seldom(whole(1_000, 2_000), 0.2)),
    )
    columns = [column for place, column in enumerate(known) if place in (1, 7) or r.random() < 0.8]
    titles = (f"{body}: Spending over £25,000, {w.span(r)}", f"Transparency, {w.span(r)}", "Spend Over 25K")
    return plain(r, columns, r.randrange(8, 120), titles, text=True)


def register(r: random.Random) -> DraftTable:
    """Gifts, hospitality, meetings or travel of ministers and officials."""
    style = r.choice(("words", "slash", "dash"))
    when: tuple[str, Cell] = ("Date", lambda r: r.choice(w.MONTHS) if r.random() < 0.15 else w.day(r, style))
    cost = seldom(amount("pound"), 0.6, r.choice(("Nil", "Over limit", "N/A")))
    kinds: dict[str, Columns] = {
        "gifts": (
            ("Date gift received", when[1]), ("From", pick(*w.COUNTRIES)), ("Gift", pick(*w.GIFTS)),
            ("Value (£)", cost), ("Outcome", pick("Held by department", "Purchased")),
        ),
        "hospitality": (
            ("Date of hospitality", when[1]), ("Name of organisation", pick(*w.SUPPLIERS)),
            ("Type of hospitality received", pick(*w.PURPOSES)),
        ),
        "meetings": (
            ("Date of meeting", when[1]), ("Name of External Organisation*", pick(*w.SUPPLIERS)),
            ("Purpose of meeting", pick(*w.PURPOSES)),
        ),
        "travel": (
            ("Date(s) of trip", when[1]), ("Destination", pick(*w.COUNTRIES)), ("Purpose of trip", pick(*w.PURPOSES)),
            ("'Scheduled' 'No 32 (The Royal) Squadron' or 'Charter'", pick("Scheduled")),
            ("Number of officials accompanying Minister, where non-scheduled travel is used", pick("", "2")),
            ("Total cost, including travel, and accommodation", cost),
        ),
        "expenses": (
            ("Dates", when[1]), ("Destination", pick(*w.TOWNS)), ("Purpose", pick(*w.PURPOSES)),
            *((name, seldom(amount("pound"), 0.4)) for name in ("Air", "Rail", "Taxi/Car", "Other")),
            ("Total Cost", amount("pound")),
        ),
    }  # fmt: skip
    kind = r.choice(list(kinds))
    columns = kinds[kind]
    who = [name for name in sorted(w.person(r) for _ in range(r.randrange(1, 5))) for _ in range(r.randrange(1, 6))]
    rows = [[name, *row] for name, row in zip(who, filled(r, columns, len(who)), strict=True)]
    if r.random() < 0.4:
        # A name is written once for its rows.
        rows = [["" if i and who[i - 1] == who[i] else row[0], *row[1:]] for i, row in enumerate(rows)]
    if r.random() < 0.3:
        rows.append([w.person(r), "Nil return", *[""] * (len(columns) - 1)])
    body = r.choice(w.BODIES)
    by = r.choice(("given", "received", "by ministers, special advisers and officials"))
    titles = (f"{body}, {w.span(r)}", f"{kind.capitalize()} {by}", f"{body}: quarterly return, {kind}")
    return DraftTable([[r.choice(("Minister", "Name")), *(name for name, _ in columns)]], rows, titles, text=True)


def organogram(r: random.Random) -> DraftTable:
    """Posts of an organisation: wide, mostly text."""
    columns: Columns = (
        ("Post Unique Reference", whole(1, 9_999)), ("Name", seldom(w.person, 0.5, "N/D")),
        ("Grade", pick("SCS1", "SCS2", "EO", "Grade 7")), ("Job Title", pick(*w.POSTS)),
        ("Job/Team Function", pick(*w.NOTES, *w.PURPOSES)), ("Parent Department", pick(*w.BODIES)),
        ("Organisation", pick(*w.BODIES)), ("Contact Phone", pick("N/A", "0207 123 4567")),
        ("Contact E-mail", pick("info@example.gov.uk")), ("Reports to Senior Post", seldom(whole(1, 99), 0.5, "XX")),
        ("Salary Cost of Reports (£)", whole(0, 900_000)), ("FTE", decimal(0.8, 2)),
        ("Actual Pay Floor (£)", seldom(whole(20_000, 90_000), 0.5, "N/D")), ("Notes", seldom(pick(*w.NOTES), 0.2)),
    )  # fmt: skip
    return plain(r, columns, r.randrange(4, 60), ("Organogram, senior posts",), text=True)


def workforce(r: random.Random) -> DraftTable:
    """Head counts: groups of columns over two or three header lines."""
    known = ("AO/AA", "EO", "HEO/SEO", "Grade 6/7", "SCS", "Other, unknown", "Total Employees", "Agency staff")
    groups = r.sample(known, r.randrange(2, 6))
    parts = r.choice((["Headcount", "Full-time Equivalent"], ["Number", "%"], ["Male", "Female", "All"]))
    first = ["Organisation name", "Parent Department", "Organisation type"][: r.randrange(1, 4)]
    bare = [""] * len(first)
    upper, lower = (first, bare) if r.random() < 0.5 else (bare, first)
    over = [cell for group in groups for cell in (group, *[""] * (len(parts) - 1))]
    header = [[*upper, *over], [*lower, *parts * len(groups)]]
    if r.random() < 0.25:
        header.insert(0, [*bare, "Payroll staff", *[""] * (len(over) - 1)])
    stubs = [pick(*w.BODIES), pick(*w.BODIES), pick("Ministerial Department", "Executive Agency")][: len(first)]
    values = [decimal(300, 2) if part == "Full-time Equivalent" else whole(0, 900) for part in parts] * len(groups)
    rows = filled(r, [("", cell) for cell in (*stubs, *values)], r.randrange(2, 30))
    titles = (f"Workforce management information, {w.span(r)}", "Staff numbers and costs")
    return DraftTable(header, rows, titles, groups=True)


def statistics(r: random.Random) -> DraftTable:
    """Figures by place and year, with marks for what is missing and sums among them."""
    first, count = r.randrange(1995, 2012), r.randrange(3, 9)
    years = range(first, first + count)
    style = r.randrange(3)
    names = [f"{year}" if style == 0 else f"{year}-{(year + 1) % 100:02}" for year in years]
    if style == 2:
        names = [f"{year} ({'£m' if year % 2 else '%'})" for year in years]
    stub = r.choice(("Region", "Area", "Offence group", "", "", "Category"))
    digits, grouped, mark = r.randrange(3), "," if r.random() < 0.4 else "", r.choice(("..", "-", "*", "n/a", ":", ""))
    value: Cell = seldom(lambda r: f"{r.lognormvariate(8, 1.5):{grouped}.{digits}f}", 0.94, mark)
    places = r.choice((["England", *w.REGIONS], list(w.EXPENSES)))[: r.randrange(4, 12)]
    header, groups = [[stub, *names]], r.random() < 0.3
    if groups:
        over = [cell for group in (r.choice(("Males", "Persons")), "Females") for cell in (group, *[""] * (count - 1))]
        header = [["", *over], [stub, *names, *names]]
    elif r.random() < 0.25:
        header.append(["", *[r.choice(("£ million", "%", "thousands", "(£m)"))] * count])
    rows = [[place, *(value(r) for _ in header[0][1:])] for place in places]
    topic = r.choice(("Prosecutions", "Water consumption", "Persons employed", "Households, by tenure", "Exports"))
    titles = (
        f"Table {r.randrange(1, 30)}: {topic}, {years[0]} to {years[-1]}",
        topic,
        f"{topic} by region, England and Wales (1)(2)",
        "Thousands",
    )
    return DraftTable(header, rows, titles, groups=groups)


def directory(r: random.Random) -> DraftTable:
    """All text: names, roles, addresses."""
    known: Columns = (
        ("Name", w.person), ("Position", pick(*w.POSTS)), ("Organisation", pick(*w.SUPPLIERS)),
        ("Address", lambda r: f"{r.randrange(1, 200)} High Street, {r.choice(w.TOWNS)}"), ("Town", pick(*w.TOWNS)),
        ("Postcode", w.postcode), ("Region", pick(*w.REGIONS)), ("Contact", pick("info@example.org")),
        ("Notes", seldom(pick(*w.NOTES), 0.4)),
    )  # fmt: skip
    titles = ("List of members, as of today", f"Register, {w.span(r)}")
    return plain(r, r.sample(known, r.randrange(3, 8)), r.randrange(4, 60), titles, text=True)


# --- Shops ------------------------------------------------------------------------------------------------------------

_SALES: Final = {
    "en": (("Order", "Date", "Customer", "Item", "Qty", "Amount"), "Sales report, {}", "All stores, net of VAT"),
    "de": (("Beleg", "Datum", "Kunde", "Artikel", "Menge", "Betrag"), "Umsatzliste, {}", "Alle Filialen, ohne MwSt."),
    "fr": (("Commande", "Date", "Client", "Article", "Quantité", "Montant"), "Ventes, {}", "Magasins, hors taxes"),
    "es": (("Pedido", "Fecha", "Cliente", "Artículo", "Cantidad", "Importe"), "Ventas, {}", "Tiendas, sin IVA"),
    "it": (("Ordine", "Data", "Cliente", "Articolo", "Quantità", "Importo"), "Vendite, {}", "Negozi, IVA esclusa"),
}
_ITEMS: Final = (
    "Tasse, groß",
    "Tea, green",
    "Teller 20 cm",
    "Café au lait",
    "Plato llano",
    "Löffel",
    "Knife",
    "L'olio",
)


def sales(r: random.Random) -> DraftTable:
    """Order lines of a shop."""
    names, title, scope = _SALES[r.choice(list(_SALES))]
    cells = (
        whole(1_000, 9_999), dated(r.choice(("point", "slash", "iso"))), pick(*w.LAST, *w.SUPPLIERS), pick(*_ITEMS),
        whole(1, 20), decimal(40, 2),
    )  # fmt: skip
    columns = [column for column in zip(names, cells, strict=True) if column[0] == names[5] or r.random() < 0.9]
    titles = (title.format(w.span(r)), scope, f"{r.choice(w.BODIES)}, {w.day(r, 'point')}")
    return plain(r, columns, r.randrange(5, 150), titles, text=True)
