"""Source files: found by name in a folder or zip, and read as tables with the numbers of their rows."""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final

import polars as pl

from data import reading, scratch
from data.errors import DataError, printable, quoted
from data.reading import Options, Refusal
from data.reading.readers import Readers
from data.terms.shaping import AS_IT_STANDS, Reshaping, shaped, summed

ROW: Final = "row"
"""Column with a source row's number in its file: 2 is the first line below a CSV's header."""


@dataclass(frozen=True)
class SourceFile:
    """One table that the reading process has written."""

    name: str
    """File name as people know it."""
    path: Path
    """Parquet of its columns and of the numbers of its rows."""
    sha256: str
    """Digest of the original bytes."""
    header_row: int | None = None
    """Number of the line that names the columns, where there is one."""
    shape: Reshaping = AS_IT_STANDS
    """What happens to the table before its rows are lines."""

    def scan(self) -> pl.LazyFrame:
        """The table in its shape, and `ROW`; columns are text, those of a Parquet file keep their type."""
        return shaped(self._table(), self.shape, ROW)

    def sums(self) -> int:
        """How many rows add up others, which the table in its shape leaves out."""
        return int(summed(self._table(), self.shape, ROW).select(pl.len()).collect().item())

    def _table(self) -> pl.LazyFrame:
        return _apart(pl.scan_parquet(self.path)).rename({reading.ROW: ROW})

    def explain(self, error: Exception) -> DataError:
        """What to say of a table whose rows could not be used."""
        sentences = str(error).strip().split("\n", 1)[0][:200]
        return DataError(f"{self.name}: expected a table that can be used, found one that cannot be ({sentences}).")


def _apart(frame: pl.LazyFrame) -> pl.LazyFrame:
    """A frame whose own column named like the row number bears another name."""
    return frame.rename({ROW: f"{ROW} (source)"}) if ROW in frame.collect_schema().names() else frame


class Origin:
    """A folder, a zip or a single file in which source files are found by name. All are read in a disposable process.

    `scratch` is a folder for what is read, which goes with the origin.
    """

    def __init__(self, path: Path, scratch: Path) -> None:
        self.path = path
        self._scratch = scratch
        self._tables: dict[tuple[str, str], SourceFile] = {}
        self._packed = False
        self._links: list[str] = []
        self._readers = Readers(scratch)
        if not path.is_dir() and not path.is_file():
            result = "something else" if path.exists() else "nothing there"
            raise DataError(f"{path}: expected a folder, a zip or a file, found {result}.")
        self._readers.start()
        if path.is_dir():
            self._members, self._links = _below(path)
        elif _is_zip(path):
            self._members = self._archived()
        else:
            self._members = [path.name]
        self._members = [name for name in self._members if not _is_hidden(name)]

    def _archived(self) -> list[str]:
        """The files of a zip archive; the archive itself where it is a table, as spreadsheets are."""
        result = self._readers.members(self.path.resolve(), name=self.path.name)
        if isinstance(result, Refusal):
            raise DataError(result.sentence)
        self._packed = result is not None
        return [self.path.name] if result is None else sorted(result)

    def close(self) -> None:
        """End the reading process."""
        self._readers.close()

    def find(self, pattern: str) -> list[str]:
        """Members whose file name matches; the same file name twice, or none at all, is an error."""
        wanted = pattern.lower()
        result = [name for name in self._members if fnmatchcase(_base(name).lower(), wanted)]
        if not result:
            raise DataError(self._not_found(pattern))
        by_name: set[str] = set()
        for name in result:
            if (known := _base(name).lower()) in by_name:
                same = " and ".join(other for other in result if _base(other).lower() == known)
                raise DataError(
                    f"{self.path}: expected one file named {quoted(_base(name))}, found {same}. "
                    "Point --from at the folder that holds the right one."
                )
            by_name.add(known)
        return result

    def _not_found(self, pattern: str) -> str:
        names = sorted({_base(name) for name in self._members})
        listing = ", ".join(names) if len(names) <= 15 else f"{len(names):,} files of other names"
        place = "This folder" if self.path == Path() else self.path
        sentence = f"{place}: expected a file named {quoted(pattern)}, found {listing or 'no files'}."
        sentence += " Point --from at the folder or zip that holds it."
        named = [name for name in self._links if fnmatchcase(_base(name).lower(), pattern.lower())]
        for link in (named or self._links)[:1]:
            sentence += f" {link} is a link that leads out of the folder and is not followed: copy its file there."
        return sentence

    def open(self, member: str, options: Options) -> SourceFile:
        """One member as a table; DataError where it cannot be read."""
        key = member, json.dumps(options.plain(), sort_keys=True)
        if key not in self._tables:
            self._tables[key] = self._read(member, options)
        return self._tables[key]

    def _read(self, member: str, options: Options) -> SourceFile:
        name = _base(member)
        path = self.path / member if self.path.is_dir() else self.path
        if self.path.is_dir() and not _is_inside(path, self.path):
            raise DataError(self._not_found(member))
        if self._packed:
            if options.member is not None:
                raise DataError(f"{name}: expected a file with one table, found an archive. Unpack it first.")
            options = Options(**{**options.plain(), "member": member})
        into = self._scratch / f"table-{len(self._tables)}"
        result = self._readers.read(path, name=name, options=options, into=into)
        if isinstance(result, Refusal):
            if result.packed and self._packed:
                raise DataError(f"{self.path.name}: {member} cannot be unpacked ({result.reason.rstrip('.')}).")
            raise DataError(result.sentence)
        if options.member is None and (several := len(result.details.get("members", ()))) > 1:
            raise DataError(f"{name}: expected a file with one table, found {several:,} files in it. Unpack it first.")
        header = result.details.get("header_rows") or [None]
        sha256 = result.details["sha256"] if self._packed else result.sha256
        return SourceFile(name=printable(name), path=result.path, sha256=str(sha256), header_row=header[-1])


@contextmanager
def opened(path: Path | Origin) -> Iterator[Origin]:
    """An origin that is closed afterwards, with all that was read; one that is open already stays so."""
    if isinstance(path, Origin):
        yield path
        return
    with scratch.folder() as folder:
        origin = Origin(path, folder)
        try:
            yield origin
        finally:
            origin.close()


def files_in(folder: Path) -> list[Path]:
    """All files below a folder, sorted. Links that lead out of it are left out, hidden files too."""
    members, _ = _below(folder)
    return [folder / name for name in members if not _is_hidden(name)]


def _below(folder: Path) -> tuple[list[str], list[str]]:
    """Files below a folder, and links that lead out of it, each by its path inside."""
    files, links = [], []
    for parent, folders, names in os.walk(folder):
        for name in (*folders, *names):
            path = Path(parent) / name
            inside = path.relative_to(folder).as_posix()
            if path.is_symlink() and not _is_inside(path, folder):
                links.append(inside)
            elif path.is_file():
                files.append(inside)
    return sorted(files), sorted(links)


def _is_inside(path: Path, folder: Path) -> bool:
    """Whether a file lies below a folder, links followed; a link in a circle lies nowhere."""
    try:
        return path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):
        return False


def _is_zip(path: Path) -> bool:
    if zipfile.is_zipfile(path):
        with path.open("rb") as file:
            return file.read(2) == b"PK"
    if path.suffix.lower() == ".zip":
        raise DataError(f"{path.name}: expected a zip archive, found a file that is none or is damaged.")
    return False


def _base(member: str) -> str:
    return member.rsplit("/", 1)[-1]


def _is_hidden(member: str) -> bool:
    return any(part.startswith((".", "__MACOSX")) for part in member.split("/"))


def digest(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
