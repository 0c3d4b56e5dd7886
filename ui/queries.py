"""Cached queries: plain values in, small frames out.

The cache is keyed by the dataset's name and version, the filters and the grain, never by a frame.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl
import streamlit as st

from analytics import lines
from analytics.dataset import Dataset
from analytics.filters import Filters, Where
from analytics.tables import customer as customer_tables
from analytics.tables import sales as sales_tables
from data import store


@dataclass(frozen=True)
class Source:
    """One version of a prepared dataset, as a cache key."""

    name: str
    version: str


@st.cache_data(show_spinner=False, ttl=5)
def entries() -> list[store.Entry]:
    """The datasets that can be opened, looked for again after some seconds."""
    return store.entries()


@st.cache_resource(show_spinner="Opening the dataset …", max_entries=4)
def dataset(source: Source) -> Dataset:
    """The dataset itself, opened once per version and shared by all visitors."""
    folder = next(
        (entry.path for entry in entries() if (entry.name, entry.version) == (source.name, source.version)), None
    )
    return store.load(source.name) if folder is None else store.load_version(folder, name=source.name)


@st.cache_resource(show_spinner=False, max_entries=100)
def sales(source: Source, filters: Filters, grain: str) -> sales_tables.Sales:
    """All tables of the Sales performance page."""
    return sales_tables.sales(dataset(source), filters, grain)


@st.cache_data(show_spinner=False, max_entries=200)
def heatmap(source: Source, filters: Filters, metric: str) -> pl.DataFrame:
    """Measures by weekday and month."""
    return sales_tables.heatmap(dataset(source), filters, metric)


@st.cache_resource(show_spinner=False, max_entries=100)
def customers(source: Source, filters: Filters, grain: str) -> customer_tables.Customers:
    """All tables of the Customer insights page."""
    return customer_tables.customers(dataset(source), filters, grain)


@st.cache_data(show_spinner=False, max_entries=200)
def line_count(source: Source, filters: Filters) -> int:
    """Order lines of a view."""
    whole = lines.Totals()
    return int(lines.page(dataset(source), filters, [whole], grain="year")[whole]["lines"].item())


def exported_lines(source: Source, filters: Filters, limit: int) -> pl.DataFrame:
    """The order lines of a view with their texts, at most `limit`: one row per product on an order."""
    data = dataset(source)
    shown = lines.rows(data, filters, limit)
    ids = store.order_ids(store.find(source.name).path).collect()
    return shown.join(ids, on="order", how="left", maintain_order="left").select(
        "order_id", pl.exclude("order", "order_id")
    )


@st.cache_data(show_spinner=False, max_entries=500)
def members(source: Source, where: Where, dimension: str) -> list[str]:
    """Members of a dimension that occur together with the members kept of other dimensions."""
    return lines.members(dataset(source), where, dimension)
