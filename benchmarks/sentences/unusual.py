"""Readers of unusual days: which fell out of line, what was usual, who made them, and which days were closed.

Sales of each day, which days could be judged and which were empty are worked out anew; which fell out of line and what
was usual is a model's, and read in the card's own table.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from statistics import fmean

import polars as pl

from analytics.dates import day_text
from analytics.dimensions import dimension
from analytics.metrics import METRICS
from analytics.periods import Period
from benchmarks.sentences.grammar import NAME, A, Case, several, taken

BEFORE = 7 * 26

FEWEST_KNOWN = 14
"""Days with weeks before them that say how unlike days are."""


@dataclass
class Judged:
    """What a day sold, what was usual and how far it lay from that by the card; whether it could be judged."""

    day: date
    value: float
    known: bool
    usual: float | None = None
    z: float | None = None
    closed: bool = False


def judged(case: Case, metric: str, table: pl.DataFrame) -> list[Judged]:
    """Every day of the period up to the data's last: what it sold, by the lines, and what the card's table says."""
    data = case.twin.data
    start = max(data.first_day, case.now.start - timedelta(BEFORE))
    rows = case.twin.kept(case.twin.lines, case.where, Period(start, case.now.end))
    by_day: dict[date, list[dict[str, object]]] = {}
    for row in rows:
        by_day.setdefault(row["day"], []).append(row)
    first = min([case.now.start, *by_day])
    end = max(min(case.now.end, data.last_day), first)
    days = [first + timedelta(n) for n in range((end - first).days + 1)]
    open_days = {row["day"] for row in case.twin.lines}
    told = {row["day"]: row for row in table.to_dicts()}
    out = []
    for n, day in enumerate(days):
        if day < case.now.start:
            continue
        value = float(case.twin.of(metric, by_day.get(day, []), Period(first, end), None) or 0)
        row = told.pop(day, {})
        one = Judged(day, max(value, 0.0), _known(n, [other in by_day for other in days]))
        one.usual, one.z, one.closed = row.get("usual"), row.get("z"), row.get("closed", False)
        case.claim(not one.closed or day not in open_days, f"{day} is closed, and somebody bought")
        case.claim(
            one.z is None or (one.known and (one.z > 0) == (one.value > (one.usual or 0))), f"{day} is out of line"
        )
        out.append(one)
    case.claim(not told, "days outside of the period")
    return out


def _known(at: int, sold: list[bool]) -> bool:
    """Whether three of the same weekday lie before a day, and a sale more than a week; after a long time without any
    the level is that before it."""
    return at >= 21 and any(sold[: at - 7])


def _strange(days: list[Judged]) -> list[Judged]:
    return [one for one in days if one.z is not None and not one.closed]


def _named(case: Case, days: list[Judged], name: str, value: str, usual: str) -> Judged:
    top = max(_strange(days), key=lambda one: abs(one.z or 0))
    case.claim(name == f"{top.day:%a} {day_text(top.day)}", f"{top.day} fell out of line most")
    case.number(value, top.value, name)
    case.number(usual, top.usual, f"{name}, usual")
    return top


def unusual(case: Case, text: str, metric: str, table: pl.DataFrame) -> None:
    """How many days fell out of line, and which most."""
    label, days = METRICS[metric].label.lower(), judged(case, metric, table)
    known = [one for one in days if one.known]
    text, _, shut = text.partition(" closed day")
    if shut:
        text, _, count = text.rpartition(" ")
        closed = [one for one in days if one.closed]
        case.number(count, len(closed), "closed days")
        verb, listed, more = taken(r"s? without any sales (is|are) not counted: (.+?)(?: and (\d+) more)?\.", shut)
        several(case, verb, "is", len(closed))
        names = [f"{one.day:%a} {day_text(one.day)}" for one in closed]
        case.claim(listed == ", ".join(names[:3]), "closed days")
        case.claim(int(more or 0) == max(0, len(names) - 3), "more closed days")
    else:
        case.claim(not any(one.closed for one in days), "closed days are not told")
    if text.startswith("No day of this period could be judged"):
        case.claim(len(known) < FEWEST_KNOWN, "some could")
        return
    if text.startswith("No day of this period fell"):
        case.claim(len(known) == len(days) and not _strange(days), "one did, or some could not be judged")
        return
    if text.startswith("Of the "):
        some, of, noun = taken(
            rf"Of the {A} of {A} (days?) that could be judged, none fell out of line in {label}\.", text
        )
        case.claim(not _strange(days), "one did")
        several(case, noun, "day", len(days))
    else:
        count, noun, some, of, name, value, usual, why = taken(
            rf"{A} (days?) fell out of line(?:, of the {A} of {A} that could be judged)?\. Most of all {NAME}: {A}, "
            rf"usually {A}(?:; (.+))?\.", text
        )  # fmt: skip
        case.number(count, len(_strange(days)), "unusual days")
        several(case, noun, "day", len(_strange(days)))
        top = _named(case, days, name, value, usual)
        if why:
            because(case, why, metric, top.day)
    if some:
        # A weekday whose only sales are days out of line has no habit left.
        case.claim(0 < int(some.replace(",", "")) <= len(known), "judged days")
        case.number(of, len(days), "days")
    else:
        case.claim(len(known) == len(days), "some could not be judged")


def because(case: Case, why: str, metric: str, day: date) -> None:
    """Which member made most of a day, against the mean of the same weekdays of the eight weeks before."""
    why = why.removesuffix(".")
    if why == "across the board":
        return
    found = re.fullmatch(rf"mostly (.+?) \({A}( order lines)?\)", why)
    case.claim(found is not None, f"cannot be read: {why!r}")
    assert found is not None
    names = [n for n in case.twin.data.members if found[1].startswith(f"{dimension(n, case.twin.data).label.lower()} ")]
    case.claim(any(_made(case, metric, day, name, found) for name in names), f"{why}: it did not")


def _made(case: Case, metric: str, day: date, name: str, found: re.Match[str]) -> bool:
    member = found[1].removeprefix(f"{dimension(name, case.twin.data).label.lower()} ")

    def sold(on: date, *, all_of_it: bool) -> float:
        where = case.where if all_of_it else tuple(one for one in case.where if one[0] != name)
        rows = case.twin.kept(case.twin.lines, where, Period(on, on))
        rows = [row for row in rows if all_of_it or row[name] == member]
        span = Period(on, on)
        return float(len(rows) if metric == "orders" else case.twin.of(metric, rows, span, None) or 0)

    weeks = [day - timedelta(7 * n) for n in range(1, 9)]
    off, whole = (
        sold(day, all_of_it=all_of_it) - fmean(sold(week, all_of_it=all_of_it) for week in weeks)
        for all_of_it in (False, True)
    )
    try:
        case.number(found[2], Fraction(off), member)
    except Exception:
        return False
    return whole != 0 and off / whole >= 0.5


def marks(case: Case, text: str, table: pl.DataFrame) -> None:
    """The unusual days that a trend marks, told after its own sentence."""
    metric = case.view.metric
    label, days = METRICS[metric].label.lower(), judged(case, metric, table)
    strange = _strange(days)
    found = re.search(
        rf"(?:(One)|{A}) days? fell out of line in {label}(?:, most of all|:) ([^.]+?) \({A}, usually {A}\)\.$", text
    )
    case.claim((found is not None) == bool(strange), "days out of line")
    if found:
        case.claim(int((found[2] or "1").replace(",", "")) == len(strange), "unusual days")
        _named(case, days, found[3], found[4], found[5])
