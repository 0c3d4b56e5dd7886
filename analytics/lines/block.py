"""A block of sorted lines as arrays, and its runs: orders, customers, and a customer's stay at one place."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from analytics.dataset import Dataset
from analytics.lines.axes import Axis, Clock, Grouping, axis
from analytics.lines.distinct import run_starts, sums_of_runs
from analytics.lines.requests import BUCKET, BUYER, BUYERS, DAY
from analytics.lines.shape import Shape

Array = NDArray[Any]

NEW: Final = 1
"""Bit of a customer's mark: the first purchase ever falls inside the period (or bucket)."""

REPEAT: Final = 2
"""Bit of a customer's mark: the second order ever falls on or before the period's (or bucket's) end."""


class Block:
    """Kept lines of one period, whole customers in their order; all of them have a customer or none has.

    What all lines of an order share is looked at once per order, what a customer's share once per customer.
    """

    def __init__(
        self,
        columns: dict[str, Array],
        known: bool,
        data: Dataset,
        shape: Shape,
        clock: Clock,
        by_family: dict[str, Axis],
    ) -> None:
        self.columns, self.known, self.rows = columns, known, columns["order"].size
        self.data, self.shape, self.clock, self.by_family = data, shape, clock, by_family
        self._codes: dict[str, Array] = {}
        self._order_codes: dict[str, Array] = {}
        self._whole: dict[str, bool] = {}
        self._order_sums: dict[str, Array] = {}
        self._order_keys: dict[Grouping, Array] = {}

    def measure(self, name: str) -> Array:
        """A measure of each line, Int64."""
        return self.columns[name].astype(np.int64, copy=False)

    @cached_property
    def order_lines(self) -> Array:
        """Lines of each order."""
        return np.diff(self.order_starts, append=self.rows)

    def order_sums(self, name: str) -> Array:
        """The sum of a measure over each order, Int64."""
        found = self._order_sums.get(name)
        if found is None:
            found = self._order_sums[name] = sums_of_runs(self.measure(name), self.order_starts)
        return found

    # --- runs ---------------------------------------------------------------------------------------------------------

    @cached_property
    def starts_order(self) -> Array:
        """Marks of the first line of each order: an order's lines lie together and its code is its own."""
        return run_starts(self.columns["order"])

    @cached_property
    def order_starts(self) -> Array:
        """First line of each order."""
        return np.flatnonzero(self.starts_order)

    @cached_property
    def starts_customer(self) -> Array:
        """Marks of the first order of each customer: a customer's orders lie together."""
        return run_starts(self._order_column("customer"))

    @cached_property
    def customer_first_orders(self) -> Array:
        """Position among the orders of each customer's first one."""
        return np.flatnonzero(self.starts_customer)

    @cached_property
    def customer_starts(self) -> Array:
        """First line of each customer."""
        return self.order_starts[self.customer_first_orders]

    @cached_property
    def customers(self) -> Array:
        """Code of each customer."""
        return self.columns["customer"][self.customer_starts]

    @cached_property
    def customer_of_order(self) -> Array:
        """Rank of the customer, 0, 1, ... in this block, of each order."""
        counts = np.diff(self.customer_first_orders, append=self.order_starts.size)
        return np.repeat(np.arange(counts.size, dtype=np.int32), counts)

    @cached_property
    def stays(self) -> Array:
        """Position among the orders of the first of each stay: a customer's orders in a row at the same finest place.

        All orders of a stay share every wider place too, so all (customer, place) pairs are seen at these positions.
        """
        place = self.by_family["geography"]
        return np.flatnonzero(run_starts(self.order_codes(place), self.starts_customer))

    def whole_orders(self, one: Axis) -> bool:
        """Whether each order of the block has one code on an axis, so that it can be looked at once per order."""
        if one.per_order:
            return True
        if one.family == "product":
            return False
        found = self._whole.get(one.name)
        if found is None:
            runs = np.count_nonzero(run_starts(self.codes(one), self.starts_order))
            found = self._whole[one.name] = runs == self.order_starts.size
        return found

    # --- customers ----------------------------------------------------------------------------------------------------

    @cached_property
    def marks(self) -> Array:
        """NEW and REPEAT of each customer for the whole period."""
        first = self.shape.first_on[self.customers]
        new = (first >= self.clock.start) & (first <= self.clock.end)
        return new * np.uint8(NEW) + (self.second_on <= self.clock.end) * np.uint8(REPEAT)

    @cached_property
    def second_on(self) -> Array:
        """Day of each customer's second order ever."""
        return self.shape.second_on[self.customers]

    @cached_property
    def first_bucket(self) -> Array:
        """Bucket of each customer's first purchase ever, -1 outside the period."""
        return self.clock.bucket_of(self.shape.first_on[self.customers])

    def bucket_marks(self, customer: Array, bucket: Array) -> Array:
        """NEW and REPEAT of customers in a bucket each."""
        new = self.first_bucket[customer] == bucket
        repeat = self.second_on[customer] <= self.clock.bucket_end[bucket]
        marks: NDArray[Any] = new * np.uint8(NEW) + repeat * np.uint8(REPEAT)
        return marks

    # --- codes --------------------------------------------------------------------------------------------------------

    def codes(self, one: Axis) -> Array:
        """The code of each line on an axis."""
        found = self._codes.get(one.name)
        if found is None:
            if one.name == BUYER or one.name in self.data.segments:
                found = np.repeat(self.order_codes(one), self.order_lines)
            else:
                found = self._told(one, self.codes, self.columns.__getitem__)
            self._codes[one.name] = found
        return found

    def order_codes(self, one: Axis) -> Array:
        """The code of each order on an axis that all its lines share."""
        found = self._order_codes.get(one.name)
        if found is None:
            if one.name == BUYER:
                found = self._buyers()
            elif one.name in self.data.segments:
                found = self._attribute_of_orders(one)
            else:
                found = self._told(one, self.order_codes, self._order_column)
            self._order_codes[one.name] = found
        return found

    def _told(self, one: Axis, codes: Callable[[Axis], Array], column: Callable[[str], Array]) -> Array:
        if one.family != "time":
            return column(one.name)
        if one.name != DAY and self.by_family["time"].name == DAY:
            return (self.clock.bucket if one.name == BUCKET else self.clock.weekday)[codes(self.by_family["time"])]
        since = column(DAY) - np.int32(self.clock.start)
        return since if one.name == DAY else self.clock.bucket[since]

    def _order_column(self, name: str) -> Array:
        return self.columns[name][self.order_starts]

    def _buyers(self) -> Array:
        if not self.known:
            return np.full(self.order_starts.size, BUYERS.index("not recorded"))
        new = self.first_bucket[self.customer_of_order] == self.order_codes(self.by_bucket)
        return np.where(new, BUYERS.index("new"), BUYERS.index("returning"))

    @property
    def by_bucket(self) -> Axis:
        """The axis of buckets."""
        return axis(BUCKET, self.data, self.clock)

    def attribute(self, name: str) -> Array:
        """The code of a customer attribute of each customer."""
        return self.shape.attributes[name][self.customers]

    def _attribute_of_orders(self, one: Axis) -> Array:
        if not self.known:
            return np.full(self.order_starts.size, one.size - 1)
        return self.attribute(one.name)[self.customer_of_order]

    def key(self, grouping: Grouping) -> Array:
        """The key of each line."""
        return self._joined(grouping, self.codes, self.rows)

    def order_key(self, grouping: Grouping) -> Array:
        """The key of each order, of axes that all its lines share."""
        found = self._order_keys.get(grouping)
        if found is None:
            found = self._order_keys[grouping] = self._joined(grouping, self.order_codes, self.order_starts.size)
        return found

    def _joined(self, grouping: Grouping, codes: Callable[[Axis], Array], rows: int) -> Array:
        if not grouping.axes:
            return np.zeros(rows, np.intp)
        key = codes(grouping.axes[0]).astype(np.intp)
        for one in grouping.axes[1:]:
            key *= one.size
            key += codes(one)
        return key
