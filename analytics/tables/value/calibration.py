"""How far sums of expected values are off, learnt from the backtest: their scale and the width of their intervals.

A model's interval has the customers' own chance and what the data leaves open of the model. What moves all customers at
once (a season, a better or a worse year) is in neither, and makes most of the error of a sum. The backtest shows how
large that is. It is judged over several consecutive parts of the held-out rest, from each with the histories up to it,
and over the whole of it.

Money per purchase day that was too high or low in all parts alike is scaled by that, as far as it stands out (James and
Stein 1961). Purchase days are not scaled: tried on simulated shops and on public ones, the direction in which their sum
was off does not tell the direction of the next error, its size does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from analytics.models.intervals import z_value

PARTS: Final = 3
"""Consecutive parts of the held-out rest that are judged each by itself."""

USUAL_ERROR: Final = 0.08
"""Error of a sum of purchase days (standard deviation of its log) that is expected before the backtest is seen."""

USUAL_MONEY_ERROR: Final = 0.035
"""The same of the money on a purchase day."""

EVIDENCE: Final = 4
"""Errors that the expectation counts as."""

GROWTH: Final = 0.25
"""An error grows with the horizon to this power: between two horizons one of which is 16 times the other it doubles."""


@dataclass(frozen=True)
class HoldoutSums:
    """What came in some days, and what was expected: purchase days, and their net revenue in currency units."""

    orders: float
    expected_orders: float
    value: float
    expected_value: float

    @property
    def error(self) -> float:
        """Log of purchase days over what was expected."""
        return _log_ratio(self.orders, self.expected_orders)

    @property
    def money_error(self) -> float:
        """Log of money on a purchase day over what was expected."""
        return _log_ratio(self.value, self.expected_value) - self.error


def _log_ratio(came: float, expected: float) -> float:
    """One purchase (or unit of money) stands for none, of which there is no log."""
    return float(np.log(max(came, 1.0) / max(expected, 1e-9)))


@dataclass(frozen=True)
class Calibration:
    """What the backtest taught about sums."""

    money: float
    """Factor on the expected money of a purchase day."""
    orders_error: float
    """Standard deviation of the log of a sum of purchase days, over as many days as were held out."""
    value_error: float
    """The same of a sum of net revenue."""
    days: int
    """Days that were held out."""
    errors: int
    """Errors that these come from: degrees of freedom."""

    def reach(self, horizon: float, level: float) -> tuple[float, float]:
        """Half the interval of a sum of purchase days and of revenue over a horizon, as a share of it: what is beside
        the customers' own chance and the fit."""
        from scipy.special import stdtrit

        times = float(stdtrit(self.errors, (1 + level) / 2)) * (horizon / self.days) ** GROWTH
        return times * self.orders_error, times * self.value_error


UNCALIBRATED: Final = Calibration(1.0, 0.0, 0.0, 1, PARTS + 1 + EVIDENCE)
"""Before any test."""


def calibrate(parts: Sequence[HoldoutSums], whole: HoldoutSums, days: int) -> Calibration:
    """What the errors over the parts of a backtest of some days, and over the whole of it, teach."""
    money = np.array([part.money_error for part in parts])
    mean, square = float(money.mean()), float(money.var(ddof=1)) / money.size
    scale = mean * max(0.0, 1 - square / mean**2) if mean else 0.0
    orders = [part.error for part in (*parts, whole)]
    left = [part.money_error - scale for part in (*parts, whole)]
    variance = _pooled(orders, USUAL_ERROR)
    return Calibration(
        float(np.exp(scale)),
        float(np.sqrt(variance)),
        float(np.sqrt(variance + _pooled(left, USUAL_MONEY_ERROR))),
        days,
        len(orders) + EVIDENCE,
    )


def _pooled(errors: list[float], usual: float) -> float:
    """Their mean square with what is expected before."""
    return float((EVIDENCE * usual**2 + np.square(errors).sum()) / (EVIDENCE + len(errors)))


def half(own: np.ndarray, value: np.ndarray, reach: float, level: float) -> np.ndarray:
    """Half an interval from the variance that customers and fit make and the reach of the sum's own error."""
    return np.asarray(np.sqrt((z_value(level) ** 2) * own + (reach * value) ** 2))
