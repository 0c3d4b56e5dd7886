"""Where the table of a file begins and ends: junk above it, header lines, rows below it that are no data."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from data.reading.findings import Finding, finding, numbered, shown
from data.reading.issues import Issues
from data.reading.kinds import TYPED, family, kind

HEADER_LINES: Final = 5
"""Header lines that one table may have."""

_LOOKED_AT: Final = 60
"""Rows in which the header is looked for."""

_LONGEST_NAME: Final = 200

_SEPARATORS: Final = ("\t", ";", "|", ",", " ")
"""Signs by which a header line of its own kind may be separated."""

_BODY: Final = 400
"""Rows from which a column's kind is learned."""

TOTAL: Final = re.compile(
    r"(?i:\W*(?:(?:grand|sub|overall)[ -]?)?"
    r"(?:totals?|totale|totaal|sum|summe|gesamt(?:summe)?|somme|suma|итого|всего|razem|celkem|合计|合計|总计)\b[\s\w]{0,24}\W*)"
)
"""First cell of a row that sums up the others."""

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
class Structure:
    """What the first rows of a file are."""

    width: int
    """Cells of a row of the table."""
    names: tuple[str, ...]
    """Column names, at least as many as `width`."""
    header: tuple[Row, ...]
    """Header lines; none where the file has no header."""
    preamble: tuple[Row, ...]
    """Rows above the table."""
    start: int
    """Number of the first row of data; one beyond the last row looked at where there is none."""
    sure: bool
    """Whether the kinds of the cells show what is a header and what is not."""
    notes: tuple[str, ...] = ()
    """What was done to make the header fit."""


@dataclass(frozen=True)
class _Column:
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


def width_of(rows: Sequence[Row]) -> int:
    """The usual number of cells; of two tables of different width the first, unless it is small beside the other."""
    widths = Counter(len(row.cells) for row in rows if row.filled)
    if not widths:
        return 1
    common, most = max(widths.items(), key=lambda item: (item[1] * (1 if item[0] > 1 else 0.2), item[0]))
    positions: dict[int, list[int]] = {}
    for index, row in enumerate(row for row in rows if row.filled):
        positions.setdefault(len(row.cells), []).append(index)
    for width, where in positions.items():
        run = len(where) >= 3 and where[-1] - where[0] < 1.2 * len(where) + 1
        if width > 1 and width != common and run and len(where) >= 0.3 * most and where[-1] <= positions[common][0] + 1:
            return width
    return common


def find(rows: Sequence[Row], width: int, delimiter: str = "", *, header_rows: int | None = None) -> Structure:
    """The structure of the rows at the beginning of a file. `header_rows`, where given, says how many header lines."""
    full = [row for row in rows if row.filled]
    columns = _columns([row for row in full if len(row.cells) == width], width)
    typed = [number for number, column in enumerate(columns) if column is not None]
    first, sure = _first(full, width, delimiter, columns, typed)
    if first is None:
        last = rows[-1].number + 1 if rows else 1
        return Structure(width, _unnamed(width), (), tuple(full), last, False)
    is_header, certain = _is_header(full, first, width, delimiter, columns, typed)
    sure = sure and certain
    if header_rows is not None:
        count, sure = min(header_rows, len(full) - first), True
    elif not is_header:
        count = 0
    else:
        count = _header_lines(full, first, width, columns, typed)
        if count and (above := _group_line(full, first, width, count)):
            first, count = first - above, count + above
    header, preamble = tuple(full[first : first + count]), tuple(full[:first])
    notes: list[str] = []
    names = _names(header, width, delimiter, full[first + count :], notes) if header else _unnamed(width)
    below = full[first + count :]
    start = below[0].number if below else (rows[-1].number + 1 if rows else 1)
    return Structure(max(width, 1), names, header, preamble, start, sure, tuple(notes))


def _columns(rows: Sequence[Row], width: int) -> list[_Column | None]:
    """The usual kind of each column, None for text. The first rows count less, as they may be headers."""
    skipped = min(HEADER_LINES, len(rows) // 3)
    body = rows[skipped : skipped + _BODY]
    columns: list[_Column | None] = []
    for number in range(width):
        found = Counter(_kind_of(row.cells[number]) for row in body)
        for name in ("", "empty", "missing"):
            found.pop(name, None)
        filled = sum(found.values())
        name, count = max(found.items(), key=lambda item: item[1]) if found else ("", 0)
        worth = name in TYPED or name == "link" or (name not in ("words", "other") and count >= 2)
        columns.append(_Column(name) if filled and worth and count >= 0.7 * filled else None)
    return columns


def _against(row: Row, columns: Sequence[_Column | None], typed: Sequence[int]) -> tuple[int, int]:
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


def _first(
    rows: Sequence[Row], width: int, delimiter: str, columns: Sequence[_Column | None], typed: Sequence[int]
) -> tuple[int | None, bool]:
    """Index of the table's first row, header or data, and whether that is sure."""
    if width == 1:
        return (0, True) if rows else (None, False)
    best: tuple[float, int, bool] | None = None
    stop = _LOOKED_AT
    for index, row in enumerate(rows[:_LOOKED_AT]):
        if index > stop:
            break
        if not _may_begin(rows, index, width):
            below = rows[index + 1] if _width_below(rows, index, width) else None
            if below is not None and _other_split(row, width, delimiter) is not None:
                text, fitting = _against(below, columns, typed)
                if fitting > text or not typed:
                    return index, False
            continue
        text, fitting = _against(row, columns, typed)
        share = row.filled / width
        header_like = 2 * text >= len(typed) > 0 and fitting <= text // 4
        data_like = bool(typed) and 2 * fitting >= len(typed)
        score = share + (1.2 if header_like else 0.6 if data_like or not typed else 0.0)
        if best is None or score > best[0] + 0.34:
            best = (score, index, data_like)
        if header_like and share > 0.9:
            break
        if data_like:
            # The names of groups of columns may be years, so that the header's own line is still to come.
            stop = min(stop, index + 2)
    if best is not None:
        _, index, data_like = best
        if data_like and index > 0 and _may_begin(rows, index - 1, width) and _only_names(rows[index - 1]):
            index -= 1
        return index, True
    for index, row in enumerate(rows):
        if len(row.cells) == width:
            return index, False
    return None, False


def _may_begin(rows: Sequence[Row], index: int, width: int) -> bool:
    """Whether a row has about the table's width, and something in at least half of its cells."""
    row = rows[index]
    cells = len(row.cells)
    near = cells >= 2 and abs(cells - width) <= max(1, width // 3) and _width_below(rows, index, width)
    return (cells == width or near) and row.filled >= max(2, (width + 1) // 2)


def _only_names(row: Row) -> bool:
    return not any(kind(cell) in TYPED or kind(cell) == "link" for cell in row.cells)


def _width_below(rows: Sequence[Row], index: int, width: int) -> bool:
    return index + 1 < len(rows) and len(rows[index + 1].cells) == width


def _other_split(row: Row, width: int, delimiter: str) -> list[str] | None:
    """A header line whose cells are separated by another sign than the rows'."""
    if len(row.cells) > max(2, width // 2) or width < 3:
        return None
    for sign in _SEPARATORS:
        for cell in row.cells if sign != delimiter else ():
            parts = [part.strip(" \"'") for part in cell.split(sign)]
            if len(parts) == width and all(parts) and len(row.cells) == 1 and not any(kind(p) in TYPED for p in parts):
                return parts
    return None


def _is_header(
    rows: Sequence[Row], first: int, width: int, delimiter: str, columns: Sequence[_Column | None], typed: Sequence[int]
) -> tuple[bool, bool]:
    """Whether a table's first row is its header, and whether that is sure."""
    row = rows[first]
    if _other_split(row, width, delimiter) is not None:
        return True, False
    text, fitting = _against(row, columns, typed)
    if len(rows) == first + 1:
        named = not any(kind(cell) in TYPED or kind(cell) == "link" for cell in row.cells)
        return named, False
    if text + fitting:
        enough = text + fitting >= 2 or len(rows) - first > 3
        return text > fitting, enough and min(text, fitting) == 0
    body = rows[first + 1 : first + 1 + _BODY]
    seen = [
        any(len(other.cells) > number and other.cells[number].strip() == cell.strip() for other in body)
        for number, cell in enumerate(row.cells)
        if cell.strip()
    ]
    if any(kind(cell) in TYPED or kind(cell) == "link" for cell in row.cells):
        return False, False
    return sum(seen) < 0.5 * len(seen), False


def _header_lines(
    rows: Sequence[Row], first: int, width: int, columns: Sequence[_Column | None], typed: Sequence[int]
) -> int:
    """How many lines the header has: further ones have text above numbers or dates, or repeat the first."""
    count = 1
    head = [cell.strip() for cell in rows[first].cells]
    while count < HEADER_LINES and first + count + 1 < len(rows):
        row = rows[first + count]
        if len(row.cells) != len(rows[first].cells):
            break
        same = [cell.strip() for cell in row.cells] == head
        text, fitting = _against(row, columns, typed)
        if not same and not (
            text >= 2 and 2 * text >= len(typed) and fitting == 0 and not TOTAL.fullmatch(row.cells[0])
        ):
            break
        count += 1
    return count


def _group_line(rows: Sequence[Row], first: int, width: int, count: int) -> int:
    """1 where the line above the header names groups of columns, without which names occur twice or are missing."""
    if first == 0:
        return 0
    above, below = rows[first - 1], rows[first + count - 1]
    names = [cell.strip() for cell in below.cells]
    unclear = len(set(names)) < len(names)
    fits = len(above.cells) == len(below.cells) and above.filled >= 2
    return int(unclear and fits and not any(kind(cell) in TYPED - {"whole"} for cell in above.cells))


def _unnamed(width: int) -> tuple[str, ...]:
    return tuple(f"column {number}" for number in range(1, width + 1))


def _names(header: Sequence[Row], width: int, delimiter: str, body: Sequence[Row], notes: list[str]) -> tuple[str, ...]:
    """Column names: the header's cells from top to bottom, joined by a space."""
    lines = []
    for row in header:
        cells = [" ".join(cell.split()) for cell in row.cells]
        if len(cells) != width and (split := _other_split(row, width, delimiter)) is not None:
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


def findings(found: Structure, issues: Issues) -> list[Finding]:
    """What the structure assumes, in words; rows above the table are noted."""
    result: list[Finding] = []
    add = result.append
    if found.preamble:
        rows = [row.number for row in found.preamble]
        are = "is" if len(rows) == 1 else "are"
        first = shown(" ".join(cell for cell in found.preamble[0].cells if cell))
        add(
            finding(
                "preamble",
                f"Above the table, {numbered(rows)} {are} no part of it, such as {first}.",
                rows,
                changed=True,
            )
        )
        for row in found.preamble:
            issues.add(row.number, "preamble", cells=len(row.cells), text="\t".join(row.cells))
    rows = [row.number for row in found.header]
    if not rows:
        add(finding("no_header", "The file has no header: columns are named by their place.", changed=True))
    elif not found.sure:
        sentence = f"The column names are taken from {numbered(rows)}; nothing in the cells proves it."
        add(finding("header", sentence, rows, changed=True))
    if len(rows) > 1:
        sentence = f"The header has {len(rows)} lines, {numbered(rows)}: joined from top to bottom."
        add(finding("header", sentence, rows, changed=True))
    odd = [row.number for row in found.header if row.odd]
    if odd:
        sentence = f"The header has quotes that neither open nor close a cell ({numbered(odd)}): kept as text."
        add(finding("quotes", sentence, odd, changed=True))
    for note in found.notes:
        add(finding("header", note, rows, changed=True))
    return result
