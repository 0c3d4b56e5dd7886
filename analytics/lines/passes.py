"""`page`: everything that a page shows, from as few passes over the lines as possible."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics import periods
from analytics.dataset import Dataset
from analytics.filters import Filters, Where
from analytics.lines.axes import Axis, Clock, size_of
from analytics.lines.block import Block
from analytics.lines.decimals import in_units
from analytics.lines.freed import give_back
from analytics.lines.requests import BUCKET, BUYER, BUYERS, CUSTOMER, DAY, WEEKDAY, Totals
from analytics.lines.returned import Returns
from analytics.lines.roll import Roll
from analytics.lines.shape import SLICE_ROWS, Cut, Shape, shape
from analytics.lines.slices import Slice, tests_of
from analytics.lines.tally import Plan, Tally
from analytics.metrics import MEASURES

Array = NDArray[Any]

BLOCK_ROWS: Final = 1 << 18
"""Lines counted at a time: few enough that what is computed of them stays near the processor, and enough that threads
seldom hand Python's lock to one another."""

NOT_OVER_DAYS: Final = ("customers", "new_customers", "repeat_customers")
"""Measures that a table by day leaves out."""


def page(data: Dataset, filters: Filters, requests: Iterable[Totals], *, grain: str) -> dict[Totals, pl.DataFrame]:
    """One table per request: one row per member (or pair of members) with lines or returns in the period or its base.

    Columns: the request's `by`, then MEASURES for the period and the same ending in `_base` for the base (null where
    there is no base, 0 where the base lacks the member). Money is in ten-thousandths. A measure that the data cannot
    give for the view is null: cost and discount without their column, returns by a dimension that they do not carry.
    A table by `day` has no base and no distinct customers. In a row of a bucket, new and repeat customers are counted
    to that bucket. Lines without a customer have null as customer attribute. Rows come in the order of the members.
    """
    wanted = list(dict.fromkeys(requests))
    by_where: dict[Where, list[Totals]] = {}
    for request in wanted:
        by_where.setdefault(filters.without(request.without).where, []).append(request)
    now_clock, base_clock = _clocks(data, filters, grain)
    known = shape(data)
    now = {where: _View(data, known, where, now_clock, asked) for where, asked in by_where.items()}
    base = {}
    if base_clock:
        for where, asked in by_where.items():
            compared = [request for request in asked if _compared(request)]
            if compared:
                base[where] = _View(data, known, where, base_clock, compared)
    _count([*now.values(), *base.values()])
    found = {
        request: in_units(_answer(request, now[where], base.get(where)), data)
        for where, asked in by_where.items()
        for request in asked
    }
    if any(cut.rows >= BLOCK_ROWS for cut in known.cuts):
        give_back()
    return found


def _compared(request: Totals) -> bool:
    return request.compared and request.by not in ((DAY,), (CUSTOMER,))


def _clocks(data: Dataset, filters: Filters, grain: str) -> tuple[Clock, Clock | None]:
    days = periods.bucket_of_days(filters.period, grain, data.calendar)
    buckets = int(days[BUCKET].to_numpy().max()) + 2  # one more for days of the base that meet none
    now = Clock(filters.period, days, buckets)
    if filters.base is None:
        return now, None
    mode = filters.comparison.mode
    base_days = periods.base_bucket_of_days(filters.base, filters.period, mode, grain, data.calendar)
    return now, Clock(filters.base, base_days, buckets)


class _View:
    """One period under one filter, and what is asked of it."""

    def __init__(self, data: Dataset, known: Shape, where: Where, clock: Clock, asked: list[Totals]) -> None:
        self.data, self.shape, self.clock = data, known, clock
        self.plan = Plan(data, known, clock, asked)
        self.roll = Roll(data, self.plan.place) if self.plan.people else None
        self.tally = Tally(self.plan, self.roll)
        self.returns = Returns(data, known, where, clock)
        self.tests = tests_of(data, where, clock.period)
        self.empty = clock.period.end < data.first_day or clock.period.start > data.last_day

    def blocks(self, cut: Cut, lines: Slice) -> Iterator[Block]:
        """The kept lines of a slice, some whole customers (or orders without a customer) at a time."""
        columns = lines.columns(self.plan.columns, self.tests)
        key = columns["customer" if cut.known else "order"]
        if not key.size:
            return
        wanted = key[np.arange(BLOCK_ROWS, key.size, BLOCK_ROWS)]
        edges = np.unique([0, *np.searchsorted(key, wanted), key.size]).tolist()
        for start, stop in pairwise(edges):
            part = {name: values[start:stop] for name, values in columns.items()}
            yield Block(part, cut.known, self.data, self.shape, self.clock, self.plan.by_family)

    def measures(self, request: Totals) -> tuple[dict[str, Array | None], Array]:
        """Measure -> values by the request's key, None where the data cannot give it; and which keys occur."""
        found: dict[str, Array | None] = dict(self.tally.measures(request))
        occurs = found["lines"] != 0
        back = self.returns.by(self.plan.requests[request])
        if back is not None:
            occurs = occurs | (back[0] > 0)
            found |= {"returned_units": back[1], "returned_amount": back[2]}
        return found, np.asarray(occurs)


def _count(views: list[_View]) -> None:
    """Read every slice once and count it for every view, on as many threads as the engine has."""
    views = [view for view in views if not view.empty]
    if not views:
        return
    data, tests = views[0].data, [view.tests for view in views]
    columns = {name for view in views for name in view.plan.columns}
    tasks = deque(views[0].shape.cuts)

    def work() -> list[Tally]:
        mine = [Tally(view.plan, view.roll) for view in views]
        while True:
            try:
                cut = tasks.popleft()
            except IndexError:
                return mine
            lines = Slice(data, cut, columns, tests)
            for view, tally in zip(views, mine, strict=True):
                for block in view.blocks(cut, lines):
                    tally.add(block)

    # Below that many lines a thread costs more than it counts.
    workers = min(pl.thread_pool_size(), len(tasks), 1 + sum(cut.rows for cut in tasks) // SLICE_ROWS)
    if workers <= 1:
        found = [work()]
    else:
        with ThreadPoolExecutor(workers) as pool:
            found = [future.result() for future in [pool.submit(work) for _ in range(workers)]]
    for tallies in found:
        for view, tally in zip(views, tallies, strict=True):
            view.tally.merge(tally)


def _answer(request: Totals, now: _View, base: _View | None) -> pl.DataFrame:
    return now.roll.frame() if now.roll and request.by == (CUSTOMER,) else _table(request, now, base)


def _table(request: Totals, now: _View, base: _View | None) -> pl.DataFrame:
    axes = now.plan.requests[request]
    values, occurs = now.measures(request)
    values_base, occurs_base = base.measures(request) if base and _compared(request) else (None, occurs)
    keys = np.flatnonzero(occurs | occurs_base) if axes else np.array([0])
    columns = _labels(now, axes, keys)
    days = request.by == (DAY,)
    for name in MEASURES:
        if not (days and name in NOT_OVER_DAYS):
            columns.append(_measure(name, values.get(name), keys))
    if not days:
        for name in MEASURES:
            columns.append(_measure(f"{name}_base", values_base.get(name) if values_base else None, keys))
    return pl.DataFrame(columns)


def _measure(name: str, values: Array | None, keys: Array) -> pl.Series:
    if values is None:
        return pl.Series(name, [None], pl.Int64).new_from_index(0, keys.size)
    return pl.Series(name, values[keys], pl.Int64)


def _labels(view: _View, axes: tuple[Axis, ...], keys: Array) -> list[pl.Series]:
    """The members that the keys stand for."""
    schema = view.data.schema
    out = []
    for n, one in enumerate(axes):
        code = keys // size_of(axes[n + 1 :]) % one.size
        if one.name in (BUCKET, WEEKDAY):
            out.append(pl.Series(one.name, code, pl.Int32))
        elif one.name == DAY:
            out.append(pl.Series(DAY, code + view.clock.start, pl.Int32).cast(pl.Date))
        elif one.name == BUYER:
            out.append(pl.Series(BUYER, code, pl.UInt8).cat.to(pl.Enum(BUYERS)))
        else:
            # The last code of a customer attribute stands for lines without a customer.
            out.append(pl.Series(one.name, [*view.data.members[one.name], None], schema[one.name])[code])
    return out
