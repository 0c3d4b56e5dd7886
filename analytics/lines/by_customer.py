"""Sums over customers of products of what each brought of a key: the rows and the exact sums."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

MOMENTS: Final = ("now_now", "now_base", "base_base", "now_all", "across", "base_all")
"""Sums over customers of products of what each brought of a key now and in the base, and of all keys: now x now,
now x base, base x base, now x all now, now x all base + base x all now, base x all base."""

PARTS: Final = ("part", "part_base", "per", "per_base")
"""What a key's lines come to in the period and its base: the worth before any rate is taken off, and what a ratio is
divided by (0 where there is none)."""

DENSE: Final = 1 << 16
"""Largest number of keys that are told by their code alone; of more of them, those that occur are numbered first."""


@dataclass(frozen=True)
class Sums:
    """Sums by key, rows in the order of `codes`."""

    codes: Array
    high: Array
    low: Array
    """Upper and lower 64 bits of each moment."""
    counts: Array
    """Customers, lines and PARTS, in ten-thousandths or counts."""


@dataclass(frozen=True)
class WorthRows:
    """Lines, orders or customers with what each is worth in both periods; `edges` are the first row of each customer,
    and the end."""

    edges: Array
    lines: Array
    now: Array
    base: Array
    all_now: Array
    all_base: Array
    """What the worth is compared with: itself or, of a ratio, what it is divided by."""
    parts: tuple[Array, ...]
    """PARTS, where they are not `now` and `base`."""

    def summed(self, first: Array, edges: Array) -> WorthRows:
        """Rows in a row as one; `first` marks those with which one begins."""
        from analytics.lines import kernels

        size = np.count_nonzero(first)

        def add(values: Array) -> Array:
            sums = np.empty(size, np.int64)
            kernels.sum_runs(values, first.view(np.uint8), sums)
            return sums

        alike = self.all_now is self.now
        now, base = add(self.now), add(self.base)
        every = (now, base) if alike else (add(self.all_now), add(self.all_base))
        return WorthRows(edges, add(self.lines), now, base, *every, tuple(add(values) for values in self.parts))


def by_key(rows: WorthRows, people: WorthRows, most: Array, code: Array, size: int) -> Sums:
    """Sums of the keys that occur among some rows; `people` are the customers as a whole, `most` how large any sum of
    theirs can be."""
    from analytics.lines import wide

    known = np.arange(size)
    if size > DENSE:
        known, code = np.unique(code, return_inverse=True)
    high, low = np.zeros((known.size, len(MOMENTS)), np.int64), np.zeros((known.size, len(MOMENTS)), np.uint64)
    counts = np.zeros((known.size, len(PARTS) + 2), np.int64)
    code = code.astype(np.uint32, copy=False)
    wide.add_customers(
        rows.edges, code, rows.lines, rows.now, rows.base, people.all_now, people.all_base, most, high, low, counts
    )
    if rows.parts:
        counts[:, 2:] = 0
        for n, values in enumerate(rows.parts):
            np.add.at(counts[:, n + 2], code, values)
    occurs = np.flatnonzero(counts[:, 0])
    return Sums(known[occurs], high[occurs], low[occurs], counts[occurs])


def added(first: Sums, second: Sums) -> Sums:
    """The sums of different customers together."""
    from analytics.lines import wide

    codes, at = np.unique(np.concatenate([first.codes, second.codes]), return_inverse=True)
    one, other = at[: first.codes.size], at[first.codes.size :]
    high, low = np.zeros((codes.size, len(MOMENTS)), np.int64), np.zeros((codes.size, len(MOMENTS)), np.uint64)
    counts = np.zeros((codes.size, len(PARTS) + 2), np.int64)
    high[one], low[one], counts[one] = first.high, first.low, first.counts
    high[other], low[other] = wide.add(high[other], low[other], second.high, second.low)
    counts[other] += second.counts
    return Sums(codes, high, low, counts)
