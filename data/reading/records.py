"""From lines of text to records: strictly where the quotes allow it, else in the way that fits the table's width."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

LONGEST: Final = 1 << 20
"""Characters that one record may have."""

_RUNS: Final = {1: re.compile(" +"), 2: re.compile(" {2,}")}
_TRIED_LINES: Final = 40
"""Lines over which a record with misplaced quotes is looked for."""
_TRIED_LENGTH: Final = 20_000
_TRIED_ENDS: Final = 60


@dataclass(frozen=True)
class Dialect:
    """How a text file separates its cells."""

    delimiter: str | None
    """One sign or several; None where each line is one cell."""
    quote: str | None = '"'
    escape: str | None = None
    """Sign before a quote or delimiter that belongs to the text; None where quotes inside are doubled."""
    trim: bool = False
    """Whether blanks after a delimiter are padding."""
    run: int = 0
    """Columns that are lined up with blanks: how many blanks in a row separate at least; 0 where each blank does."""


@dataclass(frozen=True)
class Record:
    """The cells of one record."""

    cells: list[str]
    lines: int = 1
    """Lines of the file that it takes."""
    odd: str = ""
    """What is wrong with its quotes, in words; empty where nothing is."""


class Splitter:
    """Splits lines into records of one dialect."""

    def __init__(self, dialect: Dialect, *, budget: int = 1 << 62) -> None:
        self.dialect = dialect
        # Looking for the end of a quoted text far below is bounded over the whole file, so that it stays linear.
        self._budget = budget

    def record(self, lines: Sequence[str], at: int, width: int | None, *, complete: bool) -> Record | None:
        """The record that begins at a line; None where it goes on beyond the lines given and they are not complete.

        Lines are without their line feeds; a carriage return at the end of a record is dropped, inside a text it is
        kept. `width` is how many cells are expected.
        """
        line = lines[at].removesuffix("\r")
        dialect = self.dialect
        if dialect.run:
            return Record(_RUNS[self.dialect.run].split(line.strip(" ")))
        if dialect.delimiter is None and (dialect.quote is None or dialect.quote not in line):
            return Record([line])
        plain = dialect.quote is None or dialect.quote not in line
        if plain and (dialect.escape is None or dialect.escape not in line):
            return Record(self._plain(line))
        strict = self._strict(lines, at, complete)
        if strict is None:
            return None
        if strict.cells and not strict.odd and (strict.lines == 1 or width is None or len(strict.cells) == width):
            return strict
        if strict.cells and strict.lines == 1 and len(strict.cells) == width:
            return strict
        found = self._loose(line, width)
        if found is not None and (width is None or len(found.cells) == width):
            return found
        if strict.cells and strict.lines > 1 and not strict.odd:
            return strict
        if width is not None and width > 1 and not strict.cells:
            longer = self._loose_over_lines(lines, at, width)
            if longer is not None:
                return longer
        if strict.cells and strict.lines == 1:
            return strict
        return found if found is not None else Record(self._plain(line), odd="quotes that do not close")

    def _plain(self, line: str) -> list[str]:
        if self.dialect.delimiter is None:
            return [line]
        cells = line.split(self.dialect.delimiter)
        return [cell.strip(" ") for cell in cells] if self.dialect.trim else cells

    def _strict(self, lines: Sequence[str], at: int, complete: bool) -> Record | None:
        """The record by the rules, without cells where the quotes break them."""
        dialect = self.dialect
        delimiter, quote, escape = dialect.delimiter, dialect.quote, dialect.escape
        text, used, pos, odd = lines[at].removesuffix("\r"), 1, 0, ""
        cells: list[str] = []
        while True:
            if dialect.trim:
                while pos < len(text) and text[pos] == " ":
                    pos += 1
            if quote is not None and text.startswith(quote, pos):
                start = pos = pos + 1
                while True:
                    end = text.find(quote, pos)
                    if escape is not None:
                        mark = text.find(escape, pos, end if end >= 0 else len(text))
                        if mark >= 0 and mark + 1 < len(text):
                            pos = mark + 2
                            continue
                    if end < 0:
                        following = at + used
                        if following >= len(lines):
                            if not complete and len(text) < LONGEST:
                                return None
                            return Record([], odd="a quote that does not close")
                        self._budget -= len(lines[following]) + 1
                        if len(text) > LONGEST or self._budget < 0:
                            return Record([], odd="a quote that does not close")
                        pos = len(text)
                        text = _joined(lines, at + used - 1, text)
                        used += 1
                        if used > 64:
                            # Many lines: find the closing one without copying the text each time.
                            text, used = self._jump(lines, at, used, text)
                        continue
                    if text.startswith(quote, end + 1) and escape is None:
                        pos = end + 2
                        continue
                    if (
                        text.startswith(quote, end + 1)
                        and escape is not None
                        and len(text) > end + 2
                        and not (delimiter is not None and text.startswith(delimiter, end + 2))
                    ):
                        pos = end + 2
                        continue
                    break
                content = text[start:end]
                cells.append(self._content(content))
                pos = end + 1
                while pos < len(text) and text[pos] == " " and delimiter != " ":
                    pos += 1
                if pos >= len(text):
                    return Record(cells, used, odd)
                if delimiter is None or not text.startswith(delimiter, pos):
                    return Record([], odd="text after a closing quote")
                pos += len(delimiter)
            else:
                end = -1 if delimiter is None else text.find(delimiter, pos)
                if escape is not None and delimiter is not None:
                    end = self._unescaped(text, delimiter, pos)
                cell = text[pos:] if end < 0 else text[pos:end]
                if (
                    quote is not None
                    and quote in cell
                    and not (escape and quote not in cell.replace(escape + quote, ""))
                ):
                    odd = "a quote inside a text that is not quoted"
                if escape is not None and escape in cell:
                    cell = self._content(cell)
                cells.append(cell.rstrip(" ") if dialect.trim else cell)
                if end < 0:
                    return Record(cells, used, odd)
                pos = end + len(delimiter or "")

    def _jump(self, lines: Sequence[str], at: int, used: int, text: str) -> tuple[str, int]:
        """Add lines up to the next one that has a quote."""
        quote = self.dialect.quote or ""
        parts, length = [text], len(text)
        while at + used < len(lines) and length < LONGEST:
            line = lines[at + used].removesuffix("\r")
            parts += ["\r\n" if lines[at + used - 1].endswith("\r") else "\n", line]
            length += len(line) + 1
            self._budget -= len(line)
            used += 1
            if quote in line:
                break
        return "".join(parts), used

    def _unescaped(self, text: str, sign: str, pos: int) -> int:
        escape = self.dialect.escape or ""
        while True:
            end = text.find(sign, pos)
            if end < 0:
                return -1
            before = 0
            while end - before - 1 >= 0 and text[end - before - 1] == escape:
                before += 1
            if before % 2 == 0:
                return end
            pos = end + len(sign)

    def _content(self, content: str) -> str:
        """A text without the signs that protect quotes in it."""
        quote, escape = self.dialect.quote, self.dialect.escape
        if escape is not None and escape in content:
            protected = {quote, self.dialect.delimiter, escape}
            parts: list[str] = []
            pos = 0
            while pos < len(content):
                if content[pos] == escape and pos + 1 < len(content) and content[pos + 1] in protected:
                    pos += 1
                parts.append(content[pos])
                pos += 1
            content = "".join(parts)
        elif escape is None and quote is not None:
            content = content.replace(quote + quote, quote)
        return content

    # --- Misplaced quotes ---------------------------------------------------------------------------------------------

    def _loose(self, text: str, width: int | None) -> Record | None:
        """The reading of a text as one record that leaves the fewest quotes unexplained, of the right width if any.

        A quote may open a cell and close it before a delimiter, or belong to the text; each way has its cost. The
        cheapest way to each number of cells is found from the right end of the text to the left.
        """
        delimiter, quote = self.dialect.delimiter, self.dialect.quote
        if delimiter is None or quote is None or len(text) > _TRIED_LENGTH:
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
            for end, cost, quoted in self._ends(text, start):
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
            cells.append(self._unquoted(cell) if quoted else cell.strip(" ") if self.dialect.trim else cell)
            if end >= size:
                return Record(cells, text.count("\n") + 1, "a quote that neither opens nor closes a cell")
            pos, count = end + len(delimiter), count - 1

    def _ends(self, text: str, start: int) -> list[tuple[int, float, bool]]:
        """Where a cell may end, what that costs in unexplained quotes, and whether it is quoted."""
        delimiter, quote = self.dialect.delimiter or "", self.dialect.quote or ""
        end = text.find(delimiter, start)
        if end < 0:
            end = len(text)
        ends = [(end, 1.5 * text.count(quote, start, end), False)]
        opened = start
        while self.dialect.trim and opened < len(text) and text[opened] == " ":
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
            if self.dialect.escape is not None:
                if content.endswith(self.dialect.escape):
                    continue
                content = content.replace(self.dialect.escape + quote, "")
            lone = content.replace(quote + quote, "").count(quote)
            ends.append((after, 1.0 * lone + 0.2 * content.count("\n"), True))
        return ends

    def _unquoted(self, cell: str) -> str:
        return self._content(cell.strip(" ")[1:-1] if self.dialect.delimiter != " " else cell[1:-1])

    def _loose_over_lines(self, lines: Sequence[str], at: int, width: int) -> Record | None:
        """The shortest run of lines that can be read as one record of the right width."""
        text = lines[at].removesuffix("\r")
        for used in range(2, _TRIED_LINES):
            if at + used > len(lines) or len(text) > _TRIED_LENGTH:
                return None
            following = lines[at + used - 1]
            self._budget -= len(text)
            alone = self._strict(lines, at + used - 1, True)
            # A line that is a good record by itself belongs to no other.
            if self._budget < 0 or (alone is not None and not alone.odd and len(alone.cells) == width):
                return None
            text = _joined(lines, at + used - 2, text)
            if self.dialect.quote is not None and self.dialect.quote not in following:
                continue
            found = self._loose(text, width)
            if found is not None and len(found.cells) == width and _one_record(found.cells):
                return found
        return None


def _joined(lines: Sequence[str], last: int, text: str) -> str:
    """A text that ends with line `last`, and the next line."""
    end = "\r\n" if lines[last].endswith("\r") else "\n"
    return f"{text}{end}{lines[last + 1].removesuffix(chr(13))}"


def _one_record(cells: Sequence[str]) -> bool:
    """Whether line ends stand inside quoted cells only, as far as can be told: not in two cells."""
    return sum("\n" in cell for cell in cells) <= 2


def _keep(choices: dict[int, tuple[float, int, bool]], count: int, way: tuple[float, int, bool]) -> None:
    if count not in choices or way[0] < choices[count][0]:
        choices[count] = way
