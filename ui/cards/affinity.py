"""Cards on what is bought together, and what to offer to whom."""

from __future__ import annotations

from typing import Final

import polars as pl

from analytics import formats
from analytics.charts import prices as prices_charts
from analytics.tables import affinity
from ui import choices, queries
from ui.card import Absent, Card, Chart
from ui.cards import products as products_cards
from ui.cards.products import ITEM
from ui.choices import Choice
from ui.content import affinity as content
from ui.headings import Heading
from ui.sidebar import View

SUPPORT: Final = "affinity_support"
RULES: Final[dict[str, Heading]] = {"item": "With"}
RULE_TITLES: Final = (("text", "Lift"), ("detail", "On"))
TIMES: Final = "format(datum.value, '~r') + '×'"


def support() -> float:
    """The smallest share of orders that a pair needs."""
    return float(choices.chosen(SUPPORT, affinity.SUPPORTS[1:] + affinity.SUPPORTS[:1]))


def together(view: View) -> Card:
    """What is bought together most beyond chance."""
    data = queries.dataset(view.source)
    name, least = products_cards.level(data), support()
    shown = content.strongest(view, name, least)
    spec = prices_charts.estimates(TIMES, titles=RULE_TITLES, label_limit=230, split=" → ")
    return Card(
        "Bought together",
        name="affinity",
        table=lambda: content.rules(view, name, least)[0],
        takeaway=shown.takeaway,
        note="Lift: how many times as often as if chance alone put both on an order; bar: its lower end at 95 %, by "
        "customer",
        columns=RULES,
        choices=[
            Choice(
                "At least this share of orders",
                SUPPORT,
                affinity.SUPPORTS,
                lambda value: f"{formats.text(value, 'share')} of orders",
                form="menu",
                width=180,
            )
        ],
        body=[Chart(spec, shown.rows.with_columns(_ends()), alt="What is bought together")],
        empty="No pair lies beyond chance. Ask for a smaller share of orders, or a wider product level.",
    )


def _ends() -> list[pl.Expr]:
    return [pl.col("value").alias("high"), pl.lit(1.0).alias("mark")]


def offer(view: View) -> Card | Absent:
    """What to offer with one item."""
    data = queries.dataset(view.source)
    name, least = products_cards.level(data), support()
    rules = content.rules(view, name, least)[0]
    best = rules.group_by("item", maintain_order=True).agg(pl.col("least_lift").max())["item"].to_list()
    if not best:
        why = "Nothing is on enough orders together. Ask for a smaller share of orders."
        return Absent("What to offer with it", why)
    item = choices.chosen(ITEM, best)
    shown = content.offers(view, name, least, item)
    spec = prices_charts.estimates(TIMES, titles=RULE_TITLES)
    return Card(
        "What to offer with it",
        name="offers",
        table=lambda: rules.filter(pl.col("item") == item),
        takeaway=shown.takeaway,
        note="Surest first; the grey tick is what chance would give",
        columns=RULES,
        choices=[Choice("With", ITEM, best, form="menu")],
        body=[Chart(spec, shown.rows.with_columns(_ends()), alt="What to offer with an item")],
    )
