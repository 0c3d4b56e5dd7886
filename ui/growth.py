"""What the cards of the growth pages show: cached queries, and rows with their takeaway, remembered per view."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Final

import polars as pl
import streamlit as st

from analytics import dimensions, lines
from analytics import sentences_growth as sentences
from analytics.filters import Filters
from analytics.models.elasticity import Elasticity
from analytics.tables import (
    abc,
    affinity,
    contributions,
    markets,
    matrix,
    outlook,
    price_volume,
    prices,
    product_life,
    summary,
    target_edits,
    targets,
    unusual,
)
from analytics.tables import returns as return_tables
from ui import content, queries
from ui.content import REMEMBERED, Content
from ui.queries import Source
from ui.sidebar import View

PAIR_SEGMENTS: Final = 3
"""Customer attributes that are looked at in pairs: those whose members moved most."""

Table = dict[tuple[str, ...], pl.DataFrame]


# --- Cached queries: plain values in, small frames out ----------------------------------------------------------------


@st.cache_resource(show_spinner=False, max_entries=60)
def _bridge(source: Source, filters: Filters, names: tuple[str, ...]) -> price_volume.Bridge:
    return price_volume.bridge(queries.dataset(source), filters, names)


@st.cache_resource(show_spinner=False, max_entries=60)
def _members(source: Source, filters: Filters) -> dict[str, pl.DataFrame]:
    data = queries.dataset(source)
    return contributions.members_of(data, filters, contributions.candidates(data, filters))


@st.cache_resource(show_spinner=False, max_entries=200)
def _pairs(
    source: Source, filters: Filters, keys: tuple[str, ...], wanted: tuple[tuple[str, str], ...]
) -> dict[tuple[str, str], pl.DataFrame]:
    return contributions.pairs_of(queries.dataset(source), filters, keys, list(wanted))


@st.cache_resource(show_spinner=False, max_entries=60)
def _sums(source: Source, filters: Filters, names: tuple[str, ...]) -> pl.DataFrame:
    return lines.sums(queries.dataset(source), filters, names)


@st.cache_resource(show_spinner=False, max_entries=60)
def _life(source: Source, filters: Filters) -> pl.DataFrame:
    return product_life.product_life(queries.dataset(source), filters)


@st.cache_resource(show_spinner="Counting what is bought together …", max_entries=20)
def _rules(source: Source, filters: Filters, level: str, least: int) -> pl.DataFrame:
    return affinity.rules(lines.pairs(queries.dataset(source), filters, level, least))


@st.cache_data(show_spinner=False, max_entries=100)
def _orders(source: Source, filters: Filters) -> int:
    whole = lines.Totals(compared=False)
    return int(lines.page(queries.dataset(source), filters, [whole], grain="year")[whole]["orders"].item())


@st.cache_resource(show_spinner=False, max_entries=40)
def _price_months(source: Source, filters: Filters) -> pl.DataFrame:
    return prices.months(queries.dataset(source), filters)


@st.cache_resource(show_spinner=False, max_entries=60)
def _sold(source: Source, filters: Filters) -> prices.Now:
    return prices.now(queries.dataset(source), filters)


@st.cache_resource(show_spinner=False, max_entries=60)
def _returns(source: Source, filters: Filters) -> return_tables.Returns:
    data = queries.dataset(source)
    return return_tables.returns(data, filters, data.currency)


@st.cache_resource(show_spinner=False, max_entries=60)
def _scorecard(source: Source, filters: Filters, dimension: str) -> pl.DataFrame:
    return markets.scorecard(queries.dataset(source), filters, dimension)


@st.cache_resource(show_spinner=False, max_entries=60)
def _white_space(source: Source, filters: Filters, dimension: str, level: str) -> pl.DataFrame:
    data = queries.dataset(source)
    return markets.white_space(data, filters, dimension, level, data.currency)


@st.cache_resource(show_spinner=False, max_entries=60)
def _mix(source: Source, filters: Filters, dimension: str, level: str, members: tuple[str, str]) -> pl.DataFrame:
    return markets.mix(queries.dataset(source), filters, dimension, level, members)


@st.cache_resource(show_spinner=False, max_entries=60)
def _outlook(source: Source, filters: Filters, metric: str, grain: str) -> outlook.Outlook:
    return outlook.outlook(queries.dataset(source), filters, metric, grain)


@st.cache_resource(show_spinner=False, max_entries=60)
def _outlook_members(source: Source, filters: Filters, metric: str, grain: str, dimension: str) -> pl.DataFrame:
    total = _outlook(source, filters, metric, grain).theta
    if total is None:
        raise ValueError("no forecast to tell members apart of")
    return outlook.members(queries.dataset(source), filters, metric, grain, dimension, total)


Edited = str
"""Targets edited in the app as JSON: plain values, so that they can key a cache; empty where none were."""


def _table(source: Source, edited: Edited) -> pl.DataFrame | None:
    return target_edits.from_plain(json.loads(edited), queries.dataset(source)) if edited else None


@st.cache_resource(show_spinner=False, max_entries=60)
def _targets(source: Source, filters: Filters, edited: Edited) -> targets.Targets:
    return targets.targets(queries.dataset(source), filters, _table(source, edited))


@st.cache_resource(show_spinner=False, max_entries=60)
def _pace(source: Source, filters: Filters, edited: Edited, name: str) -> targets.Pace | None:
    return targets.pace(queries.dataset(source), filters, _targets(source, filters, edited), name)


@st.cache_resource(show_spinner=False, max_entries=100)
def _unusual(source: Source, filters: Filters, metric: str) -> pl.DataFrame:
    return unusual.unusual(queries.dataset(source), filters, metric)


@st.cache_resource(show_spinner=False, max_entries=8)
def _spread(source: Source) -> float:
    data = queries.dataset(source)
    return summary.relative_spread(lines.sums(data, lines.history(data), ()))


# --- Drivers ----------------------------------------------------------------------------------------------------------


def _plural(view: View, names: tuple[str, ...]) -> str:
    data = queries.dataset(view.source)
    plurals = [dimensions.dimension(name, data).plural for name in names]
    return plurals[0] if len(plurals) == 1 else " × ".join(plurals)


@lru_cache(maxsize=REMEMBERED)
def bridge(view: View, names: tuple[str, ...]) -> tuple[Content, price_volume.Bridge]:
    """The price-volume-mix bridge over items told apart by some dimensions."""
    currency = queries.dataset(view.source).currency
    found = _bridge(view.source, view.filters, names)
    rows = price_volume.waterfall(found, "Base", "Now", currency)
    return Content(rows, sentences.bridge(found, currency)), found


@lru_cache(maxsize=REMEMBERED)
def drill(view: View, names: tuple[str, ...], part: str) -> Content:
    """The items that make up one bar of the bridge."""
    currency = queries.dataset(view.source).currency
    found = _bridge(view.source, view.filters, names)
    said = sentences.drill(found, part, _plural(view, names), currency)
    return Content(price_volume.drill(found, part, currency), said)


@lru_cache(maxsize=REMEMBERED)
def contribution_tables(view: View) -> tuple[Table, contributions.Change, str]:
    """Contributions of every single dimension's members, the whole change, and why another metric is explained."""
    metric, why = contributions.metric_for(view.metric)
    found = _members(view.source, view.filters)
    # What has one member in this view explains nothing: its change is the whole one.
    tables: Table = {
        (name,): contributions.contributions(frame, [name], metric) for name, frame in found.items() if frame.height > 1
    }
    whole = contributions.change(_sums(view.source, view.filters, ()), metric)
    return tables, whole, why


@lru_cache(maxsize=REMEMBERED)
def findings(view: View) -> tuple[Content, list[str]]:
    """What stands out among all single dimensions, in sentences, and every member of them in one ranked table."""
    data = queries.dataset(view.source)
    tables, whole, why = contribution_tables(view)
    labels = dimensions.labels(data)
    found = contributions.findings(data, tables)
    said = [sentences.finding(one, whole.metric, data.currency, labels, whole) for one in found]
    return Content(contributions.ranked(tables, data), why), said


@lru_cache(maxsize=REMEMBERED)
def contributions_of(view: View, name: str) -> tuple[Content, pl.DataFrame, str]:
    """Bars of one dimension's contributions, its whole table, and the metric explained."""
    data = queries.dataset(view.source)
    tables, whole, _ = contribution_tables(view)
    table = tables[(name,)]
    rows = contributions.bars(table, whole.metric, data.currency)
    plural = dimensions.dimension(name, data).plural
    return Content(rows, sentences.contributions(table, whole, data.currency, plural)), table, whole.metric


@lru_cache(maxsize=REMEMBERED)
def cancelling(view: View) -> tuple[Content, str]:
    """Dimensions in which rises and falls cancel each other, and the metric explained."""
    data = queries.dataset(view.source)
    tables, whole, _ = contribution_tables(view)
    rows = contributions.cancelling({names[0]: table for names, table in tables.items()}, data)
    return Content(rows, sentences.cancelling(rows, whole.metric, data.currency)), whole.metric


def pair_steps(view: View) -> list[tuple[tuple[str, ...], tuple[tuple[str, str], ...]]]:
    """The passes that pairs of dimensions take, one after the other: places, products, others and three attributes."""
    data = queries.dataset(view.source)
    tables, _, _ = contribution_tables(view)

    def weight(name: str) -> float:
        return float(tables[(name,)]["excess"].abs().sum())

    known = [names[0] for names in tables]
    segments = sorted((name for name in known if name in data.segments), key=weight, reverse=True)[:PAIR_SEGMENTS]
    wanted = [name for name in known if name not in data.segments and name not in ("product", "continent")]
    steps = contributions.groups_of_pairs(data, [*wanted, *segments])
    return [(keys, tuple(found)) for keys, found in steps]


@lru_cache(maxsize=REMEMBERED)
def pairs(view: View, keys: tuple[str, ...], wanted: tuple[tuple[str, str], ...]) -> Table:
    """Contributions of pairs of members that one pass over the lines tells."""
    tables, whole, _ = contribution_tables(view)
    out: Table = {}
    for pair, frame in _pairs(view.source, view.filters, keys, wanted).items():
        table = contributions.contributions(frame, pair, whole.metric)
        out[pair] = contributions.pair_excess(table, tables[(pair[0],)], tables[(pair[1],)], whole)
    return out


def pair_findings(view: View, tables: Table) -> tuple[list[str], pl.DataFrame]:
    """What stands out among the pairs seen so far, in sentences, and all of them ranked."""
    data = queries.dataset(view.source)
    _, whole, _ = contribution_tables(view)
    labels = dimensions.labels(data)
    found = contributions.findings(data, tables)
    said = [sentences.finding(one, whole.metric, data.currency, labels, whole) for one in found]
    return said, contributions.ranked(tables, data)


# --- Products and pricing ---------------------------------------------------------------------------------------------


@lru_cache(maxsize=REMEMBERED)
def pareto(view: View, level: str) -> tuple[Content, pl.DataFrame, pl.DataFrame]:
    """The Pareto curve, every item with its class, and the classes."""
    data = queries.dataset(view.source)
    table = abc.classes(_sums(view.source, view.filters, (level,)), level)
    by_class = abc.by_class(table)
    plural = dimensions.dimension(level, data).plural
    return Content(abc.curve(table, data.currency), sentences.abc(by_class, plural)), table, by_class


@lru_cache(maxsize=REMEMBERED)
def growth_matrix(view: View, level: str) -> Content:
    """Growth against share."""
    data = queries.dataset(view.source)
    table = matrix.matrix(_sums(view.source, view.filters, (level,)), level, data.currency)
    return Content(table, sentences.matrix(table, dimensions.dimension(level, data).plural, data.currency))


@lru_cache(maxsize=REMEMBERED)
def profits(view: View, level: str) -> Content:
    """Profit of a level's members, those that lose most first: member, revenue, profit, margin, moved, texts."""
    currency = queries.dataset(view.source).currency
    rows = matrix.profit(_sums(view.source, view.filters, (level,)), level, currency)
    return Content(
        rows, sentences.profit(rows, dimensions.dimension(level, queries.dataset(view.source)).plural, currency)
    )


@lru_cache(maxsize=REMEMBERED)
def life(view: View) -> tuple[Content, pl.DataFrame]:
    """Products by stage of life, and every product."""
    currency = queries.dataset(view.source).currency
    table = _life(view.source, view.filters)
    stages = product_life.by_stage(table)
    rows = product_life.bars(stages, currency)
    return Content(rows, sentences.product_life(stages, table, currency)), table


def rules(view: View, level: str, support: float) -> tuple[pl.DataFrame, int, int]:
    """Every ordered pair bought together often enough, the orders of the view, and the orders that is."""
    count = _orders(view.source, view.filters)
    least = affinity.fewest(support, count)
    return _rules(view.source, view.filters, level, least), count, least


@lru_cache(maxsize=REMEMBERED)
def strongest(view: View, level: str, support: float) -> Content:
    """What is bought together most beyond chance."""
    table, orders, least = rules(view, level, support)
    return Content(affinity.strongest(table.filter(pl.col("least_lift") > 1)), sentences.affinity(table, orders, least))


@lru_cache(maxsize=REMEMBERED)
def offers(view: View, level: str, support: float, item: str) -> Content:
    """What to offer with an item."""
    found = affinity.offers(rules(view, level, support)[0], item)
    return Content(found, sentences.offers(found, item))


def scoped(view: View, scope: prices.Scope) -> Filters:
    """The view's filters narrowed to a scope."""
    return prices.narrowed(view.filters, scope)


@lru_cache(maxsize=REMEMBERED)
def price_history(view: View, scope: prices.Scope) -> Content:
    """Prices paid and discounts over the months."""
    currency = queries.dataset(view.source).currency
    rows = prices.history(_price_months(view.source, scoped(view, scope)), currency)
    return Content(rows, sentences.prices(rows, currency))


@lru_cache(maxsize=REMEMBERED)
def elasticity(view: View, scope: prices.Scope) -> Elasticity:
    """How units of a scope answer to price."""
    return prices.fit(_price_months(view.source, scoped(view, scope)))


@lru_cache(maxsize=REMEMBERED)
def elasticities(view: View, scope: prices.Scope) -> pl.DataFrame:
    """Elasticities inside a scope: of its products, or for everything of the subcategories."""
    months = _price_months(view.source, scoped(view, scope))
    data = queries.dataset(view.source)
    grouped = scope.level == "" and (data.has("subcategory") or data.has("category"))
    return prices.by_group(data, months) if grouped else prices.by_product(months)


def sold(view: View, scope: prices.Scope) -> prices.Now:
    """What a scope sold in the period."""
    return _sold(view.source, scoped(view, scope))


@lru_cache(maxsize=REMEMBERED)
def returned(view: View) -> return_tables.Returns | str:
    """The returns of the view, or why there are none to show."""
    why = return_tables.missing(queries.dataset(view.source), view.filters)
    return why or _returns(view.source, view.filters)


@lru_cache(maxsize=REMEMBERED)
def product_findings(view: View, support: float) -> list[str]:
    """At most five findings of the page."""
    data = queries.dataset(view.source)
    level = next((name for name in ("subcategory", "category", "product") if data.has(name)), "product")
    losing = profits(view, level).rows if data.has("cost") else pl.DataFrame(schema={"profit": pl.Float64})
    back = returned(view)
    table = strongest(view, "product", support).rows
    groups = elasticities(view, prices.Scope("", ""))
    return sentences.product_findings(
        losing, life(view)[1], None if isinstance(back, str) else back, table, groups, data.currency
    )


# --- Markets ----------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=REMEMBERED)
def scorecard(view: View, dimension: str) -> Content:
    """Every market with its scores and ranks."""
    data = queries.dataset(view.source)
    card = _scorecard(view.source, view.filters, dimension)
    return Content(card, sentences.scorecard(card, dimensions.dimension(dimension, data).plural, data.currency))


@lru_cache(maxsize=REMEMBERED)
def white_space(view: View, dimension: str, level: str) -> Content:
    """Gaps against the peers, beyond chance."""
    currency = queries.dataset(view.source).currency
    rows = _white_space(view.source, view.filters, dimension, level)
    return Content(rows, sentences.white_space(rows, currency))


@lru_cache(maxsize=REMEMBERED)
def side_by_side(view: View, dimension: str, first: str, second: str) -> Content:
    """Two markets, score by score."""
    currency = queries.dataset(view.source).currency
    rows = markets.profile(scorecard(view, dimension).rows, first, second, currency)
    return Content(rows, sentences.side_by_side(rows, first, second))


@lru_cache(maxsize=REMEMBERED)
def mix(view: View, dimension: str, level: str, first: str, second: str) -> pl.DataFrame:
    """What two markets buy."""
    return _mix(view.source, view.filters, dimension, level, (first, second))


@lru_cache(maxsize=REMEMBERED)
def market_findings(view: View, dimension: str, level: str | None) -> list[str]:
    """At most five findings of the page."""
    data = queries.dataset(view.source)
    found = []
    if view.filters.base and not view.filters.members(dimension):
        frame = _sums(view.source, view.filters, (dimension,))
        if frame.height > 1:
            table = contributions.contributions(frame, [dimension], "revenue")
            found = contributions.findings(data, {(dimension,): table}, most=3)
    gaps = white_space(view, dimension, level).rows if level else pl.DataFrame()
    return sentences.market_findings(scorecard(view, dimension).rows, gaps, found, data.currency)


# --- Outlook ----------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=REMEMBERED)
def forecast(view: View) -> tuple[Content, outlook.Outlook]:
    """The view's metric over time and its forecast."""
    currency = queries.dataset(view.source).currency
    found = _outlook(view.source, view.filters, view.metric, view.grain)
    rows = outlook.chart_rows(found, view.metric, currency, view.grain)
    return Content(rows, sentences.outlook(found, view.metric, currency, view.grain)), found


@lru_cache(maxsize=REMEMBERED)
def forecast_members(view: View, dimension: str) -> tuple[Content, pl.DataFrame]:
    """Forecasts of a dimension's members, summed over the steps; and each step."""
    currency = queries.dataset(view.source).currency
    table = _outlook_members(view.source, view.filters, view.metric, view.grain, dimension)
    rows = outlook.member_bars(table, view.metric, currency)
    steps = f"{outlook.STEPS[view.grain]} {view.grain.replace('_', ' ')}s"
    return Content(rows, sentences.members(rows, view.metric, currency, steps)), table


@lru_cache(maxsize=REMEMBERED)
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


@lru_cache(maxsize=REMEMBERED)
def target_pace(view: View, edited: Edited, name: str) -> tuple[Content, targets.Pace] | None:
    """The pace of the running month, quarter or year; None where it has no target."""
    currency = queries.dataset(view.source).currency
    found = _pace(view.source, view.filters, edited, name)
    if found is None:
        return None
    said = sentences.pace(found, targets.HORIZONS[name], currency)
    return Content(targets.line_texts(found, currency), said), found


@lru_cache(maxsize=REMEMBERED)
def target_members(view: View, edited: Edited, dimension: str) -> Content:
    """Who is ahead of and behind target over the period's months."""
    currency = queries.dataset(view.source).currency
    period = view.filters.period
    found = _targets(view.source, view.filters, edited)
    rows = targets.by_member(found, dimension, period.start, period.end, currency)
    return Content(rows, sentences.by_target_member(rows, currency))


@lru_cache(maxsize=REMEMBERED)
def unusual_days(view: View) -> tuple[Content, str]:
    """Days of the period that fell out of line, and the metric they are judged by."""
    metric = unusual.metric_for(view.metric)
    rows = _unusual(view.source, view.filters, metric)
    return Content(rows, sentences.unusual(rows, metric)), metric


@st.cache_resource(show_spinner=False, max_entries=100)
def _marks(source: Source, filters: Filters, metric: str) -> pl.DataFrame:
    return unusual.unusual(queries.dataset(source), filters, metric, explained=False)


@lru_cache(maxsize=REMEMBERED)
def trend(view: View) -> Content:
    """The view's metric over time, buckets with unusual days marked."""
    shown = content.trend(view)
    found = _marks(view.source, view.filters, unusual.metric_for(view.metric))
    return Content(unusual.marked(shown.rows, found), shown.takeaway)


# --- Summary ----------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=REMEMBERED)
def said(view: View, page: str) -> list[summary.Said]:
    """The three sentences at the top of a dashboard."""
    data = queries.dataset(view.source)
    spread = _spread(view.source)
    if page == "sales":
        found = content.sales(view)
        return summary.summary(data, view.filters, view.metric, found.totals, found.breakdowns, spread)
    people = content.customers(view)
    return summary.customer_summary(
        data, view.filters, people.totals, people.trend, people.breakdowns, people.segments, spread
    )
