"""Customer insights: who buys, who is new, where they are and what they buy."""

from functools import partial

import streamlit as st

from ui import parts, queries, shell
from ui.card import row
from ui.cards import concentration as concentration_cards
from ui.cards import customers as customers_cards
from ui.cards import drill
from ui.cards import summary as summary_cards
from ui.content import dashboards

KPIS = (
    "revenue",
    "orders",
    "customers",
    "units",
    "revenue_per_customer",
    "orders_per_customer",
    "repeat_rate",
    "new_customers",
)

view = shell.view()
data = queries.dataset(view.source)
tiles, ledger = dashboards.summary(view, "customers", KPIS)
if not ledger.view_lines:
    parts.nothing(data, view)
    st.stop()

summary_cards.card(view, "customers")
parts.tiles(data, tiles, KPIS)
row(view, customers_cards.new_and_returning, customers_cards.per_customer, widths=(7, 5))
row(view, customers_cards.top_customers)
row(view, customers_cards.behaviour)

metric = "customers" if data.has_customers else ""
places = partial(drill.drill, page="customers", hierarchy="geography", metric=metric)
row(view, places, customers_cards.spending_by_product)
row(view, customers_cards.segments)
if data.has_customers:
    row(view, concentration_cards.concentration, concentration_cards.deeper, widths=(7, 5))

parts.reconciliation(data, view.source, ledger)
