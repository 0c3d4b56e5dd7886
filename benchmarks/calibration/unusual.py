"""Claims of Outlook's unusual days: how often a page of a steady shop has one, and whether an odd day is seen.

A shop's days are orders as they come and what each brings. Nothing happens in it but chance, and what recurs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from analytics.models import anomalies
from analytics.models.discoveries import discoveries
from benchmarks.calibration.registry import SEED, Measurement, claim, measured

Array = NDArray[Any]
Rng = np.random.Generator
Sold = tuple[Array, Array]
"""Sales and orders by day."""

YEAR: Final = 365
"""Days, the last, that are looked at."""

DAYS: Final = anomalies.DAYS_BEFORE + YEAR

ORDERS: Final = (1.5, 3.0, 10.0, 50.0, 300.0)
"""Orders of a usual day, in one world after another."""

WEEK: Final = np.array([0.7, 0.8, 0.9, 1.0, 1.2, 1.5, 0.9])


def sold(rng: Rng, rate: Array, sizes: Callable[[int], Array]) -> Sold:
    """Orders at a rate a day (Poisson), each of some size."""
    count = rng.poisson(rate)
    ends = np.cumsum(count)
    sums = np.concatenate([[0.0], np.cumsum(sizes(int(ends[-1])))])
    return sums[ends] - sums[ends - count], count.astype(float)


def _usual(rng: Rng, orders: float) -> Array:
    """A rate a day with the weekday's habit."""
    return orders * np.resize(rng.permutation(WEEK), DAYS)


def _sizes(rng: Rng, spread: float = 0.7) -> Callable[[int], Array]:
    return lambda count: rng.lognormal(3, spread, count)


def _steady(rng: Rng, orders: float) -> Sold:
    return sold(rng, _usual(rng, orders), _sizes(rng, float(rng.choice([0.3, 0.7, 1.0, 1.6]))))


def _uneven(rng: Rng, orders: float) -> Sold:
    """Days unlike each other, or weeks that wander."""
    days, weeks = rng.gamma(4, 1 / 4, DAYS), np.exp(np.repeat(np.cumsum(rng.normal(0, 0.06, DAYS // 7 + 1)), 7)[:DAYS])
    return sold(rng, _usual(rng, orders) * (days if rng.random() < 0.5 else weeks), _sizes(rng))


def _weekly(rng: Rng, orders: float) -> Sold:
    """Most of a week on one day, or little at the weekend."""
    week = np.array([0.3, 0.3, 0.3, 0.3, 5.5, 0.3, 0.01]) if rng.random() < 0.5 else np.array([1.4] * 5 + [0.02] * 2)
    return sold(rng, orders * np.resize(week, DAYS), _sizes(rng))


def _moving(rng: Rng, orders: float) -> Sold:
    """Growth or decline by e squared, or a season."""
    season = 0.8 * np.sin(2 * np.pi * (np.arange(DAYS) / 365 + rng.random()))
    trend = rng.choice([-1, 1]) * np.linspace(-1, 1, DAYS)
    return sold(rng, _usual(rng, orders) * np.exp(season if rng.random() < 0.5 else trend), _sizes(rng))


def _power(rng: Rng, orders: float) -> Sold:
    """Sizes by a power law."""
    shape = float(rng.choice([1.1, 1.5, 2.0, 3.0]))
    return sold(rng, _usual(rng, orders), lambda count: 20 * (1 + np.minimum(rng.pareto(shape, count), 1e4)))


def _bulk(rng: Rng, orders: float) -> Sold:
    """Bulk orders, some a year to one on every tenth day, that bring several days' sales."""
    often, times = float(rng.uniform(0.03, 0.1)) / orders, 7 * max(orders, 3)
    return sold(
        rng,
        _usual(rng, orders),
        lambda count: rng.lognormal(3, 0.6, count) * np.where(rng.random(count) < often, times, 1),
    )


def _closed(rng: Rng, orders: float) -> Sold:
    """Closed on some days, here and there."""
    return sold(rng, _usual(rng, orders) * (rng.random(DAYS) > rng.uniform(0.02, 0.08)), _sizes(rng))


def _standing(rng: Rng, orders: float) -> Sold:
    """Customers with one basket each, every week or month, some of them late or left out."""
    every = int(rng.choice([7, 28]))
    sales, count = np.zeros(DAYS), np.zeros(DAYS)
    for size in rng.lognormal(3, 1, max(1, round(orders * every))):
        days = np.arange(rng.integers(0, every), DAYS, every)
        days = days[rng.random(days.size) < 0.85]
        days = days + (rng.random(days.size) < 0.15)
        days = days[days < DAYS]
        sales[days] += size
        count[days] += 1
    return sales, count


SHOPS: Final[dict[str, Callable[[Rng, float], Sold]]] = {
    "steady": _steady, "uneven days": _uneven, "one busy weekday": _weekly, "trend and season": _moving,
    "sizes by a power law": _power, "bulk orders": _bulk, "closed days": _closed, "standing orders": _standing,
}  # fmt: skip


def called(sales: Array, orders: Array) -> Array:
    """Marks of the days of the last year that the page calls unusual."""
    judged = anomalies.judged(sales, orders)
    closed = anomalies.closed(judged.empty, orders <= 0)
    return np.asarray(discoveries(np.where(closed, np.nan, judged.chance)[-YEAR:]))


def _register(kind: str, at: int) -> None:
    @claim(f"Unusual days, {kind}: a page of a shop to which nothing happened", high=0.07, worlds=400, few=20)
    def null(worlds: int) -> Measurement:
        each = ((np.random.default_rng([SEED, 70, at, n]), ORDERS[n % len(ORDERS)]) for n in range(worlds))
        return measured([bool(called(*SHOPS[kind](rng, orders)).any()) for rng, orders in each])


for _at, _kind in enumerate(SHOPS):
    _register(_kind, _at)


def _lost(sales: Array, orders: Array, day: int, _: Rng) -> int:
    sales[day : day + 7], orders[day : day + 7] = 0, 0
    return 7


def _promoted(sales: Array, orders: Array, day: int, rng: Rng) -> int:
    """Five times the orders."""
    more = rng.poisson(4 * orders.mean())
    sales[day] += more * sales.sum() / orders.sum()
    orders[day] += more
    return 1


def _mistyped(sales: Array, orders: Array, day: int, _: Rng) -> int:
    """One order of the day a hundred times as large as its orders are on average."""
    sales[day] += 99 * sales[day] / max(orders[day], 1)
    return 1


def _mispriced(sales: Array, _: Array, day: int, rng: Rng) -> int:
    """All orders of the day a tenth or five times as large."""
    sales[day] *= float(rng.choice([0.1, 5.0]))
    return 1


PLANTED: Final[dict[str, Callable[[Array, Array, int, Rng], int]]] = {
    "a lost week": _lost, "a promotion": _promoted, "a typo": _mistyped, "wrong prices": _mispriced,
}  # fmt: skip


def _register_planted(what: str, at: int, orders: float) -> None:
    @claim(f"Unusual days, {orders:g} orders a day: called beside {what}", high=0.07, worlds=100, few=10)
    def planted(worlds: int) -> Measurement:
        """Null: the same shop, days other than the planted ones. Power: one of these is called."""
        other, seen = [], []
        for number in range(worlds):
            rng = np.random.default_rng([SEED, 71, at, int(orders), number])
            sales, count = sold(rng, _usual(rng, orders), _sizes(rng, float(rng.uniform(0.3, 0.9))))
            day = DAYS - 1 - int(rng.integers(10, YEAR - 10))
            while count[day] == 0:
                day += 1
            end = day + PLANTED[what](sales, count, day, rng)
            marks = called(sales, count)
            seen.append(bool(marks[day - DAYS + YEAR : end - DAYS + YEAR].any()))
            # Empty days on both sides of a lost week are days of it.
            while what == "a lost week" and end < DAYS and not count[end]:
                end += 1
            while what == "a lost week" and not count[day - 1]:
                day -= 1
            marks[day - DAYS + YEAR : end - DAYS + YEAR] = False
            other.append(bool(marks.any()))
        return measured(other, seen)


for _orders in (3.0, 12.0, 60.0, 400.0):
    for _at, _what in enumerate(PLANTED):
        _register_planted(_what, _at, _orders)
