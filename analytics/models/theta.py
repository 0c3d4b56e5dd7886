"""The Theta method for several histories at once, and seasonal naive to be seen beside it.

The season is taken out, the mean of a straight line and of a smoothed line carried on, the season put back: the same as
simple exponential smoothing that goes on at half the slope of the line. Three things differ from the published method.
The line is that of the last seasons, as the slope of years ago says little of the next one. It is drawn to none as far
as chance may have made it. And as nobody knows how much of it goes on, any part from none to a little more than all is
held alike possible: the mean over these is carried on, and their spread is part of the error. A fall of what is never
below 0 is a ratio, so that it nears 0 and never crosses it, and a steep one does not end everything at once.

Histories are the rows of one matrix, each with its own length (see `season`).

Sources: Assimakopoulos and Nikolopoulos (2000) for Theta, Hyndman and Billah (2003) for its form as smoothing with
drift, Hyndman and Athanasopoulos, Forecasting, for seasonal naive.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from analytics.models.season import Season, season

Array = NDArray[Any]

ALPHAS: Final = np.array([0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.98])
"""Smoothing weights that are tried."""

CARRIED: Final = 1.2
"""The largest part of the line's slope that may go on, any smaller one being as likely. 1 would carry on half of it, as
published; this is closer on the public series that the benchmark tries."""

LINE_SEASONS: Final = 4
LINE_LEAST: Final = 12
"""The line is fitted to the last seasons, this many of them and at least so many values."""


@dataclass(frozen=True)
class Theta:
    """Fits, one row or entry per history."""

    length: Array
    season: Season
    places: int
    alpha: Array
    level: Array
    """Smoothed level at the end, season taken out."""
    slope: Array
    """Slope of the line by step, chance allowed for."""
    positive: Array
    """Whether no value lies below 0, and so no forecast may."""
    one_step: Array
    """What one step before was expected of each value of the history, NaN beyond its length."""

    def ahead(self, steps: int) -> Array:
        """The next steps: one row per history."""
        at = (self.length[:, None] + np.arange(steps)) % max(self.places, 1)
        made = self.season.into(self.carried(steps), at)
        return np.where(self.positive[:, None], np.maximum(made, 0.0), made)

    def carried(self, steps: int) -> Array:
        """The level of the next steps, season taken out."""
        level, moved, fall = self._moved(steps)
        return np.where(self.falls, np.maximum(level, 0.0) * _mean_left(fall), level + moved / 2)

    def slope_error(self, steps: int) -> Array:
        """Standard deviation of that level, as the part of the slope that goes on is not known."""
        level, moved, fall = self._moved(steps)
        square = np.maximum(_mean_left(2 * fall) - _mean_left(fall) ** 2, 0.0)
        return np.asarray(np.where(self.falls, np.maximum(level, 0.0) * np.sqrt(square), np.abs(moved) / np.sqrt(12)))

    @property
    def falls(self) -> Array:
        """Whether each history falls and can do so as a ratio only: one column."""
        return np.asarray((self.positive & (self.slope < 0))[:, None])

    def _moved(self, steps: int) -> tuple[Array, Array, Array]:
        """Level, how far the largest part of the slope would lead, and that as a share of the level, of falls."""
        alpha, level = self.alpha[:, None], self.level[:, None]
        # The smoothed level lags behind a slope by what that made since it began.
        lag = (1 - (1 - alpha) ** _window(self.length, self.places)[:, None]) / alpha
        time = np.arange(steps) + lag
        moved = CARRIED * self.slope[:, None] * time
        fall = np.where(self.falls & (level > 0), -moved / np.where(level > 0, level, 1.0), 0.0)
        return level, moved, fall


def _mean_left(fall: Array) -> Array:
    """The mean of exp(-c fall) over c from 0 to 1, where all are alike possible."""
    some = fall > 1e-6
    return np.where(some, -np.expm1(-fall) / np.where(some, fall, 1.0), 1 - fall / 2)


def fit(values: Array, length: Array, places: int) -> Theta:
    """Fit each row's first `length` values; `places` are the periods of a season."""
    size = values.shape[1]
    inside = np.arange(size) < length[:, None]
    swing = season(values, length, places)
    at = np.arange(size) % max(places, 1)
    plain = np.where(inside, swing.without(values, at), 0.0)
    alpha, level, first = _smoothed(plain, inside)
    return Theta(
        length,
        swing,
        places,
        alpha,
        level,
        _slope(plain, length, places),
        np.asarray((np.where(inside, values, 0.0) >= 0).all(axis=1)),
        np.where(inside, swing.into(_one_step(plain, alpha, first), at), np.nan),
    )


def _smoothed(values: Array, inside: Array) -> tuple[Array, Array, Array]:
    """The weight, last and first level of simple exponential smoothing with the least squared error.

    Errors are linear in the first level, so for each weight the best one is known without a search.
    """
    shape = (values.shape[0], ALPHAS.size)
    level, share = np.zeros(shape), np.ones(shape)
    squares, cross, own = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    for value, known in zip(values.T, inside.T, strict=True):
        seen = known[:, None]
        error = np.where(seen, value[:, None] - level, 0.0)  # with a first level of 0, of which `share` is left
        left = np.where(seen, share, 0.0)
        squares += error * error
        cross += error * left
        own += left * left
        level = level + ALPHAS * error
        share = share - ALPHAS * left
    first = cross / np.maximum(own, 1e-300)
    best, row = np.argmin(squares - first * cross, axis=1), np.arange(values.shape[0])
    return ALPHAS[best], (level + share * first)[row, best], first[row, best]


def _one_step(values: Array, alpha: Array, first: Array) -> Array:
    out, level = np.empty_like(values), first
    for step in range(values.shape[1]):
        out[:, step] = level
        level = level + alpha * (values[:, step] - level)
    return out


def _slope(values: Array, length: Array, places: int) -> Array:
    """Slope by least squares of the last values, less what chance would make of it."""
    window = _window(length, places)
    at = np.arange(values.shape[1]) - (length - window)[:, None]
    inside = (at >= 0) & (at < window[:, None])
    time = np.where(inside, at - (window[:, None] - 1) / 2, 0.0)
    mean = np.where(inside, values, 0.0).sum(axis=1) / np.maximum(window, 1)
    around = np.where(inside, values - mean[:, None], 0.0)
    squares = np.maximum((time**2).sum(axis=1), 1e-300)
    slope = (time * around).sum(axis=1) / squares
    rest = ((around - slope[:, None] * time) ** 2).sum(axis=1) / np.maximum(window - 2, 1)
    certain = slope**2 * squares
    kept = np.where(certain > rest, 1 - rest / np.where(certain > 0, certain, 1.0), 0.0)
    return np.asarray(np.where(window > 2, slope * kept, 0.0))


def _window(length: Array, places: int) -> Array:
    """The last values that the line is fitted to."""
    return np.minimum(length, max(LINE_SEASONS * places, LINE_LEAST))


def theta(series: Array, places: int, steps: int) -> Array:
    """The next steps of one series."""
    values = np.asarray(series, float)[None, :]
    return np.asarray(fit(values, np.array([values.shape[1]]), places).ahead(steps)[0])


def last_season(values: Array, length: Array, places: int, steps: int) -> Array:
    """The last season of each row's first `length` values again."""
    size = np.minimum(np.maximum(places, 1), length)[:, None]
    at = length[:, None] - size + np.arange(steps) % size
    return np.asarray(np.take_along_axis(values, at, axis=1), float)


def seasonal_naive(series: Array, places: int, steps: int) -> Array:
    """The last season of one series again."""
    values = np.asarray(series, float)[None, :]
    return np.asarray(last_season(values, np.array([values.shape[1]]), places, steps)[0])
