"""`baskets`: how much each order's money varies, by place and category, for the sampling error of a share."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.dataset import MONEY_SCALE, Dataset
from analytics.filters import Filters, between
from analytics.lines.conditions import kept

Array = NDArray[Any]


def baskets(data: Dataset, filters: Filters, group: str, level: str) -> pl.DataFrame:
    """One row per member of `group` (a dimension that an order has once) and of a product `level`, all combinations
    with orders of the group in the period.

    Columns: group, level (Enum), orders (Int64: all of the group's), and sums over the group's orders in currency units
    (Float64): part (revenue of the level), whole (revenue), squares (part squared), cross (part x whole),
    whole_squares (whole squared).
    """
    condition = kept(filters.where, data.members)
    inside = between(filters.period)
    if group in data.segments:
        inside = inside & (pl.col("customer") != 0)
    frame = data.lines.filter(inside if condition is None else inside & condition)
    table = frame.select("order", pl.col(group, level).to_physical(), "revenue").collect()
    order, place, item = (table[name].to_numpy() for name in ("order", group, level))
    revenue = table["revenue"].to_numpy() / MONEY_SCALE
    # Lines of an order lie together, and in it those of a level: two runs give both sums.
    new_order = np.ones(order.size, np.bool_)
    new_order[1:] = order[1:] != order[:-1]
    new_cell = new_order.copy()
    new_cell[1:] |= item[1:] != item[:-1]
    orders, cells = np.flatnonzero(new_order), np.flatnonzero(new_cell)
    whole = np.add.reduceat(revenue, orders) if orders.size else np.zeros(0)
    part = np.add.reduceat(revenue, cells) if cells.size else np.zeros(0)
    of = np.searchsorted(orders, cells, side="right") - 1
    width, height = len(data.members[level]), len(data.members[group])
    key = place[cells].astype(np.int64) * width + item[cells]

    def by_cell(values: Array) -> Array:
        return np.bincount(key, values, height * width).reshape(height, width)

    def by_group(values: Array | None) -> Array:
        return np.bincount(place[orders], values, height)

    count = by_group(None)
    rows, columns = np.meshgrid(np.flatnonzero(count), np.arange(width), indexing="ij")
    at = (rows.ravel(), columns.ravel())
    schema = data.schema
    names = {name: pl.Series(name, list(data.members[name]), schema[name]) for name in (group, level)}
    return pl.DataFrame(
        [
            names[group][at[0]],
            names[level][at[1]],
            pl.Series("orders", count[at[0]], pl.Int64),
            pl.Series("part", by_cell(part)[at]),
            pl.Series("whole", by_group(whole)[at[0]]),
            pl.Series("squares", by_cell(part * part)[at]),
            pl.Series("cross", by_cell(part * whole[of])[at]),
            pl.Series("whole_squares", by_group(whole * whole)[at[0]]),
        ]
    )
