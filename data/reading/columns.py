"""Rows of cells, and what the cells of each column usually are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from data.reading.kinds import TYPED, family, kind

_BODY: Final = 400
"""Rows from which a column's kind is learned."""

_SKIPPED: Final = 60
"""Rows at the beginning that may be titles or headers and are not learned from, where there are enough others."""

_FEW: Final = 12
"""Rows up to which each number of rows to skip is tried."""

YEAR: Final = re.compile(r"(?:FY ?)?((?:19|20)\d\d)(?: ?[-/–] ?(?:\d\d|\d{4}))?")

Cells = Sequence[str]


@dataclass(frozen=True)
class Row:
    """One record with the number of its first line in the file."""

    number: int
    cells: Cells
    odd: str = ""
    """What is wrong with its quotes."""
    gap: bool = False
    """Whether a line without content stands directly above it."""

    @property
    def filled(self) -> int:
        """Cells that have something in them."""
        return sum(1 for cell in self.cells if cell.strip())

    @property
    def reach(self) -> int:
        """Cells up to the last one that has something in it."""
        return next((place for place in range(len(self.cells), 0, -1) if self.cells[place - 1].strip()), 0)


@dataclass(frozen=True)
class Column:
    """What the cells of one column usually are."""

    kind: str
    """A family of kinds, or a code's shape."""

    def fits(self, cell: str) -> bool:
        """Whether a cell is of that kind."""
        return _kind_of(cell) == self.kind


@dataclass(frozen=True)
class Profile:
    """What the rows of a table usually hold."""

    columns: tuple[Column | None, ...]
    """The usual kind of each column, None for text."""
    common: tuple[int, ...]
    """Columns in which most rows have something."""
    counts: bool = False
    """Whether the rows count up from cell to cell themselves, so that doing so tells no header."""

    @property
    def typed(self) -> tuple[int, ...]:
        """Columns that are not text."""
        return tuple(place for place, column in enumerate(self.columns) if column is not None)

    def against(self, row: Row) -> tuple[int, int]:
        """Cells of a row in typed columns that are names, and that are of the column's kind."""
        names = fitting = 0
        counting = frozenset() if self.counts else counting_cells(row.cells)
        for place, column in enumerate(self.columns):
            cell = row.cells[place] if column is not None and place < len(row.cells) else ""
            if column is None or not cell.strip() or kind(cell) == "missing":
                continue
            if place in counting:
                names += 1
            elif column.fits(cell):
                fitting += 1
            elif kind(cell) not in TYPED:
                names += 1
        return names, fitting

    def names_cover(self, row: Row) -> float:
        """Share of the columns that a header row names: of the usual ones, or of all."""
        return max(self.cover(row), row.filled / max(1, len(self.columns)))

    def cover(self, row: Row) -> float:
        """Share of the usual columns in which a row has something."""
        if not self.common:
            return 0.0
        return sum(1 for place in self.common if place < len(row.cells) and row.cells[place].strip()) / len(self.common)

    def is_data(self, row: Row) -> bool:
        """Whether a row is of the table's kind."""
        names, fitting = self.against(row)
        if fitting > names:
            return self.cover(row) >= 0.5
        # Where values are missing, a full row is one nevertheless; pairs of a name and a value are not.
        return not names and self.cover(row) >= 0.75 and len(self.common) > 2

    def is_names(self, row: Row) -> bool:
        """Whether a row has names where the table has values."""
        names, fitting = self.against(row)
        contrasts = 2 * names >= len(self.typed) > 0 and fitting <= names // 4
        return contrasts and self.cover(row) >= 0.5 and 4 * len(values_of(row)) <= row.filled


def profile_of(rows: Sequence[Row], width: int) -> Profile:
    """What rows of one width usually hold. The first ones count less, as they may be headers."""
    if len(rows) > _FEW:
        return _profile(rows[min(_SKIPPED, len(rows) // 3) :][:_BODY], width)
    tried = [(_profile(rows[skipped:], width), skipped) for skipped in range(max(1, len(rows) - (len(rows) > 3)))]
    return max(tried, key=lambda pair: len(pair[0].typed) - 0.15 * pair[1])[0]


def _profile(rows: Sequence[Row], width: int) -> Profile:
    columns: list[Column | None] = []
    common = []
    for place in range(width):
        counter = Counter(_kind_of(row.cells[place]) for row in rows)
        if 2 * (counter.pop("", 0) + counter.pop("empty", 0)) <= len(rows):
            common.append(place)
        counter.pop("missing", None)
        filled = sum(counter.values())
        name, count = max(counter.items(), key=lambda item: item[1]) if counter else ("", 0)
        worth = name in TYPED or name == "link" or (name not in ("words", "other") and count >= 2)
        columns.append(Column(name) if filled and worth and count >= 0.7 * filled else None)
    counting = sum(1 for row in rows[:20] if counting_cells(row.cells))
    return Profile(tuple(columns), tuple(common), 4 * counting > min(20, len(rows)))


def _kind_of(cell: str) -> str:
    result = family(kind(cell))
    return _shape(cell) if result == "code" else result


def _shape(cell: str) -> str:
    """A code with its letters as A and its digits as 9, each once in a row: MG-8769 is A-9."""
    return re.sub(r"\d+", "9", re.sub(r"[A-Za-z]+", "A", cell.strip()))


def values_of(row: Row) -> list[int]:
    """Places of cells that are numbers, dates or times and do not count from one to the next."""
    counting = counting_cells(row.cells)
    return [place for place, cell in enumerate(row.cells) if kind(cell) in TYPED and place not in counting]


def counting_cells(cells: Cells) -> frozenset[int]:
    """Places of cells that count from one to the next, as years, or the numbers of months and hours, do in a header."""
    result: set[int] = set()
    run: list[tuple[int, int, bool]] = []
    for place, cell in enumerate(cells):
        text = cell.strip()
        if not text:
            continue
        year = YEAR.fullmatch(text)
        value = int(year[1]) if year else int(text) if text.isdecimal() and len(text) < 3 else None
        step = value - run[-1][1] if value is not None and run else 0
        goes_on = (
            run and abs(step) == 1 and bool(year) == run[-1][2] and (len(run) < 2 or step == run[-1][1] - run[-2][1])
        )
        if not goes_on:
            result |= _whole_run(run)
            run = []
        if value is not None:
            run.append((place, value, bool(year)))
    return frozenset(result | _whole_run(run))


def _whole_run(run: Sequence[tuple[int, int, bool]]) -> set[int]:
    """The places of a run that is long enough to be no accident: two years, or four numbers from 0 or 1 on."""
    enough = run and (len(run) >= 2 if run[0][2] else len(run) >= 4 and run[0][1] in (0, 1))
    return {place for place, _, _ in run} if enough else set()
