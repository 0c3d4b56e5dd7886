"""What the cards of Products show: classes, growth, stages of life, profit, and what stands out."""

from __future__ import annotations

import polars as pl

from analytics import dimensions
from analytics.filters import Filters
from analytics.sentences import products as products_sentences
from analytics.tables import prices
from analytics.tables.products import abc as abc_tables
from analytics.tables.products import life as life_tables
from analytics.tables.products import matrix as matrix_tables
from ui import queries
from ui.caching import remembered
from ui.content import affinity as affinity_content
from ui.content import prices as prices_content
from ui.content import returns as returns_content
from ui.content.remembered import Content, NotShown
from ui.queries import VersionKey
from ui.sidebar import View


@remembered
def _life(source: VersionKey, filters: Filters) -> pl.DataFrame:
    return life_tables.product_life(queries.dataset(source), filters)


@remembered
def pareto(view: View, level: str) -> tuple[Content, pl.DataFrame, pl.DataFrame]:
    """The Pareto curve, every item with its class, and the classes."""
    data = queries.dataset(view.source)
    table = abc_tables.classes(queries.sums(view.source, view.filters, (level,)), level)
    by_class = abc_tables.by_class(table)
    plural = dimensions.dimension(level, data).plural
    return Content(abc_tables.curve(table, data.currency), products_sentences.abc(by_class, plural)), table, by_class


@remembered
def growth_matrix(view: View, level: str) -> Content:
    """Growth against share."""
    data = queries.dataset(view.source)
    table = matrix_tables.matrix(queries.sums(view.source, view.filters, (level,)), level, data.currency)
    return Content(table, products_sentences.matrix(table, dimensions.dimension(level, data).plural, data.currency))


@remembered
def profits(view: View, level: str) -> Content:
    """Profit of a level's members, those that lose most first: member, revenue, profit, margin, moved, texts."""
    currency = queries.dataset(view.source).currency
    rows = matrix_tables.profit(queries.sums(view.source, view.filters, (level,)), level, currency)
    return Content(
        rows,
        products_sentences.profit(rows, dimensions.dimension(level, queries.dataset(view.source)).plural, currency),
    )


@remembered
def life(view: View) -> tuple[Content, pl.DataFrame]:
    """Products by stage of life, and every product."""
    currency = queries.dataset(view.source).currency
    table = _life(view.source, view.filters)
    stages = life_tables.by_stage(table)
    rows = life_tables.bars(stages, currency)
    return Content(rows, products_sentences.product_life(stages, table, currency)), table


@remembered
def product_findings(view: View, support: float) -> list[str]:
    """At most five findings of the page."""
    data = queries.dataset(view.source)
    level = next((name for name in ("subcategory", "category", "product") if data.has(name)), "product")
    losing = profits(view, level).rows if data.has("cost") else pl.DataFrame(schema={"profit": pl.Float64})
    back = returns_content.returned(view)
    table = affinity_content.strongest(view, "product", support).rows
    groups = prices_content.elasticities(view, prices.Scope("", ""))
    return products_sentences.product_findings(
        losing, life(view)[1], None if isinstance(back, NotShown) else back, table, groups, data.currency
    )
