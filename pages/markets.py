"""Markets: how each compares with its peers, and where one buys less than they do."""

import streamlit as st

from ui import parts, queries, shell
from ui.card import row
from ui.cards import drivers as drivers_cards
from ui.cards import gates
from ui.cards import markets as cards

view = shell.view()
data = queries.dataset(view.source)
ledger = gates.needs_lines(view)

name = cards.dimension(data)
if name is None:
    parts.lacking("Markets", "a country, region or continent column, or customer attributes")
    st.stop()

cards.dimension_choice(data)
findings = st.container()
row(view, cards.scorecard)
row(view, cards.white_space)
cards.side_by_side(view)

with findings:
    sentences, empty = cards.findings(data, view, name)
    drivers_cards.findings(sentences, "What stands out", empty)
parts.reconciliation(data, view.source, ledger)
