"""Tables among the rows of a file: where each begins and ends, and which of them is the file's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from data.reading.columns import Profile, Row, profile_of, values_of
from data.reading.header import are_units, lines_above, lines_below, recur, weak_header
from data.reading.kinds import TYPED, kind

_LOOKED_AT: Final = 60
"""Rows of a part in which its header is looked for."""

_JUDGED: Final = 30
"""Rows by which a part is judged to belong to the table above it."""


@dataclass(frozen=True)
class Region:
    """One table, as indexes of rows."""

    start: int
    """Its first row, titles included."""
    first: int
    """Its first row without them: the header's, or else of data."""
    body: int
    """Its first row of data."""
    stop: int
    """One after its last row."""
    width: int
    """Cells of its rows."""
    profile: Profile

    @property
    def lines(self) -> int:
        """Lines of the header."""
        return self.body - self.first

    @property
    def rows(self) -> int:
        """Rows of data."""
        return self.stop - self.body


def regions(rows: Sequence[Row], delimiter: str) -> list[Region]:
    """The tables from top to bottom. Rows that are in none are titles and notes."""
    regions: list[Region] = []
    for start, stop in pairwise(_bounds(rows)):
        begun = start
        if not regions:
            region = _region(rows, 0, start, stop, delimiter)
            if region is None:
                continue
            if any(_is_full_data(row, region) for row in rows[: region.first]):
                region = _region(rows, 0, 0, stop, delimiter) or region
            regions.append(region)
            begun = region.body
        pieces = pairwise([begun, *_names_within(regions[-1], rows, begun, stop), stop])
        for first, end in pieces:
            region = None
            if first > regions[-1].body and _is_another(regions[-1], rows, first, end, delimiter):
                region = _region(rows, regions[-1].stop, first, end, delimiter)
                region = region or Region(first, first, first + 1, end, len(rows[first].cells), regions[-1].profile)
            if region is None:
                regions[-1] = replace(regions[-1], stop=end)
            else:
                lead = _lead(regions[-1], rows, region.start)
                regions[-1] = replace(regions[-1], stop=lead)
                regions.append(replace(region, start=lead))
    return regions


def _is_full_data(row: Row, table: Region) -> bool:
    """Whether a row above a table is one of its rows, cut off from it by a gap."""
    profile = table.profile
    names, fitting = profile.against(row)
    return len(row.cells) == table.width and fitting > names and profile.cover(row) >= 0.75


def _lead(table: Region, rows: Sequence[Row], start: int) -> int:
    """Where the titles of a table begin that follows another one: after a gap, and none of them fits the other."""
    lead = index = start
    while index > table.body + 1 and not table.profile.against(rows[index - 1])[1]:
        index -= 1
        if rows[index].gap:
            lead = index
    return lead


def _names_within(table: Region, rows: Sequence[Row], start: int, stop: int) -> list[int]:
    """Where in a part rows begin that have names where the table has values, as the header of another table would."""
    result: set[int] = set()
    for index in range(start + 1, stop):
        if not table.profile.is_names(rows[index]):
            continue
        while index > start and not rows[index].gap and _leads(table, rows[index - 1]):
            index -= 1
        if index > start:
            result.add(index)
    return sorted(result)


def _leads(table: Region, row: Row) -> bool:
    """Whether a row may be a title or a header line above another one."""
    names, fitting = table.profile.against(row)
    return not fitting and (names > 0 or _is_thin(row))


def chosen(regions: Sequence[Region], rows: Sequence[Row]) -> int:
    """Which table is the file's: the first, but not a few lines beside a large one, or pairs of names and values."""
    for number, region in enumerate(regions[:-1]):
        largest = max(later.rows for later in regions[number + 1 :])
        few = region.rows * 10 <= largest and largest >= 50
        bare = not region.lines and region.rows < 5
        narrow = max(row.reach for row in rows[region.first : region.stop]) <= 2 and region.rows < largest
        if not (few or bare or (narrow and not (region.lines and region.rows >= 3))):
            return number
    return len(regions) - 1


def width_of(rows: Sequence[Row]) -> int:
    """The usual number of cells."""
    widths = Counter(len(row.cells) for row in rows)
    return max(widths, key=lambda width: (widths[width] * (1 if width > 1 else 0.2), width), default=1)


def _is_thin(row: Row) -> bool:
    """Whether a row is but a word or a sentence, such as a title."""
    return row.filled <= 1 and not any(kind(cell) in TYPED for cell in row.cells)


def _bounds(rows: Sequence[Row]) -> list[int]:
    """Where parts begin, and the end: after a gap, at a title, where the number of cells changes for good."""
    gaps = [index for index in range(1, len(rows)) if rows[index].gap]
    titles = [index for index in range(1, len(rows)) if _is_thin(rows[index]) and not _is_thin(rows[index - 1])]
    result = {0, len(rows)}
    for several in (gaps, titles):
        # Where many rows have it, it tells nothing.
        if 3 * len(several) <= len(rows):
            result.update(several)
    for index in range(1, len(rows)):
        if len(rows[index].cells) != len(rows[index - 1].cells):
            size = len(rows[index].cells)
            ahead = [len(row.cells) for row in rows[index : index + 8]]
            behind = [len(row.cells) for row in rows[max(0, index - 8) : index]]
            if len(ahead) > 1 and ahead[1] == size and ahead.count(size) >= 0.75 * len(ahead) and size not in behind:
                result.add(index)
    return sorted(result)


def _region(rows: Sequence[Row], floor: int, start: int, stop: int, delimiter: str) -> Region | None:
    """The table in a part of the rows; its header may stand above the part, but not above `floor`."""
    solid = [index for index in range(start, stop) if not _is_thin(rows[index])]
    if not solid:
        return None
    width = width_of([rows[index] for index in solid])
    if width < 2 or (len(solid) == 2 and len({len(rows[index].cells) for index in solid}) > 1):
        return None
    profile = profile_of([rows[index] for index in solid if len(rows[index].cells) == width], width)
    if not profile.typed:
        full = [index for index in solid if len(rows[index].cells) == width and profile.cover(rows[index]) >= 0.7]
        if len(profile.common) < 3 or len(full) < 3 or 2 * len(full) < len(solid):
            return None
        # Rows above that are as full belong to it, too: nothing tells them apart.
        above = [index for index in range(floor, start) if len(rows[index].cells) == width]
        first = next(index for index in (*above, *solid) if profile.cover(rows[index]) >= 0.6)
        return Region(min(start, first), first, first + 1, stop, width, profile)
    first, body = _beginning(rows, floor, start, solid, profile, width, delimiter)
    if body is None or (first == body and stop - body < 2):
        return None
    return Region(min(start, first), first, body, stop, width, profile)


def _beginning(
    rows: Sequence[Row], floor: int, start: int, solid: Sequence[int], profile: Profile, width: int, delimiter: str
) -> tuple[int, int | None]:
    """The first row of a table, header or data, and its first row of data, None where there is none."""
    # A header may be cut off from its table by a gap, or by a row of which little is left.
    apart = [index for index in range(max(floor, start - 3), start) if not _is_thin(rows[index])]
    looked_at = [*apart, *solid[:_LOOKED_AT]]
    data = [index for index in looked_at if profile.is_data(rows[index])]
    if len(data) < (1 if len(solid) == 2 and len(profile.common) > 2 else 2):
        return 0, None
    full = [i for i in looked_at if profile.is_names(rows[i]) and profile.names_cover(rows[i]) >= 0.75]
    full = [index for index in full if not recur(rows[index], rows[index + 1 : solid[-1] + 1])]
    for index in full:
        below = next((other for other in data if other > index), None)
        above = [other for other in data if other < index and profile.cover(rows[other]) >= 0.75]
        if below is None or len(above) > 1:
            continue
        named = [other for other in full if index <= other < below and not are_units(rows[other])]
        head = _main_line(rows, named, profile, width) if named else index
        body = head + 1 + lines_below(rows[: solid[-1] + 1], head, below, profile)
        return head - lines_above(rows, floor, head, body, profile, width), body
    body = data[0]
    lines = weak_header(rows, floor, body, profile, width, delimiter)
    while not lines and body > start and _may_be_data(rows[body - 1], profile, width) and not rows[body].gap:
        body -= 1
    return body - lines, body


def _main_line(rows: Sequence[Row], named: Sequence[int], profile: Profile, width: int) -> int:
    """Which of the rows of names above the data is the header: none is a title of as many words, if another fits."""
    fitting = [index for index in named if len(rows[index].cells) == width] or list(named)
    if set(profile.common) <= set(profile.typed):
        # Where every cell of a row is a value, rows of words cannot be rows of data: the last one is the header.
        return fitting[-1]
    return fitting[0]


def _may_be_data(row: Row, profile: Profile, width: int) -> bool:
    """Whether a row above the first row of data may be one as well, of which some cells are odd."""
    names, _ = profile.against(row)
    return len(row.cells) == width and profile.cover(row) >= 0.75 and names < row.filled


def _is_another(table: Region, rows: Sequence[Row], start: int, stop: int, delimiter: str) -> bool:
    """Whether a part of the rows is a table of its own, and not more rows of the table above it, or notes."""
    stop = min(stop, start + _JUDGED)
    solid = [index for index in range(start, stop) if not _is_thin(rows[index])]
    if len(solid) < 2:
        return False
    own = _region(rows, start, start, stop, delimiter)
    first, body = (own.first, own.body) if own is not None else (solid[0], solid[0] + 1)
    if first == body or body >= stop:
        return False
    head = max(rows[first:body], key=lambda row: row.filled)
    names = _names(head)
    headers = [_names(row) for row in rows[table.first : table.body]]
    repeated = all(_names(row) in headers for row in rows[first:body])
    if repeated or len(names) < 2 or values_of(head):
        return False
    below = [rows[index] for index in solid if index >= body]
    alike = sum(table.profile.is_data(row) for row in below) >= 0.5 * len(below)
    contrasts = own is not None and any(own.profile.is_names(row) for row in rows[first:body])
    titled = _is_thin(rows[start])
    apart = titled or rows[start].gap
    named, fitting = table.profile.against(head)
    known = recur(head, [*below, *rows[table.body : table.body + _JUDGED]])
    as_far = sum(row.reach == head.reach for row in below) >= 0.7 * len(below)
    other_reach = as_far and head.reach != max(row.reach for row in rows[table.first : table.body + 1])
    if known and not contrasts:
        return False
    if width_of(below) != table.width:
        return contrasts or (apart and not alike and len(set(names)) == len(names))
    if other_reach and (titled or named > fitting):
        return apart or contrasts
    if alike:
        full = own is not None and len(own.profile.typed) > 1 and own.profile.names_cover(head) >= 0.75
        return contrasts and full and apart and named > fitting and not known
    return contrasts and apart


def _names(row: Row) -> list[str]:
    return [cell.strip() for cell in row.cells if cell.strip()]
