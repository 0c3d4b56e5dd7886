"""What the target cards show: attainment by month and member, and the pace of the running one."""

from __future__ import annotations

import json

import polars as pl

from analytics.filters import Filters
from analytics.sentences import targets as targets_sentences
from analytics.tables.targets import edits, progress
from ui import queries
from ui.caching import remembered
from ui.content.remembered import Content, NotShown
from ui.queries import VersionKey
from ui.sidebar import View

Edited = str
"""Targets edited in the app as JSON: plain values, so that they can key a cache; empty where none were."""


def _table(source: VersionKey, edited: Edited) -> pl.DataFrame | None:
    return edits.from_plain(json.loads(edited), queries.dataset(source)) if edited else None


@remembered
def _targets(source: VersionKey, filters: Filters, edited: Edited) -> progress.Targets:
    return progress.targets(queries.dataset(source), filters, _table(source, edited))


@remembered
def _sold(source: VersionKey, filters: Filters, edited: Edited) -> pl.DataFrame:
    return progress.sold_by_day(queries.dataset(source), filters, _targets(source, filters, edited))


@remembered
def _pace(source: VersionKey, filters: Filters, edited: Edited, name: str) -> progress.Pace | None:
    targets = _targets(source, filters, edited)
    return progress.pace(queries.dataset(source), _sold(source, filters, edited), targets, name)


@remembered
def target_months(view: View, edited: Edited) -> tuple[Content, progress.Targets] | NotShown:
    """Targets by month beside what was sold, or why there are none to show."""
    data = queries.dataset(view.source)
    if view.source.segment:
        return NotShown("Targets are set for all customers. Choose all customers in the sidebar to compare with them.")
    why = progress.missing(data, view.filters, _table(view.source, edited))
    if why:
        return NotShown(why)
    targets = _targets(view.source, view.filters, edited)
    if targets.months.is_empty():
        return NotShown("Nothing in this view has a target.")
    first, last = view.filters.period.start.replace(day=1), progress.horizon(targets.as_of, "year")[1]
    rows = targets.months.filter(pl.col("month").is_between(first, last))
    return Content(rows, targets_sentences.targets(targets, first, view.filters.period.end, data.currency)), targets


@remembered
def target_pace(view: View, edited: Edited, name: str) -> tuple[Content, progress.Pace] | None:
    """The pace of the running month, quarter or year; None where it has no target."""
    currency = queries.dataset(view.source).currency
    pace = _pace(view.source, view.filters, edited, name)
    if pace is None:
        return None
    takeaway = targets_sentences.pace(pace, progress.HORIZONS[name], currency)
    return Content(progress.line_texts(pace, currency), takeaway), pace


@remembered
def target_members(view: View, edited: Edited, dimension: str) -> Content:
    """Who is ahead of and behind target over the period's months."""
    currency = queries.dataset(view.source).currency
    period = view.filters.period
    targets = _targets(view.source, view.filters, edited)
    rows = progress.by_member(targets, dimension, period.start, period.end, currency)
    return Content(rows, targets_sentences.by_target_member(rows))
