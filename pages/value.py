"""Value: what customers are expected to bring, who is overdue, and how far to trust it."""

import streamlit as st

from ui import customer_parts, parts, queries, shell
from ui.cards import fitting as fitting_cards
from ui.cards import value as cards
from ui.content import purchases

view = shell.view()
data = queries.dataset(view.source)
customer_parts.needs_customers(data)
if not purchases.anybody(view):
    parts.nothing(data, view)
    st.stop()

customer_parts.looks_back(data, view, purchases.as_of(view))
found = fitting_cards.fitted(view.source, view.filters.where, purchases.as_of(view))
cards.verdict(found)

if found.models:
    days = cards.horizon(view)
    cards.figures(data, view, days)
    cards.best(data, view, days)

if found.backtest:
    left, right = st.columns(2)
    with left:
        if found.models:
            cards.by_group(data, view, days)
        else:
            cards.lapsed(data, view)
    with right:
        cards.tested(view)

cards.overdue(data, view)
if found.models or not found.backtest:
    cards.lapsed(data, view)
