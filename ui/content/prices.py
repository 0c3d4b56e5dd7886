"""What the price cards show: paid and discounted over time, and how units answer to price."""

from __future__ import annotations

import polars as pl

from analytics.filters import Filters
from analytics.models.elasticity import Elasticity
from analytics.sentences import prices as prices_sentences
from analytics.tables import prices
from ui import queries
from ui.caching import remembered
from ui.content import unusual as unusual_content
from ui.content.remembered import Content
from ui.queries import VersionKey
from ui.sidebar import View


@remembered
def _price_months(source: VersionKey, filters: Filters) -> prices.Months:
    return prices.months(queries.dataset(source), filters)


@remembered
def _sold(source: VersionKey, filters: Filters) -> prices.CurrentSales:
    return prices.now(queries.dataset(source), filters)


def scoped(view: View, scope: prices.Scope) -> Filters:
    """The view's filters narrowed to a scope."""
    return prices.narrowed(view.filters, scope)


@remembered
def price_history(view: View, scope: prices.Scope) -> Content:
    """Prices paid and discounts over the months."""
    currency = queries.dataset(view.source).currency
    filters = scoped(view, scope)
    sold = _price_months(view.source, filters)
    rows = prices.history(sold, currency)
    rows = rows.with_columns(pl.col("month").alias("start"))
    months = rows.select("start", pl.col("month").alias("first"), pl.col("month").dt.month_end().alias("last"))
    rows = unusual_content.history(view.source, filters, "units", rows, months, "units")
    products = sold.rows["product"].n_unique()
    return Content(rows, prices_sentences.prices(rows, currency, prices.same_products(sold), products))


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


def sold(view: View, scope: prices.Scope) -> prices.CurrentSales:
    """What a scope sold in the period."""
    return _sold(view.source, scoped(view, scope))
