"""Cards of the Customer insights page on how revenue and orders spread over customers."""

from __future__ import annotations

import streamlit as st

from analytics import formats
from analytics.charts import columns as column_charts
from analytics.dataset import Dataset
from ui import customer_content as content
from ui import parts
from ui.customer_parts import count_column, money_column, share_column
from ui.sidebar import View


def concentration(data: Dataset, view: View) -> None:
    """The three cards, and the way to the pages that go deeper."""
    if not data.has_customers:
        return
    st.subheader("How revenue and orders spread over customers", anchor=False)
    with st.grid(3, min_column_width=300, gap="small"):
        _lorenz(view)
        _orders(data, view)
        _gaps(view)
    with st.container(horizontal=True):
        for file, label, icon in (
            ("segments", "Segments: who to talk to", ":material/grid_view:"),
            ("retention", "Retention: who comes back", ":material/autorenew:"),
            ("value", "Value: what they will bring", ":material/savings:"),
        ):
            st.page_link(f"pages/{file}.py", label=label, icon=icon)


def _lorenz(view: View) -> None:
    shown, shares = content.lorenz(view), content.top_shares(view)
    with parts.card(
        "Concentration of revenue",
        name="lorenz",
        table=lambda: shares.drop("text"),
        takeaway=shown.takeaway,
        note="Lorenz curve of known customers; dashed: all bring the same. Gini 0: equal, 1: one brings all",
        columns={"top": "Customers", "share": share_column("Share of revenue")},
    ):
        if shown.rows.is_empty():
            parts.blank("Nothing to draw.")
        else:
            parts.draw(column_charts.lorenz(), shown.rows, alt="Lorenz curve of revenue over customers")


def _orders(data: Dataset, view: View) -> None:
    shown = content.order_counts(view)
    with parts.card(
        "Orders per customer",
        name="order_counts",
        table=lambda: shown.rows.select("member", "value", "share", "revenue"),
        takeaway=shown.takeaway,
        note="Customers by the number of their orders in this view",
        columns={
            "member": "Orders",
            "value": count_column("Customers"),
            "share": share_column("Share"),
            "revenue": money_column("Revenue", data.currency),
        },
    ):
        parts.draw(column_charts.columns(formats.axis_label("count")), shown.rows, alt="Customers by number of orders")


def _gaps(view: View) -> None:
    shown = content.gaps(view)
    with parts.card(
        "Days between purchases",
        name="gaps",
        table=lambda: shown.rows.select("member", "value", "share"),
        takeaway=shown.takeaway,
        note="From one purchase day of a customer to the next, where the later one lies in the period",
        columns={"member": "Days", "value": count_column("Gaps"), "share": share_column("Share")},
    ):
        if not shown.rows["value"].sum():
            parts.blank("Nothing to draw.")
        else:
            parts.draw(column_charts.columns(formats.axis_label("count")), shown.rows, alt="Days between purchases")
