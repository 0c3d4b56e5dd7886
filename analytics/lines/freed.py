"""Memory that is free again goes back to the system."""

from __future__ import annotations

import ctypes
from functools import cache
from typing import Any


def give_back() -> None:
    """Return what the C library keeps of freed memory; without effect where it is not glibc.

    Threads leave freed arrays in pools of their own, where the next query's threads do not look: over some queries of
    large data the process would hold several times what one of them needs.
    """
    trim = _trim()
    if trim:
        trim(0)


@cache
def _trim() -> Any:
    try:
        return ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):
        return None
