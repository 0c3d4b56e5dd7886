"""Whole numbers of 128 bits as two of 64 (the upper one with a sign, the lower one without), and loops that sum them.

Sums of products of money would overflow 64 bits, and as floats would depend on the order in which they are summed.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import int64, njit, uint64, void
from numpy.typing import NDArray

from analytics.compiled import CODES, NUMBERS, TABLE, kernel, new, read_only

Array = NDArray[Any]

UNSIGNED = read_only(uint64, 2)


@njit(nogil=True)
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


@kernel(void(NUMBERS, CODES, *(NUMBERS,) * 5, new(TABLE), new(UNSIGNED), new(TABLE)))
def add_customers(
    edges: Array, code: Array, lines: Array, now: Array, base: Array, all_now: Array, all_base: Array,
    high: Array, low: Array, counts: Array,
) -> None:  # fmt: skip
    """Add each customer's products to the sums of their keys, see `by_customer.MOMENTS`; counts are customers, lines,
    and now and base."""
    size = counts.shape[0]
    last = np.full(size, -1, np.int64)
    x, y, touched = np.zeros(size, np.int64), np.zeros(size, np.int64), np.zeros(size, np.int64)
    for n in range(edges.size - 1):
        count = 0
        for row in range(edges[n], edges[n + 1]):
            key = code[row]
            if last[key] != n:
                last[key] = n
                x[key] = y[key] = 0
                touched[count] = key
                count += 1
            x[key] += now[row]
            y[key] += base[row]
            counts[key, 1] += lines[row]
        for at in range(count):
            key = touched[at]
            counts[key, 0] += 1
            counts[key, 2] += x[key]
            counts[key, 3] += y[key]
            add_product(high, low, key, 0, x[key], x[key])
            add_product(high, low, key, 1, x[key], y[key])
            add_product(high, low, key, 2, y[key], y[key])
            add_product(high, low, key, 3, x[key], all_now[n])
            add_product(high, low, key, 4, x[key], all_base[n])
            add_product(high, low, key, 4, y[key], all_now[n])
            add_product(high, low, key, 5, y[key], all_base[n])


@kernel(void(CODES, CODES, CODES, NUMBERS, int64, new(NUMBERS), new(NUMBERS), new(TABLE), new(UNSIGNED)))
def add_baskets(
    order: Array, group: Array, item: Array, revenue: Array, items: int,
    orders: Array, revenues: Array, high: Array, low: Array,
) -> None:  # fmt: skip
    """Add each order to its group's orders and revenue, and each of its parts, the lines of one item, to the revenue of
    the group and item. Keys of `revenues` and the products are group x (items + 1) + item, the whole orders as the last
    item; the products are each part's square, and with the whole order. An order's lines of one item lie together."""
    start, size = 0, order.size
    while start < size:
        stop, whole, first = start, 0, int64(group[start]) * (items + 1)
        while stop < size and order[stop] == order[start]:
            whole += revenue[stop]
            stop += 1
        orders[group[start]] += 1
        revenues[first + items] += whole
        add_product(high, low, first + items, 0, whole, whole)
        while start < stop:
            part, one = 0, item[start]
            while start < stop and item[start] == one:
                part += revenue[start]
                start += 1
            revenues[first + one] += part
            add_product(high, low, first + one, 0, part, part)
            add_product(high, low, first + one, 1, part, whole)


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
