"""What the forecast cards show: the whole and its members."""

from __future__ import annotations

import polars as pl

from analytics.filters import Filters
from analytics.sentences import outlook as outlook_sentences
from analytics.tables.outlook import members, total
from ui import queries
from ui.caching import remembered
from ui.content import unusual as unusual_content
from ui.content.remembered import Content
from ui.queries import VersionKey
from ui.sidebar import View


@remembered
def _outlook(source: VersionKey, filters: Filters, metric: str, grain: str) -> total.Outlook:
    return total.outlook(queries.dataset(source), filters, metric, grain)


@remembered
def _outlook_members(source: VersionKey, filters: Filters, metric: str, grain: str, dimension: str) -> pl.DataFrame:
    whole = _outlook(source, filters, metric, grain)
    return members.members(queries.dataset(source), filters, metric, dimension, whole)


@remembered
def forecast(view: View) -> tuple[Content, total.Outlook]:
    """The view's metric over time and its forecast."""
    currency = queries.dataset(view.source).currency
    outlook = _outlook(view.source, view.filters, view.metric, view.grain)
    rows = total.chart_rows(outlook, view.metric, currency)
    rows = unusual_content.history(view.source, view.filters, view.metric, rows, outlook.history, "value")
    return Content(rows, outlook_sentences.outlook(outlook, view.metric, currency, view.grain)), outlook


@remembered
def forecast_members(view: View, dimension: str) -> tuple[Content, pl.DataFrame]:
    """Forecasts of a dimension's members, summed over the steps; and each step."""
    currency = queries.dataset(view.source).currency
    table = _outlook_members(view.source, view.filters, view.metric, view.grain, dimension)
    rows = members.member_bars(table, view.metric, currency)
    steps = outlook_sentences.horizon(_outlook(view.source, view.filters, view.metric, view.grain))
    return Content(rows, outlook_sentences.members(rows, view.metric, currency, steps)), table
