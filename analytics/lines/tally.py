"""`Plan`: which keys answer a page's requests. `Tally`: the running sums and counts by those keys."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from analytics.dataset import Dataset
from analytics.lines.axes import Axis, Clock, Grouping, axes_of, axis, finest, groupings, size_of
from analytics.lines.block import NEW, REPEAT, Block
from analytics.lines.counts import customers_by_order, digit, histogram, orders_by
from analytics.lines.distinct import Pairs, sums_of_runs
from analytics.lines.ladder import Ladder
from analytics.lines.presence import Presence, together
from analytics.lines.requests import BUCKET, BUYER, CUSTOMER, DAY, Totals
from analytics.lines.roll import Roll
from analytics.lines.shape import Shape

Array = NDArray[Any]

KEYS: Final = 1 << 15
"""Most values of a key that several requests share: its sums then stay in the processor's caches."""

SUMS: Final = ("units", "discount", "revenue", "cost")
"""Measures that are sums over lines, from the columns of LINE_COLUMN."""

LINE_COLUMN: Final = {"units": "quantity", "discount": "discount", "revenue": "revenue", "cost": "cost"}


class Plan:
    """How the requests on one view are answered."""

    def __init__(self, data: Dataset, shape: Shape, clock: Clock, requests: Iterable[Totals]) -> None:
        self.data, self.shape, self.clock = data, shape, clock
        self.people = any(request.by == (CUSTOMER,) for request in requests)
        self.requests = {request: axes_of(request, data, clock) for request in requests if request.by != (CUSTOMER,)}
        self.sums = tuple(name for name in SUMS if data.has(LINE_COLUMN[name]))
        segments = set(data.segments)
        wanted = set(self.requests.values())
        axes = {one for request in wanted for one in request}
        if any(one.name == BUYER for one in axes):
            axes.add(axis(BUCKET, data, clock))
        place = data.place
        self.place = axis(place, data, clock) if self.people and place else None
        if self.place:
            axes.add(self.place)
        self.by_family = finest(axes, data, clock)
        self.by_attribute = {request for request in wanted if request and {one.name for one in request} <= segments}
        others = wanted - self.by_attribute
        most = min(KEYS, max(4096, shape.cuts[-1].start + shape.cuts[-1].rows if shape.cuts else 0))
        self.line_keys = groupings(others, self.by_family, most)
        whole = [request for request in others if all(one.per_order for one in request)]
        self.order_keys = groupings(whole, self.by_family, most)
        levels = [one for request in others if len(request) == 1 for one in request if one.family == "product"]
        levels.sort(key=lambda one: -one.fineness)
        self.ladder = Ladder(tuple(levels), shape) if levels else None
        self.order_parts = [r for r in others if not all(one.per_order for one in r) and not self.on_ladder(r)]
        self.attribute_keys = groupings(self.by_attribute, self.by_family, most)
        counted = [request for request in others if data.has_customers and DAY not in {one.name for one in request}]
        self.buyers = next((r for r in counted if {one.name for one in r} == {BUCKET, BUYER}), None)
        told = [tuple(one for one in self.buyers if one.name == BUCKET)] if self.buyers else []
        counted = [r for r in counted if r not in told and not self.on_ladder(r)]
        single = [one for request in counted if len(request) == 1 for one in request]
        self.presence = Presence(together([one for one in single if one.family not in ("time", BUYER)]))
        counted = [r for r in counted if not (len(r) == 1 and r[0] in self.presence.axes)]
        self.order_customers = [r for r in counted if all(one.per_order for one in r)]
        self.line_customers = [r for r in counted if r not in self.order_customers]

    def on_ladder(self, request: tuple[Axis, ...]) -> bool:
        """Whether a request is for one level of the products."""
        return len(request) == 1 and request[0].family == "product"

    @property
    def columns(self) -> list[str]:
        """The columns of the lines that the plan reads."""
        names = {"customer", "order", DAY} | {LINE_COLUMN[name] for name in self.sums}
        axes = {one for request in self.requests.values() for one in request} | set(self.by_family.values())
        read = {one.name for one in axes if one.family not in ("time", BUYER)} - set(self.data.segments)
        return sorted(names | read)


class Tally:
    """Sums and counts of some blocks. `line_sums` and the orders tell lines without a customer (0) from others (1)."""

    def __init__(self, plan: Plan, roll: Roll | None) -> None:
        self.plan, self.roll = plan, roll
        height = len(plan.sums) + 1
        self.line_sums = [np.zeros((2, height, key.size), np.int64) for key in plan.line_keys]
        self.orders = [np.zeros((2, key.size), np.int64) for key in plan.order_keys]
        self.part_orders = [np.zeros((2, size_of(request)), np.int64) for request in plan.order_parts]
        self.attributes = [np.zeros((height + 1, key.size), np.int64) for key in plan.attribute_keys]
        self.attribute_people = [np.zeros((key.size, 4), np.int64) for key in plan.attribute_keys]
        self.customers = {
            request: np.zeros((size_of(request), 4), np.int64)
            for request in (*plan.order_customers, *plan.line_customers, *((one,) for one in plan.presence.axes))
        }
        levels = [one.size for one in plan.ladder.axes] if plan.ladder else []
        self.level_orders = [np.zeros((2, size), np.int64) for size in levels]
        self.level_customers = [np.zeros((size, 4), np.int64) for size in levels]

    def add(self, block: Block) -> None:
        """Count a block."""
        plan, side = self.plan, int(block.known)
        names = [LINE_COLUMN[name] for name in plan.sums]
        for grouping, table in zip(plan.line_keys, self.line_sums, strict=True):
            if all(block.whole_orders(one) for one in grouping.axes):
                key, count, sums = block.order_key(grouping), block.order_lines, map(block.order_sums, names)
            else:
                key, count, sums = block.key(grouping), np.ones((), np.int64), map(block.measure, names)
            np.add.at(table[side, 0], key, count)
            for row, values in zip(table[side, 1:], sums, strict=True):
                np.add.at(row, key, values)
        for grouping, counts in zip(plan.order_keys, self.orders, strict=True):
            np.add.at(counts[side], block.order_key(grouping), 1)
        for request, counts in zip(plan.order_parts, self.part_orders, strict=True):
            np.add.at(counts[side], orders_by(block, request), 1)
        if plan.ladder:
            found = plan.ladder.orders(block.columns, block.starts_order)
            for counts, more in zip(self.level_orders, found, strict=True):
                counts[side] += more
        if block.known:
            self._add_customers(block)
        if self.roll or plan.by_attribute:
            self._add_people(block, names)

    def _add_customers(self, block: Block) -> None:
        for request in self.plan.order_customers:
            self._count(request, block, *customers_by_order(block, request))
        for request in self.plan.line_customers:
            if all(block.whole_orders(one) for one in request):
                self._count(request, block, *customers_by_order(block, request))
            else:
                nothing = np.zeros(block.customers.size, np.uint8)
                pairs = Pairs(block.customer_starts, nothing, block.key(Grouping(request)), size_of(request))
                self._count(request, block, pairs.customer, pairs.low >> 2)
        if self.plan.ladder:
            codes = block.codes(self.plan.ladder.axes[0])
            found = self.plan.ladder.customers(codes, block.customer_starts, block.marks)
            for counts, more in zip(self.level_customers, found, strict=True):
                counts += more
        if self.plan.presence.axes:
            found = self.plan.presence.customers(self._bought(block), block.marks)
            for one, more in zip(self.plan.presence.axes, found, strict=True):
                self.customers[(one,)] += more

    def _bought(self, block: Block) -> Array:
        """The bits of each customer's members of the columns that are counted by presence."""
        presence = self.plan.presence
        bought = np.zeros(block.customers.size, np.uint64)
        whole = [one for one in presence.axes if block.whole_orders(one)]
        if whole:
            orders = np.zeros(block.order_starts.size, np.uint64)
            for one in whole:
                orders |= presence.bits(one)[block.order_codes(one)]
            bought |= np.bitwise_or.reduceat(orders, block.customer_first_orders)
        for one in presence.axes:
            if one not in whole:
                bought |= np.bitwise_or.reduceat(presence.bits(one)[block.codes(one)], block.customer_starts)
        return bought

    def _count(self, request: tuple[Axis, ...], block: Block, customer: Array, key: Array) -> None:
        if BUCKET in {one.name for one in request}:
            marks = block.bucket_marks(customer, digit(request, BUCKET, key))
        else:
            marks = block.marks[customer]
        self.customers[request] += histogram(key.astype(np.intp) * 4 + marks, size_of(request))

    def _add_people(self, block: Block, names: list[str]) -> None:
        plan = self.plan
        if not block.known:
            totals = [block.rows, *(int(block.measure(name).sum()) for name in names), block.order_starts.size]
            for table in self.attributes:
                table[:, -1] += totals  # the last key: the last code of each attribute stands for no customer
            return
        by_order = [block.order_lines, *map(block.order_sums, names)]
        sums = [sums_of_runs(values, block.customer_first_orders) for values in by_order]
        orders = np.diff(block.customer_first_orders, append=block.order_starts.size)
        for n, grouping in enumerate(plan.attribute_keys):
            key = np.zeros(block.customers.size, np.intp)
            for one in grouping.axes:
                key = key * one.size + block.attribute(one.name)
            for row, values in zip(self.attributes[n], [*sums, orders], strict=True):
                np.add.at(row, key, values)
            self.attribute_people[n] += histogram(key * 4 + block.marks, grouping.size)
        if self.roll:
            self.roll.add(block, dict(zip(plan.sums, sums[1:], strict=True)) | {"orders": orders})

    def merge(self, other: Tally) -> None:
        """Add what another tally counted in other blocks."""
        for mine, theirs in (
            *zip(self.line_sums, other.line_sums, strict=True),
            *zip(self.orders, other.orders, strict=True),
            *zip(self.part_orders, other.part_orders, strict=True),
            *zip(self.attributes, other.attributes, strict=True),
            *zip(self.attribute_people, other.attribute_people, strict=True),
            *zip(self.level_orders, other.level_orders, strict=True),
            *zip(self.level_customers, other.level_customers, strict=True),
        ):
            mine += theirs
        for request, counts in other.customers.items():
            self.customers[request] += counts

    def measures(self, request: Totals) -> dict[str, Array]:
        """Measure -> its value by the request's key."""
        plan, axes = self.plan, self.plan.requests[request]
        families = {one.family for one in axes}
        out: dict[str, Array] = {}
        if axes in plan.by_attribute:
            n = next(n for n, key in enumerate(plan.attribute_keys) if families <= {one.family for one in key.axes})
            sums = plan.attribute_keys[n].rolled_up(self.attributes[n], axes, plan.shape, plan.clock)
            out = dict(zip(("lines", *plan.sums, "orders"), sums, strict=True))
            counts = (
                plan.attribute_keys[n]
                .rolled_up(np.ascontiguousarray(self.attribute_people[n].T), axes, plan.shape, plan.clock)
                .T
            )
            nobody = np.ones(sums.shape[-1], bool)
            nobody[-1] = False
            out["known_revenue"] = out["revenue"] * nobody
            out["known_orders"] = out["orders"] * nobody
        else:
            n = _holder(plan.line_keys, families)
            sums = plan.line_keys[n].rolled_up(self.line_sums[n], axes, plan.shape, plan.clock)
            out = dict(zip(("lines", *plan.sums), sums.sum(axis=0), strict=True))
            out["known_revenue"] = sums[1, 1 + plan.sums.index("revenue")]
            if plan.ladder and plan.on_ladder(axes):
                orders = self.level_orders[plan.ladder.axes.index(axes[0])]
            elif axes in plan.order_parts:
                orders = self.part_orders[plan.order_parts.index(axes)]
            else:
                n = _holder(plan.order_keys, families)
                orders = plan.order_keys[n].rolled_up(self.orders[n], axes, plan.shape, plan.clock)
            out["orders"], out["known_orders"] = orders.sum(axis=0), orders[1]
            if plan.ladder and plan.on_ladder(axes):
                counts = self.level_customers[plan.ladder.axes.index(axes[0])]
            else:
                counts = self._customers(axes)
        out["customers"] = counts.sum(axis=1)
        out["new_customers"] = counts[:, NEW] + counts[:, NEW | REPEAT]
        out["repeat_customers"] = counts[:, REPEAT] + counts[:, NEW | REPEAT]
        return out

    def _customers(self, axes: tuple[Axis, ...]) -> Array:
        """Customers by key and mark. Within a bucket each is a buyer of one kind, so that the kinds add up to all."""
        buyers = self.plan.buyers
        if axes in self.customers:
            return self.customers[axes]
        if buyers and [one.name for one in axes] == [BUCKET]:
            kinds = next(n for n, one in enumerate(buyers) if one.name == BUYER)
            return np.asarray(self.customers[buyers].reshape(*(one.size for one in buyers), 4).sum(axis=kinds))
        return np.zeros((size_of(axes), 4), np.int64)


def _holder(keys: list[Grouping], families: set[str]) -> int:
    return next(n for n, key in enumerate(keys) if families <= {one.family for one in key.axes})
