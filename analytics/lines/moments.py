"""`squares`: how much of a sum, and of its change, rests on few customers.

What varies at random is the customer: their lines, orders and baskets come together. So the variance of a sum over
lines is that of a sum over customers, the sum of the squares of what each brought, and never the sum of squared lines.
An order without a customer is one of its own. Squares of sums do not add up from finer keys, so that each key is summed
by customer for itself: lines come by customer, and a customer's sums are finished where the next one begins.

The sums are whole numbers of 128 bits, exact in any order, so that it does not matter how the lines are cut.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from math import prod
from operator import or_
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.dataset import MONEY_SCALE, NO_CUSTOMER, Dataset
from analytics.filters import Filters, between
from analytics.lines.axes import day_number
from analytics.lines.engine import Partition, Reduction
from analytics.periods import Period
from analytics.runs import first_rows

Array = NDArray[Any]
Keys = tuple[str, ...]

MOMENTS: Final = ("now_now", "now_base", "base_base", "now_all", "across", "base_all")
"""Sums over customers of products of what each brought of a key now and in the base, and of all keys: now x now,
now x base, base x base, now x all now, now x all base + base x all now, base x all base."""

FINE: Final = 10_000
"""Parts of a ten-thousandth that a line's worth is rounded to where a rate is taken off it: without them a rate that
never changes would seem to, by what is rounded off."""

DENSE: Final = 1 << 16
"""Largest number of keys that are told by their code alone; of more of them, those that occur are numbered first."""


@dataclass(frozen=True)
class Worth:
    """What each line counts for: the sum of some of ADDITIVE less that of others, less `rate` times that of `per`.

    `rate` is a ratio's value in the base, so that the worth of all its lines is 0 there. A customer's whole is then
    what they bring to `per`; without it, to the worth itself.
    """

    plus: tuple[str, ...]
    less: tuple[str, ...] = ()
    per: tuple[str, ...] = ()
    rate: float = 0.0


@dataclass(frozen=True, eq=False)
class Squares:
    """Sums of squares over customers, in squared units of the worth (currency units or counts)."""

    by: dict[Keys, pl.DataFrame]
    """Keys -> one row per combination that is sold in the period or its base: the keys (Enum), MOMENTS (Float64),
    customers (Int64, who bought of it in either; an order without a customer is one)."""
    whole: tuple[float, float, float]
    """Of all lines together: now x now, now x base, base x base."""


@dataclass(frozen=True)
class Ask:
    """What a pass over some lines is to sum."""

    filters: Filters
    worth: Worth
    keys: tuple[Keys, ...]


@dataclass(frozen=True)
class Sums:
    """Sums of 128 bits by key, rows in the order of `codes`: the upper and the lower 64 bits of each moment."""

    codes: Array
    high: Array
    low: Array
    customers: Array


Partial = dict[Keys, Sums]
"""What a partition gives: sums by each of the asked keys, and by () for all lines."""


def squares(data: Dataset, filters: Filters, keys: Sequence[Keys], worth: Worth) -> Squares:
    """Squares by several keys of one view and its base, from one reading of the lines; those of a base that is not
    there are 0."""
    ask = Ask(filters, worth, tuple(dict.fromkeys(keys)))
    return SQUARES(data, ask)


def work(partition: Partition, ask: Ask) -> Partial:
    """The sums of a partition, which splits no customer and, of lines without one, no order."""
    data, columns = partition.data, _read(partition, ask)
    customer = columns["customer"]
    if not customer.size:
        return {}
    starts = first_rows(columns["order"] if customer[0] == NO_CUSTOMER else customer)
    inside = [_inside(columns["day"], period) for period in (ask.filters.period, ask.filters.base)]
    value = _worth(columns, ask.worth)
    weight = _sum(columns, ask.worth.per) if ask.worth.per else value
    edges = np.append(starts, customer.size)
    lines = _Lines(edges, *(np.where(mask, value, 0) for mask in inside))
    weights = _Lines(edges, *(np.where(mask, weight, 0) for mask in inside)).by_customer()
    by_customer = lines.by_customer()
    out: Partial = {(): _summed(weights, np.zeros(starts.size, np.int64), 1, weights)}
    for keys in ask.keys:
        # What a customer is like is the same on all of their lines.
        own = all(name in data.segments for name in keys)
        code = np.zeros(starts.size if own else customer.size, np.int64)
        for name in keys:
            codes = _codes(data, columns, name)
            code = code * _size(data, name) + (codes[starts] if own else codes)
        out[keys] = _summed(by_customer if own else lines, code, _height(data, keys), weights)
    return out


def merge(first: Partial, second: Partial) -> Partial:
    """The sums of two partitions together."""
    if not first or not second:
        return first or second
    return {keys: _added(first[keys], second[keys]) for keys in first}


def finish(data: Dataset, ask: Ask, partial: Partial) -> Squares:
    """Sums as numbers of their unit, keys as their members."""
    from analytics.lines import wide

    scale = float(_scale(data, ask.worth))
    empty = np.zeros((0, len(MOMENTS)), np.int64)
    nothing = Sums(empty[:, 0], empty, empty.astype(np.uint64), empty[:, 0])
    own = scale * FINE if ask.worth.per else scale
    units = np.array([own * own] * 3 + [own * scale] * 3)
    by = {keys: _frame(data, keys, partial.get(keys, nothing), units) for keys in ask.keys}
    whole = partial.get((), nothing)
    now_now, now_base, base_base, *_ = (wide.as_floats(whole.high, whole.low) / scale**2).sum(axis=0).tolist()
    return Squares(by, (now_now, now_base, base_base))


SQUARES = Reduction(work, merge, finish)


def _scale(data: Dataset, worth: Worth) -> int:
    """How many of the lines' whole numbers make one of the worth's unit."""
    if {"revenue", "cost", "discount"} & set(worth.plus):
        return MONEY_SCALE
    return data.unit_scale if "units" in worth.plus else 1


def _read(partition: Partition, ask: Ask) -> dict[str, Array]:
    periods = [between(period) for period in (ask.filters.period, ask.filters.base) if period]
    measures = {_COLUMN.get(name, name) for name in (*ask.worth.plus, *ask.worth.less, *ask.worth.per)} - {"lines"}
    names = {"customer", "order", "day", *measures} | {name for keys in ask.keys for name in keys}
    return partition.read(sorted(names), ask.filters.where, reduce(or_, periods))


_COLUMN: Final = {"units": "quantity"}
"""Measure -> its column of the lines, where that has another name."""


def _worth(columns: dict[str, Array], worth: Worth) -> Array:
    out = _sum(columns, worth.plus) - _sum(columns, worth.less)
    if worth.per:
        out = out * FINE - np.rint(worth.rate * FINE * _sum(columns, worth.per)).astype(np.int64)
    return out


def _sum(columns: dict[str, Array], names: tuple[str, ...]) -> Array:
    out = np.zeros(columns["customer"].size, np.int64)
    for name in names:
        out += 1 if name == "lines" else columns[_COLUMN.get(name, name)].astype(np.int64)
    return out


def _inside(day: Array, period: Period | None) -> Array:
    if period is None:
        return np.zeros(day.size, np.bool_)
    return (day >= day_number(period.start)) & (day <= day_number(period.end))


def _size(data: Dataset, name: str) -> int:
    return len(data.members[name]) + (name in data.segments)  # the last code is for lines without a customer


def _height(data: Dataset, keys: Keys) -> int:
    return prod(_size(data, name) for name in keys)


def _codes(data: Dataset, columns: dict[str, Array], name: str) -> Array:
    if name in data.segments:
        return np.where(columns["customer"] == NO_CUSTOMER, len(data.members[name]), columns[name])
    return columns[name]


@dataclass(frozen=True)
class _Lines:
    """What each line is worth in both periods; `edges` are the first line of each customer, and the end."""

    edges: Array
    now: Array
    base: Array

    def by_customer(self) -> _Lines:
        """One line for each customer."""
        now, base = (np.add.reduceat(values, self.edges[:-1]) for values in (self.now, self.base))
        return _Lines(np.arange(self.edges.size), now, base)


def _summed(lines: _Lines, code: Array, size: int, all_of: _Lines) -> Sums:
    """Sums of the keys that occur among some lines; `all_of` is the whole of each customer."""
    from analytics.lines import wide

    known = np.arange(size)
    if size > DENSE:
        known, code = np.unique(code, return_inverse=True)
    high, low = np.zeros((known.size, len(MOMENTS)), np.int64), np.zeros((known.size, len(MOMENTS)), np.uint64)
    customers = np.zeros(known.size, np.int64)
    wide.add_customers(
        lines.edges, code.astype(np.int64), lines.now, lines.base, all_of.now, all_of.base, high, low, customers
    )
    occurs = np.flatnonzero(customers)
    return Sums(known[occurs], high[occurs], low[occurs], customers[occurs])


def _added(first: Sums, second: Sums) -> Sums:
    from analytics.lines import wide

    codes, at = np.unique(np.concatenate([first.codes, second.codes]), return_inverse=True)
    one, other = at[: first.codes.size], at[first.codes.size :]
    shape_of = (codes.size, len(MOMENTS))
    high, low, customers = np.zeros(shape_of, np.int64), np.zeros(shape_of, np.uint64), np.zeros(codes.size, np.int64)
    high[one], low[one], customers[one] = first.high, first.low, first.customers
    high[other], low[other] = wide.add(high[other], low[other], second.high, second.low)
    customers[other] += second.customers
    return Sums(codes, high, low, customers)


def _frame(data: Dataset, keys: Keys, sums: Sums, units: Array) -> pl.DataFrame:
    from analytics.lines import wide

    columns, code = [], sums.codes
    for name in reversed(keys):
        size = _size(data, name)
        members = pl.Series(name, [*data.members[name], *[None] * (size - len(data.members[name]))], data.schema[name])
        columns.append(members[code % size])
        code = code // size
    numbers = wide.as_floats(sums.high, sums.low) / units
    columns.reverse()
    columns += [pl.Series(name, numbers[:, n], pl.Float64) for n, name in enumerate(MOMENTS)]
    return pl.DataFrame([*columns, pl.Series("customers", sums.customers, pl.Int64)])
