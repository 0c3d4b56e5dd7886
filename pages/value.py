"""Value: what customers are expected to bring, who is overdue, and how far to trust it."""

import streamlit as st

from ui import customer_content, customer_parts, fitting, parts, queries, shell, value_cards

view = shell.view()
data = queries.dataset(view.source)
customer_parts.needs_customers(data)
if not customer_content.anybody(view):
    parts.nothing(data, view)
    st.stop()

customer_parts.looks_back(data, view, customer_content.as_of(view))
found = fitting.fitted(view.source, view.filters.where, customer_content.as_of(view))
value_cards.verdict(found)

if found.models:
    days = value_cards.horizon(view)
    value_cards.figures(data, view, days)
    value_cards.best(data, view, days)

if found.backtest:
    left, right = st.columns(2)
    with left:
        if found.models:
            value_cards.by_group(data, view, days)
        else:
            value_cards.lapsed(data, view)
    with right:
        value_cards.tested(view)

value_cards.overdue(data, view)
if found.models or not found.backtest:
    value_cards.lapsed(data, view)
