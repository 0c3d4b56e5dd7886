"""Profile: what a group of customers has more or less often than all the others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.models.discoveries import discoveries, unlike
from analytics.models.intervals import FEW, ratio

Array = NDArray[Any]


def profile(counts: Mapping[str, pl.DataFrame], inside: int, outside: int) -> pl.DataFrame:
    """One row per dimension and member that anyone has, most over-represented first.

    Takes for each dimension `lines.buyers` by group (0 = the others, 1 = the group), and how many customers each side
    has. Columns: dimension, member (text), customers, others (who have it), share, others_share, times (share over
    others_share, null where one is 0), low, high (95 % interval), enough (whether FEW customers are on both sides, and
    FEW have it in all), tells (enough, and beyond chance: of all that are, the false discovery rate is held).
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
    table = table.with_columns(enough.alias("enough"))
    called = discoveries(np.where(table["enough"], _chances(table, inside, outside), np.nan))
    return table.with_columns(
        pl.when(per[0] > 0).then(pl.col("customers") / per[0]).alias("share"),
        pl.when(per[1] > 0).then(pl.col("others") / per[1]).alias("others_share"),
        pl.Series("times", times, pl.Float64).fill_nan(None),
        pl.Series("low", low, pl.Float64).fill_nan(None),
        pl.Series("high", high, pl.Float64).fill_nan(None),
        pl.Series("tells", called, pl.Boolean),
    ).sort("times", "dimension", "member", descending=[True, False, False], nulls_last=True)


def _chances(table: pl.DataFrame, inside: int, outside: int) -> Array:
    """How likely chance alone makes a member so much more or less frequent inside."""
    mine = table["customers"].to_numpy()
    return unlike(mine, inside, mine + table["others"].to_numpy(), inside + outside)
