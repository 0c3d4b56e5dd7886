"""How kernels are compiled: short loops over lines or histories, made machine code by Numba and kept in its cache.

Types are fixed by role, so that no dataset compiles anew: keys, order and customer codes are UInt32, days Int32, sums
and counts Int64.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numba import int32, int64, njit, types, uint8, uint32


def read_only(kind: Any, dimensions: int = 1) -> Any:
    """An array that is only read, as columns of a frame are."""
    return types.Array(kind, dimensions, "C", readonly=True)


def new(array: Any) -> Any:
    """The same, which is written to."""
    return array.copy(readonly=False)


CODES, DAYS, NUMBERS = read_only(uint32), read_only(int32), read_only(int64)
"""Keys and codes; days since 1970; measures and counts."""

MARKS, TABLE = read_only(uint8), read_only(int64, 2)
"""Masks and customers' marks; several sums of each row."""


def kernel(*signatures: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Compile a function for these types, without Python's lock; where the cache cannot be written or is damaged, at
    every start anew."""

    def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
        try:
            made: Callable[..., Any] = njit(list(signatures), nogil=True, cache=True)(function)
        except Exception:
            # Reading a damaged file may fail in any way; a fault of the function itself is raised here once more.
            made = njit(list(signatures), nogil=True)(function)
        return made

    return compiled
