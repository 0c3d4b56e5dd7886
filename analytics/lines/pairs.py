"""`pairs`: products bought together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.dataset import Dataset
from analytics.filters import Filters, between
from analytics.lines.axes import enumerated
from analytics.lines.engine import Partition, Reduction, by_key
from analytics.runs import first_rows, run_starts

Array = NDArray[Any]
Counts = tuple[Array, Array]


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
    by_size, counts = ITEMS(data, (filters, level))
    keys, found = PAIRS(data, (filters, level, counts >= least))
    keys, found = keys[found >= least], found[found >= least]
    size, seen = counts.size, np.flatnonzero(counts)
    items = pl.DataFrame([enumerated(data, level, seen), pl.Series("orders", counts[seen])])
    first, second = (
        enumerated(data, level, codes).alias(name) for name, codes in (("first", keys // size), ("second", keys % size))
    )
    sizes = np.flatnonzero(by_size)
    return Together(
        int(by_size.sum()),
        items,
        pl.DataFrame([first, second, pl.Series("orders", found)]),
        int((counts >= least).sum()),
        pl.DataFrame({"size": sizes, "orders": by_size[sizes]}),
    )


def _bought(partition: Partition, filters: Filters, level: str) -> tuple[Array, Array]:
    """Order and item of each item on an order."""
    order, item = partition.columns(("order", level), filters.where, between(filters.period))
    # Products of an order come in the order of their levels, so an item's lines on one order lie together.
    first = run_starts(order) | run_starts(item)
    return order[first], item[first].astype(np.int64)


def _items(partition: Partition, ask: tuple[Filters, str]) -> tuple[Array, Array]:
    order, item = _bought(partition, *ask)
    sizes = np.diff(first_rows(order), append=order.size)
    return np.bincount(sizes), np.bincount(item, minlength=len(partition.data.members[ask[1]]))


def _more_items(one: Counts, other: Counts) -> Counts:
    by_size = np.zeros(max(one[0].size, other[0].size), np.int64)
    by_size[: one[0].size] += one[0]
    by_size[: other[0].size] += other[0]
    return by_size, one[1] + other[1]


ITEMS: Reduction[tuple[Filters, str], Counts, Counts] = Reduction(_items, _more_items)
"""Orders of the view by how many different items they have, and the orders of each item."""


def _pairs(partition: Partition, ask: tuple[Filters, str, Array]) -> tuple[Array, Array]:
    filters, level, often = ask
    order, item = _bought(partition, filters, level)
    inside = often[item]
    return _counted(order[inside], item[inside], often.size)


PAIRS: Reduction[tuple[Filters, str, Array], Counts, Counts] = Reduction(_pairs, by_key)
"""Two items on one order (first x items + second) and on how many, of the items that are often enough."""


def _counted(order: Array, item: Array, size: int) -> tuple[Array, Array]:
    """How often each two items (first x size + second, Int64) are on one order, given each order's items in a row.

    The product of the orders' table with itself: row by row, in whole numbers of 64 bits, without a list of all pairs.
    """
    from scipy.sparse import csr_array

    if not order.size:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    starts = first_rows(order)
    known, column = np.unique(item, return_inverse=True)
    ends = np.append(starts, order.size)
    table = csr_array((np.ones(order.size, np.int64), column, ends), shape=(starts.size, known.size))
    both = (table.T @ table).tocoo()
    above = both.col > both.row
    keys = known[both.row[above]] * size + known[both.col[above]]
    by_key = np.argsort(keys)
    return keys[by_key], both.data[above][by_key]
