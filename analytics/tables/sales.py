"""The tables of the Sales performance page."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from analytics import lines, periods
from analytics.dataset import Dataset
from analytics.dimensions import levels, others, set_free_by
from analytics.filters import Filters
from analytics.lines import Totals
from analytics.metrics import value
from analytics.tables.ledger import Ledger, ledger
from analytics.tables.spine import comparable, on_spine


@dataclass(frozen=True)
class Sales:
    """Everything the page shows, as measures: a metric is evaluated from them without another query."""

    totals: pl.DataFrame
    """One row: MEASURES and the same of the base, ending in `_base`."""
    trend: pl.DataFrame
    """One row per bucket of the period: the columns of `periods.buckets`, then measures; 0 where nothing was sold.
    The base is null where a bucket meets none."""
    days: pl.DataFrame
    """One row per day with sales or returns: day, the measures that add up over days (no customers), no base."""
    breakdowns: dict[str, pl.DataFrame]
    """Dimension -> one row per member: the member in the column named like the dimension (Enum), then measures."""
    ledger: Ledger


def sales(data: Dataset, filters: Filters, grain: str) -> Sales:
    """All tables of the page for one view."""
    totals, trend, days = Totals(), Totals(("bucket",)), Totals(("day",))
    names = (*levels(data, "geography"), *levels(data, "product"), *others(data))
    parts = {name: Totals((name,), set_free_by(name)) for name in names}
    found = lines.page(data, filters, [totals, trend, days, *parts.values()], grain=grain)
    spine = periods.buckets(filters.period, grain, data.calendar)
    return Sales(
        totals=found[totals],
        trend=comparable(on_spine(found[trend], found[totals], spine), filters, grain, data.calendar),
        days=found[days],
        breakdowns={name: found[request] for name, request in parts.items()},
        ledger=ledger(data, found[totals]),
    )


def heatmap(data: Dataset, filters: Filters, metric: str) -> pl.DataFrame:
    """One row per month and weekday that the period has: the columns of `periods.buckets` by month, weekday (Int32,
    Monday 0), days (Int32, how many there are), value (Float64, the metric; null where it is undefined).

    Distinct customers do not add up over days, so they are counted anew for each cell.
    """
    cells, totals = Totals(("bucket", "weekday"), compared=False), Totals(compared=False)
    found = lines.page(data, filters, [cells, totals], grain="month")
    weekday = (pl.col("day").dt.weekday().cast(pl.Int32) - 1).alias("weekday")
    days = periods.bucket_of_days(filters.period, "month", data.calendar)
    spine = (
        days.group_by("bucket", weekday)
        .agg(pl.len().cast(pl.Int32).alias("days"))
        .join(periods.buckets(filters.period, "month", data.calendar), on="bucket")
        .sort("bucket", "weekday")
    )
    return on_spine(found[cells], found[totals], spine, on=("bucket", "weekday")).select(
        "bucket", "start", "end", "first", "last", "label", "whole", "weekday", "days", value(metric).alias("value")
    )
