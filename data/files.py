"""A recipe's files in an origin, and which of them were used."""

from __future__ import annotations

from dataclasses import replace

from data.building import layout
from data.errors import DataError
from data.recipe.recipes import FileSpec, TableSpec
from data.sources import Origin, SourceFile
from data.staging import StagedOrigin, open_detected, open_parquet


class Files:
    """The origin's files by pattern, and a record of those that were used."""

    def __init__(self, origin: Origin, *, detect: bool = False) -> None:
        self._origin = origin
        self._detect = detect and not isinstance(origin, StagedOrigin)
        self.used: list[layout.Source] = []

    def open(self, table: TableSpec) -> list[tuple[SourceFile, FileSpec]]:
        """The files of a table, each once."""
        found: dict[tuple[str, str], tuple[SourceFile, FileSpec]] = {}
        for spec in table.files:
            for member in self._origin.find(spec.file):
                key = (member, str(spec.reading.get("sheet", "")))
                if key in found:
                    raise DataError(f"{member}: expected once in the recipe's files of {table.role}, found twice.")
                found[key] = (replace(self._one(member, spec), shape=spec.shape), spec)
        return list(found.values())

    def _one(self, member: str, spec: FileSpec) -> SourceFile:
        if isinstance(self._origin, StagedOrigin):
            return self._origin.sheet(member, str(spec.reading.get("sheet", "")))
        if self._detect:
            return open_detected(self._origin, member, spec.reading, self._origin.scratch)
        if member.lower().endswith((".parquet", ".pq")) and not isinstance(self._origin, StagedOrigin):
            return open_parquet(self._origin, member, self._origin.scratch)
        return self._origin.open(member, encoding=spec.encoding, separator=spec.separator)

    def record(self, table: TableSpec, file: SourceFile, rows: int) -> None:
        """Remember a file as a source of the dataset."""
        self.used.append(layout.Source(file=file.name, role=table.role, rows=rows, sha256=file.sha256))
