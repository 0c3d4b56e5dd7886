"""Kernels: short loops over sorted lines, compiled to machine code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numba import njit


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a function at its first call, without Python's lock; the machine code is kept for the next process
    where there is a place for it."""
    try:
        kernel: Callable[..., Any] = njit(nogil=True, cache=True)(function)
    except RuntimeError:  # neither the folder of the code nor the user's own can be written to
        kernel = njit(nogil=True)(function)
    return kernel
