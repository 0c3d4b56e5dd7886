"""`pairs`: products bought together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.dataset import Dataset
from analytics.filters import Filters, between
from analytics.lines.conditions import kept
from analytics.lines.distinct import run_starts

Array = NDArray[Any]


@dataclass(frozen=True)
class Together:
    """Orders of a view with each item, and with each two."""

    orders: int
    items: pl.DataFrame
    """One row per item: the level's column (Enum), orders (Int64)."""
    pairs: pl.DataFrame
    """One row per two items on at least `least` orders: first, second (Enum, in the members' order), orders (Int64)."""
    often: int
    """Items on at least `least` orders."""
    sizes: pl.DataFrame
    """One row per number of different items on an order: size, orders (Int64)."""


def pairs(data: Dataset, filters: Filters, level: str, least: int) -> Together:
    """Items of a product level that were on the same order of the view, at least `least` orders.

    An item counts once per order. Items on fewer orders than `least` cannot be in such a pair and are left out first.
    """
    condition = kept(filters.where, data.members)
    inside = between(filters.period)
    frame = data.lines.filter(inside if condition is None else inside & condition)
    table = frame.select(pl.col("order"), pl.col(level).to_physical()).collect()
    order, item = table["order"].to_numpy(), table[level].to_numpy()
    size = len(data.members[level])
    # Products of an order come in the order of their levels, so an item's lines on one order lie together.
    first = np.ones(order.size, np.bool_)
    first[1:] = (order[1:] != order[:-1]) | (item[1:] != item[:-1])
    order, item = order[first], item[first].astype(np.int64)
    starts = np.flatnonzero(run_starts(order))
    size_of, by_size = np.unique(np.diff(starts, append=order.size), return_counts=True)
    counts = np.bincount(item, minlength=size).astype(np.int64)
    often = counts[item] >= least
    keys, found = _counted(order[often], item[often], size)
    keys, found = keys[found >= least], found[found >= least]
    dtype = data.schema[level]
    members = pl.Series(level, list(data.members[level]), dtype)
    seen = np.flatnonzero(counts)
    return Together(
        starts.size,
        pl.DataFrame([members[seen], pl.Series("orders", counts[seen], pl.Int64)]),
        pl.DataFrame(
            [
                members[keys // size].alias("first"),
                members[keys % size].alias("second"),
                pl.Series("orders", found, pl.Int64),
            ]
        ),
        int((counts >= least).sum()),
        pl.DataFrame([pl.Series("size", size_of, pl.Int64), pl.Series("orders", by_size, pl.Int64)]),
    )


def _counted(order: Array, item: Array, size: int) -> tuple[Array, Array]:
    """How often each two items (first x size + second, Int64) are on one order, given each order's items in a row.

    The product of the orders' table with itself: row by row, in whole numbers of 64 bits, without a list of all pairs.
    """
    from scipy.sparse import csr_array

    if not order.size:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    starts = np.flatnonzero(np.concatenate([[True], order[1:] != order[:-1]]))
    known, column = np.unique(item, return_inverse=True)
    ends = np.append(starts, order.size)
    table = csr_array((np.ones(order.size, np.int64), column, ends), shape=(starts.size, known.size))
    both = (table.T @ table).tocoo()
    above = both.col > both.row
    keys = known[both.row[above]] * size + known[both.col[above]]
    by_key = np.argsort(keys)
    return keys[by_key], both.data[above][by_key]
