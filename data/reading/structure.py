"""Where the table of a file begins and ends: titles above it, header lines, other tables above and below."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from data.reading.columns import Profile, Row
from data.reading.findings import Finding, excerpt, finding, numbered
from data.reading.header import is_header, names_of, other_split, repeated_lines, unnamed
from data.reading.issues import Issues
from data.reading.regions import Region, chosen, regions, width_of


@dataclass(frozen=True)
class Structure:
    """What the first rows of a file are."""

    width: int
    """Cells of a row of the table."""
    names: tuple[str, ...]
    """Column names. There may be more than `width`, and fewer where the last columns are another table's."""
    header: tuple[Row, ...]
    """Header lines; none where the file has no header."""
    preamble: tuple[Row, ...]
    """Rows above the table."""
    profile: Profile
    """What the rows of the table usually hold."""
    start: int
    """Number of the first row of data; one beyond the last row looked at where there is none."""
    sure: bool
    """Whether the kinds of the cells show what is a header and what is not."""
    notes: tuple[str, ...] = ()
    """What was done to make the header fit."""
    end: int | None = None
    """Number of the first row that is no more of the table; None where the table goes on to the end."""
    above: tuple[tuple[int, int], ...] = ()
    """First and last row of each other table above."""
    below: tuple[int, ...] = ()
    """First row of each other table below."""


def find(rows: Sequence[Row], width: int, delimiter: str = "", *, header_rows: int | None = None) -> Structure:
    """The structure of the rows at the beginning of a file. `header_rows`, where given, says how many header lines."""
    full = [row for row in rows if row.filled]
    if not full:
        start = rows[-1].number + 1 if rows else 1
        return Structure(max(width, 1), unnamed(max(width, 1)), (), (), Profile((), ()), start, False)
    result = regions(full, delimiter) if width > 1 else []
    if result:
        number = chosen(result, full)
        return _of_region(full, result, number, delimiter, header_rows)
    return _of_all(full, width, delimiter, header_rows)


def _of_region(
    rows: Sequence[Row], regions: Sequence[Region], number: int, delimiter: str, header_rows: int | None
) -> Structure:
    """The structure of a file in which one table or several were seen."""
    table, below = regions[number], regions[number + 1 :]
    stop = below[0].start if below else len(rows)
    first = table.first
    if header_rows:
        # There is a header: the first full row, titles not being full.
        floor = regions[number - 1].stop if number else 0
        full = (index for index in range(floor, first) if _is_full(rows[index], table.width))
        first = next(full, first)
    above, kept = rows[:stop], _reach(rows, table, stop) if below else table.width
    if kept < table.width:
        above = [replace(row, cells=row.cells[:kept]) for row in above]
    result = _structure(above, first, table.lines, kept, table.profile, delimiter, header_rows)
    return replace(
        result,
        width=table.width,
        above=tuple((rows[other.first].number, rows[other.stop - 1].number) for other in regions[:number]),
        below=tuple(rows[other.first].number for other in below),
        end=rows[stop].number if below else None,
    )


def _reach(rows: Sequence[Row], table: Region, stop: int) -> int:
    """How many columns belong to a table that others follow.

    Files are often filled up to the widest table, whose further columns are none of the others'.
    """
    data = [row for row in rows[table.body : stop] if table.profile.is_data(row)]
    reach = max(row.reach for row in (*rows[table.first : table.body], *data))
    others = max((row.reach for row in rows[stop:] if len(row.cells) == table.width), default=0)
    return reach if reach < others else table.width


def _is_full(row: Row, width: int) -> bool:
    return len(row.cells) == width and row.filled >= 0.75 * width


def _of_all(rows: Sequence[Row], width: int, delimiter: str, header_rows: int | None) -> Structure:
    """The structure of a file in which no table stands out: the first row that is full enough begins it."""
    first = 0
    if width > 1:
        width = width_of(rows)
        of_width = [index for index, row in enumerate(rows) if len(row.cells) == width]
        most = max(rows[index].filled for index in of_width)
        first = next(index for index in of_width if rows[index].filled >= 0.75 * most)
        if first and not rows[first].gap and other_split(rows[first - 1], width, delimiter) is not None:
            first -= 1
    profile = Profile((None,) * width, tuple(range(width)))
    result = _structure(rows, first, 1, width, profile, delimiter, header_rows)
    return result if header_rows is not None else replace(result, sure=False)


def _structure(
    rows: Sequence[Row],
    first: int,
    lines: int,
    width: int,
    profile: Profile,
    delimiter: str,
    header_rows: int | None,
) -> Structure:
    """The structure of a table whose header, if it is one, has so many lines from the first row on."""
    sure = True
    if header_rows is not None:
        lines = min(header_rows, len(rows) - first)
    elif not profile.typed and lines:
        named, sure = is_header(rows[first], rows[first + lines :], profile)
        lines = max(lines, repeated_lines(rows, first)) if named else 0
    elif lines:
        judged = [is_header(row, rows[first + lines :], profile) for row in rows[first : first + lines]]
        sure = any(certain for _, certain in judged)
    header, body = tuple(rows[first : first + lines]), rows[first + lines :]
    notes: list[str] = []
    names = names_of(header, width, delimiter, body, notes) if header else unnamed(width)
    start = body[0].number if body else rows[-1].number + 1
    return Structure(width, names, header, tuple(rows[:first]), profile, start, sure, tuple(notes))


# --- In words ---------------------------------------------------------------------------------------------------------


def findings(structure: Structure, issues: Issues) -> list[Finding]:
    """What the structure assumes, in words; rows above the table are noted."""
    result: list[Finding] = []
    add = result.append
    for first, last in structure.above:
        rows = [row.number for row in structure.preamble if first <= row.number <= last]
        sentence = (
            f"Another table stands above, in rows {first:,} to {last:,}: its {len(rows):,} rows are left out. "
            f"Choose it by last row {last:,}."
        )
        add(finding("other_table", sentence, rows, changed=True))
    if structure.preamble:
        rows = [row.number for row in structure.preamble]
        are = "is" if len(rows) == 1 else "are"
        first_words = excerpt(" ".join(cell for cell in structure.preamble[0].cells if cell))
        sentence = f"Above the table, {numbered(rows)} {are} no part of it, such as {first_words}."
        add(finding("preamble", sentence, rows, changed=True))
        for row in structure.preamble:
            issues.add(row.number, "preamble", cells=len(row.cells), text="\t".join(row.cells))
    rows = [row.number for row in structure.header]
    if not rows:
        add(finding("no_header", "The file has no header: columns are named by their place.", changed=True))
    elif not structure.sure:
        sentence = f"The column names are taken from {numbered(rows)}; nothing in the cells proves it."
        add(finding("header", sentence, rows, changed=True))
    if len(rows) > 1:
        sentence = f"The header has {len(rows)} lines, {numbered(rows)}: joined from top to bottom."
        add(finding("header", sentence, rows, changed=True))
    odd = [row.number for row in structure.header if row.odd]
    if odd:
        sentence = f"The header has quotes that neither open nor close a cell ({numbered(odd)}): kept as text."
        add(finding("quotes", sentence, odd, changed=True))
    for note in structure.notes:
        add(finding("header", note, rows, changed=True))
    return result


def left_out_below(structure: Structure, rows: Iterable[tuple[int, str]], issues: Issues) -> Finding:
    """Note the rows from the end of the table on, which belong to other tables, and say so."""
    numbers = []
    for number, text in rows:
        issues.add(number, "other_table", text=text)
        numbers.append(number)
    first = structure.below[0]
    begins = f"Another table begins in row {first:,}"
    if len(structure.below) > 1:
        begins = f"{len(structure.below)} other tables begin in {numbered(structure.below)}"
    sentence = f"{begins}: {len(numbers):,} rows are left out. Choose it by first row {first:,}."
    return finding("other_table", sentence, numbers, changed=True)
