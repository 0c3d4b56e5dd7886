"""Outlook: what comes next, how the targets stand, and which days fell out of line."""

import streamlit as st

from ui import content, outlook_cards, parts, queries, shell

view = shell.view()
data = queries.dataset(view.source)
_, ledger = content.summary(view, "sales", ())
if not ledger.view_lines:
    parts.nothing(data, view)
    st.stop()

outlook_cards.forecast(data, view)

if outlook_cards.runs(view):
    left, right = st.columns([5, 7])
    with left:
        outlook_cards.running(data, view)
    with right:
        outlook_cards.quality(view)
else:
    outlook_cards.quality(view)

outlook_cards.members(data, view)
outlook_cards.target(data, view)
outlook_cards.unusual(data, view)
parts.reconciliation(data, view.source, ledger)
