"""`unit_prices`: units by product and month, and the usual price of one: a reduction over the lines.

The usual price is the median over the month's purchases (lines) of a usual quantity: where one price is paid more often
than all others together, it is that one. A usual quantity is one up to the class of sizes next to that of the product's
median purchase, so less than two to four times as much. What a dozen costs says nothing of the price that others meet;
and were units counted instead of purchases, a single large order would decide.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from analytics.dataset import Dataset
from analytics.filters import Filters, between
from analytics.lines.decimals import in_units
from analytics.lines.engine import Partition, Reduction

KEYS: Final = ("product", "month", "size", "price")
"""Columns of a partial that tell its rows apart. `size` is the class of a quantity: 1, 2 to 3, 4 to 7, 8 to 15 ..."""


def unit_prices(data: Dataset, filters: Filters) -> pl.DataFrame:
    """One row per product and month with lines in the period.

    Columns: product (Enum), month (Date), units, revenue, discount, price (Int64, money in ten-thousandths; units
    Float64 where the dataset has parts of a unit). Discount is null where the data has none, price (the usual one)
    where no purchase of a usual quantity was paid for. In the order of products and months.
    """
    return UNIT_PRICES(data, filters)


def work(partition: Partition, ask: Filters) -> pl.DataFrame:
    """The partial of some lines: one row per KEYS with lines, units, revenue, discount (Int64).

    `price` is that of one unit in whole ten-thousandths, null where nothing was paid or counted.
    """
    part = partition.data
    quantity, revenue = (pl.col(name).cast(pl.Int64) for name in ("quantity", "revenue"))
    size = (64 - quantity.bitwise_leading_zeros()).cast(pl.UInt8)
    paid = (quantity > 0) & (revenue > 0)
    return (
        partition.view(ask.where, between(ask.period))
        .group_by(
            "product",
            (pl.col("day").dt.year().cast(pl.Int32) * 12 + pl.col("day").dt.month() - 1).alias("month"),
            pl.when(paid).then(size).alias("size"),
            pl.when(paid).then(revenue * part.unit_scale // quantity).alias("price"),
        )
        .agg(
            pl.len().cast(pl.Int64).alias("lines"),
            quantity.sum().alias("units"),
            revenue.sum(),
            (pl.col("discount").cast(pl.Int64).sum() if part.has("discount") else pl.lit(None, pl.Int64)).alias(
                "discount"
            ),
        )
        .collect()
    )


def merge(one: pl.DataFrame, other: pl.DataFrame) -> pl.DataFrame:
    """The partial of the lines of both."""
    return pl.concat([one, other]).group_by(KEYS).agg(
        pl.col("lines", "units", "revenue").sum(),
        pl.when(pl.col("discount").is_not_null().any()).then(pl.col("discount").sum()),
    )  # fmt: skip


def finish(data: Dataset, _ask: Filters, partial: pl.DataFrame) -> pl.DataFrame:
    """The answer of a partial; see `unit_prices`."""
    return in_units(by_month(partial), data)


def by_month(partial: pl.DataFrame) -> pl.DataFrame:
    """The answer of a partial, with units as whole numbers of the dataset's parts of a unit."""
    month = pl.date(pl.col("month") // 12, pl.col("month") % 12 + 1, 1)
    sold = partial.group_by("product", "month").agg(
        pl.col("units", "revenue").sum(),
        pl.when(pl.col("discount").is_not_null().any()).then(pl.col("discount").sum()),
    )
    paid = partial.drop_nulls("price")
    largest = _median(paid, ["product"], "size").rename({"size": "largest"})
    usual = paid.join(largest, on="product").filter(pl.col("size") <= pl.col("largest") + 1)
    price = _median(usual, ["product", "month"], "price")
    found = sold.join(price, on=["product", "month"], how="left").sort(pl.col("product").to_physical(), "month")
    return found.with_columns(month.alias("month"))


UNIT_PRICES = Reduction(work, merge, finish)


def _median(rows: pl.DataFrame, by: list[str], column: str) -> pl.DataFrame:
    """The lower median of a column over the lines of each group."""
    each = rows.select(*by, column, "lines").sort(*by, column)
    new = each.select(pl.any_horizontal(pl.col(by) != pl.col(by).shift()).fill_null(True)).to_series()
    starts, count = np.flatnonzero(new.to_numpy()), each["lines"].to_numpy()
    passed = np.cumsum(count)
    before = passed[starts] - count[starts]
    lines = np.append(before[1:], passed[-1:]) - before
    at = np.searchsorted(passed, before + (lines + 1) // 2)
    return each.select(pl.col(*by, column).gather(at))
