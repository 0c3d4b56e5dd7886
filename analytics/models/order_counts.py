"""How many orders a day usually has, and how seldom so few or so many come.

A day's orders are a count whose mean is known from the counts before it only: a negative binomial, whose index is the
number of orders that the mean was made of (the predictive law of a Poisson rate with a gamma posterior: Gelman et al.,
Bayesian Data Analysis, section 2.6). Days differ by more than that; how much is seen in the tail of the distances
between what came and what was expected (see `tails`). Counts that are more even than a Poisson's, such as one total a
day, are scaled to one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from analytics.models import tails, windows

Array = NDArray[Any]

LEVEL_DAYS: Final = 14
"""Days before a day that say at what level orders are, weekdays allowed for."""

WEEKS: Final = 26
"""Same weekdays before a day that say how that weekday differs from others."""

FEWEST_DAYS: Final = 7
"""Days of that level, and ..."""

FEWEST_WEEKS: Final = 3
"""... weekdays before, that a day needs to be judged."""

SELDOM: Final = 1e-4
"""A day with a chance below it is left out of what other days are compared with."""

RECURS: Final = 0.02
"""What happens on more than this share of the days is usual."""

TAIL: Final = 0.1
"""Share of the days that say how far from the expected orders days lie at all."""

CLOSED: Final = 0.05
"""A day with fewer orders expected is one that is usually closed, also in a week without any."""

_MOST_EVEN: Final = 0.02
"""Variance over mean, at least, that counts are scaled by."""


@dataclass(frozen=True, eq=False)
class CountedDays:
    """One entry per day."""

    expected: Array
    """Orders expected by the days before; NaN where that is not known."""
    chance: Array
    """The chance of so few or, on a day with more than expected, of so many; NaN where that is not known."""
    empty: Array
    """The chance of no orders on all days of a run of empty ones, whether or not such runs recur; NaN on other days."""

    @property
    def unusual(self) -> Array:
        """Days that others are not compared with."""
        with np.errstate(invalid="ignore"):
            return self.chance < SELDOM


def counted(orders: Array) -> CountedDays:
    """Judge the orders of each day of a gapless series by the days before it, those left out that are unusual."""
    first = _judged(orders, np.zeros(orders.size, bool))
    if not first.unusual.any():
        return first
    return _judged(orders, windows.first_ways(first.unusual, orders > first.expected, LEVEL_DAYS))


def _judged(orders: Array, out: Array) -> CountedDays:
    expected, made_of = _expected(orders, out)
    known = ~np.isnan(expected)
    even = _evenness(orders[known], expected[known])
    count, mean, made_of = orders / even, expected / even, made_of / even
    # Square roots of counts vary alike whatever their mean (Anscombe 1948).
    off = 2 * (np.sqrt(count + 3 / 8) - np.sqrt(mean + 3 / 8)) / np.sqrt(1 + mean / made_of)
    few, many = _at_most(count, mean, made_of), _at_least(count, mean, made_of)
    leave = int(RECURS * known.sum())
    sold = orders > 0
    # Below, roots of counts end at 0 and thin out as a normal's do or faster, whose squares do as an exponential's.
    fewer = np.where(sold, -off * np.abs(off), np.nan)
    low = np.maximum(tails.beyond(fewer, fewer, share=TAIL, leave=leave), few)
    spans = windows.runs(known & ~sold)
    empty = _empty(spans, mean, made_of, _index(count[known], mean[known]))
    empty[expected < CLOSED] = 1.0
    low = np.where(sold, low, empty)
    for (first, end), often in zip(spans, windows.alike(spans), strict=True):
        if often > max(leave, 1):
            low[first:end] = np.maximum(low[first:end], often / known.sum())
    chance = np.where(count > mean, np.maximum(tails.beyond(off, off, share=TAIL, leave=leave), many), low)
    return CountedDays(expected, np.where(known, chance, np.nan), empty)


def _expected(orders: Array, out: Array) -> tuple[Array, Array]:
    """Orders expected on each day, and how many orders that was made of."""
    kept = np.where(out, np.nan, orders)
    same = windows.before(kept, WEEKS, 7)
    sold, weeks = np.nansum(same, axis=1), (~np.isnan(same)).sum(axis=1)
    habit = np.where(weeks > 0, sold / np.maximum(weeks, 1), np.nan)
    # A day without orders that is out of line says nothing of a new level.
    every = np.where(out & (orders <= 0), np.nan, orders)
    level = windows.kept_unless_most(windows.before(kept, LEVEL_DAYS), windows.before(every, LEVEL_DAYS))
    habits = windows.before(habit, LEVEL_DAYS)
    known = ~np.isnan(level) & ~np.isnan(habits)
    came, usually = np.where(known, level, 0).sum(axis=1), np.where(known, habits, 0).sum(axis=1)
    able = (known.sum(axis=1) >= FEWEST_DAYS) & (usually > 0)
    # After a long run of lost days the level is that before it.
    level_of, came = (
        windows.latest(np.where(able, some, np.nan)) for some in (came / np.where(able, usually, 1), came)
    )
    expected = np.where(weeks >= FEWEST_WEEKS, habit * level_of, np.nan)
    return expected, 1 / (1 / (came + 0.5) + 1 / (sold + 0.5))


def _evenness(orders: Array, expected: Array) -> float:
    """Variance over mean where that is below 1, its largest parts left out as unusual; else 1."""
    inside = expected > 0
    if not inside.any():
        return 1.0
    parts = np.sort((orders - expected)[inside] ** 2 / expected[inside])
    return float(np.clip(parts[: parts.size - int(RECURS * parts.size)].mean(), _MOST_EVEN, 1.0))


def _index(count: Array, mean: Array) -> float:
    """How unlike days are beyond a Poisson's counts, as the index of a negative binomial (by moments), the largest
    distances left out as unusual."""
    inside = mean > 0
    if not inside.any():
        return 1.0
    beyond = np.sort((count - mean)[inside] ** 2 - mean[inside])
    seen = float(beyond[: beyond.size - int(RECURS * beyond.size)].sum())
    return float((mean[inside] ** 2).sum()) / max(seen, 1e-6)


def _empty(spans: list[tuple[int, int]], mean: Array, made_of: Array, index: float) -> Array:
    """The chance of all days of each run of empty ones, on these; the level before a run is one for all its days."""
    chance = np.full(mean.size, np.nan)
    for first, end in spans:
        missed = index * np.log1p(mean[first:end] / index).sum()
        known = made_of[first:end].max()
        chance[first:end] = np.exp(-known * np.log1p(missed / known))
    return chance


def _at_most(count: Array, mean: Array, index: Array) -> Array:
    """The chance of at most so many, of a negative binomial."""
    from scipy.special import betainc

    return np.asarray(betainc(index, count + 1, index / (index + mean)))


def _at_least(count: Array, mean: Array, index: Array) -> Array:
    """The chance of at least so many, of a negative binomial."""
    from scipy.special import betainc

    some = np.maximum(count, 1e-9)
    return np.asarray(np.where(count > 0, betainc(some, index, mean / (index + mean)), 1.0))
