"""Counting distinct things on sorted lines: a linear pass instead of a hash set.

All functions take whole columns and return marks or keys; each is exact for the reason that it states.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

SORTED_TOGETHER: Final = 4096
"""Keys that are sorted in one go: few enough for the processor's nearest cache."""


def run_starts(column: Array, within: Array | None = None) -> Array:
    """Marks of the rows where a column differs from the row before; the first row is marked, and so are those of `within`.

    Where equal keys lie together, each key is one run, so the marks count the keys. Rows that a filter dropped leave
    the others in their order, so this holds for any part of the lines too.
    """
    marks = np.empty(column.size, np.bool_)
    marks[:1] = True
    np.not_equal(column[1:], column[:-1], out=marks[1:])
    if within is not None:
        marks |= within
    return marks


def first_of_pairs(group: Array, code: Array) -> Array:
    """Marks of the first row of each (group, code), given the run starts of such pairs, groups lying together.

    Two neighbouring runs of one group differ in code, so only a group of three or more runs can meet a code again; only
    those rows are sorted.
    """
    marks = np.ones(group.size, np.bool_)
    third = group[2:] == group[:-2]
    if not third.any():
        return marks
    again = np.zeros(group.size, np.bool_)
    for shift in range(3):
        again[shift : group.size - 2 + shift] |= third
    rows = np.flatnonzero(again)
    order = np.lexsort((code[rows], group[rows]))  # stable: the first row of a pair stays first
    groups, codes = group[rows][order], code[rows][order]
    marks[rows[order[1:]][(groups[1:] == groups[:-1]) & (codes[1:] == codes[:-1])]] = False
    return marks


def sort_within(keys: Array, starts: Array) -> Array:
    """Sort whole numbers whose high digits are a group's rank and in order already; `starts` are the groups' first rows.

    A few whole groups are sorted at a time, and as no number of a group comes before one of an earlier group, that sorts
    all of them. Sorts in place.
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
        ranks = np.arange(starts.size, dtype=width)
        ranks <<= width(self.shift)
        ranks |= marks
        keys = np.repeat(ranks, np.diff(starts, append=codes.size))
        keys |= codes.astype(width) << width(2)
        keys = sort_within(keys, starts)
        self.keys = keys[run_starts(keys)]

    @property
    def customer(self) -> Array:
        """Rank of each pair's customer."""
        return self.keys >> self.keys.dtype.type(self.shift)

    @property
    def low(self) -> Array:
        """Code x 4 + mark of each pair."""
        return self.keys & self.keys.dtype.type((1 << self.shift) - 1)
