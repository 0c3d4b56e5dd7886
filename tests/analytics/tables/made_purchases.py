"""Purchases of customers, made from a few numbers."""

from __future__ import annotations

from datetime import date

import polars as pl

START = date(2022, 1, 1)


def bought(rows: list[tuple[int, int, int, int]]) -> pl.DataFrame:
    """Purchases from (customer, days since START, revenue, returned)."""
    frame = pl.DataFrame(rows, schema=["customer", "n", "revenue", "returned"], orient="row")
    return frame.sort("customer", "n").select(
        pl.col("customer").cast(pl.UInt32),
        (pl.lit(START) + pl.duration(days="n")).cast(pl.Date).alias("day"),
        pl.lit(1, pl.Int64).alias("orders"),
        "revenue",
        "returned",
    )
