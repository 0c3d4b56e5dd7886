"""Intervals for shares and their ratios, and the sample sizes below which nothing is compared."""

from __future__ import annotations

from statistics import NormalDist
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[Any]

LEVEL: Final = 0.95
"""Level of the intervals unless one is named."""

FEW: Final = 30
"""Groups with fewer customers are shown greyed and never called best or worst: their rates are mostly chance."""


def z_value(level: float = LEVEL) -> float:
    """Half-width of a two-sided normal interval in standard deviations: 1.96 at 95 %. ValueError outside 0 to 1."""
    if not 0 < level < 1:
        raise ValueError(f"level: expected a share between 0 and 1, found {level}")
    return NormalDist().inv_cdf(0.5 + level / 2)


def wilson(successes: ArrayLike, trials: ArrayLike, level: float = LEVEL) -> tuple[Array, Array]:
    """Low and high end of a share's score interval; NaN where there are no trials.

    Source: E. B. Wilson (1927), Probable inference, the law of succession, and statistical inference.
    """
    k, n = np.asarray(successes, np.float64), np.asarray(trials, np.float64)
    z2 = z_value(level) ** 2
    with np.errstate(divide="ignore", invalid="ignore"):
        share = k / n
        middle = (share + z2 / (2 * n)) / (1 + z2 / n)
        half = z_value(level) / (1 + z2 / n) * np.sqrt(share * (1 - share) / n + z2 / (4 * n * n))
        # the ends at 0 and n successes are exactly 0 and 1, which floats miss by a bit
        low = np.where(k == 0, 0.0, np.clip(middle - half, 0, 1))
        high = np.where(k == n, 1.0, np.clip(middle + half, 0, 1))
        return np.where(n > 0, low, np.nan), np.where(n > 0, high, np.nan)


def ratio(
    successes: ArrayLike, trials: ArrayLike, others: ArrayLike, other_trials: ArrayLike, level: float = LEVEL
) -> tuple[Array, Array, Array]:
    """How many times one share is the other, with the low and high end; NaN where either count is 0.

    The log method of Katz, Baptista, Azen and Pike (1978), Obtaining confidence intervals for the risk ratio.
    """
    a, n, b, m = (np.asarray(v, np.float64) for v in (successes, trials, others, other_trials))
    with np.errstate(divide="ignore", invalid="ignore"):
        times = (a / n) / (b / m)
        half = z_value(level) * np.sqrt(np.maximum(1 / a - 1 / n + 1 / b - 1 / m, 0))
        mask = (a > 0) & (b > 0)
        return (
            np.where(mask, times, np.nan),
            np.where(mask, times * np.exp(-half), np.nan),
            np.where(mask, times * np.exp(half), np.nan),
        )
