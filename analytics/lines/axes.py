"""Axes: the columns of a request as whole-number codes, and groupings of them into one key."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.dataset import GEOGRAPHY, PRODUCT_LEVELS, Dataset
from analytics.dimensions import DIMENSIONS
from analytics.lines.requests import BUCKET, BUYER, BUYERS, CUSTOMER, DAY, WEEKDAY, Totals
from analytics.lines.shape import Shape, one_in_orders
from analytics.periods import Period

Array = NDArray[Any]


CUSTOMERS, ORDERS, LINES, LISTED = range(4)
"""What is looked at to count by an axis: customers, orders, lines, or the customers one by one."""


def day_number(day: Any) -> int:
    """Days since 1970, as in the physical column of a Date."""
    return int(np.datetime64(day, "D").astype(np.int64))


class Clock:
    """One period: the bucket and weekday of each of its days, as codes by day since its start."""

    def __init__(self, period: Period, days: pl.DataFrame, buckets: int) -> None:
        self.period = period
        self.start, self.end = day_number(period.start), day_number(period.end)
        self.buckets = buckets
        number = np.arange(self.start, self.end + 1, dtype=np.int32)
        self.bucket = days["bucket"].to_numpy().astype(np.uint32)
        self.weekday = ((number + 3) % 7).astype(np.uint32)  # 1 January 1970 was a Thursday
        self.bucket_end = np.full(buckets, self.start - 1, np.int32)
        np.maximum.at(self.bucket_end, self.bucket, number)
        self.one_bucket, self.one_end = np.zeros(number.size, np.uint32), np.array([self.end], np.int32)

    @property
    def days(self) -> int:
        """Number of days."""
        return self.end - self.start + 1

    def codes(self, name: str) -> Array:
        """The code on an axis of time by day since the start."""
        return {DAY: np.arange(self.days, dtype=np.uint32), BUCKET: self.bucket, WEEKDAY: self.weekday}[name]


@dataclass(frozen=True)
class Axis:
    """One column of a request."""

    name: str
    size: int
    family: str
    """Axes of one family can be told from the finest of them."""
    fineness: int
    level: int
    """CUSTOMERS where all lines of a customer share it, ORDERS where those of an order do, else LINES."""


def axis(name: str, data: Dataset, clock: Clock) -> Axis:
    """The axis for a column of a request. KeyError where the dataset lacks the dimension."""
    if name == CUSTOMER:
        return Axis(CUSTOMER, 0, CUSTOMER, 0, LISTED)
    if name == DAY:
        return _day(clock)
    if name == BUCKET:
        return Axis(BUCKET, clock.buckets, "time", 1, ORDERS)
    if name == WEEKDAY:
        return Axis(WEEKDAY, 7, "time", 1, ORDERS)
    if name == BUYER:
        return Axis(BUYER, len(BUYERS), BUYER, 0, ORDERS)
    return member_axis(data, name)


def member_axis(data: Dataset, name: str) -> Axis:
    """The axis for a dimension. KeyError where the dataset lacks it."""
    size = len(data.members[name])
    if name in data.segments:
        return Axis(name, size + 1, name, 0, CUSTOMERS)  # the last code is for lines without a customer
    known = DIMENSIONS.get(name)
    if known is not None and known.hierarchy:
        level = ORDERS if known.hierarchy == "geography" else LINES
        return Axis(name, size, known.hierarchy, (*GEOGRAPHY, *PRODUCT_LEVELS).index(name), level)
    return Axis(name, size, name, 0, ORDERS if one_in_orders(data, name) else LINES)


def _day(clock: Clock) -> Axis:
    return Axis(DAY, clock.days, "time", 2, ORDERS)


def level_of(axes: Iterable[Axis]) -> int:
    """What is looked at to count by several axes."""
    return max((one.level for one in axes), default=CUSTOMERS)


def finest(axes: Iterable[Axis], clock: Clock) -> dict[str, Axis]:
    """Family -> the axis from which all the others of the family can be told; weekdays can only be told from days."""
    out: dict[str, Axis] = {}
    for one in axes:
        one = _day(clock) if one.name == WEEKDAY else one
        known = out.get(one.family)
        if known is None or one.fineness > known.fineness:
            out[one.family] = one
    return out


def derive(fine: Axis, wide: Axis, shape: Shape, clock: Clock) -> Array | None:
    """The code of `wide` by code of `fine`; None where they are the same axis."""
    if fine == wide:
        return None
    if fine.name == DAY:
        return clock.codes(wide.name)
    return shape.parents(fine.name, wide.name, fine.size)


@dataclass(frozen=True)
class Grouping:
    """Several axes as one key: key = (code of the first x size of the second + code of the second) x ..."""

    axes: tuple[Axis, ...]

    @property
    def size(self) -> int:
        """Number of keys."""
        return prod(one.size for one in self.axes)

    def rolled_up(self, table: Array, wanted: tuple[Axis, ...], shape: Shape, clock: Clock) -> Array:
        """Sums by this key (last dimension of `table`) summed up to the key of `wanted`, whose axes these tell."""
        cells = table.reshape(*table.shape[:-1], *(one.size for one in self.axes))
        lead = table.ndim - 1
        spare = tuple(
            lead + n for n, one in enumerate(self.axes) if one.family not in {other.family for other in wanted}
        )
        cells = cells.sum(axis=spare)
        left = [one for one in self.axes if one.family in {other.family for other in wanted}]
        key = np.zeros([one.size for one in left], np.intp)
        for one in wanted:
            n = next(n for n, other in enumerate(left) if other.family == one.family)
            codes = derive(left[n], one, shape, clock)
            along = np.arange(left[n].size) if codes is None else codes
            key = key * one.size + along.reshape([-1 if m == n else 1 for m in range(len(left))])
        out = np.zeros((*table.shape[:-1], prod(one.size for one in wanted)), np.int64)
        flat = key.ravel()
        for index in np.ndindex(*table.shape[:-1]):
            np.add.at(out[index], flat, np.ascontiguousarray(cells[index]).ravel())
        return out


def groupings(requests: Iterable[tuple[Axis, ...]], by_family: dict[str, Axis], most: int) -> list[Grouping]:
    """Few keys that tell all the requests, each of the finest axes of its families and of at most `most` values.

    A request whose own key is larger has it for itself.
    """

    def size_of(families: frozenset[str]) -> int:
        return prod(by_family[name].size for name in families)

    wanted = {frozenset(one.family for one in request) for request in requests}
    found: list[frozenset[str]] = []
    for families in sorted(wanted, key=lambda families: (-size_of(families), sorted(families))):
        size, n = min(((size_of(families | other), n) for n, other in enumerate(found)), default=(most + 1, 0))
        if size <= most or (found and families <= found[n]):
            found[n] |= families
        else:
            found.append(families)
    return [Grouping(tuple(by_family[name] for name in sorted(families))) for families in found]


def axes_of(request: Totals, data: Dataset, clock: Clock) -> tuple[Axis, ...]:
    """The axes of a request, in its order; customers are listed with the place of their last order."""
    place = (data.place,) if request.by == (CUSTOMER,) and data.place else ()
    return tuple(axis(name, data, clock) for name in (*request.by, *place))


def size_of(axes: Iterable[Axis]) -> int:
    """Number of keys of a request."""
    return prod(one.size for one in axes)


def inside(day: Array, period: Period) -> Array:
    """Which days (days since 1970) lie in a period."""
    return np.asarray((day >= day_number(period.start)) & (day <= day_number(period.end)))


def labels(data: Dataset, axes: tuple[Axis, ...], keys: Array, start: int) -> list[pl.Series]:
    """What keys of several axes stand for, a column for each axis; days begin at `start`."""
    codes = np.unravel_index(keys, [one.size for one in axes]) if axes else ()
    return [label(data, one, code, start) for one, code in zip(axes, codes, strict=True)]


def label(data: Dataset, one: Axis, code: Array, start: int) -> pl.Series:
    """What codes on an axis stand for: days, members, or the number of a bucket or weekday."""
    if one.name in (BUCKET, WEEKDAY):
        return pl.Series(one.name, code, pl.Int32)
    if one.name == DAY:
        return pl.Series(DAY, code + start, pl.Int32).cast(pl.Date)
    if one.name == BUYER:
        return pl.Series(BUYER, code, pl.UInt8).cat.to(pl.Enum(BUYERS))
    return enumerated(data, one.name, code)


def enumerated(data: Dataset, dimension: str, codes: Array) -> pl.Series:
    """Members of a dimension by their codes, null for the code after the last one: lines without a customer."""
    dtype = data.schema[dimension]
    if dimension in data.segments:
        return pl.Series(dimension, [*data.members[dimension], None], dtype)[codes]
    width = pl.Series([], dtype=dtype).to_physical().dtype
    return pl.Series(dimension, codes, width).cat.to(dtype)
