"""Cards of Products: what sells, how it grows, its stage of life and its profit."""

from __future__ import annotations

from typing import Final

import polars as pl

from analytics import dimensions
from analytics.charts import bars as bar_charts
from analytics.charts import products as charts
from analytics.dataset import Dataset
from analytics.tables.products import life as life_tables
from ui import choices, queries, state
from ui.card import Absent, Card, Chart, lacking
from ui.content import products as content
from ui.headings import ColumnConfig
from ui.sidebar import View

LEVEL: Final = "product_level"

ITEM: Final = "affinity_item"
SHOWN: Final = 8
"""Bars of a list."""


def levels(data: Dataset) -> list[str]:
    """Product levels from fine to wide."""
    return [name for name in ("product", "subcategory", "category") if data.has(name)]


def level(data: Dataset) -> str:
    """The level that the page's charts are shown at."""
    return str(choices.chosen(LEVEL, levels(data)))


def level_choice(data: Dataset) -> None:
    """Turns the page's first charts to another level."""
    level(data)
    choices.buttons("Level", LEVEL, levels(data), lambda name: dimensions.dimension(name, data).plural.capitalize())


def label(data: Dataset, name: str) -> str:
    """What a level is called."""
    return dimensions.dimension(name, data).label


def pareto(view: View) -> Card:
    """ABC classes and the Pareto curve."""
    data = queries.dataset(view.source)
    name = level(data)
    shown, table, _ = content.pareto(view, name)
    return Card(
        "ABC: what makes most of the revenue",
        name="abc",
        table=table,
        takeaway=shown.takeaway,
        note="A up to 80 % of revenue, B up to 95 %, C the rest; what crosses a line belongs to the higher class",
        columns={"member": label(data, name), "units": "Products sold"},
        body=[Chart(charts.pareto(), shown.rows, alt="Pareto curve of revenue")],
    )


def growth_matrix(view: View) -> Card | Absent:
    """Growth against share; a click filters."""
    data = queries.dataset(view.source)
    name = level(data)
    if view.filters.base is None:
        why = view.filters.comparison.refused or "Choose a comparison in the sidebar to see growth."
        return Absent("Growth against share", why)
    shown = content.growth_matrix(view, name)
    return Card(
        "Growth against share",
        name="matrix",
        table=lambda: shown.rows.select("member", "revenue", "revenue_base", "share", "growth", "profit", "quadrant"),
        takeaway=shown.takeaway,
        note="Large: a share above the mean · gaining: growth above that of all together · click to filter",
        columns={"member": label(data, name)},
        body=[
            Chart(
                charts.matrix(),
                shown.rows.head(120),
                alt="Growth against share",
                name="matrix",
                clicked=state.picker(charts.PICK, name),
            )
        ],
    )


def life(view: View) -> Card:
    """Products by stage of life, and those launched or discontinued."""
    shown, table = content.life(view)
    stages = "; ".join(f"{stage}: {meaning}" for stage, meaning in life_tables.STAGES.items())
    return Card(
        "Product life",
        name="product_life",
        table=table,
        takeaway=shown.takeaway,
        note="Bars: products. Launched: first sold in this period · discontinued: not sold for 60 days and 8 of its "
        "usual gaps · growing, declining: more or fewer order lines than the comparison, beyond chance",
        columns={"member": "Product", "stage": ColumnConfig("Stage", help=stages), "last_day": "Last sold"},
        body=[Chart(bar_charts.bars(110), shown.rows, alt="Products by stage of life")],
    )


def profits(view: View) -> Card | Absent:
    """What loses money, and what earns most."""
    data = queries.dataset(view.source)
    name = level(data)
    if not data.has("cost"):
        return lacking("Profit: what loses money", "a cost column on the order lines")
    shown = content.profits(view, name)
    rows = shown.rows
    most = rows.sort("profit", "member", descending=[True, False])
    ends = most if most.height <= 2 * SHOWN - 4 else pl.concat([most.head(SHOWN - 3), most.tail(SHOWN - 3)])
    return Card(
        "Profit: what earns and what loses money",
        name="profit",
        table=lambda: rows.select("member", "revenue", "profit", "margin"),
        takeaway=shown.takeaway,
        note="Highest and lowest profit: revenue less the cost of the units sold · click to filter",
        columns={"member": label(data, name)},
        body=[
            Chart(
                bar_charts.movers(170),
                ends,
                alt="Highest and lowest profit",
                name="bars_profit",
                clicked=state.picker(bar_charts.PICK, name),
            )
        ],
    )
