"""`squares`: how much of a sum, and of its change, rests on few customers.

What varies at random is the customer: their lines, orders and baskets come together. So the variance of a sum over
lines is that of a sum over customers, the sum of the squares of what each brought, and never the sum of squared lines.
An order without a customer is one of its own. Squares of sums do not add up from finer keys, so that each key is summed
by customer for itself: lines come by customer, and a customer's sums are finished where the next one begins.

The sums are whole numbers of 128 bits, exact in any order, so that it does not matter how the lines are cut.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.dataset import MONEY_SCALE, NO_CUSTOMER, Dataset
from analytics.filters import Filters, between
from analytics.lines.axes import inside, labels, level_of, member_axis, size_of
from analytics.lines.by_customer import MOMENTS, PARTS, Sums, WorthRows, added, by_key
from analytics.lines.engine import Partition, Reduction
from analytics.lines.shape import shape
from analytics.periods import Period
from analytics.runs import first_rows

Array = NDArray[Any]
Keys = tuple[str, ...]

FINE: Final = 10_000
"""Parts of a ten-thousandth that a line's worth is rounded to where a rate is taken off it: without them a rate that
never changes would seem to, by what is rounded off."""


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
    """Keys -> one row per combination that is sold in the period or its base, in the order of the members, null last:
    the keys (Enum), PARTS and MOMENTS (Float64), lines (Int64, of both) and customers (Int64, who bought of it in
    either; an order without a customer is one)."""
    whole: tuple[float, float, float]
    """Of all lines together: now x now, now x base, base x base."""


@dataclass(frozen=True)
class Ask:
    """What a pass over some lines is to sum."""

    filters: Filters
    worth: Worth
    keys: tuple[Keys, ...]


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
    customer, order = columns["customer"], columns["order"]
    if not customer.size:
        return {}
    starts, orders = first_rows(order if customer[0] == NO_CUSTOMER else customer), first_rows(order)
    lines = _lines(columns, ask, np.append(starts, customer.size))
    by_order = lines.summed(orders, np.append(np.searchsorted(orders, starts), orders.size))
    people = by_order.summed(by_order.edges[:-1], np.arange(starts.size + 1))
    out: Partial = {
        (): by_key(
            replace(people, now=people.all_now, base=people.all_base), people, np.zeros(starts.size, np.int64), 1
        )
    }
    levels = ((people, starts), (by_order, orders), (lines, None))
    codes: dict[tuple[int, str], Array] = {}
    for keys in ask.keys:
        axes = [member_axis(data, name) for name in keys]
        level = level_of(axes)
        rows, at = levels[level]
        for one in axes:
            if (level, one.name) not in codes:
                codes[level, one.name] = _codes(data, columns, one.name, at)
        code = codes[level, axes[0].name]
        for one in axes[1:]:
            code = code.astype(np.int64, copy=False) * one.size + codes[level, one.name]
        out[keys] = by_key(rows, people, code, size_of(axes))
    return out


def _codes(data: Dataset, columns: dict[str, Array], name: str, at: Array | None) -> Array:
    """The code of each line, or of those lines at which a customer or an order begins."""
    of = columns["customer" if name in data.segments else name]
    of = of if at is None else of[at]
    return shape(data).attributes[name][of] if name in data.segments else of


def merge(first: Partial, second: Partial) -> Partial:
    """The sums of two partitions together."""
    if not first or not second:
        return first or second
    return {keys: added(first[keys], second[keys]) for keys in first}


def finish(data: Dataset, ask: Ask, partial: Partial) -> Squares:
    """Sums as numbers of their unit, keys as their members."""
    from analytics.lines import wide

    scale = float(_scale(data, ask.worth))
    empty = np.zeros((0, len(MOMENTS)), np.int64)
    nothing = Sums(empty[:, 0], empty, empty.astype(np.uint64), np.zeros((0, len(PARTS) + 2), np.int64))
    own = scale * FINE if ask.worth.per else scale
    units = np.array([own * own] * 3 + [own * scale] * 3)
    by = {keys: _frame(data, keys, partial.get(keys, nothing), units, scale) for keys in ask.keys}
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
    """The lines of the view in either period."""
    periods = [between(period) for period in (ask.filters.period, ask.filters.base) if period]
    measures = {_COLUMN.get(name, name) for name in (*ask.worth.plus, *ask.worth.less, *ask.worth.per)} - {"lines"}
    keys = {name for keys in ask.keys for name in keys} - set(partition.data.segments)
    return partition.read(
        sorted({"customer", "order", "day", *measures, *keys}), ask.filters.where, reduce(or_, periods)
    )


_COLUMN: Final = {"units": "quantity"}
"""Measure -> its column of the lines, where that has another name."""


def _sum(columns: dict[str, Array], names: tuple[str, ...]) -> Array:
    out = np.zeros(columns["customer"].size, np.int64)
    for name in names:
        out += 1 if name == "lines" else columns[_COLUMN.get(name, name)].astype(np.int64)
    return out


def _inside(day: Array, period: Period | None) -> Array:
    return inside(day, period) if period else np.zeros(day.size, np.bool_)


def _lines(columns: dict[str, Array], ask: Ask, edges: Array) -> WorthRows:
    worth = ask.worth
    inside = [_inside(columns["day"], period) for period in (ask.filters.period, ask.filters.base)]
    value = _sum(columns, worth.plus) - _sum(columns, worth.less)
    count = inside[0].astype(np.int64) + inside[1]
    if not worth.per:
        now, base = (value * mask for mask in inside)
        return WorthRows(edges, count, now, base, now, base, ())
    weight = _sum(columns, worth.per)
    beyond = value * FINE - np.rint(worth.rate * FINE * weight).astype(np.int64)
    (now, base), parts, every = ([values * mask for mask in inside] for values in (beyond, value, weight))
    return WorthRows(edges, count, now, base, every[0], every[1], (*parts, *every))


def _frame(data: Dataset, keys: Keys, sums: Sums, units: Array, scale: float) -> pl.DataFrame:
    from analytics.lines import wide

    columns = labels(data, tuple(member_axis(data, name) for name in keys), sums.codes, 0)
    numbers = wide.as_floats(sums.high, sums.low) / units
    columns += [pl.Series(name, sums.counts[:, n + 2] / scale, pl.Float64) for n, name in enumerate(PARTS)]
    columns += [pl.Series(name, numbers[:, n], pl.Float64) for n, name in enumerate(MOMENTS)]
    counts = [pl.Series(name, sums.counts[:, n], pl.Int64) for n, name in ((1, "lines"), (0, "customers"))]
    return pl.DataFrame([*columns, *counts])
