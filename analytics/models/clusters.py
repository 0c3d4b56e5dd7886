"""The price's effect in many series, each of which is one observation of it however its months resemble each other.

Effects are one of each series and one of each month. The error is the jackknife's over the series, which keeps its
promise where some are far larger than others.

Source: MacKinnon, Nielsen and Webb (2023), Fast and reliable jackknife and bootstrap methods for cluster-robust
inference; effects are eliminated as by Frisch and Waugh (1933).
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from analytics.models.counts import LARGEST, LARGEST_LOG, linearised, spread_of

Array = NDArray[Any]

MOST_CLUSTERS: Final = 40
"""Groups of series that the jackknife leaves out in turn; one series is one group where there are no more."""

STEPS: Final = 30


def fit(
    units: Array, price: Array, mask: Array, level: float, other: float
) -> tuple[float, float, float, float] | None:
    """The effect of `price` (logs), the ends of its interval, and the chance of lying so far from another one where
    that is the truth; None where the steps do not come to an end.

    One row per series, one column per month; `mask` says where a series has a month. Every row and column has units.
    """
    from scipy.special import stdtr, stdtrit

    made = fitted(units, price, mask)
    if made is None:
        return None
    value, _, parts = made
    without = parts.without_each()
    count = without.size
    # The months are estimated anew without each series, which makes the plain jackknife's variance n / (n-1) too large.
    error = (count - 1) / count * float(np.sqrt(((without - value) ** 2).sum()))
    reach = float(stdtrit(count - 1, (1 + level) / 2)) * error
    off = abs(value - other) / error if error > 0 else np.inf
    return value, value - reach, value + reach, 2 * float(stdtr(count - 1, -off))


def fitted(units: Array, price: Array, mask: Array) -> tuple[float, float, Parts] | None:
    """The effect, the spread, and the parts of the last step; None where the steps do not come to an end."""
    counts = units[mask]
    size = np.where(mask, units, 0).sum(axis=1) / mask.sum(axis=1)
    log_mean = np.log((units + size[:, None]) / 2)
    spread, before, free = 0.0, np.inf, max(counts.size - sum(mask.shape), 1)
    for step in range(STEPS):
        response, weight = linearised(units, log_mean, spread)
        parts = Parts(response, price, np.where(mask, weight, 0.0))
        value, log_mean = parts.solved()
        if not np.isfinite(log_mean).all() or abs(value) > LARGEST:
            return None
        if step > 2:
            if abs(value - before) < 1e-5:
                return value, spread, parts
            spread = spread_of(counts, np.exp(np.clip(log_mean[mask], -LARGEST_LOG, LARGEST_LOG)), free)
        before = value
    return None


def squares(price: Array, mask: Array) -> float:
    """Sum of squares of the price with the effects of series and months taken out."""
    return Parts(price, price, mask.astype(float)).left


class Parts:
    """Weighted sums with the effects of series taken out; each is a sum over series, so leaving some out subtracts."""

    def __init__(self, response: Array, price: Array, weight: Array) -> None:
        self.columns, self.weight = np.stack([price, response], axis=-1), weight
        each = weight.sum(axis=1)
        self.weighted = self.columns * weight[:, :, None]
        self.sums = self.weighted.sum(axis=1) / each[:, None]
        self.share = weight / each[:, None]
        self.whole = self._of(slice(None))

    def _of(self, rows: Any) -> tuple[Array, Array, Array]:
        """What months tell of each other, of price and response, and price and response of each other."""
        weight, sums, weighted = self.weight[rows], self.sums[rows], self.weighted[rows]
        months = np.diag(weight.sum(axis=0)) - self.share[rows].T @ weight
        right = weighted.sum(axis=0) - (weight.T @ sums)
        columns = self.columns[rows].reshape(-1, 2)
        square = columns.T @ weighted.reshape(-1, 2) - (sums * weight.sum(axis=1)[:, None]).T @ sums
        return months, right, square

    @property
    def left(self) -> float:
        """Sum of squares of the price with all effects taken out."""
        months, right, square = self.whole
        return max(float((square - right.T @ np.linalg.solve(_regular(months), right))[0, 0]), 0.0)

    def solved(self) -> tuple[float, Array]:
        """The effect of price, and the response as fitted."""
        months, right, square = self.whole
        of_month = np.linalg.solve(_regular(months), right)
        of_series = self.sums - self.share @ of_month
        left = square - right.T @ of_month
        value = float(left[0, 1] / left[0, 0])
        rest = self.columns - of_month - of_series[:, None]
        return value, self.columns[..., 1] - (rest[..., 1] - value * rest[..., 0])

    def without_each(self) -> Array:
        """The effect without each group of series in turn."""
        groups = min(self.weight.shape[0], MOST_CLUSTERS)
        parts = [self._of(slice(one, None, MOST_CLUSTERS)) for one in range(groups)]
        months, right, left = (self.whole[n] - np.array([part[n] for part in parts]) for n in range(3))
        months = _regular(months)
        left = left - np.einsum("gtk,gtl->gkl", right, np.linalg.solve(months, right))
        return np.asarray(left[:, 0, 1] / left[:, 0, 0])


def _regular(months: Array) -> Array:
    """The matrix of months, which tells them only up to what series tell, made one that can be solved with."""
    size = months.shape[-1]
    height = np.trace(months, axis1=-2, axis2=-1)[..., None, None] / size
    # Where every series has one month only, months tell nothing at all.
    height = np.where(height > 0, height, 1.0)
    return np.asarray(months + height * (np.ones((size, size)) / size + 1e-10 * np.eye(size)))
