"""Bars of a hierarchy that go one level deeper at a click, and bars of one dimension."""

from __future__ import annotations

import polars as pl
import streamlit as st

from analytics import dimensions
from analytics.charts import bars as bar_charts
from analytics.dataset import Dataset
from analytics.metrics import METRICS
from ui import parts, state
from ui.content import dashboards
from ui.sidebar import View


def drill(data: Dataset, view: View, page: str, hierarchy: str, metric_name: str | None = None) -> None:
    """Bars of one level of a hierarchy in the view's metric, or another; a click filters and goes one level deeper."""
    levels = dimensions.levels(data, hierarchy)
    if not levels:
        with st.container(border=True, height="stretch"):
            parts.lacking("Sales by place", "continent, country or region columns")
        return
    key = f"level_{hierarchy}"
    filtered = [n for n, name in enumerate(levels) if view.filters.members(name)]
    deepest = levels[min(max(filtered, default=-1) + 1, len(levels) - 1)]
    reached = (view.source, tuple(view.filters.members(name) for name in levels))
    if st.session_state.get(f"_{key}") != reached:
        st.session_state[f"_{key}"], st.session_state[key] = reached, deepest
    level = st.session_state.get(key) or deepest
    metric = METRICS[metric_name or view.metric]
    label = dimensions.dimension(level, data).label
    shown = dashboards.breakdown(view, page, level, metric.name)
    note = "Click a bar to filter"
    if shown.rows.height > dashboards.MOST_BARS:
        note += f" · the first {dashboards.MOST_BARS} of {shown.rows.height:,}"
    with parts.card(
        f"{metric.label} by {label.lower()}",
        name=f"by_{hierarchy}",
        table=lambda: parts.breakdown_table(shown.rows, metric),
        takeaway=shown.takeaway,
        note=note,
        columns=parts.columns(metric, data.currency, member=label),
    ):
        if len(levels) > 1:
            st.segmented_control(
                "Level",
                levels,
                key=key,
                format_func=lambda name: dimensions.dimension(name, data).label,
                required=True,
                label_visibility="collapsed",
            )
        rows = dashboards.bars(view, page, level, metric.name)
        member_bars(rows, level, f"bars_{hierarchy}", f"Bars by {hierarchy}")


def member_bars(rows: pl.DataFrame, dimension: str, name: str, alt: str) -> None:
    """Clickable bars over `views.bars`; a click filters the dimension."""

    def clicked(key: str) -> None:
        state.pick(key, bar_charts.PICK, "member", dimension)

    parts.draw(bar_charts.bars(), rows, alt=alt, name=name, clicked=clicked)
