"""`sums`: what adds up over lines, by any dimensions and months; no distinct counts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.dataset import Dataset
from analytics.filters import Filters, Where
from analytics.lines.axes import Clock, day_number, derive, finest, label
from analytics.lines.decimals import in_units
from analytics.lines.engine import Reduction
from analytics.lines.page import Query, count, merge, query
from analytics.lines.requests import BUCKET, DAY, Totals
from analytics.lines.shape import shape
from analytics.periods import Comparison, Period

Array = NDArray[Any]

MONTH: Final = "month"
"""Column of months, Date, their first day."""

ADDITIVE: Final = ("lines", "units", "discount", "revenue", "cost")
"""Measures that a sum over lines gives."""


def sums(data: Dataset, filters: Filters, by: Sequence[str]) -> pl.DataFrame:
    """One row per combination of `by` (dimensions, `month`, `day`) that has lines in the period or its base.

    Columns: `by`, then ADDITIVE for the period and the same ending in `_base` for the base, Int64, money in
    ten-thousandths; null where there is no base and for cost or discount that the data lacks, 0 where one
    side has no lines. By month or day there is no base. Lines without a customer have null as customer attribute. Rows
    come in the order of the members, null last.
    """
    keys = list(by)
    periods = [filters.period]
    if filters.base is not None and not {MONTH, DAY} & set(keys):
        periods.append(filters.base)
    now, *base = SUMS(data, tuple(_query(data, filters.where, period, keys) for period in periods))
    absent = {name for name in ("cost", "discount") if not data.has(name)}
    found = now
    if base:
        other = base[0].rename({name: f"{name}_base" for name in ADDITIVE})
        found = now.join(other, on=keys, how="full", coalesce=True, nulls_equal=True) if keys else now.hstack(other)
    else:
        found = now.with_columns(pl.lit(None, now.schema[name]).alias(f"{name}_base") for name in ADDITIVE)
    present = [name + suffix for name in ADDITIVE if name not in absent for suffix in ("", "_base")[: len(periods)]]
    found = in_units(found.with_columns(pl.col(present).fill_null(0)), data)
    order = [pl.col(key).to_physical() if isinstance(found.schema[key], pl.Enum) else pl.col(key) for key in keys]
    return found.sort(order, nulls_last=True, maintain_order=True) if keys else found


def on_days(data: Dataset, where: Where, days: Sequence[date], by: Sequence[str]) -> dict[str, pl.DataFrame]:
    """Dimension -> one row per day of `days` and member with lines on it: day, the dimension, ADDITIVE."""
    period = Period(min(days), max(days)) if days else Period(data.first_day, data.first_day)
    found = SUMS(data, tuple(_query(data, where, period, [DAY, name], tuple(days)) for name in by))
    return {name: in_units(frame, data) for name, frame in zip(by, found, strict=True)}


def history(data: Dataset, until: date | None = None) -> Filters:
    """The filters that keep every line, or those up to a day."""
    return Filters(Period(data.first_day, until or data.last_day), Comparison("none", None))


def lives(data: Dataset, until: date) -> pl.DataFrame:
    """One row per product sold up to a day, on unfiltered history: product (Enum), first_day, last_day (Date),
    selling_days (Int64: distinct days with sales)."""
    days = sums(data, history(data, max(until, data.first_day)), ("product", DAY)).filter(pl.col(DAY) <= until)
    found = days.group_by("product").agg(
        pl.col(DAY).min().alias("first_day"),
        pl.col(DAY).max().alias("last_day"),
        pl.len().cast(pl.Int64).alias("selling_days"),
    )
    return found.sort(pl.col("product").to_physical())


def _query(data: Dataset, where: Where, period: Period, keys: list[str], days: tuple[date, ...] | None = None) -> Query:
    """Sums are asked for like a page's tables, with calendar months as buckets."""
    from analytics.lines.accumulators import SparseSums

    day = np.arange(day_number(period.start), day_number(period.end) + 1).astype("datetime64[D]")
    month = day.astype("datetime64[M]").astype(np.int64)
    clock = Clock(period, pl.DataFrame({BUCKET: month - month[0]}), int(month[-1] - month[0]) + 1)
    request = Totals(tuple(BUCKET if key == MONTH else key for key in keys))
    return query(data, where, clock, [request], (SparseSums,), days)


def _finish(data: Dataset, queries: tuple[Query, ...], counted: Any) -> list[pl.DataFrame]:
    return [_frame(data, asked, found) for asked, found in zip(queries, counted, strict=True)]


def _frame(data: Dataset, asked: Query, counted: dict[bool, list[Any]]) -> pl.DataFrame:
    (axes,) = asked.requests
    both = [accumulators[0] for accumulators in counted.values()]
    found = both[0] if len(both) == 1 else both[0].merge(both[1])
    keys, table = found.answer()
    if not axes and not keys.size:
        table = np.zeros((1, table.shape[1]), np.int64)
    fine = finest(axes, asked.clock)
    codes = dict(zip(fine, np.unravel_index(keys, [one.size for one in fine.values()]) if fine else (), strict=True))
    columns = []
    for one in axes:
        wider, code = derive(fine[one.family], one, shape(data), asked.clock), codes[one.family]
        columns.append(label(data, one, code if wider is None else wider[code], asked.clock.start))
        if one.name == BUCKET:
            months = np.datetime64(asked.clock.period.start, "M") + columns.pop().to_numpy()
            columns.append(pl.Series(MONTH, months.astype("datetime64[D]")))
    for name, values in zip(ADDITIVE, table.T, strict=True):
        absent = name in ("cost", "discount") and not data.has(name)
        columns.append(pl.Series(name, [None] * len(table) if absent else values, pl.Int64))
    return pl.DataFrame(columns)


SUMS: Reduction[tuple[Query, ...], Any, list[pl.DataFrame]] = Reduction(count, merge, _finish)
"""The sums of some queries, as a frame each."""
