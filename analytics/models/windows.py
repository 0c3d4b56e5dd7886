"""What is known before each day of a gapless series: sliding windows as the rows of an array, their
medians, and runs of days."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

Array = NDArray[Any]


def before(series: Array, count: int, step: int = 1) -> Array:
    """One row per day: the `count` values before it that lie `step` days apart, the oldest first; NaN before the
    series begins."""
    length = count * step
    padded = np.concatenate([np.full(length, np.nan), series])
    return sliding_window_view(padded, length)[:-1, ::step]


def medians(rows: Array, fewest: int) -> Array:
    """The median of what is known of each row; NaN of fewer than so many."""
    ordered, known = np.sort(rows, axis=1), (~np.isnan(rows)).sum(axis=1)
    last, at = np.maximum(known - 1, 0), np.arange(len(rows))
    middle = (ordered[at, last // 2] + ordered[at, (last + 1) // 2]) / 2
    return np.where(known >= max(fewest, 1), middle, np.nan)


def kept_unless_most(kept: Array, every: Array) -> Array:
    """Rows without the days left out, but with them where those are more than half: then the level has shifted."""
    lost = np.isnan(kept).sum(axis=1) - np.isnan(every).sum(axis=1)
    return np.where((2 * lost > every.shape[1])[:, None], every, kept)


def latest(series: Array) -> Array:
    """The latest value that is known on each day."""
    at = np.maximum.accumulate(np.where(np.isnan(series), 0, np.arange(series.size)))
    return series[at]


def runs(marks: Array) -> list[tuple[int, int]]:
    """Runs of marked days: the first day of each, and the one after its last."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], marks, [False]])))
    return [(int(first), int(end)) for first, end in edges.reshape(-1, 2)]


def alike(spans: list[tuple[int, int]]) -> list[int]:
    """How many of the runs are half to twice as long as each, itself among them."""
    lengths = np.array([end - first for first, end in spans])
    return [int(((2 * lengths >= size) & (lengths <= 2 * size)).sum()) for size in lengths]


def first_ways(marks: Array, above: Array, length: int) -> Array:
    """Marks without those that lie the other way than one up to so many days before: what is compared with unusual days
    looks unusual itself."""
    kept, last, way = np.zeros(marks.size, bool), -length - 1, True
    for day in np.flatnonzero(marks).tolist():
        if day - last > length or above[day] == way:
            kept[day], last, way = True, day, above[day]
    return kept
