"""Bars of a hierarchy that go one level deeper at a click, and bars of one dimension."""

from __future__ import annotations

import polars as pl
import streamlit as st

from analytics import dimensions
from analytics.charts import bars as bar_charts
from analytics.metrics import METRICS
from ui import parts, queries, state
from ui.card import Card, Chart, Drawn, lacking
from ui.choices import Choice
from ui.content import dashboards
from ui.sidebar import View


def drill(view: View, *, page: str, hierarchy: str, metric: str = "") -> Drawn:
    """Bars of one level of a hierarchy in the view's metric, or another; a click filters and goes one level deeper."""
    data = queries.dataset(view.source)
    levels = dimensions.levels(data, hierarchy)
    if not levels:
        return lacking("Sales by place", "continent, country or region columns")
    key = f"level_{hierarchy}"
    filtered = [n for n, name in enumerate(levels) if view.filters.members(name)]
    deepest = levels[min(max(filtered, default=-1) + 1, len(levels) - 1)]
    reached = (view.source, tuple(view.filters.members(name) for name in levels))
    if st.session_state.get(f"_{key}") != reached:
        st.session_state[f"_{key}"], st.session_state[key] = reached, deepest
    level = st.session_state.get(key) or deepest
    of, label = METRICS[metric or view.metric], dimensions.dimension(level, data).label
    shown = dashboards.breakdown(view, page, level, of.name)
    note = "Click a bar to filter"
    if shown.rows.height > dashboards.MOST_BARS:
        note += f" · the first {dashboards.MOST_BARS} of {shown.rows.height:,}"
    note += parts.drawn_without(data, view, level)
    rows = dashboards.bars(view, page, level, of.name)
    return Card(
        f"{of.label} by {label.lower()}",
        name=f"by_{hierarchy}",
        table=lambda: parts.breakdown_table(shown.rows, of),
        takeaway=shown.takeaway,
        note=note,
        columns=parts.columns(of, member=label),
        choices=[Choice("Level", key, levels, lambda name: dimensions.dimension(name, data).label)],
        body=[member_bars(rows, level, f"bars_{hierarchy}", f"Bars by {hierarchy}")],
    )


def member_bars(rows: pl.DataFrame, dimension: str, name: str, alt: str) -> Chart:
    """Bars over `dashboards.bars`; a click on one filters the dimension."""
    return Chart(bar_charts.bars(), rows, alt=alt, name=name, clicked=state.picker(bar_charts.PICK, dimension))
