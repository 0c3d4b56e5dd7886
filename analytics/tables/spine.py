"""Buckets without sales are rows too: 0 for measures, so that a line over time has no gaps."""

from __future__ import annotations

import polars as pl

from analytics import periods
from analytics.dataset import Calendar
from analytics.filters import Filters
from analytics.metrics import MEASURES


def on_spine(
    table: pl.DataFrame, totals: pl.DataFrame, spine: pl.DataFrame, on: tuple[str, ...] = ("bucket",)
) -> pl.DataFrame:
    """One row per row of `spine`, with the measures found for it and 0 where none were.

    A measure that is null in the view's one row of totals is one that the data cannot give; it stays null.
    """
    names = [name for name in table.columns if name not in on and totals[name].null_count() == 0]
    joined = spine.join(table, on=list(on), how="left", maintain_order="left")
    return joined.with_columns(pl.col(names).fill_null(0))


def comparable(trend: pl.DataFrame, filters: Filters, grain: str, calendar: Calendar) -> pl.DataFrame:
    """The same rows; those whose bucket meets no bucket of the base, or too small a part of one, have a null base."""
    if filters.base is None:
        return trend
    kept = periods.comparable_buckets(filters.base, filters.period, filters.comparison.mode, grain, calendar)
    bases = [f"{name}_base" for name in MEASURES]
    return trend.with_columns(pl.when(pl.col("bucket").is_in(kept)).then(pl.col(bases)).name.keep())
