"""Target cards: attainment, pace and members."""

from __future__ import annotations

import json
from typing import Final

import polars as pl
import streamlit as st

from analytics import dimensions, formats
from analytics.charts import bars as bar_charts
from analytics.charts import targets as charts
from analytics.dataset import Dataset
from analytics.tables.targets import edits, progress
from ui import choices, parts
from ui.cards import target_editor as target_editor_cards
from ui.cards.outlook import SPAN
from ui.content import targets as content
from ui.content.remembered import Content
from ui.sidebar import View

TARGETS_BY: Final = "target_dimension"


def target(data: Dataset, view: View) -> None:
    """Targets by month, the pace of the running span, and who is ahead or behind."""
    st.subheader("Targets", anchor="targets")
    edited = target_editor_cards.edited(data, view.source)
    key = "" if edited is None else json.dumps(edits.to_plain(edited))
    found = content.target_months(view, key)
    if isinstance(found, str):
        with st.container(border=True):
            parts.blank(found)
    else:
        _targets(data, view, key, *found)
    if not view.source.segment:
        target_editor_cards.editor(data, view.source, min(view.filters.period.end, data.last_day))


def _targets(data: Dataset, view: View, edited: str, shown: Content, table: progress.Targets) -> None:
    money = {
        "target": parts.number_column("Target", "money", data),
        "actual": parts.number_column("Sold", "money", data),
        "due": parts.number_column("Due by now", "money", data),
        "attainment": parts.number_column("Reached of what is due", "share", data),
    }
    by = ", ".join(dimensions.dimension(name, data).label.lower() for name in table.dimensions) or "in total"
    note = f"Revenue of what has a target only · tick: target, of a running month by the days over · set by {by}"
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
        spec = charts.attainment(formats.axis_label("money", data.currency))
        parts.draw(spec, shown.rows, alt="Revenue against target by month")
    with right:
        pace(data, view, edited)
    if table.dimensions:
        target_members(data, view, edited, table)


def pace(data: Dataset, view: View, edited: str) -> None:
    """The pace towards the target of the running month, quarter or year."""
    spans = [name for name in progress.HORIZONS if content.target_pace(view, edited, name)]
    if not spans:
        with st.container(border=True, height="stretch"):
            st.markdown("**Pace**")
            parts.blank("The running month, quarter and year have no target.")
        return
    name = str(choices.chosen(SPAN, list(reversed(spans))))
    known = content.target_pace(view, edited, name)
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
        choices.buttons("Span", SPAN, list(reversed(spans)), progress.HORIZONS.__getitem__)
        spec = charts.pace(formats.axis_label("money", data.currency))
        parts.draw(spec, shown.rows, alt="Pace towards the target")


def target_members(data: Dataset, view: View, edited: str, table: progress.Targets) -> None:
    """Who is ahead of and behind target."""
    name = str(choices.chosen(TARGETS_BY, list(table.dimensions)))
    shown = content.target_members(view, edited, name)
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
