"""Where the table of a file begins and ends: junk above it, header lines, rows below it that are no data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from data.reading.columns import Column, Row, against, columns_of
from data.reading.findings import Finding, finding, numbered, shown
from data.reading.header import group_line, header_lines, is_header, names_of, other_split, unnamed
from data.reading.issues import Issues
from data.reading.kinds import TYPED, kind

_LOOKED_AT: Final = 60
"""Rows in which the header is looked for."""


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
    columns = columns_of([row for row in full if len(row.cells) == width], width)
    typed = [number for number, column in enumerate(columns) if column is not None]
    first, sure = _first(full, width, delimiter, columns, typed)
    if first is None:
        last = rows[-1].number + 1 if rows else 1
        return Structure(width, unnamed(width), (), tuple(full), last, False)
    named, certain = is_header(full, first, width, delimiter, columns, typed)
    sure = sure and certain
    if header_rows is not None:
        count, sure = min(header_rows, len(full) - first), True
    elif not named:
        count = 0
    else:
        count = header_lines(full, first, width, columns, typed)
        if count and (above := group_line(full, first, width, count)):
            first, count = first - above, count + above
    header, preamble = tuple(full[first : first + count]), tuple(full[:first])
    notes: list[str] = []
    names = names_of(header, width, delimiter, full[first + count :], notes) if header else unnamed(width)
    below = full[first + count :]
    start = below[0].number if below else (rows[-1].number + 1 if rows else 1)
    return Structure(max(width, 1), names, header, preamble, start, sure, tuple(notes))


def _first(
    rows: Sequence[Row], width: int, delimiter: str, columns: Sequence[Column | None], typed: Sequence[int]
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
            if below is not None and other_split(row, width, delimiter) is not None:
                text, fitting = against(below, columns, typed)
                if fitting > text or not typed:
                    return index, False
            continue
        text, fitting = against(row, columns, typed)
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
        if data_like and index > 0 and _may_begin(rows, index - 1, width) and _onlynames_of(rows[index - 1]):
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


def _onlynames_of(row: Row) -> bool:
    return not any(kind(cell) in TYPED or kind(cell) == "link" for cell in row.cells)


def _width_below(rows: Sequence[Row], index: int, width: int) -> bool:
    return index + 1 < len(rows) and len(rows[index + 1].cells) == width


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
