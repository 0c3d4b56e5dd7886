"""Customer insights: who buys, who is new, where they are and what they buy."""

import streamlit as st

from ui import cards, customer_cards, parts, queries, shell

view = shell.view()
data = queries.dataset(view.source)
found = queries.customers(view.source, view.filters, view.grain)

if found.totals["lines"].item() == 0:
    parts.nothing(data, view)
    st.stop()

parts.tiles(
    data,
    found.totals,
    found.trend,
    [
        "revenue",
        "orders",
        "customers",
        "units",
        "revenue_per_customer",
        "orders_per_customer",
        "repeat_rate",
        "new_customers",
    ],
)

left, right = st.columns([7, 5])
with left:
    customer_cards.new_and_returning(data, view, found)
with right:
    customer_cards.per_customer(data, view, found)

customer_cards.top_customers(data, view, found)
customer_cards.behaviour(data, view, found)

left, right = st.columns(2)
with left:
    cards.drill(data, view, found.breakdowns, "geography")
with right:
    customer_cards.spending_by_product(data, view, found)

customer_cards.segments(data, view, found)

parts.reconciliation(data, found.ledger)
