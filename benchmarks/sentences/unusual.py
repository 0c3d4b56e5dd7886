"""Readers of unusual days: which fell out of line, what was usual, who made them, and which days were closed.

Each day is judged anew from the days before it, by medians of lists: the robust z of its log against the level of the
14 days before and the habit of its weekday in the 26 weeks before, over the scaled median absolute deviation of the 91
days before.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from statistics import fmean, median

from analytics.dates import day_text
from analytics.dimensions import dimension
from analytics.metrics import METRICS
from analytics.periods import Period
from benchmarks.sentences.grammar import NAME, A, Case, several, taken

BEFORE = 7 * 26
LIMIT, FLOOR, SCALED = 4.0, 0.01, 1.4826


@dataclass
class Judged:
    """What a day sold, what was usual, and how far it lay from that; None where that cannot be told."""

    day: date
    value: float
    usual: float | None = None
    z: float | None = None
    closed: bool = False


def _middle(values: list[float | None], fewest: int = 1) -> float | None:
    known = [value for value in values if value is not None]
    return median(known) if len(known) >= fewest else None


def judged(case: Case, metric: str) -> list[Judged]:
    """Every day of the period up to the data's last, judged by the days before it."""
    data = case.twin.data
    start = max(data.first_day, case.now.start - timedelta(BEFORE))
    rows = case.twin.kept(case.twin.lines, case.where, Period(start, case.now.end))
    by_day: dict[date, list[dict[str, object]]] = {}
    for row in rows:
        by_day.setdefault(row["day"], []).append(row)
    first = min([case.now.start, *by_day])
    end = max(min(case.now.end, data.last_day), first)
    days = [first + timedelta(n) for n in range((end - first).days + 1)]
    span = Period(first, end)
    sold = [float(case.twin.of(metric, by_day.get(day, []), span, None) or 0) for day in days]
    found = _judge([max(value, 0.0) for value in sold])
    open_days = {row["day"] for row in case.twin.lines}
    history = [data.first_day + timedelta(n) for n in range((data.last_day - data.first_day).days + 1)]
    shut = {day for day in history if day not in open_days}
    odd = [z is not None and abs(z) > LIMIT and value <= 0 for (_, z), value in zip(found, sold, strict=True)]
    empty = [one and day in shut for one, day in zip(odd, days, strict=True)]
    yearly = {day for day in shut if any(358 <= abs((day - other).days) <= 372 for other in shut)}
    runs = sum(one and not before for one, before in zip(empty, [False, *empty], strict=False))
    return [
        Judged(day, value, usual, z, closed and (runs >= 3 or day in yearly))
        for day, value, (usual, z), closed in zip(days, sold, found, empty, strict=True)
        if day >= case.now.start
    ]


def _judge(values: list[float]) -> list[tuple[float | None, float | None]]:
    """Usual value and z of each day."""
    size = len(values)
    usual: list[float | None] = [None] * size
    score: list[float | None] = [None] * size
    off: list[float | None] = [None] * size
    level: list[float | None] = [None] * size
    level_kept: list[float | None] = [None] * size
    habit: list[float | None] = [None] * size
    out = [False] * size
    for day in range(1, size):
        calm = median(values[max(0, day - 56) : day])
        same = [habit[n] for n in range(day - 7, -1, -7)][:26]
        known_habit = _middle(same, 3)
        if calm > 0:
            log = math.log(max(values[day], FLOOR * calm))
            level[day] = log - (known_habit or 0.0)
            window = slice(max(0, day - 14), day)
            mostly_out = 2 * sum(out[window]) > len(out[window])
            at = _middle((level if mostly_out else level_kept)[window], 7)
            if at is not None:
                habit[day] = log - at
                if known_habit is not None:
                    normal = math.exp(at + known_habit)
                    usual[day] = normal if normal > 2 * FLOOR * calm else 0.0
                    off[day] = log - at - known_habit
                    left = [value for value in off[max(0, day - 91) : day] if value is not None]
                    if len(left) >= 28:
                        middle = median(left)
                        scale = SCALED * median(abs(value - middle) for value in left)
                        if scale > 0:
                            score[day] = off[day] / scale  # type: ignore[operator]
                            out[day] = abs(off[day] / scale) > LIMIT  # type: ignore[operator]
        if not out[day]:
            level_kept[day] = level[day]
        else:
            habit[day] = None
    return list(zip(usual, score, strict=True))


def _strange(days: list[Judged]) -> list[Judged]:
    return [one for one in days if one.z is not None and abs(one.z) > LIMIT and not one.closed]


def _named(case: Case, days: list[Judged], name: str, value: str, usual: str) -> Judged:
    top = max(_strange(days), key=lambda one: abs(one.z or 0))
    case.claim(name == f"{top.day:%a} {day_text(top.day)}", f"{top.day} fell out of line most")
    case.number(value, top.value, name)
    case.number(usual, top.usual, f"{name}, usual")
    return top


def unusual(case: Case, text: str, metric: str) -> None:
    """How many days fell out of line, and which most."""
    label, days = METRICS[metric].label.lower(), judged(case, metric)
    known = [one for one in days if one.z is not None]
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
        case.claim(not known, "some could")
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
        case.number(some, len(known), "judged days")
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


def marks(case: Case, text: str) -> None:
    """The unusual days that a trend marks, told after its own sentence."""
    metric = case.view.metric
    label, days = METRICS[metric].label.lower(), judged(case, metric)
    strange = _strange(days)
    found = re.search(
        rf"(?:(One)|{A}) days? fell out of line in {label}(?:, most of all|:) ([^.]+?) \({A}, usually {A}\)\.$", text
    )
    case.claim((found is not None) == bool(strange), "days out of line")
    if found:
        case.claim(int((found[2] or "1").replace(",", "")) == len(strange), "unusual days")
        _named(case, days, found[3], found[4], found[5])
