"""Takeaways of Customer insights."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

import polars as pl

from analytics import formats
from analytics.dataset import MONEY_SCALE, NOT_RECORDED
from analytics.evaluation import headlines, value
from analytics.formats import count_of, numbered
from analytics.grains import GRAINS
from analytics.metrics import METRICS, Metric
from analytics.sentences.words import more, pairs

NO_CUSTOMER_RECORDED: Final = "No customer recorded"
FEW_CUSTOMERS: Final = 30
"""Groups with fewer customers are not compared with one another: their ratios are mostly chance."""


def reach_and_value(totals: pl.DataFrame, currency: str) -> str:
    """How many customers bought and what each brought, against the base. `totals` has one row of measures."""
    (buyers, _, many), (each, _, much) = headlines(totals, ("customers", "revenue_per_customer")).values()
    if not buyers:
        return "No known customers bought in this view."
    apiece = " each" if buyers > 1 else ""
    sentence = f"{count_of(int(buyers), 'customer')} brought {formats.text(each, 'money', currency)}{apiece}"
    if many is None or much is None:
        return f"{sentence}."
    return f"{sentence}: {more(many, 'count', 'customers', 'many')}, {more(much, 'money', 'per customer', 'much')}."


def behaviour(cells: pl.DataFrame, metric: str, currency: str) -> str:
    """The places with the highest and the lowest figure in the latest whole bucket.

    One row per place and bucket: place, start, label, whole, measures. A bucket alone speaks, because sums over buckets
    would count a customer once in each; places with few customers in it are left out.
    """
    row = METRICS[metric]
    whole = cells.filter("whole", pl.col("customers") > 0)
    if whole.is_empty():
        return "No whole period to compare places by."
    latest = whole.filter(pl.col("start") == whole["start"].max())
    enough = latest.filter(pl.col("customers") >= FEW_CUSTOMERS)
    known = pairs(enough, metric, "place", "label").drop_nulls("value").sort("value", "place", descending=[True, False])
    if known.height < 2:
        return f"Fewer than two places have {FEW_CUSTOMERS} customers or more in {latest['label'][0]}."
    high, low = known.row(0, named=True), known.row(-1, named=True)
    return (
        f"{row.label} in {high['label']}: highest in {high['place']} "
        f"({formats.text(high['value'], row.unit, currency)}), lowest in {low['place']} "
        f"({formats.text(low['value'], row.unit, currency)}), of the places with {FEW_CUSTOMERS} customers or more."
    )


def ranking(table: pl.DataFrame, metric: str, currency: str, *, first: int = 10) -> str:
    """The first customer, and what share the first ten hold of the known customers' total.

    One row per customer, best first: name, customer_id, the metric's measures, share and cumulative_share.
    """
    row = METRICS[metric]
    if table.is_empty():
        return "No known customers bought in this view."
    top = table.head(1).with_columns(value(metric).alias("value")).row(0, named=True)
    name, amount = top["name"] or top["customer_id"], formats.text(top["value"], row.unit, currency)
    if top["value"] <= 0:
        return f"No known customer has {row.label.lower()} above 0 in this view."
    if table.height == 1:
        noun = "" if row.unit == "money" else f" {_counted(row, top['value'])}"
        return f"{name} is the only known customer in this view, with {amount}{noun}."
    sentence = f"{name} leads with {amount}"
    if row.unit != "money" and (row.kind != "sum" or top["share"] is None):
        return f"{sentence} {_counted(row, top['value'])}."
    if top["share"] is None:
        return f"{sentence}."
    sentence += f", {formats.text(top['share'], 'share')} of known customers' {row.label.lower()}"
    together = min(first, table.height)
    if together == 1:
        return f"{sentence}."
    return f"{sentence}; the first {together} hold {formats.text(table['cumulative_share'][together - 1], 'share')}."


def _counted(row: Metric, count: float) -> str:
    """What a metric counts, of so many: `order`, `products sold`."""
    first, *rest = row.label.lower().split()
    return " ".join([numbered(count, first.removesuffix("s"), first), *rest])


def new_and_returning(buckets: pl.DataFrame, currency: str, grain: str) -> str:
    """What customers brought in the bucket of their first purchase, what those who came back brought, and the rest.

    One row per bucket: new_revenue, returning_revenue, unrecorded_revenue (ten-thousandths).
    """
    kinds = ("new_revenue", "returning_revenue", "unrecorded_revenue")
    new, returning, unrecorded = (int(buckets[name].sum() or 0) / MONEY_SCALE for name in kinds)
    total = new + returning + unrecorded
    if not (new or returning or unrecorded):
        return "Nothing was sold in this view." if not buckets["lines"].sum() else "There is no revenue in this view."
    if not (new or returning):
        return "No revenue in this view has a customer recorded."

    def part(amount: float) -> str:
        share = f" ({formats.text(amount / total, 'share')})" if min(new, returning, unrecorded) >= 0 else ""
        return formats.text(amount, "money", currency) + share

    sentence = (
        f"{GRAINS[grain].label} by {GRAINS[grain].label.lower()}, new customers brought {part(new)} and returning ones "
    )
    sentence += part(returning)
    return sentence + (f"; {part(unrecorded)} has no customer recorded." if unrecorded else ".")


def segments(
    table: pl.DataFrame,
    metric: str,
    currency: str,
    labels: Mapping[str, str],
    *,
    apart: Collection[str] | None = None,
    most: int = 3,
) -> str:
    """The largest group of the first attributes; for ratios, of the attributes whose groups differ beyond chance
    (`apart`, see `attributes.apart`; None where that cannot be tested), the one whose groups lie furthest apart.

    One row per customer attribute and group: segment, member, then measures. `labels` names the attributes. What is not
    recorded is no group.
    """
    row = METRICS[metric]
    rows = pairs(table, metric, "member", "segment", *(["customers"] if "customers" in table.columns else []))
    rows = rows.drop_nulls("value")
    known = rows.filter(~pl.col("member").is_in([NOT_RECORDED, NO_CUSTOMER_RECORDED]))
    attributes = known["segment"].unique(maintain_order=True).to_list()
    if not attributes:
        return "No customer attributes are recorded in this view."
    if row.kind != "ratio":
        best = known.group_by("segment", maintain_order=True).agg(pl.col("value").max()).filter(pl.col("value") > 0)
        attributes = best["segment"].to_list()
        if not attributes:
            return f"No group of customers has {row.label.lower()} above 0 in this view."
        visible = [_largest(rows, known, name, row, currency, labels) for name in attributes[:most]]
        return f"Largest by {row.label.lower()}: {'; '.join(visible)}."
    if apart is None:
        return f"{row.label} of each group; whether groups differ by more than chance cannot be tested here."
    if "customers" in known.columns:
        known = known.filter(pl.col("customers") >= FEW_CUSTOMERS)
    spread = (
        known.filter((pl.col("value") > 0) & pl.col("segment").is_in(list(apart)))
        .group_by("segment", maintain_order=True)
        .agg((pl.col("value").max() / pl.col("value").min()).alias("times"), pl.len().alias("groups"))
        .filter((pl.col("groups") > 1) & (pl.col("times") > 1))
        .sort("times", descending=True, maintain_order=True)
    )
    if spread.is_empty():
        return (
            f"No attribute has groups of {FEW_CUSTOMERS} or more customers that differ in {row.label.lower()} beyond "
            "chance."
        )
    name = spread["segment"][0]
    groups = known.filter((pl.col("segment") == name) & (pl.col("value") > 0)).sort("value", "member")
    low, high = groups.row(0, named=True), groups.row(-1, named=True)
    widest = f", the widest of {spread.height:,} spreads beyond chance" if spread.height > 1 else ", beyond chance"
    return (
        f"{row.label} by {labels.get(name, name)}{widest}: {high['member']} "
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
