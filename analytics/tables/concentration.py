"""Concentration: how much of the revenue comes from how few customers, how often they order, and how far apart."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import polars as pl

from analytics.periods import Period
from analytics.tables import display


def lorenz_rows(curve: pl.DataFrame) -> pl.DataFrame:
    """Points of the Lorenz curve with their texts. Takes `Concentration.curve`."""
    return curve.with_columns(
        display.texts(curve["customers"], "share", name="customers_text"),
        display.texts(curve["revenue"], "share", name="revenue_text"),
    )


TOP: Final = (1, 5, 10, 20)
"""Percentages of customers whose share of revenue is told."""

POINTS: Final = 100


@dataclass(frozen=True, eq=False)
class Concentration:
    """Of the known customers of a view, by revenue."""

    customers: int
    shares: dict[int, float]
    """Percentage of customers, the best -> their share of revenue. n percent are the first ceil(n % of customers)."""
    gini: float | None
    """0 where all bring the same, near 1 where one brings all; None without customers or revenue."""
    hhi: float | None
    """Sum of squared shares; 1 / HHI customers of equal size would be as concentrated."""
    curve: pl.DataFrame
    """At most POINTS + 1 rows from 0 to 1: customers (share, smallest first), revenue (their share)."""


def concentration(revenue: pl.Series) -> Concentration:
    """Takes the customers' revenue in ten-thousandths; tells nothing where the sum is not above 0 or one is below."""
    values = np.sort(revenue.to_numpy().astype(np.int64))
    total, n = int(values.sum()), values.size
    none = pl.DataFrame(schema={"customers": pl.Float64, "revenue": pl.Float64})
    if n == 0 or total <= 0 or values[0] < 0:
        return Concentration(n, {}, None, None, none)
    running = np.cumsum(values)
    best = np.concatenate([[0], np.cumsum(values[::-1])])
    shares = {top: int(best[-(-top * n // 100)]) / total for top in TOP}
    # G = 2 sum(i x_i) / (n sum x) - (n + 1) / n, i = 1 for the smallest
    weighted = float(np.dot(np.arange(1, n + 1, dtype=np.float64), values))
    gini = 2 * weighted / (n * float(total)) - (n + 1) / n
    at = np.unique(np.linspace(0, n, min(n, POINTS) + 1).round().astype(np.int64))
    curve = pl.DataFrame({"customers": at / n, "revenue": np.concatenate([[0], running])[at] / total})
    hhi = float(((values / total) ** 2).sum())
    return Concentration(n, shares, max(gini, 0.0), hhi, curve)


ORDER_COUNTS: Final = ("1", "2", "3", "4", "5–9", "10–19", "20+")
_LEAST: Final = (1, 2, 3, 4, 5, 10, 20)


def orders_per_customer(orders: pl.Series, revenue: pl.Series) -> pl.DataFrame:
    """One row per number of orders, all of ORDER_COUNTS: orders (text), customers, revenue (ten-thousandths)."""
    cut = np.searchsorted(_LEAST, orders.to_numpy(), side="right") - 1
    frame = pl.DataFrame({"at": cut, "revenue": revenue}, schema={"at": pl.Int64, "revenue": pl.Int64})
    result = frame.group_by("at").agg(pl.len().cast(pl.Int64).alias("customers"), pl.col("revenue").sum())
    spine = pl.DataFrame({"orders": ORDER_COUNTS}).with_row_index("at").with_columns(pl.col("at").cast(pl.Int64))
    joined = spine.join(result, on="at", how="left", maintain_order="left")
    return joined.select("orders", pl.col("customers", "revenue").fill_null(0))


def gaps(purchases: pl.DataFrame, period: Period) -> pl.DataFrame:
    """One row per number of days between two neighbouring purchase days of a customer: days, purchases (Int64).

    Counted where the later day lies in the period. Takes `lines.purchases` up to the period's end.
    """
    apart = (pl.col("day") - pl.col("day").shift(1)).dt.total_days()
    mine = pl.col("customer") == pl.col("customer").shift(1)
    inside = pl.col("day").is_between(period.start, period.end)
    result = purchases.select(apart.alias("days"), (mine & inside).alias("counted")).filter("counted")
    return result.group_by("days").agg(pl.len().cast(pl.Int64).alias("purchases")).sort("days")


FEWEST_GAPS: Final = 30
"""Days between purchases of which the 90th percentile says something: of fewer it is one of the three longest."""


def lapse_threshold(table: pl.DataFrame) -> int | None:
    """The days after which a customer counts as lapsed: the 90th percentile of `gaps`; None of too few of them."""
    return quantile(table, 0.9) if int(table["purchases"].sum()) >= FEWEST_GAPS else None


def quantile(table: pl.DataFrame, share: float) -> int | None:
    """The number of days that at least this share of the gaps do not exceed; None where there are none."""
    if table.is_empty():
        return None
    running = table["purchases"].cum_sum()
    return int(table["days"][int((running >= share * running[-1]).arg_max() or 0)])


GAP_BINS: Final = (0, 7, 14, 30, 60, 90, 120, 180, 270, 365)


def gap_bins(table: pl.DataFrame) -> pl.DataFrame:
    """One row per range of days: days (text, `8–14`), purchases, share."""
    cut = np.searchsorted(GAP_BINS[1:], table["days"].to_numpy(), side="left")
    texts = [f"{a + 1}–{b}" for a, b in pairwise(GAP_BINS)] + [f"over {GAP_BINS[-1]}"]
    counted = table.with_columns(pl.Series("at", cut, pl.Int64)).group_by("at").agg(pl.col("purchases").sum())
    spine = pl.DataFrame({"days": texts}).with_row_index("at").with_columns(pl.col("at").cast(pl.Int64))
    joined = spine.join(counted, on="at", how="left", maintain_order="left").with_columns(
        pl.col("purchases").fill_null(0)
    )
    total = int(joined["purchases"].sum())
    share = pl.col("purchases") / total if total else pl.lit(None, pl.Float64)
    return joined.select("days", "purchases", share.alias("share"))
