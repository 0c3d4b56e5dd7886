"""Whole numbers of 128 bits as two of 64 (the upper one with a sign, the lower one without), and loops that sum them.

Sums of products of money would overflow 64 bits, and as floats would depend on the order in which they are summed.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numba import float64, int64, njit, uint64, void
from numpy.typing import NDArray

from analytics.compiled import CODES, NUMBERS, TABLE, kernel, new, read_only

Array = NDArray[Any]

UNSIGNED, FLOATS = read_only(uint64, 2), read_only(float64)


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


NARROW: Final = float(1 << 28)
"""What a customer of fewer digits brought is multiplied and summed in 64 bits."""

NEAR: Final = float(1 << 62)
"""Such sums are added to those of 128 bits before they can reach it."""


@njit(nogil=True)
def move_sums(near: Array, high: Array, low: Array) -> None:
    """Add sums of 64 bits to those of 128, and begin them anew."""
    for key in range(near.shape[0]):
        for moment in range(near.shape[1]):
            value, before = near[key, moment], low[key, moment]
            low[key, moment] = before + np.uint64(value)
            high[key, moment] += (value >> 63) + (1 if low[key, moment] < before else 0)
            near[key, moment] = 0


@kernel(void(*(NUMBERS,) * 5, new(FLOATS)))
def largest(edges: Array, now: Array, base: Array, all_now: Array, all_base: Array, most: Array) -> None:
    """How large any sum over some of a customer's lines can be, or their whole."""
    for n in range(edges.size - 1):
        total = 0.0
        for row in range(edges[n], edges[n + 1]):
            total += abs(float(now[row])) + abs(float(base[row]))
        most[n] = max(total, abs(float(all_now[n])), abs(float(all_base[n])))


@kernel(void(NUMBERS, CODES, *(NUMBERS,) * 5, FLOATS, new(TABLE), new(UNSIGNED), new(TABLE)))
def add_customers(
    edges: Array, code: Array, lines: Array, now: Array, base: Array, all_now: Array, all_base: Array, most: Array,
    high: Array, low: Array, counts: Array,
) -> None:  # fmt: skip
    """Add each customer's products to the sums of their keys, see `by_customer.MOMENTS`; counts are customers, lines,
    and now and base.

    (x + v)^2 is x^2 + v (2 x + v), so that a row is added without knowing whether the customer's others are over.
    """
    size, room = counts.shape[0], NEAR
    last, near = np.full(size, -1, np.int64), np.zeros((size, 6), np.int64)
    x, y, touched = np.zeros(size, np.int64), np.zeros(size, np.int64), np.zeros(size, np.int64)
    for n in range(edges.size - 1):
        every, every_base = all_now[n], all_base[n]
        if most[n] < NARROW:
            room -= 2 * most[n] * most[n]
            if room < 0:
                move_sums(near, high, low)
                room = NEAR - 2 * most[n] * most[n]
            alone = edges[n + 1] - edges[n] == 1
            for row in range(edges[n], edges[n + 1]):
                key, v, w = code[row], now[row], base[row]
                counts[key, 1] += lines[row]
                counts[key, 2] += v
                counts[key, 3] += w
                near[key, 3] += v * every
                near[key, 4] += v * every_base + w * every
                near[key, 5] += w * every_base
                if alone:
                    counts[key, 0] += 1
                    near[key, 0] += v * v
                    near[key, 1] += v * w
                    near[key, 2] += w * w
                    break
                again = int64(last[key] == n)
                mine, mine_base = x[key] * again, y[key] * again
                near[key, 0] += v * (2 * mine + v)
                near[key, 1] += v * (mine_base + w) + w * mine
                near[key, 2] += w * (2 * mine_base + w)
                last[key], x[key], y[key] = n, mine + v, mine_base + w
                counts[key, 0] += 1 - again
            continue
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
            add_product(high, low, key, 3, x[key], every)
            add_product(high, low, key, 4, x[key], every_base)
            add_product(high, low, key, 4, y[key], every)
            add_product(high, low, key, 5, y[key], every_base)
    move_sums(near, high, low)


@kernel(void(*(CODES,) * 4, NUMBERS, int64, new(TABLE), new(NUMBERS), new(TABLE), new(UNSIGNED)))
def add_baskets(
    who: Array, order: Array, group: Array, item: Array, revenue: Array, items: int,
    counts: Array, revenues: Array, high: Array, low: Array,
) -> None:  # fmt: skip
    """Add each customer to the orders and customers of their groups (`counts`), and what they spent on an item to the
    revenue of the group and item. Keys of `revenues` and the products are group x (items + 1) + item, the whole as the
    last item; the products are each part's square, and with the whole. A customer's lines lie together (`who`)."""
    last, x = np.full(revenues.size, -1, np.int64), np.zeros(revenues.size, np.int64)
    touched = np.zeros(revenues.size, np.int64)
    start, size = 0, order.size
    while start < size:
        row, count = start, 0
        while row < size and who[row] == who[start]:
            first = int64(group[row]) * (items + 1)
            if row == start or order[row] != order[row - 1]:
                counts[group[row], 0] += 1
            for key in (first + item[row], first + items):
                if last[key] != start:
                    last[key], x[key] = start, 0
                    touched[count] = key
                    count += 1
                x[key] += revenue[row]
            row += 1
        for at in range(count):
            key = touched[at]
            whole = key - key % (items + 1) + items
            revenues[key] += x[key]
            add_product(high, low, key, 0, x[key], x[key])
            add_product(high, low, key, 1, x[key], x[whole])
            counts[key // (items + 1), 1] += int64(key == whole)
        start = row


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
