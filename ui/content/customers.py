"""What the cards of Customer insights show."""

from __future__ import annotations

from typing import Final

import polars as pl

from analytics import dimensions
from analytics.metrics import METRICS
from analytics.sentences import customers as customers_sentences
from analytics.tables import attributes
from analytics.tables import breakdown as breakdown_tables
from analytics.tables import customers as tables
from analytics.tables import trend as trend_tables
from ui import queries
from ui.caching import remembered
from ui.content import dashboards
from ui.content.remembered import Content
from ui.sidebar import View

SPENDING: Final = {"aov": "Per order", "revenue_per_customer": "Per customer"}
"""Metrics of what is spent in an order and by a customer."""

SEGMENT_COLUMNS: Final = 3
"""Columns in which customer attributes stand side by side."""


@remembered
def customer_mix(view: View) -> Content:
    """Revenue of new, returning and unknown customers per bucket."""
    currency, page_tables = queries.dataset(view.source).currency, dashboards.customers(view)
    rows = tables.customer_mix(page_tables.trend, currency)
    return Content(rows, customers_sentences.new_and_returning(page_tables.trend, currency, view.grain))


@remembered
def per_customer(view: View) -> Content:
    """Customers and revenue per customer over the same buckets."""
    currency, page_tables = queries.dataset(view.source).currency, dashboards.customers(view)
    rows = trend_tables.paired(page_tables.trend, "customers", "revenue_per_customer", currency)
    return Content(rows, customers_sentences.reach_and_value(page_tables.totals, currency))


@remembered
def top_customers(view: View, by: str) -> Content:
    """The best customers by revenue, orders or units."""
    ranking = dashboards.customers(view).top[by]
    takeaway = customers_sentences.ranking(ranking, by, queries.dataset(view.source).currency)
    return Content(tables.top_customers(ranking), takeaway)


@remembered
def behaviour(view: View, metric: str) -> Content:
    """How customers of each place buy, per bucket."""
    currency, cells = queries.dataset(view.source).currency, dashboards.customers(view).country_time
    if cells.is_empty():
        return Content(cells, "")
    return Content(tables.behaviour(cells, metric, currency), customers_sentences.behaviour(cells, metric, currency))


@remembered
def segment(view: View, name: str) -> Content:
    """The groups of one customer attribute with the view's metric."""
    frame = dashboards.customers(view).segments.filter(pl.col("segment") == name)
    currency, kept = queries.dataset(view.source).currency, view.filters.members(name)
    return Content(tables.segment(frame, view.metric, currency, kept=kept), "")


@remembered
def spending(view: View, level: str) -> pl.DataFrame:
    """Average revenue of the first members of a product level, per order and per customer, one below the other."""
    parts = {name: dashboards.bars(view, "customers", level, name) for name in SPENDING}
    (rows,) = breakdown_tables.groups(parts, SPENDING, 1)
    return rows


@remembered
def segment_columns(view: View) -> list[pl.DataFrame]:
    """The groups of all customer attributes, as the columns of one card."""
    data = queries.dataset(view.source)
    parts = {name: segment(view, name).rows for name in data.segments}
    return breakdown_tables.groups(parts, dimensions.labels(data), SEGMENT_COLUMNS)


@remembered
def segments_takeaway(view: View) -> str:
    """What stands out among the customer attributes; one that is filtered is drawn with all its groups, and is not
    spoken of."""
    data = queries.dataset(view.source)
    filtered = [name for name in data.segments if view.filters.members(name)]
    if len(filtered) == len(data.segments):
        return "All customer attributes are filtered: their other groups are drawn beside the chosen ones."
    table = dashboards.customers(view).segments.filter(~pl.col("segment").is_in(filtered))
    ratio = METRICS[view.metric].kind == "ratio"
    apart = attributes.apart(data, view.filters, view.metric) if ratio else None
    return customers_sentences.segments(table, view.metric, data.currency, dimensions.labels(data), apart=apart)
