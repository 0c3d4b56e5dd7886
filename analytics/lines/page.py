"""`page`: everything that a page shows, from one pass over the lines; `customers`: one row per customer of a view."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import and_, or_
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics import periods
from analytics.dataset import Dataset
from analytics.filters import Filters, Where, between
from analytics.lines.axes import Axis, Clock, axes_of, day_number, inside, labels, size_of
from analytics.lines.conditions import kept
from analytics.lines.decimals import in_units
from analytics.lines.engine import Partition, Reduction
from analytics.lines.requests import BUCKET, CUSTOMER, DAY, Totals
from analytics.lines.returned import Returns
from analytics.lines.shape import shape
from analytics.metrics import MEASURES
from analytics.periods import Period

Array = NDArray[Any]
Axes = tuple[Axis, ...]

NOT_OVER_DAYS = ("customers", "new_customers", "repeat_customers")
"""Measures that a table by day leaves out."""

SUMMED = ("lines", "units", "discount", "revenue", "cost", "orders")
"""Columns of the accumulators' sums."""

Test = Period | tuple[str, tuple[Any, ...]]
"""What a line is kept by: its day lies in a period, or its day or its member of a dimension is one of some."""


@dataclass(frozen=True, eq=False)
class Query:
    """What is asked of one period under one filter; plain values, planned once from the whole dataset."""

    where: Where
    clock: Clock
    requests: tuple[Axes, ...]
    tests: tuple[Test, ...]
    """None where every line is kept."""
    columns: tuple[str, ...]
    """The columns of the lines that are read."""
    kinds: tuple[Any, ...]
    """The accumulators among which each request finds its own."""


def query(
    data: Dataset,
    where: Where,
    clock: Clock,
    requests: Iterable[Totals],
    kinds: tuple[Any, ...],
    days: tuple[date, ...] | None = None,
) -> Query:
    """The query for some requests, on some of the period's days where these are given."""
    period = clock.period
    whole = period.start <= data.first_day and period.end >= data.last_day
    axes = tuple(dict.fromkeys(axes_of(request, data, clock) for request in requests))
    named = {one.name for request in axes for one in request} & set(data.members) - set(data.segments)
    columns = tuple(sorted({"customer", "order", DAY, *data.measures, *named}))
    tests = (*where, *(() if whole else (period,)), *(() if days is None else ((DAY, days),)))
    return Query(where, clock, axes, tests, columns, kinds)


def page(data: Dataset, filters: Filters, requests: Iterable[Totals], *, grain: str) -> dict[Totals, pl.DataFrame]:
    """One table per request: one row per member (or pair of members) with lines or returns in the period or its base.

    Columns: the request's `by`, then MEASURES for the period and the same ending in `_base` for the base (null where
    there is no base, 0 where the base lacks the member). Money is in ten-thousandths. A measure that the data cannot
    give for the view is null: cost and discount without their column, returns by a dimension that they do not carry.
    A table by `day` has no base and no distinct customers. In a row of a bucket, new and repeat customers are counted
    to that bucket. Lines without a customer have null as customer attribute. Rows come in the order of the members.
    """
    from analytics.lines.accumulators import KINDS

    by_where: dict[Where, list[Totals]] = {}
    for request in dict.fromkeys(requests):
        by_where.setdefault(filters.without(request.without).where, []).append(request)
    now, base = _clocks(data, filters, grain)
    asked: dict[tuple[Clock | None, Where], Query] = {}
    for clock in (now, base):
        for where, wanted in by_where.items():
            wanted = wanted if clock is now else [request for request in wanted if _compared(request)]
            if clock and wanted:
                asked[clock, where] = query(data, where, clock, wanted, KINDS)
    counted = dict(zip(asked, COUNTED(data, tuple(asked.values())), strict=True))
    return {
        request: in_units(
            _table(request, counted[now, where], counted.get((base, where)) if _compared(request) else None), data
        )
        for where, wanted in by_where.items()
        for request in wanted
    }


def customers(data: Dataset, filters: Filters) -> pl.DataFrame:
    """One row per known customer who bought in the view, by customer code.

    Columns: customer (UInt32), units, revenue (ten-thousandths), orders (Int64), last_day (Date: of the view's last
    order), and place (Enum): where that was, by country or the level there is.
    """
    request = Totals((CUSTOMER,), compared=False)
    return page(data, filters, [request], grain="year")[request]


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


# --- The reduction ----------------------------------------------------------------------------------------------------


def _accumulators(asked: Query, codes: tuple[int, int]) -> list[Any]:
    own = [(kind, [request for request in asked.requests if kind.accepts(request)]) for kind in asked.kinds]
    return [kind(requests, asked.clock, codes) for kind, requests in own if requests]


Counted = list[dict[bool, list[Any]]]
"""For each query the accumulators of lines with a customer (True) and without (False)."""


def count(partition: Partition, queries: tuple[Query, ...]) -> Counted:
    """Read the lines once and count them for every query."""
    from analytics.lines.batch import batches

    columns = _read(partition, queries)
    customer, masks = columns["customer"], dict[tuple[Test, ...], Array]()
    codes = (int(customer[0]), int(customer[-1])) if customer.size else (0, 0)
    out: Counted = []
    for one in queries:
        mask = _mask(partition.data, columns, one.tests, masks) if one.tests else None
        accumulators = _accumulators(one, codes)
        for batch in batches({name: columns[name] for name in one.columns}, mask, one.clock, shape(partition.data)):
            for accumulator in accumulators:
                accumulator.add(batch)
        out.append({partition.cut.known: accumulators})
    return out


def merge(one: Counted, other: Counted) -> Counted:
    """What both have counted."""
    return [_merged(mine, theirs) for mine, theirs in zip(one, other, strict=True)]


def _merged(one: dict[bool, list[Any]], other: dict[bool, list[Any]]) -> dict[bool, list[Any]]:
    both = {
        known: [mine.merge(theirs) for mine, theirs in zip(one[known], other[known], strict=True)]
        for known in one.keys() & other.keys()
    }
    return {**one, **other, **both}


def _read(partition: Partition, queries: tuple[Query, ...]) -> dict[str, Array]:
    """The columns as arrays, those of a scanned dataset without the lines that no query keeps."""
    data = partition.data
    tested = {test[0] for one in queries for test in one.tests if not isinstance(test, Period)}
    names = tuple(sorted(tested.union(*(one.columns for one in queries))))
    keeps = None
    if not data.held and all(one.tests for one in queries):
        keeps = reduce(or_, [_condition(data, one.tests) for one in queries])
    return partition.read(names, inside=keeps)


def _condition(data: Dataset, tests: tuple[Test, ...]) -> pl.Expr:
    """The same tests as an expression."""
    periods = [between(test) for test in tests if isinstance(test, Period)]
    days = [pl.col(DAY).is_in(test[1]) for test in tests if not isinstance(test, Period) and test[0] == DAY]
    members = kept(tuple(test for test in tests if not isinstance(test, Period) and test[0] != DAY), data.members)
    return reduce(and_, [*periods, *days, *([] if members is None else [members])])


def _mask(
    data: Dataset, columns: dict[str, Array], tests: tuple[Test, ...], known: dict[tuple[Test, ...], Array]
) -> Array:
    """The lines that several tests keep; what queries have in common, from the first test on, is made once."""
    if tests not in known:
        if len(tests) == 1:
            known[tests] = _kept(data, columns, tests[0])
        else:
            known[tests] = _mask(data, columns, tests[:-1], known) & _mask(data, columns, tests[-1:], known)
    return known[tests]


def _kept(data: Dataset, columns: dict[str, Array], test: Test) -> Array:
    if isinstance(test, Period):
        return inside(columns[DAY], test)
    if test[0] == DAY:
        return np.isin(columns[DAY], [day_number(day) for day in test[1]])
    name, chosen = test[0], frozenset(test[1])
    keeps = np.array([member in chosen for member in data.members[name]], np.bool_)
    codes = np.flatnonzero(keeps)
    # One code is compared with, which is faster than looking each line's up.
    return np.asarray(columns[name] == codes[0] if codes.size == 1 else keeps[columns[name]])


def _finish(data: Dataset, queries: tuple[Query, ...], counted: Counted) -> list[QueryAnswer]:
    return [QueryAnswer(data, one, found) for one, found in zip(queries, counted, strict=True)]


# --- The tables -------------------------------------------------------------------------------------------------------


class QueryAnswer:
    """What was counted for a query."""

    def __init__(self, data: Dataset, asked: Query, counted: dict[bool, list[Any]]) -> None:
        self.data, self.query, self._counted = data, asked, counted
        self._returns = Returns(data, shape(data), asked.where, asked.clock)

    def axes(self, request: Totals) -> Axes:
        """The axes of a request."""
        return axes_of(request, self.data, self.query.clock)

    def customers(self) -> pl.DataFrame:
        """One row per known customer, see `customers`."""
        from analytics.lines.accumulators import listed

        return listed(self.data, self._counted.get(True, []))

    def measures(self, request: Totals) -> tuple[dict[str, Array | None], Array]:
        """Measure -> values by the request's key, None where the data cannot give it; and which keys occur."""
        axes = self.axes(request)
        sums, marks = {}, np.zeros((size_of(axes), 4), np.int64)
        for known in (False, True):
            sums[known] = np.zeros((6, size_of(axes)), np.int64)
            for accumulator in self._counted.get(known, []):
                if accumulator.accepts(axes):
                    sums[known], counts = accumulator.answer(axes, shape(self.data), self.query.clock)
                    marks += counts
        both = sums[False] + sums[True]
        found: dict[str, Array | None] = dict(zip(SUMMED, both, strict=True))
        found |= {"known_revenue": sums[True][3], "known_orders": sums[True][5], "customers": marks.sum(axis=1)}
        found |= {"new_customers": marks[:, 1] + marks[:, 3], "repeat_customers": marks[:, 2] + marks[:, 3]}
        found |= {name: None for name in ("cost", "discount") if not self.data.has(name)}
        occurs = both[0] != 0
        back = self._returns.by(axes)
        if back is not None:
            occurs = occurs | (back[0] > 0)
            found |= {"returned_units": back[1], "returned_amount": back[2]}
        return found, occurs


COUNTED: Reduction[tuple[Query, ...], Counted, list[QueryAnswer]] = Reduction(count, merge, _finish)
"""What some queries count, as a view each."""


def _table(request: Totals, now: QueryAnswer, base: QueryAnswer | None) -> pl.DataFrame:
    if request.by == (CUSTOMER,):
        return now.customers()
    axes, days = now.axes(request), request.by == (DAY,)
    values, occurs = now.measures(request)
    values_base, occurs_base = base.measures(request) if base else ({}, occurs)
    keys = np.flatnonzero(occurs | occurs_base) if axes else np.array([0])
    columns = labels(now.data, axes, keys, now.query.clock.start)
    columns += [_measure(name, values.get(name), keys) for name in MEASURES if not (days and name in NOT_OVER_DAYS)]
    if not days:
        columns += [_measure(f"{name}_base", values_base.get(name), keys) for name in MEASURES]
    return pl.DataFrame(columns)


def _measure(name: str, values: Array | None, keys: Array) -> pl.Series:
    if values is None:
        return pl.Series(name, [None], pl.Int64).new_from_index(0, keys.size)
    return pl.Series(name, values[keys], pl.Int64)
