"""What each card of a view shows: rows and takeaway, remembered per view.

A view is a frozen value, so a rerun that changes nothing of it reads its cards here without touching a query. The rows
are shared and never changed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from analytics import dimensions, sentences
from analytics.metrics import METRICS, headlines, missing
from analytics.metrics import value as metric_value
from analytics.places import map_ids
from analytics.tables import views
from analytics.tables.customer import Customers
from analytics.tables.ledger import Ledger
from analytics.tables.sales import Sales
from ui import queries
from ui.caching import remembered
from ui.sidebar import View

MOST_BARS: Final = 10
"""Members of a dimension that are drawn; the table has them all."""

SPENDING: Final = {"aov": "Per order", "revenue_per_customer": "Per customer"}
"""Metrics of what is spent in an order and by a customer."""

SEGMENT_COLUMNS: Final = 3
"""Columns in which customer attributes stand side by side."""


@dataclass(frozen=True, eq=False)
class Content:
    """A card's rows, in the order drawn, and its takeaway as plain text."""

    rows: pl.DataFrame
    takeaway: str


@dataclass(frozen=True)
class Tile:
    """One KPI of a view; `spark` has a value for every whole bucket."""

    metric: str
    now: float | None
    base: float | None
    change: float | None
    spark: tuple[float, ...]


def sales(view: View) -> Sales:
    """The tables of the Sales performance page."""
    return queries.sales(view.source, view.filters, view.grain)


def customers(view: View) -> Customers:
    """The tables of the Customer insights page."""
    return queries.customers(view.source, view.filters, view.grain)


@remembered
def summary(view: View, page: str, names: tuple[str, ...]) -> tuple[list[Tile], Ledger]:
    """The KPI tiles of a page, those that the data can give, and its reconciliation."""
    data = queries.dataset(view.source)
    found = sales(view) if page == "sales" else customers(view)
    given = [name for name in names if missing(METRICS[name], data) is None]
    whole = found.trend.filter("whole").select(metric_value(name).fill_null(0) for name in given)
    series = {name: tuple(whole[name]) if whole.height > 2 else () for name in given}
    heads = headlines(found.totals, given)
    return [Tile(name, *heads[name], series[name]) for name in given], found.ledger


@remembered
def trend(view: View) -> Content:
    """The view's metric over time."""
    data, found = queries.dataset(view.source), sales(view)
    said = sentences.trend(found.totals, found.trend, view.metric, data.currency, view.filters, view.grain)
    comparison = view.filters.comparison
    a_year = views.A_YEAR.get(view.grain, 0) if comparison.refused and comparison.mode != "previous_period" else 0
    return Content(views.trend(found.trend, view.metric, data.currency, own_base=a_year), said)


@remembered
def growth(view: View) -> Content:
    """The change of each whole bucket."""
    rows = trend(view).rows
    return Content(rows, sentences.growth(rows, view.metric))


@remembered
def revenue_and_orders(view: View) -> Content:
    """Revenue and orders over the same buckets."""
    currency, found = queries.dataset(view.source).currency, sales(view)
    rows = views.paired(found.trend, "revenue", "orders", currency)
    return Content(rows, sentences.volume_and_value(found.totals, currency))


@remembered
def breakdown(view: View, page: str, dimension: str, metric: str) -> Content:
    """Every member of a dimension with a metric, best first."""
    data = queries.dataset(view.source)
    frame = (sales(view) if page == "sales" else customers(view)).breakdowns[dimension]
    rows = views.breakdown(frame, dimension, metric, kept=view.filters.members(dimension))
    plural = dimensions.dimension(dimension, data).plural
    return Content(rows, sentences.breakdown(rows, metric, data.currency, plural))


@remembered
def bars(view: View, page: str, dimension: str, metric: str) -> pl.DataFrame:
    """The first members of a dimension, as drawn."""
    rows = breakdown(view, page, dimension, metric).rows.head(MOST_BARS)
    return views.bars(rows, metric, queries.dataset(view.source).currency)


@remembered
def world(view: View) -> tuple[Content, list[tuple[str, str]]]:
    """Countries with their id on the map, and those that it cannot place with their value in words."""
    found = breakdown(view, "sales", "country", view.metric)
    rows = views.bars(found.rows, view.metric, queries.dataset(view.source).currency)
    placed = rows.join(map_ids(rows["member"]), left_on="member", right_on="name", how="left", maintain_order="left")
    unplaced = placed.filter(pl.col("id").is_null()).select("member", "text").head(12)
    return Content(placed.drop_nulls("id"), found.takeaway), list(unplaced.iter_rows())


@remembered
def heatmap(view: View) -> Content:
    """The view's metric by weekday and month."""
    currency = queries.dataset(view.source).currency
    cells = queries.heatmap(view.source, view.filters, view.grain, view.metric)
    rows = views.heatmap(cells, view.metric, currency)
    return Content(rows, sentences.heatmap(rows, view.metric, currency))


@remembered
def movers(view: View) -> Content:
    """The products that moved the view's metric most."""
    currency = queries.dataset(view.source).currency
    table = breakdown(view, "sales", "product", view.metric).rows
    said = sentences.movers(table, view.metric, currency, "products")
    return Content(views.movers(table, view.metric, currency), said)


@remembered
def customer_mix(view: View) -> Content:
    """Revenue of new, returning and unknown customers per bucket."""
    currency, found = queries.dataset(view.source).currency, customers(view)
    rows = views.customer_mix(found.trend, currency)
    return Content(rows, sentences.new_and_returning(found.trend, currency, view.grain))


@remembered
def per_customer(view: View) -> Content:
    """Customers and revenue per customer over the same buckets."""
    currency, found = queries.dataset(view.source).currency, customers(view)
    rows = views.paired(found.trend, "customers", "revenue_per_customer", currency)
    return Content(rows, sentences.reach_and_value(found.totals, currency))


@remembered
def top_customers(view: View, by: str) -> Content:
    """The best customers by revenue, orders or units."""
    ranking = customers(view).top[by]
    said = sentences.ranking(ranking, by, queries.dataset(view.source).currency)
    return Content(views.top_customers(ranking), said)


@remembered
def behaviour(view: View, metric: str) -> Content:
    """How customers of each place buy, per bucket."""
    currency, cells = queries.dataset(view.source).currency, customers(view).country_time
    if cells.is_empty():
        return Content(cells, "")
    return Content(views.behaviour(cells, metric, currency), sentences.behaviour(cells, metric, currency))


@remembered
def segment(view: View, name: str) -> Content:
    """The groups of one customer attribute with the view's metric."""
    frame = customers(view).segments.filter(pl.col("segment") == name)
    currency, kept = queries.dataset(view.source).currency, view.filters.members(name)
    return Content(views.segment(frame, view.metric, currency, kept=kept), "")


@remembered
def spending(view: View, level: str) -> pl.DataFrame:
    """Average revenue of the first members of a product level, per order and per customer, one below the other."""
    parts = {name: bars(view, "customers", level, name) for name in SPENDING}
    (rows,) = views.groups(parts, SPENDING, 1)
    return rows


@remembered
def segment_columns(view: View) -> list[pl.DataFrame]:
    """The groups of all customer attributes, as the columns of one card."""
    data = queries.dataset(view.source)
    parts = {name: segment(view, name).rows for name in data.segments}
    return views.groups(parts, dimensions.labels(data), SEGMENT_COLUMNS)


@remembered
def segments_takeaway(view: View) -> str:
    """What stands out among all customer attributes."""
    data = queries.dataset(view.source)
    return sentences.segments(customers(view).segments, view.metric, data.currency, dimensions.labels(data))
