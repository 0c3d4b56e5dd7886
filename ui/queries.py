"""Cached queries: plain values in, small frames out.

The cache is keyed by the dataset's name and version, the filters and the grain, never by a frame.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl
import streamlit as st

from analytics import lines, segments
from analytics.dataset import Dataset
from analytics.filters import Filters, Where
from analytics.segments import Segment
from analytics.tables import customers as customers_tables
from analytics.tables import sales as sales_tables
from analytics.tables.segments import rfm as rfm_tables
from data.errors import DataError
from data.store import integrity, opening, store, workspace
from ui import opened
from ui.caching import remembered


@dataclass(frozen=True)
class VersionKey:
    """One version of a prepared dataset, as a cache key."""

    name: str
    version: str
    owner: str = ""
    """Workspace of the visitor whose dataset it is, empty where everybody may open it. It stands in no link."""
    segment: Segment | None = None
    """The saved segment whose customers alone are looked at; its rule is part of every cache key."""


@st.cache_data(show_spinner=False, ttl=5)
def entries() -> list[store.DatasetVersion]:
    """The datasets that can be opened, looked for again after some seconds."""
    return store.entries()


def dataset(source: VersionKey) -> Dataset:
    """The dataset itself, opened once per version and segment and shared by all visitors."""
    if source.segment is None:
        return opened.DATASETS.ask(source, lambda room: _read(source, room))
    whole, segment = replace(source, segment=None), source.segment
    return opened.DATASETS.ask(source, lambda room: _narrowed(dataset(whole), segment, room), under=whole)


def _read(source: VersionKey, room: opened.Room) -> Dataset:
    with st.spinner("Opening the dataset …"):
        return store.load_version(folder(source), name=source.name, room=room)


def _narrowed(data: Dataset, segment: Segment, room: opened.Room) -> Dataset:
    """The dataset with a segment's customers alone, held in memory like any other where they fit."""
    unknown = segments.lacking(segment, data)
    if unknown:
        names = ", ".join(repr(name) for name in unknown)
        raise DataError(f"The saved segment '{segment.name}' filters by {names}, which {data.title} does not have.")
    scored = rfm_tables.rfm(lines.purchases(data, segment.where, segment.as_of), segment.as_of)
    customers = segments.inside(scored, segment)["customer"]
    kept = data.lines.filter(pl.col("customer").is_in(customers.implode()))
    rows, money = kept.select(pl.len(), pl.col("revenue").sum()).collect().row(0)
    held = room(rows * kept.head(1).collect().estimated_size())
    mine = kept.collect().lazy() if held else kept
    return replace(segments.narrowed(data, segment, mine, customers.to_list(), rows, money), held=held)


def folder(source: VersionKey) -> Path:
    """The folder of a version; DataError where that very version is not there."""
    return store.find(source.name, version=source.version, home=_home(source)).path


def pending(source: VersionKey) -> str:
    """What of an open version is still being checked, in words, empty when nothing; DataError where it is damaged."""
    return integrity.pending(store.version_folder(source.name, source.version, home=_home(source)))


def whole(source: VersionKey) -> None:
    """Read every file of a version; DataError about the first that is not as it was written."""
    integrity.check(folder(source))


def _home(source: VersionKey) -> Path | None:
    return workspace.home_of(source.owner) if source.owner else None


@remembered
def sales(source: VersionKey, filters: Filters, grain: str) -> sales_tables.SalesTables:
    """All tables of the Sales performance page."""
    return sales_tables.sales(dataset(source), filters, grain)


@remembered
def heatmap(source: VersionKey, filters: Filters, grain: str, metric: str) -> pl.DataFrame:
    """A metric by weekday and month; the page's tables are those of `grain`."""
    return sales_tables.heatmap(dataset(source), filters, metric, sales(source, filters, grain))


@remembered
def customers(source: VersionKey, filters: Filters, grain: str) -> customers_tables.CustomerTables:
    """All tables of the Customer insights page."""
    return customers_tables.customers(dataset(source), filters, grain)


@remembered
def sums(source: VersionKey, filters: Filters, names: tuple[str, ...]) -> pl.DataFrame:
    """What adds up over lines, by any dimensions."""
    return lines.sums(dataset(source), filters, names)


@remembered
def line_count(source: VersionKey, filters: Filters) -> int:
    """Order lines of a view."""
    whole = lines.Totals()
    return int(lines.page(dataset(source), filters, [whole], grain="year")[whole]["lines"].item())


def order_ids(source: VersionKey) -> pl.LazyFrame:
    """The text number of each order code of a version; DataError where they are not there, or damaged."""
    return store.order_ids(folder(source))


def exported_lines(source: VersionKey, filters: Filters, limit: int) -> pl.DataFrame:
    """The order lines of a view with their texts, at most `limit`: one row per product on an order."""
    data = dataset(source)
    # A download is made outside the page, where nobody else turns a failure into a sentence.
    with opening.readable(folder(source)):
        rows, ids = lines.rows(data, filters, limit), order_ids(source).collect()
    return rows.join(ids, on="order", how="left", maintain_order="left").select(
        "order_id", pl.exclude("order", "order_id")
    )


@remembered
def members(source: VersionKey, where: Where, dimension: str) -> tuple[str, ...]:
    """Members of a dimension that occur together with the members kept of other dimensions."""
    return tuple(lines.members(dataset(source), where, dimension))
