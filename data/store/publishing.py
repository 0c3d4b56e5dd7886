"""Publishing: a version folder is written whole or not at all, and put in use in one step."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import polars as pl

from data.errors import DataError
from data.store import durable, integrity, manifest
from data.store.locations import CURRENT, FIRST, TITLE, cause_of, check_name, home_or_default
from data.store.manifest import VERSIONS

_ADVICE: Final = "Nothing was changed. Make room or rights there, or set SALES_HOME to another folder, and try again."

_YOUNG: Final = 60.0
"""Seconds in which something half-written may still be about to be locked."""

WRITING: Final = ".writing-"
"""Beginning of the name of a version folder that is not yet whole."""


def publish(name: str, build: Callable[[Path], None], *, home: Path | None = None) -> str:
    """Write a version folder by `build` and put it in use; returns its version.

    The same content gives the same version. Whatever fails, what was in use before stays in use and nothing
    half-written is left.
    """
    folder = home_or_default(home) / check_name(name)
    parent = folder / VERSIONS
    created = [path for path in (folder.parent, folder, parent) if not path.exists()]
    temporary: Path | None = None
    lock: int | None = None
    try:
        parent.mkdir(parents=True, exist_ok=True)
        for path in created:
            path.chmod(0o700)
        temporary, lock = _writing(parent)
        build(temporary)
        # What a company sells is for the user who prepared it, not for everybody on the machine.
        for path in temporary.rglob("*"):
            path.chmod(0o700 if path.is_dir() else 0o600)
        for path in sorted(temporary.iterdir()):
            durable.sync(path)
        durable.sync(temporary)
        version = manifest.read(temporary).version
        _place(temporary, parent / version)
        temporary = None
        durable.sync(parent)
        with durable.alone(folder.parent):
            point(folder, version)
    except (OSError, pl.exceptions.PolarsError) as error:
        _tidy(temporary, created)
        where = getattr(error, "filename", None) or folder
        raise DataError(f"{where}: the dataset could not be written ({cause_of(error)}). {_ADVICE}") from error
    except BaseException:
        _tidy(temporary, created)
        raise
    finally:
        if lock is not None:
            os.close(lock)
    return version


def _place(temporary: Path, version: Path) -> None:
    """Give a version that is written its name."""
    try:
        temporary.rename(version)
        return
    except OSError:
        # The same version is already there, written before or by another import at the same moment.
        if not version.is_dir():
            raise
    try:
        integrity.check(version)
    except DataError:
        # It was damaged since; were it left, preparing it again would mend nothing.
        damaged = temporary.with_name(f"{temporary.name}-damaged")
        version.rename(damaged)
        temporary.rename(version)
        temporary = damaged
    shutil.rmtree(temporary)


def sweep(home: Path | None = None, *, young: float = _YOUNG) -> int:
    """Remove what killed imports left half-written; returns how many folders and files went.

    What an import that still runs is writing is locked, and stays; so does what is younger than `young` seconds.
    """
    gone = 0
    folder = home_or_default(home)
    for pattern in (f"*/{VERSIONS}/{WRITING}*", f"*/.{CURRENT}-*", f"*/.{TITLE}-*", f".{FIRST}-*"):
        for path in folder.glob(pattern):
            gone += _swept(path, young)
    return gone


def _swept(path: Path, young: float) -> bool:
    try:
        if time.time() - path.stat().st_mtime < young:
            return False
        lock = durable.lock(path)
    except OSError:
        return False
    try:
        if path.is_file():
            path.unlink(missing_ok=True)
        else:
            shutil.rmtree(path, ignore_errors=True)
    finally:
        os.close(lock)
    return True


def _writing(versions: Path) -> tuple[Path, int | None]:
    """A new folder to write a version in, and the handle that keeps it from being swept, where there are such."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=WRITING, dir=versions))
        if os.name == "nt":
            return folder, None
        try:
            lock = durable.lock(folder)
        except (BlockingIOError, FileNotFoundError):
            continue  # A sweep has it.
        if folder.exists():
            return folder, lock
        os.close(lock)


def point(folder: Path, version: str) -> None:
    """Put a version in use by replacing the file `current`; the caller is `durable.alone` in the home."""
    durable.replace(folder, CURRENT, version + "\n")
    durable.sync(folder.parent)


def _tidy(temporary: Path | None, created: list[Path]) -> None:
    if temporary is not None:
        shutil.rmtree(temporary, ignore_errors=True)
    for path in reversed(created):
        try:
            path.rmdir()
        except OSError:
            return
