"""Cards of Products: what sells, how it grows, its stage of life and its profit."""

from __future__ import annotations

from typing import Any, Final

import polars as pl
import streamlit as st

from analytics import dimensions
from analytics.charts import bars as bar_charts
from analytics.charts import products as charts
from analytics.dataset import Dataset
from analytics.tables.products import life as life_tables
from ui import choices, parts, state
from ui.content import products as content
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


def pareto(data: Dataset, view: View) -> None:
    """ABC classes and the Pareto curve."""
    name = level(data)
    shown, table, _ = content.pareto(view, name)
    with parts.card(
        "ABC: what makes most of the revenue",
        name="abc",
        table=lambda: table,
        takeaway=shown.takeaway,
        note="A up to 80 % of revenue, B up to 95 %, C the rest; what crosses a line belongs to the higher class",
        columns={
            "member": label(data, name),
            "revenue": parts.number_column("Revenue", "money", data),
            "units": parts.number_column("Products sold", "count", data),
            "share": parts.number_column("Share", "share", data),
            "cumulative": parts.number_column("Cumulative share", "share", data),
            "rank": "Rank",
            "rank_share": parts.number_column("Share of items", "share", data),
            "abc": "Class",
        },
    ):
        parts.draw(charts.pareto(), shown.rows, alt="Pareto curve of revenue")


def growth_matrix(data: Dataset, view: View) -> None:
    """Growth against share; a click filters."""
    name = level(data)
    if view.filters.base is None:
        with st.container(border=True, height="stretch"):
            st.markdown("**Growth against share**")
            parts.blank(view.filters.comparison.refused or "Choose a comparison in the sidebar to see growth.")
        return
    shown = content.growth_matrix(view, name)

    def clicked(key: str) -> None:
        state.pick(key, charts.PICK, "member", name)

    with parts.card(
        "Growth against share",
        name="matrix",
        table=lambda: shown.rows.select("member", "revenue", "revenue_base", "share", "growth", "profit", "quadrant"),
        takeaway=shown.takeaway,
        note="Large: a share above the mean · gaining: growth above that of all together · click to filter",
        columns={
            "member": label(data, name),
            "revenue": parts.number_column("Revenue", "money", data),
            "revenue_base": parts.number_column("Base", "money", data),
            "share": parts.number_column("Share", "share", data),
            "growth": parts.number_column("Growth", "share", data),
            "profit": parts.number_column("Profit", "money", data),
            "quadrant": "Is",
        },
    ):
        parts.draw(charts.matrix(), shown.rows.head(120), alt="Growth against share", name="matrix", clicked=clicked)


def life(data: Dataset, view: View) -> None:
    """Products by stage of life, and those launched or discontinued."""
    shown, table = content.life(view)
    columns: dict[str, Any] = {
        "member": "Product",
        "stage": st.column_config.TextColumn("Stage", help=_stages()),
        "first_day": st.column_config.DateColumn("First sold", format="D MMM YYYY"),
        "last_day": st.column_config.DateColumn("Last sold", format="D MMM YYYY"),
        "revenue": parts.number_column("Revenue", "money", data),
        "revenue_base": parts.number_column("Base", "money", data),
        "change": parts.number_column("Change", "share", data),
        "lines": parts.number_column("Order lines", "count", data),
        "lines_base": parts.number_column("Order lines in base", "count", data),
    }
    with parts.card(
        "Product life",
        name="product_life",
        table=lambda: table,
        takeaway=shown.takeaway,
        note="Bars: products. Launched: first sold in this period · discontinued: not sold for 60 days and 8 of its "
        "usual gaps · growing, declining: more or fewer order lines than the comparison, beyond chance",
        columns=columns,
    ):
        parts.draw(bar_charts.bars(110), shown.rows, alt="Products by stage of life")


def _stages() -> str:
    return "; ".join(f"{stage}: {meaning}" for stage, meaning in life_tables.STAGES.items())


def profits(data: Dataset, view: View) -> None:
    """What loses money, and what earns most."""
    name = level(data)
    if not data.has("cost"):
        with st.container(border=True, height="stretch"):
            parts.lacking("Profit: what loses money", "a cost column on the order lines")
        return
    shown = content.profits(view, name)
    rows = shown.rows
    most = rows.sort("profit", "member", descending=[True, False])
    ends = most if most.height <= 2 * SHOWN - 4 else pl.concat([most.head(SHOWN - 3), most.tail(SHOWN - 3)])

    def clicked(key: str) -> None:
        state.pick(key, bar_charts.PICK, "member", name)

    with parts.card(
        "Profit: what earns and what loses money",
        name="profit",
        table=lambda: rows.select("member", "revenue", "profit", "margin"),
        takeaway=shown.takeaway,
        note="Highest and lowest profit: revenue less the cost of the units sold · click to filter",
        columns={
            "member": label(data, name),
            "revenue": parts.number_column("Revenue", "money", data),
            "profit": parts.number_column("Profit", "money", data),
            "margin": parts.number_column("Margin", "share", data),
        },
    ):
        parts.draw(bar_charts.movers(170), ends, alt="Highest and lowest profit", name="bars_profit", clicked=clicked)
