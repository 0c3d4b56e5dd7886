"""Rows of cells, and what the cells of each column usually are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from data.reading.kinds import TYPED, family, kind

HEADER_LINES: Final = 5
"""Header lines that one table may have."""

BODY: Final = 400
"""Rows from which a column's kind is learned."""

Cells = Sequence[str]


@dataclass(frozen=True)
class Row:
    """One record with the number of its first line in the file."""

    number: int
    cells: Cells
    odd: str = ""
    """What is wrong with its quotes."""

    @property
    def filled(self) -> int:
        """Cells that have something in them."""
        return sum(1 for cell in self.cells if cell.strip())


@dataclass(frozen=True)
class Column:
    """What the cells of one column usually are."""

    kind: str
    """A family of kinds, a code's shape, or nothing where they are text."""

    def fits(self, cell: str) -> bool:
        return _kind_of(cell) == self.kind


def _kind_of(cell: str) -> str:
    found = family(kind(cell))
    return _shape(cell) if found == "code" else found


def _shape(cell: str) -> str:
    """A code with its letters as A and its digits as 9, each once in a row: MG-8769 is A-9."""
    return re.sub(r"\d+", "9", re.sub(r"[A-Za-z]+", "A", cell.strip()))


def columns_of(rows: Sequence[Row], width: int) -> list[Column | None]:
    """The usual kind of each column, None for text. The first rows count less, as they may be headers."""
    skipped = min(HEADER_LINES, len(rows) // 3)
    body = rows[skipped : skipped + BODY]
    columns: list[Column | None] = []
    for number in range(width):
        found = Counter(_kind_of(row.cells[number]) for row in body)
        for name in ("", "empty", "missing"):
            found.pop(name, None)
        filled = sum(found.values())
        name, count = max(found.items(), key=lambda item: item[1]) if found else ("", 0)
        worth = name in TYPED or name == "link" or (name not in ("words", "other") and count >= 2)
        columns.append(Column(name) if filled and worth and count >= 0.7 * filled else None)
    return columns


def against(row: Row, columns: Sequence[Column | None], typed: Sequence[int]) -> tuple[int, int]:
    """Cells of a row in typed columns that are text, and that are of the column's kind."""
    text = fitting = 0
    for number in typed:
        cell = row.cells[number] if number < len(row.cells) else ""
        column = columns[number]
        assert column is not None
        if not cell.strip() or kind(cell) == "missing":
            continue
        if column.fits(cell):
            fitting += 1
        elif kind(cell) not in TYPED:
            text += 1
    return text, fitting
