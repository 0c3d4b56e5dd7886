"""A recipe's files in an origin, and which of them were used."""

from __future__ import annotations

from dataclasses import dataclass, replace

from data.errors import DataError
from data.reading.options import Options, from_plain
from data.sources import Origin, SourceFile
from data.terms.specs import FileSpec, TableSpec


@dataclass(frozen=True)
class UsedFile:
    """One file that a dataset was prepared from."""

    file: str
    role: str
    rows: int
    sha256: str


class RecipeFiles:
    """The origin's files by pattern, and a record of those that were used."""

    def __init__(self, origin: Origin, *, detect: bool = False) -> None:
        self._origin = origin
        self._detect = detect
        self.used: list[UsedFile] = []
        self.opened: dict[tuple[str, str, str], tuple[TableSpec, SourceFile]] = {}
        """Role, file and sheet -> table and file, of all that was opened."""

    def open(self, table: TableSpec) -> list[tuple[SourceFile, FileSpec]]:
        """The files of a table, each once."""
        result: dict[tuple[str, str], tuple[SourceFile, FileSpec]] = {}
        for spec in table.files:
            for member in self._origin.find(spec.file):
                key = (member, str(spec.reading.get("sheet", "")))
                if key in result:
                    raise DataError(f"{member}: expected once in the recipe's files of {table.role}, found twice.")
                options = self._options(member, spec)
                result[key] = (replace(self._origin.open(member, options), shape=spec.shape), spec)
        self.opened |= {(table.role, *key): (table, file) for key, (file, _) in result.items()}
        return list(result.values())

    def _options(self, member: str, spec: FileSpec) -> Options:
        """How a file is read: as it shows itself, or exactly as the recipe says."""
        if self._detect:
            return from_plain(dict(spec.reading))
        if member.lower().endswith((".parquet", ".pq")):
            return Options(strictly="parquet")
        return Options(strictly="csv", encoding=spec.encoding, delimiter=spec.separator)

    def record(self, table: TableSpec, file: SourceFile, rows: int) -> None:
        """Remember a file as a source of the dataset."""
        self.used.append(UsedFile(file=file.name, role=table.role, rows=rows, sha256=file.sha256))
