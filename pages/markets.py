"""Markets: how each compares with its peers, and where one buys less than they do."""

import streamlit as st

from ui import content, driver_cards, market_cards, parts, queries, shell

view = shell.view()
data = queries.dataset(view.source)
_, ledger = content.summary(view, "sales", ())
if not ledger.view_lines:
    parts.nothing(data, view)
    st.stop()

name = market_cards.dimension(data)
if name is None:
    parts.lacking("Markets", "a country, region or continent column, or customer attributes")
    st.stop()

market_cards.dimension_choice(data)
findings = st.container()
market_cards.scorecard(data, view, name)

level = market_cards.level(data)
if level:
    market_cards.white_space(data, view, name, level)
else:
    with st.container(border=True):
        parts.lacking("White space", "a category or subcategory column")
market_cards.side_by_side(data, view, name, level)

with findings:
    said, empty = market_cards.findings(data, view, name)
    driver_cards.findings(said, "What stands out", empty)
parts.reconciliation(data, view.source, ledger)
