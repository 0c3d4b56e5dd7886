"""Forecast cards of Outlook."""

from __future__ import annotations

from typing import Any, Final

import polars as pl
import streamlit as st

from analytics import dimensions, formats
from analytics.charts import bars as bar_charts
from analytics.charts import outlook as charts
from analytics.dataset import Dataset
from analytics.metrics import METRICS
from analytics.sentences import outlook as outlook_sentences
from analytics.tables import outlook
from ui import choices, parts
from ui.content import outlook as content
from ui.sidebar import View

MEMBERS_BY: Final = "outlook_dimension"
SPAN: Final = "target_span"


def forecast(data: Dataset, view: View) -> None:
    """The metric's past and forecast with its intervals, beside the other method's."""
    metric = METRICS[view.metric]
    shown, found = content.forecast(view)
    names = [outlook.METHODS[made.method] for made in (found.drawn, found.beside) if made]
    drawn, beside = names or ("Forecast", "Other method")
    table = ("label", "value", "forecast", "low80", "high80", "low95", "high95", "beside")
    with parts.card(
        f"{metric.label}: the next {outlook_sentences.horizon(found)}" if found.drawn else f"{metric.label}: forecast",
        name="forecast",
        table=lambda: shown.rows.select(table),
        takeaway=shown.takeaway,
        note=f"Dotted: forecast ({drawn}) with its 80 % and 95 % intervals · grey: {beside} · diamonds: unusual days"
        if found.drawn
        else "Diamonds: unusual days",
        columns={
            "label": "Period",
            "value": parts.number_column(metric.label, metric.unit, data),
            "forecast": parts.number_column(drawn, metric.unit, data),
            "low80": parts.number_column("80 % from", metric.unit, data),
            "high80": parts.number_column("80 % to", metric.unit, data),
            "low95": parts.number_column("95 % from", metric.unit, data),
            "high95": parts.number_column("95 % to", metric.unit, data),
            "beside": parts.number_column(beside, metric.unit, data),
        },
    ):
        if shown.rows.is_empty():
            parts.blank("No whole period yet. Choose smaller time steps.")
        else:
            spec = charts.fan(formats.axis_label(metric.unit, data.currency))
            parts.draw(spec, shown.rows, alt="Forecast with intervals")


def runs(view: View) -> bool:
    """Whether the view ends inside a period whose end can be asked for."""
    _, found = content.forecast(view)
    return found.drawn is not None and not found.history["whole"][-1]


def running(data: Dataset, view: View) -> None:
    """How the period that is not over will end."""
    _, found = content.forecast(view)
    with st.container(border=True, height="stretch"):
        st.markdown("**The running period**")
        if found.running is None:
            parts.blank("Only what adds up over days can be estimated before a period is over.")
            return
        label = str(found.ahead["label"][0])
        unit = METRICS[view.metric].unit
        texts = [
            formats.text(v, unit, data.currency) for v in (found.running.mean, found.running.low, found.running.high)
        ]
        st.metric(
            f"{label}, estimated",
            texts[0],
            f"{texts[1]} to {texts[2]}",
            delta_color="off",
            delta_arrow="off",
            delta_description="80 % interval",
        )
        said = outlook_sentences.running(found.running, label, view.metric, data.currency)
        st.markdown(f":small[{formats.plain(said)}]")


def quality(view: View) -> None:
    """How far off both methods were, and how often their intervals held."""
    _, found = content.forecast(view)
    table = outlook.quality(found)
    if table.is_empty():
        return
    number = st.column_config.NumberColumn
    columns: dict[str, Any] = {
        "method": "Method",
        "drawn": st.column_config.CheckboxColumn("Drawn", help="Theta, or seasonal naive where that was closer."),
        "mase": number(
            "Error (MASE)", format="%.2f", help="1 is the error of repeating last season inside the history."
        ),
        "coverage80": number("80 % held", format="percent", help="Share of the past that lay inside the interval."),
        "coverage95": number("95 % held", format="percent", help="Share of the past that lay inside the interval."),
        "origins": number("Tests", format="%d", help="Forecasts made from earlier points of this very series."),
    }
    with parts.card(
        "How good such forecasts were",
        name="quality",
        table=lambda: table,
        takeaway=outlook_sentences.closeness(found),
        note="Both methods made the same forecasts from earlier points of this series",
        columns=columns,
    ):
        st.dataframe(table, hide_index=True, column_config=columns, alt="Backtest of both methods", height="content")


def members(data: Dataset, view: View) -> None:
    """Forecasts of a dimension's members, which add up to the total's."""
    metric = METRICS[view.metric]
    _, found = content.forecast(view)
    names = outlook.dimensions(data, view.filters)
    if found.drawn is None or not names:
        return
    if metric.kind != "sum":
        with st.container(border=True, height="stretch"):
            st.markdown("**Who will bring it**")
            parts.blank(f"{metric.label}: members do not add up to the total. Choose a metric that does.")
        return
    name = str(choices.chosen(MEMBERS_BY, names))
    shown, table = content.forecast_members(view, name)
    label = dimensions.dimension(name, data).label
    labels = dict(enumerate(found.ahead["label"].to_list()))
    with parts.card(
        f"Who will bring it, by {label.lower()}",
        name="forecast_members",
        table=lambda: table.select(
            "member", pl.col("step").replace_strict(labels, return_dtype=pl.String).alias("period"), "value", "last"
        ),
        takeaway=shown.takeaway,
        note="Sum of the periods forecast · tick: the same periods a season before",
        columns={
            "member": label,
            "period": "Period",
            "value": parts.number_column("Forecast", metric.unit, data),
            "last": parts.number_column("A season before", metric.unit, data),
        },
    ):
        choices.menu("By", MEMBERS_BY, names, lambda n: dimensions.dimension(n, data).label)
        parts.draw(bar_charts.bars(), shown.rows, alt="Forecast by member")
