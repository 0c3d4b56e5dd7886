"""Growth against share: which items are large or small, and gain or lose on the rest."""

from __future__ import annotations

from typing import Final

import polars as pl

from analytics import formats
from analytics.dataset import MONEY_SCALE

QUADRANTS: Final = ("Large, gaining", "Large, losing", "Small, gaining", "Small, losing")

MOST: Final = 120
"""Items drawn: the largest."""

WIDEST: Final = 2.0
"""Growth at which the chart ends; what grew more is drawn there, and its number says how much."""


def matrix(frame: pl.DataFrame, member: str, currency: str) -> pl.DataFrame:
    """One row per item sold in both periods, largest first: member, revenue, revenue_base, profit (currency units, null
    without costs), share, growth, drawn (growth cut at WIDEST), gain (growth less the whole's), quadrant, texts.

    Large is a share above the mean share of these items; gaining is growth above that of all of them together.
    """
    table = frame.select(
        pl.col(member).cast(pl.String).alias("member"),
        (pl.col("revenue") / MONEY_SCALE),
        (pl.col("revenue_base") / MONEY_SCALE),
        ((pl.col("revenue") - pl.col("cost")) / MONEY_SCALE).alias("profit"),
    ).filter((pl.col("revenue") > 0) & (pl.col("revenue_base") > 0))
    whole = pl.col("revenue").sum() / pl.col("revenue_base").sum() - 1
    table = table.with_columns(
        (pl.col("revenue") / pl.col("revenue").sum()).alias("share"),
        (pl.col("revenue") / pl.col("revenue_base") - 1).alias("growth"),
    )
    table = table.with_columns(
        pl.col("growth").clip(upper_bound=WIDEST).alias("drawn"), (pl.col("growth") - whole).alias("gain")
    )
    large, gaining = pl.col("share") > 1 / pl.len(), pl.col("gain") > 0
    quadrant = (
        pl.when(large & gaining)
        .then(pl.lit(QUADRANTS[0]))
        .when(large)
        .then(pl.lit(QUADRANTS[1]))
        .when(gaining)
        .then(pl.lit(QUADRANTS[2]))
        .otherwise(pl.lit(QUADRANTS[3]))
    )
    table = table.with_columns(quadrant.alias("quadrant")).sort("revenue", "member", descending=[True, False])
    return table.with_columns(
        pl.Series("text", [formats.text(v, "money", currency) for v in table["revenue"]], pl.String),
        pl.Series("share_text", [formats.text(v, "share") for v in table["share"]], pl.String),
        pl.Series("change_text", [formats.change_text(v, "count") for v in table["growth"]], pl.String),
    )


def profit(frame: pl.DataFrame, member: str, currency: str) -> pl.DataFrame:
    """One row per item sold, least profit first: member, revenue, profit (currency units), margin, moved (the profit,
    for bars), texts. Takes a frame of measures of a dataset with costs."""
    gain = pl.col("revenue") - pl.col("cost")
    table = frame.filter(pl.col("lines") > 0).select(
        pl.col(member).cast(pl.String).alias("member"),
        pl.col("revenue") / MONEY_SCALE,
        (gain / MONEY_SCALE).alias("profit"),
        pl.when(pl.col("revenue") > 0).then(gain / pl.col("revenue")).alias("margin"),
        (gain / MONEY_SCALE).alias("moved"),
    )
    table = table.sort("profit", "member")
    return table.with_columns(
        pl.Series("text", [formats.text(v, "money", currency) for v in table["profit"]], pl.String),
        pl.Series("change_text", [f"{formats.text(v, 'share')} margin" for v in table["margin"]], pl.String),
    )
