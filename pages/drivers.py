"""Drivers: why revenue moved between the compared period and this one."""

import streamlit as st

from ui import content, driver_cards, parts, queries, shell

view = shell.view()
data = queries.dataset(view.source)
_, ledger = content.summary(view, "sales", ())
if not ledger.view_lines:
    parts.nothing(data, view)
    st.stop()
if view.filters.base is None:
    driver_cards.no_base(view)
    st.stop()

left, right = st.columns([7, 5])
with left:
    driver_cards.bridge(data, view)
with right:
    driver_cards.drill(data, view)

driver_cards.what_stands_out(data, view)

left, right = st.columns(2)
with left:
    driver_cards.contributions(data, view)
with right:
    driver_cards.pairs(data, view)

driver_cards.cancelling(data, view)
parts.reconciliation(data, view.source, ledger)
