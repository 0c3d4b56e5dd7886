"""Records whose quotes are misplaced: the reading that leaves the fewest of them unexplained."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from data.reading.signs import Dialect, Record, unprotected

LONGEST: Final = 20_000
"""Characters in which such a record is looked for."""

_TRIED_ENDS: Final = 60


def loose(text: str, width: int | None, dialect: Dialect) -> Record | None:
    """The reading of a text as one record that leaves the fewest quotes unexplained, of the right width if any.

    A quote may open a cell and close it before a delimiter, or belong to the text; each way has its cost. The
    cheapest way to each number of cells is found from the right end of the text to the left.
    """
    delimiter, quote = dialect.delimiter, dialect.quote
    if delimiter is None or quote is None or len(text) > LONGEST:
        return None
    starts = [0]
    pos = text.find(delimiter)
    while pos >= 0:
        starts.append(pos + len(delimiter))
        pos = text.find(delimiter, pos + len(delimiter))
    if len(starts) > 400:
        return None
    size = len(text)
    # For each start of a cell: number of cells to the end -> (cost, end of the cell, whether it is quoted).
    best: dict[int, dict[int, tuple[float, int, bool]]] = {}
    for start in reversed(starts):
        choices: dict[int, tuple[float, int, bool]] = {}
        for end, cost, quoted in _ends(text, start, dialect):
            if end >= size:
                _keep(choices, 1, (cost, end, quoted))
                continue
            for count, (rest, _, _) in best.get(end + len(delimiter), {}).items():
                _keep(choices, count + 1, (cost + rest, end, quoted))
        best[start] = choices
    ways = best[0]
    if not ways:
        return None
    if width is not None:
        count = min(ways, key=lambda n: (ways[n][0] + 3.0 * abs(n - width), abs(n - width)))
        if width in ways and ways[width][0] <= 6.0:
            count = width
    else:
        count = min(ways, key=lambda n: ways[n][0])
    cells, pos = [], 0
    while True:
        _, end, quoted = best[pos][count]
        cell = text[pos:end]
        cells.append(_unquoted(cell, dialect) if quoted else cell.strip(" ") if dialect.trim else cell)
        if end >= size:
            return Record(cells, text.count("\n") + 1, "a quote that neither opens nor closes a cell")
        pos, count = end + len(delimiter), count - 1


def _ends(text: str, start: int, dialect: Dialect) -> list[tuple[int, float, bool]]:
    """Where a cell may end, what that costs in unexplained quotes, and whether it is quoted."""
    delimiter, quote = dialect.delimiter or "", dialect.quote or ""
    end = text.find(delimiter, start)
    if end < 0:
        end = len(text)
    ends = [(end, 1.5 * text.count(quote, start, end), False)]
    opened = start
    while dialect.trim and opened < len(text) and text[opened] == " ":
        opened += 1
    if not text.startswith(quote, opened):
        return ends
    pos = opened
    for _ in range(_TRIED_ENDS):
        pos = text.find(quote, pos + 1)
        if pos < 0:
            break
        after = pos + 1
        while after < len(text) and text[after] == " " and delimiter != " ":
            after += 1
        if after < len(text) and not text.startswith(delimiter, after):
            continue
        content = text[opened + 1 : pos]
        if dialect.escape is not None:
            if content.endswith(dialect.escape):
                continue
            content = content.replace(dialect.escape + quote, "")
        lone = content.replace(quote + quote, "").count(quote)
        ends.append((after, 1.0 * lone + 0.2 * content.count("\n"), True))
    return ends


def _unquoted(cell: str, dialect: Dialect) -> str:
    return unprotected(cell.strip(" ")[1:-1] if dialect.delimiter != " " else cell[1:-1], dialect)


def one_record(cells: Sequence[str]) -> bool:
    """Whether line ends stand inside quoted cells only, as far as can be told: not in two cells."""
    return sum("\n" in cell for cell in cells) <= 2


def _keep(choices: dict[int, tuple[float, int, bool]], count: int, way: tuple[float, int, bool]) -> None:
    if count not in choices or way[0] < choices[count][0]:
        choices[count] = way
