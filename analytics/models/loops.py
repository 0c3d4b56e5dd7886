"""The loops over customers' histories of the lifetime-value models, compiled: sums of logs over each of them.

Beside a likelihood and its slopes, which are sums over customers in their order, nothing is computed here: gamma
functions depend on the number of purchases alone and come as tables by it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import float64, types
from numpy.typing import NDArray

from analytics.compiled import CODES, kernel, new, read_only

Array = NDArray[Any]

NUMBERS = read_only(float64)
"""Floats of each history, or of each number of purchases."""

THREE, FOUR = (types.UniTuple(float64, size) for size in (3, 4))  # type: ignore[no-untyped-call]


@kernel(FOUR(*(float64,) * 2, CODES, *(NUMBERS,) * 6, new(NUMBERS)))
def add_histories(
    r: float, alpha: float, of_x: Array, x: Array, last: Array, end: Array, weight: Array, shape: Array, stop: Array,
    gone: Array,
) -> tuple[float, float, float, float]:  # fmt: skip
    """Log-likelihood of some histories and parts of its slopes: the weighted logs of the time in which each customer
    bought, and the weighted rates there now and after the last purchase.

    A customer goes on, or stopped after the last purchase: `shape` and `stop` are what depends on x alone, by its code,
    and `gone` takes the customers of each x who stopped, each as their probability.
    """
    value = logs = rates_end = rates_last = 0.0
    for i in range(of_x.size):
        k, rate = of_x[i], r + x[i]
        log_end, log_last = np.log(alpha + end[i]), np.log(alpha + last[i])
        one, stopped = shape[k] - rate * log_end, 0.0
        if x[i] > 0:
            odds = stop[k] + rate * (log_end - log_last)
            small = np.exp(-abs(odds))
            one += max(odds, 0.0) + np.log1p(small)
            stopped = (1.0 if odds > 0 else small) / (1 + small)
        value += weight[i] * one
        logs += weight[i] * ((1 - stopped) * log_end + stopped * log_last)
        rates_end += weight[i] * (1 - stopped) * rate / (alpha + end[i])
        rates_last += weight[i] * stopped * rate / (alpha + last[i])
        gone[k] += weight[i] * stopped
    return value, logs, rates_end, rates_last


@kernel(THREE(*(float64,) * 3, CODES, *(NUMBERS,) * 4, new(NUMBERS)))
def add_spending(
    p: float, q: float, gamma: float, of_x: Array, x: Array, mean: Array, weight: Array, shape: Array, logs: Array
) -> tuple[float, float, float]:
    """Log-likelihood of customers' mean purchases, less the logs of these, and the weighted logs and shares of all
    their money; `shape` is what depends on x alone, by its code, and `logs` takes x x (log of their own money less log
    of all), by x."""
    value = log_sum = shares = 0.0
    for i in range(of_x.size):
        k, own = of_x[i], x[i] * mean[i]
        log_all, log_own = np.log(gamma + own), np.log(own)
        value += weight[i] * (shape[k] + p * x[i] * log_own - (p * x[i] + q) * log_all)
        log_sum += weight[i] * log_all
        shares += weight[i] * (p * x[i] + q) / (gamma + own)
        logs[k] += weight[i] * x[i] * (log_own - log_all)
    return value, log_sum, shares
