"""Segments: who buys how recently, how often and for how much, who moved, and what to do about it."""

import streamlit as st

from ui import customer_parts, parts, queries, shell
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
cards.figures(data, view)

left, right = st.columns([7, 5])
with left:
    cards.grid(data, view)
with right:
    cards.groups(data, view)

left, right = st.columns([7, 5])
with left:
    cards.migration(data, view)
with right:
    cards.slipped(data, view)

cards.actions(data, view)
cards.profile(data, view)
saved_segments.card(data, view)
