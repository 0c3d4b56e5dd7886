"""Value: what customers are expected to bring, who is overdue, and how far to trust it."""

import streamlit as st

from ui import customer_parts, parts, queries, shell
from ui.card import row
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
cards.verdict(view, found)

if found.models:
    cards.horizon_choice(view)
    cards.figures(view)
    row(view, cards.best)

if found.backtest:
    row(view, cards.by_group if found.models else cards.lapsed, cards.tested)

row(view, cards.overdue)
if found.models or not found.backtest:
    row(view, cards.lapsed)
