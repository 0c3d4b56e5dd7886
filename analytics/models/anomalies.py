"""Days that fall out of line: robust z of log values against the level of the weeks before and the weekday's habit.

The robust z is the modified z of Iglewicz and Hoaglin (1993), How to Detect and Handle Outliers: the distance over the
scaled median absolute deviation.
"""

from __future__ import annotations

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
class Usual:
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


def usual(series: Array) -> Usual:
    """Judge each day of a gapless daily series by the days before it.

    A day that was an anomaly is left out of what later days are compared with, unless most of the days compared with
    were: then the level has shifted, and the new one is usual. Where sales are too rare for a median, nothing is said.
    """
    values = np.maximum(np.asarray(series, float), 0)
    size = values.size
    value, z = np.full(size, np.nan), np.full(size, np.nan)
    from_level, without_weekday, left = (np.full(size, np.nan) for _ in range(3))
    out = np.zeros(size, bool)
    for day in range(1, size):
        calm = _middle(values[max(0, day - _CALM_DAYS) : day])
        if calm <= 0:
            continue
        log = float(np.log(max(values[day], _FLOOR * calm)))
        same = slice(day % 7 if day < 7 * WEEKS else day - 7 * WEEKS, day, 7)
        habit = _median(from_level[same][~out[same]], 3)
        without_weekday[day] = log - (0.0 if habit is None else habit)
        level = _level(without_weekday, out, day)
        if level is None:
            continue
        from_level[day] = log - level
        if habit is None:
            continue
        usually = float(np.exp(level + habit))
        value[day] = usually if usually > 2 * _FLOOR * calm else 0.0
        left[day] = log - level - habit
        before = left[max(0, day - SCALE_DAYS) : day]
        before = before[~np.isnan(before)]
        if before.size < FEWEST:
            continue
        scale = _ROBUST * _middle(np.abs(before - _middle(before)))
        if scale > 0:
            z[day] = left[day] / scale
            out[day] = abs(z[day]) > LIMIT
    return Usual(value, z)


def _level(logs: Array, out: Array, day: int) -> float | None:
    window = slice(max(0, day - LEVEL_DAYS), day)
    known = logs[window]
    kept = known[~out[window]]
    return _median(kept if 2 * kept.size >= known.size else known, 7)


def _median(values: Array, fewest: int) -> float | None:
    known = values[~np.isnan(values)]
    return _middle(known) if known.size >= fewest else None


def _middle(values: Array) -> float:
    """The median; `numpy.median` takes five times as long for so few numbers."""
    half, odd = divmod(values.size, 2)
    if odd:
        return float(np.partition(values, half)[half])
    parted = np.partition(values, (half - 1, half))
    return float(parted[half - 1] + parted[half]) / 2
