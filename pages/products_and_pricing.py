"""Products and pricing: what to sell, what goes together, at what price, and what comes back."""

import streamlit as st

from ui import parts, queries, shell
from ui.card import row
from ui.cards import affinity as affinity_cards
from ui.cards import drivers as drivers_cards
from ui.cards import gates
from ui.cards import prices as prices_cards
from ui.cards import products as products_cards
from ui.cards import returns as returns_cards
from ui.content import products as products_content

view = shell.view()
data = queries.dataset(view.source)
ledger = gates.needs_lines(view)

findings = st.container()
products_cards.level_choice(data)
row(view, products_cards.pareto, products_cards.growth_matrix)
row(view, products_cards.life, products_cards.profits)

st.subheader("Bought together", anchor="bought-together")
row(view, affinity_cards.together, affinity_cards.offer)

st.subheader("Prices", anchor="prices")
prices_cards.scope_choice(data, view)
row(view, prices_cards.price_history, prices_cards.elasticities)
prices_cards.what_if(view)

returns_cards.returns(view)

with findings:
    sentences = products_content.product_findings(view, affinity_cards.support())
    drivers_cards.findings(sentences, "What stands out", "Nothing stands out beyond chance in this view.")
parts.reconciliation(data, view.source, ledger)
