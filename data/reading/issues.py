"""A record of every row that was not read as it stands: its number, what is special about it, and its original text."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import polars as pl

SCHEMA: Final = pl.Schema(
    {"row": pl.UInt32(), "kind": pl.String(), "cells": pl.UInt32(), "text": pl.String(), "extra": pl.List(pl.String())}
)
"""`cells` is how many the row has; `extra` holds those beyond the table's last column."""

_KEPT: Final = 100_000
"""Issues that are held in memory before they go to a file."""


class Issues:
    """Issues of one file, written to Parquet."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._parts: list[Path] = []
        self._rows: list[tuple[int, str, int, str, list[str]]] = []
        self.counts: dict[str, int] = {}
        self.numbers: dict[str, list[int]] = {}
        """The first row numbers of each kind."""

    def add(self, row: int, kind: str, *, cells: int = 0, text: str = "", extra: list[str] | None = None) -> None:
        """Note a row."""
        self._rows.append((row, kind, cells, text, extra or []))
        self.counts[kind] = self.counts.get(kind, 0) + 1
        numbers = self.numbers.setdefault(kind, [])
        if len(numbers) < _KEPT:
            numbers.append(row)
        if len(self._rows) >= _KEPT:
            self._flush()

    def held(self, rows: Sequence[int]) -> dict[int, tuple[int, str, list[str]]]:
        """Cells, text and extra cells of rows of the wrong width that are still in memory."""
        wanted = set(rows)
        return {
            row: (cells, text, extra)
            for row, kind, cells, text, extra in self._rows
            if row in wanted and kind in ("short_row", "long_row")
        }

    def rename(self, rows: Sequence[int], kind: str) -> None:
        """Give rows of the wrong width another kind."""
        wanted = set(rows)
        kept = []
        for row, name, cells, text, extra in self._rows:
            if row in wanted and name in ("short_row", "long_row"):
                self.counts[name] -= 1
                self.numbers[name].remove(row)
                name, extra = kind, []
            kept.append((row, name, cells, text, extra))
        self._rows = kept

    def _flush(self) -> None:
        part = self._folder / f"issues-{len(self._parts)}.part"
        pl.DataFrame(self._rows, schema=SCHEMA, orient="row").write_parquet(part)
        self._parts.append(part)
        self._rows = []

    def write(self, path: Path) -> None:
        """Write all issues in the order of rows."""
        if not self._parts:
            pl.DataFrame(self._rows, schema=SCHEMA, orient="row").sort("row", maintain_order=True).write_parquet(path)
            return
        self._flush()
        pl.scan_parquet(self._parts).sort("row", maintain_order=True).sink_parquet(path)
        for part in self._parts:
            part.unlink()
