"""The line through the last values of several histories: straight, or of a steady ratio where a fall bends.

What loses a part of itself each month falls fast at first and slowly in the end. A straight line through it is steeper
than its end, by far where the fall is steep, and says that everything stops. So a fall is fitted both ways, and the one
that leaves less is taken, the curve only where the fall is plain. Either is drawn to none as far as chance may have
made it.

Source: the curve is the quasi-likelihood fit of a Poisson rate with a log link, which bears values of 0 (McCullagh and
Nelder 1989, Generalized linear models, chapter 9).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

STEEPEST: Final = 1.0
"""The largest fall of the log of the level by step that is sought: to about a third."""

CERTAIN: Final = 3.0
"""Standard errors that the fall of a curve has at the least."""

_HALVINGS: Final = 22


@dataclass(frozen=True)
class Lines:
    """One entry per history."""

    slope: Array
    """Slope by step of the straight line."""
    rate: Array
    """Fall of the log by step of the curve; 0 where the straight line fits better, or nothing falls."""


def lines(values: Array, length: Array, window: Array) -> Lines:
    """Lines through the last `window` of each row's first `length` values."""
    at = np.arange(values.shape[1]) - (length - window)[:, None]
    inside = (at >= 0) & (at < window[:, None])
    time = np.where(inside, at - (window[:, None] - 1) / 2, 0.0)
    kept, free = np.where(inside, values, 0.0), np.maximum(window - 2, 1)
    mean = kept.sum(axis=1) / np.maximum(window, 1)
    around = np.where(inside, values - mean[:, None], 0.0)
    squares = np.maximum((time**2).sum(axis=1), 1e-300)
    slope = (time * around).sum(axis=1) / squares
    left = ((around - slope[:, None] * time) ** 2).sum(axis=1)
    known, falls = window > 2, slope < 0
    rate, curve, spread = np.zeros(slope.size), np.zeros(kept.shape), np.ones(slope.size)
    rate[falls], curve[falls], spread[falls] = _curve(np.maximum(kept[falls], 0.0), time[falls], inside[falls])
    bent = known & falls & (rate**2 > CERTAIN**2 * spread / free) & (((kept - curve) ** 2).sum(axis=1) < left)
    return Lines(
        np.where(known, slope * _beyond_chance(slope**2 * squares, left / free), 0.0),
        np.where(bent, rate * _beyond_chance(rate**2, spread / free), 0.0),
    )


def _curve(values: Array, time: Array, inside: Array) -> tuple[Array, Array, Array]:
    """Rate of the curve, its values, and the square of the rate's error times the degrees of freedom.

    At the rate of most likelihood the curve has the values' mean time, and the steeper, the earlier its mean time.
    """
    total = np.maximum(values.sum(axis=1), 1e-300)
    middle = (values * time).sum(axis=1) / total
    low, high = np.zeros(total.size), np.full(total.size, STEEPEST)

    def curve(rate: Array) -> Array:
        made = np.where(inside, np.exp(-rate[:, None] * time), 0.0)
        return np.asarray(made / made.sum(axis=1, keepdims=True))

    for _ in range(_HALVINGS):
        rate = (low + high) / 2
        late = (curve(rate) * time).sum(axis=1) > middle
        low, high = np.where(late, rate, low), np.where(late, high, rate)
    made = curve(low) * total[:, None]
    scatter = (np.where(made > 0, (values - made) ** 2 / np.where(made > 0, made, 1.0), 0.0)).sum(axis=1)
    told = (made * (time - middle[:, None]) ** 2).sum(axis=1)
    return np.where(low > 1e-6, low, 0.0), made, scatter / np.maximum(told, 1e-300)


def _beyond_chance(certain: Array, chance: Array) -> Array:
    """The part of what is certain that chance alone would not make."""
    return np.where(certain > chance, 1 - chance / np.where(certain > 0, certain, 1.0), 0.0)
