"""The header of a table: which rows are it, and the names that they give to the columns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from data.reading.columns import YEAR, Profile, Row, values_of
from data.reading.kinds import TYPED, kind

HEADER_LINES: Final = 5
"""Header lines that one table may have."""

_LONGEST_NAME: Final = 200

_SEPARATORS: Final = ("\t", ";", "|", ",", " ")
"""Signs by which a header line of its own kind may be separated."""

_BASE: Final = r"(?:[munpkMGµ]?(?:m|g|s|A|V|W|Hz|Pa|N|J|K|L|l|mol|bar|eV|Wh)|cm|min|h|d|t|ha|mi|ft|in|lb|C|F|ppm|ppb)"
_UNIT: Final = re.compile(
    r"[(\[].{1,24}[)\]]|[%‰°#£$€¥]|"
    r"(?i:n|no\.?|counts?|number|units?|pcs|each|deg(?:\.?|rees)? ?[cfk]?|°[cfk]|a\.u\.|usd|eur|gbp|"
    r"[£$€]? ?(?:m|k|bn|mn|million|billion|thousands?|000s?)|volts?|watts?|hours?|days?|years?|months?|minutes?|"
    r"seconds?|"
    r"(?:dd|mm|yyyy|yy|hh|ss)(?:[-/.: ](?:dd|mm|mmm|yyyy|yy|hh|ss))+)|"
    rf"{_BASE}(?:[-^]?\d)?(?:[/·* ]?{_BASE}(?:[-^]?\d)?)*"
)
"""What a cell of a line of units is."""


_GROUP: Final = re.compile(r"[^\d:;,.]{1,30}")
"""What the name of the only group in a line looks like, so that it is no title."""


def other_split(row: Row, width: int, delimiter: str) -> list[str] | None:
    """A header line whose cells are separated by another sign than the rows'."""
    if len(row.cells) > max(2, width // 2) or width < 3:
        return None
    for sign in _SEPARATORS:
        for cell in row.cells if sign != delimiter else ():
            parts = [part.strip(" \"'") for part in cell.split(sign)]
            if len(parts) == width and len(row.cells) == 1 and all(map(_is_short_name, parts)):
                return parts
    return None


def _is_short_name(text: str) -> bool:
    return bool(text) and kind(text) not in TYPED and len(text) <= 40 and len(text.split()) <= 4 and text[-1] != "."


# --- Which rows -------------------------------------------------------------------------------------------------------


def lines_above(rows: Sequence[Row], floor: int, head: int, body: int, profile: Profile, width: int) -> int:
    """Lines above the main line of a header that belong to it, at most those from `floor` on."""
    count = 0
    while body - head + count < HEADER_LINES and head - count > floor and not rows[head - count].gap:
        if not _belongs(rows[head - count - 1], rows[head - count : body], profile, width):
            break
        count += 1
    return count


def lines_below(rows: Sequence[Row], head: int, stop: int, profile: Profile) -> int:
    """Lines below the main line of a header that belong to it: units, and further names."""
    count = 0
    while head + count + 1 < stop and count < HEADER_LINES - 1:
        row = rows[head + count + 1]
        names, fitting = profile.against(row)
        further = row.filled > 1 and names > 1 and profile.is_names(row)
        if fitting or not (further or are_units(row) or _says_little(row)):
            break
        if recur(row, rows[head + count + 2 :]):
            break
        count += 1
    return count


def recur(row: Row, below: Sequence[Row]) -> bool:
    """Whether words of a row stand again in their column, as those of a header seldom do."""
    words = [(place, cell.strip()) for place, cell in enumerate(row.cells) if cell.strip()]
    others = [other.cells for other in below[:100] if other.cells != row.cells]
    again = [any(len(cells) > place and cells[place].strip() == word for cells in others) for place, word in words]
    return 4 * sum(again) > len(again)


def weak_header(rows: Sequence[Row], floor: int, body: int, profile: Profile, width: int, delimiter: str) -> int:
    """Lines of a header that does not name most columns, or stands apart: directly above the first row of data."""
    if body <= floor:
        return 0
    last = rows[body - 1]
    if other_split(last, width, delimiter) is not None:
        return 1
    names, fitting = profile.against(last)
    enough = profile.cover(last) >= (0.75 if rows[body].gap else 0.5)
    # A header may name all but the columns of values, such as a running number.
    words = not names and not fitting and _only_names(last) and not recur(last, rows[body:])
    if not _is_near(last, width) or last.filled < min(2, width - 1) or not enough or not (names > fitting or words):
        return 0
    return 1 + lines_above(rows, floor, body - 1, body, profile, width)


def _belongs(above: Row, lines: Sequence[Row], profile: Profile, width: int) -> bool:
    """Whether a row above header lines is one more of them."""
    top, last = lines[0], lines[-1]
    # Empty cells at the end of a line may have been left out.
    is_cut = len(above.cells) < len(top.cells) and "" in (cell.strip() for cell in above.cells)
    if not (len(above.cells) == len(top.cells) or is_cut) or not above.filled:
        return False
    if [cell.strip() for cell in above.cells] == [cell.strip() for cell in top.cells]:
        return True
    if any(not YEAR.fullmatch(above.cells[place].strip()) for place in values_of(above)):
        return False
    full = profile.cover(above) >= 0.75
    if len(lines) == 1 and full and are_units(last) and not are_units(above):
        return True
    if _is_group_line(above, top, is_lowest=len(lines) == 1):
        return True
    names, fitting = profile.against(above)
    return width >= 3 and full and len(lines) < 3 and names >= 2 and 2 * names >= len(profile.typed) and not fitting


def _says_little(row: Row) -> bool:
    """Whether the cells of a row mostly say the same."""
    cells = [cell.strip() for cell in row.cells if cell.strip()]
    return len(cells) > 2 and 2 * len(set(cells)) <= len(cells)


def are_units(row: Row) -> bool:
    """Whether a line tells the units of columns."""
    cells = [cell.strip() for cell in row.cells if cell.strip()]
    units = sum(bool(_UNIT.fullmatch(cell)) for cell in cells)
    return bool(cells) and (2 * units > len(cells) or (len(cells) > 2 and len(set(cells)) == 1))


def _is_group_line(above: Row, below: Row, *, is_lowest: bool) -> bool:
    """Whether a line names groups of columns, or the columns that the line below leaves without a name."""
    names = [cell.strip() for cell in below.cells]
    groups = [place for place, cell in enumerate(above.cells) if cell.strip()]
    if len(groups) == 1 and (groups == [0] or not _GROUP.fullmatch(above.cells[groups[0]].strip())):
        return False  # a title
    if is_lowest:
        # Without it, names occur twice or are missing.
        return len(set(names)) < len(names) and (len(groups) > 1 or not names[0])
    spans = [after - place for place, after in pairwise([*groups, len(names)])]
    return all(names[place] and span > 1 for place, span in zip(groups, spans, strict=True))


def _is_near(row: Row, width: int) -> bool:
    """Whether a row has about as many cells as the table."""
    cells = len(row.cells)
    return cells == width or (cells >= 2 and abs(cells - width) <= max(1, width // 3))


def _only_names(row: Row) -> bool:
    return not any(kind(cell) in TYPED or kind(cell) == "link" for cell in row.cells)


def is_header(row: Row, body: Sequence[Row], profile: Profile) -> tuple[bool, bool]:
    """Whether the first row of a table is its header, and whether the cells below prove it."""
    names, fitting = profile.against(row)
    if not body:
        return _only_names(row), False
    if names + fitting:
        enough = names + fitting >= 2 or len(body) > 2
        return names > fitting, enough and min(names, fitting) == 0
    if not _only_names(row):
        return False, False
    seen = [
        any(len(other.cells) > place and other.cells[place].strip() == cell.strip() for other in body[:400])
        for place, cell in enumerate(row.cells)
        if cell.strip()
    ]
    return sum(seen) < 0.5 * len(seen), False


def repeated_lines(rows: Sequence[Row], first: int) -> int:
    """Lines that say the same as the first one, itself included."""
    head = [cell.strip() for cell in rows[first].cells]
    count = 1
    while count < HEADER_LINES and first + count < len(rows):
        if [cell.strip() for cell in rows[first + count].cells] != head:
            break
        count += 1
    return count


# --- Names ------------------------------------------------------------------------------------------------------------


def unnamed(width: int) -> tuple[str, ...]:
    """Names of columns that have none in the file."""
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
        message = f"The header in row {row.number:,} has {len(cells):,} cells, the rows have {width:,}"
        if surplus > 0 and cells.count("") == surplus:
            cells = [cell for cell in cells if cell]
            notes.append(f"{message}: its empty ones are left out.")
        elif surplus > 0:
            notes.append(f"{message}: the last columns are empty.")
        elif surplus == -1 and _counts_up(body):
            cells = ["row number", *cells]
            notes.append(f"{message}: the first column counts the rows and has no name.")
        elif surplus < 0:
            notes.append(f"{message}: the last columns have no name, or a separator is missing in the header.")
        lines.append(cells)
    size = max(width, *(len(line) for line in lines))
    for line in lines:
        line += [""] * (size - len(line))
    if len(set(lines[-1])) < size:
        lines[:-1] = [_carried(line, lines[-1]) for line in lines[:-1]]
    joined = [" ".join(part for part in column if part) for column in zip(*lines, strict=True)]
    without = [place for place, name in enumerate(joined, start=1) if not name]
    if without and len(header[-1].cells) >= width:
        places = ", ".join(f"{place:,}" for place in without[:5]) + (" and more" if len(without) > 5 else "")
        which = f"column {places} has" if len(without) == 1 else f"columns {places} have"
        notes.append(f"In the header, {which} no name: named by place.")
    return unique(joined, notes)


def _carried(cells: Sequence[str], last: Sequence[str]) -> list[str]:
    """Names of groups carried to the right over the columns of their group, which have a name in the last line."""
    carried, name = [], ""
    for cell, below in zip(cells, last, strict=True):
        name = cell or (name if below else "")
        carried.append(name)
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
        listing = ", ".join(f"'{name}'" for name in renamed[:5]) + (" and more" if len(renamed) > 5 else "")
        notes.append(f"The header has the same name more than once: columns are renamed to {listing}.")
    return tuple(result)
