"""Segments: who buys how recently, how often and for how much, who moved, and what to do about it."""

import streamlit as st

from ui import customer_content, customer_parts, parts, queries, segment_builder, segment_cards, shell

view = shell.view()
data = queries.dataset(view.source)
customer_parts.needs_customers(data)
if not customer_content.anybody(view):
    parts.nothing(data, view)
    st.stop()

customer_parts.looks_back(data, view, customer_content.as_of(view))
segment_cards.figures(data, view)

left, right = st.columns([7, 5])
with left:
    segment_cards.grid(data, view)
with right:
    segment_cards.groups(data, view)

left, right = st.columns([7, 5])
with left:
    segment_cards.migration(data, view)
with right:
    segment_cards.slipped(data, view)

segment_cards.actions(data, view)
segment_cards.profile(data, view)
segment_builder.card(data, view)
