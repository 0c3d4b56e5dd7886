"""Reading files that nobody has checked: each in a disposable process, into Parquet that the app can trust.

`read` gives a `Reading`, a table with a report of everything that was assumed or changed, or a `Refusal`, a sentence.
No file can do more than end its own reading process.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import stat
import threading
import weakref
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from data.errors import printable
from data.reading.child import Child, Failed
from data.reading.findings import Finding
from data.reading.limits import DEFAULT, MB, Limits
from data.reading.options import Options
from data.reading.written import ISSUES, ROW, TABLE
from data.scratch import Scratch

if TYPE_CHECKING:  # The process that parses recipes starts in a moment because it loads no library.
    import polars as pl

__all__ = [
    "DEFAULT",
    "ROW",
    "Child",
    "Finding",
    "Limits",
    "Options",
    "Reading",
    "Refusal",
    "members",
    "printable",
    "read",
]

_PACKED: Final = 8
"""How many times its size a packed file is taken for, where time is allotted."""


@dataclass(frozen=True)
class Refusal:
    """A file that cannot be used."""

    name: str
    reason: str
    """What was expected, what was found, what to do."""
    row: int | None = None
    """Number of the line concerned, where it is one."""
    packed: bool = False
    """Whether it is the archive that cannot be used, not the file in it."""
    again: bool = False
    """Whether it says nothing of the file, which may well be read another time: it must not be remembered."""

    @property
    def sentence(self) -> str:
        """Which file, and why."""
        where = self.name if self.row is None else f"{self.name}, row {self.row}"
        return f"{where}: {self.reason}"


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
        import polars as pl

        return pl.scan_parquet(self.path)

    def issues(self) -> pl.LazyFrame:
        """Rows that were not read as they stand: row, kind, cells, text, extra (cells beyond the last column)."""
        import polars as pl

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
    scratch = None
    try:
        scratch = Scratch()
        return _read(source, name, options or Options(), limits, into, progress, child, scratch.folder)
    except Failed as failed:
        return _refusal(name, failed)
    except OSError as error:
        problem = error.strerror or error
        return Refusal(name, f"expected room and rights to read the file, found a problem ({problem}).", again=True)
    finally:
        if scratch is not None:
            scratch.close()


def members(path: Path, *, name: str, child: Child) -> list[str] | Refusal | None:
    """Names of the files in a zip archive; None where the file is no archive, or one that is a table itself."""
    try:
        result = child.ask({"task": "members", "path": str(path.resolve())}, seconds=DEFAULT.seconds)["members"]
        return None if result is None else [str(member) for member in result]
    except Failed as failed:
        return _refusal(name, failed)
    except (KeyError, TypeError):
        return Refusal(name, "expected the reader's own report, found something else. Try again.", again=True)


def _refusal(name: str, failed: Failed) -> Refusal:
    return Refusal(name, str(failed), failed.row, failed.packed, failed.again)


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
    if str(path) != printable(str(path)):
        # Libraries take names that are texts only.
        named = folder / "input"
        named.symlink_to(path)
        path = named
    size = path.stat().st_size
    if size > limits.input_mb * MB:
        raise Failed(f"expected a file of up to {limits.input_mb:,} MB, found {size // MB:,} MB.")
    work = folder / "work"
    work.mkdir()
    request = {
        "task": "read",
        "path": str(path),
        "folder": str(work),
        "options": options.plain(),
        "limits": asdict(limits),
    }
    seconds = limits.seconds_for(size * (_PACKED if _is_packed(path) else 1))
    digests: list[str] = []

    def digest() -> None:
        with contextlib.suppress(OSError):
            digests.append(_digest(path))

    beside = threading.Thread(target=digest)
    beside.start()
    try:
        if child is not None:
            answer = child.ask(request, seconds=seconds, progress=progress)
        else:
            with Child(limits, folder) as own:
                answer = own.ask(request, seconds=seconds, progress=progress)
    finally:
        beside.join()
    if not digests:
        raise Failed(
            "expected a file that stays as it is, found one that can no longer be read. Try again.", again=True
        )
    try:
        return _accepted(answer, path, digests[0], name, work, into)
    except (KeyError, TypeError, ValueError):
        raise Failed("expected the reader's own report, found something else. Try again.", again=True) from None


def _accepted(answer: Mapping[str, Any], path: Path, sha256: str, name: str, work: Path, into: Path | None) -> Reading:
    """The reading, after its files are found to be what the process proved to be readable."""
    for file in (TABLE, ISSUES):
        written = work / file
        regular = not written.is_symlink() and stat.S_ISREG(os.lstat(written).st_mode)
        if not regular or _digest(written) != answer["digests"][file]:
            raise Failed("expected the reader's own table, found another file. Try again.", again=True)
    kept = Scratch() if into is None else None
    home = into if kept is None else kept.folder
    assert home is not None
    try:
        for file in (TABLE, ISSUES):
            shutil.move(work / file, home / file)
        reading = Reading(
            name=name,
            sha256=sha256,
            size=path.stat().st_size,
            folder=home,
            columns=tuple(str(column) for column in answer["columns"]),
            rows=int(answer["rows"]),
            report=tuple(_finding(item) for item in answer["findings"]),
            details=dict(answer["details"]),
        )
    except BaseException:
        if kept is not None:
            kept.close()
        raise
    if kept is not None:
        weakref.finalize(reading, kept.close)
    return reading


def _finding(item: Mapping[str, Any]) -> Finding:
    rows = tuple(map(int, item["rows"]))
    return Finding(str(item["kind"]), str(item["sentence"]), rows, int(item["count"]), bool(item["changed"]))


def _is_packed(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(6).startswith((b"PK", b"\x1f\x8b", b"BZh", b"\xfd7zXZ"))


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
