"""Temporary folders that go with their process: held while it lives, swept by the next one where it was killed."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from data import held
from data.errors import DataError

_HELD: Final = "sales-scratch-"
"""How the name of a folder begins that a process holds."""

_NEW: Final = "sales-new-"
"""How it begins before that; such a folder is empty."""

_YOUNG: Final = 60.0
"""Seconds in which a new folder may still be about to be held."""

_OLD: Final = 86_400.0
"""Seconds after which a folder is taken for left behind where the system has no locks."""


class Scratch:
    """A private temporary folder of this process; `close` removes it."""

    def __init__(self) -> None:
        made = Path(tempfile.mkdtemp(prefix=_NEW))
        self._lock: int | None = None
        with contextlib.suppress(OSError):  # A file system without locks: no sweep can hold the folder either.
            self._lock = held.hold(made, in_use=_in_use)
        # The lock belongs to the folder, whatever its name, so that no sweep ever meets it unheld.
        self.folder = made.with_name(_HELD + made.name.removeprefix(_NEW))
        try:
            os.rename(made, self.folder)
        except OSError:
            held.remove(made, self._lock)
            raise

    def close(self) -> None:
        """Remove the folder and what is in it."""
        held.remove(self.folder, self._lock)
        self._lock = None


@contextmanager
def folder() -> Iterator[Path]:
    """A private temporary folder that goes with the block; DataError where there can be none."""
    try:
        scratch = Scratch()
    except OSError as error:
        raise DataError(
            f"{tempfile.gettempdir()}: expected room and rights for temporary files, found a problem "
            f"({error.strerror or error}). Make some, or name another folder in TMPDIR."
        ) from None
    try:
        yield scratch.folder
    finally:
        scratch.close()


def sweep() -> int:
    """Remove the folders of processes that were killed; returns how many."""
    gone = 0
    for path in _own(Path(tempfile.gettempdir())):
        with contextlib.suppress(OSError):
            if path.name.startswith(_NEW) and time.time() - path.stat().st_mtime < _YOUNG:
                continue
            held.remove(path, held.hold(path, in_use=_in_use))
            gone += 1
    return gone


def _own(parent: Path) -> list[Path]:
    """Folders of this user that may have been left behind. Others' files and links are never touched."""
    result = []
    with contextlib.suppress(OSError), os.scandir(parent) as entries:
        for entry in entries:
            if entry.name.startswith((_HELD, _NEW)):
                with contextlib.suppress(OSError):
                    status = entry.stat(follow_symlinks=False)
                    if stat.S_ISDIR(status.st_mode) and (os.name == "nt" or status.st_uid == os.geteuid()):
                        result.append(Path(entry.path))
    return result


def _in_use(folder: Path) -> bool:
    """Whether a folder is young enough to be another process's, where nothing but its age tells."""
    return folder.name.startswith(_HELD) and time.time() - folder.stat().st_mtime < _OLD
