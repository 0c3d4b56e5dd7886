"""`customers`: one row per known customer of a view."""

from __future__ import annotations

import polars as pl

from analytics.dataset import NO_CUSTOMER, Dataset
from analytics.filters import Filters, between, kept


def customers(data: Dataset, filters: Filters) -> pl.DataFrame:
    """One row per known customer who bought in the view, by customer code.

    Columns: customer (UInt32), lines, units, revenue, orders (Int64), cost (Int64, where the data has it), first_day and
    last_day of the view's purchases (Date), and place (Enum): where the last one was, by country or the level there is.
    """
    frame = data.lines.filter(between(filters.period) & (pl.col("customer") != NO_CUSTOMER))
    condition = kept(filters.where)
    if condition is not None:
        frame = frame.filter(condition)
    place = [name for name in ("country", "continent", "region") if data.has(name)][:1]
    sums = [pl.col("revenue").sum()] + ([pl.col("cost").sum()] if data.has("cost") else [])
    return (
        frame.group_by("customer")
        .agg(
            pl.len().cast(pl.Int64).alias("lines"),
            pl.col("quantity").cast(pl.Int64).sum().alias("units"),
            *sums,
            pl.col("order").n_unique().cast(pl.Int64).alias("orders"),
            pl.col("day").min().alias("first_day"),
            pl.col("day").max().alias("last_day"),
            *(pl.col(name).sort_by("day", "order", maintain_order=True).last().alias("place") for name in place),
        )
        .sort("customer")
        .collect()
    )
