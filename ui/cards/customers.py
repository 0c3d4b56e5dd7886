"""Cards of Customer insights."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

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
from ui import choices, parts, queries, state
from ui.card import Card, Chart, CustomerList, Drawn, lacking
from ui.choices import Choice
from ui.content import customers as customers_content
from ui.content import dashboards
from ui.content import unusual as unusual_content
from ui.headings import ColumnConfig, Heading
from ui.sidebar import View

BEHAVIOUR: Final = ("orders_per_customer", "aov", "units_per_order", "revenue_per_customer")
RANKINGS: Final = {"revenue": "By revenue", "orders": "By orders", "units": "By units"}


def new_and_returning(view: View) -> Card:
    """Revenue over time of first-time buyers, of those who came back, and of nobody known."""
    shown = customers_content.customer_mix(view)
    spec = charts.customer_mix(formats.axis_label("money", queries.dataset(view.source).currency))
    return Card(
        "Customer revenue: new against returning",
        name="new_and_returning",
        table=lambda: customers_tables.customer_mix_table(shown.rows),
        takeaway=shown.takeaway,
        note="New: the first purchase ever falls inside the bar's period · diamonds: days of unusual revenue",
        columns={kind: ColumnConfig(kind, "money") for kind in charts.CUSTOMER_KINDS},
        body=[Chart(spec, unusual_content.customer_mix(view), alt="New and returning revenue over time")],
    )


def per_customer(view: View) -> Drawn:
    """Customers beside what each brings, over time."""
    data = queries.dataset(view.source)
    if not data.has_customers:
        return lacking("Customers and revenue per customer", "customer ids")
    shown = customers_content.per_customer(view)
    spec = trend_charts.paired(formats.axis_label("count"), formats.axis_label("money", data.currency))
    return Card(
        "Customers and revenue per customer",
        name="per_customer",
        table=lambda: shown.rows.select("label", "upper", "lower"),
        takeaway=shown.takeaway,
        note="Bars: customers · line: revenue per customer, each on its own scale · diamonds: days of unusual orders",
        columns={"upper": ColumnConfig("Customers", "count"), "lower": ColumnConfig("Revenue per customer", "money")},
        body=[Chart(spec, unusual_content.per_customer(view), alt="Customers and revenue per customer over time")],
    )


def top_customers(view: View) -> Card:
    """The best customers by revenue, orders or units, with their share of all known customers' total."""
    by = choices.chosen("top_by", list(RANKINGS))
    shown = customers_content.top_customers(view, by)
    table = shown.rows
    return Card(
        "Top customers",
        name="top_customers",
        table=table,
        takeaway=shown.takeaway,
        note="Shares are of the known customers' total in this view. Click a customer for their page",
        columns=_ranking_columns(queries.dataset(view.source)),
        choices=[Choice("Ranked", "top_by", list(RANKINGS), RANKINGS.__getitem__)],
        body=[CustomerList(table.head(10), name="top", alt="Top customers", height="content")],
        empty="No known customers bought in this view.",
    )


def _ranking_columns(data: Dataset) -> dict[str, Heading]:
    return {
        "rank": ColumnConfig("#", "plain", width=40),
        "customer_id": ColumnConfig("Customer id", width=100),
        "name": ColumnConfig("Name", width=140),
        "place": ColumnConfig(dimensions.dimension(data.place, data).label, width=110) if data.place else None,
        "last_day": ColumnConfig("Last order", "day", width=100),
        "revenue": ColumnConfig("Revenue", "money", width=95),
        "orders": ColumnConfig("Orders", "count", width=65),
        "units": ColumnConfig("Products", "units", width=75),
        "share": ColumnConfig("Share", "share", width=65),
    }


def behaviour(view: View) -> Drawn:
    """How customers of each country buy over time: one cell per country and period."""
    data = queries.dataset(view.source)
    offered = [name for name in BEHAVIOUR if missing(METRICS[name], data) is None]
    name = choices.chosen("behaviour", offered)
    shown = customers_content.behaviour(view, name)
    rows, metric = shown.rows, METRICS[name]
    if rows.is_empty():
        return lacking("Purchasing behaviour by country", "a country column")
    return Card(
        "Purchasing behaviour by country over time",
        name="behaviour",
        table=lambda: parts.grid_table(rows),
        takeaway=shown.takeaway,
        note=f"{metric.label}: {metric.sentence}",
        choices=[Choice("Behaviour", "behaviour", offered, lambda key: METRICS[key].label)],
        body=[
            Chart(
                heat_charts.heatmap(("row",)),
                rows,
                alt="Purchasing behaviour by country and period",
                name="behaviour_cells",
                clicked=state.picker(heat_charts.PICK, "country", "row"),
            )
        ],
    )


def spending_by_product(view: View) -> Drawn:
    """Average revenue per order and per customer of each category or subcategory."""
    data = queries.dataset(view.source)
    levels = [name for name in ("category", "subcategory") if data.has(name)]
    if not levels:
        return lacking("Spending by category", "a category or subcategory column")
    level = choices.chosen("spending_level", levels)
    label = dimensions.dimension(level, data).label
    breakdowns = {name: dashboards.breakdown(view, "customers", level, name) for name in customers_content.SPENDING}
    tables = {name: part.rows for name, part in breakdowns.items()}
    return Card(
        f"Average revenue by {label.lower()}",
        name="spending",
        table=lambda: customers_tables.side_by_side(tables),
        takeaway=f"Per order: {breakdowns['aov'].takeaway}",
        note="Per order and per customer who bought from it" + parts.drawn_without(data, view, level),
        columns={"member": label},
        choices=[Choice("Level", "spending_level", levels, lambda name: dimensions.dimension(name, data).label)],
        body=[
            Chart(
                bar_charts.groups(),
                customers_content.spending(view, level),
                alt="Average revenue per order and per customer",
                name="bars_spending",
                clicked=state.picker(bar_charts.PICK, level),
            )
        ],
    )


def segments(view: View) -> Drawn:
    """Every customer attribute side by side, each group with the chosen metric."""
    data = queries.dataset(view.source)
    if not data.segments:
        return lacking("Customer segments", "a customers table with attributes such as gender or occupation")
    metric = METRICS[view.metric]
    labels = dimensions.labels(data)
    segments_rows = {name: customers_content.segment(view, name).rows for name in data.segments}
    card = parts.card(
        data,
        f"{metric.label} by customer segment",
        name="segments",
        table=lambda: _all_segments(segments_rows, labels, metric),
        takeaway=customers_content.segments_takeaway(view),
        note="Each customer attribute side by side. Click a bar to filter"
        + parts.drawn_without(data, view, *data.segments),
        columns=parts.columns(metric, member="Group"),
    )
    with card, st.grid(customers_content.SEGMENT_COLUMNS, min_column_width=280, gap="medium"):
        for n, rows in enumerate(customers_content.segment_columns(view), 1):
            parts.draw(
                bar_charts.groups(),
                rows,
                alt=f"Bars by customer segment, column {n}",
                name=f"bars_segments_{n}",
                clicked=lambda key: state.pick_of_several(key, bar_charts.PICK),
            )
    return None


def _all_segments(shown: Mapping[str, pl.DataFrame], labels: Mapping[str, str], metric: Metric) -> pl.DataFrame:
    """One row per attribute and group."""
    rows = [
        frame.with_columns(pl.lit(labels[name]).alias("attribute"), pl.col("member").cast(pl.String))
        for name, frame in shown.items()
    ]
    whole = pl.concat(rows, how="vertical_relaxed")
    return pl.concat([whole.select("attribute"), parts.breakdown_table(whole, metric)], how="horizontal")
