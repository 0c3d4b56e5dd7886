"""A step in a series' level, detected and taken out: what lies before it is brought to the level after it.

A shop opens, a customer of half the revenue leaves: from then on the level is another one. To a smoothing method that
is one huge error, after which it trusts nothing, and to a trend it is a slope. So simple exponential smoothing with
drift is compared with the same and one step, at every period and weight; a step counts where the likelihood ratio is
beyond what the search over all periods makes of chance. A random walk has no such step: each of its moves is as large
as the others.

Source: level shifts as in Chen and Liu (1993), Joint estimation of model parameters and outlier effects, for the
smoothing model, by likelihood ratio over all periods (Quandt 1960).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from analytics.models.season import season
from analytics.models.theta import ALPHAS

Array = NDArray[Any]

LIMIT: Final = 20.0
"""Likelihood ratio (twice the log) from which a step counts; by simulation 2 % of series without one reach it."""

LEAST: Final = 12
"""Periods that a search needs."""

KEPT: Final = 3
"""Periods before and after a step, without which it is no level but an outlier."""


@dataclass(frozen=True)
class Shift:
    """A step in the level of a series."""

    at: int
    """The first period of the new level."""
    ratio: float
    """New level over the old one."""

    def without(self, series: Array) -> Array:
        """The series as if it had been at the new level all along."""
        return np.asarray(np.where(np.arange(series.size) < self.at, series * self.ratio, series))


def shift(series: Array, places: int) -> Shift | None:
    """The plainest step in the level of a series that is always above 0, or None; `places` are a season's periods."""
    values = np.asarray(series, float)
    size = values.size
    if size < LEAST or not (values > 0).all():
        return None
    swing = season(values[None, :], np.array([size]), places)
    plain = swing.without(values[None, :], np.arange(size) % max(places, 1))[0]
    if not (plain > 0).all():
        return None
    at, step, gain = _plainest(np.log(plain))  # of logs, or steady growth in per cent would look like steps
    return Shift(at, float(np.exp(step))) if gain * (size - 4) >= LIMIT else None


def _plainest(values: Array) -> tuple[int, float, float]:
    """Where a step explains most, its height, and the log of the errors' sum of squares without over with it.

    Errors of smoothing are linear in the first level, the drift and the step, so both fits are least squares. What a
    step at a period does to the errors is (1 - alpha)^n, n periods later: its products with them run backwards.
    """
    errors, first, drift = _responses(values)
    first = first / np.sqrt((first**2).sum(axis=0))
    drift = drift - first * (first * drift).sum(axis=0)
    drift = drift / np.sqrt(np.maximum((drift**2).sum(axis=0), 1e-300))
    errors = errors - first * (first * errors).sum(axis=0)
    errors = errors - drift * (drift * errors).sum(axis=0)
    left, before = 1 - ALPHAS, (errors**2).sum(axis=0)
    gains, heights = np.zeros((2, *errors.shape))
    with_error, with_first, with_drift, own = np.zeros((4, ALPHAS.size))
    for at in range(values.size - 1, KEPT - 1, -1):
        with_error, with_first = errors[at] + left * with_error, first[at] + left * with_first
        with_drift, own = drift[at] + left * with_drift, 1 + left**2 * own
        free = own - with_first**2 - with_drift**2
        if at <= values.size - KEPT:
            certain = free > 1e-6 * own
            heights[at] = np.where(certain, with_error / np.where(certain, free, 1.0), 0.0)
            gains[at] = heights[at] * with_error
    after = before - gains
    at, weight = divmod(int(np.argmin(after)), ALPHAS.size)
    least = max(1e-14 * float(values @ values), 1e-300)
    gain = np.log(max(float(before.min()), least) / max(float(after[at, weight]), least))
    return at, float(heights[at, weight]), float(gain)


def _responses(values: Array) -> tuple[Array, Array, Array]:
    """Errors by period and weight from a first level of 0, and those that a first level of 1 and a drift of 1 make."""
    shape = (values.size, ALPHAS.size)
    errors, drift = np.zeros(shape), np.zeros(shape)
    level, risen = np.zeros(ALPHAS.size), np.zeros(ALPHAS.size)
    for step, value in enumerate(values):
        errors[step], drift[step] = value - level, step - risen
        level = level + ALPHAS * errors[step]
        risen = risen + ALPHAS * drift[step]
    return errors, (1 - ALPHAS) ** np.arange(values.size)[:, None], drift
