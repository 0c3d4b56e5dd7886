"""Retention: who comes back, how soon, and what became of last period's customers."""

import streamlit as st

from ui import customer_parts, parts, queries, shell
from ui.cards import retention as cards
from ui.content import purchases

view = shell.view()
data = queries.dataset(view.source)
customer_parts.needs_customers(data)
if not purchases.anybody(view):
    parts.nothing(data, view)
    st.stop()

customer_parts.looks_back(data, view, purchases.as_of(view))
cards.figures(view)

left, right = st.columns([7, 5])
with left:
    cards.bridge(data, view)
with right:
    cards.bridge_customers(data, view)

cards.cohorts(data, view)

left, right = st.columns(2)
with left:
    cards.came_back(view)
with right:
    cards.first_members(data, view)

cards.waiting(data, view)
