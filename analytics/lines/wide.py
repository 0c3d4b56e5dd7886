"""Whole numbers of 128 bits as two of 64: the upper one with a sign, the lower one without.

Sums of products of money would overflow 64 bits, and as floats would depend on the order in which they are summed.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from analytics.lines.compiled import compiled

Array = NDArray[Any]


@compiled
def add_product(high: Array, low: Array, key: int, moment: int, a: Any, b: Any) -> None:
    """Add the product of two whole numbers of 64 bits to one of many sums."""
    if a == 0 or b == 0:
        return
    if -2147483648 < a < 2147483648 and -2147483648 < b < 2147483648:
        upper, lower = (a * b) >> 63, np.uint64(a * b)
    else:
        # Four products of halves, the lower ones without a sign: H. S. Warren, Hacker's Delight, 8-2.
        a_low, b_low = np.uint64(a & 0xFFFFFFFF), np.uint64(b & 0xFFFFFFFF)
        a_high, b_high = a >> 32, b >> 32
        least = a_low * b_low
        middle = a_high * np.int64(b_low) + np.int64(least >> np.uint64(32))
        lower_middle = np.int64(a_low) * b_high + (middle & 0xFFFFFFFF)
        upper = a_high * b_high + (middle >> 32) + (lower_middle >> 32)
        lower = (np.uint64(lower_middle) << np.uint64(32)) | (least & np.uint64(0xFFFFFFFF))
    before = low[key, moment]
    low[key, moment] = before + lower
    high[key, moment] += upper + (1 if low[key, moment] < before else 0)


def add(high: Array, low: Array, more_high: Array, more_low: Array) -> tuple[Array, Array]:
    """Two arrays of numbers, added."""
    lower = low + more_low
    return high + more_high + (lower < low), lower


def as_floats(high: Array, low: Array) -> Array:
    """The numbers as floats, each rounded from its size without the sign."""
    negative = high < 0
    lower = np.where(negative, ~low + np.uint64(1), low)
    upper = np.where(negative, ~high + (lower == 0).astype(np.int64), high)
    size = upper.astype(np.float64) * 2.0**64 + lower.astype(np.float64)
    return np.where(negative, -size, size)
