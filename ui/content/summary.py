"""The three sentences at the top of both dashboards."""

from __future__ import annotations

from analytics import lines
from analytics.tables import summary
from ui import queries
from ui.caching import remembered
from ui.content import dashboards
from ui.queries import VersionKey
from ui.sidebar import View


@remembered
def _spread(source: VersionKey) -> float:
    data = queries.dataset(source)
    return summary.relative_spread(lines.sums(data, lines.history(data), ()))


@remembered
def sentences(view: View, page: str) -> list[summary.SummarySentence]:
    """The three sentences at the top of a dashboard."""
    data = queries.dataset(view.source)
    spread = _spread(view.source)
    if page == "sales":
        tables = dashboards.sales(view)
        return summary.summary(data, view.filters, view.metric, tables.totals, tables.breakdowns, spread)
    people = dashboards.customers(view)
    return summary.customer_summary(
        data, view.filters, people.totals, people.trend, people.breakdowns, people.segments, spread
    )
