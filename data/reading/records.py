"""From lines of text to records: strictly where the quotes allow it, else in the way that fits the table's width."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from data.reading import misquoted
from data.reading.columns import Row
from data.reading.signs import Dialect, Record, joined, unprotected

LONGEST: Final = 1 << 20
"""Characters that one record may have."""

_RUNS: Final = {1: re.compile(" +"), 2: re.compile(" {2,}")}
_TRIED_LINES: Final = 40
"""Lines over which a record with misplaced quotes is looked for."""


_FIRST: Final = 5_000
"""Rows from which the structure of a file is learned."""


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
        result = misquoted.loose(line, width, dialect)
        if result is not None and (width is None or len(result.cells) == width):
            return result
        if strict.cells and strict.lines > 1 and not strict.odd:
            return strict
        if width is not None and width > 1 and not strict.cells:
            longer = self._loose_over_lines(lines, at, width)
            if longer is not None:
                return longer
        if strict.cells and strict.lines == 1:
            return strict
        return result if result is not None else Record(self._plain(line), odd="quotes that do not close")

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
                        text = joined(lines, at + used - 1, text)
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
                cells.append(unprotected(content, dialect))
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
                    cell = unprotected(cell, dialect)
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

    def _loose_over_lines(self, lines: Sequence[str], at: int, width: int) -> Record | None:
        """The shortest run of lines that can be read as one record of the right width."""
        text = lines[at].removesuffix("\r")
        for used in range(2, _TRIED_LINES):
            if at + used > len(lines) or len(text) > misquoted.LONGEST:
                return None
            following = lines[at + used - 1]
            self._budget -= len(text)
            alone = self._strict(lines, at + used - 1, True)
            # A line that is a good record by itself belongs to no other.
            if self._budget < 0 or (alone is not None and not alone.odd and len(alone.cells) == width):
                return None
            text = joined(lines, at + used - 2, text)
            if self.dialect.quote is not None and self.dialect.quote not in following:
                continue
            result = misquoted.loose(text, width, self.dialect)
            if result is not None and len(result.cells) == width and misquoted.one_record(result.cells):
                return result
        return None


def split_all(lines: Sequence[str], dialect: Dialect, width: int | None = None) -> list[Record]:
    """All records of some lines."""
    splitter = Splitter(dialect)
    records, at = [], 0
    while at < len(lines):
        record = splitter.record(lines, at, width, complete=True)
        assert record is not None
        records.append(record)
        at += record.lines
    return records


def first_rows(lines: Sequence[str], offset: int, dialect: Dialect, width: int) -> list[Row]:
    """The first lines as rows with their numbers; at most as many as structure needs."""
    rows: list[Row] = []
    splitter = Splitter(dialect)
    at = 0
    gap = False
    while at < len(lines) and len(rows) < _FIRST:
        record = splitter.record(lines, at, width if width > 1 else None, complete=True)
        assert record is not None
        filled = any(cell.strip() for cell in record.cells)
        if filled:
            rows.append(Row(offset + at + 1, record.cells, record.odd, gap))
        gap = not filled
        at += record.lines
    return rows
