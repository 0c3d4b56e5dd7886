"""Forecast cards of Outlook."""

from __future__ import annotations

from typing import Final

import polars as pl
import streamlit as st

from analytics import dimensions, formats
from analytics.charts import bars as bar_charts
from analytics.charts import outlook as charts
from analytics.metrics import METRICS
from analytics.sentences import outlook as outlook_sentences
from analytics.tables.outlook import members as member_tables
from analytics.tables.outlook import total
from ui import choices, parts, queries
from ui.card import Absent, Card, Chart, Drawn, Rows
from ui.choices import Choice
from ui.content import outlook as content
from ui.headings import ColumnConfig
from ui.sidebar import View

MEMBERS_BY: Final = "outlook_dimension"
SPAN: Final = "target_span"


def forecast(view: View) -> Card:
    """The metric's past and forecast with its intervals, beside the other method's."""
    metric, currency = METRICS[view.metric], queries.dataset(view.source).currency
    shown, outlook = content.forecast(view)
    methods = [total.METHODS[made.method] for made in (outlook.drawn, outlook.beside) if made]
    drawn, beside = methods or ("Forecast", "Other method")
    estimate = formats.estimate(metric.unit, outlook.history["value"])
    spec = charts.fan(formats.axis_label(metric.unit, currency))
    names = {
        "value": metric.label,
        "forecast": drawn,
        "low80": "80 % from",
        "high80": "80 % to",
        "low95": "95 % from",
        "high95": "95 % to",
        "beside": beside,
    }
    return Card(
        f"{metric.label}: the next {outlook_sentences.horizon(outlook)}"
        if outlook.drawn
        else f"{metric.label}: forecast",
        name="forecast",
        table=lambda: shown.rows.select("label", *names),
        takeaway=shown.takeaway,
        note=f"Dotted: forecast ({drawn}) with its 80 % and 95 % intervals · grey: {beside} · diamonds: unusual days"
        if outlook.drawn
        else "Diamonds: unusual days",
        columns={
            name: ColumnConfig(label, metric.unit if name == "value" else estimate) for name, label in names.items()
        },
        body=[Chart(spec, shown.rows, alt="Forecast with intervals")],
        empty="No whole period yet. Choose shorter time steps.",
    )


def runs(view: View) -> bool:
    """Whether the view ends inside a period whose end can be asked for."""
    _, outlook = content.forecast(view)
    return outlook.drawn is not None and not outlook.history["whole"][-1]


def running(view: View) -> None:
    """How the period that is not over will end."""
    currency = queries.dataset(view.source).currency
    _, outlook = content.forecast(view)
    with st.container(border=True, height="stretch"):
        st.markdown("**The running period**")
        if outlook.running is None:
            parts.blank("Only what adds up over days can be estimated before a period is over.")
            return
        label = str(outlook.ahead["label"][0])
        unit = formats.estimate(METRICS[view.metric].unit, outlook.history["value"])
        low, high, mean = formats.interval(
            *outlook.running.bounds(0.8), outlook.running.mean, unit=unit, currency=currency
        )
        st.metric(
            f"{label}, estimated",
            mean,
            f"{low} to {high}",
            delta_color="off",
            delta_arrow="off",
            delta_description="80 % interval",
        )
        sentence = outlook_sentences.running(outlook.running, label, view.metric, currency)
        st.markdown(f":small[{formats.plain(sentence)}]")


def quality(view: View) -> Drawn:
    """How far off both methods were, and how often their intervals held."""
    _, outlook = content.forecast(view)
    table = total.quality(outlook)
    if table.is_empty():
        return None
    return Card(
        "How good such forecasts were",
        name="quality",
        table=table,
        takeaway=outlook_sentences.closeness(outlook),
        note="Both methods made the same forecasts from earlier points of this series",
        body=[Rows(table, alt="Backtest of both methods")],
    )


def members(view: View) -> Drawn:
    """Forecasts of a dimension's members, which add up to the total's."""
    data, metric = queries.dataset(view.source), METRICS[view.metric]
    _, outlook = content.forecast(view)
    names = member_tables.dimensions(data, view.filters, view.metric)
    if outlook.drawn is None or not names:
        return None
    if metric.kind != "sum":
        why = f"{metric.label}: members do not add up to the total. Choose a metric that does."
        return Absent("Who will bring it", why)
    name = str(choices.chosen(MEMBERS_BY, names))
    shown, table = content.forecast_members(view, name)
    label = dimensions.dimension(name, data).label
    labels = dict(enumerate(outlook.ahead["label"].to_list()))
    period = pl.col("step").replace_strict(labels, return_dtype=pl.String).alias("period")
    return Card(
        f"Who will bring it, by {label.lower()}",
        name="forecast_members",
        table=lambda: table.select("member", period, "value", "last"),
        takeaway=shown.takeaway,
        note="Sum of the periods forecast · tick: the same periods a season before",
        columns={
            "member": label,
            "value": ColumnConfig("Forecast", metric.unit),
            "last": ColumnConfig("A season before", metric.unit),
        },
        choices=[Choice("By", MEMBERS_BY, names, lambda n: dimensions.dimension(n, data).label, form="menu")],
        body=[Chart(bar_charts.bars(), shown.rows, alt="Forecast by member")],
    )
