"""Sales performance: what was sold, where and when, against the period compared with."""

from functools import partial

import streamlit as st

from analytics import dimensions
from ui import parts, queries, shell
from ui.card import row
from ui.cards import drill
from ui.cards import sales as sales_cards
from ui.cards import summary as summary_cards
from ui.content import dashboards

KPIS = ("revenue", "profit", "margin", "orders", "customers", "units", "aov", "return_rate")

view = shell.view()
data = queries.dataset(view.source)
tiles, ledger = dashboards.summary(view, "sales", KPIS)
if not ledger.view_lines:
    parts.nothing(data, view)
    st.stop()

summary_cards.card(view, "sales")
parts.tiles(data, tiles, KPIS)
row(view, sales_cards.trend)
row(view, sales_cards.growth, sales_cards.revenue_and_orders)
row(view, sales_cards.world, partial(drill.drill, page="sales", hierarchy="geography"), widths=(7, 5))
row(view, partial(drill.drill, page="sales", hierarchy="product"), sales_cards.heatmap, widths=(5, 7))
row(view, sales_cards.movers, *([sales_cards.others] if dimensions.others(data) else []))

parts.reconciliation(data, view.source, ledger)
