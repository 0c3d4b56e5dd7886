"""Own-price elasticity: how many per cent units change for a price one per cent higher, and what follows from it.

The log of the expected units of an item and month is the item's, plus the month's, plus elasticity x log price. Units
are counts (see `counts`), so months in which an item sold nothing count. The month's part is that of every single
month, so that what moves all items at once is not taken for an answer to price; for one item it is the month of the
year and a straight line. Up to FEWEST_CLUSTERS items have a straight line each.

From FEWEST_CLUSTERS items on each item is one observation of how sure that is (`clusters`); of fewer, each month is,
as far as it does not resemble the one before (`serial`).

Source: the log-log demand model with fixed effects (Wooldridge, Econometric Analysis of Cross Section and Panel Data,
chapter 18); Santos Silva and Tenreyro (2006), The log of gravity, on why logs of units are not taken.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from analytics.models import clusters, serial
from analytics.models.panel import Panel, panel

Array = NDArray[Any]

LEVEL: Final = 0.95
"""Level of the intervals."""

ELASTIC: Final = -1.0
"""Beyond it a higher price brings less revenue."""

FEWEST_FREE: Final = 8
"""Item-months beyond what the effects use up that an estimate needs."""

FEWEST_CLUSTERS: Final = 5
"""Items from which on each is one observation."""

LEAST_VARIATION: Final = 0.02
"""Standard deviation of log price, effects taken out, below which prices count as never varied: 2 %."""

MOST_UNKNOWN: Final = 0.2
"""Share of item-months, at most, without sales between two months whose prices differ: their price is not known."""


@dataclass(frozen=True)
class Elasticity:
    """By what percentage units change when the price rises by one per cent, or why the data cannot tell."""

    value: float | None
    low: float | None
    high: float | None
    """Ends of the 95 % interval."""
    observations: int
    """Item-months, those without sales included."""
    variation: float
    """Standard deviation of log price with the effects taken out: 0.05 is about 5 %."""
    reason: str = ""
    """Why there is no value, in words; empty where there is one."""
    chance: float | None = None
    """The chance of an estimate so far from ELASTIC where that is the truth."""

    @property
    def identifiable(self) -> bool:
        """Whether prices varied enough to tell."""
        return self.value is not None

    @property
    def usable(self) -> bool:
        """Whether another price can be reckoned with: demand does not rise with the price beyond doubt."""
        return self.low is not None and self.low <= 0


def fit(units: Array, price: Array, item: Array, month: Array, span: tuple[int, int]) -> Elasticity:
    """The elasticity from one row per item and month with sales: units and price above 0 (a price that is not
    known is NaN), `item` any codes, `month` counted on from any January (0 ... ), within `span`, the first and last
    whole month of the history. ValueError where units or prices are not above 0.
    """
    units, price = np.asarray(units, float), np.asarray(price, float)
    if (units <= 0).any() or (price <= 0).any():
        raise ValueError("units and prices must be above 0; months without sales need no row")
    return _of(panel(units, price, item, month, span))


def _of(data: Panel) -> Elasticity:
    few, size = data.mask.shape[0] < FEWEST_CLUSTERS, int(data.mask.sum())
    if not size:
        return Elasticity(None, None, None, 0, 0.0, "too little was sold to tell")
    price = data.price[data.mask]
    if few:
        effects, gap = data.effects()
        used, rest = effects.shape[1], price - effects @ (effects.T @ price)
        squares = float(rest @ rest)
    else:
        used, squares = sum(data.mask.shape) - 1, clusters.squares(data.price, data.mask)
    free = size - used - 1
    variation = float(np.sqrt(squares / max(size - used, 1)))
    unknown = 1 - float(data.known[data.mask].mean())
    nothing = (None, None, None, size, variation)
    if free < FEWEST_FREE:
        more = FEWEST_FREE - free
        return Elasticity(*nothing, f"too few months to tell season from price; {more} more needed")
    if variation < LEAST_VARIATION:
        return Elasticity(*nothing, f"prices hardly varied: by {variation:.1%} once the month is allowed for")
    if unknown > MOST_UNKNOWN:
        return Elasticity(*nothing, f"in {unknown:.0%} of the months nothing was sold and the price is not known")
    if few:
        found = serial.fit(data.units[data.mask], effects, price, gap, LEVEL, ELASTIC)
    else:
        found = clusters.fit(data.units, data.price, data.mask, LEVEL, ELASTIC)
    if found is None:
        return Elasticity(*nothing, "too little was sold to tell")
    value, low, high, chance = found
    return Elasticity(value, low, high, size, variation, chance=chance)


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
