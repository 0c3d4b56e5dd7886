"""Claims of Outlook's unusual days: how many days of an even year are called so, and whether an odd one is."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from analytics.models import anomalies
from benchmarks.calibration.registry import SEED, Measurement, claim, measured

Array = NDArray[Any]

DAYS: Final = 3 * 365

YEAR: Final = 365
"""Days, the last, that are looked at."""

TIMES: Final = (0.1, 5.0)
"""What the odd day sells where one is planted, of what is usual."""

KINDS: Final = {"many orders": 400.0, "some orders": 60.0, "few orders": 12.0}
"""Orders of a usual day."""


def days(orders: float, rng: np.random.Generator) -> Array:
    """Sales a day of a shop whose weekdays have habits, with seasons, growth and weeks that resemble each other; orders
    as they come (Poisson), each of another size (log-normal)."""
    day = np.arange(DAYS)
    week = np.repeat(np.cumsum(rng.normal(0, 0.03, DAYS // 7 + 1)), 7)[:DAYS]
    habit = np.resize(rng.normal(0, 0.25, 7), DAYS)
    season = rng.uniform(0, 0.3) * np.sin(2 * np.pi * (day / 365 + rng.random()))
    count = rng.poisson(orders * np.exp(habit + season + week + rng.uniform(-0.0003, 0.0006) * day))
    spread = rng.uniform(0.3, 0.9)
    ends = np.cumsum(count)
    sums = np.concatenate([[0.0], np.cumsum(np.exp(rng.normal(3, spread, int(ends[-1]))))])
    return np.asarray(sums[ends] - sums[ends - count])


def _register(kind: str, at: int) -> None:
    @claim(f"Unusual days, {kind} a day: days of an even year that are called so", high=0.01, worlds=60, few=10)
    def called(worlds: int) -> Measurement:
        null, power = [], []
        for number in range(worlds):
            rng = np.random.default_rng([SEED, 70 + at, number])
            series = days(KINDS[kind], rng)
            null.append(float(anomalies.usual(series).anomalies[-YEAR:].mean()))
            odd = DAYS - 1 - int(rng.integers(0, YEAR))
            planted = series.copy()
            planted[odd] *= float(rng.choice(TIMES))
            power.append(bool(anomalies.usual(planted).anomalies[odd]))
        return measured(null, power)


for _at, _kind in enumerate(KINDS):
    _register(_kind, _at)
