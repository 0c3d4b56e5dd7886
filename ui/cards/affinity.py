"""Cards on what is bought together, and what to offer to whom."""

from __future__ import annotations

from typing import Any, Final

import polars as pl
import streamlit as st

from analytics import formats
from analytics.charts import prices as prices_charts
from analytics.dataset import Dataset
from analytics.tables import affinity
from ui import choices, parts
from ui.cards import products as products_cards
from ui.cards.products import ITEM
from ui.content import affinity as content
from ui.sidebar import View

SUPPORT: Final = "affinity_support"


def _support() -> float:
    return float(choices.chosen(SUPPORT, affinity.SUPPORTS[1:] + affinity.SUPPORTS[:1]))


def support() -> float:
    """The smallest share of orders that a pair needs."""
    return _support()


def _rule_columns(data: Dataset) -> dict[str, Any]:
    return {
        "item": "With",
        "offer": "Offer",
        "both": parts.number_column("Orders with both", "count", data),
        "item_orders": parts.number_column("Orders with the first", "count", data),
        "offer_orders": parts.number_column("Orders with the second", "count", data),
        "support": parts.number_column("Support", "share", data),
        "confidence": parts.number_column("Confidence", "share", data),
        "lift": st.column_config.NumberColumn("Lift", format="%.2f"),
        "least_lift": st.column_config.NumberColumn("Lift at least", format="%.2f"),
    }


RULE_TITLES: Final = (("text", "Lift"), ("detail", "On"))
TIMES: Final = "format(datum.value, '~r') + '×'"


def together(data: Dataset, view: View) -> None:
    """What is bought together most beyond chance."""
    name, least = products_cards.level(data), _support()
    shown = content.strongest(view, name, least)
    with parts.card(
        "Bought together",
        name="affinity",
        table=lambda: content.rules(view, name, least)[0],
        takeaway=shown.takeaway,
        note="Lift: how many times as often as if chance alone put both on an order; bar: its lower end at 95 %",
        columns=_rule_columns(data),
    ):
        choices.menu(
            "At least this share of orders",
            SUPPORT,
            affinity.SUPPORTS,
            lambda value: f"{formats.text(value, 'share')} of orders",
            width=180,
        )
        if shown.rows.is_empty():
            parts.blank("No pair lies beyond chance. Ask for a smaller share of orders, or a wider product level.")
        else:
            spec = prices_charts.estimates(TIMES, titles=RULE_TITLES, label_limit=230, split=" → ")
            parts.draw(spec, shown.rows.with_columns(_ends()), alt="What is bought together")


def _ends() -> list[pl.Expr]:
    return [pl.col("value").alias("high"), pl.lit(1.0).alias("mark")]


def offer(data: Dataset, view: View) -> None:
    """What to offer with one item."""
    name, least = products_cards.level(data), _support()
    found = content.rules(view, name, least)[0]
    best = found.group_by("item", maintain_order=True).agg(pl.col("least_lift").max())["item"].to_list()
    if not best:
        with st.container(border=True, height="stretch"):
            st.markdown("**What to offer with it**")
            parts.blank("Nothing is on enough orders together. Ask for a smaller share of orders.")
        return
    item = choices.chosen(ITEM, best)
    shown = content.offers(view, name, least, item)
    with parts.card(
        "What to offer with it",
        name="offers",
        table=lambda: found.filter(pl.col("item") == item),
        takeaway=shown.takeaway,
        note="Surest first; the grey tick is what chance would give",
        columns=_rule_columns(data),
    ):
        choices.menu("With", ITEM, best)
        spec = prices_charts.estimates(TIMES, titles=RULE_TITLES)
        parts.draw(spec, shown.rows.with_columns(_ends()), alt="What to offer with an item")
