"""What the pages about customers look back on: purchase days, first purchases and RFM scores up to a day.

The largest frames have a row per customer or purchase day; they are kept once each and never changed.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

import polars as pl

from analytics import lines
from analytics.filters import Where
from analytics.tables.segments import rfm as rfm_tables
from ui.caching import remembered
from ui.queries import VersionKey, dataset
from ui.sidebar import View

SHOWN: Final = 100
"""Customers that a table shows; its CSV holds all."""


def as_of(view: View) -> date:
    """The day that a view looks back from: the period's end, or the data's last day."""
    return min(view.filters.period.end, dataset(view.source).last_day)


def earlier(view: View) -> date | None:
    """The day that groups are compared with: the base's end, or the day before the period; None before any data."""
    filters, data = view.filters, dataset(view.source)
    day = filters.base.end if filters.base else filters.period.start - timedelta(days=1)
    return day if data.first_day <= day < as_of(view) else None


def anybody(view: View) -> bool:
    """Whether any known customer bought in a view, up to its end."""
    return not purchases(view.source, view.filters.where, as_of(view)).is_empty()


EVERYBODY = "All customers"
"""The one group of customers that are not told apart."""


@remembered
def purchases(source: VersionKey, where: Where, until: date) -> pl.DataFrame:
    """Every known customer's purchase days up to a day."""
    return lines.purchases(dataset(source), where, until)


@remembered
def first_on(source: VersionKey) -> pl.DataFrame:
    """The day of each customer's first purchase ever: customer, first_on."""
    people = dataset(source).customers.with_row_index("customer")
    return people.select("customer", "first_on").filter(pl.col("customer") > 0).drop_nulls()


@remembered
def firsts(source: VersionKey, dimension: str) -> pl.DataFrame:
    """Each customer's first day and first member of a dimension: customer, first_on, group; "" tells nobody apart."""
    people = first_on(source)
    if not dimension:
        return people.with_columns(pl.lit(EVERYBODY, pl.Enum([EVERYBODY])).alias("group"))
    members = lines.firsts(dataset(source), dimension)
    return people.join(members.rename({"member": "group"}), on="customer")


@remembered
def scores(source: VersionKey, where: Where, as_of: date) -> pl.DataFrame:
    """Every customer's RFM at a day."""
    return rfm_tables.rfm(purchases(source, where, as_of), as_of)


def earlier_scores(source: VersionKey, where: Where, day: date) -> pl.DataFrame:
    """The same at a day that is only compared with: not kept, as it has a row per customer, too."""
    return rfm_tables.rfm(lines.purchases(dataset(source), where, day), day)
