"""What an order of a day usually brings, and how seldom the mean of a day's orders lies so far from it."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from analytics.models import tails, windows
from analytics.models.order_counts import LEVEL_DAYS, SELDOM, WEEKS

Array = NDArray[Any]

SCALE_DAYS: Final = 13 * 7
"""Days before a day whose distance from their own usual size says how much sizes vary."""

FEWEST: Final = 28
"""Such distances that a day needs to be judged."""

FEWEST_DAYS: Final = 5
"""Days with orders of the LEVEL_DAYS before."""

FEWEST_WEEKS: Final = 3
"""Same weekdays with orders before."""

ONCE: Final = 2
"""Days, the largest, and large ones in a row with them, that do not say how large a day can be; what comes more often
than that, as bulk orders do, is usual."""

TAIL: Final = 0.04
"""Share of the days that say how large a day can be: of sums of sizes that follow a power law only the largest ones
do."""

_FLOOR: Final = 0.01
"""Orders that bring nothing count as this share of the median, so that their logarithm exists."""

_ROBUST: Final = 1.4826
"""Median absolute deviation -> standard deviation, of a normal."""


def sized(values: Array, orders: Array, out: Array) -> tuple[Array, Array]:
    """What an order of each day usually brings, and the chance that its orders bring so little or so much, by the days
    before it; days to leave `out` are not compared with. NaN where that is not known, or nothing was ordered."""
    with np.errstate(divide="ignore", invalid="ignore"):
        size = np.where(orders > 0, np.maximum(values, 0) / orders, np.nan)
    some = size[size > 0]
    if not some.size:
        return np.full(size.size, np.nan), np.full(size.size, np.nan)
    log = np.log(np.maximum(size, _FLOOR * np.median(some)))
    usual, chance = _judged(log, orders, out)
    with np.errstate(invalid="ignore"):
        odd = windows.first_ways(chance < SELDOM, log > usual, LEVEL_DAYS)
    if odd.any():
        usual, chance = _judged(log, orders, out | odd)
    return np.exp(usual), chance


def _judged(log: Array, orders: Array, out: Array) -> tuple[Array, Array]:
    kept = np.where(out, np.nan, log)
    rows = windows.kept_unless_most(windows.before(kept, LEVEL_DAYS), windows.before(log, LEVEL_DAYS))
    level = windows.medians(rows, FEWEST_DAYS)
    habit = windows.medians(windows.before(np.where(out, np.nan, log - level), WEEKS, 7), FEWEST_WEEKS)
    # The mean of more orders lies nearer.
    off = (log - level - habit) * np.sqrt(orders)
    spread = windows.medians(np.abs(windows.before(np.where(out, np.nan, off), SCALE_DAYS)), FEWEST)
    z = off / np.where(spread > 0, _ROBUST * spread, np.nan)
    sides = [tails.beyond(one, one, share=TAIL, leave=ONCE) for one in (z, -z)]
    return level + habit, np.where(z > 0, *sides)
