"""Counts whose variance grows with their mean: mean + spread x mean², as of a negative binomial.

A Poisson count has spread 0; what moves a month's demand beside price and season is the spread. Only the first two
moments are used, so the counts need no distribution of their own (quasi-likelihood).

Source: McCullagh and Nelder (1989), Generalized Linear Models, chapter 9.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

LARGEST_LOG: Final = 30.0
"""Logs of means are kept within this, so that a step too far stays a number."""

LARGEST: Final = 100.0
"""An effect beyond this has run away: the data has no answer of most likelihood."""


def spread_of(counts: Array, mean: Array, free: int) -> float:
    """The spread at which Pearson's statistic is what `free` degrees of freedom expect; 0 where it is less without."""
    squares, spread = (counts - mean) ** 2, 0.0
    for _ in range(20):  # Newton's steps never pass the root of a convex falling function that they start left of
        variance = mean + spread * mean**2
        excess = float((squares / variance).sum()) - free
        if excess <= 1e-6 * free:
            break
        spread += excess / max(float((squares * (mean / variance) ** 2).sum()), 1e-300)
    return spread


def linearised(counts: Array, log_mean: Array, spread: float) -> tuple[Array, Array]:
    """Response and weights of the next least-squares step towards the mean of most quasi-likelihood."""
    mean = np.exp(np.clip(log_mean, -LARGEST_LOG, LARGEST_LOG))
    return log_mean + (counts - mean) / mean, mean / (1 + spread * mean)
