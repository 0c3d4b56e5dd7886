"""Cohorts: what customers do in the periods after their first purchase."""

from __future__ import annotations

from datetime import date
from typing import Final

import numpy as np
import polars as pl

from analytics import periods
from analytics.dataset import Calendar
from analytics.grains import GRAINS, label
from analytics.models.intervals import FEW
from analytics.periods import Period
from analytics.runs import run_starts

MEASURES: Final = ("retention", "revenue", "orders")
"""What a cohort's cell shows: the share who bought in it, cumulative revenue and cumulative orders per customer."""

COHORTS: Final = tuple(grain.name for grain in GRAINS.values() if grain.cohorts)
"""Grains that customers are grouped by."""


def cells(
    purchases: pl.DataFrame,
    firsts: pl.DataFrame,
    first_day: date,
    until: date,
    grain: str,
    calendar: Calendar,
) -> pl.DataFrame:
    """One row per group, cohort and period since the first purchase that can be observed, also where nobody bought.

    Takes `lines.purchases`, and for each customer the day of their first purchase ever and a group: customer,
    first_on, group. Only customers with purchases count. Columns: group, cohort (Int32, bucket of the first purchase),
    start (Date, its first day), label, k (Int32, buckets since), size (customers of the cohort), customers (who bought
    then), orders, revenue (ten-thousandths), whole (whether the period was observed to its end).
    """
    spine = periods.buckets(Period(first_day, until), grain, calendar)
    days = periods.bucket_of_days(Period(first_day, until), grain, calendar)["bucket"].to_numpy()
    start = first_day.toordinal() - date(1970, 1, 1).toordinal()
    kind = firsts["group"].rank("dense").cast(pl.Int64) - 1
    names = firsts.select("group", kind.alias("kind")).unique().drop_nulls("group").sort("kind")
    known = firsts["group"].is_not_null() & firsts["first_on"].is_between(first_day, until)
    # Everything about a customer by their code; purchases come by customer and day, so their periods do too.
    size = max(int(firsts["customer"].max() or 0), int(purchases["customer"].max() or 0)) + 1  # type: ignore[arg-type]
    cohort_of, kind_of = np.full(size, -1, np.int64), np.full(size, -1, np.int64)
    selected = firsts.filter(known)
    code = selected["customer"].to_numpy()
    cohort_of[code] = days[selected["first_on"].to_physical().to_numpy() - start]
    kind_of[code] = kind.filter(known).to_numpy()
    bought = purchases.filter(pl.col("day") <= until)
    who = bought["customer"].to_numpy()
    cohort, of = cohort_of[who], kind_of[who]
    when = days[bought["day"].to_physical().to_numpy() - start]
    inside = cohort >= 0
    width = spine.height
    key = (of * width + cohort) * width + when - cohort
    new_customer = run_starts(who)
    totals = np.zeros((4, names.height * width * width), np.int64)
    for row, values, rows in (
        (0, None, inside & (run_starts(when) | new_customer)),
        (1, bought["orders"].to_numpy(), inside),
        (2, bought["revenue"].to_numpy(), inside),
        (3, None, inside & new_customer),
    ):
        np.add.at(totals[row], key[rows], 1 if values is None else values[rows])
    # A customer's first row tells their cohort, in whatever period it lies.
    sizes = totals[3].reshape(names.height, width, width).sum(axis=2)
    k = np.arange(width)
    seen = (sizes[:, :, None] > 0) & (k[None, :, None] + k[None, None, :] < width)
    at = np.nonzero(seen)
    flat = np.ravel_multi_index(at, seen.shape)
    whole = (spine["last"] == spine["end"]).to_numpy()
    labels = np.array([label(day, grain, calendar) for day in spine["start"]], object)
    return pl.DataFrame(
        {
            "group": names["group"].gather(at[0]),
            "cohort": pl.Series(at[1], dtype=pl.Int32),
            "start": spine["start"].gather(at[1]),
            "label": pl.Series(labels[at[1]].tolist(), dtype=pl.String),
            "k": pl.Series(at[2], dtype=pl.Int32),
            "size": pl.Series(sizes[at[0], at[1]], dtype=pl.Int64),
            "customers": pl.Series(totals[0][flat], dtype=pl.Int64),
            "orders": pl.Series(totals[1][flat], dtype=pl.Int64),
            "revenue": pl.Series(totals[2][flat], dtype=pl.Int64),
            "whole": pl.Series(whole[at[1] + at[2]], dtype=pl.Boolean),
        }
    )


def by_cohort(table: pl.DataFrame, start: date, *, most: int = 24) -> pl.DataFrame:
    """One row per cohort and period since, of the latest `most` cohorts that reach past `start`.

    Columns: row (label), row_rank, k, size, eligible (the same), customers, retention, revenue and orders (per
    customer, cumulative; revenue in ten-thousandths), enough, whole. Takes `cells` of one group.
    """
    latest = table.select("cohort", "start").unique().sort("cohort")
    # a cohort that began before the period but reaches into it stays
    reaching = latest.filter(pl.col("start").shift(-1, fill_value=date.max) > start).tail(most)
    kept = table.join(reaching.select("cohort"), on="cohort")
    rows = kept.sort("cohort", "k").with_columns(
        pl.col("label").alias("row"),
        pl.col("cohort").cast(pl.Int64).alias("row_rank"),
        pl.col("size").alias("eligible"),
    )
    return _rates(rows.filter(pl.col("k") < most))


def by_group(table: pl.DataFrame, *, most: int = 24) -> pl.DataFrame:
    """The columns of `by_cohort` with one row per group and period since, pooled over cohorts observed to its end.

    `eligible` are the customers observed to the end of the k-th period; `size` all customers of the group. Groups come
    in order of size.
    """
    pooled = (
        table.filter(pl.col("whole") & (pl.col("k") < most))
        .group_by("group", "k")
        .agg(
            pl.col("size").sum().alias("eligible"),
            pl.col("customers").sum(),
            pl.col("orders").sum(),
            pl.col("revenue").sum(),
        )
    )
    sizes = (
        table.filter(pl.col("k") == 0)
        .group_by("group")
        .agg(pl.col("size").sum())
        .sort("size", "group", descending=[True, False])
        .with_columns(pl.int_range(pl.len(), dtype=pl.Int64).alias("row_rank"))
    )
    rows = pooled.join(sizes, on="group").with_columns(
        pl.col("group").cast(pl.String).alias("row"), pl.lit(True).alias("whole")
    )
    return _rates(rows.sort("row_rank", "k"))


def _rates(rows: pl.DataFrame) -> pl.DataFrame:
    per = pl.col("eligible")
    return rows.select(
        "row",
        "row_rank",
        "k",
        "size",
        "eligible",
        "customers",
        (pl.col("customers") / per).alias("retention"),
        (pl.col("revenue") / per).cum_sum().over("row_rank", order_by="k").alias("revenue"),
        (pl.col("orders") / per).cum_sum().over("row_rank", order_by="k").alias("orders"),
        (per >= FEW).alias("enough"),
        "whole",
    )


def average(table: pl.DataFrame) -> pl.DataFrame:
    """Retention after k periods over all cohorts observed to its end: k, eligible, customers, retention."""
    pooled = table.filter("whole").group_by("k").agg(pl.col("size").sum().alias("eligible"), pl.col("customers").sum())
    return pooled.sort("k").with_columns((pl.col("customers") / pl.col("eligible")).alias("retention"))
