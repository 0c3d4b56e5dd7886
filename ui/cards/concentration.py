"""Cards on how revenue and orders spread over customers."""

from __future__ import annotations

from typing import Final

import streamlit as st

from analytics import formats
from analytics.charts import columns as columns_charts
from analytics.charts import concentration as charts
from ui import choices
from ui.card import Card, Chart
from ui.choices import Choice
from ui.content import concentration as content
from ui.headings import ColumnConfig
from ui.menu import BY_NAME
from ui.sidebar import View

QUESTIONS: Final = {"lorenz": "Concentration", "order_counts": "Orders per customer", "gaps": "Days between purchases"}

SPREAD: Final = "spread"

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


def concentration(view: View) -> Card:
    """How revenue and orders spread over customers, one question at a time."""
    question = choices.chosen(SPREAD, list(QUESTIONS))
    return {"lorenz": _lorenz, "order_counts": _orders, "gaps": _gaps}[question](view)


ASKED: Final = [Choice("Spread", SPREAD, list(QUESTIONS), QUESTIONS.__getitem__)]


def deeper(_: View) -> None:
    """The pages that go deeper."""
    with st.container(border=True, height="stretch"):
        st.markdown("**Go deeper**")
        for name, (question, answers) in DEEPER.items():
            page = BY_NAME[name]
            st.page_link(page.script, label=f"{page.title}: {question}", icon=page.icon)
            st.caption(answers)


def _lorenz(view: View) -> Card:
    shown, shares = content.lorenz(view), content.top_shares(view)
    return Card(
        "Concentration of revenue",
        name="lorenz",
        table=lambda: shares.drop("text"),
        takeaway=shown.takeaway,
        note="Lorenz curve of known customers; dashed: all bring the same. Gini 0: equal, 1: one brings all",
        columns={"share": "Share of revenue"},
        choices=ASKED,
        body=[Chart(charts.lorenz(), shown.rows, alt="Lorenz curve of revenue over customers")],
        empty="Nothing to draw.",
    )


def _orders(view: View) -> Card:
    shown = content.order_counts(view)
    spec = columns_charts.columns(formats.axis_label("count"))
    return Card(
        "Orders per customer",
        name="order_counts",
        table=lambda: shown.rows.select("member", "value", "share", "revenue"),
        takeaway=shown.takeaway,
        note="Customers by the number of their orders in this view",
        columns={"member": "Orders", "value": ColumnConfig("Customers", "count")},
        choices=ASKED,
        body=[Chart(spec, shown.rows, alt="Customers by number of orders")],
    )


def _gaps(view: View) -> Card:
    shown = content.days_between(view)
    spec = columns_charts.columns(formats.axis_label("count"))
    return Card(
        "Days between purchases",
        name="gaps",
        table=lambda: shown.rows.select("member", "value", "share"),
        takeaway=shown.takeaway,
        note="From one purchase day of a customer to the next, where the later one lies in the period",
        columns={"member": "Days", "value": ColumnConfig("Gaps", "count")},
        choices=ASKED,
        body=[Chart(spec, shown.rows, alt="Days between purchases")] if shown.rows["value"].sum() else [],
        empty="Nothing to draw.",
    )
