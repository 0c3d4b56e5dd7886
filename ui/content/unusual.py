"""Unusual days of a view: the marks on every trend, and what made them."""

from __future__ import annotations

from datetime import date
from functools import partial

import polars as pl

from analytics.filters import Filters
from analytics.periods import Comparison, Period
from analytics.sentences import unusual as unusual_sentences
from analytics.tables import unusual
from ui import queries
from ui.caching import remembered
from ui.content import customers as customers_content
from ui.content import dashboards
from ui.content import sales as sales_content
from ui.content.remembered import Content
from ui.queries import VersionKey
from ui.sidebar import View


@remembered
def _days(source: VersionKey, filters: Filters) -> pl.DataFrame:
    return unusual.days(queries.dataset(source), filters)


@remembered
def _empty(source: VersionKey) -> frozenset[date]:
    data = queries.dataset(source)
    every = Filters(Period(data.first_day, data.last_day), Comparison("none", None), ())
    return unusual.empty_days(data, _days(source, every))


@remembered
def _explained(source: VersionKey, filters: Filters, metric: str) -> pl.DataFrame:
    data = queries.dataset(source)
    sold = _sold(source, filters, _days(source, filters))
    unusual_days = unusual.unusual(sold, filters.period, metric, data.currency, data.last_day, partial(_empty, source))
    return unusual.explained(data, filters, unusual_days, metric)


def _sold(source: VersionKey, filters: Filters, inside: pl.DataFrame) -> pl.DataFrame:
    before = unusual.before(queries.dataset(source), filters)
    if before is None:
        return inside
    return pl.concat([_days(source, before), inside], how="vertical_relaxed")


@remembered
def _found(view: View, metric: str, page: str) -> pl.DataFrame:
    data = queries.dataset(view.source)
    inside = dashboards.sales(view).days if page == "sales" else _days(view.source, view.filters)
    sold = _sold(view.source, view.filters, inside)
    found = unusual.unusual(
        sold, view.filters.period, metric, data.currency, data.last_day, partial(_empty, view.source)
    )
    return found.filter(~pl.col("closed"))


@remembered
def days(view: View) -> tuple[Content, str]:
    """Days of the period that fell out of line with what made them, and the metric they are judged by."""
    metric = unusual.metric_for(view.metric)
    rows = _explained(view.source, view.filters, metric)
    data, sold = queries.dataset(view.source), _sold(view.source, view.filters, _days(view.source, view.filters))
    judged = unusual.judged_days(sold, view.filters.period, metric, data.last_day)
    return Content(rows, unusual_sentences.unusual(rows, metric, *judged)), metric


def _of_its_own(found: pl.DataFrame, metric: str) -> pl.DataFrame:
    """Unusual days that are marked on a metric's own line. Days are judged by what adds up over them: on the line of
    another metric, such as the margin, a mark would say of that one what is true of revenue."""
    return found.filter(~pl.col("closed")) if unusual.metric_for(metric) == metric else found.clear()


@remembered
def trend(view: View) -> Content:
    """The view's metric over time, buckets with unusual days marked."""
    shown, spans = sales_content.trend(view), dashboards.sales(view).trend
    marks = _of_its_own(_found(view, view.metric, "sales"), view.metric)
    takeaway = unusual_sentences.marks(marks, view.metric)
    return Content(unusual.marked(shown.rows, marks, spans), f"{shown.takeaway} {takeaway}".strip())


def trend_days(view: View) -> pl.Series:
    """The unusual days of each bucket of the trend in words, with the members that made them."""
    content, _ = days(view)
    rows = _of_its_own(content.rows, view.metric)
    return unusual.in_words(rows, trend(view).rows)["odd_text"].alias("unusual")


@remembered
def revenue_and_orders(view: View) -> pl.DataFrame:
    """Revenue and orders over time, each with its own unusual days."""
    rows, spans = sales_content.revenue_and_orders(view).rows, dashboards.sales(view).trend
    for name, metric in (("upper", "revenue"), ("lower", "orders")):
        rows = unusual.marked(rows, _found(view, metric, "sales"), spans, at=name, prefix=f"{name}_")
    return rows


@remembered
def customer_mix(view: View) -> pl.DataFrame:
    """Revenue by kind of customer over time, a mark above each bar with days of unusual revenue."""
    rows, spans = customers_content.customer_mix(view).rows, dashboards.customers(view).trend
    rows = unusual.marked(rows, _found(view, "revenue", "customers"), spans)
    return rows.with_columns(
        pl.when((pl.col("rank") == 0) & pl.col("odd_text").is_not_null()).then(pl.col("value").sum().over("start"))
        .alias("odd")
    )  # fmt: skip


@remembered
def per_customer(view: View) -> pl.DataFrame:
    """Customers and what each brings over time; customers bear the marks of days with unusual orders."""
    rows, spans = customers_content.per_customer(view).rows, dashboards.customers(view).trend
    rows = unusual.marked(rows, _found(view, "orders", "customers"), spans, at="upper", prefix="upper_")
    return rows.with_columns(
        pl.lit(None, pl.Float64).alias("lower_odd"), pl.lit(None, pl.String).alias("lower_odd_text")
    )


def history(
    source: VersionKey, filters: Filters, metric: str, rows: pl.DataFrame, spans: pl.DataFrame, at: str
) -> pl.DataFrame:
    """Rows of a chart over the whole history up to the period's end, with its unusual days; see `unusual.marked`."""
    data = queries.dataset(source)
    end = min(max(filters.period.end, data.first_day), data.last_day)
    past = Filters(Period(data.first_day, end), filters.comparison, filters.where)
    sold = _days(source, past)
    unusual_days = unusual.unusual(sold, past.period, metric, data.currency, data.last_day, partial(_empty, source))
    return unusual.marked(rows, _of_its_own(unusual_days, metric), spans, at=at)
