"""How kernels are compiled: short loops over sorted lines, made machine code by Numba and kept in its cache.

Types are fixed by role, so that no dataset compiles anew: keys, order and customer codes are UInt32, days Int32, sums
and counts Int64.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numba import njit, types


def read_only(kind: Any, dimensions: int = 1) -> Any:
    """An array that is only read, as columns of a frame are."""
    return types.Array(kind, dimensions, "C", readonly=True)


def written(kind: Any, dimensions: int = 1) -> Any:
    """An array that is written to."""
    return types.Array(kind, dimensions, "C")


def kernel(*signatures: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Compile a function for these types, without Python's lock; where no folder for the cache can be written to, at
    every start anew."""

    def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
        try:
            made: Callable[..., Any] = njit(list(signatures), nogil=True, cache=True)(function)
        except (OSError, RuntimeError):
            made = njit(list(signatures), nogil=True)(function)
        return made

    return compiled
