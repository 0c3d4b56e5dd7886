"""Chart cards of the Outlook page."""

from __future__ import annotations

import json
from typing import Any, Final

import polars as pl
import streamlit as st

from analytics import dimensions, formats
from analytics import sentences_outlook as sentences
from analytics.charts import bars as bar_charts
from analytics.charts import outlook as outlook_charts
from analytics.dataset import Dataset
from analytics.metrics import METRICS
from analytics.models import anomalies
from analytics.tables import outlook, target_edits, targets
from ui import choices, outlook_content, parts, target_editor, unusual_content
from ui.content import Content
from ui.sidebar import View

MEMBERS_BY: Final = "outlook_dimension"
SPAN: Final = "target_span"
TARGETS_BY: Final = "target_dimension"


def forecast(data: Dataset, view: View) -> None:
    """The metric's past and forecast with its intervals, beside seasonal naive."""
    metric = METRICS[view.metric]
    shown, found = outlook_content.forecast(view)
    steps = f"{outlook.STEPS[view.grain]} {view.grain.replace('_', ' ')}s"
    with parts.card(
        f"{metric.label}: the next {steps}" if found.theta else f"{metric.label}: forecast",
        name="forecast",
        table=lambda: shown.rows.select("label", "value", "forecast", "low80", "high80", "low95", "high95", "naive"),
        takeaway=shown.takeaway,
        note="Dotted: forecast (Theta) with the 80 % and 95 % intervals that its past errors give · grey: last season "
        "again (seasonal naive) · diamonds: unusual days"
        if found.theta
        else "Diamonds: unusual days",
        columns={
            "label": "Period",
            "value": parts.number_column(metric.label, metric.unit, data),
            "forecast": parts.number_column("Theta", metric.unit, data),
            "low80": parts.number_column("80 % from", metric.unit, data),
            "high80": parts.number_column("80 % to", metric.unit, data),
            "low95": parts.number_column("95 % from", metric.unit, data),
            "high95": parts.number_column("95 % to", metric.unit, data),
            "naive": parts.number_column("Seasonal naive", metric.unit, data),
        },
    ):
        if shown.rows.is_empty():
            parts.blank("No whole period yet. Choose smaller time steps.")
        else:
            spec = outlook_charts.fan(formats.axis_label(metric.unit, data.currency))
            parts.draw(spec, shown.rows, alt="Forecast with intervals")


def runs(view: View) -> bool:
    """Whether the view ends inside a period whose end can be asked for."""
    _, found = outlook_content.forecast(view)
    return found.theta is not None and not found.history["whole"][-1]


def running(data: Dataset, view: View) -> None:
    """How the period that is not over will end."""
    _, found = outlook_content.forecast(view)
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
        said = sentences.running(found.running, label, view.metric, data.currency)
        st.markdown(f":small[{formats.plain(said)}]")


def quality(view: View) -> None:
    """How far off both methods were, and how often their intervals held."""
    _, found = outlook_content.forecast(view)
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
    _, found = outlook_content.forecast(view)
    names = outlook.dimensions(data, view.filters)
    if found.theta is None or not names:
        return
    if metric.kind != "sum":
        with st.container(border=True, height="stretch"):
            st.markdown("**Who will bring it**")
            parts.blank(f"{metric.label}: members do not add up to the total. Choose a metric that does.")
        return
    name = str(choices.chosen(MEMBERS_BY, names))
    shown, table = outlook_content.forecast_members(view, name)
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


# --- Targets ----------------------------------------------------------------------------------------------------------


def target(data: Dataset, view: View) -> None:
    """Targets by month, the pace of the running span, and who is ahead or behind."""
    st.subheader("Targets", anchor="targets")
    edited = target_editor.edited(data, view.source)
    key = "" if edited is None else json.dumps(target_edits.to_plain(edited))
    found = outlook_content.target_months(view, key)
    if isinstance(found, str):
        with st.container(border=True):
            parts.blank(found)
    else:
        _targets(data, view, key, *found)
    if not view.source.segment:
        target_editor.editor(data, view.source, min(view.filters.period.end, data.last_day))


def _targets(data: Dataset, view: View, edited: str, shown: Content, table: targets.Targets) -> None:
    money = {
        "target": parts.number_column("Target", "money", data),
        "actual": parts.number_column("Sold", "money", data),
        "due": parts.number_column("Due by now", "money", data),
        "attainment": parts.number_column("Reached of what is due", "share", data),
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
    spans = [name for name in targets.HORIZONS if outlook_content.target_pace(view, edited, name)]
    if not spans:
        with st.container(border=True, height="stretch"):
            st.markdown("**Pace**")
            parts.blank("The running month, quarter and year have no target.")
        return
    name = str(choices.chosen(SPAN, list(reversed(spans))))
    known = outlook_content.target_pace(view, edited, name)
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
            "actual": parts.number_column("Sold so far", "money", data),
            "due": parts.number_column("Target by then", "money", data),
        },
    ):
        choices.buttons("Span", SPAN, list(reversed(spans)), targets.HORIZONS.__getitem__)
        spec = outlook_charts.pace(formats.axis_label("money", data.currency))
        parts.draw(spec, shown.rows, alt="Pace towards the target")


def target_members(data: Dataset, view: View, edited: str, table: targets.Targets) -> None:
    """Who is ahead of and behind target."""
    name = str(choices.chosen(TARGETS_BY, list(table.dimensions)))
    shown = outlook_content.target_members(view, edited, name)
    label = dimensions.dimension(name, data).label
    with parts.card(
        f"Ahead of and behind target, by {label.lower()}",
        name="target_members",
        table=lambda: shown.rows.select("member", "actual", "due", "gap", "attainment"),
        takeaway=shown.takeaway,
        note="Months of the period that have begun; the running one by the days that are over",
        columns={
            "member": label,
            "actual": parts.number_column("Sold", "money", data),
            "due": parts.number_column("Due by now", "money", data),
            "gap": parts.number_column("Ahead or behind", "money", data),
            "attainment": parts.number_column("Reached", "share", data),
        },
    ):
        choices.buttons("By", TARGETS_BY, list(table.dimensions), lambda n: dimensions.dimension(n, data).label)
        rows = shown.rows.sort("gap", descending=True)
        if rows.is_empty():
            parts.blank("Nothing with a target in this period.")
            return
        ends = rows if rows.height <= 14 else pl.concat([rows.head(7), rows.tail(7)])
        parts.draw(bar_charts.movers(), ends, alt="Ahead of and behind target")


# --- Unusual days -----------------------------------------------------------------------------------------------------


def unusual(data: Dataset, view: View) -> None:
    """Days that fell out of line, with what made them."""
    shown, explained = unusual_content.days(view)
    metric = METRICS[explained]
    columns: dict[str, Any] = {
        "day": st.column_config.DateColumn("Day", format="ddd D MMM YYYY"),
        "value": parts.number_column(metric.label, metric.unit, data),
        "usual": parts.number_column("Usual", metric.unit, data),
        "times": st.column_config.NumberColumn("Times the usual", format="%.2f"),
        "z": st.column_config.NumberColumn("Robust z", format="%.1f"),
        "why": "Made by",
    }
    with parts.card(
        "Unusual days",
        name="unusual",
        table=lambda: shown.rows.select(list(columns)),
        takeaway=shown.takeaway,
        note=f"Beyond {anomalies.LIMIT:.0f} robust standard deviations (z, of logs) from the level of the "
        f"{anomalies.LEVEL_DAYS} days before, the weekday allowed for",
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
