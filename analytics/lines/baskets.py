"""`baskets`: how much what customers spend varies, by place and category, for the sampling error of a share."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.dataset import MONEY_SCALE, NO_CUSTOMER, Dataset
from analytics.filters import Filters, between
from analytics.lines.axes import enumerated
from analytics.lines.engine import Partition, Reduction

Array = NDArray[Any]
Ask = tuple[Filters, str, str]


def baskets(data: Dataset, filters: Filters, group: str, level: str) -> pl.DataFrame:
    """One row per member of `group` (a dimension that an order has once) and of a product `level`, all combinations
    with orders of the group in the period.

    Columns: group, level (Enum), orders, customers (Int64: all of the group's; an order without a customer is one), and
    sums over the group's customers, of what each spent there, in currency units (Float64): part (revenue of the level),
    whole (revenue), squares (part squared), cross (part x whole), whole_squares (whole squared).
    """
    return BASKETS(data, (filters, group, level))


def _work(partition: Partition, ask: Ask) -> tuple[Array, ...]:
    from analytics.lines import wide

    (filters, group, level), data = ask, partition.data
    inside = between(filters.period)
    if group in data.segments:
        inside = inside & (pl.col("customer") != NO_CUSTOMER)
    who = "customer" if partition.cut.known else "order"
    names = tuple(dict.fromkeys((who, "order", group, level, "revenue")))
    columns = dict(zip(names, partition.columns(names, filters.where, inside), strict=True))
    groups, items = len(data.members[group]), len(data.members[level])
    counts, revenue = np.zeros((groups, 2), np.int64), np.zeros(groups * (items + 1), np.int64)
    high, low = np.zeros((revenue.size, 2), np.int64), np.zeros((revenue.size, 2), np.uint64)
    read = (columns[name] for name in (who, "order", group, level, "revenue"))
    wide.add_baskets(*read, items, counts, revenue, high, low)
    return counts, revenue, high, low


def _merge(one: tuple[Array, ...], other: tuple[Array, ...]) -> tuple[Array, ...]:
    from analytics.lines import wide

    return one[0] + other[0], one[1] + other[1], *wide.add(*one[2:], *other[2:])


def _finish(data: Dataset, ask: Ask, sums: tuple[Array, ...]) -> pl.DataFrame:
    from analytics.lines import wide

    counts, revenue, high, low = sums
    _, group, level = ask
    items = len(data.members[level])
    rows, columns = (at.ravel() for at in np.meshgrid(np.flatnonzero(counts[:, 0]), np.arange(items), indexing="ij"))
    part, whole = rows * (items + 1) + columns, rows * (items + 1) + items
    revenue, products = revenue / MONEY_SCALE, wide.as_floats(high, low) / MONEY_SCALE**2
    values = {
        "orders": counts[rows, 0],
        "customers": counts[rows, 1],
        "part": revenue[part],
        "whole": revenue[whole],
        "squares": products[part, 0],
        "cross": products[part, 1],
        "whole_squares": products[whole, 0],
    }
    names = [enumerated(data, group, rows), enumerated(data, level, columns)]
    return pl.DataFrame([*names, *(pl.Series(name, found) for name, found in values.items())])


BASKETS = Reduction(_work, _merge, _finish)
