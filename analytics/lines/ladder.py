"""`Ladder`: distinct orders or customers at all levels of a hierarchy from one histogram."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analytics.lines.axes import Axis
from analytics.lines.distinct import run_starts
from analytics.lines.shape import Shape

Array = NDArray[Any]


class Ladder:
    """Levels of one hierarchy, finest first, and which code of a wider level each finest code lies in.

    Rows come by group (an order, a customer) and in it by the finest code, whose order is that of the hierarchy. So a
    group's rows of one code lie together at every level, and where a level's code changes its finer ones change too:
    the number of levels that change at a row, its depth, tells at which levels the row is the first of its group.
    """

    def __init__(self, axes: tuple[Axis, ...], shape: Shape) -> None:
        self.axes, self.size = axes, axes[0].size
        self.parents = [shape.parents(axes[0].name, one.name, self.size) for one in axes[1:]]
        widths = [int(one.size - 1).bit_length() for one in axes[1:]]
        self._shifts = [sum(widths[:n]) for n in range(len(widths))]
        packed: Array = np.zeros(self.size, np.uint32 if sum(widths) <= 32 else np.uint64)
        for codes, shift in zip(self.parents, self._shifts, strict=True):
            packed |= codes.astype(packed.dtype) << packed.dtype.type(shift)
        self._packed = packed

    @property
    def depths(self) -> int:
        """Number of different depths."""
        return len(self.axes) + 1

    def of_lines(self, columns: dict[str, Array], within: Array) -> Array:
        """Depth x size + finest code of each line, given the lines' codes on each level and the groups' starts."""
        codes = [columns[one.name] for one in self.axes]
        return self._keys(_depth(codes, within), self.size, codes[0])

    def of_pairs(self, low: Array, starts: Array) -> Array:
        """Depth x size x 4 + finest code x 4 + mark of each distinct (group, finest code), given the last two parts."""
        wider = self._packed[low >> 2]
        depth = _depth((wider >> wider.dtype.type(shift) for shift in self._shifts), starts)
        depth += 1  # the finest code is another at each distinct pair
        return self._keys(depth, self.size * 4, low)

    def at_level(self, counts: Array, one: Axis) -> Array:
        """Counts by depth and finest code, in the first two dimensions, as counts by the code of one level."""
        level = self.axes.index(one)
        first = counts[level + 1 :].sum(axis=0)
        if level == 0:
            return np.asarray(first)
        out = np.zeros((one.size, *first.shape[1:]), np.int64)
        np.add.at(out, self.parents[level - 1], first)
        return out

    @staticmethod
    def _keys(depth: Array, size: int, low: Array) -> Array:
        keys = np.multiply(depth, size, dtype=np.intp)
        keys += low
        return keys


def _depth(codes: Iterable[Array], within: Array) -> Array:
    depth = np.zeros(within.size, np.uint8)
    for column in codes:
        depth += run_starts(column, within)
    return depth
