"""Own-price elasticity: log units on log price with month effects, by ordinary least squares, and what follows from it.

For one item the effects are the months of the year; for several items they are the items and every single month, so
that what moves all items at once is not taken for an answer to price. Months without sales have no price and are left
out.

An item's months resemble each other, so the error over several items takes each item as one observation (Liang and
Zeger 1986); of one item alone the months count as independent, which makes its interval too narrow where they are not.

Source: the log-log demand model with fixed effects of any textbook of econometrics (Wooldridge, Introductory
Econometrics); effects are taken out first, which leaves estimate and error as they are (Frisch and Waugh 1933).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

LEVEL: Final = 0.95
"""Level of the intervals."""

FEWEST_FREE: Final = 8
"""Observations beyond what the effects use up that an estimate needs."""

LEAST_VARIATION: Final = 0.02
"""Standard deviation of log price, effects taken out, below which prices count as never varied: 2 %."""


@dataclass(frozen=True)
class Elasticity:
    """By what percentage units change when the price rises by one per cent, or why the data cannot tell."""

    value: float | None
    low: float | None
    high: float | None
    """Ends of the 95 % interval."""
    error: float | None
    observations: int
    """Item-months with sales."""
    variation: float
    """Standard deviation of log price with the effects taken out: 0.05 is about 5 %."""
    reason: str = ""
    """Why there is no value, in words; empty where there is one."""

    @property
    def identifiable(self) -> bool:
        """Whether prices varied enough to tell."""
        return self.value is not None


def fit(units: Array, price: Array, item: Array, month: Array) -> Elasticity:
    """The elasticity from one row per item and month: units and price above 0, `item` any codes, `month` months counted
    on from any January (0 ... ). ValueError where units or prices are not above 0.
    """
    units, price = np.asarray(units, float), np.asarray(price, float)
    if (units <= 0).any() or (price <= 0).any():
        raise ValueError("units and prices must be above 0; leave months without sales out")
    items = np.unique(item, return_inverse=True)[1]
    several = items.size > 0 and items.max() > 0
    effects = np.unique(month if several else np.asarray(month) % 12, return_inverse=True)[1]
    y, x, used = _without_effects(np.log(units), np.log(price), items, effects)
    free = units.size - used - 1
    variation = float(np.sqrt(x @ x / max(units.size - used, 1))) if units.size > used else 0.0
    nothing = (None, None, None, None, int(units.size), variation)
    if free < FEWEST_FREE:
        more = FEWEST_FREE - free
        return Elasticity(*nothing, f"too few months with sales: {more} more are needed to tell season from price")
    if variation < LEAST_VARIATION:
        return Elasticity(*nothing, f"prices hardly varied: by {variation:.1%} once the month is allowed for")
    from scipy.stats import t

    value = float(x @ y / (x @ x))
    rest = y - value * x
    if several:
        of_items = np.bincount(items, x * rest)
        count = of_items.size
        scale = count / (count - 1) * (units.size - 1) / free
        error, degrees = float(np.sqrt(scale * (of_items @ of_items)) / (x @ x)), count - 1
    else:
        error, degrees = float(np.sqrt(rest @ rest / free / (x @ x))), free
    reach = float(t.ppf((1 + LEVEL) / 2, degrees)) * error
    return Elasticity(value, value - reach, value + reach, error, int(units.size), variation)


def _without_effects(y: Array, x: Array, items: Array, effects: Array) -> tuple[Array, Array, int]:
    """Both columns with item and month effects taken out exactly, and how many numbers those effects are."""
    count = np.bincount(items)

    def centred(values: Array) -> Array:
        means = np.stack([np.bincount(items, column) for column in values.T], axis=1) / count[:, None]
        return np.asarray(values - means[items])

    months = centred(np.eye(effects.max() + 1)[effects]) if effects.size else np.zeros((0, 0))
    both = centred(np.column_stack([y, x]))
    left, size, _ = np.linalg.svd(months, full_matrices=False)
    rank = int((size > 1e-9 * max(float(size.max(initial=0.0)), 1.0)).sum())
    basis = left[:, :rank]
    both = both - basis @ (basis.T @ both)
    both = both - basis @ (basis.T @ both)  # once more: what rounding left behind
    return both[:, 0], both[:, 1], int(count.size + rank)


@dataclass(frozen=True)
class ScenarioEstimate:
    """A number now, and with another price: expected and at both ends of the elasticity's interval."""

    now: float
    expected: float
    low: float
    high: float


def what_if(
    elasticity: Elasticity, change: float, *, revenue: float, units: float, cost: float | None
) -> dict[str, ScenarioEstimate]:
    """Revenue, units and (with a cost) profit if all prices change by a share, -0.1 being a tenth off.

    Units answer with the elasticity, unit costs stay. ValueError without an elasticity, or for prices at or below 0.
    """
    value, low, high = elasticity.value, elasticity.low, elasticity.high
    if value is None or low is None or high is None:
        raise ValueError("no elasticity to reckon with")
    if change <= -1:
        raise ValueError("a price must stay above 0")
    factors = [(1 + change) ** power for power in (value, low, high)]
    out = {"revenue": _outcome(revenue, [revenue * (1 + change) * factor for factor in factors])}
    if cost is not None:
        out["profit"] = _outcome(revenue - cost, [(revenue * (1 + change) - cost) * factor for factor in factors])
    out["units"] = _outcome(units, [units * factor for factor in factors])
    return out


def _outcome(now: float, result: list[float]) -> ScenarioEstimate:
    # Each is monotone in the elasticity, so the interval's ends give the outcome's.
    return ScenarioEstimate(now, result[0], min(result[1:]), max(result[1:]))
