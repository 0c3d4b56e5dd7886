"""Runs of equal values in a column whose equal values lie together: where each begins, and sums over each."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def run_starts(column: Array) -> NDArray[np.bool_]:
    """Marks of the rows where a column differs from the row before; the first row is marked."""
    marks = np.ones(column.size, np.bool_)
    np.not_equal(column[1:], column[:-1], out=marks[1:])
    return marks


def first_rows(column: Array) -> NDArray[np.intp]:
    """The row with which each run begins."""
    return np.flatnonzero(run_starts(column))


def run_sums(values: Array, firsts: Array) -> NDArray[np.int64]:
    """The sum of whole numbers over each run, which begins at `firsts`."""
    if not firsts.size:
        return np.zeros(0, np.int64)
    ends = np.append(firsts[1:], values.size) - 1
    sums: NDArray[np.int64] = np.diff(np.cumsum(values, dtype=np.int64)[ends], prepend=0)
    return sums
