"""Chart cards that several pages share: each turns a query's frame into one card with its takeaway, table and CSV."""

from __future__ import annotations

from functools import partial
from typing import Final

import polars as pl
import streamlit as st

from analytics import dimensions, formats, periods, sentences
from analytics.charts import bars as bar_charts
from analytics.charts import heatmap as heat_charts
from analytics.charts import trend as trend_charts
from analytics.charts import world_map as map_charts
from analytics.dataset import Dataset
from analytics.formats import plain
from analytics.metrics import METRICS
from analytics.places import map_ids
from analytics.tables import views
from ui import parts, queries, state
from ui.sidebar import View

MOST_BARS: Final = 10


def trend(data: Dataset, view: View, totals: pl.DataFrame, frame: pl.DataFrame) -> None:
    """The metric over time beside its base; dragging across it sets the period."""
    metric = METRICS[view.metric]
    rows = views.trend(frame, view.metric, data.currency)
    key = state.turn("trend")

    def brushed() -> None:
        state.brush_period(key, trend_charts.BRUSH, rows)
        state.rotate("trend")

    with parts.card(
        f"{metric.label} over time",
        name="trend",
        table=lambda: parts.trend_table(rows, metric),
        takeaway=sentences.trend(totals, frame, view.metric, data.currency, view.filters, view.grain),
        note="Drag across the chart to set the period",
        columns=parts.columns(metric, data.currency),
    ):
        parts.draw(
            trend_charts.trend(formats.axis_label(metric.unit, data.currency)),
            rows,
            alt="Metric over time",
            key=key,
            on_select=brushed,
        )


def growth(data: Dataset, view: View, frame: pl.DataFrame) -> None:
    """Growth of each whole bucket against the one it is compared with."""
    metric = METRICS[view.metric]
    rows = views.trend(frame, view.metric, data.currency)
    name = periods.COMPARISONS[view.filters.comparison.mode].lower() if view.filters.base else "a comparison"
    with parts.card(
        f"{metric.label}: growth",
        name="growth",
        table=lambda: parts.trend_table(rows, metric),
        takeaway=sentences.growth(rows, view.metric),
        note=f"Whole {view.grain.replace('_', ' ')}s against {name}",
        columns=parts.columns(metric, data.currency),
    ):
        if rows["change"].is_null().all():
            parts.blank(view.filters.comparison.refused or "Choose a comparison in the sidebar to see growth.")
        else:
            parts.draw(trend_charts.growth(formats.axis_label("share")), rows, alt="Growth by period")


def revenue_and_orders(data: Dataset, totals: pl.DataFrame, frame: pl.DataFrame) -> None:
    """Revenue beside orders over time: is it more orders, or larger ones?"""
    rows = views.paired(frame, "revenue", "orders", data.currency)
    with parts.card(
        "Revenue and orders",
        name="revenue_and_orders",
        table=lambda: rows.select("label", "upper", "lower"),
        takeaway=sentences.volume_and_value(totals, data.currency),
        note="Bars: revenue · line: orders, each on its own scale",
        columns={
            "label": "Period",
            "upper": st.column_config.NumberColumn("Revenue", format=formats.column("money", data.currency)),
            "lower": st.column_config.NumberColumn("Orders", format=formats.column("count")),
        },
    ):
        spec = trend_charts.paired(formats.axis_label("money", data.currency), formats.axis_label("count"))
        parts.draw(spec, rows, alt="Revenue and orders over time")


def world(data: Dataset, view: View, breakdowns: dict[str, pl.DataFrame]) -> None:
    """The world map; what it cannot place is listed beneath with its value."""
    if "country" not in breakdowns:
        with st.container(border=True, height="stretch"):
            parts.lacking("World map", "a country column on the order lines or their territories")
        return
    metric = METRICS[view.metric]
    table = breakdown(data, view, breakdowns, "country")
    placed = table.join(map_ids(table["member"]), left_on="member", right_on="name", how="left")
    unplaced = placed.filter(pl.col("id").is_null())
    rows = placed.drop_nulls("id")
    key = state.turn("world")

    def clicked() -> None:
        state.pick(key, map_charts.PICK, "member", "country")
        state.rotate("world")

    with parts.card(
        f"{metric.label} by country",
        name="world",
        table=lambda: parts.breakdown_table(table, metric),
        takeaway=sentences.breakdown(table, view.metric, data.currency, plural="countries"),
        note="Click a country to filter",
        columns=parts.columns(metric, data.currency, member="Country"),
    ):
        parts.draw(
            map_charts.world_map(formats.axis_label(metric.unit, data.currency)),
            rows,
            alt="World map by country",
            key=key,
            on_select=clicked,
        )
        if unplaced.height:
            listed = ", ".join(
                f"{plain(m)} ({plain(t)})" for m, t in unplaced.select("member", "text").head(12).iter_rows()
            )
            st.caption(f"Not on the map: {listed}")


def drill(data: Dataset, view: View, breakdowns: dict[str, pl.DataFrame], hierarchy: str) -> None:
    """Bars of one level of a hierarchy; a click filters and goes one level deeper."""
    levels = dimensions.levels(data, hierarchy)
    if not levels:
        with st.container(border=True, height="stretch"):
            parts.lacking("Sales by place", "continent, country or region columns")
        return
    key = f"level_{hierarchy}"
    deepest = next((name for name in levels if not view.filters.members(name)), levels[-1])
    reached = (view.source, tuple(view.filters.members(name) for name in levels))
    if st.session_state.get(f"_{key}") != reached:
        st.session_state[f"_{key}"], st.session_state[key] = reached, deepest
    level = st.session_state.get(key) or deepest
    metric = METRICS[view.metric]
    label = dimensions.dimension(level, data).label
    table = breakdown(data, view, breakdowns, level)
    shown = table.head(MOST_BARS)
    note = "Click a bar to filter" + (
        f" · the first {shown.height} of {table.height:,}" if table.height > shown.height else ""
    )
    with parts.card(
        f"{metric.label} by {label.lower()}",
        name=f"by_{hierarchy}",
        table=lambda: parts.breakdown_table(table, metric),
        takeaway=sentences.breakdown(
            table, view.metric, data.currency, plural=dimensions.dimension(level, data).plural
        ),
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
        member_bars(shown, level, f"bars_{hierarchy}", f"Bars by {hierarchy}")


def member_bars(rows: pl.DataFrame, dimension: str, name: str, alt: str, *, small: bool = False) -> None:
    """Clickable bars over a `views.breakdown` table; a click filters the dimension."""
    key = state.turn(name)

    def clicked() -> None:
        state.pick(key, bar_charts.PICK, "member", dimension)
        state.rotate(name)

    parts.draw(bar_charts.bars(110 if small else 150), rows, alt=alt, key=key, on_select=clicked)


def heatmap(data: Dataset, view: View) -> None:
    """Weekday by month; a click on a cell sets the period to its month."""
    metric = METRICS[view.metric]
    rows = views.heatmap(queries.heatmap(view.source, view.filters, view.metric), view.metric, data.currency)
    key = state.turn("heatmap")

    def clicked() -> None:
        state.pick_month(key, heat_charts.PICK, rows)
        state.rotate("heatmap")

    with parts.card(
        f"{metric.label} by weekday and month",
        name="weekday_month",
        table=lambda: parts.grid_table(rows),
        takeaway=sentences.heatmap(rows, view.metric, data.currency),
        note="Click a cell to see its month",
    ):
        parts.draw(heat_charts.heatmap(), rows, alt="Heat map by weekday and month", key=key, on_select=clicked)


def movers(data: Dataset, view: View, breakdowns: dict[str, pl.DataFrame]) -> None:
    """The products, or the finest level there is, whose metric rose and fell most."""
    metric = METRICS[view.metric]
    table = breakdown(data, view, breakdowns, "product")
    rows = views.movers(table, view.metric, data.currency)
    with parts.card(
        f"{metric.label}: what moved most",
        name="movers",
        table=lambda: parts.breakdown_table(table, metric),
        takeaway=sentences.movers(table, view.metric, data.currency, "products"),
        note="Products against the comparison · click to filter",
        columns=parts.columns(metric, data.currency, member="Product"),
    ):
        if rows.is_empty():
            parts.blank(view.filters.comparison.refused or "Choose a comparison in the sidebar to see what moved.")
            return
        key = state.turn("bars_movers")

        def clicked() -> None:
            state.pick(key, bar_charts.PICK, "member", "product")
            state.rotate("bars_movers")

        parts.draw(bar_charts.movers(), rows, alt="Products that rose and fell most", key=key, on_select=clicked)


def others(data: Dataset, view: View, breakdowns: dict[str, pl.DataFrame]) -> None:
    """Further dimensions of the lines, such as a sales channel."""
    for name in dimensions.others(data):
        shown = dimensions.dimension(name, data)
        table = breakdown(data, view, breakdowns, name)
        metric = METRICS[view.metric]
        with parts.card(
            f"{metric.label} by {shown.label.lower()}",
            name=f"by_{name}",
            table=partial(parts.breakdown_table, table, metric),
            takeaway=sentences.breakdown(table, view.metric, data.currency, plural=shown.plural),
            note="Click a bar to filter",
            columns=parts.columns(metric, data.currency, member=shown.label),
        ):
            member_bars(table.head(MOST_BARS), name, f"bars_{name}", f"Bars by {name}")


def breakdown(
    data: Dataset, view: View, breakdowns: dict[str, pl.DataFrame], dimension: str, metric: str | None = None
) -> pl.DataFrame:
    """A dimension's members with the view's metric, or another, as `views.breakdown` gives them."""
    frame, name = breakdowns[dimension], metric or view.metric
    total = frame.select(views.evaluate(frame, name)["value"].sum()).item()
    return views.breakdown(frame, dimension, name, data.currency, total=total, kept=view.filters.members(dimension))
