"""Days that fall out of line: robust z of log values against the level of the weeks before and the weekday's habit.

The robust z is the modified z of Iglewicz and Hoaglin (1993), How to Detect and Handle Outliers: the distance over the
scaled median absolute deviation.
"""

from __future__ import annotations

import math
from bisect import bisect_left, insort
from collections import deque
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

LIMIT: Final = 4.0
"""A day is an anomaly where its z lies beyond this, up or down."""

LEVEL_DAYS: Final = 14
"""Days before a day that say at what level sales are, weekdays allowed for."""

WEEKS: Final = 26
"""Same weekdays before a day that say how that weekday differs from the level."""

SCALE_DAYS: Final = 13 * 7
"""Days before a day whose distance from their own usual value says how much days vary."""

FEWEST: Final = 28
"""Such distances that a z needs."""

_CALM_DAYS: Final = 56
"""Days before a day whose median says what a sale is at all."""

_FLOOR: Final = 0.01
"""A day without sales counts as this share of that median, so that its logarithm exists."""

_ROBUST: Final = 1.4826
"""Median absolute deviation -> standard deviation, of a normal."""


@dataclass(frozen=True)
class UsualLevels:
    """One entry per day of a series."""

    value: Array
    """What is usual: the level of the days before with the weekday's habit; NaN where unknown."""
    z: Array
    """How many robust standard deviations the log of the day lies from it; NaN where that is not known."""

    @property
    def anomalies(self) -> Array:
        """Marks of the anomalies."""
        with np.errstate(invalid="ignore"):
            return np.abs(self.z) > LIMIT


def usual(series: Array) -> UsualLevels:
    """Judge each day of a gapless daily series by the days before it.

    A day that was an anomaly is left out of what later days are compared with, unless most of the days compared with
    were: then the level has shifted, and the new one is usual. Where sales are too rare for a median, nothing is said.
    """
    values: list[float] = np.maximum(np.asarray(series, float), 0).tolist()
    size = len(values)
    value, z, out = [math.nan] * size, [math.nan] * size, [False] * size
    before, left = _Window(_CALM_DAYS), _Window(SCALE_DAYS)
    habits = [_Window(WEEKS) for _ in range(7)]
    levels, levels_kept = _Window(LEVEL_DAYS), _Window(LEVEL_DAYS)
    for day in range(1, size):
        before.add(values[day - 1])
        calm, habit = before.middle(), habits[day % 7].middle(3)
        off = without_habit = without_weekday = None
        if calm is not None and calm > 0:
            log = math.log(max(values[day], _FLOOR * calm))
            without_weekday = log - (habit or 0.0)
            window = out[max(0, day - LEVEL_DAYS) : day]
            level = (levels_kept if 2 * sum(window) <= len(window) else levels).middle(7)
            if level is not None:
                without_habit = log - level
                if habit is not None:
                    usually = math.exp(level + habit)
                    value[day] = usually if usually > 2 * _FLOOR * calm else 0.0
                    off = without_habit - habit
                    scale = left.spread(FEWEST)
                    if scale > 0:
                        z[day] = off / scale
                        out[day] = abs(z[day]) > LIMIT
        left.add(off)
        levels.add(without_weekday)
        levels_kept.add(None if out[day] else without_weekday)
        habits[day % 7].add(None if out[day] else without_habit)
    return UsualLevels(np.array(value), np.array(z))


RUNS: Final = 3
"""Runs of unusual days without any sales from which on such days recur."""


def closed(series: Array, judged: UsualLevels) -> Array:
    """Marks of closed days: days without any sales, unusual by themselves, that recur, as holidays do.

    Days in a row are one run, so that a single failure of some days is none. How far such a day lies out of line says
    little: the logarithm of nothing is a floor.
    """
    empty = judged.anomalies & (np.asarray(series, float) <= 0)
    runs = int((empty & ~np.concatenate([[False], empty[:-1]])).sum())
    return empty if runs >= RUNS else np.zeros_like(empty)


class _Window:
    """The latest of some values, None among them for what is not known, and in order those that are.

    A day asks for five medians of few numbers, which sorted lists give many times faster than arrays.
    """

    def __init__(self, length: int) -> None:
        self._latest: deque[float | None] = deque([None] * length, maxlen=length)
        self._ordered: list[float] = []

    def add(self, value: float | None) -> None:
        """Take a value in, and let go of the one that is too old."""
        if (old := self._latest[0]) is not None:
            del self._ordered[bisect_left(self._ordered, old)]
        self._latest.append(value)
        if value is not None:
            insort(self._ordered, value)

    def middle(self, fewest: int = 1) -> float | None:
        """The median of what is known; None of fewer than so many."""
        size = len(self._ordered)
        if size < fewest:
            return None
        half = size // 2
        return self._ordered[half] if size % 2 else (self._ordered[half - 1] + self._ordered[half]) / 2

    def spread(self, fewest: int) -> float:
        """The scaled median absolute deviation of what is known; 0 of fewer than so many."""
        middle, half = self.middle(fewest), len(self._ordered) // 2
        if middle is None:
            return 0.0
        upper = self._nearest(middle, half)
        return _ROBUST * (upper if len(self._ordered) % 2 else (self._nearest(middle, half - 1) + upper) / 2)

    def _nearest(self, middle: float, rank: int) -> float:
        """The distance from `middle` that so many others do not exceed, by halving how many of those lie below it."""
        ordered = self._ordered
        split = bisect_left(ordered, middle)
        below, most = max(0, rank + 1 - len(ordered) + split), min(split, rank + 1)
        while below < most:
            half = (below + most) // 2
            if middle - ordered[split - 1 - half] < ordered[split + rank - half] - middle:
                below = half + 1
            else:
                most = half
        ends = [middle - ordered[split - below]] if below else []
        ends += [ordered[split + rank - below] - middle] if below <= rank else []
        return max(ends)
