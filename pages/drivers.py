"""Drivers: why revenue moved between the compared period and this one."""

import streamlit as st

from ui import parts, queries, shell
from ui.card import row
from ui.cards import drivers as cards
from ui.cards import gates

view = shell.view()
data = queries.dataset(view.source)
ledger = gates.needs_lines(view)
if view.filters.base is None:
    cards.no_base(view)
    st.stop()

row(view, cards.bridge, cards.drill, widths=(7, 5))
cards.what_stands_out(view)
row(view, cards.contributions, cards.pairs)
row(view, cards.cancelling)
parts.reconciliation(data, view.source, ledger)
