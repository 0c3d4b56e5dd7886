"""Claims about forecasts: intervals hold, errors are small, nothing is below 0, methods and steps are told apart."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from analytics.models.forecast import LEVELS, Candidates, forecast, seasonal_naive
from analytics.models.running import Running, running
from benchmarks.calibration.registry import SEED, Measurement, claim, measured
from benchmarks.calibration.series import HELD_OUT, KINDS, of_kind, simulated

Array = NDArray[Any]

RANGES: Final = {0.80: (0.78, 0.85), 0.95: (0.93, 0.97)}
"""Level of an interval -> the share of what comes that it must hold."""


@dataclass(frozen=True)
class ForecastTrial:
    """A forecast of what came, judged."""

    held: dict[float, float]
    """Level -> share of the steps inside the interval."""
    error: float
    theta_error: float
    naive_error: float
    """Mean absolute errors, over that of a seasonal step inside the history."""
    below_zero: bool
    no_width: bool
    highest: float
    """Upper end of the 95 % interval over the larger of the forecast and the last season's mean."""


def trial(known: Array, came: Array, season: int) -> ForecastTrial:
    """Forecast what came from what was known."""
    steps = came.size
    made = forecast(known, season, steps)
    ends = {level: made.bounds(level) for level in LEVELS}
    low, high = ends[0.95]
    scale = float(np.abs(known[season:] - known[:-season]).mean()) or 1.0

    def error(values: Array) -> float:
        return float(np.abs(came - values).mean()) / scale

    return ForecastTrial(
        {level: float(((came >= a) & (came <= b)).mean()) for level, (a, b) in ends.items()},
        error(made.mean),
        error(published_theta(known, season, steps)),
        error(seasonal_naive(known, season, steps)),
        bool((known >= 0).all() and min(made.mean.min(), low.min()) < 0),
        any(bool((b <= a).any()) for a, b in ends.values()),
        float((high / np.maximum(made.mean, known[-season:].mean() or 1.0)).max()),
    )


def published_theta(known: Array, season: int, steps: int) -> Array:
    """Theta as statsmodels has it: the whole line at half its slope, a season where its test sees one."""
    from statsmodels.tsa.forecasting.theta import ThetaModel

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of its optimizer
        kind = "multiplicative" if (known > 0).all() else "additive"
        model = ThetaModel(known, period=max(season, 1), deseasonalize=season > 1, method=kind)
        return np.asarray(model.fit().forecast(steps), float)


@cache
def tried(kind: str, worlds: int) -> list[ForecastTrial]:
    """Forecasts of a kind's series."""
    every = (simulated(kind, number) for number in range(worlds))
    return [trial(series[:-HELD_OUT], series[-HELD_OUT:], 12) for series in every]


def _register(kind: str) -> None:
    for level, (low, high) in RANGES.items():

        @claim(f"Forecast, {kind}: {level:.0%} interval holds", low=low, high=high, worlds=400, few=40)
        def held(worlds: int, level: float = level) -> Measurement:
            return measured([one.held[level] for one in tried(kind, worlds)])

    @claim(f"Forecast, {kind}: error over the better of Theta and seasonal naive", high=1.02, worlds=400, few=40)
    def error(worlds: int) -> Measurement:
        trials = tried(kind, worlds)
        better = min(np.mean([one.theta_error for one in trials]), np.mean([one.naive_error for one in trials]))
        return measured([one.error / float(better) for one in trials])


for _kind in KINDS:
    _register(_kind)


@claim("Forecast of sums and counts: below 0, or an interval of no width", high=0.0, worlds=400, few=40)
def impossible(worlds: int) -> Measurement:
    """Over all kinds."""
    return measured([one.below_zero or one.no_width for kind in KINDS for one in tried(kind, worlds)])


def _walk(number: int, size: int) -> Array:
    """A random walk: no method is closer than the last value."""
    rng = np.random.default_rng([SEED, 20, number])
    return np.asarray(1_000 * np.exp(np.cumsum(rng.normal(0, 0.05, size))))


@claim("Forecast: seasonal naive is called closer", high=0.05, worlds=400, few=40)
def naive_closer(worlds: int) -> Measurement:
    """Null: level, noise and drift without a season. Power: months that each go a way of their own, so that nothing but
    last season tells the next."""

    def apart(number: int) -> Array:
        rng = np.random.default_rng([SEED, 22, number])
        ways = np.cumsum(rng.normal(0, 0.35, (6, 12)), axis=0)
        return np.asarray(1_000 * np.exp(ways.ravel() + rng.normal(0, 0.03, 72)))

    null = [
        Candidates(of_kind("trend", np.random.default_rng([SEED, 21, n]), 60), 12, 12).closer for n in range(worlds)
    ]
    planted = [Candidates(apart(n), 12, 12).closer for n in range(worlds)]
    return measured([one == "seasonal_naive" for one in null], [one == "seasonal_naive" for one in planted])


@claim("Forecast: a step in the level is seen where there is none", high=0.05, worlds=400, few=40)
def step_seen(worlds: int) -> Measurement:
    """Null: series with trend, and random walks. Power: a level that doubles or halves within the history."""
    null = [Candidates(simulated("trend", n)[:-HELD_OUT], 12, 1).shift is not None for n in range(worlds)]
    null += [Candidates(_walk(n, 60), 12, 1).shift is not None for n in range(worlds)]
    planted = [Candidates(simulated("level shift", n)[:-HELD_OUT], 12, 1).shift is not None for n in range(worlds)]
    return measured(null, planted)


def _month(number: int) -> tuple[Running, float]:
    """The estimate of a month cut after some of its 30 days, which sell independently of each other, from alike to very
    unlike; and what it came to."""
    rng = np.random.default_rng([SEED, 23, number])
    months = of_kind(str(rng.choice(["trend", "season"])), rng, 60)[:61]
    shape = float(rng.choice([0.5, 2.0, 20.0]))
    days = rng.gamma(shape, 1 / shape, (61, 30)) * months[:, None] / 30
    over = int(rng.integers(3, 28))
    sold = days.sum(axis=1)
    shares = days[:-1, :over].sum(axis=1) / sold[:-1]
    return running(float(days[-1, :over].sum()), shares[-24:], over / 30, forecast(sold[:-1], 12, 1)), float(sold[-1])


@claim("Running month: 80% interval of its end holds", low=0.78, high=0.85, worlds=400, few=60)
def running_month(worlds: int) -> Measurement:
    """Interval of a running month."""
    tried = [_month(number) for number in range(worlds)]
    return measured([estimate.low <= came <= estimate.high for estimate, came in tried])


def _target(estimate: Running, chance: float) -> float:
    """The target that is reached with a chance, found by halving."""
    low, high = 0.0, 10 * estimate.mean
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if estimate.chance(middle) > chance else (low, middle)
    return low


def _register_target(chance: float) -> None:
    @claim(f"Targets: reached, of those with a chance of {chance:.0%}", low=chance - 0.05, high=chance + 0.05,
           worlds=400, few=60)  # fmt: skip
    def reached(worlds: int) -> Measurement:
        tried = [_month(number) for number in range(worlds)]
        return measured([came >= _target(estimate, chance) for estimate, came in tried])


for _chance in (0.25, 0.5, 0.75):
    _register_target(_chance)
