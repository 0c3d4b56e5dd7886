"""Outlook: what comes next, how the targets stand, and which days fell out of line."""

import streamlit as st

from ui import parts, queries, shell
from ui.cards import outlook as cards
from ui.cards import targets as targets_cards
from ui.cards import unusual as unusual_cards
from ui.content import dashboards

view = shell.view()
data = queries.dataset(view.source)
_, ledger = dashboards.summary(view, "sales", ())
if not ledger.view_lines:
    parts.nothing(data, view)
    st.stop()

cards.forecast(data, view)

if cards.runs(view):
    left, right = st.columns([5, 7])
    with left:
        cards.running(data, view)
    with right:
        cards.quality(view)
else:
    cards.quality(view)

cards.members(data, view)
targets_cards.target(data, view)
unusual_cards.unusual(data, view)
parts.reconciliation(data, view.source, ledger)
