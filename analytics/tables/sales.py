"""The tables of the Sales performance page."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from analytics import formats, lines, periods
from analytics.dataset import Dataset
from analytics.dates import short_month_texts
from analytics.dimensions import levels, others, set_free_by
from analytics.evaluation import value
from analytics.filters import Filters
from analytics.lines import Totals
from analytics.metrics import METRICS
from analytics.tables.ledger import Ledger, ledger
from analytics.tables.spine import comparable, on_spine

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def heatmap_rows(cells: pl.DataFrame, name: str, currency: str) -> pl.DataFrame:
    """One row per cell: first and last day of its month in the period, column and row (text) with ranks, value, text.

    Takes the cells of `sales.heatmap`. More than 24 months are shown by the latest 24.
    """
    latest = cells["start"].unique().sort().tail(24)
    table = cells.filter(pl.col("start").is_in(latest.implode())).select(
        "first",
        "last",
        pl.col("start").alias("month"),
        short_month_texts("start").alias("column"),
        pl.col("start").rank("dense").cast(pl.Int64).alias("column_rank"),
        pl.col("weekday").cast(pl.Int64).replace_strict(dict(enumerate(WEEKDAYS)), return_dtype=pl.String).alias("row"),
        pl.col("weekday").cast(pl.Int64).alias("row_rank"),
        pl.col("weekday"),
        "value",
    )
    texts = [formats.text(v, METRICS[name].unit, currency) for v in table["value"]]
    return table.with_columns(pl.Series("text", texts, pl.String)).sort("column_rank", "row_rank")


@dataclass(frozen=True)
class SalesTables:
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


def sales(data: Dataset, filters: Filters, grain: str) -> SalesTables:
    """All tables of the page for one view."""
    totals, trend, days = Totals(), Totals(("bucket",)), Totals(("day",))
    names = (*levels(data, "geography"), *levels(data, "product"), *others(data))
    parts = {name: Totals((name,), set_free_by(name)) for name in names}
    result = lines.page(data, filters, [totals, trend, days, *parts.values()], grain=grain)
    spine = periods.buckets(filters.period, grain, data.calendar)
    return SalesTables(
        totals=result[totals],
        trend=comparable(on_spine(result[trend], result[totals], spine), filters, grain, data.calendar),
        days=result[days],
        breakdowns={name: result[request] for name, request in parts.items()},
        ledger=ledger(data, result[totals]),
    )


def heatmap(data: Dataset, filters: Filters, metric: str, page: SalesTables) -> pl.DataFrame:
    """One row per month and weekday that the period has: the columns of `periods.buckets` by month, weekday (Int32,
    Monday 0), days (Int32, how many there are), value (Float64, the metric; null where it is undefined).

    `page` holds the same view's tables: what adds up is summed from its days, orders too, as each has one day. Distinct
    customers do not add up, so they are counted anew for each cell.
    """
    calendar, spine = periods.weekdays_by_month(filters.period, data.calendar)
    measures = list(METRICS[metric].measures)
    if set(measures) <= set(page.days.columns):
        known = [name for name in measures if page.totals[name].null_count() == 0]
        untold = [pl.lit(None, pl.Int64).alias(name) for name in measures if name not in known]
        cells = page.days.join(calendar, on="day").group_by("bucket", "weekday").agg(pl.col(known).sum(), *untold)
        totals = page.totals
    else:
        by_cell, by_nothing = Totals(("bucket", "weekday"), compared=False), Totals(compared=False)
        counted = lines.page(data, filters, [by_cell, by_nothing], grain="month")
        cells, totals = counted[by_cell], counted[by_nothing]
    result = on_spine(cells, totals, spine, on=("bucket", "weekday"))
    return result.select(
        "bucket", "start", "end", "first", "last", "label", "whole", "weekday", "days", value(metric).alias("value")
    )
