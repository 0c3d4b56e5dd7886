"""Claims about weeks, of which many have few sales or none: the next ones, and the one that is running."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from analytics.models.forecast import LEVELS, forecast
from analytics.models.running import running
from benchmarks.calibration.forecasts import RANGES
from benchmarks.calibration.registry import SEED, Measurement, claim, measured

Array = NDArray[Any]

WEEKS: Final = (14, 26, 52, 90)
"""Weeks that are known."""

RATES: Final = (0.2, 0.5, 1.0, 2.0, 7.0, 40.0)
"""Sales a week: one in five weeks to several a day."""

AHEAD: Final = 4


@dataclass(frozen=True)
class Weeks:
    """A shop's known weeks by day, and those that come."""

    known: Array
    """One row per week."""
    coming: Array


def shop(number: int) -> Weeks:
    """Shop `number`: weekdays sell unlike each other and one may be closed, sales are of alike or very unlike size, and
    the level stands, moves at random, or grows."""
    rng = np.random.default_rng([SEED, 24, number])
    weeks, design = int(rng.choice(WEEKS)), int(rng.integers(0, 3))
    by_weekday = rng.gamma(3, 1, 7) * (np.arange(7) != rng.integers(0, 14))
    level: Array = np.zeros(weeks + AHEAD)
    if design == 1:
        level = np.cumsum(rng.normal(0, 0.05, level.size))
    if design == 2:
        level = rng.uniform(-0.01, 0.01) * np.arange(level.size)
    rate = float(rng.choice(RATES)) * by_weekday / by_weekday.sum()
    sales, shape = rng.poisson(np.exp(level)[:, None] * rate), float(rng.choice([0.7, 2.0, 50.0]))
    days = np.where(sales > 0, rng.gamma(np.maximum(sales * shape, 1e-9), 50 / shape), 0.0)
    return Weeks(days[:weeks], days[weeks:])


@dataclass(frozen=True)
class Trial:
    """Intervals of what came, judged."""

    next_weeks: dict[float, float]
    """Level -> share of the next weeks inside their intervals."""
    now: dict[float, bool]
    """Level -> whether the end of the running week lay inside."""


@cache
def tried(worlds: int) -> list[Trial]:
    """The next weeks of each shop, and the first of them after one to six of its days."""
    out = []
    for number in range(worlds):
        made = shop(number)
        over = int(np.random.default_rng([SEED, 25, number]).integers(1, 7))
        sums, came = made.known.sum(axis=1), made.coming.sum(axis=1)
        ahead = forecast(sums, 1, AHEAD)
        some = sums > 0
        shares = np.where(some, made.known[:, :over].sum(axis=1) / np.where(some, sums, 1.0), np.nan)[-24:]
        now = running(float(made.coming[0, :over].sum()), shares, over / 7, ahead)
        inside, end = {}, {}
        for level in LEVELS:
            low, high = ahead.bounds(level)
            inside[level] = float(((came >= low) & (came <= high)).mean())
            end[level] = now.bounds(level)[0] <= came[0] <= now.bounds(level)[1]
        out.append(Trial(inside, end))
    return out


for _level, (_low, _high) in RANGES.items():

    @claim(f"Forecast, weeks: {_level:.0%} interval holds", low=_low, high=_high, worlds=800, few=80)
    def held(worlds: int, level: float = _level) -> Measurement:
        """Shops of which most sell a few times a week or less."""
        return measured([one.next_weeks[level] for one in tried(worlds)])

    @claim(f"Running week: {_level:.0%} interval of its end holds", low=_low, high=_high, worlds=800, few=80)
    def end_held(worlds: int, level: float = _level) -> Measurement:
        """The same shops."""
        return measured([float(one.now[level]) for one in tried(worlds)])
