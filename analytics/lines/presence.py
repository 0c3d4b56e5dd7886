"""Presence: which members a customer bought, as bits of a number: a boolean table, customer x member, unsorted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from analytics.lines.axes import Axis
from analytics.lines.distinct import counted

Array = NDArray[Any]

WORD: Final = 64
"""Members of all columns together that one number has bits for."""

PIECE: Final = 12
"""Bits that are counted together: the table of their patterns stays in the processor's caches."""


class Presence:
    """Some columns of at most WORD members together, side by side in the bits of one number."""

    def __init__(self, axes: Sequence[Axis]) -> None:
        self.axes = tuple(axes)
        sizes = [one.size for one in axes]
        self.width = sum(sizes)
        self._firsts = [sum(sizes[:n]) for n in range(len(sizes))]

    def bits(self, one: Axis, codes: Array | None = None) -> Array:
        """The bit of each code on a column, or of the member of it that each code of another one lies in."""
        codes = np.arange(one.size) if codes is None else codes
        first = self._firsts[self.axes.index(one)]
        return np.uint64(1) << (codes + first).astype(np.uint64)

    def customers(self, bought: Array, marks: Array) -> list[Array]:
        """Distinct customers by member and mark (0 to 3), for each column, given the bits of what each bought.

        Patterns of some bits are counted first, and a bit's customers are those of all patterns that have it.
        """
        by_bit = [np.zeros((0, 4), np.int64)]
        for first in range(0, self.width, PIECE):
            pattern = ((bought >> np.uint64(first)) & np.uint64((1 << PIECE) - 1)).astype(np.intp)
            patterns = counted(pattern * 4 + marks, (1 << PIECE, 4))
            by_bit.append((_HAS @ patterns.astype(np.float64)).astype(np.int64))
        return np.split(np.concatenate(by_bit)[: self.width], self._firsts[1:])


def together(axes: Sequence[Axis]) -> list[Axis]:
    """As many of some columns as one number has bits for."""
    out: list[Axis] = []
    for one in sorted(axes, key=lambda one: (one.size, one.name)):
        if sum(other.size for other in out) + one.size <= WORD:
            out.append(one)
    return out


_HAS: Final = (np.arange(1 << PIECE) >> np.arange(PIECE)[:, None] & 1).astype(np.float64)
"""Whether (1.0 or 0.0) each pattern has each bit; counts are far below 2^53, so that their products are exact."""
