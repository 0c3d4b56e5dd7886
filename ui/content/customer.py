"""What the page about one customer shows: their purchase days, lines, and everybody's thresholds beside them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import polars as pl

from analytics import lines
from analytics.tables import customer as tables
from analytics.tables.segments import rfm as rfm_tables
from ui.caching import remembered
from ui.queries import VersionKey, dataset, order_ids


@remembered
def directory(source: VersionKey) -> pl.DataFrame:
    """Customers as the search looks through them."""
    return tables.directory(dataset(source).customers)


@remembered
def thresholds(source: VersionKey, as_of: date) -> Mapping[str, tuple[int | None, ...]]:
    """The least values that have each score, of everybody at a day."""
    return rfm_tables.thresholds(rfm_tables.rfm(lines.purchases(dataset(source), (), as_of), as_of))


@remembered
def customer_purchases(source: VersionKey, customer: int, until: date) -> pl.DataFrame:
    """One customer's purchase days."""
    return lines.purchases(dataset(source), (), until, customer=customer)


@remembered
def customer_lines(source: VersionKey, customer: int) -> pl.DataFrame:
    """One customer's lines with the source's own order numbers."""
    rows = lines.of_customer(dataset(source), customer)
    orders = rows["order"].unique()
    ids = order_ids(source)
    named = ids.filter(pl.col("order").is_in(orders.implode())).collect()
    return rows.join(named, on="order", how="left", maintain_order="left")
