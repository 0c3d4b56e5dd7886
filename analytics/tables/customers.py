"""The tables of the Customer insights page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from analytics import formats, lines, periods
from analytics.dataset import MONEY_SCALE, Dataset
from analytics.dimensions import levels, set_free_by
from analytics.filters import Filters
from analytics.lines import BUYERS, CUSTOMER, Totals
from analytics.metrics import MEASURES, METRICS
from analytics.tables import breakdown as breakdown_tables
from analytics.tables.leading import leading
from analytics.tables.ledger import Ledger, ledger
from analytics.tables.spine import comparable, on_spine


def customer_mix(frame: pl.DataFrame, currency: str) -> pl.DataFrame:
    """One row per bucket and kind of customer: start, label, kind, rank, value (currency units), text, share_text.

    Takes buckets with returning_revenue, new_revenue and unrecorded_revenue.
    """
    columns = {
        "Returning customers": "returning_revenue",
        "New customers": "new_revenue",
        "No customer recorded": "unrecorded_revenue",
    }
    total = frame.select(pl.sum_horizontal(columns.values()).alias("total"))["total"]
    parts = [
        frame.select(
            "start",
            "label",
            pl.lit(kind).alias("kind"),
            pl.lit(rank).alias("rank"),
            (pl.col(column) / MONEY_SCALE).alias("value"),
            pl.when(total > 0).then(pl.col(column) / total).alias("share"),
        )
        for rank, (kind, column) in enumerate(columns.items())
        if rank < 2 or (frame[column] != 0).any()
    ]
    rows = pl.concat(parts)
    return rows.with_columns(
        pl.Series("text", [formats.text(v, "money", currency) for v in rows["value"]], pl.String),
        pl.Series("share_text", [formats.text(v, "share") for v in rows["share"]], pl.String),
    )


def customer_mix_table(rows: pl.DataFrame) -> pl.DataFrame:
    """`customer_mix` with one row per bucket and one column per kind."""
    return rows.pivot("kind", index="label", values="value", maintain_order=True)


def top_customers(ranking: pl.DataFrame) -> pl.DataFrame:
    """A ranking with its money in currency units."""
    table = ranking.with_columns(pl.col("revenue") / MONEY_SCALE)
    return table.with_columns(pl.col("place").cast(pl.String)) if "place" in table.columns else table


def behaviour(frame: pl.DataFrame, name: str, currency: str, *, most: int = 12) -> pl.DataFrame:
    """One row per cell: the `most` places with the highest revenue by the latest 24 buckets, as `heatmap` gives it."""
    revenue = frame.group_by("place").agg(pl.col("revenue").sum()).sort("revenue", descending=True).head(most)
    latest = frame["start"].unique().sort().tail(24)
    cells = breakdown_tables.evaluate(frame.join(revenue.select("place"), on="place"), name)
    cells = cells.filter(pl.col("start").is_in(latest.implode())).select(
        pl.col("label").alias("column"),
        pl.col("start").rank("dense").cast(pl.Int64).alias("column_rank"),
        pl.col("place").cast(pl.String).alias("row"),
        "value",
    )
    order = revenue.select(pl.col("place").cast(pl.String).alias("row")).with_row_index("row_rank")
    cells = cells.join(order, on="row").with_columns(pl.col("row_rank").cast(pl.Int64)).sort("column_rank", "row_rank")
    return cells.with_columns(
        pl.Series("text", [formats.text(v, METRICS[name].unit, currency) for v in cells["value"]], pl.String)
    )


def side_by_side(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Breakdown tables of several metrics joined by member: member and one column per metric."""
    joined: pl.DataFrame | None = None
    for name, table in tables.items():
        part = table.select("member", pl.col("value").alias(name))
        joined = part if joined is None else joined.join(part, on="member", how="left", maintain_order="left")
    if joined is None:
        raise ValueError("side_by_side needs at least one table")
    return joined


def segment(frame: pl.DataFrame, name: str, currency: str, *, kept: Sequence[str] = ()) -> pl.DataFrame:
    """The groups of one customer attribute in the order given: the columns of `bars`."""
    order = {member: rank for rank, member in enumerate(frame["member"].to_list())}
    table = breakdown_tables.breakdown(frame, "member", name, kept=kept)
    return breakdown_tables.bars(
        table.sort(pl.col("member").replace_strict(order, return_dtype=pl.Int64)), name, currency
    )


TOP: Final = 100
"""Customers in each ranking."""

RANKINGS: Final = ("revenue", "orders", "units")

NO_CUSTOMER_RECORDED: Final = "No customer recorded"
"""Member of each customer attribute that holds the lines without a customer."""

BUYER_MEASURES: Final = {
    "new_revenue": ("revenue", BUYERS[0]),
    "returning_revenue": ("revenue", BUYERS[1]),
    "unrecorded_revenue": ("revenue", BUYERS[2]),
    "returning_customers": ("customers", BUYERS[1]),
}
"""Columns of the trend that tell buyers apart: the measure and whose it is."""


@dataclass(frozen=True)
class CustomerTables:
    """Everything the page shows, as measures: a metric is evaluated from them without another query."""

    totals: pl.DataFrame
    """One row: MEASURES and the same of the base, ending in `_base`."""
    trend: pl.DataFrame
    """One row per bucket: the columns of `periods.buckets`, measures and the columns BUYER_MEASURES, all with base.
    New in a bucket = first purchase ever inside it (`new_customers` counts them), returning = before it."""
    country_time: pl.DataFrame
    """One row per place and bucket with sales: place (Enum: the country, or the one place level there is), the columns
    of `periods.buckets`, measures and base; empty where the data has no geography."""
    top: dict[str, pl.DataFrame]
    """`revenue`, `orders`, `units` -> the first TOP customers by it: rank, customer_id, name, place (of the last
    order), last_day (Date), revenue, orders, units (whole numbers, money in ten-thousandths;
    units may have decimals), share and cumulative_share of the
    known customers' total (Float64, null where that is not above 0). Ties go to the lower customer_id."""
    breakdowns: dict[str, pl.DataFrame]
    """Dimension (places, category, subcategory) -> one row per member, measures and base."""
    segments: pl.DataFrame
    """One row per customer attribute and member: segment, member (text), measures and base. Lines without a customer
    are the last member of each attribute, NO_CUSTOMER_RECORDED."""
    ledger: Ledger


def customers(data: Dataset, filters: Filters, grain: str) -> CustomerTables:
    """All tables of the page for one view."""
    totals, trend, buyers = Totals(), Totals(("bucket",)), Totals(("bucket", "buyer"))
    places = levels(data, "geography")
    place = "country" if "country" in places else next(iter(places), None)
    by_time = Totals((place, "bucket")) if place else None
    names = (*places, *levels(data, "product")[:-1], *data.segments)
    parts = {name: Totals((name,), set_free_by(name)) for name in names}
    people = Totals((CUSTOMER,), compared=False)
    requests = [totals, trend, buyers, people, *parts.values(), *([by_time] if by_time else [])]
    result = lines.page(data, filters, requests, grain=grain)
    spine = periods.buckets(filters.period, grain, data.calendar)
    return CustomerTables(
        totals=result[totals],
        trend=_told_apart(
            comparable(on_spine(result[trend], result[totals], spine), filters, grain, data.calendar), result[buyers]
        ),
        country_time=_over_time(result[by_time], spine) if by_time else pl.DataFrame(),
        top=_rankings(data, result[people]),
        breakdowns={name: result[request] for name, request in parts.items() if name not in data.segments},
        segments=_segments({name: result[parts[name]] for name in data.segments}),
        ledger=ledger(data, result[totals]),
    )


def _told_apart(trend: pl.DataFrame, buyers: pl.DataFrame) -> pl.DataFrame:
    for name, (measure, kind) in BUYER_MEASURES.items():
        mine = buyers.filter(pl.col("buyer") == kind).select(
            "bucket", pl.col(measure).alias(name), pl.col(f"{measure}_base").alias(f"{name}_base")
        )
        trend = trend.join(mine, on="bucket", how="left", maintain_order="left")
        compared = pl.col("revenue_base").is_not_null()
        trend = trend.with_columns(
            pl.col(name).fill_null(0),
            pl.when(compared).then(pl.col(f"{name}_base").fill_null(0)).alias(f"{name}_base"),
        )
    return trend


def _over_time(table: pl.DataFrame, spine: pl.DataFrame) -> pl.DataFrame:
    place = table.columns[0]
    joined = table.join(spine, on="bucket", how="inner", maintain_order="left")
    return joined.select(pl.col(place).alias("place"), *spine.columns, *table.columns[2:])


def _rankings(data: Dataset, people: pl.DataFrame) -> dict[str, pl.DataFrame]:
    return {measure: _ranking(data, people, measure) for measure in RANKINGS}


def _ranking(data: Dataset, people: pl.DataFrame, measure: str) -> pl.DataFrame:
    total = float(people[measure].sum())
    # Of customers who tie, the lower customer_id wins: codes rise with it.
    first = leading(people, measure, TOP)
    ranked = first.hstack(data.customers[first["customer"]].select("customer_id", "name"))
    place = ["place"] if "place" in people.columns else []
    return ranked.select(
        pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias("rank"),
        "customer_id",
        "name",
        *place,
        "last_day",
        *RANKINGS,
        _share(pl.col(measure), total).alias("share"),
        _share(pl.col(measure).cum_sum(), total).alias("cumulative_share"),
    )


def _share(part: pl.Expr, total: float) -> pl.Expr:
    return part / total if total > 0 else pl.lit(None, pl.Float64)


def _segments(parts: dict[str, pl.DataFrame]) -> pl.DataFrame:
    columns = [name + suffix for suffix in ("", "_base") for name in MEASURES]
    frames = [
        part.sort(name, nulls_last=True).select(
            pl.lit(name).alias("segment"),
            pl.col(name).cast(pl.String).fill_null(NO_CUSTOMER_RECORDED).alias("member"),
            *columns,
        )
        for name, part in parts.items()
    ]
    if frames:
        return pl.concat(frames)
    return pl.DataFrame(schema={"segment": pl.String, "member": pl.String, **dict.fromkeys(columns, pl.Int64)})
