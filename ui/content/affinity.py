"""What the cards on products bought together show."""

from __future__ import annotations

import polars as pl
import streamlit as st

from analytics import lines
from analytics.filters import Filters
from analytics.sentences import affinity as affinity_sentences
from analytics.tables import affinity
from ui import queries
from ui.caching import remembered
from ui.content.remembered import Content
from ui.queries import VersionKey
from ui.sidebar import View


@remembered
def _rules(source: VersionKey, filters: Filters, level: str, least: int) -> pl.DataFrame:
    with st.spinner("Counting what is bought together …"):
        return affinity.rules(lines.pairs(queries.dataset(source), filters, level, least))


@remembered
def _orders(source: VersionKey, filters: Filters) -> int:
    whole = lines.Totals(compared=False)
    return int(lines.page(queries.dataset(source), filters, [whole], grain="year")[whole]["orders"].item())


def rules(view: View, level: str, support: float) -> tuple[pl.DataFrame, int, int]:
    """Every ordered pair bought together often enough, the orders of the view, and the orders that is."""
    count = _orders(view.source, view.filters)
    least = affinity.fewest(support, count)
    return _rules(view.source, view.filters, level, least), count, least


@remembered
def strongest(view: View, level: str, support: float) -> Content:
    """What is bought together most beyond chance."""
    table, orders, least = rules(view, level, support)
    return Content(affinity.strongest(table.filter("beyond")), affinity_sentences.affinity(table, orders, least))


@remembered
def offers(view: View, level: str, support: float, item: str) -> Content:
    """What to offer with an item."""
    rows = affinity.offers(rules(view, level, support)[0], item)
    return Content(rows, affinity_sentences.offers(rows, item))
