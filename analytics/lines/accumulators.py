"""The accumulators of a page: sums and distinct counts by keys, and a list of customers.

Each `accepts` the requests that are its own, `add`s batches, is `merge`d with one that added others, and `answer`s.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from typing import Any, ClassVar, Final, Self

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.dataset import NO_CUSTOMER, Dataset
from analytics.lines import kernels
from analytics.lines.axes import LINES, LISTED, ORDERS, Axis, Clock, enumerated, finest, groupings, level_of, size_of
from analytics.lines.batch import Batch
from analytics.lines.engine import by_key
from analytics.lines.requests import DAY
from analytics.lines.shape import Shape

Array = NDArray[Any]
Axes = tuple[Axis, ...]

KEYS: Final = 1 << 13
"""Most values of a key that several requests share: its sums then stay in the processor's caches."""


DENSE: Final = 1 << 19
"""Most keys of which each has a row; of more only those that occur have one."""


class OrderSums:
    """Requests by what all lines of an order share: its sums are added once, and it is counted there.

    Sums are kept by few keys, each of the finest axes of some requests, distinct customers by the key of each request.
    """

    width: ClassVar[int] = 6
    """Columns of `sums`: lines, units, discount, revenue, cost, orders."""

    def __init__(self, requests: Sequence[Axes], clock: Clock, _codes: tuple[int, int]) -> None:
        self.keys = groupings(requests, finest((one for request in requests for one in request), clock), KEYS)
        self.sums = [np.zeros((key.size, self.width), np.int64) for key in self.keys]
        counted = [request for request in requests if [one.name for one in request] != [DAY]]
        self.customers = {request: np.zeros((size_of(request), 4), np.int64) for request in counted}
        self._seen = {request: np.full(size_of(request), kernels.UNSEEN, np.uint32) for request in counted}

    @staticmethod
    def accepts(request: Axes) -> bool:
        """Whether all lines of an order have one key."""
        return level_of(request) <= ORDERS

    def add(self, batch: Batch) -> None:
        """Count a batch."""
        orders = batch.orders
        for key, sums in zip(self.keys, self.sums, strict=True):
            kernels.add_orders(orders.key(key.axes), batch.order_sums, sums)
        for request, customers in self.customers.items():
            marks = orders.marks(request)
            kernels.count_customers(orders.key(request), orders.customer, marks, self._seen[request], customers)

    def merge(self, other: Self) -> Self:
        """What both have added."""
        out = copy(self)
        out.sums = [mine + theirs for mine, theirs in zip(self.sums, other.sums, strict=True)]
        out.customers = {request: mine + other.customers[request] for request, mine in self.customers.items()}
        return out

    def answer(self, request: Axes, shape: Shape, clock: Clock) -> tuple[Array, Array]:
        """Lines, units, discount, revenue, cost and orders by key, and customers by key and mark."""
        families = {one.family for one in request}
        n = next(n for n, key in enumerate(self.keys) if families <= {one.family for one in key.axes})
        sums = self.keys[n].rolled_up(np.ascontiguousarray(self.sums[n].T), request, shape, clock)
        return sums, self.customers.get(request, np.zeros((size_of(request), 4), np.int64))


class LineSums(OrderSums):
    """Requests by what differs within an order, such as the product: line by line, orders by the key of each too."""

    width: ClassVar[int] = 5

    def __init__(self, requests: Sequence[Axes], clock: Clock, codes: tuple[int, int]) -> None:
        super().__init__(requests, clock, codes)
        self.orders = {request: np.zeros(size_of(request), np.int64) for request in requests}
        self._seen_order = {request: np.full(size_of(request), kernels.UNSEEN, np.uint32) for request in requests}

    @staticmethod
    def accepts(request: Axes) -> bool:
        return level_of(request) == LINES

    def add(self, batch: Batch) -> None:
        for key, sums in zip(self.keys, self.sums, strict=True):
            kernels.add_lines(batch.lines.key(key.axes), *batch.measures, sums)
        for request, orders in self.orders.items():
            kernels.count_orders(
                batch.lines.key(request), batch.rank, batch.order, batch.orders.customer, batch.orders.marks(request),
                self._seen_order[request], self._seen[request], orders, self.customers[request],
            )  # fmt: skip

    def merge(self, other: Self) -> Self:
        out = super().merge(other)
        out.orders = {request: mine + other.orders[request] for request, mine in self.orders.items()}
        return out

    def answer(self, request: Axes, shape: Shape, clock: Clock) -> tuple[Array, Array]:
        sums, customers = super().answer(request, shape, clock)
        return np.vstack([sums, self.orders[request]]), customers


class ListedCustomers:
    """One row per known customer with the place of the last order, in pieces of neighbouring codes."""

    def __init__(self, requests: Sequence[Axes], _clock: Clock, codes: tuple[int, int]) -> None:
        self.place = requests[0][1:]
        self.first, size = codes[0], codes[1] - codes[0] + 1
        piece = (*np.zeros((3, size), np.int64), np.zeros(size, np.int32), np.zeros(size, np.uint32))
        self.pieces = [(self.first, *piece)] if self.first != NO_CUSTOMER else []

    @staticmethod
    def accepts(request: Axes) -> bool:
        """Whether customers are asked for."""
        return level_of(request) == LISTED

    def add(self, batch: Batch) -> None:
        """Count a batch."""
        for first, *piece in self.pieces:
            kernels.list_customers(
                batch.orders.customer, batch.order_sums, batch.orders.day, batch.orders.key(self.place), first, *piece
            )

    def merge(self, other: Self) -> Self:
        """What both have added; the other's customers come later."""
        out = copy(self)
        out.pieces = self.pieces + other.pieces
        return out


class SparseSums:
    """Lines, units, discount, revenue and cost by one request's key, of the keys that occur."""

    width: ClassVar[int] = 5

    def __init__(self, requests: Sequence[Axes], clock: Clock, _codes: tuple[int, int]) -> None:
        self.axes = tuple(finest(requests[0], clock).values())
        self.table = np.zeros((size_of(self.axes) if size_of(self.axes) <= DENSE else 0, self.width), np.int64)
        self.pieces = [(np.zeros(0, np.int64), np.zeros((0, self.width), np.int64))]

    @staticmethod
    def accepts(_request: Axes) -> bool:
        """Every request is its own, where it is used."""
        return True

    def add(self, batch: Batch) -> None:
        """Count a batch."""
        if len(self.table):
            kernels.add_lines(batch.lines.key(self.axes), *batch.measures, self.table)
            return
        key = np.zeros(batch.lines.size, np.int64)
        for one in self.axes:
            key = key * one.size + batch.lines.code(one)
        keys, at = np.unique(key, return_inverse=True)
        table = np.zeros((keys.size, self.width), np.int64)
        kernels.add_lines(at.astype(np.uint32), *batch.measures, table)
        self.pieces.append((keys, table))

    def merge(self, other: Self) -> Self:
        """What both have added."""
        out = copy(self)
        out.table, out.pieces = self.table + other.table, [by_key(*self.pieces, *other.pieces)]
        return out

    def answer(self) -> tuple[Array, Array]:
        """The keys that occur, rising, and the sums of each."""
        if len(self.table):
            keys = np.flatnonzero(self.table[:, 0])
            return keys, self.table[keys]
        return by_key(*self.pieces)


KINDS: Final = (OrderSums, LineSums, ListedCustomers)
"""The accumulators; each request is accepted by one of them."""


def listed(data: Dataset, counted: Sequence[OrderSums | ListedCustomers]) -> pl.DataFrame:
    """One row per customer with an order, see `lines.customers`."""
    pieces = [piece for one in counted if isinstance(one, ListedCustomers) for piece in one.pieces]
    frames = []
    for first, *columns in pieces or [(0, *np.zeros((3, 0), np.int64), np.zeros(0, np.int32), np.zeros(0, np.uint32))]:
        at = np.flatnonzero(columns[2])
        units, revenue, orders, day, place = (
            columns if at.size == columns[2].size else (column[at] for column in columns)
        )
        code = pl.Series("customer", (at + first).astype(np.uint32))
        found = {"units": units, "revenue": revenue, "orders": orders, "last_day": pl.Series(day).cast(pl.Date)}
        found |= {"place": enumerated(data, data.place, place)} if data.place else {}
        frames.append(pl.DataFrame({"customer": code} | found))
    return pl.concat(frames)
