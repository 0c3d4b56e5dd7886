"""Readers of Sales performance: each takes a takeaway apart and holds its names and numbers against the lines."""

from __future__ import annotations

from calendar import day_name
from collections import defaultdict
from datetime import date
from fractions import Fraction

from analytics import dimensions
from analytics.dates import month_text
from analytics.metrics import METRICS
from analytics.periods import Period
from benchmarks.sentences.grammar import NAME, A, Case, extreme, taken
from benchmarks.sentences.twin import RATIOS, SUMS, Number, change, days_of, moved


def trend(case: Case, text: str) -> None:
    """The period's total, its change, and the highest and lowest whole bucket."""
    metric, label = case.view.metric, METRICS[case.view.metric].label
    now = case.twin.value(metric, case.where, case.now)
    if text.startswith("Nothing was sold in "):
        case.claim(not case.twin.kept(case.twin.lines, case.where, case.now), "something was sold")
        return
    if " cannot be told in " in text:
        case.claim(now is None, "it can")
        return
    if case.filters.comparison.refused:
        text = text.replace(f" {case.filters.comparison.refused}", "")
    amount, rest, high, low = taken(
        rf"{label}: {A} in .+? \([\d,]+ days?\)((?:, .+?)?)\.(?: Highest .*?: {NAME}; lowest: {NAME}\.)?", text
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
    up, of, most, by, least, down = taken(
        rf"{A} of {A} whole periods grew\. Most: {NAME} \({A}\); least: {NAME} \({A}\)\.", text
    )
    case.number(of, len(changes), "whole periods")
    case.number(up, sum(1 for one in changes.values() if one is not None and one > 0), "periods that grew")
    for name, said, high in ((most, by, True), (least, down, False)):
        case.number(said, changes.get(name), name)
        case.claim(extreme(changes, name, high=high), f"{name} is no extreme")


def _year_before(day: date) -> date:
    leap = day.month == 2 and day.day == 29
    return day.replace(year=day.year - 1, day=28 if leap else day.day)


def revenue_and_orders(case: Case, text: str) -> None:
    """Orders, their average value, and how both changed."""
    orders = case.twin.value("orders", case.where, case.now)
    if text == "Nothing was ordered in this view.":
        case.claim(not orders, "something was ordered")
        return
    count, noun, aov, more, larger = taken(rf"{A} (orders?) of {A} on average(?:: {A} orders, {A} per order)?\.", text)
    case.number(count, orders, "orders")
    case.claim((noun == "order") == (orders == 1), "number of the noun")
    case.number(aov, case.twin.value("aov", case.where, case.now), "average")
    if more and case.filters.base:
        for said, metric in ((more, "orders"), (larger, "aov")):
            one, other = (case.twin.value(metric, case.where, span) for span in (case.now, case.filters.base))
            case.moved(said, metric, one, other, metric)


def breakdown(case: Case, text: str, name: str) -> None:
    """The leading member and its share, or what the chosen ones come to beside all, and who moved most."""
    metric, label = case.view.metric, case.label()
    plural = dimensions.dimension(name, case.twin.data).plural
    chosen = set(case.filters.members(name))
    free = case.free(dimensions.set_free_by(name))
    spans = [span for span in (case.now, case.filters.base) if span]
    if chosen >= {one for span in spans for one in case.twin.members(metric, name, free, span)}:
        chosen = set()  # There are no others to stand beside them.
    if text.startswith("Without the filter on "):
        text = text.partition(": ")[2]
        case.claim(free != case.free((name,)), "no such filter")
    values = case.twin.members(metric, name, free, case.now)
    main, moves = _moves_apart(text)
    known = {one: value for one, value in values.items() if value is not None}
    if metric not in RATIOS:
        known = known if any(known.values()) else {}
    if main.startswith(("No ", "None of the chosen ")):
        case.claim(not (set(known) & chosen if chosen else known) or (metric not in RATIOS and not any(
            known[one] for one in set(known) & chosen)), f"somebody has {label}")  # fmt: skip
        return
    total = sum(known.values(), Fraction(0))
    if chosen:
        kept = {one: known[one] for one in known if one in chosen}
        who, amount, share, first, most = taken(
            rf"(?:Of the [\d,]+ chosen {plural}, )?{NAME} (?:comes to|leads with) {A}"
            rf"(?:, {A} of the {label} of all {plural})?(?:; of all, {NAME} leads with {A})?\.", main
        )  # fmt: skip
        case.claim(extreme(kept, who, high=True), f"{who} leads nobody")
        case.number(amount, kept.get(who), who)
        if first:
            case.claim(extreme(known, first, high=True), f"{first} does not lead")
            case.number(most, known.get(first), first)
        else:
            case.claim(extreme(known, who, high=True), f"{who} does not lead all")
        if share:
            case.number(share, kept[who] / total, "share")
    elif " is the only one of the " in main:
        who, kind, amount = taken(
            rf"{NAME} is the only one of the {plural} (in this view, with|whose {label} can be told:) {A}\.", main
        )
        case.claim(len(values if kind.startswith("in") else known) == 1, "there are others")
        case.number(amount, values.get(who), who)
    else:
        who, amount, share = taken(rf"{NAME} leads (?:the {plural} )?with {A}(?:, {A} of the {label} shown)?\.", main)
        case.claim(extreme(known, who, high=True), f"{who} does not lead")
        case.number(amount, known.get(who), who)
        if share:
            case.claim(metric in SUMS, "no sum")
            case.number(share, known[who] / total, "share")
    _moved_most(case, moves, name, free, chosen or None)


def _moves_apart(text: str) -> tuple[str, str]:
    at = text.find(" Biggest ")
    return (text, "") if at < 0 else (text[:at], text[at + 1 :])


def _moved_most(case: Case, text: str, name: str, where: object, among: set[str] | None) -> None:
    base = case.filters.base
    if base is None:
        case.claim(not text, "moved against nothing")
        return
    metric = case.view.metric
    values = [case.twin.members(metric, name, where, span) for span in (case.now, base)]  # type: ignore[arg-type]
    by = moved(metric, *values)
    if among is not None:
        by = {one: value for one, value in by.items() if one in among}
    parts = text.rstrip(".").split("; ") if text else []
    for part in parts:
        kind, who, said = taken(rf"[Bb]iggest (rise|fall): {NAME} \({A}\)", part)
        case.number(said, by.get(who), who)
        case.claim(extreme(dict(by), who, high=kind == "rise"), f"{who} did not move most")
        case.claim(by[who] > 0 if kind == "rise" else by[who] < 0, f"{who} moved the other way")
    case.claim(("rise:" in text) == any(value > 0 for value in by.values()), "a rise is missing")
    case.claim(("fall:" in text) == any(value < 0 for value in by.values()), "a fall is missing")


def movers(case: Case, text: str) -> None:
    """How many products rose and fell, and which most."""
    chosen = set(case.filters.members("product"))
    free = case.free(("product",))
    values = [
        case.twin.members(case.view.metric, "product", free, span) for span in (case.now, case.filters.base) if span
    ]
    by = moved(case.view.metric, *values) if len(values) == 2 else {}
    by = {one: value for one, value in by.items() if not chosen or one in chosen}
    main, moves = _moves_apart(text) if not text.startswith("Biggest") else ("", text)
    if main.startswith("Nothing can be compared"):
        case.claim(not by, "something can be compared")
        return
    if main.startswith("No products changed"):
        case.claim(not any(by.values()), "some changed")
        return
    if main:
        of, up, down = taken(rf"Of {A} products {A} rose and {A} fell\.", main)
        case.number(of, len(by), "products")
        case.number(up, sum(value > 0 for value in by.values()), "rises")
        case.number(down, sum(value < 0 for value in by.values()), "falls")
    _moved_most(case, moves, "product", free, chosen or None)


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
    if text.startswith("Highest:"):
        high, most, low, least = taken(rf"Highest: {NAME} \({A}\); lowest: {NAME} \({A}\)\.", text)
        for name, said, is_high in ((high, most, True), (low, least, False)):
            case.number(said, cells.get(name), name)
            case.claim(extreme(cells, name, high=is_high), f"{name} is no extreme")
        return
    weekday, a_day, usual, month, share, high, most = taken(
        rf"{NAME} is the strongest weekday with {A} a day, where any day brings {A}; {NAME} is the strongest month "
        rf"with {A} of the .+? shown\. Highest cell: {NAME} \({A}\)\.", text
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
    case.claim(extreme(dict(each), weekday, high=True), f"{weekday} is not the strongest")
    case.number(a_day, each.get(weekday), weekday)
    case.number(usual, total / len(with_data), "usual day")
    case.claim(extreme(dict(months), month, high=True), f"{month} is not the strongest")
    case.number(share, months[month] / total, month)
    case.number(most, cells.get(high), high)
    case.claim(extreme(cells, high, high=True), f"{high} is no extreme")


def headline(case: Case, text: str, metric: str) -> None:
    """The first sentence of a summary."""
    now = case.twin.value(metric, case.where, case.now)
    base = case.filters.base
    before = case.twin.value(metric, case.where, base) if base else None
    amount, rest = taken(
        rf"{METRICS[metric].label} came to {A} in .+?(, (?:[-+][^ ]+(?: pp)? on|unchanged from) .+)?\.", text
    )
    case.number(amount, now, "headline")
    if rest and not rest.startswith(", unchanged"):
        by, was = taken(rf", {A} on {A} in .+", rest)
        case.moved(by, metric, now, before, "headline's change")
        case.number(was, before, "headline's base")
