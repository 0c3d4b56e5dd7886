"""Sums over customers of products of what each brought of a key: the rows and the exact sums."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from analytics.runs import run_sums

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

    def summed(self, starts: Array, edges: Array) -> WorthRows:
        """Rows in a row as one."""
        alike = self.all_now is self.now
        now, base = run_sums(self.now, starts), run_sums(self.base, starts)
        every = (now, base) if alike else (run_sums(self.all_now, starts), run_sums(self.all_base, starts))
        return WorthRows(
            edges,
            run_sums(self.lines, starts),
            now,
            base,
            *every,
            tuple(run_sums(values, starts) for values in self.parts),
        )


def by_key(rows: WorthRows, people: WorthRows, code: Array, size: int) -> Sums:
    """Sums of the keys that occur among some rows; `people` are the customers as a whole."""
    from analytics.lines import wide

    known = np.arange(size)
    if size > DENSE:
        known, code = np.unique(code, return_inverse=True)
    code = code.astype(np.uint32, copy=False)
    high, low = np.zeros((known.size, len(MOMENTS)), np.int64), np.zeros((known.size, len(MOMENTS)), np.uint64)
    counts = np.zeros((known.size, len(PARTS) + 2), np.int64)
    wide.add_customers(
        rows.edges, code, rows.lines, rows.now, rows.base, people.all_now, people.all_base, high, low, counts
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
