"""Sales performance: what was sold, where and when, against the period compared with."""

import streamlit as st

from ui import cards, parts, queries, shell

view = shell.view()
data = queries.dataset(view.source)
sales = queries.sales(view.source, view.filters, view.grain)

if sales.totals["lines"].item() == 0:
    parts.nothing(data, view)
    st.stop()

parts.tiles(
    data,
    sales.totals,
    sales.trend,
    [
        "revenue",
        "profit",
        "margin",
        "orders",
        "customers",
        "units",
        "aov",
        "return_rate",
    ],
)

cards.trend(data, view, sales.totals, sales.trend)
left, right = st.columns(2)
with left:
    cards.growth(data, view, sales.trend)
with right:
    cards.revenue_and_orders(data, sales.totals, sales.trend)

left, right = st.columns([7, 5])
with left:
    cards.world(data, view, sales.breakdowns)
with right:
    cards.drill(data, view, sales.breakdowns, "geography")

left, right = st.columns([5, 7])
with left:
    cards.drill(data, view, sales.breakdowns, "product")
with right:
    cards.heatmap(data, view)

left, right = st.columns(2)
with left:
    cards.movers(data, view, sales.breakdowns)
with right:
    cards.others(data, view, sales.breakdowns)

parts.reconciliation(data, sales.ledger)
