"""`lives`: when products were sold first and last; `order_days`: when the orders that returns name were placed."""

from __future__ import annotations

from datetime import date

import polars as pl

from analytics.dataset import Dataset


def lives(data: Dataset, until: date) -> pl.DataFrame:
    """One row per product sold up to a day, on unfiltered history: product (Enum), first_day, last_day (Date),
    selling_days (Int64: distinct days with sales)."""
    return (
        data.lines.filter(pl.col("day") <= until)
        .select("product", "day")
        .unique()
        .group_by("product")
        .agg(
            pl.col("day").min().alias("first_day"),
            pl.col("day").max().alias("last_day"),
            pl.len().cast(pl.Int64).alias("selling_days"),
        )
        .sort(pl.col("product").to_physical())
        .collect()
    )


def order_days(data: Dataset, orders: pl.Series) -> pl.DataFrame:
    """One row per order code asked for that the lines have: order (UInt32), ordered_on (Date)."""
    wanted = orders.drop_nulls().unique().cast(pl.UInt32).to_frame("order").lazy()
    found = data.lines.select("order", pl.col("day").alias("ordered_on")).join(wanted, on="order", how="semi")
    return found.unique().collect()
