"""The three sentences at the top of both dashboards."""

from __future__ import annotations

from analytics.tables import summary
from ui import queries
from ui.caching import remembered
from ui.content import dashboards
from ui.content import drivers as drivers_content
from ui.content import retention as retention_content
from ui.sidebar import View


@remembered
def sentences(view: View, page: str) -> list[summary.SummarySentence]:
    """The three sentences at the top of a dashboard."""
    data = queries.dataset(view.source)
    findings = drivers_content.sentences(view) if view.filters.base else []
    if page == "sales":
        found = dashboards.sales(view)
        products = found.breakdowns.get("product")
        return summary.summary(data, view.filters, view.metric, found.totals, products, findings)
    totals = dashboards.customers(view).totals
    bought = any(totals.select("customers", "customers_base").row(0))
    buyers = retention_content.buyers(view) if view.filters.base and data.has_customers and bought else ""
    return summary.customer_summary(data, view.filters, totals, buyers, findings)
