"""Segments: who buys how recently, how often and for how much, who moved, and what to do about it."""

import streamlit as st

from ui import customer_parts, parts, queries, shell
from ui.card import row
from ui.cards import saved_segments
from ui.cards import segments as cards
from ui.content import purchases

view = shell.view()
data = queries.dataset(view.source)
customer_parts.needs_customers(data)
if not purchases.anybody(view):
    parts.nothing(data, view)
    st.stop()

customer_parts.looks_back(data, view, purchases.as_of(view))
cards.figures(view)
row(view, cards.grid, cards.groups, widths=(7, 5))
row(view, cards.migration, cards.slipped, widths=(7, 5))
row(view, cards.actions)
row(view, cards.profile)
saved_segments.card(data, view)
