"""What both dashboards share: their tables, KPI tiles, and breakdowns by the members of a dimension.

A view is a frozen value, so a rerun that changes nothing of it reads its cards without touching a query. The rows are
shared and never changed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from analytics import dimensions
from analytics.evaluation import headlines
from analytics.evaluation import value as metric_value
from analytics.metrics import METRICS, missing
from analytics.sentences import sales as sales_sentences
from analytics.tables import breakdown as breakdown_tables
from analytics.tables.customers import CustomerTables
from analytics.tables.ledger import Ledger
from analytics.tables.sales import SalesTables
from ui import queries
from ui.caching import remembered
from ui.content.remembered import Content
from ui.sidebar import View

MOST_BARS: Final = 10
"""Members of a dimension that are drawn; the table has them all."""


@dataclass(frozen=True)
class Tile:
    """One KPI of a view; `spark` has a value for every whole bucket."""

    metric: str
    now: float | None
    base: float | None
    change: float | None
    spark: tuple[float, ...]


def sales(view: View) -> SalesTables:
    """The tables of the Sales performance page."""
    return queries.sales(view.source, view.filters, view.grain)


def customers(view: View) -> CustomerTables:
    """The tables of the Customer insights page."""
    return queries.customers(view.source, view.filters, view.grain)


@remembered
def summary(view: View, page: str, names: tuple[str, ...]) -> tuple[list[Tile], Ledger]:
    """The KPI tiles of a page, those that the data can give, and its reconciliation."""
    data = queries.dataset(view.source)
    tables = sales(view) if page == "sales" else customers(view)
    given = [name for name in names if missing(METRICS[name], data) is None]
    whole = tables.trend.filter("whole").select(metric_value(name).fill_null(0) for name in given)
    series = {name: tuple(whole[name]) if whole.height > 2 else () for name in given}
    heads = headlines(tables.totals, given)
    return [Tile(name, *heads[name], series[name]) for name in given], tables.ledger


@remembered
def breakdown(view: View, page: str, dimension: str, metric: str) -> Content:
    """Every member of a dimension with a metric, best first."""
    data = queries.dataset(view.source)
    frame = (sales(view) if page == "sales" else customers(view)).breakdowns[dimension]
    rows = breakdown_tables.breakdown(frame, dimension, metric, kept=view.filters.members(dimension))
    plural = dimensions.dimension(dimension, data).plural
    # The members that its own filter keeps speak first, beside the others.
    let_go = dimensions.let_go(data, view.filters.where, dimensions.finer(dimension))
    return Content(rows, sales_sentences.breakdown(rows, metric, data.currency, plural, let_go=let_go))


@remembered
def bars(view: View, page: str, dimension: str, metric: str) -> pl.DataFrame:
    """The first members of a dimension, as drawn."""
    rows = breakdown(view, page, dimension, metric).rows.head(MOST_BARS)
    return breakdown_tables.bars(rows, metric, queries.dataset(view.source).currency)
