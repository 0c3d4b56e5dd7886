"""`page`: everything that a page shows, from as few passes over the lines as possible."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from analytics import periods
from analytics.dataset import Dataset
from analytics.filters import Filters, Where, between, kept
from analytics.lines.requests import BUCKET, BUYER, BUYERS, DAY, WEEKDAY, Totals
from analytics.metrics import MEASURES
from analytics.periods import Period


def page(data: Dataset, filters: Filters, requests: Iterable[Totals], *, grain: str) -> dict[Totals, pl.DataFrame]:
    """One table per request: one row per member (or pair of members) that has lines or returns in the period or its base.

    Columns: the request's `by`, then MEASURES for the period and the same ending in `_base` for the base (null where
    there is no base, 0 where the base lacks the member). Money is in ten-thousandths. A measure that the data cannot
    give for the view is null: cost and discount without their column, returns by a dimension that they do not carry.
    Rows come in the order of the members.
    """
    days = periods.bucket_of_days(filters.period, grain, data.calendar)
    base_days = None
    if filters.base:
        base_days = periods.base_bucket_of_days(
            filters.base, filters.period, filters.comparison.mode, grain, data.calendar
        )
    out = {}
    for request in dict.fromkeys(requests):
        where = filters.without(request.without).where
        now = _reduce(data, where, filters.period, days, request)
        if request.by == (DAY,):
            out[request] = now.drop("customers", "new_customers", "repeat_customers").sort(DAY)
            continue
        measures = list(MEASURES)
        if base_days is None or filters.base is None or not request.compared:
            both = now.with_columns(pl.lit(None, pl.Int64).alias(f"{name}_base") for name in measures)
        else:
            base = _reduce(data, where, filters.base, base_days, request)
            base = base.rename({name: f"{name}_base" for name in measures})
            if request.by:
                both = now.join(base, on=list(request.by), how="full", coalesce=True, nulls_equal=True)
                filled = [name for name in both.columns if name not in request.by]
                both = both.with_columns(pl.col(filled).fill_null(0))
            else:
                both = pl.concat([now, base], how="horizontal")
            absent = _absent(data, where, request.by)
            both = both.with_columns(pl.lit(None, pl.Int64).alias(n + s) for n in absent for s in ("", "_base"))
        both = both.with_columns(pl.lit(None, pl.Int64).alias(n) for n in _absent(data, where, request.by))
        out[request] = both.sort(request.by) if request.by else both
    return out


def _absent(data: Dataset, where: Where, by: tuple[str, ...]) -> list[str]:
    absent = [name for name in ("cost", "discount") if not data.has(name)]
    needed = {name for name, _ in where} | (set(by) - {BUCKET, DAY, BUYER, WEEKDAY})
    if data.returns is None or not needed <= set(data.returns.columns) or BUYER in by:
        absent += ["returned_units", "returned_amount"]
    return absent


def _reduce(data: Dataset, where: Where, period: Period, days: pl.DataFrame, request: Totals) -> pl.DataFrame:
    frame = data.lines.filter(between(period))
    condition = kept(where)
    if condition is not None:
        frame = frame.filter(condition)
    people = data.customers.lazy().select("first_on", "second_on").with_row_index("customer")
    frame = frame.join(people, on="customer", how="left").join(days.lazy(), on="day", how="left")
    ends = days.group_by(BUCKET).agg(pl.col(DAY).max().alias("bucket_end")).lazy()
    frame = frame.join(ends, on=BUCKET, how="left")
    known = pl.col("customer") != 0
    first_bucket = days.lazy().rename({DAY: "first_on", BUCKET: "first_bucket"})
    frame = frame.join(first_bucket, on="first_on", how="left")
    is_new = pl.col("first_bucket").is_not_null()
    end = pl.lit(period.end)
    if BUCKET in request.by:
        is_new = pl.col("first_bucket").eq_missing(pl.col(BUCKET))
        end = pl.col("bucket_end")
    if BUYER in request.by:
        kind = pl.when(~known).then(pl.lit(BUYERS[2])).when(is_new).then(pl.lit(BUYERS[0])).otherwise(pl.lit(BUYERS[1]))
        frame = frame.with_columns(kind.cast(pl.Enum(BUYERS)).alias(BUYER))
    weekday = (pl.col(DAY).dt.weekday().cast(pl.Int32) - 1).alias(WEEKDAY)
    frame = frame.with_columns(weekday)
    own = [name for name in request.by if name in data.segments]
    frame = frame.with_columns(pl.when(known).then(pl.col(name)).alias(name) for name in own)
    zero = pl.lit(0, pl.Int64)
    aggregates = [
        pl.len().cast(pl.Int64).alias("lines"),
        pl.col("quantity").cast(pl.Int64).sum().alias("units"),
        (pl.col("discount").sum() if data.has("discount") else zero.first()).alias("discount"),
        pl.col("revenue").sum(),
        (pl.col("cost").sum() if data.has("cost") else zero.first()).alias("cost"),
        pl.col("order").n_unique().cast(pl.Int64).alias("orders"),
        pl.col("customer").filter(known).n_unique().cast(pl.Int64).alias("customers"),
        pl.col("revenue").filter(known).sum().alias("known_revenue"),
        pl.col("order").filter(known).n_unique().cast(pl.Int64).alias("known_orders"),
        pl.col("customer").filter(known & is_new).n_unique().cast(pl.Int64).alias("new_customers"),
        pl.col("customer")
        .filter(known & (pl.col("second_on") <= end))
        .n_unique()
        .cast(pl.Int64)
        .alias("repeat_customers"),
    ]
    by = list(request.by)
    sold = (frame.group_by(by).agg(aggregates) if by else frame.select(aggregates)).collect()
    if "returned_units" in _absent(data, where, request.by) or data.returns is None:
        null = pl.lit(None, pl.Int64)
        return sold.with_columns(null.alias("returned_units"), null.alias("returned_amount"))
    back = data.returns.lazy().filter(between(period)).with_columns((pl.col(DAY).dt.weekday().cast(pl.Int32) - 1).alias(WEEKDAY))
    if condition is not None:
        back = back.filter(condition)
    sums = [
        pl.col("quantity").cast(pl.Int64).sum().alias("returned_units"),
        pl.col("amount").sum().alias("returned_amount"),
    ]
    back = back.join(days.lazy(), on="day", how="left")
    if not by:
        return pl.concat([sold, back.select(sums).collect()], how="horizontal")
    returned = back.group_by(by).agg(sums).collect()
    joined = sold.join(returned, on=by, how="full", coalesce=True)
    return joined.with_columns(pl.col(MEASURES).fill_null(0))
