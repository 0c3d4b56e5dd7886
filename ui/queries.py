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


@st.cache_resource(show_spinner="Opening the dataset …", max_entries=4)
def dataset(source: Source) -> Dataset:
    """The dataset itself, opened once per version and shared by all visitors."""
    return store.load(source.name)


@st.cache_data(show_spinner=False, max_entries=200)
def sales(source: Source, filters: Filters, grain: str) -> sales_tables.Sales:
    """All tables of the Sales performance page."""
    return sales_tables.sales(dataset(source), filters, grain)


@st.cache_data(show_spinner=False, max_entries=200)
def heatmap(source: Source, filters: Filters, metric: str) -> pl.DataFrame:
    """Measures by weekday and month."""
    return sales_tables.heatmap(dataset(source), filters, metric)


@st.cache_data(show_spinner=False, max_entries=200)
def customers(source: Source, filters: Filters, grain: str) -> customer_tables.Customers:
    """All tables of the Customer insights page."""
    return customer_tables.customers(dataset(source), filters, grain)


@st.cache_data(show_spinner=False, max_entries=500)
def members(source: Source, where: Where, dimension: str) -> list[str]:
    """Members of a dimension that occur together with the members kept of other dimensions."""
    return lines.members(dataset(source), where, dimension)
