"""Cards of Sales performance."""

from __future__ import annotations

from functools import partial

import streamlit as st

from analytics import dimensions, formats, periods
from analytics.charts import bars as bar_charts
from analytics.charts import heatmap as heat_charts
from analytics.charts import trend as trend_charts
from analytics.charts import world_map as map_charts
from analytics.dataset import Dataset
from analytics.formats import plain
from analytics.grains import GRAINS
from analytics.metrics import METRICS
from ui import parts, state
from ui.cards import drill
from ui.content import dashboards
from ui.content import sales as sales_content
from ui.content import unusual as unusual_content
from ui.sidebar import View


def trend(data: Dataset, view: View) -> None:
    """The metric over time beside its base; dragging across it sets the period."""
    metric, shown = METRICS[view.metric], unusual_content.trend(view)
    rows = shown.rows

    def brushed(key: str) -> None:
        state.brush_period(key, trend_charts.BRUSH, rows)

    with parts.card(
        f"{metric.label} over time",
        name="trend",
        table=lambda: parts.trend_table(rows, metric).with_columns(unusual_content.trend_days(view)),
        takeaway=shown.takeaway,
        note="Drag across the chart to set the period" + (" · diamonds: unusual days" if rows["odd"].count() else ""),
        columns={**parts.columns(metric, data.currency), "unusual": "Unusual days"},
    ):
        parts.draw(
            trend_charts.trend(formats.axis_label(metric.unit, data.currency)),
            rows,
            alt="Metric over time",
            name="trend",
            clicked=brushed,
        )


def growth(data: Dataset, view: View) -> None:
    """Growth of each whole bucket against the one it is compared with."""
    metric, shown = METRICS[view.metric], sales_content.growth(view)
    rows = shown.rows
    mode = view.filters.comparison.mode
    name = "a comparison" if mode == "none" else periods.COMPARISONS[mode].lower()
    with parts.card(
        f"{metric.label}: growth",
        name="growth",
        table=lambda: parts.trend_table(rows, metric),
        takeaway=shown.takeaway,
        note=f"Whole {GRAINS[view.grain].plural} against {name}",
        columns=parts.columns(metric, data.currency),
    ):
        if rows["change"].is_null().all():
            parts.blank(view.filters.comparison.refused or "Choose a comparison in the sidebar to see growth.")
        else:
            parts.draw(trend_charts.growth(formats.axis_label("share")), rows, alt="Growth by period")


def revenue_and_orders(data: Dataset, view: View) -> None:
    """Revenue beside orders over time: is it more orders, or larger ones?"""
    shown = sales_content.revenue_and_orders(view)
    rows = shown.rows
    with parts.card(
        "Revenue and orders",
        name="revenue_and_orders",
        table=lambda: rows.select("label", "upper", "lower"),
        takeaway=shown.takeaway,
        note="Bars: revenue · line: orders, each on its own scale · diamonds: unusual days",
        columns={
            "label": "Period",
            "upper": st.column_config.NumberColumn("Revenue", format=formats.column("money", data.currency)),
            "lower": st.column_config.NumberColumn("Orders", format=formats.column("count")),
        },
    ):
        spec = trend_charts.paired(formats.axis_label("money", data.currency), formats.axis_label("count"))
        parts.draw(spec, unusual_content.revenue_and_orders(view), alt="Revenue and orders over time")


def world(data: Dataset, view: View) -> None:
    """The world map; what it cannot place is listed beneath with its value."""
    if not data.has("country"):
        with st.container(border=True, height="stretch"):
            parts.lacking("World map", "a country column on the order lines or their territories")
        return
    metric = METRICS[view.metric]
    table = dashboards.breakdown(view, "sales", "country", view.metric).rows
    shown, unplaced = sales_content.world(view)

    def clicked(key: str) -> None:
        state.pick(key, map_charts.PICK, "member", "country")

    with parts.card(
        f"{metric.label} by country",
        name="world",
        table=lambda: parts.breakdown_table(table, metric),
        takeaway=shown.takeaway,
        note="Click a country to filter",
        columns=parts.columns(metric, data.currency, member="Country"),
    ):
        parts.draw(
            map_charts.world_map(formats.axis_label(metric.unit, data.currency)),
            shown.rows,
            alt="World map by country",
            name="world",
            clicked=clicked,
        )
        if unplaced:
            listed = ", ".join(f"{plain(member)} ({plain(text)})" for member, text in unplaced)
            st.caption(f"Not on the map: {listed}")


def heatmap(view: View) -> None:
    """Weekday by month; a click on a cell sets the period to its month."""
    metric, shown = METRICS[view.metric], sales_content.heatmap(view)
    rows = shown.rows

    def clicked(key: str) -> None:
        state.pick_month(key, heat_charts.PICK, rows)

    with parts.card(
        f"{metric.label} by weekday and month",
        name="weekday_month",
        table=lambda: parts.grid_table(rows),
        takeaway=shown.takeaway,
        note="Click a cell to see its month",
    ):
        parts.draw(heat_charts.heatmap(), rows, alt="Heat map by weekday and month", name="heatmap", clicked=clicked)


def movers(data: Dataset, view: View) -> None:
    """The products, or the finest level there is, whose metric rose and fell most."""
    metric = METRICS[view.metric]
    table, shown = dashboards.breakdown(view, "sales", "product", view.metric).rows, sales_content.movers(view)
    rows = shown.rows
    with parts.card(
        f"{metric.label}: what moved most",
        name="movers",
        table=lambda: parts.breakdown_table(table, metric),
        takeaway=shown.takeaway,
        note="Products against the comparison · click to filter",
        columns=parts.columns(metric, data.currency, member="Product"),
    ):
        if rows.is_empty():
            parts.blank(view.filters.comparison.refused or "Choose a comparison in the sidebar to see what moved.")
            return

        def clicked(key: str) -> None:
            state.pick(key, bar_charts.PICK, "member", "product")

        parts.draw(
            bar_charts.movers(), rows, alt="Products that rose and fell most", name="bars_movers", clicked=clicked
        )


def others(data: Dataset, view: View) -> None:
    """Further dimensions of the lines, such as a sales channel."""
    metric = METRICS[view.metric]
    for name in dimensions.others(data):
        label = dimensions.dimension(name, data).label
        shown = dashboards.breakdown(view, "sales", name, view.metric)
        with parts.card(
            f"{metric.label} by {label.lower()}",
            name=f"by_{name}",
            table=partial(parts.breakdown_table, shown.rows, metric),
            takeaway=shown.takeaway,
            note="Click a bar to filter",
            columns=parts.columns(metric, data.currency, member=label),
        ):
            rows = dashboards.bars(view, "sales", name, metric.name)
            drill.member_bars(rows, name, f"bars_{name}", f"Bars by {name}")
