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
from operator import add, or_
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.dataset import MONEY_SCALE, Dataset
from analytics.filters import Filters, between
from analytics.lines.axes import inside, labels, level_of, member_axis, size_of
from analytics.lines.by_customer import MOMENTS, PARTS, Sums, WorthRows, added, by_key
from analytics.lines.engine import Partition, Reduction
from analytics.lines.shape import shape
from analytics.periods import Period
from analytics.runs import run_starts

Array = NDArray[Any]
Keys = tuple[str, ...]

FINE: Final = 10_000
"""Parts of a ten-thousandth that a line's worth is rounded to where a rate is taken off it: without them a rate that
never changes would seem to, by what is rounded off."""


@dataclass(frozen=True)
class Worth:
    """What each line counts for: the sum of some of ADDITIVE less that of others, less a rate times that of `per`.

    The rates are a ratio's values in the period and in the base, so that the worth of all lines is 0 in each.
    """

    plus: tuple[str, ...]
    less: tuple[str, ...] = ()
    per: tuple[str, ...] = ()
    rates: tuple[float, float] = (0.0, 0.0)
    """In the period, in the base."""


@dataclass(frozen=True, eq=False)
class Squares:
    """Sums of squares over customers, in squared units of the worth (currency units or counts)."""

    by: dict[Keys, pl.DataFrame]
    """Keys -> one row per combination that is sold in the period or its base, in the order of the members, null last:
    the keys (Enum), PARTS and MOMENTS (Float64), lines (Int64, of both) and customers (Int64, who bought of it in
    either; an order without a customer is one)."""
    whole: tuple[float, float, float]
    """Of all lines together: now x now, now x base, base x base."""
    total: tuple[float, ...]
    """PARTS of all lines."""


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
    from analytics.lines import wide
    from analytics.lines.batch import positions, taken

    data, columns = partition.data, _read(partition, ask)
    at = positions(_inside(columns["day"], ask.filters.period) | _inside(columns["day"], ask.filters.base))
    if not at.size:
        return {}
    # An order has one customer, so a customer begins where one of the orders does.
    first = run_starts(taken(columns["order"], at))
    orders = at[first]
    first_order = run_starts(taken(columns["customer" if partition.cut.known else "order"], orders))
    by = np.flatnonzero(first_order)
    lines = _lines(columns, ask, at, np.append(np.flatnonzero(first)[by], at.size))
    by_order = lines.summed(first, np.append(by, orders.size))
    people = by_order.summed(first_order, np.arange(by.size + 1))
    most = np.empty(by.size)
    wide.largest(lines.edges, lines.now, lines.base, people.all_now, people.all_base, most)
    whole = replace(people, now=people.all_now, base=people.all_base)
    out: Partial = {(): by_key(whole, people, most, np.zeros(by.size, np.uint32), 1)}
    levels = ((people, orders[by]), (by_order, orders), (lines, at))
    codes: dict[tuple[int, str], Array] = {}
    for keys in ask.keys:
        axes = [member_axis(data, name) for name in keys]
        level = level_of(axes)
        rows, at_level = levels[level]
        for one in axes:
            if (level, one.name) not in codes:
                codes[level, one.name] = _codes(data, columns, one.name, at_level)
        code = codes[level, axes[0].name]
        for one in axes[1:]:
            code = code.astype(np.int64) * one.size + codes[level, one.name]
        out[keys] = by_key(rows, people, most, code, size_of(axes))
    return out


def _codes(data: Dataset, columns: dict[str, Array], name: str, at: Array) -> Array:
    """The code of each line, or of those lines at which a customer or an order begins."""
    from analytics.lines.batch import taken

    if name in data.segments:
        return taken(shape(data).attributes[name], taken(columns["customer"], at))
    return taken(columns[name], at)


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
    by = _frames(data, {keys: partial.get(keys, nothing) for keys in ask.keys}, own * own, scale)
    whole = partial.get((), nothing)
    now_now, now_base, base_base, *_ = (wide.as_floats(whole.high, whole.low) / own**2).sum(axis=0).tolist()
    total = whole.counts[:, 2:].sum(axis=0) / scale
    return Squares(by, (now_now, now_base, base_base), tuple(total.tolist()))


SQUARES = Reduction(work, merge, finish)


def _scale(data: Dataset, worth: Worth) -> int:
    """How many of the lines' whole numbers make one of the worth's unit."""
    if {"revenue", "cost", "discount"} & set(worth.plus):
        return MONEY_SCALE
    return data.unit_scale if "units" in worth.plus else 1


def _read(partition: Partition, ask: Ask) -> dict[str, Array]:
    """The lines of the view, those of both periods at the least."""
    periods = [between(period) for period in (ask.filters.period, ask.filters.base) if period]
    measures = {_COLUMN.get(name, name) for name in (*ask.worth.plus, *ask.worth.less, *ask.worth.per)} - {"lines"}
    keys = {name for keys in ask.keys for name in keys} - set(partition.data.segments)
    # Of lines that are held and all kept, the columns are read where they are.
    whole = partition.data.held and not ask.filters.where
    return partition.read(
        sorted({"customer", "order", "day", *measures, *keys}),
        ask.filters.where,
        None if whole else reduce(or_, periods),
    )


_COLUMN: Final = {"units": "quantity"}
"""Measure -> its column of the lines, where that has another name."""


def _sum(columns: dict[str, Array], names: tuple[str, ...], at: Array) -> Array:
    """The sum of some measures of each line."""
    from analytics.lines.batch import taken

    if names == ("lines",):
        return np.ones(at.size, np.int64)
    each = [taken(columns[_COLUMN.get(name, name)], at, np.int64) for name in names]
    return reduce(add, each) if each else np.zeros(at.size, np.int64)


def _inside(day: Array, period: Period | None) -> Array:
    return inside(day, period) if period else np.zeros(day.size, np.bool_)


def _lines(columns: dict[str, Array], ask: Ask, at: Array, edges: Array) -> WorthRows:
    from analytics.lines.batch import taken

    worth, day = ask.worth, taken(columns["day"], at, np.int32)
    inside = [_inside(day, period) for period in (ask.filters.period, ask.filters.base)]
    value = _sum(columns, worth.plus, at)
    value = value - _sum(columns, worth.less, at) if worth.less else value
    count = inside[0].astype(np.int64) + inside[1]
    if not worth.per:
        now, base = (value * mask for mask in inside)
        return WorthRows(edges, count, now, base, now, base, ())
    weight = _sum(columns, worth.per, at)
    now, base = (
        (value * FINE - np.rint(rate * FINE * weight).astype(np.int64)) * mask
        for rate, mask in zip(worth.rates, inside, strict=True)
    )
    parts, every = ([values * mask for mask in inside] for values in (value, weight))
    return WorthRows(edges, count, now, base, now, base, (*parts, *every))


def _frames(data: Dataset, sums: dict[Keys, Sums], square: float, scale: float) -> dict[Keys, pl.DataFrame]:
    """The sums as frames, slices of one: making a column costs more than the few rows that a dimension has."""
    from analytics.lines import wide

    if not sums:
        return {}
    high, low, counts = (np.concatenate([getattr(one, name) for one in sums.values()]) for name in FIELDS)
    numbers = wide.as_floats(high, low) / square
    columns = [pl.Series(name, counts[:, n + 2] / scale, pl.Float64) for n, name in enumerate(PARTS)]
    columns += [pl.Series(name, numbers[:, n], pl.Float64) for n, name in enumerate(MOMENTS)]
    columns += [pl.Series(name, counts[:, n], pl.Int64) for n, name in ((1, "lines"), (0, "customers"))]
    table, start, out = pl.DataFrame(columns), 0, {}
    for keys, one in sums.items():
        names = labels(data, tuple(member_axis(data, name) for name in keys), one.codes, 0)
        out[keys] = pl.DataFrame(names).hstack(table[start : start + one.codes.size])
        start += one.codes.size
    return out


FIELDS: Final = ("high", "low", "counts")
"""Fields of `Sums` that are made numbers of."""
