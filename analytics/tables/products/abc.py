"""ABC classes and the Pareto curve: how few items make most of the revenue."""

from __future__ import annotations

from typing import Final

import polars as pl

from analytics import formats
from analytics.dataset import MONEY_SCALE

LIMITS: Final = {"A": 0.80, "B": 0.95}
"""Class -> cumulative share of revenue up to which an item belongs to it; the item that crosses still does."""

CLASSES: Final = ("A", "B", "C")


def classes(frame: pl.DataFrame, member: str) -> pl.DataFrame:
    """One row per item with sales or returns of the period, most revenue first: member (text), revenue (currency
    units), units, share, cumulative (shares of the revenue of items above 0), rank, rank_share (rank over items), abc.

    Items at or below 0 are C. Takes a frame of measures. Ties go by name.
    """
    table = frame.select(
        pl.col(member).cast(pl.String).alias("member"), pl.col("revenue", "units"), (pl.col("lines") > 0).alias("sold")
    )
    table = table.filter("sold").drop("sold").sort("revenue", "member", descending=[True, False])
    above = pl.col("revenue").clip(lower_bound=0)
    total = above.sum()
    before = (above.cum_sum() - above) / total
    table = table.with_columns(
        (above / total).fill_nan(0).alias("share"),
        (above.cum_sum() / total).fill_nan(0).alias("cumulative"),
        pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias("rank"),
        pl.when(pl.col("revenue") <= 0)
        .then(pl.lit("C"))
        .when(before < LIMITS["A"])
        .then(pl.lit("A"))
        .when(before < LIMITS["B"])
        .then(pl.lit("B"))
        .otherwise(pl.lit("C"))
        .alias("abc"),
    )
    return table.with_columns(pl.col("revenue") / MONEY_SCALE, (pl.col("rank") / pl.len()).alias("rank_share"))


def by_class(table: pl.DataFrame) -> pl.DataFrame:
    """One row per class: abc, items, revenue, share (of revenue), items_share."""
    result = table.group_by("abc").agg(
        pl.len().cast(pl.Int64).alias("items"), pl.col("revenue").sum(), pl.col("share").sum()
    )
    every = pl.DataFrame({"abc": CLASSES})
    joined = every.join(result, on="abc", how="left", maintain_order="left")
    joined = joined.with_columns(pl.col("items", "revenue", "share").fill_null(0))
    return joined.with_columns((pl.col("items") / pl.max_horizontal(pl.col("items").sum(), 1)).alias("items_share"))


def curve(table: pl.DataFrame, currency: str, *, most: int = 300) -> pl.DataFrame:
    """Points of the Pareto curve: rank, member, abc, rank_share, cumulative, text; about `most`, the first item and the
    last of each class among them."""
    step = max(1, table.height // most)
    last_of_class = pl.col("abc") != pl.col("abc").shift(-1)
    kept = table.filter((pl.col("rank") % step == 0) | (pl.col("rank") == 1) | last_of_class.fill_null(True))
    return kept.select(
        "rank",
        "member",
        "abc",
        "rank_share",
        "cumulative",
        pl.Series("text", [formats.text(v, "money", currency) for v in kept["revenue"]], pl.String),
        pl.Series("share_text", [formats.text(v, "share") for v in kept["cumulative"]], pl.String),
    )
