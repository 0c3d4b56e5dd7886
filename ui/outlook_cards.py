"""Chart cards of the Outlook page."""

from __future__ import annotations

import json
from typing import Any, Final

import polars as pl
import streamlit as st

from analytics import dimensions, formats
from analytics import sentences_growth as sentences
from analytics.charts import bars as bar_charts
from analytics.charts import outlook as outlook_charts
from analytics.dataset import Dataset
from analytics.metrics import METRICS
from analytics.tables import outlook, target_edits, targets
from ui import choices, growth, parts, target_editor
from ui.content import Content
from ui.sidebar import View

MEMBERS_BY: Final = "outlook_dimension"
SPAN: Final = "target_span"
TARGETS_BY: Final = "target_dimension"


def _number(words: str, unit: str, data: Dataset) -> Any:
    return st.column_config.NumberColumn(words, format=formats.column(unit, data.currency))


def forecast(data: Dataset, view: View) -> None:
    """The metric's past and forecast with its intervals, beside seasonal naive."""
    metric = METRICS[view.metric]
    shown, found = growth.forecast(view)
    steps = f"{outlook.STEPS[view.grain]} {view.grain.replace('_', ' ')}s"
    with parts.card(
        f"{metric.label}: the next {steps}" if found.theta else f"{metric.label}: forecast",
        name="forecast",
        table=lambda: shown.rows.select("label", "value", "forecast", "low80", "high80", "low95", "high95", "naive"),
        takeaway=shown.takeaway,
        note="Theta, dotted, with the 80 % and 95 % intervals that its past errors give · grey: last season again "
        "(seasonal naive) · a last period that is not over is left out",
        columns={
            "label": "Period",
            "value": _number(metric.label, metric.unit, data),
            "forecast": _number("Theta", metric.unit, data),
            "low80": _number("80 % from", metric.unit, data),
            "high80": _number("80 % to", metric.unit, data),
            "low95": _number("95 % from", metric.unit, data),
            "high95": _number("95 % to", metric.unit, data),
            "naive": _number("Seasonal naive", metric.unit, data),
        },
    ):
        if shown.rows.is_empty():
            parts.blank("No whole period yet. Choose smaller time steps.")
        else:
            spec = outlook_charts.fan(formats.axis_label(metric.unit, data.currency))
            parts.draw(spec, shown.rows, alt="Forecast with intervals")


def running(data: Dataset, view: View) -> None:
    """How the period that is not over will end."""
    _, found = growth.forecast(view)
    with st.container(border=True, height="stretch"):
        st.markdown("**The running period**")
        if found.running is None:
            ends = "The view ends with a whole period, so none is running."
            kind = "Only what adds up over days can be estimated before a period is over."
            short = "There is no forecast to take the rest from."
            parts.blank(short if found.theta is None else kind if METRICS[view.metric].kind != "sum" else ends)
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
        said = sentences.running(found.running, label, view.metric, data.currency)
        st.markdown(f":small[{formats.plain(said)}]")


def quality(view: View) -> None:
    """How far off both methods were, and how often their intervals held."""
    _, found = growth.forecast(view)
    table = outlook.quality(found)
    if table.is_empty():
        return
    number = st.column_config.NumberColumn
    best = table.drop_nulls("mase").sort("mase")
    said = f"{best['method'][0]} was closer in the past." if best.height > 1 else ""
    columns: dict[str, Any] = {
        "method": "Method",
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
        takeaway=said,
        note="Both methods made the same forecasts from earlier points of this series",
        columns=columns,
    ):
        st.dataframe(table, hide_index=True, column_config=columns, alt="Backtest of both methods", height="content")


def members(data: Dataset, view: View) -> None:
    """Forecasts of a dimension's members, which add up to the total's."""
    metric = METRICS[view.metric]
    _, found = growth.forecast(view)
    names = outlook.dimensions(data, view.filters)
    if found.theta is None or not names:
        return
    if metric.kind != "sum":
        with st.container(border=True, height="stretch"):
            st.markdown("**Who will bring it**")
            parts.blank(f"{metric.label} does not add up over members. Choose a metric that does, such as revenue.")
        return
    name = str(choices.chosen(MEMBERS_BY, names))
    shown, table = growth.forecast_members(view, name)
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
            "value": _number("Forecast", metric.unit, data),
            "last": _number("A season before", metric.unit, data),
        },
    ):
        choices.menu("By", MEMBERS_BY, names, lambda n: dimensions.dimension(n, data).label)
        parts.draw(bar_charts.bars(150), shown.rows, alt="Forecast by member")


# --- Targets ----------------------------------------------------------------------------------------------------------


def target(data: Dataset, view: View) -> None:
    """Targets by month, the pace of the running span, and who is ahead or behind."""
    st.subheader("Targets", anchor="targets")
    edited = target_editor.edited(data, view.source)
    key = "" if edited is None else json.dumps(target_edits.to_plain(edited))
    found = growth.target_months(view, key)
    if isinstance(found, str):
        with st.container(border=True):
            parts.blank(found)
    else:
        _targets(data, view, key, *found)
    if not view.source.segment:
        target_editor.editor(data, view.source, min(view.filters.period.end, data.last_day))


def _targets(data: Dataset, view: View, edited: str, shown: Content, table: targets.Targets) -> None:
    money = {
        "target": _number("Target", "money", data),
        "actual": _number("Sold", "money", data),
        "due": _number("Due by now", "money", data),
        "attainment": _number("Reached of what is due", "share", data),
    }
    by = ", ".join(dimensions.dimension(name, data).label.lower() for name in table.dimensions) or "in total"
    note = f"Revenue of what has a target only · tick: target · set by {by}"
    if table.left_out:
        note += f" · {table.left_out:,} targets at another level are left out, or they would count twice"
    left, right = st.columns(2)
    with (
        left,
        parts.card(
            "Revenue against target",
            name="targets",
            table=lambda: table.months.select("label", "target", "actual", "due", "attainment"),
            takeaway=shown.takeaway,
            note=note,
            columns={"label": "Month", **money},
        ),
    ):
        spec = outlook_charts.attainment(formats.axis_label("money", data.currency))
        parts.draw(spec, shown.rows, alt="Revenue against target by month")
    with right:
        pace(data, view, edited)
    if table.dimensions:
        target_members(data, view, edited, table)


def pace(data: Dataset, view: View, edited: str) -> None:
    """The pace towards the target of the running month, quarter or year."""
    spans = [name for name in targets.HORIZONS if growth.target_pace(view, edited, name)]
    if not spans:
        with st.container(border=True, height="stretch"):
            st.markdown("**Pace**")
            parts.blank("The running month, quarter and year have no target.")
        return
    name = str(choices.chosen(SPAN, list(reversed(spans))))
    known = growth.target_pace(view, edited, name)
    if known is None:
        return
    shown, found = known
    with parts.card(
        "Pace towards the target",
        name="pace",
        table=lambda: found.line,
        takeaway=shown.takeaway,
        note="Line: sold so far, dashed: target, spread evenly over each month's days",
        columns={
            "day": st.column_config.DateColumn("Day", format="D MMM YYYY"),
            "actual": _number("Sold so far", "money", data),
            "due": _number("Target by then", "money", data),
        },
    ):
        choices.buttons("Span", SPAN, list(reversed(spans)), targets.HORIZONS.__getitem__)
        spec = outlook_charts.pace(formats.axis_label("money", data.currency))
        parts.draw(spec, shown.rows, alt="Pace towards the target")


def target_members(data: Dataset, view: View, edited: str, table: targets.Targets) -> None:
    """Who is ahead of and behind target."""
    name = str(choices.chosen(TARGETS_BY, list(table.dimensions)))
    shown = growth.target_members(view, edited, name)
    label = dimensions.dimension(name, data).label
    with parts.card(
        f"Ahead of and behind target, by {label.lower()}",
        name="target_members",
        table=lambda: shown.rows.select("member", "actual", "due", "gap", "attainment"),
        takeaway=shown.takeaway,
        note="Months of the period that have begun; the running one by the days that are over",
        columns={
            "member": label,
            "actual": _number("Sold", "money", data),
            "due": _number("Due by now", "money", data),
            "gap": _number("Ahead or behind", "money", data),
            "attainment": _number("Reached", "share", data),
        },
    ):
        choices.buttons("By", TARGETS_BY, list(table.dimensions), lambda n: dimensions.dimension(n, data).label)
        rows = shown.rows.sort("gap", descending=True)
        if rows.is_empty():
            parts.blank("Nothing with a target in this period.")
            return
        ends = rows if rows.height <= 14 else pl.concat([rows.head(7), rows.tail(7)])
        parts.draw(bar_charts.movers(150), ends, alt="Ahead of and behind target")


# --- Unusual days -----------------------------------------------------------------------------------------------------


def unusual(data: Dataset, view: View) -> None:
    """Days that fell out of line, with what made them."""
    shown, explained = growth.unusual_days(view)
    metric = METRICS[explained]
    columns: dict[str, Any] = {
        "day": st.column_config.DateColumn("Day", format="ddd D MMM YYYY"),
        "value": _number(metric.label, metric.unit, data),
        "usual": _number("Usual", metric.unit, data),
        "times": st.column_config.NumberColumn("Times the usual", format="%.2f"),
        "z": st.column_config.NumberColumn("Robust z", format="%.1f"),
        "why": "Made by",
    }
    with parts.card(
        "Unusual days",
        name="unusual",
        table=lambda: shown.rows.select(list(columns)),
        takeaway=shown.takeaway,
        note="Robust z of the log against the same weekdays of the eight weeks before, moved on by the last two weeks' "
        "drift; beyond 4",
        columns=columns,
        height="content",
    ):
        if shown.rows.height:
            st.dataframe(
                shown.rows.select(list(columns)).head(12),
                hide_index=True,
                column_config=columns,
                alt="Unusual days",
                height="content",
            )
