"""The table that a file's rows become: empty rows, repeated headers and rows below the table left out, and noted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from data.reading import below
from data.reading.findings import Finding, finding, numbered
from data.reading.issues import Issues
from data.reading.limits import Limits
from data.reading.refused import Refused
from data.reading.structure import Structure
from data.reading.written import ISSUES, ROW, TABLE


@dataclass(frozen=True)
class ReadResult:
    """What reading a file gave, apart from the files that it wrote."""

    columns: tuple[str, ...]
    rows: int
    findings: tuple[Finding, ...]
    details: dict[str, Any]


class TableWriter:
    """Rows on their way to table.parquet: text columns under the names of the header, and ROW."""

    def __init__(self, folder: Path, structure: Structure, limits: Limits, issues: Issues) -> None:
        self.folder, self.structure, self.limits, self.issues = folder, structure, limits, issues
        self.names, self.width = structure.names, structure.width
        self.headers = [tuple(cell.strip() for cell in row.cells) for row in structure.header]
        self.findings: list[Finding] = []
        self.rows = 0
        self._parts: list[Path] = []
        if len(self.names) > limits.columns:
            raise Refused(f"expected up to {limits.columns:,} columns, found {len(self.names):,}.")

    def frame(self, rows: Sequence[tuple[int, list[str]]]) -> pl.DataFrame:
        """Rows with their numbers as a frame of places."""
        schema: dict[str, Any] = {ROW: pl.UInt32()} | {f"c{place}": pl.String() for place in range(self.width)}
        return pl.DataFrame([(number, *cells) for number, cells in rows], schema=schema, orient="row")

    def repeats_header(self, cells: Sequence[str]) -> bool:
        """Whether a record says the same as one of the header's lines."""
        return tuple(cell.strip() for cell in cells) in self.headers

    def add(self, frame: pl.DataFrame) -> None:
        """Keep a block of rows: ROW, then as many text columns as the table is wide. Empty cells become null."""
        if frame.is_empty():
            return
        columns = frame.columns[1:]
        frame = frame.with_columns(pl.when(pl.col(name) != "").then(pl.col(name)).alias(name) for name in columns)
        bare = [pl.col(name).is_null() | (pl.col(name).str.strip_chars() == "") for name in columns]
        empty = frame.select(pl.all_horizontal(bare)).to_series()
        if self.width == 1:
            empty = pl.Series([False]).new_from_index(0, frame.height)
        if empty.any():
            for number in frame.filter(empty)[ROW]:
                self.issues.add(number, "blank_line", cells=self.width)
        gone = empty
        for header in self.headers:
            if len(header) == len(columns):
                same = frame.select(
                    pl.all_horizontal(
                        pl.col(name).str.strip_chars().eq_missing(cell or None)
                        for name, cell in zip(columns, header, strict=True)
                    )
                ).to_series()
                if same.any() and (longer := self.issues.numbers.get("long_row")):
                    # The header of another, wider table is no repetition of this one's.
                    same = same & ~frame[ROW].is_in(longer)
                if same.any():
                    for number in frame.filter(same)[ROW]:
                        self.issues.add(number, "repeated_header", cells=len(header))
                    gone = gone | same
        if gone.any():
            frame = frame.filter(~gone)
        longest = max(int(frame[name].str.len_bytes().max() or 0) for name in columns) if frame.height else 0  # type: ignore[arg-type]
        if longest > self.limits.cell_bytes:
            raise Refused(f"expected texts of up to {self.limits.cell_bytes:,} bytes, found one of {longest:,}.")
        self.rows += frame.height
        if self.rows > self.limits.rows:
            raise Refused(f"expected up to {self.limits.rows:,} rows, found more.")
        if self.rows * len(columns) > self.limits.cells:
            raise Refused(f"expected up to {self.limits.cells:,} cells, found more.")
        part = self.folder / f"rows-{len(self._parts)}.part"
        named = dict(zip(columns, self.names, strict=False))
        frame.select(ROW, *named).rename(named).write_parquet(part, compression="lz4")
        self._parts.append(part)

    def write(self, *, keep_total_rows: bool) -> None:
        """Write the table; rows below it are left out and noted."""
        gone = self._below(keep_total_rows)
        path = self.folder / TABLE
        missing = self.names[self.width :]
        if not self._parts:
            pl.DataFrame(schema={ROW: pl.UInt32, **dict.fromkeys(self.names, pl.String)}).write_parquet(path)
        else:
            frame = pl.scan_parquet(self._parts)
            if gone:
                frame = frame.filter(~pl.col(ROW).is_in(sorted(gone)))
                self.rows -= len(gone)
            if missing:
                frame = frame.with_columns(pl.lit(None, pl.String).alias(name) for name in missing)
            frame.sink_parquet(path, maintain_order=True)
            for part in self._parts:
                part.unlink()
        self._tell()
        self.issues.write(self.folder / ISSUES)

    def _below(self, keep_total_rows: bool) -> set[int]:
        """Rows of the last part that are no data: another table, notes, sums. They are noted."""
        if not self._parts:
            return set()
        frame = below.last_rows(self._parts)
        gone, other = below.other_table(frame, self.issues)
        notes = None
        if not keep_total_rows:
            frame = frame.filter(~pl.col(ROW).is_in(sorted(gone)))
            left_out, notes = below.footer(frame, self.structure.profile, self.issues)
            gone |= left_out
        self.findings += [item for item in (other, notes) if item is not None]
        return gone

    def _tell(self) -> None:
        """Findings about the rows that were noted."""
        counts, numbers = self.issues.counts, self.issues.numbers
        width = self.width
        sentences = {
            "short_row": f"{{rows}} with fewer than {width} cells: kept, empty to the right.",
            "long_row": f"{{rows}} with more than {width} cells: kept, the cells too many beside the table.",
            "quotes": "{rows} with quotes that neither open nor close a cell: kept as text.",
            "repeated_header": "{rows} repeating the header: left out.",
            "blank_line": "{rows} without content: left out.",
        }
        for kind, sentence in sentences.items():
            if count := counts.get(kind, 0):
                rows = sorted(numbers[kind])
                text = sentence.format(rows=f"{count:,} rows" if count > 1 else "1 row")
                self.findings.append(
                    finding(
                        kind, f"{text[:-1]} ({numbered(rows, count)}).", rows, changed=kind != "blank_line", count=count
                    )
                )


def write_empty(folder: Path) -> None:
    """The results of a file without rows."""
    pl.DataFrame(schema={ROW: pl.UInt32}).write_parquet(folder / TABLE)
    Issues(folder).write(folder / ISSUES)
