"""Counting distinct things on sorted lines: a linear pass instead of a hash set.

All functions take whole columns and return marks or keys; each is exact for the reason that it states.
"""

from __future__ import annotations

from itertools import pairwise
from math import prod
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

SORTED_TOGETHER: Final = 4096
"""Keys that are sorted in one go: few enough for the processor's nearest cache."""


def run_starts(column: Array, within: Array | None = None) -> Array:
    """Marks of the first row, of those where a column differs from the row before, and of those that `within` marks.

    Where equal keys lie together, each key is one run, so the marks count the keys. Rows that a filter dropped leave
    the others in their order, so this holds for any part of the lines too.
    """
    marks = np.empty(column.size, np.bool_)
    marks[:1] = True
    np.not_equal(column[1:], column[:-1], out=marks[1:])
    if within is not None:
        marks |= within
    return marks


def counted(keys: Array, shape: tuple[int, ...]) -> Array:
    """How often each key occurs, as a table of a shape."""
    return np.bincount(keys, minlength=prod(shape)).reshape(shape)


def distinct_pairs(group: Array, code: Array, size: int) -> tuple[Array, Array]:
    """Each (group, code) once, in any order, given the run starts of such pairs, groups lying together in order.

    Two neighbouring runs of one group differ in code, so only a group of three or more runs can meet a code again; only
    those are sorted. Codes are below `size`.
    """
    third = group[2:] == group[:-2]
    if not third.any():
        return group, code
    again = np.zeros(group.size, np.bool_)
    for shift in range(3):
        again[shift : group.size - 2 + shift] |= third
    keys = group[again].astype(np.int64) * size + code[again]
    keys.sort()
    keys = keys[run_starts(keys)]
    once = ~again
    return np.concatenate([group[once], keys // size]), np.concatenate([code[once], keys % size])


def sums_of_runs(values: Array, starts: Array) -> Array:
    """The sum of each run of whole numbers: differences of the running sum at the ends, exact even where that wraps."""
    ends = np.empty_like(starts)
    ends[:-1] = starts[1:] - 1
    ends[-1:] = values.size - 1
    return differences(np.cumsum(values)[ends])


def differences(values: Array) -> Array:
    """Each value less the one before; the first as it is."""
    out = values.copy()
    out[1:] -= values[:-1]
    return out


def sort_within(keys: Array, starts: Array) -> Array:
    """Sort, in place, whole numbers whose high digits are their group's rank; `starts` are the groups' first rows.

    Groups are in order already, so no number of one belongs before a number of an earlier one, and sorting a few whole
    groups at a time sorts all.
    """
    wanted = np.arange(0, keys.size, SORTED_TOGETHER)
    edges = np.unique(starts[np.searchsorted(starts, wanted, side="right") - 1]).tolist()
    for start, stop in pairwise([*edges, keys.size]):
        keys[start:stop].sort()
    return keys


class Pairs:
    """The distinct (customer, code) pairs of some lines, in order, each with its customer's mark (0 to 3).

    Customer, code and mark make one number per line; after sorting, a pair is where the number differs from the one
    before. A customer has one mark, so the mark tells no pairs apart.
    """

    def __init__(self, starts: Array, marks: Array, codes: Array, size: int) -> None:
        self.shift = int(size - 1).bit_length() + 2
        width = np.uint32 if self.shift + int(starts.size).bit_length() <= 32 else np.uint64
        ranks: Array = np.arange(starts.size, dtype=width)
        ranks <<= width(self.shift)
        ranks |= marks
        keys = np.repeat(ranks, np.diff(starts, append=codes.size))
        keys |= np.left_shift(codes.astype(width), width(2))
        keys = sort_within(keys, starts)
        self.keys = keys[run_starts(keys)]

    @property
    def customer(self) -> Array:
        """Rank of each pair's customer."""
        high: NDArray[Any] = self.keys >> self.keys.dtype.type(self.shift)
        return high

    @property
    def low(self) -> Array:
        """Code x 4 + mark of each pair."""
        low: NDArray[Any] = self.keys & self.keys.dtype.type((1 << self.shift) - 1)
        return low
