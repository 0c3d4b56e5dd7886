"""Products and pricing: what to sell, what goes together, at what price, and what comes back."""

import streamlit as st

from ui import content, driver_cards, parts, price_cards, product_cards, products_content, queries, return_cards, shell

view = shell.view()
data = queries.dataset(view.source)
_, ledger = content.summary(view, "sales", ())
if not ledger.view_lines:
    parts.nothing(data, view)
    st.stop()

findings = st.container()
product_cards.level_choice(data)
left, right = st.columns(2)
with left:
    product_cards.pareto(data, view)
with right:
    product_cards.growth_matrix(data, view)

left, right = st.columns(2)
with left:
    product_cards.life(data, view)
with right:
    product_cards.profits(data, view)

st.subheader("Bought together", anchor="bought-together")
left, right = st.columns(2)
with left:
    product_cards.together(data, view)
with right:
    product_cards.offer(data, view)

st.subheader("Prices", anchor="prices")
price_cards.scope_choice(data, view)
left, right = st.columns(2)
with left:
    price_cards.price_history(data, view)
with right:
    price_cards.elasticities(data, view)
price_cards.what_if(data, view)

return_cards.returns(data, view)

with findings:
    said = products_content.product_findings(view, product_cards.support())
    driver_cards.findings(said, "What stands out", "Nothing stands out beyond chance in this view.")
parts.reconciliation(data, view.source, ledger)
