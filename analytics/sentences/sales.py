"""Takeaways of Sales performance, composed by rules from the charts' own rows: plain text, names as in the data."""

from __future__ import annotations

from calendar import day_name
from collections.abc import Sequence
from typing import Final

import polars as pl

from analytics import formats
from analytics.dates import month_text
from analytics.evaluation import headline, headlines
from analytics.filters import Filters
from analytics.formats import count_of
from analytics.grains import GRAINS
from analytics.metrics import METRICS, Metric
from analytics.periods import Period
from analytics.sentences.words import differences, highest, lowest, more, moves, pairs, share_of, without_filters

FEW_A_DAY: Final = 10
"""Things a day on average below which the average has decimals: 0.4 a day are not none."""


def trend(totals: pl.DataFrame, buckets: pl.DataFrame, metric: str, currency: str, filters: Filters, grain: str) -> str:
    """The period's total against its base, then the highest and lowest whole bucket.

    `totals` has one row; `buckets` one row per bucket with the columns of `periods.buckets`.
    """
    row = METRICS[metric]
    period = f"{filters.period.when()} ({count_of(filters.period.days, 'day')})"
    now, before, moved = headline(totals, metric)
    if not totals["lines"].sum() and not now:
        return f"Nothing was sold {period}, so there is no {row.label.lower()} to show."
    if now is None:
        return f"{row.label} cannot be told {period}: the data do not say what it takes under these filters."
    sentence = f"{row.label}: {formats.text(now, row.unit, currency)} {period}"
    if filters.base:
        base = filters.base.describe_days()
        if moved is None:
            text = "" if before is None else f" ({formats.text(before, row.unit, currency)})"
            sentence += f", with no comparable base in {base}{text}"
        elif formats.change_text(moved, row.unit)[0] in "+-":
            sentence += f", {formats.change_text(moved, row.unit)} on {base}"
        else:
            sentence += f", unchanged from {base}"
    sentence += "."
    if filters.comparison.refused:
        sentence += f" {filters.comparison.refused}"
    return sentence + _extremes(buckets, metric, currency, grain)


def _extremes(buckets: pl.DataFrame, metric: str, currency: str, grain: str) -> str:
    unit = METRICS[metric].unit
    whole = pairs(buckets, metric, "label", "whole").filter("whole").drop_nulls("value")
    if whole.height < 2 or whole["value"].n_unique() < 2:
        return ""
    high, low = whole.row(whole["value"].arg_max(), named=True), whole.row(whole["value"].arg_min(), named=True)
    kind = GRAINS[grain].label.lower() if buckets["whole"].all() else f"whole {GRAINS[grain].label.lower()}"
    return (
        f" Highest {kind}: {high['label']} ({formats.text(high['value'], unit, currency)});"
        f" lowest: {low['label']} ({formats.text(low['value'], unit, currency)})."
    )


def growth(rows: pl.DataFrame, metric: str, grain: str) -> str:
    """How many whole buckets grew, and which grew most and least.

    One row per bucket: label, whole, change (null where there is no base or the bucket is cut).
    """
    row = METRICS[metric]
    known = rows.drop_nulls("change")
    if not rows["whole"].any():
        return f"No whole {GRAINS[grain].label.lower()} lies in this period."
    if known.is_empty():
        return f"No whole period has a comparable base for {row.label.lower()}."
    high, low = known.row(known["change"].arg_max(), named=True), known.row(known["change"].arg_min(), named=True)
    by, least = (formats.change_text(one["change"], row.unit) for one in (high, low))
    if known.height < 2:
        return f"The only whole period to compare: {high['label']} ({by})."
    up = known.filter(pl.col("change") > 0).height
    sentence = f"{up:,} of {known.height:,} whole periods grew."
    if by == least:
        return f"{sentence} Each by {by}." if up else f"{sentence} The change of each was {by}."
    ends = (f"{highest(high['change'], unit=row.unit)}", f"{lowest(low['change'], unit=row.unit)}")
    return f"{sentence} {high['label']} {ends[0]}; {low['label']} {ends[1]}."


def volume_and_value(totals: pl.DataFrame, currency: str) -> str:
    """Whether revenue moved by the number of orders or by their value. `totals` has one row of measures."""
    (orders, _, many), (aov, _, much) = headlines(totals, ("orders", "aov")).values()
    if not orders:
        return "Nothing was ordered in this view."
    sentence = f"{count_of(int(orders), 'order')} of {formats.text(aov, 'money', currency)} on average"
    if many is None or much is None:
        return f"{sentence}."
    return f"{sentence}: {more(many, 'count', 'orders', 'many')}, {more(much, 'money', 'per order', 'much')}."


def breakdown(
    table: pl.DataFrame,
    metric: str,
    currency: str,
    plural: str,
    *,
    member: str = "member",
    let_go: Sequence[str] = (),
) -> str:
    """The leading member with its share, then the biggest rise and fall against the base.

    One row per member, all of them; `member` is the column of their names and `plural` what they are called. Where a
    filter keeps some of them, marked as `selected`, those speak first: the others are only drawn beside them. `let_go`
    names finer dimensions whose filters are not applied to such a table.
    """
    row = METRICS[metric]
    rows = _members(table, metric, member)
    if "selected" in table.columns and not table["selected"].all():
        chosen = [name for name, keeps in zip(table[member], table["selected"], strict=True) if keeps]
        sentence = _chosen(rows, chosen, row, currency, plural)
    else:
        sentence = _leading(rows, row, currency, plural) + moves(differences(rows, row), row, currency)
    return without_filters(let_go, sentence)


def _chosen(
    rows: list[tuple[str, float | None, float | None]], chosen: Sequence[str], row: Metric, currency: str, plural: str
) -> str:
    """What the members that a filter keeps come to, beside all others."""
    visible = {name: now for name, now, _ in rows if now is not None}
    kept = [name for name in chosen if visible.get(name) is not None]
    label = row.label.lower()
    if not kept or (row.kind != "ratio" and not any(visible[name] for name in kept)):
        return f"None of the chosen {plural} have {label} in this view."
    first, most = min(visible.items(), key=lambda item: (-item[1], item[0]))
    own = max(kept, key=lambda name: (visible[name], name))
    amount = visible[own]
    who = own if len(kept) == 1 else f"Of the {len(kept):,} chosen {plural}, {own} leads"
    total = sum(visible.values())
    share = ""
    if row.kind == "sum" and total > 0 and min(visible.values()) >= 0:
        share = f", {formats.text(amount / total, 'share')} of the {label} of all {plural}"
    verb = " comes to" if len(kept) == 1 else " with"
    sentence = f"{who}{verb} {formats.text(amount, row.unit, currency)}{share}"
    if most > amount:
        sentence += f"; of all, {first} leads with {formats.text(most, row.unit, currency)}"
    picked = set(kept)
    return f"{sentence}." + moves(differences([one for one in rows if one[0] in picked], row), row, currency)


def _leading(rows: list[tuple[str, float | None, float | None]], row: Metric, currency: str, plural: str) -> str:
    visible = [(name, now) for name, now, _ in rows if now is not None]
    label = row.label.lower()
    if not visible and row.kind == "ratio":
        return f"{row.label} cannot be told of any of the {plural} in this view."
    if not visible or (row.kind != "ratio" and not any(now for _, now in visible)):
        return f"No {plural} have {label} in this view."
    first, most = min(visible, key=lambda item: (-item[1], item[0]))
    amount = formats.text(most, row.unit, currency)
    if len(rows) == 1:
        return f"{first} is the only one of the {plural} in this view, with {amount}."
    if len(visible) == 1:
        return f"{first} is the only one of the {plural} whose {label} can be told: {amount}."
    if most < 0:
        return f"The {label} of all {plural} is below 0, nearest to it that of {first} with {amount}."
    share = share_of([now for _, now in visible], row)
    if share == 1:
        return f"{first} has all of the {label} shown: {amount}."
    level = sum(now == most for _, now in visible)
    if level == len(visible):
        return f"All {level:,} {plural} are level with {amount}."
    tie = f", level with {count_of(level - 1, 'other')}" if level > 1 else ""
    if share is not None:
        return f"{first} leads with {amount}{tie}, {formats.text(share, 'share')} of the {label} shown."
    return f"{first} leads the {plural} with {amount}{tie}."


def movers(table: pl.DataFrame, metric: str, currency: str, plural: str, *, member: str = "member") -> str:
    """How many members rose and fell against the base, and which most. One row per member, all of them; of those
    marked as `selected`, where a filter keeps some."""
    row = METRICS[metric]
    if "selected" in table.columns:
        table = table.filter("selected")
    moved = differences(_members(table, metric, member), row)
    if not moved:
        return f"Nothing can be compared: no {plural} have a base for {row.label.lower()}."
    up, down = sum(by > 0 for _, by in moved), sum(by < 0 for _, by in moved)
    if up == down == 0:
        return f"No {plural} changed."
    if len(moved) == 1:
        ((name, by),) = moved
        return f"{name} moved by {formats.signed_text(by, row.unit, currency)}."
    return f"Of {len(moved):,} {plural} {up:,} rose and {down:,} fell." + moves(moved, row, currency)


def heatmap(table: pl.DataFrame, metric: str, currency: str, period: Period) -> str:
    """The weekday that brings most a day and the month that brings most of what adds up, else the highest and lowest
    cell. A period seldom holds as many of each weekday, so their sums are not compared.

    One row per month and weekday: month (Date, its first day), weekday (0 = Monday), value or measures.
    """
    row = METRICS[metric]
    cells = pairs(table, metric, "weekday", "month").drop_nulls("value")
    if cells.is_empty() or not (cells["value"] != 0).any():
        return f"No {row.label.lower()} in this view to spread over weekdays and months."
    ordered = cells.sort("value", "month", "weekday", descending=[True, False, False])
    high = _cell(ordered.row(0, named=True), row, currency)
    if cells.height == 1:
        return f"All of it falls on one cell: {high}."
    total = cells["value"].sum()
    amounts = {formats.text(amount, row.unit, currency) for amount in cells["value"]}
    if len(amounts) == 1:
        return f"Alike in all {cells.height:,} cells: {amounts.pop()}."
    if row.kind != "sum" or total <= 0 or (cells["value"] < 0).any():
        return f"Highest: {high}; lowest: {_cell(ordered.row(-1, named=True), row, currency)}."
    ordered = cells.sort("month", "weekday")
    days, months = (
        ordered.group_by(name, maintain_order=True).agg(pl.col("value").sum()) for name in ("weekday", "month")
    )
    days = days.with_columns(pl.col("value") / pl.Series([_times(period, weekday) for weekday in days["weekday"]]))
    day, month = (
        table.sort("value", table.columns[0], descending=[True, False]).row(0, named=True) for table in (days, months)
    )
    unit = formats.estimate(row.unit, [float(total)])
    if unit == "count" and float(total) / period.days < FEW_A_DAY:
        unit = "number"
    a_day = formats.text(day["value"], unit, currency)
    usual = formats.text(float(total) / period.days, unit, currency)
    by_day = f"{day_name[day['weekday']]} is the strongest weekday with {a_day} a day, where any day brings {usual}"
    by_month = (
        f"{month_text(month['month'])} is the strongest month with {formats.text(month['value'] / total, 'share')} of "
        f"the {row.label.lower()} shown"
    )
    # One of something is the strongest of nothing.
    several = period.days > 1, (period.start.year, period.start.month) != (period.end.year, period.end.month)
    told = [text for text, more in zip((by_day, by_month), several, strict=True) if more]
    return f"{'; '.join(told)}. Highest cell: {high}." if told else f"All of it falls on one cell: {high}."


def _times(period: Period, weekday: int) -> int:
    """How often a weekday (0 = Monday) comes in a period, where it has one at all."""
    first = (weekday - period.start.weekday()) % 7
    return max(1, (period.days - first + 6) // 7)


def _members(table: pl.DataFrame, metric: str, member: str) -> list[tuple[str, float | None, float | None]]:
    """Each member with its value and base."""
    visible = table if {"value", "value_base"} <= set(table.columns) else pairs(table, metric, member)
    return list(zip(visible[member], visible["value"], visible["value_base"], strict=True))


def _cell(cell: dict[str, object], row: Metric, currency: str) -> str:
    amount = formats.text(cell["value"], row.unit, currency)  # type: ignore[arg-type]
    return f"{day_name[int(cell['weekday'])]} in {month_text(cell['month'])} ({amount})"  # type: ignore[call-overload, arg-type]
