"""Readers of targets: what of them is due and reached, at what pace, and who is ahead and behind."""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from analytics import grains
from analytics.dataset import MONEY_SCALE
from analytics.dates import month_text
from analytics.periods import Period
from benchmarks.sentences.grammar import NAME, A, Case, extreme, several, taken
from benchmarks.sentences.retention import until
from benchmarks.sentences.twin import Number


@dataclass
class Cell:
    """One target: its month and members, and what was sold of the same."""

    month: date
    members: dict[str, str]
    target: Fraction
    actual: Fraction
    over: Fraction
    """Share of the month's days that are over."""

    @property
    def due(self) -> Fraction:
        """The target of the days that are over."""
        return self.target * self.over


def _as_of(case: Case) -> date:
    """The day that targets are looked at: the period's last, inside the data."""
    return max(until(case), case.twin.data.first_day)


def cells(case: Case) -> list[Cell]:
    """The view's targets of the level that most are set at, from the month of the data's first day on."""
    data, kept = case.twin.data, dict(case.where)
    assert data.targets is not None
    rows = data.targets.to_dicts()
    names = [name for name in data.targets.columns if name not in ("month", "revenue")]
    levels = Counter(tuple(name for name in names if row[name] is not None) for row in rows)
    level = levels.most_common(1)[0][0]
    sums: dict[tuple[date, tuple[str, ...]], int] = {}
    for row in rows:
        own = tuple(name for name in names if row[name] is not None) == level
        if own and all(row[name] in kept[name] for name in level if name in kept):
            key = (row["month"], tuple(str(row[name]) for name in level))
            sums[key] = sums.get(key, 0) + row["revenue"]
    end, out = _as_of(case), []
    for (month, members), target in sorted(sums.items()):
        if month < data.first_day.replace(day=1):
            continue
        days = monthrange(month.year, month.month)[1]
        gone = min(max((end - month).days + 1, 0), days)
        where = tuple((name, (member,)) for name, member in zip(level, members, strict=True))
        others = tuple(one for one in case.where if one[0] not in level)
        sold = Fraction(0)
        if gone:
            span = Period(max(month, data.first_day), min(month + timedelta(days - 1), end))
            sold = case.twin.value("revenue", (*others, *where), span) or Fraction(0)
        out.append(Cell(month, dict(zip(level, members, strict=True)), Fraction(target, MONEY_SCALE), sold,
                        Fraction(gone, days)))  # fmt: skip
    return out


def _sum(some: list[Cell], name: str) -> Fraction:
    return sum((getattr(one, name) for one in some), Fraction(0))


def months(case: Case, text: str) -> None:
    """How much of what was due in the period has been reached."""
    inside = [one for one in cells(case) if case.now.start.replace(day=1) <= one.month <= case.now.end and one.over]
    if text == "No month of this period has a target.":
        case.claim(not _sum(inside, "due"), "one has")
        return
    actual, due, share, best, of, noun, whose, running, part = taken(
        rf"{A} of {A} due: {A}\.(?: {A} of {A} (whole months?) reached (its|their) target\.)?"
        rf"(?: {NAME} counts by the {A} of its days that are over\.)?", text
    )  # fmt: skip
    case.number(actual, _sum(inside, "actual"), "actual")
    case.number(due, _sum(inside, "due"), "due")
    case.number(share, _sum(inside, "actual") / _sum(inside, "due"), "reached")
    by_month: dict[date, list[Cell]] = {}
    for one in inside:
        by_month.setdefault(one.month, []).append(one)
    whole = [some for some in by_month.values() if some[0].over == 1]
    case.claim(bool(best) == bool(whole), "whole months")
    if best:
        case.number(best, sum(_sum(some, "actual") >= _sum(some, "due") > 0 for some in whole), "reached")
        case.number(of, len(whole), "whole months")
        several(case, noun, "whole month", len(whole))
        several(case, whose, "its", len(whole))
    cut = [some for some in by_month.values() if some[0].over < 1]
    case.claim(bool(running) == bool(cut), "a running month")
    if running:
        case.claim(running == month_text(cut[-1][0].month), f"{running} is not the running month")
        case.number(part, cut[-1][0].over, running)


def pace(case: Case, text: str, name: str, made: Any) -> None:
    """Where a month, quarter or year stands, what it needs a day, and how likely that is."""
    end = _as_of(case)
    first = grains.bucket_start(end, name, case.twin.data.calendar)
    last = grains.next_start(first, name) - grains.ONE_DAY
    inside = [one for one in cells(case) if first <= one.month <= last]
    target, so_far, due = (_sum(inside, part) for part in ("target", "actual", "due"))
    left = (last - end).days
    if not left:
        sold, goal, share = taken(rf"This {name}: {A} of {A}, {A}\.", text)
        case.number(share, so_far / target, "share")
    elif so_far >= target > 0:
        sold, goal, share, days, noun = taken(rf"This {name}: {A} of {A}, {A}: reached with {A} (days?) left\.", text)
        case.number(share, so_far / target, "share")
        case.number(days, left, "days left")
        several(case, noun, "day", left)
    else:
        sold, goal, gap, way, days, noun, verb, needed, recent, rest = taken(
            rf"This {name}: {A} of {A}, {A} (ahead of|behind) pace\. The {A} (days?) left (needs?) {A} a day; the last "
            rf"four weeks made {A} a day\. (.+)", text
        )  # fmt: skip
        case.number(gap, abs(so_far - due), "pace")
        case.claim((way == "ahead of") == (so_far >= due), way)
        case.number(days, left, "days left")
        several(case, noun, "day", left)
        several(case, verb, "needs", left)
        case.number(needed, max(target - so_far, Fraction(0)) / left, "needed")
        case.number(recent, _recent(case, inside, first, end), "last four weeks")
        _chance(case, rest, float(target), made)
    case.number(sold, so_far, "so far")
    case.number(goal, target, "target")


def _chance(case: Case, text: str, target: float, made: Any) -> None:
    """The chance agrees with the 80 % interval that the card is drawn with: one in ten lies above it."""
    if text.startswith("The history is too short"):
        case.claim(made.low is None, "there is an estimate")
        return
    (said,) = taken(r"Chance to reach it: (below 1%|above 99%|\d+%)\.", text)
    chance = {"below 1%": 0.0, "above 99%": 1.0}.get(said) if not said[0].isdigit() else int(said[:-1]) / 100
    assert chance is not None
    if target > made.high:
        case.claim(chance <= 0.2 + 0.005, f"{said}, though it lies above the interval")
    if target < made.low:
        case.claim(chance >= 0.9 - 0.005, f"{said}, though it lies below the interval")


def _recent(case: Case, inside: list[Cell], first: date, end: date) -> Fraction:
    """Money a day over the last 28 days, of what has a target now (before `first`, in any month from then on)."""
    level = set(inside[0].members)
    others = tuple(one for one in case.where if one[0] not in level)
    ahead = [one for one in cells(case) if one.month >= first]
    total = Fraction(0)
    for row in case.twin.kept(case.twin.lines, others, Period(end - timedelta(27), end)):
        month = row["day"].replace(day=1)
        if any(
            all(row[name] == member for name, member in one.members.items())
            and (row["day"] < first or one.month == month)
            for one in ahead
        ):
            total += Fraction(row["revenue"], MONEY_SCALE)
    return total / 28


def by_member(case: Case, text: str, name: str) -> None:
    """Who is furthest behind and ahead of what was due in the period's months."""
    inside = [one for one in cells(case) if case.now.start.replace(day=1) <= one.month <= case.now.end and one.over]
    gaps: dict[str, Number] = {}
    for one in inside:
        gaps[one.members[name]] = (gaps.get(one.members[name]) or Fraction(0)) + one.actual - one.due
    if text.startswith(("Nothing with a target", "All are exactly")):
        case.claim(not any(gaps.values()), "somebody is off")
        return
    behind, gap, reached, ahead, more, over = taken(
        rf"(?:{NAME} is furthest behind \({A}, {A} of target\))?(?:; )?(?:{NAME} (?:is )?furthest ahead \({A}, {A} of "
        r"target\))?\.", text
    )  # fmt: skip
    for who, said, part, high in ((behind, gap, reached, False), (ahead, more, over, True)):
        if who:
            own = [one for one in inside if one.members[name] == who]
            case.number(said, gaps.get(who), who)
            case.claim(extreme(gaps, who, high=high), f"{who} is no extreme")
            due = _sum(own, "due")
            case.number(part, _sum(own, "actual") / due if due else None, f"{who}'s part")
    known = [value for value in gaps.values() if value is not None]
    case.claim(bool(behind) == (min(known) < 0) and bool(ahead) == (max(known) > 0), "somebody is left out")
