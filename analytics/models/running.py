"""The estimate of a period that is not over: what has come in, and the forecast of what is still to come."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from analytics.models.forecast import Forecast
from analytics.models.spread import LEVELS, Spread

Array = NDArray[Any]

EVEN: Final = 0.5
"""Periods that days which sell alike count for in the share that is usually in."""

WORTH: Final = 3.0
"""Past periods that the forecast's own chance of no sales counts for, beside those that ended with the same day."""


@dataclass(frozen=True)
class Running:
    """The estimate of a period that is not over."""

    so_far: float
    share: float | None
    """Share of such a period's total that is usually in by now; None where the span has several periods."""
    mean: float
    spread: Spread
    """Of one step."""

    def bounds(self, level: float) -> tuple[float, float]:
        """Ends of the interval."""
        low, high = self.spread.bounds(np.array([self.mean]), level)
        return float(low[0]), float(high[0])

    @property
    def low(self) -> float:
        """Lower end of the 80 % interval."""
        return self.bounds(LEVELS[0])[0]

    @property
    def high(self) -> float:
        """Upper end of the 80 % interval."""
        return self.bounds(LEVELS[0])[1]

    def chance(self, value: float) -> float:
        """How likely the period ends at or above a value."""
        return self.spread.chance_above(self.mean, 0, value)


def usual(shares: Array, even: float) -> float:
    """The share of a period that is usually in: the mean of the past ones', where days that sell alike, `even` of which
    are over, count as EVEN more periods. So no few periods say that nothing can come any more."""
    known = shares[~np.isnan(shares)]
    return float((known.sum() + EVEN * even) / (known.size + EVEN))


def running(
    so_far: float, shares: Array, even: float, made: Forecast, steps: int = 1, *, beyond: float = 0.0
) -> Running:
    """What has come in so far, and the part still to come of the sum of the forecast's first `steps` periods.

    The first of them has begun: `even` of its days are over, and `shares` of the last whole periods were in by the same
    day, NaN of those that brought nothing. `beyond` is the part of the last of them that does not belong to the sum.
    """
    share = usual(shares, even)
    whole = float(made.mean[:steps].sum())
    rest = whole - share * float(made.mean[0]) - beyond * float(made.mean[steps - 1])
    rest = max(rest, 0.0) if made.spread.above else rest
    nothing = float(np.broadcast_to(made.total_spread.nothing, made.mean.shape)[steps - 1])
    left = max(rest / whole, 1e-6) if whole > 0 else 1.0
    # What days make of the error's variance is independent and shrinks with them; what the level makes all days share,
    # so that it shrinks with their square. Where sales are single ones it is the days', else half is taken to be.
    square = left if nothing else (left + left**2) / 2
    spread = replace(
        made.total_spread,
        deviation=np.array([made.total_spread.deviation[steps - 1] * np.sqrt(square)]),
        so_far=np.array([so_far]),
        nothing=np.array([_nothing_more(shares, nothing**left) if steps == 1 else nothing**left]),
    )
    return Running(so_far, share if steps == 1 else None, so_far + rest, spread)


def _nothing_more(shares: Array, expected: float) -> float:
    """The chance that nothing more comes: how often that was so in past periods, and what the forecast makes of it."""
    ended = int((~(shares < 1)).sum())
    return float((ended + WORTH * expected) / (shares.size + WORTH))


def begun(made: Forecast, first: Running) -> Forecast:
    """A forecast whose first step has begun: that step is the estimate of the running period."""
    spread, size = made.spread, made.mean.shape

    def with_first(values: Array | float, value: Array | float) -> Array:
        out = np.array(np.broadcast_to(values, size), float)
        out[0] = np.asarray(value, float).ravel()[0]
        return out

    return replace(
        made,
        mean=with_first(made.mean, first.mean),
        spread=replace(
            spread,
            deviation=with_first(spread.deviation, first.spread.deviation),
            degrees=with_first(spread.degrees, first.spread.degrees),
            nothing=with_first(spread.nothing, first.spread.nothing),
            so_far=with_first(spread.so_far, first.spread.so_far),
        ),
    )
