"""`Batch`: the lines of some whole orders that one query keeps, as arrays by line and by order."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from analytics.lines import kernels
from analytics.lines.axes import Axis, Clock
from analytics.lines.engine import kind_of
from analytics.lines.requests import BUCKET, BUYER, BUYERS, DAY
from analytics.lines.shape import Shape

Array = NDArray[Any]

BATCH_ROWS: Final = 1 << 16
"""Lines counted at a time: few enough that what is computed of them stays in the processor's caches, and enough that
starting the loops costs little."""


class BatchRows:
    """Some lines, or orders by one of their lines: columns and keys of them in the types of the kernels.

    `at` are their positions in `columns`; None stands for all.
    """

    def __init__(self, columns: dict[str, Array], at: Array | None, clock: Clock, shape: Shape) -> None:
        self._columns, self._at, self._clock, self._shape = columns, at, clock, shape
        self._codes: dict[str, Array] = {}
        self.size = columns["order"].size if at is None else at.size

    def column(self, name: str) -> Array:
        """UInt32 codes, Int32 days, or Int64 measures: zeros for one that the data lacks."""
        kind = kind_of(name)
        if name not in self._columns:
            return np.zeros(self.size, kind)
        column = self._columns[name]
        return column.astype(kind, copy=False) if self._at is None else taken(column, self._at, kind)

    @cached_property
    def customer(self) -> Array:
        """Code of each row's customer."""
        return self.column("customer")

    @cached_property
    def day(self) -> Array:
        """Day of each row."""
        return self.column(DAY)

    @cached_property
    def _since(self) -> Array:
        return (self.day - np.int32(self._clock.start)).view(np.uint32)

    def marks(self, axes: tuple[Axis, ...]) -> Array:
        """The mark of each row's customer, for the bucket where one is among the axes, else for the whole period."""
        return self._bucket_marks if any(one.name == BUCKET for one in axes) else self._period_marks

    @cached_property
    def _bucket_marks(self) -> Array:
        return self._marked(taken(self._clock.bucket, self._since), self._clock.bucket, self._clock.bucket_end)

    @cached_property
    def _period_marks(self) -> Array:
        return self._marked(np.zeros(self.size, np.uint32), self._clock.one_bucket, self._clock.one_end)

    def _marked(self, bucket: Array, bucket_of_day: Array, bucket_end: Array) -> Array:
        mark = np.empty(self.size, np.uint8)
        days = self._shape.first_on, self._shape.second_on
        kernels.mark_customers(self.customer, bucket, *days, self._clock.start, bucket_of_day, bucket_end, mark)
        return mark

    def code(self, one: Axis) -> Array:
        """The code of each row on an axis."""
        found = self._codes.get(one.name)
        if found is None:
            found = self._codes[one.name] = self._code(one)
        return found

    def _code(self, one: Axis) -> Array:
        if one.name == BUYER:
            old = (self._bucket_marks & kernels.NEW) == 0
            return np.where(self.customer == 0, np.uint32(BUYERS.index("not recorded")), old.astype(np.uint32))
        if one.family == "time":
            return self._since if one.name == DAY else taken(self._clock.codes(one.name), self._since)
        attribute = self._shape.attributes.get(one.name)
        return self.column(one.name) if attribute is None else taken(attribute, self.customer)

    def key(self, axes: tuple[Axis, ...]) -> Array:
        """The key of each row, see `axes.Grouping`."""
        if not axes:
            return np.zeros(self.size, np.uint32)
        key = self.code(axes[0])
        key = key.copy() if len(axes) > 1 else key
        for one in axes[1:]:
            kernels.extend(key, one.size, self.code(one))
        return key


class Batch:
    """Lines of whole orders, BATCH_ROWS and the rest of the last order; `at` None keeps all of `columns`."""

    def __init__(self, columns: dict[str, Array], at: Array | None, clock: Clock, shape: Shape) -> None:
        self.lines = BatchRows(columns, at, clock, shape)
        self._at, self._rest = at, (columns, clock, shape)

    @cached_property
    def measures(self) -> tuple[Array, Array, Array, Array]:
        """Units, discount, revenue and cost of each line."""
        column = self.lines.column
        return column("quantity"), column("discount"), column("revenue"), column("cost")

    @cached_property
    def _by_order(self) -> tuple[Array, Array, Array, Array]:
        order, size = self.lines.column("order"), self.lines.size
        rank, last, sums = np.empty(size, np.uint32), np.empty(size, np.uint32), np.empty((size, 5), np.int64)
        orders = kernels.sum_orders(order, *self.measures, rank, last, sums)
        return rank, last[:orders], sums[:orders], taken(order, last[:orders])

    @cached_property
    def orders(self) -> BatchRows:
        """The orders, by what all their lines share."""
        last = self._by_order[1]
        columns, clock, shape = self._rest
        return BatchRows(columns, last if self._at is None else taken(self._at, last), clock, shape)

    @property
    def rank(self) -> Array:
        """For each line how many orders are before its own."""
        return self._by_order[0]

    @property
    def order_sums(self) -> Array:
        """Lines, units, discount, revenue and cost of each order."""
        return self._by_order[2]

    @property
    def order(self) -> Array:
        """Code of each order."""
        return self._by_order[3]


def taken(column: Array, rows: Array, kind: Any = np.uint32) -> Array:
    """The values at some rows."""
    out = np.empty(rows.size, kind)
    kernels.take(column, rows, out)
    return out


def positions(mask: Array) -> Array:
    """The positions that a mask keeps."""
    at, bits = np.empty(mask.size, np.uint32), mask.view(np.uint8)
    return at[: kernels.select(bits[: bits.size // 8 * 8].view(np.uint64), bits, at)]


def batches(columns: dict[str, Array], mask: Array | None, clock: Clock, shape: Shape) -> Iterator[Batch]:
    """The lines that a mask keeps (None: all), whole orders at a time, in their order."""
    order, at = columns["order"], None
    if mask is not None:
        at = positions(mask)
        order = order if at.size == order.size else taken(order, at)
    start = 0
    while start < order.size:
        stop = start + BATCH_ROWS
        while start < stop < order.size and order[stop] == order[stop - 1]:
            stop += 1
        if at is None:
            yield Batch({name: values[start:stop] for name, values in columns.items()}, None, clock, shape)
        else:
            yield Batch(columns, at[start:stop], clock, shape)
        start = stop
