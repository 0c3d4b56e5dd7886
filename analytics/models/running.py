"""The estimate of a period that is not over: what has come in, and the forecast of what is still to come."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analytics.models.forecast import Forecast
from analytics.models.spread import LEVELS, Spread

Array = NDArray[Any]


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


def running(so_far: float, share: float, made: Forecast, steps: int = 1, *, beyond: float = 0.0) -> Running:
    """What has come in so far, and the part still to come of the sum of the forecast's first `steps` periods.

    `share` of the first of them is in already, and counted in `so_far`; `beyond` is the part of the last of them that
    does not belong to the sum.
    """
    whole = float(made.mean[:steps].sum())
    rest = whole - share * float(made.mean[0]) - beyond * float(made.mean[steps - 1])
    rest = max(rest, 0.0) if made.spread.above else rest
    # Half of the error's variance is taken to be the days', which are independent, so that it shrinks with them, and
    # half the level's, which all days share, so that it shrinks with their square.
    left = max(rest / whole, 1e-6) if whole > 0 else 1.0
    deviation = made.total_spread.deviation[steps - 1] * np.sqrt((left + left**2) / 2)
    nothing = np.broadcast_to(made.spread.nothing, made.mean.shape)[0] if steps == 1 else 0.0
    spread = replace(
        made.total_spread,
        deviation=np.array([deviation]),
        so_far=np.array([so_far]),
        nothing=np.array([float(nothing) ** left if nothing else 0.0]),
    )
    return Running(so_far, share if steps == 1 else None, so_far + rest, spread)


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
