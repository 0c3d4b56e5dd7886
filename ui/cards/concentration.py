"""Cards on how revenue and orders spread over customers."""

from __future__ import annotations

from typing import Final

import streamlit as st

from analytics import formats
from analytics.charts import columns as columns_charts
from analytics.charts import concentration as charts
from analytics.dataset import Dataset
from ui import parts
from ui.content import concentration as concentration_content
from ui.customer_parts import count_column, money_column, share_column
from ui.menu import BY_NAME
from ui.sidebar import View

QUESTIONS: Final = {"lorenz": "Concentration", "order_counts": "Orders per customer", "gaps": "Days between purchases"}

DEEPER: Final = {
    "segments": (
        "who to talk to",
        "Eleven groups by how recently, how often and for how much people buy, who moved between them, and a list of "
        "customers to act on for each.",
    ),
    "retention": (
        "who comes back",
        "Cohorts by first purchase, the time to a second order, and what became of last period's customers.",
    ),
    "value": (
        "what they will bring",
        "Expected orders and revenue of each customer, and who is overdue against their own rhythm.",
    ),
}
"""Page that goes deeper -> its question and what it answers."""


def concentration(data: Dataset, view: View) -> None:
    """How revenue and orders spread over customers, one question at a time, and the pages that go deeper."""
    if not data.has_customers:
        return
    left, right = st.columns([7, 5])
    with left:
        question = st.session_state.get("spread") or "lorenz"
        {"lorenz": _lorenz, "order_counts": _orders, "gaps": _gaps}[question](data, view)
    with right, st.container(border=True, height="stretch"):
        st.markdown("**Go deeper**")
        for name, (question, answers) in DEEPER.items():
            page = BY_NAME[name]
            st.page_link(page.script, label=f"{page.title}: {question}", icon=page.icon)
            st.caption(answers)


def _question() -> None:
    st.segmented_control(
        "Spread",
        list(QUESTIONS),
        key="spread",
        default="lorenz",
        required=True,
        format_func=QUESTIONS.__getitem__,
        label_visibility="collapsed",
    )


def _lorenz(data: Dataset, view: View) -> None:
    shown, shares = concentration_content.lorenz(view), concentration_content.top_shares(view)
    with parts.card(
        "Concentration of revenue",
        name="lorenz",
        table=lambda: shares.drop("text"),
        takeaway=shown.takeaway,
        note="Lorenz curve of known customers; dashed: all bring the same. Gini 0: equal, 1: one brings all",
        columns={"top": "Customers", "share": share_column("Share of revenue")},
    ):
        _question()
        if shown.rows.is_empty():
            parts.blank("Nothing to draw.")
        else:
            parts.draw(charts.lorenz(), shown.rows, alt="Lorenz curve of revenue over customers")


def _orders(data: Dataset, view: View) -> None:
    shown = concentration_content.order_counts(view)
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
        _question()
        parts.draw(columns_charts.columns(formats.axis_label("count")), shown.rows, alt="Customers by number of orders")


def _gaps(data: Dataset, view: View) -> None:
    shown = concentration_content.days_between(view)
    with parts.card(
        "Days between purchases",
        name="gaps",
        table=lambda: shown.rows.select("member", "value", "share"),
        takeaway=shown.takeaway,
        note="From one purchase day of a customer to the next, where the later one lies in the period",
        columns={"member": "Days", "value": count_column("Gaps"), "share": share_column("Share")},
    ):
        _question()
        if not shown.rows["value"].sum():
            parts.blank("Nothing to draw.")
        else:
            parts.draw(columns_charts.columns(formats.axis_label("count")), shown.rows, alt="Days between purchases")
