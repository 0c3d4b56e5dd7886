"""Profile: what a group of customers has more or less often than all the others."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from analytics.models.intervals import FEW, ratio


def profile(counts: Mapping[str, pl.DataFrame], inside: int, outside: int) -> pl.DataFrame:
    """One row per dimension and member that anyone has, most over-represented first.

    Takes for each dimension `lines.buyers` by group (0 = the others, 1 = the group), and how many customers each side
    has. Columns: dimension, member (text), customers, others (who have it), share, others_share, times (share over
    others_share, null where one is 0), low, high (95 % interval), enough (whether FEW customers are on both sides, and
    FEW have it in all), tells (enough, and the interval leaves out 1).
    """
    frames = []
    for dimension, result in counts.items():
        text = pl.col("member").cast(pl.String)
        mine = result.filter(pl.col("group") == 1).select(text, "customers")
        theirs = result.filter(pl.col("group") == 0).select(text, pl.col("customers").alias("others"))
        joined = mine.join(theirs, on="member", how="full", coalesce=True)
        frames.append(
            joined.select(
                pl.lit(dimension).alias("dimension"),
                "member",
                pl.col("customers", "others").fill_null(0).cast(pl.Int64),
            )
        )
    schema = {"dimension": pl.String, "member": pl.String, "customers": pl.Int64, "others": pl.Int64}
    table = pl.concat(frames) if frames else pl.DataFrame(schema=schema)
    times, low, high = ratio(table["customers"].to_numpy(), inside, table["others"].to_numpy(), outside)
    per = (pl.lit(inside, pl.Int64), pl.lit(outside, pl.Int64))
    enough = (per[0] >= FEW) & (per[1] >= FEW) & (pl.col("customers") + pl.col("others") >= FEW)
    return (
        table.with_columns(
            pl.when(per[0] > 0).then(pl.col("customers") / per[0]).alias("share"),
            pl.when(per[1] > 0).then(pl.col("others") / per[1]).alias("others_share"),
            pl.Series("times", times, pl.Float64).fill_nan(None),
            pl.Series("low", low, pl.Float64).fill_nan(None),
            pl.Series("high", high, pl.Float64).fill_nan(None),
            enough.alias("enough"),
        )
        .with_columns((pl.col("enough") & ((pl.col("low") > 1) | (pl.col("high") < 1)).fill_null(False)).alias("tells"))
        .sort("times", "dimension", "member", descending=[True, False, False], nulls_last=True)
    )
