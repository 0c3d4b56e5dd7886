"""Small steps on disk that are whole or not at all: a file replaced by one rename, and one writer at a time."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from data.errors import DataError

PATIENCE: Final = 10.0
"""Seconds that a writer waits for another."""

LOCK: Final = ".lock"
"""File of a home that is held where the system cannot lock the folder itself."""


def replace(folder: Path, name: str, text: str) -> None:
    """Give a small file of a folder another content by one rename; OSError where that fails, with nothing changed."""
    handle, temporary = _new(folder, name)
    try:
        # Where the system allows, the lock is held until the file bears its name, so that no sweep takes it before.
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
            if os.name != "nt":
                os.replace(temporary, folder / name)
        if os.name == "nt":
            os.replace(temporary, folder / name)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    sync(folder)


def _new(folder: Path, name: str) -> tuple[int, str]:
    """A new file that no sweep takes while its handle is open, and its path."""
    while True:
        handle, path = tempfile.mkstemp(prefix=f".{name}-", dir=folder)
        with suppress(ImportError, OSError):
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.path.exists(path):
            return handle, path
        os.close(handle)  # A sweep came between the two.


def sync(path: Path) -> None:
    """Make a file or folder durable; systems that cannot open a folder do without."""
    if path.is_dir() and os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def lock(path: Path) -> int:
    """Hold a folder or file that is being written, so that no sweep takes it; OSError where another has it."""
    handle = os.open(path, os.O_RDONLY)
    try:
        with suppress(ImportError):
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        raise
    return handle


@contextmanager
def alone(home: Path, *, patience: float = PATIENCE) -> Iterator[None]:
    """Nobody else changes what is in use in a home until the block ends.

    DataError where another does for longer than `patience` seconds.
    """
    handle = os.open(home / LOCK, os.O_RDWR | os.O_CREAT, 0o600) if os.name == "nt" else os.open(home, os.O_RDONLY)
    try:
        until = time.monotonic() + patience
        while not _taken(handle):
            if time.monotonic() > until:
                raise DataError("Somebody else is changing the datasets just now. Nothing was changed; try again.")
            time.sleep(0.02)
        yield
    finally:
        os.close(handle)  # This also lets go of the lock.


def _taken(handle: int) -> bool:
    """Whether this process has the lock of an open file now."""
    try:
        import fcntl
    except ImportError:
        import msvcrt

        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined, unused-ignore]
        except OSError:
            return False
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
