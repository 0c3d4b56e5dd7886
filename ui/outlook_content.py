"""What the forecast and target cards of the Outlook page show: rows and takeaway, remembered per view."""

from __future__ import annotations

import json

import polars as pl

from analytics import sentences_outlook as sentences
from analytics.filters import Filters
from analytics.tables import outlook, target_edits, targets
from ui import queries, unusual_content
from ui.caching import remembered
from ui.content import Content
from ui.queries import Source
from ui.sidebar import View


@remembered
def _outlook(source: Source, filters: Filters, metric: str, grain: str) -> outlook.Outlook:
    return outlook.outlook(queries.dataset(source), filters, metric, grain)


@remembered
def _outlook_members(source: Source, filters: Filters, metric: str, grain: str, dimension: str) -> pl.DataFrame:
    total = _outlook(source, filters, metric, grain).theta
    if total is None:
        raise ValueError("no forecast to tell members apart of")
    return outlook.members(queries.dataset(source), filters, metric, grain, dimension, total)


Edited = str
"""Targets edited in the app as JSON: plain values, so that they can key a cache; empty where none were."""


def _table(source: Source, edited: Edited) -> pl.DataFrame | None:
    return target_edits.from_plain(json.loads(edited), queries.dataset(source)) if edited else None


@remembered
def _targets(source: Source, filters: Filters, edited: Edited) -> targets.Targets:
    return targets.targets(queries.dataset(source), filters, _table(source, edited))


@remembered
def _pace(source: Source, filters: Filters, edited: Edited, name: str) -> targets.Pace | None:
    return targets.pace(queries.dataset(source), filters, _targets(source, filters, edited), name)


@remembered
def forecast(view: View) -> tuple[Content, outlook.Outlook]:
    """The view's metric over time and its forecast."""
    currency = queries.dataset(view.source).currency
    found = _outlook(view.source, view.filters, view.metric, view.grain)
    rows = outlook.chart_rows(found, view.metric, currency, view.grain)
    rows = unusual_content.history(view.source, view.filters, view.metric, rows, found.history, "value")
    return Content(rows, sentences.outlook(found, view.metric, currency, view.grain)), found


@remembered
def forecast_members(view: View, dimension: str) -> tuple[Content, pl.DataFrame]:
    """Forecasts of a dimension's members, summed over the steps; and each step."""
    currency = queries.dataset(view.source).currency
    table = _outlook_members(view.source, view.filters, view.metric, view.grain, dimension)
    rows = outlook.member_bars(table, view.metric, currency)
    steps = f"{outlook.STEPS[view.grain]} {view.grain.replace('_', ' ')}s"
    return Content(rows, sentences.members(rows, view.metric, currency, steps)), table


@remembered
def target_months(view: View, edited: Edited) -> tuple[Content, targets.Targets] | str:
    """Targets by month beside what was sold, or why there are none to show."""
    data = queries.dataset(view.source)
    if view.source.segment:
        return "Targets are set for all customers. Choose all customers in the sidebar to compare with them."
    why = targets.missing(data, view.filters, _table(view.source, edited))
    if why:
        return why
    found = _targets(view.source, view.filters, edited)
    if found.months.is_empty():
        return "Nothing in this view has a target."
    first, last = view.filters.period.start.replace(day=1), targets.horizon(found.as_of, "year")[1]
    rows = found.months.filter(pl.col("month").is_between(first, last))
    return Content(rows, sentences.targets(found, first, view.filters.period.end, data.currency)), found


@remembered
def target_pace(view: View, edited: Edited, name: str) -> tuple[Content, targets.Pace] | None:
    """The pace of the running month, quarter or year; None where it has no target."""
    currency = queries.dataset(view.source).currency
    found = _pace(view.source, view.filters, edited, name)
    if found is None:
        return None
    said = sentences.pace(found, targets.HORIZONS[name], currency)
    return Content(targets.line_texts(found, currency), said), found


@remembered
def target_members(view: View, edited: Edited, dimension: str) -> Content:
    """Who is ahead of and behind target over the period's months."""
    currency = queries.dataset(view.source).currency
    period = view.filters.period
    found = _targets(view.source, view.filters, edited)
    rows = targets.by_member(found, dimension, period.start, period.end, currency)
    return Content(rows, sentences.by_target_member(rows, currency))
