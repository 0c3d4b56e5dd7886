"""Days that fall out of line: by how many orders they had, or by what an order brought.

Few orders a day, bulk orders and standing ones make large days and small ones by chance, so both are judged by what the
same series does: see `order_counts` and `order_sizes`. A lost day or a promotion shows in the orders, a wrong price in
what they brought.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from analytics.models import windows
from analytics.models.order_counts import SELDOM, WEEKS, counted
from analytics.models.order_sizes import sized

Array = NDArray[Any]

DAYS_BEFORE: Final = 7 * WEEKS
"""Days before a day that it is judged by."""


@dataclass(frozen=True, eq=False)
class JudgedDays:
    """One entry per day of a series."""

    usual: Array
    """What is usual: the orders expected, or those times what one usually brings; NaN where unknown."""
    chance: Array
    """The chance of a day at least as far out of line; NaN where that is not known."""
    z: Array
    """That chance as standard deviations of a normal, up or down."""
    empty: Array
    """Days without orders that are unusual by themselves, even where such days recur."""


def judged(values: Array, orders: Array) -> JudgedDays:
    """Judge each day of a gapless daily series of sales by its orders and by what an order brought; sales that are
    the orders themselves by those alone. Which of many days are unusual is to be told over all of them, see
    `discoveries`."""
    from scipy.special import ndtri

    orders = np.asarray(orders, float)
    values = np.maximum(np.asarray(values, float), 0)
    count = counted(orders)
    usual, chance, sides, above = count.expected, count.chance, 2, orders > count.expected
    if not np.array_equal(values, orders):
        size, unlike = sized(values, orders, count.unusual)
        usual = np.where(count.expected > 0, count.expected * windows.latest(size), count.expected)
        sides, above = 4, values > usual
        seen = np.where(_shows(values, usual, orders, count.expected), chance, np.where(np.isnan(chance), np.nan, 1.0))
        chance = np.fmin(seen, np.where(np.isnan(count.chance), np.nan, unlike))
    chance = np.minimum(sides * chance, 1.0)
    with np.errstate(invalid="ignore"):
        empty = count.empty < SELDOM
    z = -ndtri(np.clip(chance / 2, 1e-300, 0.5))
    return JudgedDays(usual, chance, np.where(above, z, -z), empty)


def _shows(values: Array, usual: Array, orders: Array, expected: Array) -> Array:
    """Whether more or fewer orders show in the sales of a day: these moved the same way, by half as much at the least.

    Goods that are given away sell for nothing on a busy day, too; and three times the orders at a third each are a
    day's usual sales.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        by_orders = usual * (orders / expected - 1)
        moved = (values - usual) * by_orders > by_orders**2 * SHOWN
    return np.where(expected > 0, moved, values > usual)


SHOWN: Final = 0.5
"""Part of what unusual orders make of the usual sales that must be seen in them."""

RUNS: Final = 3
"""Runs of days without any sales from which on such runs recur."""


def closed(unusual: Array, empty: Array) -> Array:
    """Marks of closed days: of the unusual ones those in runs of empty days that recur, as holidays do.

    Days in a row are one run, so that a single failure of some days is none; a week is not recurred by single days.
    """
    marks, spans = np.zeros(empty.size, bool), windows.runs(empty)
    for (first, end), often in zip(spans, windows.alike(spans), strict=True):
        marks[first:end] = unusual[first:end] & (often >= RUNS)
    return marks
