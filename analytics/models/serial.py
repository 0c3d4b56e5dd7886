"""The price's effect in few series: least squares whose errors resemble the month before, by an unknown share.

How much they do is not known from some dozen months, and a single estimate of it makes intervals too narrow. Each share
is therefore taken with the weight that the restricted likelihood gives it, and the interval is that of the mixture of
their t distributions (Jeffreys' priors over share and variance), with fewer degrees of freedom the larger the share.

Sources: Harville (1974), Bayesian inference for variance components using only error contrasts; Zellner and Tiao
(1964), Bayesian analysis of the regression model with autocorrelated errors.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from analytics.models.counts import LARGEST, LARGEST_LOG, linearised, spread_of

Array = NDArray[Any]

SHARES: Final = np.sin(np.linspace(-0.4, 1.45, 20))
"""Shares of the month before that are considered, as dense as Jeffreys' prior."""

FEWEST_MONTHS: Final = 3
"""Degrees of freedom that are left at least."""

STEPS: Final = 30
"""Least-squares steps at most."""


def fit(
    units: Array, effects: Array, price: Array, gap: Array, level: float, other: float
) -> tuple[float, float, float, float] | None:
    """The effect of `price`, the ends of its interval, and the chance of lying so far from another one where that is
    the truth; None where the steps do not come to an end.

    One row per series and month in their order: units, a column per effect that is taken out, log price, and months
    since the series' row before (0 for its first).
    """
    design = np.column_stack([effects, price])
    made = fitted(units, design)
    if made is None:
        return None
    log_mean, spread = made
    response, weight = linearised(units, log_mean, spread)
    root = np.sqrt(weight)
    columns = np.column_stack([design * root[:, None], response * root])
    return mixture(columns, gap, level, other)


def fitted(units: Array, design: Array) -> tuple[Array, float] | None:
    """The log of each mean, and the spread; None where the steps do not come to an end."""
    log_mean, spread, before = np.log((units + units.mean()) / 2), 0.0, np.inf
    free = max(units.size - design.shape[1], 1)
    for step in range(STEPS):
        response, weight = linearised(units, log_mean, spread)
        root = np.sqrt(weight)
        answer = np.linalg.lstsq(design * root[:, None], response * root, rcond=1e-9)[0]
        log_mean = design @ answer
        if not np.isfinite(log_mean).all() or abs(answer[-1]) > LARGEST:
            return None
        if step > 2:
            if abs(answer[-1] - before) < 1e-5:
                return log_mean, spread
            spread = spread_of(units, np.exp(np.clip(log_mean, -LARGEST_LOG, LARGEST_LOG)), free)
        before = answer[-1]
    return None


def mixture(columns: Array, gap: Array, level: float, other: float) -> tuple[float, float, float, float] | None:
    """Middle, ends and the chance of another effect over all shares. The last two columns are the price and the
    response."""
    from scipy.special import stdtr

    share = np.where(gap > 0, np.sign(SHARES)[:, None] ** gap * np.abs(SHARES)[:, None] ** np.maximum(gap, 1), 0.0)
    scale = np.sqrt(1 - share**2)
    before = np.vstack([np.zeros(columns.shape[1]), columns[:-1]])
    rows = (columns - share[:, :, None] * before) / scale[:, :, None]
    products = np.einsum("gnk,gnl->gkl", rows, rows)
    k = columns.shape[1] - 1
    free = columns.shape[0] - k
    try:
        lower = np.linalg.cholesky(products)
    except np.linalg.LinAlgError:
        return None
    # The factor's last rows hold the fit: the price's effect after all effects, its precision and what is left.
    precise, answer, rest = lower[:, -2, -2], lower[:, -1, -2] / lower[:, -2, -2], lower[:, -1, -1] ** 2
    error = np.sqrt(rest / free) / precise
    logs = -free / 2 * np.log(rest) - np.log(np.diagonal(lower, axis1=1, axis2=2)[:, :-1]).sum(axis=1)
    logs -= np.log(scale).sum(axis=1)
    weight = np.exp(logs - logs.max())
    weight /= weight.sum()

    # Months that resemble each other tell less of how large the errors are.
    effective = np.maximum(free * (1 - np.maximum(SHARES, 0)), FEWEST_MONTHS)

    def below(effect: float) -> float:
        return float(weight @ stdtr(effective, (effect - answer) / error))

    def quantile(share: float) -> float:
        low, high = float((answer - 60 * error).min()), float((answer + 60 * error).max())
        for _ in range(45):
            middle = (low + high) / 2
            low, high = (middle, high) if below(middle) < share else (low, middle)
        return (low + high) / 2

    chance = 2 * min(below(other), 1 - below(other))
    return float(weight @ answer), quantile((1 - level) / 2), quantile((1 + level) / 2), chance
