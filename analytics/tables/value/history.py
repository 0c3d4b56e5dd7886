"""Histories of customers as the models take them, the data gate, and who is overdue.

Time is in days. A day on which nothing was kept, because all of it came back, is no purchase day here.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import polars as pl
from numpy.typing import NDArray

from analytics.dataset import MONEY_SCALE
from analytics.formats import numbered
from analytics.models.intervals import FEW
from analytics.runs import first_rows
from analytics.tables.segments.rfm import per_customer

Array = NDArray[Any]

LEAST_BUYERS: Final = 500

LEAST_DAYS: Final = 180


LEAST_REPEATERS: Final = FEW
"""Customers with three orders or more, without whom nothing tells a rhythm from a coincidence."""

OVERDUE_TIMES: Final = 2.0
"""A customer is overdue when the time since the last purchase exceeds this many times their own mean gap."""

LEAST_GAPS: Final = 2
"""Gaps that make a rhythm."""


def histories(purchases: pl.DataFrame, until: date) -> pl.DataFrame:
    """One row per customer with a purchase day up to `until`, by customer code.

    Takes `lines.purchases` up to that day. Columns: customer, x (purchase days after the first), t_x and T (days from
    the first purchase day to the last, and to `until`), mean (currency units per purchase day after the first, null
    where x = 0), recent (net revenue of the RECENT_DAYS up to `until`, ten-thousandths), last_day.
    """
    net = pl.col("revenue") - pl.col("returned")
    kept = purchases.filter((pl.col("day") <= until) & (net > 0))
    known = per_customer(kept, until)
    first_money = kept.select(net)["revenue"].to_numpy()[first_rows(kept["customer"].to_numpy())]
    later = known["money"] - pl.Series(first_money, dtype=pl.Int64)
    first = pl.col("first_day")
    return known.select(
        "customer",
        (pl.col("days") - 1).alias("x"),
        (pl.col("last_day") - first).dt.total_days().alias("t_x"),
        (pl.lit(until) - first).dt.total_days().alias("T"),
        pl.when(pl.col("days") > 1).then(later / ((pl.col("days") - 1) * MONEY_SCALE)).alias("mean"),
        "recent",
        "last_day",
    )


def gate(people: pl.DataFrame) -> tuple[str, ...]:
    """What the data lacks for lifetime values, one sentence each; empty where it lacks nothing. Takes `histories`."""
    buyers, days = people.height, int(people["T"].max() or 0)  # type: ignore[arg-type]
    repeaters = people.filter(pl.col("x") >= 2).height
    lacking = []
    if buyers < LEAST_BUYERS:
        lacking.append(f"{LEAST_BUYERS:,} paying customers are needed, {_there(buyers)}.")
    if days < LEAST_DAYS:
        lacking.append(f"{LEAST_DAYS:,} days of purchases are needed, {_there(days)}.")
    if repeaters < LEAST_REPEATERS:
        lacking.append(f"{LEAST_REPEATERS} customers with three purchase days are needed, {_there(repeaters)}.")
    return tuple(lacking)


def _there(count: int) -> str:
    return f"there {numbered(count, 'is', 'are')} {count:,}"


def arrays(people: pl.DataFrame) -> tuple[Array, Array, Array]:
    return people["x"].to_numpy(), people["t_x"].to_numpy(), people["T"].to_numpy()


def rhythm(people: pl.DataFrame) -> pl.DataFrame:
    """Add since (days since the last purchase), gap (own mean days between purchases), times (since / gap), overdue.

    gap is null, and nobody is overdue, below LEAST_GAPS gaps.
    """
    since = pl.col("T") - pl.col("t_x")
    gap = pl.when(pl.col("x") >= LEAST_GAPS).then(pl.col("t_x") / pl.col("x"))
    return people.with_columns(since.alias("since"), gap.alias("gap"), (since / gap).alias("times")).with_columns(
        (pl.col("times") > OVERDUE_TIMES).fill_null(False).alias("overdue")
    )


def at_risk(people: pl.DataFrame) -> pl.DataFrame:
    """The overdue customers, those who brought most in the last year first. Takes `rhythm`."""
    return people.filter("overdue").sort("recent", "customer", descending=[True, False])


def lapsed(people: pl.DataFrame, threshold: int) -> pl.DataFrame:
    """One row per state by the gap rule: state, customers, recent. Takes `rhythm` and the lapse threshold in days.

    Active: last purchase within the threshold; slipping: overdue against their own rhythm though within it; lapsed:
    beyond it.
    """
    beyond = pl.col("since") > threshold
    state = pl.when(beyond).then(pl.lit("Lapsed")).when("overdue").then(pl.lit("Slipping")).otherwise(pl.lit("Active"))
    result = people.group_by(state.alias("state")).agg(
        pl.len().cast(pl.Int64).alias("customers"), pl.col("recent").sum()
    )
    spine = pl.DataFrame({"state": ["Active", "Slipping", "Lapsed"]})
    joined = spine.join(result, on="state", how="left", maintain_order="left")
    return joined.with_columns(pl.col("customers", "recent").fill_null(0))
