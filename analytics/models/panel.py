"""Items by months: units sold and the usual price, months without sales between them filled in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

SAME_PRICE: Final = 0.02
"""Difference of log price up to which two months have one price."""


@dataclass(frozen=True, eq=False)
class Panel:
    """One row per item, one column per month."""

    units: Array
    price: Array
    """Log of the usual unit price; where it is not known on a straight line between the months before and after."""
    mask: Array
    """Whether the item was on sale in the month."""
    known: Array
    """Whether the price is known, or that of the known months before and after is one and the same."""
    month: Array
    """Month of each column, counted on from a January."""

    def effects(self) -> tuple[Array, Array]:
        """Columns that span what is taken out of each item-month of the mask, and months since the item's one before
        (0: its first).

        An own level and straight line for every item, and the months of the year, or, of several items, every month.
        """
        row, column = np.nonzero(self.mask)
        month = self.month[column]
        item = np.eye(self.mask.shape[0])[row]
        line = item * (month - month.mean())[:, None]
        codes = np.unique(self._period()[column], return_inverse=True)[1]
        every = np.eye(codes.max(initial=-1) + 1)[codes]
        left, size, _ = np.linalg.svd(np.column_stack([item, line / 12, every]), full_matrices=False)
        first = np.diff(row, prepend=-1) != 0
        return left[:, size > 1e-9 * size[0]], np.where(first, 0, np.diff(month, prepend=0))

    def _period(self) -> Array:
        """What each column's effect is of: its month, or of one item its month of the year."""
        return self.month if self.mask.shape[0] > 1 else self.month % 12

    def where_sold(self) -> Panel:
        """Without the items, and then the months, whose effect nothing tells because nothing was sold."""
        items = (self.units * self.mask).sum(axis=1) > 0
        part = Panel(self.units[items], self.price[items], self.mask[items], self.known[items], self.month)
        codes = np.unique(part._period(), return_inverse=True)[1]
        sold = np.bincount(codes, (part.units * part.mask).sum(axis=0))[codes] > 0
        units, price, mask, known = (one[:, sold] for one in (part.units, part.price, part.mask, part.known))
        return Panel(units, price, mask, known, part.month[sold])


def panel(units: Array, price: Array, item: Array, month: Array, span: tuple[int, int]) -> Panel:
    """From one row per item and month with sales, in months of `span`; price may be NaN, not known.

    An item's months run from its first to its last with sales. Both are left out where they are a part of a month, the
    item being launched or given up in it, or were picked because something was sold.
    """
    rows = np.unique(item, return_inverse=True)[1]
    first, last = span
    sold, log_price = (np.zeros((rows.max(initial=-1) + 1, last - first + 1)) for _ in range(2))
    sold[rows, month - first] = units
    log_price[rows, month - first] = np.log(price)
    mask, log_price, known = _filled((sold > 0) & ~np.isnan(log_price), log_price)
    every = (mask == (sold > 0)).all(axis=1, keepdims=True)
    ends = mask & ~(_inside(mask, 1) & _inside(mask, -1))
    inner = np.zeros(mask.shape[1], bool)
    inner[1:-1] = True
    mask = mask & ~(ends & (inner | ~every))
    return Panel(sold, log_price, mask, known, np.arange(first, last + 1)).where_sold()


def _inside(mask: Array, way: int) -> Array:
    """Whether the item was on sale in the month before (1) or after (-1)."""
    beside = np.roll(mask, way, axis=1)
    beside[:, 0 if way == 1 else -1] = False
    return beside


def _filled(has: Array, log_price: Array) -> tuple[Array, Array, Array]:
    """On sale from the first to the last month with a price; the price in between; whether it is as good as known."""
    column = np.arange(has.shape[1])
    before = np.maximum.accumulate(np.where(has, column, -1), axis=1)
    after = np.minimum.accumulate(np.where(has, column, has.shape[1])[:, ::-1], axis=1)[:, ::-1]
    mask = (before >= 0) & (after < has.shape[1])
    old = np.take_along_axis(log_price, np.where(mask, before, 0), axis=1)
    new = np.take_along_axis(log_price, np.where(mask, after, 0), axis=1)
    share = np.where(after > before, (column - before) / np.maximum(after - before, 1), 0.0)
    return mask, np.where(mask, old + share * (new - old), 0.0), has | (np.abs(new - old) <= SAME_PRICE)
