"""What is known of a dataset before its lines are read: where to cut them, and which member lies in which."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final
from weakref import WeakKeyDictionary

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.dataset import NO_CUSTOMER, Dataset
from analytics.dimensions import levels

Array = NDArray[Any]

SLICE_ROWS: Final = 1 << 18
"""Lines looked at in one go, at least: enough that starting a query costs little, and few enough that what is decoded
of a scanned dataset and dropped takes little memory."""

SLICE_ROWS_HELD: Final = 1 << 20
"""Lines of a held dataset looked at in one go, at most: where a filter keeps few of them, fewer queries are started."""

SHARES: Final = 8
"""Slices that a held dataset is cut into where they are not too small, so that the workers end at about one time."""

NEVER: Final = np.int32(2**31 - 1)
"""Stands for a missing day: later than any day."""


@dataclass(frozen=True)
class Cut:
    """A slice of the lines."""

    start: int
    rows: int
    known: bool
    """Whether its lines have customers: all of them do or none."""


@dataclass(frozen=True, eq=False)
class Shape:
    """Facts about one dataset's lines, found once."""

    cuts: tuple[Cut, ...]
    inside: dict[str, dict[str, Array]]
    """Narrowest level of a hierarchy -> each of its levels -> code of that level by code of the narrowest, -1 for a
    member that no line has."""
    first_on: Array
    second_on: Array
    """Days (int32, days since 1970) of the first and second order ever by customer code, NEVER where there is none."""

    attributes: dict[str, Array]
    """Customer attribute -> its code by customer code."""

    returns: dict[str, Array]
    """Days, codes, units and money of all returns as whole numbers, -1 for what is not given; where no customer is, an
    attribute has its last code."""

    whole: dict[str, bool] = field(default_factory=dict)
    """Dimension -> whether all lines of an order share its member, of those asked for."""

    def parents(self, fine: str, wide: str, size: int) -> Array:
        """The code of `wide` by each of the `size` codes of `fine`, both of one hierarchy; 0 where no line tells."""
        of = next(of for of in self.inside.values() if fine in of and wide in of)
        out = np.zeros(size, np.intp)
        told = (of[fine] >= 0) & (of[wide] >= 0)
        out[of[fine][told]] = of[wide][told]
        return out


_SHAPES: WeakKeyDictionary[Dataset, Shape] = WeakKeyDictionary()


def shape(data: Dataset) -> Shape:
    """The shape of a dataset, found at its first use and kept as long as the dataset is."""
    found = _SHAPES.get(data)
    if found is None:
        slices = cuts(data.lines, SLICE_ROWS, SLICE_ROWS_HELD if data.held else SLICE_ROWS)
        days = _days_of_orders(data.customers)
        found = _SHAPES[data] = Shape(slices, _inside(data), *days, _attributes(data), _returns(data))
    return found


def one_in_orders(data: Dataset, dimension: str) -> bool:
    """Whether all lines of each order share their member of a dimension, looked up once."""
    known = shape(data)
    if dimension not in known.whole:
        known.whole[dimension] = all(_one_in_orders(data.lines, cut, dimension) for cut in known.cuts)
    return known.whole[dimension]


def _one_in_orders(lines: pl.LazyFrame, cut: Cut, dimension: str) -> bool:
    frame = lines.slice(cut.start, cut.rows).select("order", pl.col(dimension).to_physical()).collect()
    order, code = frame["order"].to_numpy(), frame[dimension].to_numpy()
    return not ((order[1:] == order[:-1]) & (code[1:] != code[:-1])).any()


def cuts(lines: pl.LazyFrame, least: int, most: int) -> tuple[Cut, ...]:
    """Slices that split no customer and no order, lines without a customer apart from others.

    A slice has about an eighth of the lines, but `least` to `most` of them.

    So the customers and orders of two slices are different ones, and every measure of the whole, distinct counts
    too, is the sum of the slices'. Lines without a customer come first because their code is the lowest.
    """
    size = lines.select(pl.len()).collect().item()
    nobody = lines.select((pl.col("customer") == NO_CUSTOMER).sum()).collect().item()
    target = min(max(size // SHARES, least), most)
    out, start = [], 0
    while start < size:
        column, end = ("order", nobody) if start < nobody else ("customer", size)
        stop = end if start + target >= end else _next_change(lines, column, start + target, end)
        out.append(Cut(start, stop - start, start >= nobody))
        start = stop
    return tuple(out)


def _next_change(lines: pl.LazyFrame, column: str, start: int, end: int) -> int:
    """The first row from `start` on whose value differs from the row before, or `end`."""
    window = 4096
    while start < end:
        values = lines.slice(start - 1, min(window, end - start) + 1).select(column).collect()[column].to_numpy()
        changed = np.flatnonzero(values[1:] != values[:-1])
        if changed.size:
            return start + int(changed[0])
        start, window = start + values.size - 1, window * 4
    return end


def _inside(data: Dataset) -> dict[str, dict[str, Array]]:
    out = {}
    for hierarchy in ("geography", "product"):
        names = levels(data, hierarchy)
        if not names:
            continue
        *wider, narrowest = names
        size = len(data.members[narrowest])
        found: dict[str, Array] = {}
        if hierarchy == "product" and all(isinstance(data.products.schema.get(name), pl.Enum) for name in wider):
            found = {name: data.products[name].to_physical().to_numpy().astype(np.intp) for name in wider}
        elif wider:
            table = data.lines.group_by(narrowest).agg(pl.col(name).first() for name in wider).collect()
            at = table[narrowest].to_physical().to_numpy()
            found = {name: np.full(size, -1, np.intp) for name in wider}
            for name in wider:
                found[name][at] = table[name].to_physical().to_numpy()
        out[narrowest] = found | {narrowest: np.arange(size)}
    return out


def _days_of_orders(customers: pl.DataFrame) -> tuple[Array, Array]:
    first, second = (
        customers[name].to_physical().fill_null(int(NEVER)).to_numpy() for name in ("first_on", "second_on")
    )
    return first, second


def _attributes(data: Dataset) -> dict[str, Array]:
    out = {}
    for name in data.segments:
        size = len(data.members[name])
        codes = data.customers[name].to_physical().fill_null(0).to_numpy().astype(np.min_scalar_type(size))
        codes[NO_CUSTOMER] = size  # one code more, for lines without a customer
        out[name] = codes
    return out


def _returns(data: Dataset) -> dict[str, Array]:
    returns = data.returns
    if returns is None:
        return {}
    out = {}
    for name in ("day", "quantity", "amount", *(name for name in data.members if name in returns.columns)):
        column = returns[name].to_physical()
        # Without gaps the frame's own memory is looked at.
        out[name] = (column.cast(pl.Int64).fill_null(-1) if column.null_count() else column).to_numpy()
        if name in data.segments and "customer" in returns.columns:
            size, nobody = len(data.members[name]), (returns["customer"] == NO_CUSTOMER).to_numpy()
            out[name] = np.where(nobody, np.min_scalar_type(-size - 1).type(size), out[name])
    return out
