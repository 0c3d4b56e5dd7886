"""Reading files that nobody has checked: each in a disposable process, into Parquet that the app can trust.

`read` gives a `Reading`, a table with a report of everything that was assumed or changed, or a `Refusal`, a sentence.
No file can do more than end its own reading process.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import tempfile
import weakref
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import polars as pl

from data.reading.child import Child, Failed
from data.reading.findings import Finding
from data.reading.limits import DEFAULT, MB, Limits
from data.reading.options import Options
from data.reading.table import ISSUES, ROW, TABLE

__all__ = ["DEFAULT", "PREFIX", "ROW", "Child", "Finding", "Limits", "Options", "Reading", "Refusal", "read"]

PREFIX: Final = "sales-reading-"
"""How the names of the private folders begin."""

_PACKED: Final = 8
"""How many times its size a packed file is taken for, where time is allotted."""


@dataclass(frozen=True)
class Refusal:
    """A file that cannot be used."""

    name: str
    sentence: str
    """Which file, what was expected, what was found, what to do."""


@dataclass(frozen=True, eq=False)
class Reading:
    """A file as a table. Its files live as long as this object does, or where `into` said."""

    name: str
    """The file's name as people know it."""
    sha256: str
    """Digest of the file's bytes."""
    size: int
    """Bytes of the file."""
    folder: Path
    """Folder of the table and the issues."""
    columns: tuple[str, ...]
    """Names of the columns, without ROW."""
    rows: int
    report: tuple[Finding, ...]
    """What was assumed, changed or left out."""
    details: Mapping[str, Any]
    """format (text, xlsx, ...), encoding, line_end, delimiter, quote, escape, header_rows, first_row, sheet, sheets,
    member, members, packed, preview (the first raw rows with their number): those that the format has."""

    @property
    def path(self) -> Path:
        """The table as Parquet."""
        return self.folder / TABLE

    def scan(self) -> pl.LazyFrame:
        """The table: ROW, the row's number in the file, then the columns. Text, except from Parquet and Arrow."""
        return pl.scan_parquet(self.path)

    def issues(self) -> pl.LazyFrame:
        """Rows that were not read as they stand: row, kind, cells, text, extra (cells beyond the last column)."""
        return pl.scan_parquet(self.folder / ISSUES)

    @property
    def changed(self) -> tuple[Finding, ...]:
        """Findings that people should look at: something was assumed, changed or left out."""
        return tuple(item for item in self.report if item.changed)


def read(
    source: Path | str | bytes,
    *,
    name: str,
    options: Options | None = None,
    limits: Limits = DEFAULT,
    into: Path | None = None,
    progress: Callable[[float], None] | None = None,
    child: Child | None = None,
) -> Reading | Refusal:
    """Read a file, or its bytes. Never raises for what is in the file.

    `name` is what people call it and is no path. `into` is an empty folder for the results (default: a private one that
    vanishes with the Reading). `progress` is told the share done. `child` is a process to use instead of a new one; one
    that fails is ended.
    """
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    try:
        return _read(source, name, options or Options(), limits, into, progress, child, folder)
    except Failed as failed:
        return Refusal(name, f"{name}: {failed}")
    except OSError as error:
        return Refusal(
            name, f"{name}: expected room and rights to read the file, found a problem ({error.strerror or error})."
        )
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _read(
    source: Path | str | bytes,
    name: str,
    options: Options,
    limits: Limits,
    into: Path | None,
    progress: Callable[[float], None] | None,
    child: Child | None,
    folder: Path,
) -> Reading | Refusal:
    if isinstance(source, bytes):
        path = folder / "input"
        path.write_bytes(source)
    else:
        path = Path(source).resolve()
        if not path.is_file():
            raise Failed("expected a file, found nothing there that can be read.")
    size = path.stat().st_size
    if size > limits.input_mb * MB:
        raise Failed(f"expected a file of up to {limits.input_mb:,} MB, found {size // MB:,} MB.")
    work = folder / "work"
    work.mkdir()
    request = {
        "path": str(path),
        "folder": str(work),
        "options": options.plain(),
        "limits": asdict(limits),
    }
    seconds = limits.seconds_for(size * (_PACKED if _is_packed(path) else 1))
    if child is not None:
        answer = child.ask(request, seconds=seconds, progress=progress)
    else:
        with Child(limits, folder) as own:
            answer = own.ask(request, seconds=seconds, progress=progress)
    try:
        return _accepted(answer, path, name, work, into)
    except (KeyError, TypeError, ValueError):
        raise Failed("expected the reader's own report, found something else. Try again.") from None


def _accepted(answer: Mapping[str, Any], path: Path, name: str, work: Path, into: Path | None) -> Reading:
    """The reading, after its files are found to be what the process proved to be readable."""
    for file in (TABLE, ISSUES):
        written = work / file
        regular = not written.is_symlink() and stat.S_ISREG(os.lstat(written).st_mode)
        if not regular or _digest(written) != answer["digests"][file]:
            raise Failed("expected the reader's own table, found another file. Try again.")
    private = into is None
    home = Path(tempfile.mkdtemp(prefix=PREFIX)) if into is None else into
    for file in (TABLE, ISSUES):
        shutil.move(work / file, home / file)
    reading = Reading(
        name=name,
        sha256=_digest(path),
        size=path.stat().st_size,
        folder=home,
        columns=tuple(str(column) for column in answer["columns"]),
        rows=int(answer["rows"]),
        report=tuple(
            Finding(str(f["kind"]), str(f["sentence"]), tuple(map(int, f["rows"])), int(f["count"]), bool(f["changed"]))
            for f in answer["findings"]
        ),
        details=dict(answer["details"]),
    )
    if private:
        weakref.finalize(reading, shutil.rmtree, home, ignore_errors=True)
    return reading


def _is_packed(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(6).startswith((b"PK", b"\x1f\x8b", b"BZh", b"\xfd7zXZ"))


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
