"""Private folders of visitors: what they hand over, what was read from it, and datasets that only they can open.

A workspace is a folder with a random name below one root; nobody who does not know the name can ask for it. Files are
kept under the digest of their content, so a file's own name is never a path. What a killed process left behind is swept
away by the next one.
"""

from __future__ import annotations

import contextlib
import getpass
import hashlib
import os
import re
import secrets
import shutil
import stat
import tempfile
import threading
import time
import weakref
from pathlib import Path
from typing import IO, Final

from data import held
from data.errors import DataError
from data.store import memory

MB: Final = 1024 * 1024

SHARE: Final = 4
"""All visitors together may hand over one part in so many of the memory there is, as what is on its way is held there,
unless SALES_UPLOADS_MB says otherwise; one of them half of it, unless SALES_UPLOAD_MB does."""

SESSION_MB: Final = 1024
"""Megabytes that one visitor may hand over at most where nothing is said."""

TOTAL_MB: Final = 4096
"""Megabytes that all may."""

_OWNER: Final = re.compile(r"[0-9a-f]{32}")
_BLOCK: Final = 1 << 20
_YOUNG: Final = 60.0
"""Seconds in which a folder without a lock may still be about to get one."""

_adding = threading.Lock()
_coming: dict[Path, int] = {}
"""Files that are being stored, with the bytes that were set aside for each."""

_of_session: weakref.WeakValueDictionary[str, Workspace] = weakref.WeakValueDictionary()


def root() -> Path:
    """Folder of all workspaces, one for each user of the machine."""
    named = os.environ.get("SALES_WORKSPACES")
    return Path(named) if named else Path(tempfile.gettempdir()) / f"sales-insights-{_user()}"


def _user() -> str:
    try:
        return re.sub(r"\W", "_", getpass.getuser())
    except (KeyError, OSError):
        return str(os.getuid()) if hasattr(os, "getuid") else "user"


def _limit(variable: str, default: int) -> int:
    named = os.environ.get(variable, str(default))
    if not named.isdecimal():
        raise DataError(f"{variable}: expected a whole number of megabytes, found {named!r}.")
    return int(named) * MB


def limits() -> tuple[int, int]:
    """Bytes that one visitor, and all of them together, may hand over."""
    every = min(TOTAL_MB, max(2, memory.total() // MB // SHARE))
    return _limit("SALES_UPLOAD_MB", min(SESSION_MB, every // 2)), _limit("SALES_UPLOADS_MB", every)


def too_much(own: int, every: int) -> str:
    """A sentence for files beyond the limits."""
    return (
        f"Expected up to {own // MB:,} MB of files in a session and {every // MB:,} MB in all, found more. "
        "Remove files that you do not need, or prepare them on the command line."
    )


def _make_own(path: Path) -> None:
    """Make a folder that only this user may open; DataError where another's, or a link, has its name.

    In a temporary folder that all users share anybody could have made it before.
    """
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not _is_own(path):
        raise DataError(
            f"{path}: expected a folder for uploads that belongs to this user alone, found a link or another user's. "
            "Remove it, or set SALES_WORKSPACES to another folder."
        )
    if os.name == "posix" and path.stat().st_mode & 0o077:
        path.chmod(0o700)


def _is_own(path: Path) -> bool:
    """Whether a folder is no link and belongs to this user."""
    status = path.lstat()
    return stat.S_ISDIR(status.st_mode) and (os.name != "posix" or status.st_uid == os.geteuid())


class Workspace:
    """One visitor's folder; it goes when this object does, or when the session does that it was made for."""

    def __init__(self, session: str = "") -> None:
        self.owner = secrets.token_hex(16)
        self.folder = folder_of(self.owner)
        try:
            _make_own(root())
            self.folder.parent.mkdir(exist_ok=True, mode=0o700)
            self.folder.mkdir(mode=0o700)
            lock = held.hold(self.folder, in_use=_in_use)
        except OSError as error:
            raise DataError(
                f"{root()}: expected a folder for uploads, found one that cannot be written "
                f"({error.strerror or error}). Set SALES_WORKSPACES to a folder that can."
            ) from None
        self._end = weakref.finalize(self, held.remove, self.folder, lock)
        if session:
            _of_session[session] = self

    @property
    def tables(self) -> Path:
        """What was read from the files."""
        return self.folder / "tables"

    @property
    def home(self) -> Path:
        """Datasets that only this visitor can open."""
        return home_of(self.owner)

    def keep(self, content: IO[bytes]) -> tuple[str, Path]:
        """Store bytes under their SHA-256; returns the digest and the file. Raises DataError beyond the limits."""
        files = self.folder / "files"
        digest, temporary = hashlib.sha256(), files / f".{secrets.token_hex(8)}"
        try:
            files.mkdir(exist_ok=True, mode=0o700)
            # Room is set aside first and the bytes follow, so that nobody waits while a large file is written.
            self._set_aside(temporary, content.seek(0, os.SEEK_END))
            content.seek(0)
            with temporary.open("xb") as sink:
                while block := content.read(_BLOCK):
                    digest.update(block)
                    sink.write(block)
            path = files / digest.hexdigest()
            os.replace(temporary, path)
        except OSError as error:
            raise DataError(
                f"Expected room for the file, found a problem ({error.strerror or error}). Free some space."
            ) from None
        finally:
            temporary.unlink(missing_ok=True)
            with _adding:
                _coming.pop(temporary, None)
        return digest.hexdigest(), path

    def _set_aside(self, temporary: Path, more: int) -> None:
        own, every = limits()
        with _adding:
            mine = sum(coming for path, coming in _coming.items() if path.is_relative_to(self.folder))
            everybodys = sum(_coming.values())
            if size(self.folder) + mine + more > own or size(self.folder.parent) + everybodys + more > every:
                raise DataError(too_much(own, every))
            _coming[temporary] = more

    def forget(self, sha256: str) -> None:
        """Remove a file and what was read from it."""
        if re.fullmatch(r"[0-9a-f]{64}", sha256):
            (self.folder / "files" / sha256).unlink(missing_ok=True)
            for left in self.tables.glob(f"{sha256[:32]}-*"):
                shutil.rmtree(left) if left.is_dir() else left.unlink(missing_ok=True)

    def close(self) -> None:
        """Remove the folder now."""
        self._end()


def folder_of(owner: str) -> Path:
    """The folder of a workspace."""
    if not _OWNER.fullmatch(owner):
        raise ValueError("no workspace's name")
    return root() / "sessions" / owner


def home_of(owner: str) -> Path:
    """The private datasets of a workspace."""
    return folder_of(owner) / "home"


def size(folder: Path) -> int:
    """Bytes of all files and folders below a folder, without files that are being stored."""
    total = 0
    for path in folder.rglob("*"):
        with contextlib.suppress(OSError):
            total += path.lstat().st_size if path not in _coming else 0
    return total


def taken(session: str) -> tuple[int, int]:
    """Bytes in the workspace of a session, and in all workspaces."""
    own = _of_session.get(session)
    return size(own.folder) if own else 0, size(root() / "sessions")


def sessions() -> list[str]:
    """Sessions that have a workspace."""
    return list(_of_session)


def end(session: str) -> str:
    """Remove the workspace of a session that has ended; returns its name, empty where the session had none."""
    own = _of_session.pop(session, None)
    if own is None:
        return ""
    own.close()
    return own.owner


def end_all() -> None:
    """Remove the workspaces of all sessions."""
    for session in sessions():
        end(session)


def sweep() -> int:
    """Remove workspaces whose process is gone; returns how many."""
    if not root().exists() or not _is_own(root()):
        return 0
    return sum(_swept(path) for path in _folders(root() / "sessions"))


def _folders(parent: Path) -> list[Path]:
    try:
        return [path for path in parent.iterdir() if path.is_dir()]
    except OSError:
        return []


def _swept(path: Path) -> bool:
    lock = None
    try:
        if time.time() - path.stat().st_mtime < _YOUNG:
            return False
        lock = held.hold(path, in_use=_in_use)
    except OSError:
        return False
    held.remove(path, lock)
    return True


def _in_use(folder: Path) -> bool:
    """Whether a folder may be another process's, where nothing but its age tells."""
    return folder.exists() and time.time() - folder.stat().st_mtime < 86_400 and any(folder.iterdir())
