"""Target cards: attainment, pace and members."""

from __future__ import annotations

import json
from functools import partial
from typing import Final

import polars as pl
import streamlit as st

from analytics import dimensions, formats
from analytics.charts import bars as bar_charts
from analytics.charts import targets as charts
from analytics.formats import count_of
from analytics.tables.targets import edits, progress
from ui import choices, parts, queries
from ui.card import Absent, Card, Chart, Drawn, row
from ui.cards import target_editor as target_editor_cards
from ui.cards.outlook import SPAN
from ui.choices import Choice
from ui.content import targets as content
from ui.content.remembered import Content, NotShown
from ui.headings import ColumnConfig
from ui.sidebar import View

TARGETS_BY: Final = "target_dimension"


def target(view: View) -> None:
    """Targets by month, the pace of the running span, and who is ahead or behind."""
    data = queries.dataset(view.source)
    st.subheader("Targets", anchor="targets")
    edited = target_editor_cards.edited(data, view.source)
    key = "" if edited is None else json.dumps(edits.to_plain(edited))
    months = content.target_months(view, key)
    if isinstance(months, NotShown):
        with st.container(border=True):
            parts.blank(months.why)
    else:
        shown, table = months
        row(view, partial(_months, shown, table), partial(pace, key), widths=(1, 1))
        if table.dimensions:
            row(view, partial(target_members, key, list(table.dimensions)))
    if not view.source.segment:
        target_editor_cards.editor(data, view.source, min(view.filters.period.end, data.last_day))


def _months(shown: Content, table: progress.Targets, view: View) -> Card:
    data = queries.dataset(view.source)
    by = ", ".join(dimensions.dimension(name, data).label.lower() for name in table.dimensions) or "in total"
    note = f"Revenue of what has a target only · tick: target, of a running month by the days over · set by {by}"
    if table.left_out:
        left = count_of(table.left_out, "target at another level is", "targets at another level are")
        note += f" · {left} left out, or that would count twice"
    spec = charts.attainment(formats.axis_label("money", data.currency))
    return Card(
        "Revenue against target",
        name="targets",
        table=lambda: table.months.select("label", "target", "actual", "due", "attainment"),
        takeaway=shown.takeaway,
        note=note,
        columns={"label": "Month", "attainment": "Reached of what is due"},
        body=[Chart(spec, shown.rows, alt="Revenue against target by month")],
    )


def pace(edited: str, view: View) -> Drawn:
    """The pace towards the target of the running month, quarter or year."""
    spans = [name for name in progress.HORIZONS if content.target_pace(view, edited, name)]
    if not spans:
        return Absent("Pace", "The running month, quarter and year have no target.")
    name = str(choices.chosen(SPAN, list(reversed(spans))))
    known = content.target_pace(view, edited, name)
    if known is None:
        return None
    shown, targets_pace = known
    spec = charts.pace(formats.axis_label("money", queries.dataset(view.source).currency))
    return Card(
        "Pace towards the target",
        name="pace",
        table=targets_pace.line,
        takeaway=shown.takeaway,
        note="Line: sold so far, dashed: target, spread evenly over each month's days",
        columns={"actual": "Sold so far", "due": "Target by then"},
        choices=[Choice("Span", SPAN, list(reversed(spans)), progress.HORIZONS.__getitem__)],
        body=[Chart(spec, shown.rows, alt="Pace towards the target")],
    )


def target_members(edited: str, names: list[str], view: View) -> Card:
    """Who is ahead of and behind target."""
    data = queries.dataset(view.source)
    name = str(choices.chosen(TARGETS_BY, names))
    shown = content.target_members(view, edited, name)
    label = dimensions.dimension(name, data).label
    rows = shown.rows.sort("gap", descending=True)
    ends = rows if rows.height <= 14 else pl.concat([rows.head(7), rows.tail(7)])
    return Card(
        f"Ahead of and behind target, by {label.lower()}",
        name="target_members",
        table=lambda: shown.rows.select("member", "actual", "due", "gap", "attainment"),
        takeaway=shown.takeaway,
        note="Months of the period that have begun; the running one by the days that are over",
        columns={"member": label, "gap": ColumnConfig("Ahead or behind", "money")},
        choices=[Choice("By", TARGETS_BY, names, lambda n: dimensions.dimension(n, data).label)],
        body=[Chart(bar_charts.movers(), ends, alt="Ahead of and behind target")],
        empty="Nothing with a target in this period.",
    )
