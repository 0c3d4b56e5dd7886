"""What the cards of Markets show."""

from __future__ import annotations

import polars as pl

from analytics import dimensions, lines
from analytics.filters import Filters
from analytics.sentences import markets as markets_sentences
from analytics.sentences.words import without_filters
from analytics.tables import markets
from analytics.tables.drivers import contributions as contributions_tables
from analytics.tables.drivers import findings as finding_tables
from ui import queries
from ui.caching import remembered
from ui.content.remembered import Content
from ui.queries import VersionKey
from ui.sidebar import View


@remembered
def _scorecard(source: VersionKey, filters: Filters, dimension: str) -> pl.DataFrame:
    return markets.scorecard(queries.dataset(source), filters, dimension)


@remembered
def _white_space(source: VersionKey, filters: Filters, dimension: str, level: str) -> pl.DataFrame:
    data = queries.dataset(source)
    return markets.white_space(data, filters, dimension, level, data.currency)


@remembered
def _mix(source: VersionKey, filters: Filters, dimension: str, level: str, members: tuple[str, str]) -> pl.DataFrame:
    return markets.mix(queries.dataset(source), filters, dimension, level, members)


@remembered
def scorecard(view: View, dimension: str) -> Content:
    """Every market with its scores and ranks."""
    data = queries.dataset(view.source)
    card = _scorecard(view.source, view.filters, dimension)
    takeaway = markets_sentences.scorecard(card, dimensions.dimension(dimension, data).plural, data.currency)
    return Content(card, without_filters(_let_go(view, dimension), takeaway))


def _let_go(view: View, *names: str) -> list[str]:
    """What these cards leave out: the filters on the dimensions that they tell apart, so that all members stay."""
    freed = [freed for name in names for freed in dimensions.set_free_by(name)]
    return dimensions.let_go(queries.dataset(view.source), view.filters.where, freed)


@remembered
def white_space(view: View, dimension: str, level: str) -> Content:
    """Gaps against the peers, beyond chance."""
    rows = _white_space(view.source, view.filters, dimension, level)
    takeaway = markets_sentences.white_space(rows)
    return Content(rows, without_filters(_let_go(view, dimension, level), takeaway))


@remembered
def side_by_side(view: View, dimension: str, first: str, second: str) -> Content:
    """Two markets, score by score."""
    currency = queries.dataset(view.source).currency
    rows = markets.profile(scorecard(view, dimension).rows, first, second, currency)
    takeaway = markets_sentences.side_by_side(rows, first, second)
    return Content(rows, without_filters(_let_go(view, dimension), takeaway))


@remembered
def mix(view: View, dimension: str, level: str, first: str, second: str) -> pl.DataFrame:
    """What two markets buy."""
    return _mix(view.source, view.filters, dimension, level, (first, second))


@remembered
def market_findings(view: View, dimension: str, level: str | None) -> list[str]:
    """At most five findings of the page."""
    data = queries.dataset(view.source)
    movers = []
    if view.filters.base and not view.filters.members(dimension):
        squares = lines.squares(data, view.filters, [(dimension,)], lines.Worth(("revenue",)))
        if squares.by[(dimension,)].height > 1:
            tables = contributions_tables.contributions(squares, [(dimension,)], "revenue")
            movers = finding_tables.findings(data, tables, most=3)
    gaps = white_space(view, dimension, level).rows if level else pl.DataFrame()
    let_go = _let_go(view, dimension, level) if level else []
    return markets_sentences.market_findings(gaps, movers, data.currency, let_go=let_go)
