"""Forecasts made in a series' past beside what came, what they say of a slope, and what such dependent tests are worth.

Sources: Hyndman and Koehler (2006) for MASE, Geyer (1992) for what dependent errors are worth.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from analytics.models import theta as methods
from analytics.models.spread import least

Array = NDArray[Any]

MOST_ORIGINS: Final = 24
"""Origins of a backtest; the latest are taken."""

COUNTED: Final = 0.5
"""What an independent origin counts for when parts of a slope are tried on it: the same origins set the width of
intervals, and would make them too sure if they counted twice."""


def first_origin(season: int) -> int:
    """Periods that the first forecast of a backtest is made from: two seasons."""
    return max(2 * season, 3)


class Backtest:
    """A series cut at every origin, the last of which is its end, and what came after each.

    A row per origin, a column per step; what has not come yet is NaN. The last row is the forecast itself.
    """

    def __init__(self, series: Array, season: int, steps: int) -> None:
        self.series, self.season, self.steps = series, season, steps
        self.length = np.arange(max(first_origin(season), series.size - MOST_ORIGINS), series.size + 1)
        self.values = np.broadcast_to(series, (self.length.size, series.size))
        at = self.length[:, None] + np.arange(steps)
        came = series[np.minimum(at, series.size - 1)]
        self.came = np.where(at < series.size, came, np.nan)
        self.least = least(series)
        self.fit = self._weighed(methods.fit(self.values, self.length, season))
        self.theta = self.fit.ahead(steps)
        self.naive = methods.last_season(self.values, self.length, season, steps)

    def _weighed(self, fit: methods.Theta) -> methods.Theta:
        """A fit whose parts of the slope are as likely as the tests make them, errors in shares of the level."""
        scale = np.maximum(np.abs(fit.level[:-1]), self.least)[:, None]
        off = (self.came[..., None] - fit.ahead_by_part(self.steps))[:-1] / scale[..., None]
        squares = np.nanmean(off**2, axis=(0, 1)) + 1e-12
        count = COUNTED * worth((self.came - fit.ahead(self.steps))[:-1] / scale)
        parts = (squares / squares.min()) ** (-count / 2)
        return replace(fit, parts=parts / parts.sum())

    @property
    def origins(self) -> int:
        """Origins after which something came."""
        return self.length.size - 1

    def mase(self, made: Array) -> float | None:
        """Mean absolute scaled error; None where the series repeats itself exactly."""
        past = self.series
        scale = float(np.abs(past[self.season :] - past[: -self.season]).mean())
        return float(np.nanmean(np.abs(self.came - made))) / scale if scale > 0 else None


def worth(off: Array) -> float:
    """Independent origins that the origins are worth, whose errors resemble those of their neighbours.

    n / (1 + 2 sum of autocorrelations), as in the variance of a mean of dependent numbers; the sum ends before the
    first that chance alone makes (as Geyer's initial sequence does, here at one standard error of white noise). Errors
    are taken about 0 and pooled over the steps.
    """
    size, known = off.shape[0], ~np.isnan(off)
    squares = np.where(known, off, 0.0) ** 2
    mean = squares.sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    scaled = np.where(known, off, 0.0) / np.sqrt(np.where(mean > 0, mean, 1.0))
    total = 0.0
    for lag in range(1, size - 1):
        both = known[lag:] & known[:-lag] & (mean > 0)
        alike = float((scaled[lag:] * scaled[:-lag])[both].mean()) if both.any() else 0.0
        if alike <= size**-0.5:
            break
        total += alike * (1 - lag / size)
    return float(size / (1 + 2 * total))
