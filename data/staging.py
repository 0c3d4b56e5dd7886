"""Files as they were handed over, turned once into tables of text that this app has written itself.

A file of any kind is read by `data.reading` in a disposable process. What comes back is kept as Parquet, so that no
file is read twice with the same options.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Final

import polars as pl

from data import reading
from data.errors import DataError, quoted
from data.reading import unpack
from data.reading.options import from_plain
from data.sources import Origin, SourceFile

Progress = Callable[[float, str], None]
"""Told the share done, from 0 to 1, and what is being done."""


@dataclass(frozen=True)
class Handed:
    """A file as it was handed over: the name people know, and where its bytes are."""

    name: str
    path: Path
    options: Mapping[str, Any] = field(default_factory=dict)
    """Options of `data.reading` that were chosen by hand."""


@dataclass(frozen=True)
class Staged:
    """One table that was read from a file."""

    name: str
    sha256: str
    path: Path
    """Parquet of text columns and `ROW`."""
    rows: int
    said: tuple[str, ...] = ()
    """How it was read, one sentence each."""
    raw: str = ""
    """The file's first rows as they stand."""
    shape: Mapping[str, Any] = field(default_factory=dict)
    """What was found out about how the file is written, as options of `data.reading` would say it."""
    options: Mapping[str, Any] = field(default_factory=dict)
    """Options of `data.reading` that were chosen by hand, and the sheet of a workbook with several tables."""
    book: str = ""
    """Name of the workbook that this is one sheet of, where it has several tables."""

    def source(self) -> SourceFile:
        """The table as a source of a recipe."""
        return SourceFile(name=self.name, path=self.path, sha256=self.sha256, numbered=True)


@dataclass(frozen=True)
class Refused:
    """A file that cannot be used, and why."""

    name: str
    sentence: str


class StagedOrigin(Origin):
    """Staged tables as an origin, found by the names of their files."""

    def __init__(self, tables: Sequence[Staged]) -> None:
        self._tables = {table.name: table for table in tables}

    def close(self) -> None:
        """Nothing to release."""

    def find(self, pattern: str) -> list[str]:
        """Names that match; none at all is an error."""
        known = dict.fromkeys(table.book or table.name for table in self._tables.values())
        found = [name for name in known if fnmatchcase(name.lower(), pattern.lower())]
        if not found:
            names = ", ".join(sorted(self._tables)[:15])
            raise DataError(f"Expected a file named {quoted(pattern)}, found {names or 'no files'}.")
        return found

    def open(self, member: str, *, encoding: str, separator: str) -> SourceFile:
        """One table; it was read already."""
        return self.sheet(member, "")

    def sheet(self, member: str, sheet: str) -> SourceFile:
        """One sheet of a workbook, or a table that is none."""
        for table in self._tables.values():
            if (table.book or table.name) == member and (not sheet or table.options.get("sheet") == sheet):
                return table.source()
        raise DataError(f"{member}: expected a sheet named {quoted(sheet)}, found none.")


def digest(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def stage(
    handed: Sequence[Handed], folder: Path, progress: Progress | None = None, *, every_sheet: bool = True
) -> tuple[list[Staged], list[Refused]]:
    """Read every file into `folder`; one that was read before with the same options is not read again.

    Archives give a table for each file in them, workbooks one for each sheet with rows, unless only their largest is
    wanted. Two tables of one name get different names.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tables: list[Staged] = []
    refused: list[Refused] = []
    with tempfile.TemporaryDirectory(prefix="sales-reader-") as scratch:
        readers = _Readers(Path(scratch))
        try:
            for number, file in enumerate(handed):

                def told(share: float, number: int = number, name: str = file.name) -> None:
                    if progress is not None:
                        progress((number + share) / len(handed), f"Reading {name}")

                told(0.0)
                for one in _read(file, folder, readers, told, every_sheet=every_sheet):
                    if isinstance(one, Staged):
                        tables.append(one)
                    else:
                        refused.append(one)
        finally:
            readers.close()
    return _named_apart(sorted(tables, key=lambda table: table.name.lower())), refused


def _named_apart(tables: Sequence[Staged]) -> list[Staged]:
    seen: set[str] = set()
    result = []
    for table in tables:
        name, number = table.name, 1
        while name.lower() in seen:
            number += 1
            stem, dot, ending = table.name.rpartition(".")
            name = f"{stem} ({number}){dot}{ending}" if dot else f"{table.name} ({number})"
        seen.add(name.lower())
        result.append(replace(table, name=name))
    return result


def _in_columns(found: reading.Reading) -> bool:
    """Whether cells are parted by several spaces, as where a program prints columns one below the other."""
    ragged = any(finding.kind in ("short_row", "long_row") for finding in found.report)
    return found.details.get("format") == "text" and found.details.get("delimiter") == " " and ragged


class _Readers:
    """One reading process for many files, begun again where a file ended it."""

    def __init__(self, scratch: Path) -> None:
        self._scratch = scratch
        self._child: reading.Child | None = None

    def read(
        self, path: Path, name: str, options: reading.Options, into: Path, told: Callable[[float], None]
    ) -> reading.Reading | reading.Refusal:
        """One table."""
        if self._child is None or not self._child.alive:
            self.close()
            self._child = reading.Child(reading.DEFAULT, self._scratch)
        shutil.rmtree(into, ignore_errors=True)
        into.mkdir(parents=True)
        found = reading.read(path, name=name, options=options, into=into, progress=told, child=self._child)
        if isinstance(found, reading.Reading) and options.delimiter is None and _in_columns(found):
            narrow = self._without_runs(path, found)
            if narrow is not None:
                again = self.read(narrow, name, replace(options, member=None, delimiter=" "), into, told)
                narrow.unlink()
                if isinstance(again, reading.Reading):
                    kept = {
                        name: found.details[name] for name in ("packed", "member", "members") if name in found.details
                    }
                    return replace(again, sha256=found.sha256, size=found.size, details={**again.details, **kept})
        return found

    def _without_runs(self, path: Path, found: reading.Reading) -> Path | None:
        """A text whose runs of spaces are one space each, line by line, so that its rows keep their numbers."""
        source = path
        if found.details.get("packed"):
            if found.details["packed"] != "zip":
                return None
            source = self._scratch / "unpacked"
            source.unlink(missing_ok=True)
            unpack.extract(path, found.details["member"], source, reading.DEFAULT)
        narrow = self._scratch / "narrow"
        with source.open("rb") as wide, narrow.open("wb") as sink:
            for line in wide:
                sink.write(re.sub(rb"[ \t]+", b" ", line.strip(b" \t\r\n")) + b"\n")
        return narrow

    def close(self) -> None:
        """End the process."""
        if self._child is not None:
            self._child.close()
            self._child = None


def _read(
    file: Handed, folder: Path, readers: _Readers, told: Callable[[float], None], *, every_sheet: bool
) -> Iterator[Staged | Refused]:
    """The tables of one file, from what was kept if it was read before."""
    sha256 = digest(file.path)
    key = f"{sha256[:32]}-{hashlib.sha256(json.dumps(dict(file.options), sort_keys=True).encode()).hexdigest()[:8]}"
    key += "" if every_sheet else "-one"
    kept = folder / f"{key}.json"
    if not kept.is_file():
        _write(kept, json.dumps(_tables(file, folder / key, readers, told, every_sheet=every_sheet)))
    for one in json.loads(kept.read_text(encoding="utf-8")):
        name, sheet = one.pop("member") or file.name, one.pop("only_sheet", "")
        if "sentence" in one:
            yield Refused(name, one["sentence"].removeprefix(f"{file.name}: "))
        else:
            yield Staged(
                **{
                    **one,
                    "name": name,
                    "sha256": one["sha256"] or sha256,
                    "options": {**file.options, "sheet": sheet} if sheet else file.options,
                    "book": file.name if sheet else "",
                    "path": folder / key / one["path"],
                    "said": tuple(one["said"]),
                }
            )


def _tables(
    file: Handed, into: Path, readers: _Readers, told: Callable[[float], None], *, every_sheet: bool
) -> list[dict[str, Any]]:
    """Every table of a file; an archive of several files has one for each, a workbook one for each sheet."""
    options = from_plain(dict(file.options))
    first = readers.read(file.path, file.name, options, into / "0", told)
    if isinstance(first, reading.Refusal):
        if not (members := _members(first, file, options)):
            return [{"member": "", "sentence": first.sentence}]
        tables = [{"member": _base(members[0]), "sentence": first.sentence}]
        members = members[1:]
    else:
        several = options.member is None and len(first.details.get("members", ())) > 1
        tables = [_described(first, file, "0", first.details.get("member", ""))]
        members = [name for name in first.details["members"] if name != first.details["member"]] if several else []
    for number, member in enumerate(members, start=1):
        told(number / (len(members) + 1))
        chosen = replace(options, member=member)
        one = readers.read(file.path, file.name, chosen, into / str(number), lambda share: None)
        if isinstance(one, reading.Refusal):
            tables.append({"member": _base(member), "sentence": one.sentence})
        else:
            tables.append(_described(one, file, str(number), member))
    if every_sheet and len(tables) == 1 and isinstance(first, reading.Reading) and options.sheet is None:
        tables += _other_sheets(first, file, options, into, readers, told)
        if len(tables) > 1:
            tables[0]["only_sheet"] = first.details["sheet"]
    return tables


_MOST_SHEETS: Final = 40
"""Sheets of a workbook that are read, the first of those with rows."""


def _other_sheets(
    first: reading.Reading,
    file: Handed,
    options: reading.Options,
    into: Path,
    readers: _Readers,
    told: Callable[[float], None],
) -> list[dict[str, Any]]:
    """The further sheets of a workbook that hold a table."""
    sizes: Mapping[str, Sequence[int]] = first.details.get("sizes") or {}
    names = [name for name, (rows, width) in sizes.items() if name != first.details.get("sheet") and rows > 1 < width]
    found = []
    for number, name in enumerate(names[:_MOST_SHEETS], start=1):
        told(number / (len(names) + 1))
        one = readers.read(file.path, file.name, replace(options, sheet=name), into / f"s{number}", lambda share: None)
        if isinstance(one, reading.Reading) and one.rows:
            table = _described(one, file, f"s{number}", "")
            found.append({**table, "member": f"{file.name} · {name}", "only_sheet": name})
    return found


def _members(refusal: reading.Refusal, file: Handed, options: reading.Options) -> list[str]:
    """Files of an archive whose largest file cannot be read, that one first."""
    if options.member is not None or not zipfile.is_zipfile(file.path):
        return []
    with zipfile.ZipFile(file.path) as archive:
        items = [item for item in archive.infolist() if not item.is_dir()]
    if any(item.filename.startswith(("xl/", "[Content_Types]", "content.xml")) for item in items):
        return []
    del refusal
    return [item.filename for item in sorted(items, key=lambda item: -item.file_size)][:1000]


def _described(one: reading.Reading, file: Handed, folder: str, member: str) -> dict[str, Any]:
    details = dict(one.details)
    details.pop("members", None)
    return {
        "member": _base(member),
        "path": f"{folder}/{one.path.name}",
        "rows": one.rows,
        "sha256": _member_digest(file.path, details.get("member", "")) if details.get("packed") == "zip" else "",
        "said": [_kind(details), *(finding.sentence for finding in one.report)],
        "raw": _raw(file.path, details),
        "shape": details,
    }


_SHOWN: Final = 8192
"""Bytes of a file that are shown as they stand."""

_SIGNS: Final = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", " ": "space"}


def _member_digest(path: Path, member: str) -> str:
    """SHA-256 of a file inside an archive, which was unpacked within the limits before."""
    total = hashlib.sha256()
    with zipfile.ZipFile(path) as archive, archive.open(member) as inside:
        while block := inside.read(1 << 20):
            total.update(block)
    return total.hexdigest()


def _kind(details: Mapping[str, Any]) -> str:
    """How a file is written, in one sentence."""
    if details.get("format") == "text":
        sign = details.get("delimiter") or ""
        parted = f"cells parted by {_SIGNS.get(sign, quoted(sign))}" if sign else "one column"
        return f"Text in {details.get('encoding', 'UTF-8')}, {parted}."
    sheet = f", sheet {quoted(details['sheet'])}" if details.get("sheet") else ""
    return f"{str(details.get('format', 'table')).capitalize()}{sheet}."


def _raw(path: Path, details: Mapping[str, Any]) -> str:
    """The first lines of a text as they stand."""
    if details.get("format") != "text":
        return ""
    try:
        head = _head(path, str(details.get("packed", "")), str(details.get("member", "")))
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile, RuntimeError, KeyError, NotImplementedError):
        return ""
    try:
        text = head.decode(str(details.get("encoding") or "utf-8"), errors="replace")
    except LookupError:
        text = head.decode("utf-8", errors="replace")
    return "\n".join(line[:300] for line in text.splitlines()[:12])


def _head(path: Path, packed: str, member: str) -> bytes:
    """The first bytes of a file, unpacked."""
    if packed == "zip":
        with zipfile.ZipFile(path) as archive, archive.open(member) as inside:
            return inside.read(_SHOWN)
    if packed == "gzip":
        with gzip.open(path) as inside:
            return inside.read(_SHOWN)
    if packed:
        return b""
    with path.open("rb") as handle:
        return handle.read(_SHOWN)


def _base(member: str) -> str:
    return member.rsplit("/", 1)[-1]


def _write(path: Path, text: str) -> None:
    temporary = path.with_suffix(f".{os.getpid()}.tmp")
    temporary.write_text(text, encoding="utf-8")
    os.replace(temporary, path)


def scan(table: Staged) -> pl.LazyFrame:
    """The rows of a staged table."""
    return table.source().scan()


def as_json(tables: Sequence[Staged]) -> list[dict[str, Any]]:
    """Staged tables as plain values."""
    return [{**asdict(table), "path": str(table.path)} for table in tables]


def from_json(values: Sequence[Mapping[str, Any]]) -> list[Staged]:
    """Staged tables from plain values."""
    return [Staged(**{**one, "path": Path(one["path"]), "said": tuple(one["said"])}) for one in values]


def open_detected(origin: Origin, member: str, options: Mapping[str, Any], folder: Path) -> SourceFile:
    """A member of a folder or zip as a table, by finding out how it is written; a refusal is an error."""
    return _one_table(origin, member, options, folder).source()


def open_parquet(origin: Origin, member: str, folder: Path) -> SourceFile:
    """A Parquet member of a folder or zip as a table; any other kind is an error."""
    table = _one_table(origin, member, {}, folder)
    if table.shape.get("format") != "parquet":
        raise DataError(f"{table.name}: expected a Parquet file, found one of another kind. Export it again.")
    return table.source()


def _one_table(origin: Origin, member: str, options: Mapping[str, Any], folder: Path) -> Staged:
    name = member.rsplit("/", 1)[-1]
    tables, refused = stage([Handed(name, origin.original(member), options)], folder, every_sheet=False)
    if refused:
        raise DataError(f"{name}: {refused[0].sentence}")
    if len(tables) != 1:
        raise DataError(f"{name}: expected a file with one table, found {len(tables)}. Unpack it first.")
    return tables[0]


def head(table: Staged, rows: int) -> pl.DataFrame:
    """The first rows as they were read."""
    return scan(table).head(rows).collect().with_columns(pl.all().cast(pl.String))
