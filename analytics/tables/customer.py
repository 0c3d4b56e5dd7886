"""The tables of the Customer insights page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from analytics import lines, periods
from analytics.dataset import Dataset
from analytics.dimensions import levels, set_free_by
from analytics.filters import Filters
from analytics.lines import BUYERS, CUSTOMER, Totals
from analytics.metrics import MEASURES
from analytics.tables.ledger import Ledger, ledger
from analytics.tables.spine import comparable, on_spine

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
class Customers:
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
    order), last_day (Date), revenue, orders, units (Int64, money in ten-thousandths), share and cumulative_share of the
    known customers' total (Float64, null where that is not above 0). Ties go to the lower customer_id."""
    breakdowns: dict[str, pl.DataFrame]
    """Dimension (places, category, subcategory) -> one row per member, measures and base."""
    segments: pl.DataFrame
    """One row per customer attribute and member: segment, member (text), measures and base. Lines without a customer
    are the last member of each attribute, NO_CUSTOMER_RECORDED."""
    ledger: Ledger


def customers(data: Dataset, filters: Filters, grain: str) -> Customers:
    """All tables of the page for one view."""
    totals, trend, buyers = Totals(), Totals(("bucket",)), Totals(("bucket", "buyer"))
    places = levels(data, "geography")
    place = "country" if "country" in places else next(iter(places), None)
    by_time = Totals((place, "bucket")) if place else None
    names = (*places, *levels(data, "product")[:-1], *data.segments)
    parts = {name: Totals((name,), set_free_by(name)) for name in names}
    people = Totals((CUSTOMER,), compared=False)
    requests = [totals, trend, buyers, people, *parts.values(), *([by_time] if by_time else [])]
    found = lines.page(data, filters, requests, grain=grain)
    spine = periods.buckets(filters.period, grain, data.calendar)
    return Customers(
        totals=found[totals],
        trend=_told_apart(
            comparable(on_spine(found[trend], found[totals], spine), filters, grain, data.calendar), found[buyers]
        ),
        country_time=_over_time(found[by_time], spine) if by_time else pl.DataFrame(),
        top=_rankings(data, found[people]),
        breakdowns={name: found[request] for name, request in parts.items() if name not in data.segments},
        segments=_segments({name: found[parts[name]] for name in data.segments}),
        ledger=ledger(data, found[totals]),
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


def _over_time(found: pl.DataFrame, spine: pl.DataFrame) -> pl.DataFrame:
    place = found.columns[0]
    joined = found.join(spine, on="bucket", how="inner", maintain_order="left")
    return joined.select(pl.col(place).alias("place"), *spine.columns, *found.columns[2:])


def _rankings(data: Dataset, people: pl.DataFrame) -> dict[str, pl.DataFrame]:
    return {measure: _ranking(data, people, measure) for measure in RANKINGS}


def _ranking(data: Dataset, people: pl.DataFrame, measure: str) -> pl.DataFrame:
    total = int(people[measure].sum())
    first = people
    if people.height > TOP:
        # Customers who tie with the last place are all looked at, so that the lower customer_id wins.
        least = people[measure].top_k(TOP).min()
        first = people.filter(pl.col(measure) >= least)
    described = data.customers[first["customer"]].select("customer_id", "name")
    place = ["place"] if "place" in people.columns else []
    ranked = first.hstack(described).sort(measure, "customer_id", descending=[True, False]).head(TOP)
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


def _share(part: pl.Expr, total: int) -> pl.Expr:
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
