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
    """One row per two items on at least `least` orders: first, second (Enum, in the members' order), orders and squares
    (Int64): the sum over customers of their orders with both, squared; an order without a customer is one."""
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
    keys, found = keys[found[:, 0] >= least], found[found[:, 0] >= least]
    size, seen = counts.size, np.flatnonzero(counts)
    items = pl.DataFrame([enumerated(data, level, seen), pl.Series("orders", counts[seen])])
    first, second = (
        enumerated(data, level, codes).alias(name) for name, codes in (("first", keys // size), ("second", keys % size))
    )
    sizes = np.flatnonzero(by_size)
    return Together(
        int(by_size.sum()),
        items,
        pl.DataFrame([first, second, pl.Series("orders", found[:, 0]), pl.Series("squares", found[:, 1])]),
        int((counts >= least).sum()),
        pl.DataFrame({"size": sizes, "orders": by_size[sizes]}),
    )


def _bought(partition: Partition, filters: Filters, level: str) -> tuple[Array, Array, Array]:
    """Customer (the order, of lines without one), order and item of each item on an order."""
    who = "customer" if partition.cut.known else "order"
    names = tuple(dict.fromkeys((who, "order", level)))
    columns = dict(zip(names, partition.columns(names, filters.where, between(filters.period)), strict=True))
    order, item = columns["order"], columns[level]
    # Products of an order come in the order of their levels, so an item's lines on one order lie together.
    first = run_starts(order) | run_starts(item)
    return columns[who][first], order[first], item[first]


def _items(partition: Partition, ask: tuple[Filters, str]) -> tuple[Array, Array]:
    _, order, item = _bought(partition, *ask)
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
    who, order, item = _bought(partition, filters, level)
    inside = often[item]
    return _counted(who[inside], order[inside], item[inside], often.size)


PAIRS: Reduction[tuple[Filters, str, Array], Counts, Counts] = Reduction(_pairs, by_key)
"""Two items on one order (first x items + second), of the items that are often enough: on how many orders, and the
squares of that by customer."""


def _counted(who: Array, order: Array, item: Array, size: int) -> tuple[Array, Array]:
    """How often each two items (first x size + second, Int64) are on one order, and the squares of that by customer,
    given each order's items in a row.

    The product of the orders' table with itself: row by row, in whole numbers of 64 bits, without a list of all pairs.
    """
    from scipy.sparse import csr_array

    from analytics.lines import kernels

    if not order.size:
        return np.zeros(0, np.int64), np.zeros((0, 2), np.int64)
    starts = first_rows(order)
    known, column = np.unique(item, return_inverse=True)
    ends = np.append(starts, order.size)
    table = csr_array((np.ones(order.size, np.int64), column, ends), shape=(starts.size, known.size))
    both = (table.T @ table).tocoo()
    above = both.col > both.row
    first, second = both.row[above], both.col[above]
    by_key = np.argsort(first.astype(np.int64) * known.size + second)
    first, second = first[by_key], second[by_key]
    begins, squares = np.searchsorted(first, np.arange(known.size + 1)), np.zeros(first.size, np.int64)
    kernels.square_pairs(who[starts], ends, column.astype(np.uint32), begins, second.astype(np.uint32), squares)
    keys = known[first].astype(np.int64) * size + known[second]
    return keys, np.stack([both.data[above][by_key], squares], axis=1)
