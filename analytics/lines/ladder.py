"""`Ladder`: distinct orders and customers at all levels of a hierarchy at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analytics.lines.axes import Axis
from analytics.lines.distinct import Pairs, counted, run_starts
from analytics.lines.presence import Presence, together
from analytics.lines.shape import Shape

Array = NDArray[Any]


class Ladder:
    """Levels of one hierarchy, finest first, and which code of a wider level each finest code lies in."""

    def __init__(self, axes: tuple[Axis, ...], shape: Shape) -> None:
        self.axes, self.size = axes, axes[0].size
        self.parents = [shape.parents(axes[0].name, one.name, self.size) for one in axes[1:]]
        widths = [int(one.size - 1).bit_length() for one in axes[1:]]
        self._shifts = [sum(widths[:n]) for n in range(len(widths))]
        self._wider = self._packed(np.uint32 if sum(widths) <= 32 else np.uint64)
        self._presence = Presence(axes) if len(together(axes)) == len(axes) else None
        self._bits = self._bits_of(self._presence) if self._presence else None

    def _packed(self, kind: type[np.unsignedinteger[Any]]) -> Array:
        """The codes of all wider levels as one number, by finest code."""
        packed: Array = np.zeros(self.size, kind)
        for codes, shift in zip(self.parents, self._shifts, strict=True):
            packed |= codes.astype(kind) << kind(shift)
        return packed

    def _bits_of(self, presence: Presence) -> Array:
        """The bits of the members of all levels, by finest code."""
        bits = presence.bits(self.axes[0])
        for one, parents in zip(self.axes[1:], self.parents, strict=True):
            bits |= presence.bits(one, parents)
        return bits

    def orders(self, columns: dict[str, Array], starts: Array) -> list[Array]:
        """Distinct orders by code, for each level, given the lines' codes on it and the marks of the orders' starts.

        An order's lines come by the finest code, whose order is that of the hierarchy. So those of one code lie
        together at every level, and where a level's code changes its finer ones change too: the number of levels that
        change at a line, its depth, tells at which levels the line is the first of its order.
        """
        codes = [columns[one.name] for one in self.axes]
        return self._by_level(counted(_keys(_depth(codes, starts), self.size, codes[0]), (self._depths, self.size)))

    def customers(self, codes: Array, starts: Array, marks: Array) -> list[Array]:
        """Distinct customers by code and mark (0 to 3), for each level, given the finest codes of the lines, the
        customers' first lines and their marks."""
        if self._presence and self._bits is not None:
            return self._presence.customers(np.bitwise_or.reduceat(self._bits[codes], starts), marks)
        pairs = Pairs(starts, marks, codes, self.size)
        # The pairs come by customer and code: depths tell first ones as they do in an order.
        wider = self._wider[pairs.low >> 2]
        depth = _depth((wider >> wider.dtype.type(shift) for shift in self._shifts), run_starts(pairs.customer))
        depth += 1  # the finest code is another at each pair
        return self._by_level(counted(_keys(depth, self.size * 4, pairs.low), (self._depths, self.size, 4)))

    @property
    def _depths(self) -> int:
        return len(self.axes) + 1

    def _by_level(self, counts: Array) -> list[Array]:
        """Counts by depth and finest code, in the first two dimensions, as counts by code of each level."""
        first = [counts[level + 1 :].sum(axis=0) for level in range(len(self.axes))]
        for level, codes in enumerate(self.parents, 1):
            wide = np.zeros((self.axes[level].size, *first[level].shape[1:]), np.int64)
            np.add.at(wide, codes, first[level])
            first[level] = wide
        return first


def _depth(codes: Iterable[Array], within: Array) -> Array:
    depth = np.zeros(within.size, np.uint8)
    for column in codes:
        depth += run_starts(column, within)
    return depth


def _keys(depth: Array, size: int, low: Array) -> Array:
    keys = np.multiply(depth, size, dtype=np.intp)
    keys += low
    return keys
