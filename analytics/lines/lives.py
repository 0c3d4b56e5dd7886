"""`lives`: when products were sold first and last; `order_days`: when the orders that returns name were placed."""

from __future__ import annotations

from datetime import date

import polars as pl

from analytics.dataset import Dataset
from analytics.lines.engine import Partition, Reduction, joined


def lives(data: Dataset, until: date) -> pl.DataFrame:
    """One row per product sold up to a day, on unfiltered history: product (Enum), first_day, last_day (Date),
    selling_days (Int64: distinct days with sales)."""
    return LIVES(data, until)


def _days_sold(partition: Partition, until: date) -> pl.DataFrame:
    return partition.lines.filter(pl.col("day") <= until).select("product", "day").unique().collect()


def _all_days_sold(one: pl.DataFrame, other: pl.DataFrame) -> pl.DataFrame:
    return joined(one, other).unique()


def _lives(_data: Dataset, _until: date, days: pl.DataFrame) -> pl.DataFrame:
    found = days.group_by("product").agg(
        pl.col("day").min().alias("first_day"),
        pl.col("day").max().alias("last_day"),
        pl.len().cast(pl.Int64).alias("selling_days"),
    )
    return found.sort(pl.col("product").to_physical())


LIVES = Reduction(_days_sold, _all_days_sold, _lives)


def order_days(data: Dataset, orders: pl.Series) -> pl.DataFrame:
    """One row per order code asked for that the lines have: order (UInt32), ordered_on (Date)."""
    return ORDER_DAYS(data, orders.drop_nulls().unique().cast(pl.UInt32).alias("order"))


def _placed(partition: Partition, orders: pl.Series) -> pl.DataFrame:
    days = partition.lines.select("order", pl.col("day").alias("ordered_on"))
    return days.join(orders.to_frame().lazy(), on="order", how="semi").unique().collect()


ORDER_DAYS: Reduction[pl.Series, pl.DataFrame, pl.DataFrame] = Reduction(_placed, joined)
