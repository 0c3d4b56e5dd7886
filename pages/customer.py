"""Customer: one customer's whole history, rhythm, scores, value and lines."""

import streamlit as st

from ui import queries, shell
from ui.card import show
from ui.cards import customer as cards
from ui.cards import customer_search, gates

view = shell.view()
source = customer_search.everybody(view.source)
data = queries.dataset(source)
gates.needs_customers(data)
customer_search.search(source)
customer = customer_search.chosen(data)
if customer is None:
    st.stop()

customer_search.heading(data, customer)
known = cards.facts(source, data, customer)
if known is None:
    st.stop()
cards.figures(data, known)
cards.worth(source, data, customer)

left, right = st.columns([7, 5])
with left:
    show(data, cards.over_time(source, data, customer))
with right:
    show(data, cards.spent_on(source, data, customer))

left, right = st.columns(2)
with left:
    show(data, cards.rhythm(source, data, customer, known))
with right:
    show(data, cards.scores(source, data, customer))

cards.lines(source, data, customer)
