"""Cards of Customer insights."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import polars as pl
import streamlit as st

from analytics import dimensions, formats
from analytics.charts import bars as bar_charts
from analytics.charts import customers as charts
from analytics.charts import heatmap as heat_charts
from analytics.charts import trend as trend_charts
from analytics.dataset import Dataset
from analytics.metrics import METRICS, Metric, missing
from analytics.tables import customers as customers_tables
from ui import customer_parts, parts, state
from ui.content import customers as customers_content
from ui.content import dashboards
from ui.content import unusual as unusual_content
from ui.sidebar import View

BEHAVIOUR: Final = ("orders_per_customer", "aov", "units_per_order", "revenue_per_customer")
RANKINGS: Final = {"revenue": "By revenue", "orders": "By orders", "units": "By units"}


def new_and_returning(data: Dataset, view: View) -> None:
    """Revenue over time of first-time buyers, of those who came back, and of nobody known."""
    shown = customers_content.customer_mix(view)
    money = st.column_config.NumberColumn
    with parts.card(
        "Customer revenue: new against returning",
        name="new_and_returning",
        table=lambda: customers_tables.customer_mix_table(shown.rows),
        takeaway=shown.takeaway,
        note="New: the first purchase ever falls inside the bar's period · diamonds: days of unusual revenue",
        columns={
            "label": "Period",
            **{kind: money(kind, format=formats.column("money", data.currency)) for kind in charts.CUSTOMER_KINDS},
        },
    ):
        parts.draw(
            charts.customer_mix(formats.axis_label("money", data.currency)),
            unusual_content.customer_mix(view),
            alt="New and returning revenue over time",
        )


def per_customer(data: Dataset, view: View) -> None:
    """Customers beside what each brings, over time."""
    if not data.has_customers:
        with st.container(border=True, height="stretch"):
            parts.lacking("Customers and revenue per customer", "customer ids")
        return
    shown = customers_content.per_customer(view)
    rows = shown.rows
    with parts.card(
        "Customers and revenue per customer",
        name="per_customer",
        table=lambda: rows.select("label", "upper", "lower"),
        takeaway=shown.takeaway,
        note="Bars: customers · line: revenue per customer, each on its own scale · diamonds: days of unusual orders",
        columns={
            "label": "Period",
            "upper": st.column_config.NumberColumn("Customers", format=formats.column("count")),
            "lower": st.column_config.NumberColumn(
                "Revenue per customer", format=formats.column("money", data.currency)
            ),
        },
    ):
        spec = trend_charts.paired(formats.axis_label("count"), formats.axis_label("money", data.currency))
        parts.draw(spec, unusual_content.per_customer(view), alt="Customers and revenue per customer over time")


def top_customers(data: Dataset, view: View) -> None:
    """The best customers by revenue, orders or units, with their share of all known customers' total."""
    by = st.session_state.get("top_by") or "revenue"
    shown = customers_content.top_customers(view, by)
    table = shown.rows
    with parts.card(
        "Top customers",
        name="top_customers",
        table=lambda: table,
        takeaway=shown.takeaway,
        note="Shares are of the known customers' total in this view. Click a customer for their page",
        columns=_ranking_columns(data, by),
    ):
        st.segmented_control(
            "Ranked",
            list(RANKINGS),
            key="top_by",
            default="revenue",
            required=True,
            format_func=RANKINGS.__getitem__,
            label_visibility="collapsed",
        )
        if table.is_empty():
            parts.blank("No known customers bought in this view.")
        else:
            customer_parts.customers(
                table.head(10), _ranking_columns(data, by), name="top", alt="Top customers", height="content"
            )


def _ranking_columns(data: Dataset, by: str) -> dict[str, Any]:
    number = st.column_config.NumberColumn
    place = next((name for name in ("country", "continent", "region") if data.has(name)), None)
    return {
        "rank": number("#", width=40),
        "customer_id": st.column_config.TextColumn("Customer id", width=100),
        "name": st.column_config.TextColumn("Name", width=140),
        "place": st.column_config.TextColumn(dimensions.dimension(place, data).label, width=110) if place else None,
        "last_day": st.column_config.DateColumn("Last order", format="D MMM YYYY", width=100),
        "revenue": number("Revenue", format=formats.column("money", data.currency), width=95),
        "orders": number("Orders", format=formats.column("count"), width=65),
        "units": number("Products", format=formats.column("count"), width=75),
        "share": number("Share", format=formats.column("share"), width=65),
        "cumulative_share": st.column_config.ProgressColumn(
            "Cumulative share", format="percent", min_value=0, max_value=1, width=130
        ),
    }


def behaviour(data: Dataset, view: View) -> None:
    """How customers of each country buy over time: one cell per country and period."""
    offered = [name for name in BEHAVIOUR if missing(METRICS[name], data) is None]
    name = st.session_state.get("behaviour")
    if name not in offered:
        name = st.session_state["behaviour"] = offered[0]
    shown = customers_content.behaviour(view, name)
    rows = shown.rows
    if rows.is_empty():
        with st.container(border=True):
            parts.lacking("Purchasing behaviour by country", "a country column")
        return
    metric = METRICS[name]
    with parts.card(
        "Purchasing behaviour by country over time",
        name="behaviour",
        table=lambda: parts.grid_table(rows),
        takeaway=shown.takeaway,
        note=f"{metric.label}: {metric.sentence}",
    ):
        st.segmented_control(
            "Behaviour",
            offered,
            key="behaviour",
            required=True,
            label_visibility="collapsed",
            format_func=lambda key: METRICS[key].label,
        )

        def clicked(key: str) -> None:
            state.pick(key, heat_charts.PICK, "row", "country")

        parts.draw(
            heat_charts.heatmap(("row",)),
            rows,
            alt="Purchasing behaviour by country and period",
            name="behaviour_cells",
            clicked=clicked,
        )


def spending_by_product(data: Dataset, view: View) -> None:
    """Average revenue per order and per customer of each category or subcategory."""
    levels = [name for name in ("category", "subcategory") if data.has(name)]
    if not levels:
        with st.container(border=True, height="stretch"):
            parts.lacking("Spending by category", "a category or subcategory column")
        return
    level = st.session_state.get("spending_level") or levels[0]
    label = dimensions.dimension(level, data).label
    shown = {name: dashboards.breakdown(view, "customers", level, name) for name in customers_content.SPENDING}
    tables = {name: part.rows for name, part in shown.items()}
    with parts.card(
        f"Average revenue by {label.lower()}",
        name="spending",
        table=lambda: customers_tables.side_by_side(tables),
        takeaway=f"Per order: {shown['aov'].takeaway}",
        note="Per order and per customer who bought from it",
        columns={
            "member": label,
            **{
                name: st.column_config.NumberColumn(METRICS[name].label, format=formats.column("money", data.currency))
                for name in customers_content.SPENDING
            },
        },
    ):
        if len(levels) > 1:
            st.segmented_control(
                "Level",
                levels,
                key="spending_level",
                default=levels[0],
                required=True,
                label_visibility="collapsed",
                format_func=lambda name: dimensions.dimension(name, data).label,
            )

        def clicked(key: str) -> None:
            state.pick(key, bar_charts.PICK, "member", level)

        alt = "Average revenue per order and per customer"
        parts.draw(
            bar_charts.groups(), customers_content.spending(view, level), alt=alt, name="bars_spending", clicked=clicked
        )


def segments(data: Dataset, view: View) -> None:
    """Every customer attribute side by side, each group with the chosen metric."""
    if not data.segments:
        with st.container(border=True):
            parts.lacking("Customer segments", "a customers table with attributes such as gender or occupation")
        return
    metric = METRICS[view.metric]
    labels = dimensions.labels(data)
    shown = {name: customers_content.segment(view, name).rows for name in data.segments}
    card = parts.card(
        f"{metric.label} by customer segment",
        name="segments",
        table=lambda: _all_segments(shown, labels, metric),
        takeaway=customers_content.segments_takeaway(view),
        note="Each customer attribute side by side. Click a bar to filter",
        columns={"attribute": "Attribute", **parts.columns(metric, data.currency, member="Group")},
    )
    with card, st.grid(customers_content.SEGMENT_COLUMNS, min_column_width=280, gap="medium"):
        for n, rows in enumerate(customers_content.segment_columns(view), 1):
            _segment_bars(rows, f"bars_segments_{n}", f"Bars by customer segment, column {n}")


def _segment_bars(rows: pl.DataFrame, name: str, alt: str) -> None:
    def clicked(key: str) -> None:
        state.pick_of_several(key, bar_charts.PICK)

    parts.draw(bar_charts.groups(), rows, alt=alt, name=name, clicked=clicked)


def _all_segments(shown: Mapping[str, pl.DataFrame], labels: Mapping[str, str], metric: Metric) -> pl.DataFrame:
    """One row per attribute and group."""
    rows = [
        frame.with_columns(pl.lit(labels[name]).alias("attribute"), pl.col("member").cast(pl.String))
        for name, frame in shown.items()
    ]
    whole = pl.concat(rows, how="vertical_relaxed")
    return pl.concat([whole.select("attribute"), parts.breakdown_table(whole, metric)], how="horizontal")
