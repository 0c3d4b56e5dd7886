"""The header of a table: which rows are it, and the names that they give to the columns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from data.reading.columns import BODY, HEADER_LINES, Column, Row, against
from data.reading.kinds import TYPED, kind

_LONGEST_NAME: Final = 200

_SEPARATORS: Final = ("\t", ";", "|", ",", " ")
"""Signs by which a header line of its own kind may be separated."""

TOTAL: Final = re.compile(
    r"(?i:\W*(?:(?:grand|sub|overall)[ -]?)?"
    r"(?:totals?|totale|totaal|sum|summe|gesamt(?:summe)?|somme|suma|итого|всего|razem|celkem|合计|合計|总计)\b[\s\w]{0,24}\W*)"
)
"""First cell of a row that sums up the others."""


def other_split(row: Row, width: int, delimiter: str) -> list[str] | None:
    """A header line whose cells are separated by another sign than the rows'."""
    if len(row.cells) > max(2, width // 2) or width < 3:
        return None
    for sign in _SEPARATORS:
        for cell in row.cells if sign != delimiter else ():
            parts = [part.strip(" \"'") for part in cell.split(sign)]
            if len(parts) == width and all(parts) and len(row.cells) == 1 and not any(kind(p) in TYPED for p in parts):
                return parts
    return None


def is_header(
    rows: Sequence[Row], first: int, width: int, delimiter: str, columns: Sequence[Column | None], typed: Sequence[int]
) -> tuple[bool, bool]:
    """Whether a table's first row is its header, and whether that is sure."""
    row = rows[first]
    if other_split(row, width, delimiter) is not None:
        return True, False
    text, fitting = against(row, columns, typed)
    if len(rows) == first + 1:
        named = not any(kind(cell) in TYPED or kind(cell) == "link" for cell in row.cells)
        return named, False
    if text + fitting:
        enough = text + fitting >= 2 or len(rows) - first > 3
        return text > fitting, enough and min(text, fitting) == 0
    body = rows[first + 1 : first + 1 + BODY]
    seen = [
        any(len(other.cells) > number and other.cells[number].strip() == cell.strip() for other in body)
        for number, cell in enumerate(row.cells)
        if cell.strip()
    ]
    if any(kind(cell) in TYPED or kind(cell) == "link" for cell in row.cells):
        return False, False
    return sum(seen) < 0.5 * len(seen), False


def header_lines(
    rows: Sequence[Row], first: int, width: int, columns: Sequence[Column | None], typed: Sequence[int]
) -> int:
    """How many lines the header has: further ones have text above numbers or dates, or repeat the first."""
    count = 1
    head = [cell.strip() for cell in rows[first].cells]
    while count < HEADER_LINES and first + count + 1 < len(rows):
        row = rows[first + count]
        if len(row.cells) != len(rows[first].cells):
            break
        same = [cell.strip() for cell in row.cells] == head
        text, fitting = against(row, columns, typed)
        if not same and not (
            text >= 2 and 2 * text >= len(typed) and fitting == 0 and not TOTAL.fullmatch(row.cells[0])
        ):
            break
        count += 1
    return count


def group_line(rows: Sequence[Row], first: int, width: int, count: int) -> int:
    """1 where the line above the header names groups of columns, without which names occur twice or are missing."""
    if first == 0:
        return 0
    above, below = rows[first - 1], rows[first + count - 1]
    names = [cell.strip() for cell in below.cells]
    unclear = len(set(names)) < len(names)
    fits = len(above.cells) == len(below.cells) and above.filled >= 2
    return int(unclear and fits and not any(kind(cell) in TYPED - {"whole"} for cell in above.cells))


def unnamed(width: int) -> tuple[str, ...]:
    return tuple(f"column {number}" for number in range(1, width + 1))


def names_of(
    header: Sequence[Row], width: int, delimiter: str, body: Sequence[Row], notes: list[str]
) -> tuple[str, ...]:
    """Column names: the header's cells from top to bottom, joined by a space."""
    lines = []
    for row in header:
        cells = [" ".join(cell.split()) for cell in row.cells]
        if len(cells) != width and (split := other_split(row, width, delimiter)) is not None:
            cells = split
            notes.append(f"The header in row {row.number:,} is separated by another sign than the rows.")
        surplus = len(cells) - width
        told = f"The header in row {row.number:,} has {len(cells):,} cells, the rows have {width:,}"
        if surplus > 0 and cells.count("") == surplus:
            cells = [cell for cell in cells if cell]
            notes.append(f"{told}: its empty ones are left out.")
        elif surplus > 0:
            notes.append(f"{told}: the last columns are empty.")
        elif surplus == -1 and _counts_up(body):
            cells = ["row number", *cells]
            notes.append(f"{told}: the first column counts the rows and has no name.")
        elif surplus < 0:
            notes.append(f"{told}: the last columns have no name, or a separator is missing in the header.")
        lines.append(cells)
    size = max(width, *(len(line) for line in lines))
    for line in lines:
        line += [""] * (size - len(line))
    if len(lines) > 1 and len(set(lines[-1])) < size:
        lines[0] = _carried(lines[0])
    joined = [" ".join(part for part in column if part) for column in zip(*lines, strict=True)]
    return unique(joined, notes)


def _carried(cells: list[str]) -> list[str]:
    """Names of groups carried to the right over the empty cells of their group."""
    carried, last = [], ""
    for cell in cells:
        last = cell or last
        carried.append(last)
    return carried


def _counts_up(body: Sequence[Row]) -> bool:
    numbers = [row.cells[0].strip() for row in body[:20]]
    if len(numbers) < 2 or not all(number.isdecimal() for number in numbers):
        return False
    whole = [int(number) for number in numbers]
    return whole[0] in (0, 1) and all(after == before + 1 for before, after in pairwise(whole))


def unique(names: Sequence[str], notes: list[str], *, reserved: Sequence[str] = ("__row",)) -> tuple[str, ...]:
    """Names of which each is there once: empty ones are numbered by their place, repeated ones by their turn."""
    taken: set[str] = set(reserved)
    wanted = {name[:_LONGEST_NAME] for name in names if name}
    if any(len(name) > _LONGEST_NAME for name in names):
        notes.append(f"The header has names of more than {_LONGEST_NAME} letters: they are cut.")
    result: list[str] = []
    renamed: list[str] = []
    for place, full in enumerate(names, start=1):
        name = full[:_LONGEST_NAME]
        base = name or f"column {place}"
        chosen, turn = base, 1
        while chosen in taken or (chosen != name and chosen in wanted):
            turn += 1
            chosen = f"{base} ({turn})"
        if name and chosen != name:
            renamed.append(chosen)
        taken.add(chosen)
        result.append(chosen)
    if renamed:
        shown = ", ".join(f"'{name}'" for name in renamed[:5]) + (" and more" if len(renamed) > 5 else "")
        notes.append(f"The header has the same name more than once: columns are renamed to {shown}.")
    return tuple(result)
