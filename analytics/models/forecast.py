"""Forecasts of one series: Theta with rolling-origin intervals, and seasonal naive to be seen beside it.

A series is a plain array of whole periods without gaps. An interval says how far forecasts of this very series were off
when they were made in its past: at every origin of a backtest the model is fitted to what was known and compared with
what came. Where a positive series swings with its level errors are ratios, so that an interval widens with the level;
otherwise they are differences. An interval of a positive series never reaches below 0. Errors of neighbouring origins
resemble each other, so the origins count for as many as they are worth (`_worth`).

Sources: Hyndman and Koehler (2006) for MASE, Geyer (1992) for what dependent errors are worth; the methods themselves
stand in theta.py.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from analytics.models.theta import is_multiplied, is_seasonal, seasonal_naive, theta

Array = NDArray[Any]

LEVELS: Final = (0.80, 0.95)
"""Levels of the intervals."""

FEWEST_ORIGINS: Final = 3
MOST_ORIGINS: Final = 24
"""Origins of a backtest; the latest are taken."""

FEWEST_DEGREES: Final = 3.0
"""Degrees of freedom that an interval has at least, however much its errors resemble each other."""

INTERMITTENT: Final = 0.3
"""Share of periods without sales from which a series counts as intermittent."""


def fewest(season: int) -> int:
    """Whole periods that a forecast needs: two seasons to tell a season from chance, and some more to test it on."""
    return max(2 * season + FEWEST_ORIGINS, 6)


@dataclass(frozen=True)
class Spread:
    """How far off forecasts were: the standard error by step, of logs or of differences, and how well it is known."""

    error: Array
    """By step ahead."""
    degrees: float
    """Degrees of freedom of Student's t."""
    ratios: bool
    """Whether errors are of logs."""
    floor: float = -np.inf
    """What nothing can fall below: 0 for a series that is always above it."""

    def bounds(self, mean: Array, level: float) -> tuple[Array, Array]:
        """Ends of the interval around a forecast; `error` and `mean` go step by step."""
        from scipy.stats import t

        reach = float(t.ppf((1 + level) / 2, self.degrees)) * self.error[: mean.size]
        if self.ratios:
            return mean * np.exp(-reach), mean * np.exp(reach)
        return np.maximum(mean - reach, np.minimum(mean, self.floor)), mean + reach

    def chance_above(self, mean: float, step: int, value: float) -> float:
        """How likely what comes at a step is at least `value`."""
        from scipy.stats import t

        error = max(float(self.error[step]), 1e-12)
        if value <= self.floor or (self.ratios and value <= 0):
            return 1.0
        if not self.ratios:
            return float(t.sf((value - mean) / error, self.degrees))
        return float(t.sf(np.log(value / mean) / error, self.degrees))


@dataclass(frozen=True)
class Forecast:
    """A forecast of the next steps and what is known of its quality."""

    method: str
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


# --- Backtest ---------------------------------------------------------------------------------------------------------

Method = Callable[[Array, int, int], Array]


@dataclass(frozen=True)
class Backtest:
    """Forecasts made in the past beside what came: a row per origin, a column per step, NaN where nothing came yet."""

    made: Array
    came: Array


def backtest(method: Method, series: Array, season: int, steps: int) -> Backtest:
    """Forecast from the latest origins that leave two seasons of history."""
    first = max(2 * season, 3)
    origins = range(max(first, series.size - MOST_ORIGINS), series.size)
    made, came = np.full((len(origins), steps), np.nan), np.full((len(origins), steps), np.nan)
    for row, origin in enumerate(origins):
        ahead = min(steps, series.size - origin)
        made[row, :ahead] = method(series[:origin], season, ahead)
        came[row, :ahead] = series[origin : origin + ahead]
    return Backtest(made, came)


def mase(test: Backtest, series: Array, season: int) -> float | None:
    """Mean absolute scaled error; None where the series repeats itself exactly."""
    scale = float(np.abs(series[season:] - series[:-season]).mean()) if series.size > season else 0.0
    return float(np.nanmean(np.abs(test.came - test.made))) / scale if scale > 0 else None


def _errors(made: Array, came: Array, ratios: bool) -> Array:
    return np.asarray(np.log(came) - np.log(made)) if ratios else came - made


def _ratios(series: Array, season: int, test: Backtest) -> bool:
    """Whether errors are ratios: of a positive series that is forecast as positive and does not swing by amounts."""
    positive = bool((series > 0).all() and (test.made[~np.isnan(test.made)] > 0).all())
    return positive and (not is_seasonal(series, season) or is_multiplied(series, season))


def _worth(errors: Array) -> float:
    """Independent origins that the origins are worth, whose errors resemble those of their neighbours.

    n / (1 + 2 sum of autocorrelations), as in the variance of a mean of dependent numbers; the sum ends before the
    first that chance alone makes (as Geyer's initial sequence does, here at one standard error of white noise). Errors
    are taken about 0 and pooled over the steps.
    """
    size = errors.shape[0]
    squares = np.nansum(errors**2, axis=0) / np.maximum((~np.isnan(errors)).sum(axis=0), 1)
    scaled = errors[:, squares > 0] / np.sqrt(squares[squares > 0])
    total = 0.0
    for lag in range(1, size - 1):
        both = scaled[lag:] * scaled[:-lag]
        known = ~np.isnan(both)
        alike = float(both[known].mean()) if known.any() else 0.0
        if alike <= size**-0.5:
            break
        total += alike * (1 - lag / size)
    return float(size / (1 + 2 * total))


def _spread(errors: Array, ratios: bool, steps: int, floor: float) -> Spread:
    """Variance as a line over the steps, fitted to the squared errors of all origins and not falling.

    Early steps have been tested most often; a line lets the late ones lean on them.
    """
    from scipy.optimize import nnls

    counts = (~np.isnan(errors)).sum(axis=0)
    seen = counts > 0
    squares = np.nansum(errors[:, seen] ** 2, axis=0) / counts[seen]
    step = np.arange(errors.shape[1])[seen]
    weight = np.sqrt(counts[seen])
    design = np.column_stack([np.ones(step.size), step])
    result, _ = nnls(design * weight[:, None], squares * weight)
    variance = result[0] + result[1] * np.arange(steps)
    return Spread(np.sqrt(np.maximum(variance, 1e-18)), max(_worth(errors), FEWEST_DEGREES), ratios, floor)


def _coverage(test: Backtest, ratios: bool, floor: float) -> dict[float, float]:
    """Share of what came that lay inside, each origin judged by the spread of the others."""
    inside, seen = dict.fromkeys(LEVELS, 0), 0
    errors = _errors(test.made, test.came, ratios)
    for row in range(errors.shape[0]):
        known = ~np.isnan(errors[row])
        others = np.delete(errors, row, axis=0)
        if not known.any() or np.isnan(others).all():
            continue
        spread = _spread(others, ratios, errors.shape[1], floor)
        seen += int(known.sum())
        for level in LEVELS:
            low, high = spread.bounds(test.made[row][known], level)
            came = test.came[row][known]
            inside[level] += int(((came >= low) & (came <= high)).sum())
    return {level: count / seen for level, count in inside.items()} if seen else {}


def forecast(series: Array, season: int, steps: int, *, method: str = "theta") -> Forecast:
    """The next steps of a series with intervals and backtest. `method` is `theta` or `seasonal_naive`.

    The naive forecast's interval is the published one, from the steps of one season inside the history; Theta's comes
    from the backtest. ValueError for a series shorter than `fewest(season)`.
    """
    values = np.asarray(series, float)
    if values.size < fewest(season):
        raise ValueError(f"{values.size} periods; a forecast needs {fewest(season)}")
    known = {"theta": theta, "seasonal_naive": seasonal_naive}[method]
    mean = known(values, season, steps)
    test = backtest(known, values, season, steps)
    ratios = method == "theta" and bool((mean > 0).all()) and _ratios(values, season, test)
    floor = 0.0 if (values > 0).all() else -np.inf
    errors = _errors(test.made, test.came, ratios)
    sums = _errors(test.made.cumsum(axis=1), test.came.cumsum(axis=1), ratios)
    spread, total = _spread(errors, ratios, steps, floor), _spread(sums, ratios, steps, floor)
    if method == "seasonal_naive":
        spread = _naive_spread(values, season, steps)
    return Forecast(
        method, mean, spread, total, mase(test, values, season), _coverage(test, ratios, floor), test.made.shape[0]
    )


def _naive_spread(values: Array, season: int, steps: int) -> Spread:
    """The textbook's: root mean squared step of one season, growing with the seasons ahead, normal."""
    error = np.sqrt(((values[season:] - values[:-season]) ** 2).mean())
    return Spread(error * np.sqrt(np.arange(steps) // season + 1), np.inf, False)


# --- What is built on it ----------------------------------------------------------------------------------------------


def intermittent(series: Array) -> bool:
    """Whether so many periods have nothing that no method can say when the next sale comes."""
    return bool((np.asarray(series) == 0).mean() > INTERMITTENT)


def add_up(total: Array, members: Array) -> Array:
    """Members' forecasts brought in line with the total's: whole numbers, one row per member, columns sum to `total`.

    `total` is whole numbers by step. What is missing is spread in proportion to the members' size, so positive members
    keep their proportions; the rounding's rest goes to those it cuts most.
    """
    size = np.abs(members)
    whole = size.sum(axis=0)
    share = np.where(whole > 0, size / np.where(whole > 0, whole, 1), 1 / max(len(members), 1))
    exact = members + share * (total - members.sum(axis=0))
    low = np.floor(exact)
    rest = (total - low.sum(axis=0)).astype(np.int64)
    out = low.astype(np.int64)
    for step in range(out.shape[1]):
        order = np.argsort(-(exact[:, step] - low[:, step]), kind="stable")
        each, over = divmod(int(rest[step]), len(members))
        out[:, step] += each
        out[order[:over], step] += 1
    return np.asarray(out)


@dataclass(frozen=True)
class Running:
    """The estimate of a period that is not over."""

    so_far: float
    share: float
    """Share of such a period's total that is usually in by now."""
    mean: float
    low: float
    high: float
    """80 % interval."""

    chance: Callable[[float], float]
    """How likely the period ends at or above a value."""


def running(so_far: float, share: float, made: Forecast, steps: int = 1) -> Running:
    """What has come in so far, and the part still to come of the sum of the forecast's first `steps` periods.

    `share` of the first of them is in already, and counted in `so_far`.
    """
    whole = float(made.mean[:steps].sum())
    rest = whole - share * float(made.mean[0])
    # Of the sum's error the days to come carry their share; days being independent, its variance shrinks with them.
    left = max(rest / whole, 1e-9) if whole > 0 else 1.0
    error = float(made.total_spread.error[steps - 1])
    wide = error / np.sqrt(left) if made.total_spread.ratios else error * np.sqrt(left)
    spread = replace(made.total_spread, error=np.array([wide]))
    low, high = spread.bounds(np.array([rest]), LEVELS[0])
    return Running(
        so_far,
        share,
        so_far + rest,
        so_far + float(low[0]),
        so_far + float(high[0]),
        lambda value: float(value <= so_far) if rest <= 0 else spread.chance_above(rest, 0, value - so_far),
    )
