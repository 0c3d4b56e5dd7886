"""Sales performance: what was sold, where and when, against the period compared with."""

import streamlit as st

from analytics import dimensions
from ui import parts, queries, shell
from ui.cards import drill
from ui.cards import sales as sales_cards
from ui.cards import summary as summary_cards
from ui.content import dashboards

KPIS = ("revenue", "profit", "margin", "orders", "customers", "units", "aov", "return_rate")

view = shell.view()
data = queries.dataset(view.source)
tiles, ledger = dashboards.summary(view, "sales", KPIS)
if not ledger.view_lines:
    parts.nothing(data, view)
    st.stop()

summary_cards.card(view, "sales")
parts.tiles(data, tiles, KPIS)
sales_cards.trend(data, view)

left, right = st.columns(2)
with left:
    sales_cards.growth(data, view)
with right:
    sales_cards.revenue_and_orders(data, view)

left, right = st.columns([7, 5])
with left:
    sales_cards.world(data, view)
with right:
    drill.drill(data, view, "sales", "geography")

left, right = st.columns([5, 7])
with left:
    drill.drill(data, view, "sales", "product")
with right:
    sales_cards.heatmap(view)

if dimensions.others(data):
    left, right = st.columns(2)
    with left:
        sales_cards.movers(data, view)
    with right:
        sales_cards.others(data, view)
else:
    sales_cards.movers(data, view)

parts.reconciliation(data, view.source, ledger)
