"""The Theta method for several histories at once, and seasonal naive to be seen beside it.

The season is taken out, the mean of a straight line and of a smoothed line carried on, the season put back: the same as
simple exponential smoothing that goes on at half the slope of the line. Three things differ from the published method.
The line is that of the last seasons, as the slope of years ago says little of the next one, and a curve where a fall is
one in per cent (see `lines`); it is drawn to none as far as chance may have made it. Nobody knows how much of it goes
on: any part from none to a little more than all is possible, as likely as the past makes it, the mean over these is
carried on, and their spread is part of the error. And what is never below 0 stops there.

Histories are the rows of one matrix, each with its own length (see `season`).

Sources: Assimakopoulos and Nikolopoulos (2000) for Theta, Hyndman and Billah (2003) for its form as smoothing with
drift, Hyndman and Athanasopoulos, Forecasting, for seasonal naive.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from analytics.models.lines import lines
from analytics.models.season import Season, season

Array = NDArray[Any]

ALPHAS: Final = np.array([0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.98])
"""Smoothing weights that are tried."""

CARRIED: Final = 1.2
"""The largest part of the line's slope that may go on, any smaller one being as likely. 1 would carry on half of it, as
published; this is closer on the public series that the benchmark tries."""

PARTS: Final = CARRIED * (np.arange(12) + 0.5) / 12
"""Parts of the slope that may go on, alike possible until they are tried on the past (see `backtest`)."""

LEAST_OF_CURVES: Final = 0.3
"""The least smoothing weight of what falls along a curve: a fall may have ended, and the last values say so first."""

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
    rate: Array
    """What a fall takes off the log of the level by step, chance allowed for; 0 where a straight line fits better."""
    positive: Array
    """Whether no value lies below 0, and so no forecast may."""
    parts: Array
    """How likely each of PARTS goes on; one row for all histories."""
    one_step: Array
    """What one step before was expected of each value of the history, NaN beyond its length."""

    def ahead(self, steps: int) -> Array:
        """The next steps: one row per history."""
        at = (self.length[:, None] + np.arange(steps)) % max(self.places, 1)
        made = self.season.into(self.carried(steps), at)
        return np.asarray(np.where(self.positive[:, None], np.maximum(made, 0.0), made))

    def ahead_by_part(self, steps: int) -> Array:
        """The next steps, were one of PARTS known: a third axis."""
        at = (self.length[:, None] + np.arange(steps)) % max(self.places, 1)
        each, swing = self.by_part(steps), self.season.at(at)[..., None]
        made = np.where(self.season.multiplied[:, None, None], each * swing, each + swing)
        return np.asarray(np.where(self.positive[:, None, None], np.maximum(made, 0.0), made))

    def carried(self, steps: int) -> Array:
        """The level of the next steps, season taken out."""
        return np.asarray(self.by_part(steps) @ self.parts)

    def slope_error(self, steps: int) -> Array:
        """Standard deviation of that level, as the part of the slope that goes on is not known."""
        each = self.by_part(steps)
        return np.asarray(np.sqrt(np.maximum(each**2 @ self.parts - (each @ self.parts) ** 2, 0.0)))

    def by_part(self, steps: int) -> Array:
        """The level of the next steps, were one of PARTS known: along a third axis."""
        alpha, bent = self.alpha[:, None], (self.rate > 0)[:, None, None]
        # The smoothed level lags behind a straight slope by what that made since it began.
        lag = (1 - (1 - alpha) ** _window(self.length, self.places)[:, None]) / alpha
        level, straight = self.level[:, None, None], (self.slope[:, None] * (np.arange(steps) + lag))[..., None] * PARTS
        curved = (self.rate[:, None] * np.arange(1, steps + 1))[..., None] * PARTS
        made = np.where(bent, level * np.exp(-curved), level + straight)
        return np.asarray(np.where(self.positive[:, None, None], np.maximum(made, 0.0), made))


def fit(values: Array, length: Array, places: int) -> Theta:
    """Fit each row's first `length` values; `places` are the periods of a season."""
    size = values.shape[1]
    inside = np.arange(size) < length[:, None]
    swing = season(values, length, places)
    at = np.arange(size) % max(places, 1)
    plain = np.where(inside, swing.without(values, at), 0.0)
    line = lines(plain, length, _window(length, places))
    left = np.exp(-line.rate)
    alpha, level, first = _smoothed(plain, inside, left)
    return Theta(
        length,
        swing,
        places,
        alpha,
        level,
        line.slope,
        line.rate,
        np.asarray((np.where(inside, values, 0.0) >= 0).all(axis=1)),
        np.full(PARTS.size, 1 / PARTS.size),
        np.where(inside, swing.into(_one_step(plain, alpha, first, left), at), np.nan),
    )


def _smoothed(values: Array, inside: Array, left: Array) -> tuple[Array, Array, Array]:
    """The weight, last and first level of simple exponential smoothing with the least squared error.

    What is `left` of the level from one step to the next is known. Errors are linear in the first level, so for each
    weight the best one is known without a search.
    """
    shape = (values.shape[0], ALPHAS.size)
    level, share = np.zeros(shape), np.ones(shape)
    squares, cross, own, falls = np.zeros(shape), np.zeros(shape), np.zeros(shape), bool((left < 1).any())
    for value, known in zip(values.T, inside.T, strict=True):
        seen = known[:, None]
        error = np.where(seen, value[:, None] - level, 0.0)  # with a first level of 0, of which `share` is left
        of_first = np.where(seen, share, 0.0)
        squares += error * error
        cross += error * of_first
        own += of_first * of_first
        level = level + ALPHAS * error
        share = share - ALPHAS * of_first
        if falls:
            goes_on = np.where(seen, left[:, None], 1.0)
            level, share = level * goes_on, share * goes_on
    first = cross / np.maximum(own, 1e-300)
    tried = (left == 1)[:, None] | (ALPHAS >= LEAST_OF_CURVES)
    best, row = np.argmin(np.where(tried, squares - first * cross, np.inf), axis=1), np.arange(values.shape[0])
    return ALPHAS[best], (level + share * first)[row, best] / left, first[row, best]


def _one_step(values: Array, alpha: Array, first: Array, left: Array) -> Array:
    out, level = np.empty_like(values), first
    for step in range(values.shape[1]):
        out[:, step] = level
        level = (level + alpha * (values[:, step] - level)) * left
    return out


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
