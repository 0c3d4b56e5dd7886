"""What the cards of Drivers show: the bridge, contributions by member and pair, and what stands out."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from analytics import dimensions, lines
from analytics.filters import Filters
from analytics.metrics import METRICS
from analytics.sentences import drivers as drivers_sentences
from analytics.tables.drivers import contributions as contributions_tables
from analytics.tables.drivers import findings as finding_tables
from analytics.tables.drivers import pairs as pair_tables
from analytics.tables.drivers import price_volume as price_volume_tables
from ui import queries
from ui.caching import remembered
from ui.content.remembered import Content
from ui.queries import VersionKey
from ui.sidebar import View

Table = dict[tuple[str, ...], pl.DataFrame]


@remembered
def _bridge(source: VersionKey, filters: Filters, names: tuple[str, ...]) -> price_volume_tables.PriceVolumeBridge:
    return price_volume_tables.bridge(queries.dataset(source), filters, names)


@remembered
def _squares(
    source: VersionKey, filters: Filters, worth: lines.Worth, keys: tuple[tuple[str, ...], ...]
) -> lines.Squares:
    return lines.squares(queries.dataset(source), filters, keys, worth)


def _plural(view: View, names: tuple[str, ...]) -> str:
    data = queries.dataset(view.source)
    plurals = [dimensions.dimension(name, data).plural for name in names]
    return plurals[0] if len(plurals) == 1 else " × ".join(plurals)


@remembered
def bridge(view: View, names: tuple[str, ...]) -> tuple[Content, price_volume_tables.PriceVolumeBridge]:
    """The price-volume-mix bridge over items told apart by some dimensions."""
    currency = queries.dataset(view.source).currency
    result = _bridge(view.source, view.filters, names)
    rows = price_volume_tables.waterfall(result, "Base", "Now", currency)
    return Content(rows, drivers_sentences.bridge(result, currency)), result


@remembered
def drill(view: View, names: tuple[str, ...], part: str) -> Content:
    """The items that make up one bar of the bridge."""
    currency = queries.dataset(view.source).currency
    whole = _bridge(view.source, view.filters, names)
    takeaway = drivers_sentences.drill(whole, part, _plural(view, names), currency)
    return Content(price_volume_tables.drill(whole, part, currency), takeaway)


def _worth(view: View, metric: str) -> lines.Worth:
    """What a line counts for; only a ratio needs to know what it was."""
    frame = queries.sums(view.source, view.filters, ()) if METRICS[metric].per else None
    rates = (0.0, 0.0) if frame is None else contributions_tables.rates(frame, metric)
    return contributions_tables.worth(metric, rates)


def _single_squares(view: View, metric: str) -> lines.Squares:
    """Squares by every dimension that can explain a change."""
    names = contributions_tables.candidates(queries.dataset(view.source), view.filters)
    return _squares(view.source, view.filters, _worth(view, metric), tuple((name,) for name in names))


@remembered
def contribution_tables(view: View) -> tuple[Table, contributions_tables.MetricChange, str]:
    """Contributions of every single dimension's members, the whole change, and why another metric is explained."""
    totals = queries.sums(view.source, view.filters, ()) if METRICS[view.metric].per else None
    metric, why = contributions_tables.metric_for(view.metric, totals)
    squares = _single_squares(view, metric)
    # What has one member in this view explains nothing: its change is the whole one.
    several = [keys for keys, found in squares.by.items() if found.height > 1]
    tables = contributions_tables.contributions(squares, several, metric)
    return tables, contributions_tables.change(squares, metric), why


@remembered
def sentences(view: View) -> list[str]:
    """What stands out among all single dimensions."""
    data = queries.dataset(view.source)
    tables, whole, _ = contribution_tables(view)
    labels = dimensions.labels(data)
    movers = finding_tables.findings(data, tables)
    return [drivers_sentences.finding(mover, whole.metric, data.currency, labels) for mover in movers]


@remembered
def findings(view: View) -> tuple[Content, list[str]]:
    """What stands out among all single dimensions, in sentences, and every member of them in one ranked table."""
    tables, _, why = contribution_tables(view)
    return Content(finding_tables.ranked(tables, queries.dataset(view.source)), why), sentences(view)


@remembered
def contributions_of(view: View, name: str) -> tuple[Content, pl.DataFrame, str]:
    """Bars of one dimension's contributions, its whole table, and the metric explained."""
    data = queries.dataset(view.source)
    tables, whole, _ = contribution_tables(view)
    table = tables[(name,)]
    rows = contributions_tables.bars(table, whole.metric, data.currency)
    plural = dimensions.dimension(name, data).plural
    return Content(rows, drivers_sentences.contributions(table, whole, data.currency, plural)), table, whole.metric


@remembered
def cancelling(view: View) -> tuple[Content, str]:
    """Dimensions in which rises and falls cancel each other, and the metric explained."""
    data = queries.dataset(view.source)
    tables, whole, _ = contribution_tables(view)
    rows = contributions_tables.cancelling({names[0]: table for names, table in tables.items()}, data)
    return Content(rows, drivers_sentences.cancelling(rows, whole.metric, data.currency)), whole.metric


@remembered
def pair_steps(view: View) -> list[tuple[tuple[str, str], ...]]:
    """The passes that pairs of dimensions take, one after the other: places, products, others and three attributes."""
    return pair_tables.steps(queries.dataset(view.source), contribution_tables(view)[0])


@remembered
def pairs(view: View, wanted: tuple[tuple[str, str], ...]) -> Table:
    """Contributions of the pairs of members that one pass over the lines tells."""
    _, whole, _ = contribution_tables(view)
    single = _single_squares(view, whole.metric)
    found = _squares(view.source, view.filters, _worth(view, whole.metric), wanted)
    squares = replace(found, by={**single.by, **found.by})
    tables = contributions_tables.contributions(squares, wanted, whole.metric)
    if METRICS[whole.metric].per:
        return tables
    return {pair: pair_tables.pair_excess(tables[pair], pair, squares) for pair in wanted}


def _pairs_of(view: View, steps: int) -> Table:
    tables: Table = {}
    for wanted in pair_steps(view)[:steps]:
        tables |= pairs(view, wanted)
    return tables


@remembered
def pair_findings(view: View, steps: int) -> list[str]:
    """What stands out among the pairs of the first passes, in sentences."""
    data = queries.dataset(view.source)
    _, whole, _ = contribution_tables(view)
    labels = dimensions.labels(data)
    findings = finding_tables.findings(data, _pairs_of(view, steps))
    return [drivers_sentences.finding(item, whole.metric, data.currency, labels) for item in findings]


def all_pairs(view: View) -> pl.DataFrame:
    """Every pair, ranked."""
    return finding_tables.ranked(_pairs_of(view, len(pair_steps(view))), queries.dataset(view.source))
