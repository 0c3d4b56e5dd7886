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
    from analytics.lines import kernels

    sums: NDArray[np.int64] = np.zeros(firsts.size, np.int64)
    begins = np.zeros(values.size, np.uint8)
    begins[firsts] = 1
    kernels.sum_runs(np.ascontiguousarray(values, np.int64), begins, sums)
    return sums
