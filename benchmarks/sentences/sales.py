"""Readers of Sales performance: each takes a takeaway apart and holds its names and numbers against the lines."""

from __future__ import annotations

import re
from calendar import day_name
from collections import defaultdict
from datetime import date
from fractions import Fraction

from analytics.dates import month_text
from analytics.metrics import METRICS
from analytics.periods import Period
from analytics.sentences import summary
from benchmarks.sentences.grammar import NAME, A, Case, extreme, taken
from benchmarks.sentences.twin import Number, change, days_of

HOW = "((?:grew|fell) (?:most|least)|stood still)"


def trend(case: Case, text: str) -> None:
    """The period's total, its change, and the highest and lowest whole bucket."""
    metric, label = case.view.metric, METRICS[case.view.metric].label
    now = case.twin.value(metric, case.where, case.now)
    if text.startswith("Nothing was sold "):
        case.claim(not case.twin.kept(case.twin.lines, case.where, case.now), "something was sold")
        return
    if " cannot be told " in text:
        case.claim(now is None, "it can")
        return
    if case.filters.comparison.refused:
        text = text.replace(f" {case.filters.comparison.refused}", "")
    amount, rest, high, low = taken(
        rf"{label}: {A} (?:in|on) .+? \([\d,]+ days?\)((?:, .+?)?)\.(?: Highest .*?: {NAME}; lowest: {NAME}\.)?", text
    )
    case.number(amount, now, "total")
    base = case.filters.base
    if base is not None:
        before = case.twin.value(metric, case.where, base)
        if rest.startswith(", with no comparable base"):
            (was,) = taken(rf", with no comparable base in .+? \([\d,]+ days?\)(?: \({A}\))?", rest)
            case.claim(before is None or before <= 0, "there is a base")
            if was:
                case.number(was, before, "base")
        elif rest.startswith(", unchanged from"):
            case.number("0%", change(metric, now, before), "unchanged")
        else:
            (by,) = taken(rf", {A} on .+", rest)
            case.moved(by, metric, now, before, "change")
    values = {
        name: case.twin.value(metric, case.where, days) for name, days in case.buckets(case.now, whole=True).items()
    }
    for part, is_high in ((high, True), (low, False)):
        if part:
            name, said = taken(rf"{NAME} \({A}\)", part)
            case.number(said, values.get(name), f"bucket {name}")
            case.claim(extreme(values, name, high=is_high), f"{name} is no extreme")


def growth(case: Case, text: str) -> None:
    """How many whole buckets grew, and which most and least; read where each meets the same days a year before."""
    if (
        case.filters.comparison.mode != "previous_year"
        or case.filters.base is None
        or case.view.grain in ("week", "day")
    ):
        return
    metric = case.view.metric
    changes: dict[str, Number] = {}
    if text.startswith("No whole ") and text.endswith(" lies in this period."):
        case.claim(not case.buckets(case.now, whole=True), "one does")
        return
    for name, days in case.buckets(case.now, whole=True).items():
        before = Period(_year_before(days.start), _year_before(days.end))
        one, other = (case.twin.value(metric, case.where, span) for span in (days, before))
        if (grown := change(metric, one, other)) is not None:
            changes[name] = grown
    if text.startswith("No whole period"):
        case.claim(not changes, "some can be compared")
        return
    if text.startswith("The only whole"):
        name, by = taken(rf"The only whole period to compare: {NAME} \({A}\)\.", text)
        case.claim(list(changes) == [name], f"{name} is not the only one")
        case.number(by, changes[name], name)
        return
    up, of, rest = taken(rf"{A} of {A} whole periods grew\. (.+)\.", text)
    case.number(of, len(changes), "whole periods")
    case.number(up, sum(1 for one in changes.values() if one is not None and one > 0), "periods that grew")
    if found := re.fullmatch(rf"Each by {A}|The change of each was {A}", rest):
        for name in changes:
            case.number(found[1] or found[2], changes[name], name)
        return
    most, how_most, by, least, how_least, down = taken(rf"{NAME} {HOW} \({A}\); {NAME} {HOW} \({A}\)", rest)
    for name, how, said, high in ((most, how_most, by, True), (least, how_least, down, False)):
        case.number(said, changes.get(name), name)
        case.claim(extreme(changes, name, high=high), f"{name} is no extreme")
        up_or_down = changes[name] or Fraction(0)
        way = "most" if (up_or_down > 0) == high else "least"
        case.claim(how == (f"{'grew' if up_or_down > 0 else 'fell'} {way}") or how == "stood still", f"{name} {how}")


def _year_before(day: date) -> date:
    leap = day.month == 2 and day.day == 29
    return day.replace(year=day.year - 1, day=28 if leap else day.day)


def revenue_and_orders(case: Case, text: str) -> None:
    """Orders, their average value, and how both changed."""
    orders = case.twin.value("orders", case.where, case.now)
    if text == "Nothing was ordered in this view.":
        case.claim(not orders, "something was ordered")
        return
    count, noun, aov, more, larger = taken(
        rf"{A} (orders?) of {A} on average(?:: (?:{A}|as many) orders, (?:{A}|as much) per order)?\.", text
    )
    case.number(count, orders, "orders")
    case.claim((noun == "order") == (orders == 1), "number of the noun")
    case.number(aov, case.twin.value("aov", case.where, case.now), "average")
    if " on average: " in text and case.filters.base:
        for said, metric in ((more, "orders"), (larger, "aov")):
            one, other = (case.twin.value(metric, case.where, span) for span in (case.now, case.filters.base))
            case.moved(said or "0%", metric, one, other, metric)


def heatmap(case: Case, text: str) -> None:
    """The strongest weekday a day, the strongest month, the highest and lowest cell."""
    metric, data = case.view.metric, case.twin.data
    cells: dict[str, Number] = {}
    days: dict[tuple[date, int], list[date]] = defaultdict(list)
    # A long period is shown by its latest 24 months.
    shown = sorted({day.replace(day=1) for day in days_of(case.now)})[-24:]
    for day in days_of(case.now):
        if day >= shown[0]:
            days[day.replace(day=1), day.weekday()].append(day)
    rows = defaultdict(list)
    for row in case.twin.kept(case.twin.lines, case.where, case.now):
        rows[row["day"]].append(row)
    back = defaultdict(list)
    for row in case.twin.kept(case.twin.returns, case.where, case.now):
        back[row["day"]].append(row)
    carried = case.twin._carried(case.where)
    for (first, number), some in days.items():
        inside = [day for key, more in days.items() if key[0] == first for day in more]
        cells[f"{day_name[number]} in {month_text(first)}"] = case.twin.of(
            metric, [row for day in some for row in rows[day]], Period(min(inside), max(inside)),
            [row for day in some for row in back[day]] if carried else None,
        )  # fmt: skip
    if text.startswith("No "):
        case.claim(not any(cells.values()), "there is something")
        return
    if text.startswith("All of it falls on one cell"):
        name, said = taken(rf"All of it falls on one cell: {NAME} \({A}\)\.", text)
        case.number(said, cells.get(name), name)
        return
    if text.startswith("Alike in all"):
        height, said = taken(rf"Alike in all {A} cells: {A}\.", text)
        case.number(height, sum(value is not None for value in cells.values()), "cells")
        for name, value in cells.items():
            if value is not None:
                case.number(said, value, name)
        return
    if text.startswith("Highest:"):
        high, most, low, least = taken(rf"Highest: {NAME} \({A}\); lowest: {NAME} \({A}\)\.", text)
        for name, said, is_high in ((high, most, True), (low, least, False)):
            case.number(said, cells.get(name), name)
            case.claim(extreme(cells, name, high=is_high), f"{name} is no extreme")
        return
    weekday, a_day, usual, month, share, high, most = taken(
        rf"(?:{NAME} is the strongest weekday with {A} a day, where any day brings {A})?(?:; )?(?:{NAME} is the "
        rf"strongest month with {A} of the .+? shown)?\. Highest cell: {NAME} \({A}\)\.", text
    )  # fmt: skip
    with_data = [day for day in days_of(case.now) if max(shown[0], data.first_day) <= day <= data.last_day]
    total = sum((value for value in cells.values() if value), Fraction(0))
    each: dict[str, Number] = {}
    months: dict[str, Fraction] = defaultdict(Fraction)
    for name in day_name:
        count = sum(day_name[day.weekday()] == name for day in with_data)
        if count:
            each[name] = sum((cells[key] or Fraction(0) for key in cells if key.startswith(name)), Fraction(0)) / count
    for key, value in cells.items():
        months[key.partition(" in ")[2]] += value or Fraction(0)
    several = len({day.replace(day=1) for day in with_data}) > 1
    case.claim(bool(weekday) == (len(with_data) > 1) and bool(month) == several, "one of one is the strongest")
    if weekday:
        case.claim(extreme(dict(each), weekday, high=True), f"{weekday} is not the strongest")
        case.number(a_day, each.get(weekday), weekday)
        case.number(usual, total / len(with_data), "usual day")
    if month:
        case.claim(extreme(dict(months), month, high=True), f"{month} is not the strongest")
        case.number(share, months[month] / total, month)
    case.number(most, cells.get(high), high)
    case.claim(extreme(cells, high, high=True), f"{high} is no extreme")


def headline(case: Case, text: str, metric: str) -> None:
    """The first sentence of a summary."""
    now = case.twin.value(metric, case.where, case.now)
    base = case.filters.base
    before = case.twin.value(metric, case.where, base) if base else None
    if text == summary.NO_CUSTOMERS:
        case.claim(metric == "customers" and not now and not before, "somebody bought")
        return
    amount, rest = taken(
        rf"{METRICS[metric].label} came to {A} (?:in|on) .+?(, (?:[-+][^ ]+(?: pp)? on|unchanged from) .+)?\.", text
    )
    case.number(amount, now, "headline")
    if rest and not rest.startswith(", unchanged"):
        by, was = taken(rf", {A} on {A} (?:in|on) .+", rest)
        case.moved(by, metric, now, before, "headline's change")
        case.number(was, before, "headline's base")
