"""Counting distinct things on sorted lines: a linear pass instead of a hash set.

All functions take whole columns and return positions or marks; each is exact for the reason that it states.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

SORTED_TOGETHER: Final = 4096
"""Lines whose keys are sorted in one go: few enough for the processor's nearest cache."""


def run_starts(*columns: Array) -> Array:
    """Marks of the rows where any column differs from the row before; the first row is marked.

    Where equal keys lie together, each key is one run, so the marks count the keys. Rows that a filter dropped leave
    the others in their order, so this holds for any part of the lines too.
    """
    marks = np.empty(columns[0].size, np.bool_)
    marks[:1] = True
    np.not_equal(columns[0][1:], columns[0][:-1], out=marks[1:])
    for column in columns[1:]:
        marks[1:] |= column[1:] != column[:-1]
    return marks


def first_of_pairs(group: Array, code: Array) -> Array:
    """Marks of the first row of each (group, code), given the run starts of such pairs, groups lying together.

    Two neighbouring runs of one group differ in code, so only a group of three or more runs can meet a code again; only
    those rows are sorted.
    """
    marks = np.ones(group.size, np.bool_)
    again = np.zeros(group.size, np.bool_)
    third = group[2:] == group[:-2]
    for shift in range(3):
        again[shift : group.size - 2 + shift] |= third
    rows = np.flatnonzero(again)
    if rows.size:
        order = np.lexsort((code[rows], group[rows]))  # stable: the first row of a pair stays first
        groups, codes = group[rows][order], code[rows][order]
        marks[rows[order[1:]][(groups[1:] == groups[:-1]) & (codes[1:] == codes[:-1])]] = False
    return marks


def distinct_pairs(starts: Array, codes: Array, size: int) -> tuple[Array, Array]:
    """The distinct (group, code) pairs, sorted; `starts` are the rows at which the groups begin, codes are below `size`.

    Group and code make one number, and numbers are sorted a few whole groups at a time: as groups are in order already,
    that sorts them all, and a pair is where the number differs from the one before.
    """
    shift = max(int(size - 1).bit_length(), 1)
    width = np.uint32 if shift + int(starts.size).bit_length() <= 32 else np.uint64
    counts = np.diff(starts, append=codes.size)
    keys = np.repeat(np.arange(starts.size, dtype=width) << width(shift), counts)
    keys |= codes.astype(width, copy=False)
    edges = _edges(starts, codes.size)
    for start, stop in pairwise(edges):
        keys[start:stop].sort()
    keys = keys[run_starts(keys)]
    return keys >> width(shift), keys & width((1 << shift) - 1)


def _edges(starts: Array, rows: int) -> Sequence[int]:
    """Group starts about SORTED_TOGETHER rows apart, and the end."""
    wanted = np.arange(0, rows, SORTED_TOGETHER)
    at = np.unique(np.searchsorted(starts, wanted, side="right") - 1)
    return [*starts[at].tolist(), rows]
