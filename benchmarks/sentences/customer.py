"""Readers of the page about one customer: scores through time, when and what they bought, and their rhythm."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

from analytics import grains
from analytics.dataset import MONEY_SCALE
from analytics.dates import day_text
from analytics.dimensions import dimension
from benchmarks.sentences.grammar import NAME, A, Case, several, taken
from benchmarks.sentences.segments import scored


def scores(case: Case, text: str, customer: int) -> None:
    """A customer's group now and at the first day told, among all customers."""
    found = re.fullmatch(rf"{NAME} on (.+?) \(R (\d), F (\d), M (\d)\)(.*)\.", text)
    case.claim(found is not None or text == "No scores yet.", f"cannot be read: {text!r}")
    if found is None:
        return
    last = case.twin.data.last_day
    own = scored(case, last, ())[customer]
    case.claim(found[2] == day_text(last), "day")
    case.claim(found[1] == own.group, f"group {own.group}")
    case.claim((int(found[3]), int(found[4]), int(found[5])) == (own.r, own.f, own.m), "scores")
    if rest := re.fullmatch(rf"; {NAME} on (.+)|, as on (.+)", found[6]):
        day = next(d for d in _days(case) if day_text(d) in (rest[2], rest[3]))
        case.claim(scored(case, day, ())[customer].group == (rest[1] or own.group), "group then")


def _days(case: Case) -> list[date]:
    data = case.twin.data
    return [data.first_day + timedelta(n) for n in range((data.last_day - data.first_day).days + 1)]


def over_time(case: Case, text: str, customer: int, grain: str) -> None:
    """In how many months or quarters a customer bought, and in which most."""
    sold: dict[date, Fraction] = defaultdict(Fraction)
    for row in case.twin.lines:
        if row["customer"] == customer:
            sold[grains.bucket_start(row["day"], grain, case.twin.data.calendar)] += Fraction(
                row["revenue"], MONEY_SCALE
            )
    count, start = 0, min(sold)
    while start <= case.twin.data.last_day:
        count, start = count + 1, grains.next_start(start, grain)
    names = {grains.label(day, grain, case.twin.data.calendar): money for day, money in sold.items()}
    if text.startswith("Bought in the only"):
        name, amount = taken(rf"Bought in the only {grain} there is, {NAME}, for {A}\.", text)
        case.claim(count == 1, "there are others")
    else:
        bought, of, noun, name, amount = taken(rf"Bought in {A} of {A} ({grain}s?); most in {NAME} \({A}\)\.", text)
        case.number(bought, len(sold), "with orders")
        case.number(of, count, grain)
        several(case, noun, grain, count)
    case.number(amount, names.get(name), name)
    case.claim(names.get(name) == max(sold.values()), f"{name} is not the most")


def spent_on(case: Case, text: str, customer: int, level: str) -> None:
    """What a customer spends most on."""
    spent: dict[str, Fraction] = defaultdict(Fraction)
    for row in case.twin.lines:
        if row["customer"] == customer:
            spent[row[level]] += Fraction(row["revenue"], MONEY_SCALE)
    plural = dimension(level, case.twin.data).plural
    if " is the only one of the " in text:
        name, amount = taken(rf"{NAME} is the only one of the {plural} they bought, for {A}\.", text)
        case.claim(len(spent) == 1, "there are others")
    else:
        name, amount, share, count = taken(
            rf"{NAME} leads with {A}(?:, {A} of their revenue)?, of {A} {plural}\.", text
        )
        case.number(count, len(spent), plural)
        if share:
            case.number(share, spent[name] / sum(spent.values(), Fraction(0)), name)
    case.number(amount, spent.get(name), name)
    case.claim(spent.get(name) == max(spent.values()), f"{name} does not lead")


def rhythm(case: Case, text: str, customer: int) -> None:
    """The days between a customer's purchases, and how long they are away."""
    days = sorted(set(case.twin.days[customer]))
    apart = [(after - before).days for before, after in pairwise(days)]
    usual, _, _, first, _, low, high, away, _, times = taken(
        rf"(?:Bought again after {A} (days?) (on average|each time)|Bought on two days, {A} (days?) apart)"
        rf"(?:, from {A} to {A})?\. Now {A} (days?) away(?:, {A} times the usual)?\.", text
    )  # fmt: skip
    case.number(usual or first, Fraction(sum(apart), len(apart)), "usual")
    if low:
        case.number(low, min(apart), "shortest")
        case.number(high, max(apart), "longest")
    else:
        case.claim(min(apart) == max(apart), "they differ")
    since = (case.twin.data.last_day - days[-1]).days
    case.number(away, since, "away")
    case.number(times, since / Fraction(sum(apart), len(apart)), "times")


def plural(case: Case, level: str) -> str:
    """What the members of a level are called."""
    return dimension(level, case.twin.data).plural


def order_lines(case: Case, text: str, customer: int) -> None:
    """How many order lines a customer has."""
    count, noun = taken(rf"{A} (lines?), latest first\.(?: Shown are [\d,]+; the CSV has all\.)?", text)
    lines = sum(row["customer"] == customer for row in case.twin.lines)
    case.number(count, lines, "lines")
    several(case, noun, "line", lines)
