"""Customer insights: who buys, who is new, where they are and what they buy."""

import streamlit as st

from ui import cards, concentration_cards, content, customer_cards, parts, queries, shell, summary_card

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
tiles, ledger = content.summary(view, "customers", KPIS)
if not ledger.view_lines:
    parts.nothing(data, view)
    st.stop()

summary_card.card(view, "customers")
parts.tiles(data, tiles, KPIS)

left, right = st.columns([7, 5])
with left:
    customer_cards.new_and_returning(data, view)
with right:
    customer_cards.per_customer(data, view)

customer_cards.top_customers(data, view)
customer_cards.behaviour(data, view)

left, right = st.columns(2)
with left:
    cards.drill(data, view, "customers", "geography", "customers" if data.has_customers else None)
with right:
    customer_cards.spending_by_product(data, view)

customer_cards.segments(data, view)
concentration_cards.concentration(data, view)

parts.reconciliation(data, view.source, ledger)
