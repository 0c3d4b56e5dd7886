"""Retention: who comes back, how soon, and what became of last period's customers."""

import streamlit as st

from ui import customer_content, customer_parts, parts, queries, retention_cards, shell

view = shell.view()
data = queries.dataset(view.source)
customer_parts.needs_customers(data)
if not customer_content.anybody(view):
    parts.nothing(data, view)
    st.stop()

customer_parts.looks_back(data, view, customer_content.as_of(view))
retention_cards.figures(view)

left, right = st.columns([7, 5])
with left:
    retention_cards.bridge(data, view)
with right:
    retention_cards.bridge_customers(data, view)

retention_cards.cohorts(data, view)

left, right = st.columns(2)
with left:
    retention_cards.came_back(view)
with right:
    retention_cards.first_members(data, view)

retention_cards.waiting(data, view)
