"""What a page needs before it shows a card; where that is missing it says so and ends."""

from __future__ import annotations

import streamlit as st

from analytics.dataset import Dataset
from analytics.tables.ledger import Ledger
from ui import customer_parts, parts, queries
from ui.content import dashboards, purchases
from ui.sidebar import View


def needs_lines(view: View) -> Ledger:
    """End the page where the filters leave no order line; returns the account of the lines they leave."""
    _, ledger = dashboards.summary(view, "sales", ())
    if not ledger.view_lines:
        parts.nothing(queries.dataset(view.source), view)
        st.stop()
    return ledger


def needs_customers(data: Dataset) -> None:
    """End the page where no line names its customer."""
    if not data.has_customers:
        with st.container(border=True):
            parts.lacking("Customers", "customer ids on the order lines")
        st.stop()


def needs_buyers(view: View) -> None:
    """End the page where no line names a customer, or nobody has bought yet; say how far the page looks back."""
    data = queries.dataset(view.source)
    needs_customers(data)
    if not purchases.anybody(view):
        parts.nothing(data, view)
        st.stop()
    customer_parts.looks_back(data, view, purchases.as_of(view))
