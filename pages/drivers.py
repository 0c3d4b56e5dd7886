"""Drivers: why revenue moved between the compared period and this one."""

import streamlit as st

from ui import parts, queries, shell
from ui.cards import drivers as cards
from ui.content import dashboards

view = shell.view()
data = queries.dataset(view.source)
_, ledger = dashboards.summary(view, "sales", ())
if not ledger.view_lines:
    parts.nothing(data, view)
    st.stop()
if view.filters.base is None:
    cards.no_base(view)
    st.stop()

left, right = st.columns([7, 5])
with left:
    cards.bridge(data, view)
with right:
    cards.drill(data, view)

cards.what_stands_out(data, view)

left, right = st.columns(2)
with left:
    cards.contributions(data, view)
with right:
    cards.pairs(data, view)

cards.cancelling(data, view)
parts.reconciliation(data, view.source, ledger)
