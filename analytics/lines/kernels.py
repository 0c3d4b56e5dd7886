"""The loops over lines, compiled by Numba at their first use and kept in its cache: each reads like its definition.

Lines are sorted by customer, day, order and product. So the lines of an order lie together, and those of a customer:
a key has met an order, or a customer, before exactly where the last one that it met is the same. That counts distinct
orders and customers under any filter and by any key.

Where the same comes again is hard to foresee for a processor, so the loops compute with the comparison's 0 or 1 and do
not branch on it: that is four times faster.

Columns of the lines come in the width that they have; only `take` knows of widths.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numba import int32, int64, types, uint8, uint16, uint32, uint64, void
from numpy.typing import NDArray

from analytics.compiled import CODES, DAYS, MARKS, NUMBERS, TABLE, kernel, new, read_only

Array = NDArray[Any]

UNSEEN: Final = 2**32 - 1
"""Stands for no order and no customer where the last one seen is kept; no code is as large."""

NEW: Final = 1
"""Bit of a customer's mark: the first purchase ever falls inside the period (or bucket)."""

REPEAT: Final = 2
"""Bit of a customer's mark: the second order ever falls on or before the period's (or bucket's) end."""

_CODES: Final = (uint8, uint16, uint32)
_MEASURES: Final = (types.int8, types.int16, int32, int64, uint8, uint16, uint32)


@kernel(int64(read_only(uint64), MARKS, new(CODES)))
def select(words: Array, mask: Array, rows: Array) -> int:
    """The positions that a mask keeps, whose first bytes are `words` too: where a filter keeps few lines, most of eight
    are left out at once. Returns how many are kept."""
    n = 0
    for w in range(words.size):
        if words[w] != 0:
            for i in range(8 * w, 8 * w + 8):
                rows[n] = i
                n += mask[i]
    for i in range(8 * words.size, mask.size):
        rows[n] = i
        n += mask[i]
    return n


@kernel(
    *(void(read_only(kind), CODES, new(CODES)) for kind in _CODES),
    *(void(read_only(kind), CODES, new(NUMBERS)) for kind in _MEASURES),
    void(DAYS, CODES, new(DAYS)),
)
def take(column: Array, rows: Array, out: Array) -> None:
    """The values of some lines, in the width of their role."""
    for i in range(rows.size):
        out[i] = column[rows[i]]


@kernel(void(new(CODES), uint32, CODES))
def extend(key: Array, size: int, code: Array) -> None:
    """Make a key of one axis more: key x size of that axis + code on it."""
    for i in range(key.size):
        key[i] = key[i] * size + code[i]


@kernel(void(NUMBERS, MARKS, new(NUMBERS)))
def sum_runs(values: Array, first: Array, sums: Array) -> None:
    """The sum of each run of values; `first` marks where one begins. Each is the sum up to its end less that before."""
    n, total = -1, 0
    for i in range(values.size):
        n += first[i]
        total += values[i]
        sums[n] = total
    for n in range(sums.size - 1, 0, -1):
        sums[n] -= sums[n - 1]


@kernel(int64(CODES, NUMBERS, NUMBERS, NUMBERS, NUMBERS, new(CODES), new(CODES), new(TABLE)))
def sum_orders(
    order: Array, units: Array, discount: Array, revenue: Array, cost: Array, rank: Array, last: Array, sums: Array
) -> int:
    """For each line how many orders come before its own; for each order its last line and its lines, units, discount,
    revenue and cost; returns how many orders there are."""
    n, before = -1, UNSEEN
    lines = sum_units = sum_discount = sum_revenue = sum_cost = 0
    for i in range(order.size):
        same = order[i] == before
        before = order[i]
        n += not same
        lines = same * lines + 1
        sum_units = same * sum_units + units[i]
        sum_discount = same * sum_discount + discount[i]
        sum_revenue = same * sum_revenue + revenue[i]
        sum_cost = same * sum_cost + cost[i]
        rank[i] = n
        last[n] = i
        sums[n, 0] = lines
        sums[n, 1] = sum_units
        sums[n, 2] = sum_discount
        sums[n, 3] = sum_revenue
        sums[n, 4] = sum_cost
    return n + 1


@kernel(void(CODES, CODES, DAYS, DAYS, int64, CODES, DAYS, new(MARKS)))
def mark_customers(
    customer: Array, bucket: Array, first_on: Array, second_on: Array, start: int, bucket_of_day: Array,
    bucket_end: Array, mark: Array,
) -> None:  # fmt: skip
    """Mark each order's customer: NEW where the first purchase ever falls in the order's bucket, REPEAT where the
    second order ever is not after that bucket's end; `bucket_of_day` begins at `start`."""
    for i in range(customer.size):
        since = first_on[customer[i]] - start
        new = 0 <= since < bucket_of_day.size and bucket_of_day[since] == bucket[i]
        repeat = second_on[customer[i]] <= bucket_end[bucket[i]]
        mark[i] = NEW * new + REPEAT * repeat


@kernel(void(CODES, NUMBERS, NUMBERS, NUMBERS, NUMBERS, new(TABLE)))
def add_lines(key: Array, units: Array, discount: Array, revenue: Array, cost: Array, sums: Array) -> None:
    """Add each line to the sums of its key."""
    for i in range(key.size):
        row = sums[key[i]]
        row[0] += 1
        row[1] += units[i]
        row[2] += discount[i]
        row[3] += revenue[i]
        row[4] += cost[i]


@kernel(void(CODES, TABLE, new(TABLE)))
def add_orders(key: Array, order_sums: Array, sums: Array) -> None:
    """Add each order to the sums of its key, and count it there."""
    for i in range(key.size):
        row = sums[key[i]]
        for n in range(5):
            row[n] += order_sums[i, n]
        row[5] += 1


@kernel(void(CODES, CODES, MARKS, new(CODES), new(TABLE)))
def count_customers(key: Array, customer: Array, mark: Array, seen: Array, customers: Array) -> None:
    """Count the distinct customers of each key by their mark, order by order; customer 0 is nobody."""
    for i in range(key.size):
        k, c = key[i], customer[i]
        customers[k, mark[i]] += (c != 0) & (seen[k] != c)
        seen[k] = c


@kernel(void(CODES, CODES, CODES, CODES, MARKS, new(CODES), new(CODES), new(NUMBERS), new(TABLE)))
def count_orders(
    key: Array, rank: Array, order: Array, customer: Array, mark: Array, seen_order: Array, seen_customer: Array,
    orders: Array, customers: Array,
) -> None:  # fmt: skip
    """Count the distinct orders and customers of each key, line by line."""
    for i in range(key.size):
        k, j = key[i], rank[i]
        o, c = order[j], customer[j]
        orders[k] += seen_order[k] != o
        seen_order[k] = o
        customers[k, mark[j]] += (c != 0) & (seen_customer[k] != c)
        seen_customer[k] = c


@kernel(void(CODES, TABLE, DAYS, CODES, int64, new(NUMBERS), new(NUMBERS), new(NUMBERS), new(DAYS), new(CODES)))
def list_customers(
    customer: Array, order_sums: Array, day: Array, place: Array, first: int, units: Array, revenue: Array,
    orders: Array, last_day: Array, last_place: Array,
) -> None:  # fmt: skip
    """Units, revenue and orders of each customer from code `first` on, and day and place of the last order."""
    for i in range(customer.size):
        k = customer[i] - first
        units[k] += order_sums[i, 1]
        revenue[k] += order_sums[i, 3]
        orders[k] += 1
        last_day[k] = day[i]
        last_place[k] = place[i]


@kernel(int64(CODES, DAYS, CODES, NUMBERS, new(CODES), new(DAYS), new(NUMBERS), new(NUMBERS)))
def list_purchases(
    customer: Array, day: Array, order: Array, revenue: Array, code: Array, on: Array, orders: Array, sums: Array
) -> int:
    """Customer, day, orders and revenue of each customer's days with lines; returns how many they are."""
    n, last_customer, last_order, last_day = -1, UNSEEN, UNSEEN, 0
    count = total = 0
    for i in range(customer.size):
        same = (customer[i] == last_customer) & (day[i] == last_day)
        n += not same
        count = same * count + (order[i] != last_order)
        total = same * total + revenue[i]
        last_customer, last_day, last_order = customer[i], day[i], order[i]
        code[n], on[n], orders[n], sums[n] = last_customer, last_day, count, total
    return n + 1


@kernel(int64(CODES, CODES, CODES, NUMBERS, new(NUMBERS), new(CODES), new(CODES)))
def list_firsts(
    customer: Array, order: Array, code: Array, revenue: Array, spent: Array, who: Array, member: Array
) -> int:
    """The member of each customer's first order with the most revenue, at a tie the lowest; `spent` has a 0 for each
    member. Returns how many customers there are."""
    n, start, size = 0, 0, customer.size
    while start < size:
        stop = start
        while stop < size and order[stop] == order[start]:
            spent[code[stop]] += revenue[stop]
            stop += 1
        best = code[start]
        for i in range(start, stop):
            if spent[code[i]] > spent[best] or (spent[code[i]] == spent[best] and code[i] < best):
                best = code[i]
        for i in range(start, stop):
            spent[code[i]] = 0
        who[n], member[n] = customer[start], best
        n += 1
        while stop < size and customer[stop] == customer[start]:
            stop += 1
        start = stop
    return n


@kernel(void(NUMBERS, NUMBERS, NUMBERS, new(TABLE)))
def add_returns(key: Array, units: Array, amount: Array, sums: Array) -> None:
    """Add each return to the rows, units and amount of its key; one with a negative key has none."""
    for i in range(key.size):
        if key[i] >= 0:
            row = sums[key[i]]
            row[0] += 1
            row[1] += units[i]
            row[2] += amount[i]


@kernel(void(CODES, NUMBERS, CODES, NUMBERS, CODES, new(NUMBERS)))
def square_pairs(who: Array, edges: Array, item: Array, begins: Array, partner: Array, squares: Array) -> None:
    """For each two items the sum over customers of their orders with both, squared.

    `who` has each order's customer, `edges` its first item and the end. The pairs are those of an item with the rising
    `partner`s from `begins` on, all that occur. One order more makes n^2 to n^2 + 2 n + 1.
    """
    last, times = np.full(partner.size, -1, np.int64), np.zeros(partner.size, np.int64)
    for n in range(who.size):
        for i in range(edges[n], edges[n + 1]):
            for j in range(i + 1, edges[n + 1]):
                one, other = min(item[i], item[j]), max(item[i], item[j])
                low, left = begins[one], begins[one + 1] - begins[one]
                while left > 1:
                    half = left >> 1
                    low += half * int64(partner[low + half - 1] < other)
                    left -= half
                again = int64(last[low] == who[n])
                times[low] = times[low] * again + 1
                last[low] = who[n]
                squares[low] += 2 * times[low] - 1
