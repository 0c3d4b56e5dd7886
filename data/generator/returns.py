"""The demo's returns: which lines come back, when and why."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from data.generator import calendar, truths
from data.generator.catalogue import CATALOGUE, CATEGORY_NAMES
from data.generator.orders import OrderLines, Orders

REASONS: Final = ("Arrived late", "Changed mind", "Damaged in transit", "Defective", "Not as described", "Wrong size")
LAG: Final = (3, 45)
"""Days between order and return, shortest and longest."""

_REASON_SHARES: Final = {
    "Apparel": (0.06, 0.24, 0.05, 0.05, 0.15, 0.45),
    "Camping & Hiking": (0.12, 0.33, 0.15, 0.15, 0.22, 0.03),
    "Cycling": (0.12, 0.24, 0.20, 0.18, 0.14, 0.12),
    "Home & Garden": (0.12, 0.30, 0.30, 0.10, 0.16, 0.02),
}
_DEFECTIVE_SHARES: Final = (0.02, 0.06, 0.03, 0.80, 0.09, 0.0)


def _reason_cdf() -> NDArray[np.float64]:
    rows = np.array([_REASON_SHARES[CATEGORY_NAMES[number]] for number in CATALOGUE.category])
    rows[CATALOGUE.product.index(truths.DEFECTIVE)] = _DEFECTIVE_SHARES
    cumulated = np.cumsum(rows, axis=1)
    shares: NDArray[np.float64] = (cumulated / cumulated[:, -1:] + np.arange(len(rows))[:, None]).ravel()
    return shares


_REASON_CDF: Final = _reason_cdf()


class ReturnedLines(NamedTuple):
    """Returns as arrays, sorted like the lines they belong to; amount in ten-thousandths."""

    line: NDArray[np.int64]
    """Position of the line within the chunk."""
    day: NDArray[np.int64]
    """Days since the first day of the data."""
    quantity: NDArray[np.int64]
    amount: NDArray[np.int64]
    reason: NDArray[np.int64]


def draw(rng: np.random.Generator, orders: Orders, lines: OrderLines) -> ReturnedLines:
    """The returns of some lines that were handed in by the last day of the data."""
    line = np.flatnonzero(rng.random(len(lines.product)) < CATALOGUE.returned[lines.product])
    lag = LAG[0] + np.floor(rng.beta(1.4, 2.4, len(line)) * (LAG[1] - LAG[0] + 1)).astype(np.int64)
    day = orders.day[lines.order[line]] + lag
    line, day = line[day < calendar.DAYS], day[day < calendar.DAYS]
    bought, product = lines.quantity[line], lines.product[line]
    quantity = 1 + rng.binomial(bought - 1, 0.7)
    amount = lines.revenue[line] * quantity // bought // 100 * 100
    result = np.searchsorted(_REASON_CDF, product + rng.random(len(line)), side="right")
    return ReturnedLines(line, day, quantity, amount, result - product * len(REASONS))
