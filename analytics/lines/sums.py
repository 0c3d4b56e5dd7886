"""`sums`: what adds up over lines, by any dimensions and months; no distinct counts, so any grouping is one pass."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import polars as pl

from analytics.dataset import NO_CUSTOMER, Dataset
from analytics.dimensions import HIERARCHIES
from analytics.filters import Filters, Where, between
from analytics.lines.conditions import kept
from analytics.lines.decimals import in_units
from analytics.lines.shape import shape
from analytics.periods import Period

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
    now = _sums(data, filters.where, keys, between(filters.period))
    compared = filters.base is not None and not {MONTH, "day"} & set(keys)
    if compared and filters.base is not None:
        base = _sums(data, filters.where, keys, between(filters.base)).rename({n: f"{n}_base" for n in ADDITIVE})
        found = now.join(base, on=keys, how="full", coalesce=True, nulls_equal=True) if keys else now.hstack(base)
    else:
        found = now.with_columns(pl.lit(None, now.schema[name]).alias(f"{name}_base") for name in ADDITIVE)
    absent = {name for name in ("cost", "discount") if not data.has(name)}
    fill = [
        pl.col(name + suffix).fill_null(0)
        for name in ADDITIVE
        if name not in absent
        for suffix in (("", "_base") if compared else ("",))
    ]
    found = in_units(found.with_columns(fill), data)
    order = [pl.col(key).to_physical() if isinstance(found.schema[key], pl.Enum) else pl.col(key) for key in keys]
    return found.sort(order, nulls_last=True, maintain_order=True) if keys else found


def on_days(data: Dataset, where: Where, days: Sequence[date], by: str) -> pl.DataFrame:
    """One row per day of `days` and member of a dimension with lines on it: day, the dimension, ADDITIVE."""
    return in_units(_sums(data, where, ["day", by], pl.col("day").is_in(list(days))), data)


def history(data: Dataset) -> Filters:
    """The filters that keep every line."""
    from analytics.periods import Comparison

    return Filters(Period(data.first_day, data.last_day), Comparison("none", None))


def _sums(data: Dataset, where: Where, keys: list[str], inside: pl.Expr) -> pl.DataFrame:
    condition = kept(where, data.members)
    frame = data.lines.filter(inside if condition is None else inside & condition)
    columns = [
        pl.len().cast(pl.Int64).alias("lines"),
        pl.col("quantity").cast(pl.Int64).sum().alias("units"),
        *(
            pl.col(name).cast(pl.Int64).sum() if data.has(name) else pl.lit(None, pl.Int64).alias(name)
            for name in ("discount", "revenue", "cost")
        ),
    ]
    if not keys:
        return frame.select(columns).collect()
    told = _told_by(keys)
    finest = [key for key in keys if key not in told]
    found = frame.group_by([_key(data, key) for key in finest]).agg(columns).collect()
    return found.with_columns(_parent(data, told[key], key, found) for key in told).select(*keys, *ADDITIVE)


def _told_by(keys: list[str]) -> dict[str, str]:
    """Level -> the finer level among the keys that tells it; grouping by the finer one alone is much faster."""
    told = {}
    for hierarchy in HIERARCHIES.values():
        present = [name for name in hierarchy if name in keys]
        told.update(dict.fromkeys(present[:-1], present[-1] if present else ""))
    return told


def _parent(data: Dataset, fine: str, wide: str, found: pl.DataFrame) -> pl.Series:
    codes = shape(data).parents(fine, wide, len(data.members[fine]))[found[fine].to_physical().to_numpy()]
    dtype = data.schema[wide]
    width = pl.Series([], dtype=dtype).to_physical().dtype
    return pl.Series(wide, codes, width).cat.to(dtype)


def _key(data: Dataset, key: str) -> pl.Expr:
    if key == MONTH:
        return pl.col("day").dt.truncate("1mo").alias(MONTH)
    if key in data.segments:
        return pl.when(pl.col("customer") != NO_CUSTOMER).then(pl.col(key)).alias(key)
    return pl.col(key)
