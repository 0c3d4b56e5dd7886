"""How far off a forecast may be: a distribution around each step, from which come intervals and chances.

What can fall below 0 is spread like Student's t. Sums and counts cannot: they are spread like a gamma distribution with
the same mean and standard deviation, which is a normal's where the deviation is small, leans upward where it is large,
ends at 0, and of whose upper end Markov's inequality keeps the sense (one in ten at most lies above ten times the
mean). Where periods without sales occur, nothing has a chance of its own. That the standard deviation is itself
estimated is allowed for by taking every probability through Student's t.

An interval that reaches down to 0 leaves nothing out below and spends all of its chance above. None has no width.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

LEVELS: Final = (0.80, 0.95)
"""Levels of the intervals."""

LEAST: Final = 0.01
"""Least standard deviation, as a share of the mean of the past: nothing repeats itself better than this."""

_NOTHING: Final = 0.01
"""A lower end below this share of the mean is 0."""

_LEAST_SHAPE: Final = 1e-3
"""Least shape of a gamma distribution whose quantiles can be told from 0."""


def least(series: Array) -> float:
    """The least standard deviation of forecasts of a series."""
    return LEAST * (float(np.abs(series).mean()) or 1.0)


@dataclass(frozen=True)
class Spread:
    """Distributions of the next steps around a forecast."""

    deviation: Array
    """Standard deviation by step, above 0."""
    degrees: Array | float
    """Degrees of freedom with which it is known, by step or of all."""
    above: bool
    """Whether nothing falls below 0."""
    normal: bool = False
    """Whether to be symmetric even so, cut at 0, as published intervals of some methods are."""
    nothing: Array | float = 0.0
    """Chance of a step that nothing is sold in it."""
    so_far: Array | float = 0.0
    """What of a step has come in already and is certain."""

    def bounds(self, mean: Array, level: float) -> tuple[Array, Array]:
        """Ends of the interval around a forecast, step by step."""
        tail = (1 - level) / 2
        rest = mean - self.so_far
        low, high = self._quantile(rest, tail), self._quantile(rest, 1 - tail)
        if self.above:
            from_zero = (low <= _NOTHING * np.maximum(rest, 0)) | (low <= 0)
            low = np.where(from_zero, 0.0, low)
            high = np.where(from_zero, self._quantile(rest, level), high)
        # A forecast lies inside its interval also where most periods bring nothing.
        return np.minimum(low, rest) + self.so_far, np.maximum(high, rest + LEAST * self.deviation) + self.so_far

    def chance_above(self, mean: float, step: int, value: float) -> float:
        """How likely what comes at a step is at least `value`."""
        from scipy.special import ndtr, ndtri, stdtr

        degrees, nothing, so_far = (
            float(np.broadcast_to(of, self.deviation.shape)[step]) for of in (self.degrees, self.nothing, self.so_far)
        )
        if self.above and value <= so_far:
            return 1.0
        one = replace(self, deviation=self.deviation[step], nothing=nothing)
        rest, wanted = np.asarray(mean - so_far), value - so_far
        score = (wanted - rest) / one.deviation if one._symmetric else ndtri(one._below(rest, wanted))
        return float(1 - (ndtr(score) if np.isinf(degrees) else stdtr(degrees, score)))

    @property
    def _symmetric(self) -> bool:
        return self.normal or not self.above

    def _quantile(self, mean: Array, share: float) -> Array:
        from scipy.special import gammaincinv, ndtr, ndtri, stdtrit

        known = np.isinf(self.degrees)
        score = np.where(known, ndtri(share), stdtrit(np.where(known, 1.0, self.degrees), share))
        if self._symmetric:
            return np.asarray(mean + score * self.deviation)
        shape, scale, nothing = self._gamma(mean)
        inside = np.clip((ndtr(score) - nothing) / (1 - nothing), 0.0, 1 - 1e-12)
        return np.asarray(np.where(inside > 0, gammaincinv(shape, inside) * scale, 0.0))

    def _below(self, mean: Array, value: float) -> Array:
        from scipy.special import gammainc

        shape, scale, nothing = self._gamma(mean)
        share = nothing + (1 - nothing) * gammainc(shape, value / scale)
        return np.asarray(np.clip(share, 1e-12, 1 - 1e-12))

    def _gamma(self, mean: Array) -> tuple[Array, Array, Array]:
        """Shape and scale of what is sold where something is, and the chance of nothing."""
        nothing = np.clip(np.broadcast_to(self.nothing, mean.shape), 0.0, 0.999)
        whole = np.maximum(mean, LEAST * self.deviation)
        sold = whole / (1 - nothing)
        variance = np.maximum((self.deviation**2 + whole**2) / (1 - nothing) - sold**2, 1e-6 * sold**2)
        shape = np.maximum(sold**2 / variance, _LEAST_SHAPE)
        return shape, sold / shape, nothing
