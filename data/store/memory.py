"""How much memory there is: that of the machine, or of the control group that the app runs in where that has less."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Final

UNKNOWN: Final = 4 * 1024**3
"""Bytes taken for granted where the system does not tell."""

_GROUPS: Final = Path("/sys/fs/cgroup")
_OWN_GROUP: Final = Path("/proc/self/cgroup")


@cache
def total() -> int:
    """Bytes of memory that this process and all others of its group may take together."""
    try:
        most = [os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")]
    except (AttributeError, OSError, ValueError):
        return UNKNOWN
    for limit in _limits():
        with suppress(OSError, ValueError):  # A group without a limit says "max".
            most.append(int(limit.read_text(encoding="ascii")))
    return min(most)


def _limits() -> Iterator[Path]:
    """Files with the limits of this process's group and of those around it, in both layouts that Linux has."""
    yield from (_GROUPS / "memory.max", _GROUPS / "memory" / "memory.limit_in_bytes")
    with suppress(OSError, ValueError):
        for line in _OWN_GROUP.read_text(encoding="utf-8").splitlines():
            _, kinds, path = line.split(":", 2)
            named = PurePosixPath(path.lstrip("/"))
            for group in (named, *named.parents):
                if not kinds:
                    yield _GROUPS / group / "memory.max"
                elif "memory" in kinds.split(","):
                    yield _GROUPS / "memory" / group / "memory.limit_in_bytes"
