"""Buckets without sales are rows too: 0 for measures, so that a line over time has no gaps."""

from __future__ import annotations

import polars as pl


def on_spine(
    found: pl.DataFrame, totals: pl.DataFrame, spine: pl.DataFrame, on: tuple[str, ...] = ("bucket",)
) -> pl.DataFrame:
    """One row per row of `spine`, with the measures found for it and 0 where none were.

    A measure that is null in the view's one row of totals is one that the data cannot give; it stays null.
    """
    names = [name for name in found.columns if name not in on and totals[name].null_count() == 0]
    joined = spine.join(found, on=list(on), how="left", maintain_order="left")
    return joined.with_columns(pl.col(names).fill_null(0))
