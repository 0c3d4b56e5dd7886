"""What the cards of the Products and pricing page show: rows and takeaway, remembered per view."""

from __future__ import annotations

import polars as pl
import streamlit as st

from analytics import dimensions, lines
from analytics import sentences_products as sentences
from analytics.filters import Filters
from analytics.models.elasticity import Elasticity
from analytics.tables import abc, affinity, matrix, prices, product_life
from analytics.tables import returns as return_tables
from ui import queries, unusual_content
from ui.caching import remembered
from ui.content import Content
from ui.queries import Source
from ui.sidebar import View


@remembered
def _life(source: Source, filters: Filters) -> pl.DataFrame:
    return product_life.product_life(queries.dataset(source), filters)


@remembered
def _rules(source: Source, filters: Filters, level: str, least: int) -> pl.DataFrame:
    with st.spinner("Counting what is bought together …"):
        return affinity.rules(lines.pairs(queries.dataset(source), filters, level, least))


@remembered
def _orders(source: Source, filters: Filters) -> int:
    whole = lines.Totals(compared=False)
    return int(lines.page(queries.dataset(source), filters, [whole], grain="year")[whole]["orders"].item())


@remembered
def _price_months(source: Source, filters: Filters) -> pl.DataFrame:
    return prices.months(queries.dataset(source), filters)


@remembered
def _sold(source: Source, filters: Filters) -> prices.Now:
    return prices.now(queries.dataset(source), filters)


@remembered
def _returns(source: Source, filters: Filters) -> return_tables.Returns:
    data = queries.dataset(source)
    return return_tables.returns(data, filters, data.currency)


@remembered
def pareto(view: View, level: str) -> tuple[Content, pl.DataFrame, pl.DataFrame]:
    """The Pareto curve, every item with its class, and the classes."""
    data = queries.dataset(view.source)
    table = abc.classes(queries.sums(view.source, view.filters, (level,)), level)
    by_class = abc.by_class(table)
    plural = dimensions.dimension(level, data).plural
    return Content(abc.curve(table, data.currency), sentences.abc(by_class, plural)), table, by_class


@remembered
def growth_matrix(view: View, level: str) -> Content:
    """Growth against share."""
    data = queries.dataset(view.source)
    table = matrix.matrix(queries.sums(view.source, view.filters, (level,)), level, data.currency)
    return Content(table, sentences.matrix(table, dimensions.dimension(level, data).plural, data.currency))


@remembered
def profits(view: View, level: str) -> Content:
    """Profit of a level's members, those that lose most first: member, revenue, profit, margin, moved, texts."""
    currency = queries.dataset(view.source).currency
    rows = matrix.profit(queries.sums(view.source, view.filters, (level,)), level, currency)
    return Content(
        rows, sentences.profit(rows, dimensions.dimension(level, queries.dataset(view.source)).plural, currency)
    )


@remembered
def life(view: View) -> tuple[Content, pl.DataFrame]:
    """Products by stage of life, and every product."""
    currency = queries.dataset(view.source).currency
    table = _life(view.source, view.filters)
    stages = product_life.by_stage(table)
    rows = product_life.bars(stages, currency)
    return Content(rows, sentences.product_life(stages, table, currency)), table


def rules(view: View, level: str, support: float) -> tuple[pl.DataFrame, int, int]:
    """Every ordered pair bought together often enough, the orders of the view, and the orders that is."""
    count = _orders(view.source, view.filters)
    least = affinity.fewest(support, count)
    return _rules(view.source, view.filters, level, least), count, least


@remembered
def strongest(view: View, level: str, support: float) -> Content:
    """What is bought together most beyond chance."""
    table, orders, least = rules(view, level, support)
    return Content(affinity.strongest(table.filter(pl.col("least_lift") > 1)), sentences.affinity(table, orders, least))


@remembered
def offers(view: View, level: str, support: float, item: str) -> Content:
    """What to offer with an item."""
    found = affinity.offers(rules(view, level, support)[0], item)
    return Content(found, sentences.offers(found, item))


def scoped(view: View, scope: prices.Scope) -> Filters:
    """The view's filters narrowed to a scope."""
    return prices.narrowed(view.filters, scope)


@remembered
def price_history(view: View, scope: prices.Scope) -> Content:
    """Prices paid and discounts over the months."""
    currency = queries.dataset(view.source).currency
    filters = scoped(view, scope)
    rows = prices.history(_price_months(view.source, filters), currency)
    rows = rows.with_columns(pl.col("month").alias("start"))
    months = rows.select("start", pl.col("month").alias("first"), pl.col("month").dt.month_end().alias("last"))
    rows = unusual_content.history(view.source, filters, "units", rows, months, "units")
    return Content(rows, sentences.prices(rows, currency))


@remembered
def elasticity(view: View, scope: prices.Scope) -> Elasticity:
    """How units of a scope answer to price."""
    return prices.fit(_price_months(view.source, scoped(view, scope)))


@remembered
def elasticities(view: View, scope: prices.Scope) -> pl.DataFrame:
    """Elasticities inside a scope: of its products, or for everything of the subcategories."""
    months = _price_months(view.source, scoped(view, scope))
    data = queries.dataset(view.source)
    grouped = scope.level == "" and (data.has("subcategory") or data.has("category"))
    return prices.by_group(data, months) if grouped else prices.by_product(months)


def sold(view: View, scope: prices.Scope) -> prices.Now:
    """What a scope sold in the period."""
    return _sold(view.source, scoped(view, scope))


@remembered
def returned(view: View) -> return_tables.Returns | str:
    """The returns of the view, or why there are none to show."""
    why = return_tables.missing(queries.dataset(view.source), view.filters)
    return why or _returns(view.source, view.filters)


@remembered
def product_findings(view: View, support: float) -> list[str]:
    """At most five findings of the page."""
    data = queries.dataset(view.source)
    level = next((name for name in ("subcategory", "category", "product") if data.has(name)), "product")
    losing = profits(view, level).rows if data.has("cost") else pl.DataFrame(schema={"profit": pl.Float64})
    back = returned(view)
    table = strongest(view, "product", support).rows
    groups = elasticities(view, prices.Scope("", ""))
    return sentences.product_findings(
        losing, life(view)[1], None if isinstance(back, str) else back, table, groups, data.currency
    )
