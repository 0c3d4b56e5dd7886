"""Forecasts of one series: Theta or seasonal naive, whichever was closer in its past, with intervals that were tested.

A series is a plain array of whole periods without gaps. At every origin of a backtest both methods are given what was
known then and compared with what came. An interval takes its shape from the model (see `errors`) and its width from how
far off the backtest was, in which the model's own account counts for PRIOR origins: few tests change little, many
decide. Errors of neighbouring origins resemble each other, so origins count for as many as they are worth (`worth`).
A step in the level is taken out of the past first (see `shifts`).

Source: Hyndman and Athanasopoulos, Forecasting, for the interval of seasonal naive.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from analytics.models.backtest import Backtest, first_origin, worth
from analytics.models.errors import errors
from analytics.models.shifts import shift
from analytics.models.spread import LEVELS, Spread
from analytics.models.theta import seasonal_naive, theta

Array = NDArray[Any]

FEWEST_ORIGINS: Final = 3
"""Origins of a backtest that a forecast needs."""

TELLING_ORIGINS: Final = 6
"""Origins from which a backtest says how close forecasts come, and one method can be called closer than the other."""

PRIOR: Final = 10.0
"""Origins that the model's own account of its errors counts for."""

MOST_DEGREES: Final = 20.0
"""Degrees of freedom of an interval at most: what comes has fatter tails than a normal."""

CHANCE: Final = 0.01
"""A method is called closer where chance alone would make it so much closer in fewer cases than this."""

INTERMITTENT: Final = 0.3
"""Share of periods without sales from which a series counts as intermittent."""


def fewest(season: int) -> int:
    """Whole periods that a forecast needs: two seasons to tell a season from chance, and some more to test it on."""
    return max(2 * season + FEWEST_ORIGINS, 6)


def telling(season: int) -> int:
    """Whole periods from which a forecast's backtest has TELLING_ORIGINS."""
    return first_origin(season) + TELLING_ORIGINS


@dataclass(frozen=True)
class Forecast:
    """A forecast of the next steps and what is known of its quality."""

    method: str
    """`theta` or `seasonal_naive`."""
    mean: Array
    spread: Spread
    total_spread: Spread
    """The same for sums of the first 1, 2, ... steps."""
    mase: float | None
    """Mean absolute error of the backtest over that of the seasonal naive step inside the history; None without one."""
    coverage: dict[float, float]
    """Level -> share of the backtest's periods that lay inside the interval which the other origins gave."""
    origins: int

    def bounds(self, level: float) -> tuple[Array, Array]:
        """Ends of the interval of each step."""
        return self.spread.bounds(self.mean, level)

    @property
    def steps(self) -> int:
        """Periods forecast."""
        return int(self.mean.size)


class Candidates:
    """Both methods on one series. ValueError for one shorter than `fewest(season)`."""

    def __init__(self, series: Array, season: int, steps: int) -> None:
        values = np.asarray(series, float)
        if values.size < fewest(season):
            raise ValueError(f"{values.size} periods; a forecast needs {fewest(season)}")
        self.shift = shift(values, season)
        """The step in the level that was taken out of the past; None without one."""
        self._test = Backtest(self.shift.without(values) if self.shift else values, season, steps)

    @cached_property
    def theta(self) -> Forecast:
        """Theta."""
        return _theta(self._test)

    @cached_property
    def naive(self) -> Forecast:
        """Seasonal naive."""
        return _naive(self._test)

    @cached_property
    def closer(self) -> str:
        """The method that was closer in the backtest beyond chance; empty where neither was."""
        return _closer(self._test)

    @property
    def drawn(self) -> Forecast:
        """The one that is drawn and summed: Theta, or seasonal naive where that was closer."""
        return self.naive if self.closer == "seasonal_naive" else self.theta

    @property
    def mean(self) -> Array:
        """Its forecast alone, without intervals."""
        return np.asarray((self._test.naive if self.closer == "seasonal_naive" else self._test.theta)[-1])


def forecast(series: Array, season: int, steps: int, *, method: str = "") -> Forecast:
    """The next steps of a series by `theta` or `seasonal_naive`, or by whichever was closer in its past.

    ValueError for a series shorter than `fewest(season)`.
    """
    made = Candidates(series, season, steps)
    return {"theta": made.theta, "seasonal_naive": made.naive, "": made.drawn}[method]


# --- The two methods -------------------------------------------------------------------------------------------------


def _theta(test: Backtest) -> Forecast:
    own = errors(test.fit, test.values, test.theta, test.least)
    above = bool(test.fit.positive[-1])
    degrees = min(float(own.degrees[-1]), MOST_DEGREES)
    off, off_total = test.came - test.theta, np.cumsum(test.came, axis=1) - np.cumsum(test.theta, axis=1)
    wide, total_wide = _widened(own.step, off), _widened(own.total, off_total)
    return Forecast(
        "theta",
        test.theta[-1],
        Spread(wide[-1], degrees, above, nothing=own.nothing[-1]),
        Spread(total_wide[-1], degrees, above, nothing=np.cumprod(own.nothing[-1])),
        test.mase(test.theta),
        _coverage(test, test.theta, Spread(_others(own.step, off), degrees, above, nothing=own.nothing[:-1])),
        test.origins,
    )


def _naive(test: Backtest) -> Forecast:
    """Seasonal naive with the textbook's interval: the root mean squared step of one season, growing with the seasons
    ahead, normal. Sums are spread like the steps of sums."""
    step = test.series[test.season :] - test.series[: -test.season]
    until = np.sqrt(np.cumsum(step**2) / np.arange(1, step.size + 1))[test.length - test.season - 1]
    seasons = np.sqrt(np.arange(test.steps) // max(test.season, 1) + 1)
    deviation = np.maximum(until[:, None] * seasons, test.least)
    spread = Spread(deviation[-1], np.inf, bool((test.series >= 0).all()), normal=True)
    sums = np.concatenate([[0.0], np.cumsum(step)])
    spans = np.minimum(np.arange(1, test.steps + 1), max(test.season, 1))
    total = np.array([np.sqrt(np.mean((sums[span:] - sums[:-span]) ** 2)) for span in spans])
    total = np.maximum(total * seasons * np.arange(1, test.steps + 1) / spans, test.least)
    return Forecast(
        "seasonal_naive",
        test.naive[-1],
        spread,
        replace(spread, deviation=total),
        test.mase(test.naive),
        _coverage(test, test.naive, replace(spread, deviation=deviation[:-1])),
        test.origins,
    )


def _closer(test: Backtest) -> str:
    """The method that was closer by more than chance makes of it, judged origin by origin.

    Where most periods bring nothing, absolute errors favour whatever says nothing, so there neither is.
    """
    if test.origins < TELLING_ORIGINS or intermittent(test.series):
        return ""
    apart = np.abs(test.came - test.naive)[:-1] - np.abs(test.came - test.theta)[:-1]
    each = np.nanmean(apart, axis=1)
    mean, spread = float(each.mean()), float(each.std())
    if mean == 0:
        return ""
    from scipy.special import stdtr

    free = max(worth((each - mean)[:, None]) - 1, 1.0)
    certain = spread <= 1e-9 * abs(mean) or bool(stdtr(free, -abs(mean) / spread * np.sqrt(free)) < CHANCE)
    return ("theta" if mean > 0 else "seasonal_naive") if certain else ""


def _widened(own: Array, off: Array) -> Array:
    """Standard deviations by the model's own account, widened or narrowed as the backtest asks."""
    scaled = (off / own)[:-1]
    count = worth(scaled)
    return np.asarray(own * np.sqrt((PRIOR + count * np.nanmean(scaled**2)) / (PRIOR + count)))


def _others(own: Array, off: Array) -> Array:
    """The same for each origin, by the other origins alone."""
    scaled = (off / own)[:-1]
    count = worth(scaled)
    squares, known = np.nansum(scaled**2, axis=1), (~np.isnan(scaled)).sum(axis=1)
    rest = (squares.sum() - squares) / np.maximum(known.sum() - known, 1)
    return np.asarray(own[:-1] * np.sqrt((PRIOR + count * rest) / (PRIOR + count))[:, None])


def _coverage(test: Backtest, made: Array, spread: Spread) -> dict[float, float]:
    """Share of what came that lay inside the intervals of its origins."""
    known = ~np.isnan(test.came[:-1])
    inside = {}
    for level in LEVELS:
        low, high = spread.bounds(made[:-1], level)
        with np.errstate(invalid="ignore"):
            inside[level] = (test.came[:-1] >= low) & (test.came[:-1] <= high)
    return {level: float(hit[known].mean()) for level, hit in inside.items()} if known.any() else {}


# --- What is built on it ----------------------------------------------------------------------------------------------


def intermittent(series: Array) -> bool:
    """Whether so many periods have nothing that no method can say when the next sale comes."""
    return bool((np.asarray(series) == 0).mean() > INTERMITTENT)


__all__ = [
    "LEVELS",
    "Candidates",
    "Forecast",
    "fewest",
    "forecast",
    "intermittent",
    "seasonal_naive",
    "telling",
    "theta",
]
