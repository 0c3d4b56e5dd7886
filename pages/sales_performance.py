"""Sales performance: what was sold, where and when, against the period compared with."""

import streamlit as st

from analytics import dimensions
from ui import cards, content, parts, queries, shell, summary_card

KPIS = ("revenue", "profit", "margin", "orders", "customers", "units", "aov", "return_rate")

view = shell.view()
data = queries.dataset(view.source)
tiles, ledger = content.summary(view, "sales", KPIS)
if not ledger.view_lines:
    parts.nothing(data, view)
    st.stop()

summary_card.card(view, "sales")
parts.tiles(data, tiles, KPIS)
cards.trend(data, view)

left, right = st.columns(2)
with left:
    cards.growth(data, view)
with right:
    cards.revenue_and_orders(data, view)

left, right = st.columns([7, 5])
with left:
    cards.world(data, view)
with right:
    cards.drill(data, view, "sales", "geography")

left, right = st.columns([5, 7])
with left:
    cards.drill(data, view, "sales", "product")
with right:
    cards.heatmap(view)

if dimensions.others(data):
    left, right = st.columns(2)
    with left:
        cards.movers(data, view)
    with right:
        cards.others(data, view)
else:
    cards.movers(data, view)

parts.reconciliation(data, view.source, ledger)
