"""Files as they were handed over, turned once into tables of text that this app has written itself.

A file of any kind is read by `data.reading` in a disposable process. What comes back is kept as Parquet, so that no
file is read twice with the same options.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from data import reading, scratch
from data.errors import quoted
from data.reading.options import from_plain
from data.reading.readers import Readers
from data.sources import digest
from data.staged import Staged

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
class RefusedFile:
    """A file that cannot be used, and why."""

    name: str
    sentence: str
    again: bool = False
    """Whether it may well be read another time."""


def stage(
    handed: Sequence[Handed], folder: Path, progress: Progress | None = None, *, every_sheet: bool = True
) -> tuple[list[Staged], list[RefusedFile]]:
    """Read every file into `folder`; one that was read before with the same options is not read again.

    Archives give a table for each file in them, workbooks one for each sheet with rows, unless only their largest is
    wanted. Two tables of one name get different names.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tables: list[Staged] = []
    refused: list[RefusedFile] = []
    with scratch.folder() as own:
        readers = Readers(own)
        try:
            for number, file in enumerate(handed):

                def report(share: float, number: int = number, name: str = file.name) -> None:
                    if progress is not None:
                        progress((number + share) / len(handed), f"Reading {name}")

                report(0.0)
                for item in _read(file, folder, readers, report, every_sheet=every_sheet):
                    if isinstance(item, Staged):
                        tables.append(item)
                    else:
                        refused.append(item)
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


def _read(
    file: Handed, folder: Path, readers: Readers, progress: Callable[[float], None], *, every_sheet: bool
) -> Iterator[Staged | RefusedFile]:
    """The tables of one file, from what was kept if it was read before."""
    sha256 = digest(file.path)
    key = f"{sha256[:32]}-{hashlib.sha256(json.dumps(dict(file.options), sort_keys=True).encode()).hexdigest()[:8]}"
    key += "" if every_sheet else "-one"
    kept = folder / f"{key}.json"
    if kept.is_file():
        tables = json.loads(kept.read_text(encoding="utf-8"))
    else:
        tables = _tables(file, folder / key, readers, progress, every_sheet=every_sheet)
        if not any(entry.get("again") for entry in tables):
            _write(kept, json.dumps(tables))
    for entry in tables:
        name, sheet = entry.pop("member") or file.name, entry.pop("only_sheet", "")
        if "sentence" in entry:
            yield RefusedFile(name, entry["sentence"], entry["again"])
        else:
            yield Staged(
                **{
                    **entry,
                    "name": name,
                    "sha256": entry["sha256"] or sha256,
                    "options": {**file.options, "sheet": sheet} if sheet else file.options,
                    "book": file.name if sheet else "",
                    "path": folder / key / entry["path"],
                    "sentences": tuple(entry["sentences"]),
                }
            )


def _tables(
    file: Handed, into: Path, readers: Readers, report: Callable[[float], None], *, every_sheet: bool
) -> list[dict[str, Any]]:
    """Every table of a file; an archive of several files has one for each, a workbook one for each sheet."""
    options = from_plain(dict(file.options))

    def read(number: int, options: reading.Options) -> reading.Reading | reading.Refusal:
        report(number / (len(members) + 1))
        progress = report if number == 0 else None
        return readers.read(file.path, name=file.name, options=options, into=into / str(number), progress=progress)

    members: list[str] = []
    first = read(0, options)
    if isinstance(first, reading.Refusal):
        result = (
            readers.members(file.path, name=file.name) if options.member is None and _may_hold_files(file) else None
        )
        if not isinstance(result, list) or not result:
            again = first.again or (isinstance(result, reading.Refusal) and result.again)
            return [{"member": "", "sentence": first.reason, "again": again}]
        # It was the largest that cannot be read; the others may be.
        tables = [{"member": _base(result[0]), "sentence": first.reason, "again": first.again}]
        members = result[1:_MOST_FILES]
    else:
        tables = [_described(first, "0", first.details.get("member", ""))]
        if options.member is None:
            members = [name for name in first.details.get("members", ()) if name != first.details["member"]]
    for number, member in enumerate(members, start=1):
        item = read(number, replace(options, member=member))
        if isinstance(item, reading.Refusal):
            tables.append({"member": _base(member), "sentence": item.reason, "again": item.again})
        else:
            tables.append(_described(item, str(number), member))
    if every_sheet and len(tables) == 1 and isinstance(first, reading.Reading) and options.sheet is None:
        tables += _other_sheets(first, file, options, into, readers, report)
        if len(tables) > 1:
            tables[0]["only_sheet"] = first.details["sheet"]
    return tables


_MOST_FILES: Final = 1_000
"""Files of an archive that are read."""

_MOST_SHEETS: Final = 40
"""Sheets of a workbook that are read, the first of those with rows."""


def _other_sheets(
    first: reading.Reading,
    file: Handed,
    options: reading.Options,
    into: Path,
    readers: Readers,
    progress: Callable[[float], None],
) -> list[dict[str, Any]]:
    """The further sheets of a workbook that hold a table."""
    sizes: Mapping[str, Sequence[int]] = first.details.get("sizes") or {}
    names = [name for name, (rows, width) in sizes.items() if name != first.details.get("sheet") and rows > 1 < width]
    result = []
    for number, name in enumerate(names[:_MOST_SHEETS], start=1):
        progress(number / (len(names) + 1))
        chosen = replace(options, sheet=name)
        item = readers.read(file.path, name=file.name, options=chosen, into=into / f"s{number}")
        member = f"{file.name} · {name}"
        if isinstance(item, reading.Reading) and item.rows:
            result.append({**_described(item, f"s{number}", ""), "member": member, "only_sheet": name})
        elif isinstance(item, reading.Refusal):
            result.append({"member": member, "sentence": item.reason, "again": item.again})
    for name in names[_MOST_SHEETS:]:
        why = f"expected at most {_MOST_SHEETS + 1} sheets with rows, found more. Save it in a workbook of its own."
        result.append({"member": f"{file.name} · {name}", "sentence": why, "again": False})
    return result


def _may_hold_files(file: Handed) -> bool:
    with file.path.open("rb") as content:
        return content.read(2) == b"PK"


def _described(item: reading.Reading, folder: str, member: str) -> dict[str, Any]:
    details = dict(item.details)
    details.pop("members", None)
    return {
        "member": _base(member),
        "path": f"{folder}/{item.path.name}",
        "rows": item.rows,
        "sha256": details.pop("sha256", ""),
        "sentences": [_kind(details), *(finding.sentence for finding in item.report)],
        "raw": _raw(details),
        "shape": details,
    }


_SIGNS: Final = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", " ": "space"}


def _kind(details: Mapping[str, Any]) -> str:
    """How a file is written, in one sentence."""
    if details.get("format") == "text":
        sign = details.get("delimiter") or ""
        parted = f"cells parted by {_SIGNS.get(sign, quoted(sign))}" if sign else "one column"
        return f"Text in {details.get('encoding', 'UTF-8')}, {parted}."
    sheet = f", sheet {quoted(details['sheet'])}" if details.get("sheet") else ""
    return f"{str(details.get('format', 'table')).capitalize()}{sheet}."


def _raw(details: Mapping[str, Any]) -> str:
    """The first lines of a text as they stand."""
    if details.get("format") != "text":
        return ""
    return "\n".join(str(line)[:300] for _, line in details.get("preview", ())[:12])


def _base(member: str) -> str:
    return member.rsplit("/", 1)[-1]


def _write(path: Path, text: str) -> None:
    temporary = path.with_suffix(f".{os.getpid()}.tmp")
    temporary.write_text(text, encoding="utf-8")
    os.replace(temporary, path)
