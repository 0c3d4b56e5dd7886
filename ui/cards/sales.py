"""Cards of Sales performance."""

from __future__ import annotations

from functools import partial

import polars as pl
import streamlit as st

from analytics import dimensions, formats, periods
from analytics.charts import bars as bar_charts
from analytics.charts import heatmap as heat_charts
from analytics.charts import trend as trend_charts
from analytics.charts import world_map as map_charts
from analytics.formats import plain
from analytics.grains import GRAINS
from analytics.metrics import METRICS
from ui import parts, queries, state
from ui.card import Card, Chart, Drawn, lacking, show
from ui.cards import drill
from ui.content import dashboards
from ui.content import sales as sales_content
from ui.content import unusual as unusual_content
from ui.headings import ColumnConfig
from ui.sidebar import View


def trend(view: View) -> Card:
    """The metric over time beside its base; dragging across it sets the period."""
    metric, shown = METRICS[view.metric], unusual_content.trend(view)
    rows, currency = shown.rows, queries.dataset(view.source).currency
    return Card(
        f"{metric.label} over time",
        name="trend",
        table=lambda: parts.trend_table(rows, metric).with_columns(unusual_content.trend_days(view)),
        takeaway=shown.takeaway,
        note="Drag across the chart to set the period" + (" · diamonds: unusual days" if rows["odd"].count() else ""),
        columns=parts.columns(metric),
        body=[
            Chart(
                trend_charts.trend(formats.axis_label(metric.unit, currency)),
                rows,
                alt="Metric over time",
                name="trend",
                clicked=lambda key: state.brush_period(key, trend_charts.BRUSH, rows),
            )
        ],
    )


def growth(view: View) -> Card:
    """Growth of each whole bucket against the one it is compared with."""
    metric, shown = METRICS[view.metric], sales_content.growth(view)
    rows = shown.rows
    mode = view.filters.comparison.mode
    name = "a comparison" if mode == "none" else periods.COMPARISONS[mode].lower()
    chart = Chart(trend_charts.growth(formats.axis_label("share")), rows, alt="Growth by period")
    return Card(
        f"{metric.label}: growth",
        name="growth",
        table=lambda: parts.trend_table(rows, metric),
        takeaway=shown.takeaway,
        note=f"Whole {GRAINS[view.grain].plural} against {name}",
        columns=parts.columns(metric),
        body=[] if rows["change"].is_null().all() else [chart],
        empty=view.filters.comparison.refused or _no_growth(view, rows),
    )


def revenue_and_orders(view: View) -> Card:
    """Revenue beside orders over time: is it more orders, or larger ones?"""
    shown = sales_content.revenue_and_orders(view)
    money = formats.axis_label("money", queries.dataset(view.source).currency)
    spec = trend_charts.paired(money, formats.axis_label("count"))
    return Card(
        "Revenue and orders",
        name="revenue_and_orders",
        table=lambda: shown.rows.select("label", "upper", "lower"),
        takeaway=shown.takeaway,
        note="Bars: revenue · line: orders, each on its own scale · diamonds: unusual days",
        columns={"upper": ColumnConfig("Revenue", "money"), "lower": ColumnConfig("Orders", "count")},
        body=[Chart(spec, unusual_content.revenue_and_orders(view), alt="Revenue and orders over time")],
    )


def world(view: View) -> Drawn:
    """The world map; what it cannot place is listed beneath with its value."""
    data = queries.dataset(view.source)
    if not data.has("country"):
        return lacking("World map", "a country column on the order lines or their territories")
    metric = METRICS[view.metric]
    table = dashboards.breakdown(view, "sales", "country", view.metric).rows
    shown, unplaced = sales_content.world(view)
    with parts.card(
        data,
        f"{metric.label} by country",
        name="world",
        table=lambda: parts.breakdown_table(table, metric),
        takeaway=shown.takeaway,
        note="Click a country to filter" + parts.drawn_without(data, view, "country"),
        columns=parts.columns(metric, member="Country"),
    ):
        parts.draw(
            map_charts.world_map(formats.axis_label(metric.unit, data.currency)),
            shown.rows,
            alt="World map by country",
            name="world",
            clicked=state.picker(map_charts.PICK, "country"),
        )
        if unplaced:
            listed = ", ".join(f"{plain(member)} ({plain(text)})" for member, text in unplaced)
            st.caption(f"Not on the map: {listed}")
    return None


def heatmap(view: View) -> Card:
    """Weekday by month; a click on a cell sets the period to its month."""
    metric, shown = METRICS[view.metric], sales_content.heatmap(view)
    rows = shown.rows
    return Card(
        f"{metric.label} by weekday and month",
        name="weekday_month",
        table=lambda: parts.grid_table(rows),
        takeaway=shown.takeaway,
        note="Click a cell to see its month",
        body=[
            Chart(
                heat_charts.heatmap(),
                rows,
                alt="Heat map by weekday and month",
                name="heatmap",
                clicked=lambda key: state.pick_month(key, heat_charts.PICK, rows),
            )
        ],
    )


def movers(view: View) -> Card:
    """The products, or the finest level there is, whose metric rose and fell most."""
    data, metric = queries.dataset(view.source), METRICS[view.metric]
    table, shown = dashboards.breakdown(view, "sales", "product", view.metric).rows, sales_content.movers(view)
    return Card(
        f"{metric.label}: what moved most",
        name="movers",
        table=lambda: parts.breakdown_table(table, metric),
        takeaway=shown.takeaway,
        note="Products against the comparison · click to filter" + parts.drawn_without(data, view, "product"),
        columns=parts.columns(metric, member="Product"),
        body=[
            Chart(
                bar_charts.movers(),
                shown.rows,
                alt="Products that rose and fell most",
                name="bars_movers",
                clicked=state.picker(bar_charts.PICK, "product"),
            )
        ],
        empty=view.filters.comparison.refused or _choose(view, "to see what moved") or "Nothing moved.",
    )


def others(view: View) -> None:
    """Further dimensions of the lines, such as a sales channel, below each other."""
    data, metric = queries.dataset(view.source), METRICS[view.metric]
    for name in dimensions.others(data):
        label = dimensions.dimension(name, data).label
        shown = dashboards.breakdown(view, "sales", name, view.metric)
        rows = dashboards.bars(view, "sales", name, metric.name)
        card = Card(
            f"{metric.label} by {label.lower()}",
            name=f"by_{name}",
            table=partial(parts.breakdown_table, shown.rows, metric),
            takeaway=shown.takeaway,
            note="Click a bar to filter" + parts.drawn_without(data, view, name),
            columns=parts.columns(metric, member=label),
            body=[drill.member_bars(rows, name, f"bars_{name}", f"Bars by {name}")],
        )
        show(data, card)


def _choose(view: View, why: str) -> str:
    """What to do where nothing is compared with; empty where something is."""
    return "" if view.filters.base else f"Choose a comparison in the sidebar {why}."


def _no_growth(view: View, rows: pl.DataFrame) -> str:
    """Why no whole bucket has grown or fallen."""
    if view.filters.base is None:
        return _choose(view, "to see growth")
    if not rows["whole"].any():
        return "Choose shorter time steps in the sidebar, or a longer period."
    return f"No {METRICS[view.metric].label.lower()} above 0 to compare with {view.filters.base.when()}."
