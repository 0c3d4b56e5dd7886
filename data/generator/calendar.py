"""The demo's days and months: how busy each day is, and which month it falls in."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from data.generator import truths

DAYS: Final = (truths.LAST_DAY - truths.FIRST_DAY).days + 1
MONTHS: Final = 36

_MONTH_WEIGHT: Final = (0.70, 0.72, 0.88, 0.98, 1.06, 1.05, 0.98, 0.92, 0.88, 0.92, 2.05, 1.25)
"""January to December."""
_WEEKDAY_WEIGHT: Final = (0.88, 0.84, 0.90, 0.96, 1.10, 1.36, 0.96)
"""Monday to Sunday."""
_NEW_CUSTOMER_GROWTH: Final = 0.08
"""Yearly growth of the number of first orders."""
_START_BOOST: Final = 0.85
"""How many more first orders there are at the start, when nobody can come back yet; it fades in about a year."""
_START_BOOST_DAYS: Final = 110.0


def month_index(day: date) -> int:
    """Number of whole months from the first month of the data; 0 is that month itself."""
    return (day.year - truths.FIRST_DAY.year) * 12 + day.month - truths.FIRST_DAY.month


def month_start(index: int) -> date:
    """First day of month `index`, which may lie after the data."""
    months = truths.FIRST_DAY.month - 1 + index
    return date(truths.FIRST_DAY.year + months // 12, months % 12 + 1, 1)


def _days() -> list[date]:
    return [truths.FIRST_DAY + timedelta(days=offset) for offset in range(DAYS)]


MONTH_OF_DAY: Final[NDArray[np.int64]] = np.array([month_index(day) for day in _days()])


def _busyness() -> NDArray[np.float64]:
    weight = np.array([_MONTH_WEIGHT[day.month - 1] * _WEEKDAY_WEIGHT[day.weekday()] for day in _days()])
    weight[(truths.OUTAGE_DAY - truths.FIRST_DAY).days] *= 0.08
    weight[(truths.FLASH_SALE_DAY - truths.FIRST_DAY).days] *= 4.0
    relative: NDArray[np.float64] = weight / weight.mean()
    return relative


BUSYNESS: Final = _busyness()
"""How busy each day is by season, weekday and event; the mean day is 1."""

ELAPSED: Final[NDArray[np.float64]] = np.concatenate([[0.0], np.cumsum(BUSYNESS)])
"""Busy time gone by at the start of each day, and at the end of the last. Customers come back on this clock, which runs
fast in November and on Saturdays: so returning orders get the shop's season without being thinned out."""


def _first_order_cdf() -> NDArray[np.float64]:
    days = np.arange(DAYS)
    growth = (1 + _NEW_CUSTOMER_GROWTH) ** (days / 365.25)
    total = np.cumsum(BUSYNESS * growth * (1 + _START_BOOST * np.exp(-days / _START_BOOST_DAYS)))
    return np.asarray(total / total[-1])


FIRST_ORDER_CDF: Final = _first_order_cdf()
"""Chance that a customer's first order falls on a day or before it."""
