"""The three sentences at the top of both dashboards, remembered per view."""

from __future__ import annotations

from analytics import lines
from analytics.tables import summary
from ui import content, queries
from ui.caching import remembered
from ui.queries import Source
from ui.sidebar import View


@remembered
def _spread(source: Source) -> float:
    data = queries.dataset(source)
    return summary.relative_spread(lines.sums(data, lines.history(data), ()))


@remembered
def said(view: View, page: str) -> list[summary.Said]:
    """The three sentences at the top of a dashboard."""
    data = queries.dataset(view.source)
    spread = _spread(view.source)
    if page == "sales":
        found = content.sales(view)
        return summary.summary(data, view.filters, view.metric, found.totals, found.breakdowns, spread)
    people = content.customers(view)
    return summary.customer_summary(
        data, view.filters, people.totals, people.trend, people.breakdowns, people.segments, spread
    )
