"""How far off Theta may be by its own account: the standard deviation of each coming step, and of sums of them.

The errors of one step inside the history are carried ahead as simple exponential smoothing carries them; what was
estimated (season, line) is as uncertain as it is, and nobody knows how much of the line's slope goes on. Errors grow
with the level as its power 0, 1/2 or 1, whichever makes the past likeliest.

Source: the variances of exponential smoothing in Hyndman, Koehler, Ord and Snyder (2008), Forecasting with exponential
smoothing, chapter 6.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from analytics.models.theta import Theta

Array = NDArray[Any]

POWERS: Final = (0.0, 0.5, 1.0)
"""Powers of the level that errors may grow with."""

_LEAST_LEVEL: Final = 0.05
"""Least level that errors grow with, as a share of the mean of the history."""

_FEWEST_DEGREES: Final = 3.0
_FEWEST_SKEWED: Final = 6.0
_HALVINGS: Final = 20


@dataclass(frozen=True)
class Errors:
    """One row per history, one column per step."""

    step: Array
    """Standard deviation of the step's error."""
    total: Array
    """Standard deviation of the error of the sum of the steps up to and with this one."""
    degrees: Array
    """Degrees of freedom, one entry per history."""
    nothing: Array
    """Chance that a step brings nothing."""


def errors(fit: Theta, values: Array, ahead: Array, least: float) -> Errors:
    """Errors of the forecasts `ahead` that a fit to `values` made, the longest history last.

    No standard deviation is below `least`.
    """
    inside = np.arange(values.shape[1]) < fit.length[:, None]
    kept, expected = np.where(inside, values, 0.0), np.where(inside, fit.one_step, 0.0)
    length, weight = fit.length.astype(float), fit.season.weight
    mean = np.abs(kept).sum(axis=1) / length
    degrees = np.maximum(length - 3 - weight * (fit.places - 1), _FEWEST_DEGREES)
    power, unit = _power(fit, np.where(inside, kept - expected, 0.0), expected, mean, inside, degrees)
    if ((kept == 0) & inside).any():
        # The first values of what sells rarely may all be 0, and say nothing of its errors: the longest history does.
        power, unit, mean = (np.broadcast_to(of[-1:], of.shape) for of in (power, unit, mean))
    # Where errors are as large as the level, that is known from so many values as badly as a deviation from few.
    relative = unit * np.maximum(mean, 1e-300) ** (power - 1)
    skewed = np.maximum(length / (2 * np.maximum(relative, 1e-9) ** 2), _FEWEST_SKEWED)
    degrees = np.minimum(degrees, skewed)
    steps = np.arange(1, ahead.shape[1] + 1)
    level = np.maximum(ahead, np.maximum(_LEAST_LEVEL * mean, 1e-300)[:, None]) ** power[:, None]
    of_place = weight * fit.places / length
    of_line = 3.0 / length**3
    drift = _of_slope(fit, ahead.shape[1])
    alpha = fit.alpha[:, None]
    of_step = 1 + (steps - 1) * alpha**2 + of_place[:, None] + of_line[:, None] * steps**2
    sums = np.cumsum(level, axis=1)
    # An error at step i goes into the sum of k once itself and, by the level, alpha times into each step after it.
    own = level - alpha * sums
    carried = np.cumsum(own**2, axis=1) + 2 * alpha * sums * np.cumsum(own, axis=1) + steps * (alpha * sums) ** 2
    of_places = of_place[:, None] * np.cumsum(level**2, axis=1)
    of_lines = of_line[:, None] * np.cumsum(level * steps, axis=1) ** 2
    square = unit[:, None] ** 2
    return Errors(
        np.maximum(np.sqrt(square * of_step * level**2 + drift**2), least),
        np.maximum(np.sqrt(square * (carried + of_places + of_lines) + np.cumsum(drift, axis=1) ** 2), least),
        degrees,
        _nothing(kept, inside, expected, ahead),
    )


def _power(
    fit: Theta, error: Array, expected: Array, mean: Array, inside: Array, degrees: Array
) -> tuple[Array, Array]:
    """The power of the level that errors grow with, and the standard deviation of an error over that."""
    level = np.maximum(expected, np.maximum(_LEAST_LEVEL * mean, 1e-300)[:, None])
    length, logs = inside.sum(axis=1), np.where(inside, np.log(level), 0.0).sum(axis=1)
    squares = np.stack([((error / level**power) ** 2).sum(axis=1) for power in POWERS])
    likely = -0.5 * length * np.log(np.maximum(squares / length, 1e-300)) - np.outer(POWERS, logs)
    likely[1:, ~fit.positive] = -np.inf
    best = np.argmax(likely, axis=0)
    return np.asarray(POWERS)[best], np.sqrt(squares[best, np.arange(best.size)] / degrees)


def _of_slope(fit: Theta, steps: int) -> Array:
    """The part of the error that the slope makes, season put back."""
    at = (fit.length[:, None] + np.arange(steps)) % max(fit.places, 1)
    swing = np.where(fit.season.multiplied[:, None], fit.season.at(at), 1.0)
    return np.asarray(fit.slope_error(steps) * swing)


def _nothing(values: Array, inside: Array, expected: Array, ahead: Array) -> Array:
    """Sales that come like a Poisson process: where twice as much is expected, none is the square as likely.

    How often they come for what is expected is what makes the zeros of the past likeliest.
    """
    zero, some = inside & (values == 0), inside & (values != 0)
    size = np.maximum(np.abs(values).sum(axis=1) / inside.sum(axis=1), 1e-300)[:, None]
    level = np.maximum(expected / size, 1e-9)
    if not zero.any():
        return np.zeros(ahead.shape)
    of_zero, low, high = np.where(zero, level, 0.0).sum(axis=1), np.full(len(size), -14.0), np.full(len(size), 7.0)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        often = np.minimum(level * np.exp(middle)[:, None], 700.0)
        more = np.where(some, level / np.expm1(often), 0.0).sum(axis=1) > of_zero
        low, high = np.where(more, middle, low), np.where(more, high, middle)
    often = np.exp(low)[:, None] * np.maximum(ahead, 0.0) / size
    return np.asarray(np.where(zero.any(axis=1)[:, None], np.exp(-often), 0.0))
