"""What the cards of Sales performance show."""

from __future__ import annotations

import polars as pl

from analytics.grains import GRAINS
from analytics.periods import Period
from analytics.places import map_ids
from analytics.sentences import sales as sales_sentences
from analytics.tables import breakdown as breakdown_tables
from analytics.tables import sales as tables
from analytics.tables import trend as trend_tables
from ui import queries
from ui.caching import remembered
from ui.content import dashboards
from ui.content.remembered import Content
from ui.sidebar import View


@remembered
def trend(view: View) -> Content:
    """The view's metric over time."""
    data, page = queries.dataset(view.source), dashboards.sales(view)
    takeaway = sales_sentences.trend(page.totals, page.trend, view.metric, data.currency, view.filters, view.grain)
    comparison = view.filters.comparison
    a_year = GRAINS[view.grain].in_a_year if comparison.refused and comparison.mode != "previous_period" else 0
    return Content(trend_tables.trend(page.trend, view.metric, data.currency, own_base=a_year), takeaway)


@remembered
def growth(view: View) -> Content:
    """The change of each whole bucket."""
    rows = trend(view).rows
    return Content(rows, sales_sentences.growth(rows, view.metric, view.grain))


@remembered
def revenue_and_orders(view: View) -> Content:
    """Revenue and orders over the same buckets."""
    currency, page_tables = queries.dataset(view.source).currency, dashboards.sales(view)
    rows = trend_tables.paired(page_tables.trend, "revenue", "orders", currency)
    return Content(rows, sales_sentences.volume_and_value(page_tables.totals, currency))


@remembered
def world(view: View) -> tuple[Content, list[tuple[str, str]]]:
    """Countries with their id on the map, and those that it cannot place with their value in words."""
    breakdown = dashboards.breakdown(view, "sales", "country", view.metric)
    rows = breakdown_tables.bars(breakdown.rows, view.metric, queries.dataset(view.source).currency)
    placed = rows.join(map_ids(rows["member"]), left_on="member", right_on="name", how="left", maintain_order="left")
    unplaced = placed.filter(pl.col("id").is_null()).select("member", "text").head(12)
    return Content(placed.drop_nulls("id"), breakdown.takeaway), list(unplaced.iter_rows())


@remembered
def heatmap(view: View) -> Content:
    """The view's metric by weekday and month."""
    data, period = queries.dataset(view.source), view.filters.period
    cells = queries.heatmap(view.source, view.filters, view.grain, view.metric)
    rows = tables.heatmap_rows(cells, view.metric, data.currency)
    # A long period is shown by its latest months, so that its earlier days count for nothing here.
    first = max(period.start, data.first_day, *rows["first"].head(1))
    with_data = Period(first, min(period.end, data.last_day))
    return Content(rows, sales_sentences.heatmap(rows, view.metric, data.currency, with_data))


@remembered
def movers(view: View) -> Content:
    """The products that moved the view's metric most."""
    currency = queries.dataset(view.source).currency
    table = dashboards.breakdown(view, "sales", "product", view.metric).rows
    takeaway = sales_sentences.movers(table, view.metric, currency, "products")
    return Content(breakdown_tables.movers(table, view.metric, currency), takeaway)
