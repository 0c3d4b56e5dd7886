"""Retention: who comes back, how soon, and what became of last period's customers."""

import streamlit as st

from ui import customer_parts, parts, queries, shell
from ui.card import row
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

row(view, cards.bridge, cards.bridge_customers, widths=(7, 5))
cards.cohorts(view)
row(view, cards.came_back, cards.first_members)
row(view, cards.waiting)
