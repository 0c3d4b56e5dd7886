"""Days that fall out of line: robust z of log values against the same weekdays just before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

LIMIT: Final = 4.0
"""A day is an anomaly where its z lies beyond this, up or down."""

WEEKS: Final = 8
"""Same weekdays before a day that say what is usual."""

SCALE_DAYS: Final = 13 * 7
"""Days before a day whose distance from their own usual value says how much days vary."""

DRIFT_DAYS: Final = 14
"""Days before a day that say how far the season has moved on from those weekdays: a slow rise is no anomaly."""

_FLOOR: Final = 0.01
"""A day without sales counts as this share of the usual, so that its logarithm exists."""

_ROBUST: Final = 1.4826
"""Median absolute deviation -> standard deviation, of a normal."""


@dataclass(frozen=True)
class Usual:
    """One entry per day of a series."""

    value: Array
    """What is usual: the median of the same weekdays before, moved on by two weeks' drift; NaN where unknown."""
    z: Array
    """How many robust standard deviations the log of the day lies from it; NaN where that is not known."""

    @property
    def anomalies(self) -> Array:
        """Marks of the anomalies."""
        with np.errstate(invalid="ignore"):
            return np.abs(self.z) > LIMIT


def usual(series: Array) -> Usual:
    """Judge each day of a gapless daily series by the days before it.

    A day that was an anomaly is left out of what later days are compared with, unless all of the days compared with
    were: then the level has shifted, and the new one is usual. Where sales are too rare for a median, nothing is said.
    """
    values = np.maximum(np.asarray(series, float), 0)
    size = values.size
    centre, z = np.full(size, np.nan), np.full(size, np.nan)
    off, left = np.full(size, np.nan), np.full(size, np.nan)
    out = np.zeros(size, bool)
    for day in range(WEEKS * 7 // 2, size):
        same = np.arange(day - 7, max(day - 7 * WEEKS, 0) - 1, -7)
        kept = same[~out[same]]
        kept = kept if kept.size >= max(3, same.size // 2) else same
        middle = float(np.median(values[kept]))
        if middle <= 0:
            continue
        off[day] = np.log(max(values[day], _FLOOR * middle) / middle)
        drift = _median(off[max(0, day - DRIFT_DAYS) : day])
        centre[day] = middle * np.exp(drift)
        left[day] = np.log(max(values[day], _FLOOR * centre[day]) / centre[day])
        before = left[max(0, day - SCALE_DAYS) : day]
        before = before[~np.isnan(before)]
        if before.size < 28:
            continue
        scale = _ROBUST * float(np.median(np.abs(before - np.median(before))))
        if scale > 0:
            z[day] = left[day] / scale
            out[day] = abs(z[day]) > LIMIT
    return Usual(centre, z)


def _median(values: Array) -> float:
    known = values[~np.isnan(values)]
    return float(np.median(known)) if known.size >= 7 else 0.0
