"""Folders that one process holds: no other takes them for left behind while it lives."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path


def hold(folder: Path, *, in_use: Callable[[Path], bool]) -> int | None:
    """Hold a folder until the handle is closed or the process ends; OSError where another process holds it.

    Windows has no locks on folders: there `in_use` tells, and there is no handle.
    """
    try:
        import fcntl
    except ImportError:
        if in_use(folder):
            raise OSError("in use") from None
        return None
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        raise
    return handle


def remove(folder: Path, lock: int | None) -> None:
    """Remove a folder that is held, and let go of it."""
    shutil.rmtree(folder, ignore_errors=True)
    if lock is not None:
        with contextlib.suppress(OSError):
            os.close(lock)
