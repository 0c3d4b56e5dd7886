"""Tables that were read from files, kept as Parquet of text that this app has written itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import polars as pl

from data import reading
from data.errors import DataError, quoted
from data.sources import Origin, SourceFile


@dataclass(frozen=True)
class Staged:
    """One table that was read from a file."""

    name: str
    sha256: str
    path: Path
    """Parquet of text columns and `ROW`."""
    rows: int
    sentences: tuple[str, ...] = ()
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
        header = self.shape.get("header_rows") or [None]
        return SourceFile(name=self.name, path=self.path, sha256=self.sha256, header_row=header[-1])


class StagedOrigin(Origin):
    """Staged tables as an origin, found by the names of their files."""

    def __init__(self, tables: Sequence[Staged]) -> None:
        self._staged = {table.name: table for table in tables}

    def close(self) -> None:
        """Nothing to release."""

    def find(self, pattern: str) -> list[str]:
        """Names that match; none at all is an error."""
        known = dict.fromkeys(table.book or table.name for table in self._staged.values())
        result = [name for name in known if fnmatchcase(name.lower(), pattern.lower())]
        if not result:
            names = ", ".join(sorted(self._staged)[:15])
            raise DataError(f"Expected a file named {quoted(pattern)}, found {names or 'no files'}.")
        return result

    def open(self, member: str, options: reading.Options) -> SourceFile:
        """One table; it was read already."""
        sheet = options.sheet or ""
        for table in self._staged.values():
            if (table.book or table.name) == member and (not sheet or table.options.get("sheet") == sheet):
                return table.source()
        raise DataError(f"{member}: expected a sheet named {quoted(sheet)}, found none.")


def scan(table: Staged) -> pl.LazyFrame:
    """The rows of a staged table."""
    return table.source().scan()


def as_json(tables: Sequence[Staged]) -> list[dict[str, Any]]:
    """Staged tables as plain values."""
    return [{**asdict(table), "path": str(table.path)} for table in tables]


def from_json(values: Sequence[Mapping[str, Any]]) -> list[Staged]:
    """Staged tables from plain values."""
    return [
        Staged(**{**value, "path": Path(value["path"]), "sentences": tuple(value["sentences"])}) for value in values
    ]


def head(table: Staged, rows: int) -> pl.DataFrame:
    """The first rows as they were read."""
    return scan(table).head(rows).collect().with_columns(pl.all().cast(pl.String))
