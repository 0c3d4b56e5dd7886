"""Whether a version's files are still what was written: their digests, compared when a dataset is opened.

Small files are read before anything is shown. Large ones are read in the background, and until that is done the numbers
are not called reconciled.
"""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from polars.exceptions import PanicException

from data.errors import DataError
from data.store import manifest
from data.store.manifest import FileRecord, Manifest

AT_ONCE: Final = 64 << 20
"""Bytes up to which a file is read before the dataset opens; that takes about 50 ms."""

_BLOCK: Final = 1 << 22
_LOG: Final = logging.getLogger(__name__)


@dataclass(eq=False)
class _Background:
    """How far the check of an open version's large files is."""

    files: tuple[FileRecord, ...]
    """Those that are not yet known to be whole."""
    rows: Callable[[], None] | None
    """What is left to do after them: raises DataError where rows are not as they should be."""
    read: int = 0
    """Bytes that have been read of the first file."""
    problem: str = ""

    @property
    def running(self) -> bool:
        return not self.problem and (bool(self.files) or self.rows is not None)


_opened: Final[dict[Path, _Background]] = {}
_opening: Final = threading.Lock()


def check(folder: Path) -> Manifest:
    """Read every file of a version; DataError about the first that is not as it was written."""
    described = _described(folder)
    for file in described.files:
        _compare(folder, file)
    return described


def check_small(folder: Path) -> Manifest:
    """Read the small files of a version that is being opened; DataError as from `check`."""
    described = _described(folder)
    for file in described.files:
        if file.bytes <= AT_ONCE:
            _compare(folder, file)
    return described


def check_later(described: Manifest, rows: Callable[[], None] | None) -> None:
    """Have the large files of a version read in the background, and `rows` called after them, which raises DataError.

    `pending` tells how far that is.
    """
    folder = described.folder
    with _opening:
        known = _opened.get(folder)
        if known is None or not known.running:
            now = _opened[folder] = _Background(tuple(file for file in described.files if file.bytes > AT_ONCE), rows)
            if now.running:
                threading.Thread(target=_finish, args=(folder, now), name="integrity", daemon=True).start()


def pending(folder: Path) -> str:
    """What of an open version is still being checked, in words, empty when nothing; DataError where it is damaged."""
    known = _opened.get(folder)
    if known is None:
        return ""
    if known.problem:
        raise DataError(known.problem)
    files = known.files
    if not files:
        return "the order of the rows" if known.rows else ""
    return f"{files[0].file}, {min(99, 100 * known.read // files[0].bytes)} % of {files[0].bytes / 1e6:,.0f} MB"


def require(folder: Path, file: str) -> Path:
    """A file of a version that is about to be read; DataError where it is not as it was written."""
    for item in manifest.read(folder).files:
        known = _opened.get(folder)
        whole = known is not None and not known.problem and item not in known.files
        if item.file == file and not (whole and item.bytes > AT_ONCE):
            _compare(folder, item)
    return folder / file


def _described(folder: Path) -> Manifest:
    """The manifest, after a look at what is told without reading: that each file is there and has its size."""
    described = manifest.read(folder)
    for file in described.files:
        try:
            size = (folder / file.file).stat().st_size
        except OSError as error:
            raise manifest.unreadable(folder, file.file, error) from error
        if size != file.bytes:
            raise manifest.damaged(
                folder, file.file, expected=f"the {file.bytes:,} bytes that were written", found=f"{size:,} bytes"
            )
    if described.layout == 1:
        _compare_all(described)
    return described


def _compare(folder: Path, listed: FileRecord, read: Callable[[int], None] = lambda _: None) -> None:
    total = hashlib.sha256()
    try:
        with (folder / listed.file).open("rb") as file:
            while block := file.read(_BLOCK):
                total.update(block)
                read(len(block))
    except OSError as error:
        raise manifest.unreadable(folder, listed.file, error) from error
    if total.hexdigest() != listed.sha256:
        raise manifest.damaged(folder, listed.file, expected="the content that was written", found="another")


def _compare_all(described: Manifest) -> None:
    """Layout 1: the folder's name is the digest of all files, so that it cannot be told which of them changed."""
    total = hashlib.sha256()
    for path in sorted(described.folder.iterdir()):
        if path.suffix in (".parquet", ".toml"):
            try:
                total.update(f"{path.name} {manifest.digest(path)}\n".encode())
            except OSError as error:
                raise manifest.unreadable(described.folder, path.name, error) from error
    if total.hexdigest()[: len(described.version)] != described.version:
        raise manifest.damaged(
            described.folder, "one of its files", expected="the content that was written", found="another"
        )


def _finish(folder: Path, now: _Background) -> None:
    def read(count: int) -> None:
        now.read += count

    try:
        while now.files:
            now.read = 0
            _compare(folder, now.files[0], read)
            now.files = now.files[1:]
        if now.rows:
            now.rows()
        now.rows = None
    except DataError as error:
        now.problem = f"{error} Then start the app again."
        _LOG.error("%s: %s", folder, error)
    except (Exception, PanicException) as error:
        now.problem = (
            f"Dataset '{manifest.name_of(folder)}': its rows could not be checked ({type(error).__name__}); details "
            "are in the server's log. Prepare it again."
        )
        _LOG.exception("%s could not be checked", folder)
