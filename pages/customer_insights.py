"""Customer insights: who buys, who is new, where they are and what they buy."""

import streamlit as st

from ui import parts, queries, shell
from ui.cards import concentration as concentration_cards
from ui.cards import customers as customers_cards
from ui.cards import drill
from ui.cards import summary as summary_cards
from ui.content import dashboards

KPIS = (
    "revenue",
    "orders",
    "customers",
    "units",
    "revenue_per_customer",
    "orders_per_customer",
    "repeat_rate",
    "new_customers",
)

view = shell.view()
data = queries.dataset(view.source)
tiles, ledger = dashboards.summary(view, "customers", KPIS)
if not ledger.view_lines:
    parts.nothing(data, view)
    st.stop()

summary_cards.card(view, "customers")
parts.tiles(data, tiles, KPIS)

left, right = st.columns([7, 5])
with left:
    customers_cards.new_and_returning(data, view)
with right:
    customers_cards.per_customer(data, view)

customers_cards.top_customers(data, view)
customers_cards.behaviour(data, view)

left, right = st.columns(2)
with left:
    drill.drill(data, view, "customers", "geography", "customers" if data.has_customers else None)
with right:
    customers_cards.spending_by_product(data, view)

customers_cards.segments(data, view)
concentration_cards.concentration(data, view)

parts.reconciliation(data, view.source, ledger)
