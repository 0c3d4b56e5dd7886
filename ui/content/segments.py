"""What the cards of Segments show: scores, groups, who moved between them, and what tells a group apart."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import polars as pl

from analytics import dimensions, lines, segments
from analytics.dataset import MONEY_SCALE, Dataset
from analytics.filters import Where
from analytics.segments import Segment
from analytics.sentences import segments as segments_sentences
from analytics.tables import display
from analytics.tables.segments import profile as profile_tables
from analytics.tables.segments import rfm as rfm_tables
from analytics.tables.segments import rows as rows_tables
from ui.caching import remembered
from ui.content import purchases
from ui.content import purchases as purchases_content
from ui.content.purchases import SHOWN
from ui.content.remembered import Content, ListPreview, first
from ui.queries import VersionKey, dataset
from ui.sidebar import View


def scored(view: View) -> pl.DataFrame:
    """Every customer's scores in a view."""
    return purchases.scores(view.source, view.filters.where, purchases.as_of(view))


@remembered
def groups(view: View) -> pl.DataFrame:
    """`rfm.groups` of a view."""
    return rfm_tables.groups(scored(view))


@remembered
def grid(view: View, measure: str) -> Content:
    """The RFM grid with one measure."""
    currency = dataset(view.source).currency
    rows = rows_tables.rfm_grid(rfm_tables.grid(scored(view)), measure, currency)
    return Content(rows, segments_sentences.grid(groups(view), currency))


@remembered
def group_table(view: View) -> pl.DataFrame:
    """The eleven groups with what they are."""
    return rows_tables.rfm_groups(groups(view))


@dataclass(frozen=True, eq=False)
class Moves:
    """Who moved between groups since an earlier day."""

    earlier: date
    moves: pl.DataFrame
    flow: pl.DataFrame
    slipped: pl.DataFrame
    """The first of the customers who bought nothing since and fell to a recency of 2 or below; see `slipped`."""
    count: int
    at_risk: float
    """All customers who slipped, and their net revenue of the year before the earlier day, in currency units."""
    takeaway: str


@remembered
def moves(view: View) -> Moves | None:
    """Migration between the base's end and now; None where there is no earlier day with data."""
    before_day = purchases.earlier(view)
    if before_day is None:
        return None
    data, after = dataset(view.source), scored(view)
    before = purchases.earlier_scores(view.source, view.filters.where, before_day)
    moved, fallen = rfm_tables.migration(before, after), rfm_tables.slipped(before, after)
    return Moves(
        before_day,
        rows_tables.flow_table(moved),
        rows_tables.flow(moved, data.currency),
        display.people(data, first(fallen, SHOWN)),
        fallen.height,
        int(fallen["recent"].sum()) / MONEY_SCALE,
        segments_sentences.migration(moved, fallen, before_day, data.currency),
    )


def slipped(view: View) -> pl.DataFrame:
    """Customers who bought nothing since and fell to a recency of 2 or below, named, money in currency units, those
    with most revenue first."""
    before_day = purchases.earlier(view)
    if before_day is None:
        return pl.DataFrame()
    before = purchases.earlier_scores(view.source, view.filters.where, before_day)
    return display.people(dataset(view.source), rfm_tables.slipped(before, scored(view)))


@remembered
def group_customers(view: View, group: str) -> ListPreview:
    """The first customers of a group, those who brought most, with reasons, and the group's advice."""
    data, rows = dataset(view.source), _members(view, group)
    takeaway = segments_sentences.actions(group, rows.height, int(rows["money"].sum()), data.currency)
    return ListPreview(_listed(data, first(rows, SHOWN)), takeaway, rows.height)


def all_of_group(view: View, group: str) -> pl.DataFrame:
    """Every customer of a group, as `group_customers` lists the first."""
    return _listed(dataset(view.source), _members(view, group))


def _members(view: View, group: str) -> pl.DataFrame:
    rows = scored(view).filter(pl.col("group").cast(pl.String) == group)
    return rows.sort("money", "customer", descending=[True, False])


def _listed(data: Dataset, rows: pl.DataFrame) -> pl.DataFrame:
    listed = rows.with_columns(rows_tables.reasons(rows))
    columns = ["customer", "money", "orders", "last_day", "r", "f", "m", "reason"]
    return display.people(data, listed.select(columns))


@remembered
def profile(view: View, who: str | Segment) -> Content:
    """What an RFM group, or a saved segment of all customers, has more or less often than the other customers."""
    data, source, name = dataset(view.source), view.source, who
    if isinstance(who, Segment):
        source, name = replace(source, segment=None), who.name
    segment, inside = profiled(source, view.filters.where, purchases.as_of(view), who)
    rows = rows_tables.profile(segment, dimensions.labels(data))
    return Content(rows, segments_sentences.profile(rows, str(name), inside))


@remembered
def profiled(source: VersionKey, where: Where, as_of: date, who: str | Segment) -> tuple[pl.DataFrame, int]:
    """What an RFM group or a saved segment has more or less often than the other customers, and how many it has."""
    data, people = dataset(source), purchases_content.scores(source, where, as_of)
    if isinstance(who, Segment):
        members = segments.inside(purchases_content.scores(source, who.where, who.as_of), who)["customer"]
        belongs = pl.col("customer").is_in(members.implode())
    else:
        belongs = pl.col("group").cast(pl.String) == who
    inside = people.select("customer", belongs.cast(pl.Int8).alias("side"))
    side = np.full(data.customers.height, -1, np.int64)
    side[inside["customer"].to_numpy()] = inside["side"].to_numpy()
    names = [name for name in data.members if name not in ("product", "region", "continent") or name in data.segments]
    counts = lines.buyers(data, where, as_of, names, side)
    size = int(inside["side"].sum())
    return profile_tables.profile(counts, size, inside.height - size), size
