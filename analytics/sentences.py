"""Sentences: the takeaway under each chart's title, composed by rules from the chart's own rows.

Each function gives plain text, members' names as the data has them: whoever shows it in Markdown passes the whole of it
through `formats.plain`. A share is only stated for metrics that add up (kind `sum`), of rows none of which is negative.
Frames carry measures (see METRICS) and the same ending in `_base`, or `value` and `value_base` worked out already.
"""

from __future__ import annotations

from calendar import day_name
from collections.abc import Mapping
from typing import Final

import polars as pl

from analytics import formats
from analytics.dataset import MONEY_SCALE, NOT_RECORDED
from analytics.filters import Filters
from analytics.metrics import METRICS, Metric, headline, headlines, value
from analytics.periods import GRAINS

NO_CUSTOMER_RECORDED: Final = "No customer recorded"
FEW_CUSTOMERS: Final = 30
"""Groups with fewer customers are not compared with one another: their ratios are mostly chance."""


def trend(totals: pl.DataFrame, buckets: pl.DataFrame, metric: str, currency: str, filters: Filters, grain: str) -> str:
    """The period's total against its base, then the highest and lowest whole bucket.

    `totals` has one row; `buckets` one row per bucket with the columns of `periods.buckets`.
    """
    row = METRICS[metric]
    period = filters.period.describe_days()
    now, before, moved = headline(totals, metric)
    if now is None or (now == 0 and totals["lines"].sum() == 0):
        return f"Nothing was sold in {period}, so there is no {row.label.lower()} to show."
    sentence = f"{row.label}: {formats.text(now, row.unit, currency)} in {period}"
    if filters.base:
        base = filters.base.describe_days()
        if moved is None:
            shown = "" if before is None else f" ({formats.text(before, row.unit, currency)})"
            sentence += f", with no comparable base in {base}{shown}"
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
    whole = _pairs(buckets, metric, "label", "whole").filter("whole").drop_nulls("value")
    if whole.height < 2 or whole["value"].n_unique() < 2:
        return ""
    high, low = whole.row(whole["value"].arg_max(), named=True), whole.row(whole["value"].arg_min(), named=True)
    kind = GRAINS[grain].lower() if buckets["whole"].all() else f"whole {GRAINS[grain].lower()}"
    return (
        f" Highest {kind}: {high['label']} ({formats.text(high['value'], unit, currency)});"
        f" lowest: {low['label']} ({formats.text(low['value'], unit, currency)})."
    )


def growth(rows: pl.DataFrame, metric: str) -> str:
    """How many whole buckets grew, and which grew most and least.

    One row per bucket: label, change (null where there is no base or the bucket is cut).
    """
    row = METRICS[metric]
    known = rows.drop_nulls("change")
    if known.is_empty():
        return f"No whole period has a comparable base for {row.label.lower()}."
    high, low = known.row(known["change"].arg_max(), named=True), known.row(known["change"].arg_min(), named=True)
    most = f"{high['label']} ({formats.change_text(high['change'], row.unit)})"
    least = f"{low['label']} ({formats.change_text(low['change'], row.unit)})"
    if known.height < 2:
        return f"The only whole period to compare: {most}."
    up = known.filter(pl.col("change") > 0).height
    return f"{up:,} of {known.height:,} whole periods grew. Most: {most}; least: {least}."


def volume_and_value(totals: pl.DataFrame, currency: str) -> str:
    """Whether revenue moved by the number of orders or by their value. `totals` has one row of measures."""
    (orders, _, more), (aov, _, larger) = headlines(totals, ("orders", "aov")).values()
    if not orders:
        return "Nothing was ordered in this view."
    said = f"{formats.text(orders, 'count')} orders of {formats.text(aov, 'money', currency)} on average"
    if more is None or larger is None:
        return f"{said}."
    return f"{said}: {formats.change_text(more, 'count')} orders, {formats.change_text(larger, 'money')} per order."


def reach_and_value(totals: pl.DataFrame, currency: str) -> str:
    """How many customers bought and what each brought, against the base. `totals` has one row of measures."""
    (buyers, _, more), (each, _, larger) = headlines(totals, ("customers", "revenue_per_customer")).values()
    if not buyers:
        return "No known customers bought in this view."
    said = f"{formats.text(buyers, 'count')} customers brought {formats.text(each, 'money', currency)} each"
    if more is None or larger is None:
        return f"{said}."
    grown = formats.change_text(more, "count")
    return f"{said}: {grown} customers, {formats.change_text(larger, 'money')} per customer."


def behaviour(cells: pl.DataFrame, metric: str, currency: str) -> str:
    """The places with the highest and the lowest figure in the latest whole bucket.

    One row per place and bucket: place, start, label, whole, measures. A bucket alone speaks, because sums over buckets
    would count a customer once in each; places with few customers in it are left out.
    """
    row = METRICS[metric]
    whole = cells.filter("whole")
    if whole.is_empty():
        return "No whole period to compare places by."
    latest = whole.filter(pl.col("start") == whole["start"].max())
    enough = latest.filter(pl.col("customers") >= FEW_CUSTOMERS)
    known = (
        _pairs(enough, metric, "place", "label").drop_nulls("value").sort("value", "place", descending=[True, False])
    )
    if known.height < 2:
        return f"Fewer than two places have {FEW_CUSTOMERS} customers or more in {latest['label'][0]}."
    high, low = known.row(0, named=True), known.row(-1, named=True)
    return (
        f"In {high['label']}, {row.label.lower()} was highest in {high['place']} "
        f"({formats.text(high['value'], row.unit, currency)}) and lowest in {low['place']} "
        f"({formats.text(low['value'], row.unit, currency)}), of the places with {FEW_CUSTOMERS} customers or more."
    )


def breakdown(table: pl.DataFrame, metric: str, currency: str, plural: str, *, member: str = "member") -> str:
    """The leading member with its share, then the biggest rise and fall against the base.

    One row per member, all of them; `member` is the column of their names and `plural` what they are called.
    """
    row = METRICS[metric]
    rows = _members(table, metric, member)
    shown = [(name, now) for name, now, _ in rows if now is not None]
    if not shown or (row.kind != "ratio" and not any(now for _, now in shown)):
        return f"No {plural} have {row.label.lower()} in this view."
    first, most = min(shown, key=lambda one: (-one[1], one[0]))
    amount = formats.text(most, row.unit, currency)
    share = _share([now for _, now in shown], row)
    if len(shown) == 1:
        sentence = f"{first} is the only one of the {plural} in this view, with {amount}."
    elif share is not None:
        sentence = f"{first} leads with {amount}, {formats.text(share, 'share')} of the {row.label.lower()} shown."
    else:
        sentence = f"{first} leads the {plural} with {amount}."
    return sentence + _moves(_differences(rows, row), row, currency)


def movers(table: pl.DataFrame, metric: str, currency: str, plural: str, *, member: str = "member") -> str:
    """How many members rose and fell against the base, and which most. One row per member, all of them."""
    row = METRICS[metric]
    moved = _differences(_members(table, metric, member), row)
    if not moved:
        return f"Nothing can be compared: no {plural} have a base for {row.label.lower()}."
    up, down = sum(by > 0 for _, by in moved), sum(by < 0 for _, by in moved)
    if up == down == 0:
        return f"No {plural} changed."
    said = _moves(moved, row, currency)
    return said.strip() if len(moved) == 1 else f"Of {len(moved):,} {plural} {up:,} rose and {down:,} fell." + said


def heatmap(table: pl.DataFrame, metric: str, currency: str) -> str:
    """The strongest weekday and month of what adds up, else the highest and lowest cell.

    One row per month and weekday: month (Date, its first day), weekday (0 = Monday), value or measures.
    """
    row = METRICS[metric]
    cells = _pairs(table, metric, "weekday", "month").drop_nulls("value")
    if cells.is_empty() or not (cells["value"] != 0).any():
        return f"No {row.label.lower()} in this view to spread over weekdays and months."
    ordered = cells.sort("value", "month", "weekday", descending=[True, False, False])
    high = _cell(ordered.row(0, named=True), row, currency)
    if cells.height == 1:
        return f"All of it falls on one cell: {high}."
    total = cells["value"].sum()
    if row.kind != "sum" or total <= 0 or (cells["value"] < 0).any():
        return f"Highest: {high}; lowest: {_cell(ordered.row(-1, named=True), row, currency)}."
    days, months = (
        cells.group_by(name).agg(pl.col("value").sum()).sort("value", name, descending=[True, False]).row(0, named=True)
        for name in ("weekday", "month")
    )
    by_day, by_month = (formats.text(best["value"] / total, "share") for best in (days, months))
    return (
        f"{day_name[days['weekday']]} is the strongest weekday with {by_day} of the {row.label.lower()} shown, "
        f"{months['month']:%b %Y} the strongest month with {by_month}. Highest cell: {high}."
    )


def ranking(table: pl.DataFrame, metric: str, currency: str, *, first: int = 10) -> str:
    """The first customer, and what share the first ten hold of the known customers' total.

    One row per customer, best first: name, customer_id, the metric's measures, share and cumulative_share.
    """
    row = METRICS[metric]
    if table.is_empty():
        return "No known customers bought in this view."
    top = table.head(1).with_columns(value(metric).alias("value")).row(0, named=True)
    name = top["name"] or top["customer_id"]
    sentence = f"{name} leads with {formats.text(top['value'], row.unit, currency)}"
    if row.kind != "sum" or top["share"] is None:
        return f"{sentence} {row.label.lower()}." if row.unit == "count" else f"{sentence}."
    sentence += f", {formats.text(top['share'], 'share')} of known customers' {row.label.lower()}"
    together = min(first, table.height)
    if together == 1:
        return f"{sentence}."
    return f"{sentence}; the first {together} hold {formats.text(table['cumulative_share'][together - 1], 'share')}."


def new_and_returning(buckets: pl.DataFrame, currency: str, grain: str) -> str:
    """What customers brought in the bucket of their first purchase, what those who came back brought, and the rest.

    One row per bucket: new_revenue, returning_revenue, unrecorded_revenue (ten-thousandths).
    """
    kinds = ("new_revenue", "returning_revenue", "unrecorded_revenue")
    new, returning, unrecorded = (int(buckets[name].sum() or 0) / MONEY_SCALE for name in kinds)
    total = new + returning + unrecorded
    if not (new or returning or unrecorded):
        return "Nothing was sold in this view."
    if not (new or returning):
        return "No customers are recorded on the sales in this view."

    def part(amount: float) -> str:
        share = f" ({formats.text(amount / total, 'share')})" if min(new, returning, unrecorded) >= 0 else ""
        return formats.text(amount, "money", currency) + share

    sentence = f"{GRAINS[grain]} by {GRAINS[grain].lower()}, new customers brought {part(new)} and returning ones "
    sentence += part(returning)
    return sentence + (f"; {part(unrecorded)} has no customer recorded." if unrecorded else ".")


def segments(table: pl.DataFrame, metric: str, currency: str, labels: Mapping[str, str], *, most: int = 3) -> str:
    """The largest group of the first attributes, or for ratios the attribute whose groups lie furthest apart.

    One row per customer attribute and group: segment, member, then measures. `labels` names the attributes. What is not
    recorded is no group.
    """
    row = METRICS[metric]
    rows = _pairs(table, metric, "member", "segment", *(["customers"] if "customers" in table.columns else []))
    rows = rows.drop_nulls("value")
    known = rows.filter(~pl.col("member").is_in([NOT_RECORDED, NO_CUSTOMER_RECORDED]))
    attributes = known["segment"].unique(maintain_order=True).to_list()
    if not attributes:
        return "No customer attributes are recorded in this view."
    if row.kind != "ratio":
        shown = [_largest(rows, known, name, row, currency, labels) for name in attributes[:most]]
        return f"Largest by {row.label.lower()}: {'; '.join(shown)}."
    if "customers" in known.columns:
        known = known.filter(pl.col("customers") >= FEW_CUSTOMERS)
    spread = (
        known.filter(pl.col("value") > 0)
        .group_by("segment", maintain_order=True)
        .agg((pl.col("value").max() / pl.col("value").min()).alias("times"), pl.len().alias("groups"))
        .filter((pl.col("groups") > 1) & (pl.col("times") > 1))
        .sort("times", descending=True, maintain_order=True)
    )
    if spread.is_empty():
        return f"No attribute tells groups of {FEW_CUSTOMERS} or more customers apart by {row.label.lower()}."
    name = spread["segment"][0]
    groups = known.filter((pl.col("segment") == name) & (pl.col("value") > 0)).sort("value", "member")
    low, high = groups.row(0, named=True), groups.row(-1, named=True)
    return (
        f"{row.label} differs most by {labels.get(name, name)}: {high['member']} "
        f"{formats.text(high['value'], row.unit, currency)}, {low['member']} "
        f"{formats.text(low['value'], row.unit, currency)}."
    )


def _largest(
    rows: pl.DataFrame, known: pl.DataFrame, name: str, row: Metric, currency: str, labels: Mapping[str, str]
) -> str:
    groups = known.filter(pl.col("segment") == name).sort("value", "member", descending=[True, False])
    top = groups.row(0, named=True)
    whole = rows.filter(pl.col("segment") == name)["value"]
    adds_up = row.kind == "sum" and whole.sum() > 0 and not (whole < 0).any()
    share = f", {formats.text(top['value'] / whole.sum(), 'share')}" if adds_up else ""
    return f"{labels.get(name, name)} {top['member']} ({formats.text(top['value'], row.unit, currency)}{share})"


def _pairs(table: pl.DataFrame, metric: str, *kept: str) -> pl.DataFrame:
    """The kept columns, `value` and `value_base` of a metric; Enum columns as text."""
    if "value" in table.columns:
        now = pl.col("value").cast(pl.Float64)
        base = pl.col("value_base") if "value_base" in table.columns else pl.lit(None)
    else:
        now = value(metric)
        compared = all(f"{name}_base" in table.columns for name in METRICS[metric].measures)
        base = value(metric, "_base") if compared else pl.lit(None)
    columns = [pl.col(n).cast(pl.String) if table.schema[n] in (pl.Enum, pl.Categorical) else pl.col(n) for n in kept]
    return table.select(*columns, now.alias("value"), base.cast(pl.Float64).alias("value_base"))


def _members(table: pl.DataFrame, metric: str, member: str) -> list[tuple[str, float | None, float | None]]:
    """Each member with its value and base."""
    shown = table if {"value", "value_base"} <= set(table.columns) else _pairs(table, metric, member)
    return list(zip(shown[member], shown["value"], shown["value_base"], strict=True))


def _share(values: list[float], row: Metric) -> float | None:
    """The largest value's part of all, None where parts do not add up to a whole."""
    total = sum(values)
    return max(values) / total if row.kind == "sum" and total > 0 and min(values) >= 0 else None


def _differences(rows: list[tuple[str, float | None, float | None]], row: Metric) -> list[tuple[str, float]]:
    """Members with a base, and value less base. A sum or count that is gone is 0 now, a ratio is unknown."""
    gone = None if row.kind == "ratio" else 0.0
    known = [(name, gone if now is None else now, base) for name, now, base in rows]
    return [(name, now - base) for name, now, base in known if now is not None and base is not None]


def _moves(moved: list[tuple[str, float]], row: Metric, currency: str) -> str:
    ordered = sorted(moved, key=lambda one: (-one[1], one[0]))
    parts = [
        f"biggest {word}: {name} ({formats.signed_text(by, row.unit, currency)})"
        for word, sign, ends in (("rise", 1, ordered[:1]), ("fall", -1, ordered[-1:]))
        for name, by in ends
        if by * sign > 0
    ]
    joined = "; ".join(parts)
    return f" {joined[0].upper()}{joined[1:]}." if joined else ""


def _cell(cell: dict[str, object], row: Metric, currency: str) -> str:
    amount = formats.text(cell["value"], row.unit, currency)  # type: ignore[arg-type]
    return f"{day_name[int(cell['weekday'])]} in {cell['month']:%b %Y} ({amount})"  # type: ignore[call-overload]
