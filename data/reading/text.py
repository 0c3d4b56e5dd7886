"""Text files as tables: encoding, line ends, dialect, structure, then every line, block by block.

Lines that the dialect explains without doubt are split by polars. All others are split one by one by `records`, and
noted. Row numbers are those of the file's lines, from 1.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Final

import polars as pl

from data.reading import codec, plain, quoting, structure
from data.reading import dialect as dialects
from data.reading import encoding as encodings
from data.reading.findings import Finding, excerpt, finding, numbered, preview
from data.reading.foreign import check_kind, looks_binary
from data.reading.issues import Issues
from data.reading.limits import Limits
from data.reading.lines import blocks, line_ends, read_head, split
from data.reading.options import Options
from data.reading.records import Splitter, first_rows
from data.reading.refused import Refused
from data.reading.signs import Record, sign_name
from data.reading.structure import Structure
from data.reading.table import ReadResult, TableWriter, write_empty
from data.reading.written import ROW

_HEAD: Final = 1 << 20


def read(
    path: Path,
    folder: Path,
    options: Options,
    limits: Limits,
    progress: Callable[[float], None],
) -> ReadResult:
    """Read a text file; writes table.parquet (ROW and text columns) and issues.parquet into the folder."""
    return _Reader(path, folder, options, limits, progress).read()


class _Reader:
    def __init__(
        self, path: Path, folder: Path, options: Options, limits: Limits, progress: Callable[[float], None]
    ) -> None:
        self.path, self.folder, self.options, self.limits, self.progress = path, folder, options, limits, progress
        self.findings: list[Finding] = []
        self.issues = Issues(folder)

    def read(self) -> ReadResult:
        encoding, skip = self._encoding()
        head, whole = read_head(self.path, skip, _HEAD)
        if not head.strip("\ufeff \t\r\n\x00\x1a"):
            return self._empty(encoding)
        check_kind(head, whole)
        if head.count("\x00") > len(head) // 10 or looks_binary(head):
            raise Refused(
                "expected a table as text, spreadsheet, Parquet or Arrow, found a file of another kind. "
                "Export the table as CSV or Excel."
            )
        self.ends = line_ends(head)
        lines = split(head, self.ends)
        if not whole and len(lines) > 1:
            lines.pop()
        offset = self._offset(lines)
        self.preview = preview((number, line.removesuffix("\r")) for number, line in enumerate(lines, start=1))
        used = lines[offset:]
        guess = self._dialect(used)
        self.dialect = guess.dialect
        self.splitter = Splitter(self.dialect, budget=20 * self.path.stat().st_size + (1 << 20))
        first = self._first_rows(used, offset, guess)
        self.structure = first
        self.width = first.width
        self.table = TableWriter(self.folder, first, self.limits, self.issues)
        self._tell(encoding, guess)
        self.findings += structure.findings(first, self.issues)
        self._stream(skip)
        self._other_tables(skip)
        return self._finish(encoding)

    # --- What the file is ---------------------------------------------------------------------------------------------

    def _encoding(self) -> tuple[encodings.Encoding, int]:
        hint = self.options.encoding
        if hint is not None and (hint := codec.known(hint)) is None:
            given = excerpt(str(self.options.encoding))
            raise Refused(f"expected an encoding such as utf-8, found {given}. Known: {codec.KNOWN}.")
        result = encodings.detect(self.path, hint)
        if result.codec in ("utf-8", "ascii") and not result.damaged and self.options.encoding is None:
            return result, result.mark
        target = self.folder / "utf8"
        places, wrong = encodings.to_utf8(self.path, target, result)
        if places:
            rows = encodings.rows_of(self.path, wrong, result.codec)
            as_read = "read as windows-1252" if result.damaged else "shown as \ufffd"
            where = numbered(rows, places) if rows else "the file"
            sentence = f"{places:,} bytes are no {result.name}: {as_read}, in {where}."
            self.findings.append(finding("bytes", sentence, rows, changed=True, count=places))
        self.path = target
        return result, 0

    def _empty(self, encoding: encodings.Encoding) -> ReadResult:
        self.findings.append(finding("empty", "The file has no rows.", changed=False))
        write_empty(self.folder)
        return ReadResult((), 0, tuple(self.findings), {"format": "text", "encoding": encoding.name, "header_rows": []})

    def _offset(self, lines: Sequence[str]) -> int:
        """Lines at the beginning that are not looked at."""
        offset = max(0, (self.options.first_row or 1) - 1)
        self.told_delimiter = None
        if offset == 0 and (match := re.fullmatch(r'"?sep=(.{1,2}?)"?\r?', lines[0], re.I)):
            self.told_delimiter = match[1]
            offset = 1
        return min(offset, max(0, len(lines) - 1))

    def _dialect(self, lines: Sequence[str]) -> dialects.Guess:
        options = self.options
        delimiter = options.delimiter or self.told_delimiter
        guess = dialects.detect(
            [line.removesuffix("\r") for line in lines], delimiter=delimiter, quote=options.quote or None
        )
        chosen = guess.dialect
        if options.quote == "":
            chosen = replace(chosen, quote=None, escape=None)
        if options.escape is not None:
            chosen = replace(chosen, escape=options.escape or None)
        if options.quote is None and chosen.quote is None and not chosen.run and any('"' in line for line in lines):
            # A few stray quotes are worth a word each; where many cells have some, they are part of the texts.
            if sum('"' in line for line in lines) <= max(3, len(lines) // 20):
                chosen = replace(chosen, quote='"')
            else:
                self.findings.append(finding("quote", "Double quotes are part of the texts.", changed=True))
        if chosen.quote is not None and chosen.delimiter == chosen.quote:
            chosen = replace(chosen, quote=None)
        if options.quote is None and chosen.quote not in (None, '"'):
            # Delimiters inside prove it; otherwise it is but likely.
            cells = quoting.protected_cells(lines, chosen.delimiter or "", chosen.quote)
            proven = any(chosen.delimiter and chosen.delimiter in cell for cell in cells)
            sentence = f"The sign around cells, {sign_name(chosen.quote)}, is not part of them."
            self.findings.append(finding("quote", sentence, changed=not proven))
        return replace(guess, dialect=chosen)

    def _first_rows(self, lines: Sequence[str], offset: int, guess: dialects.Guess) -> Structure:
        last = self.options.last_row
        if last is not None:
            lines = lines[: max(0, last - offset)]
        sign, wanted = self.dialect.delimiter or "", self.options.header_rows
        result = structure.find(
            first_rows(lines, offset, self.dialect, guess.width), guess.width, sign, header_rows=wanted
        )
        if result.width != guess.width:
            rows = first_rows(lines, offset, self.dialect, result.width)
            result = structure.find(rows, result.width, sign, header_rows=wanted)
        return result

    def _tell(self, encoding: encodings.Encoding, guess: dialects.Guess) -> None:
        """Findings about the file as a whole."""
        add = self.findings.append
        if not encoding.sure and not encoding.damaged:
            example = f": it makes words such as {excerpt(encoding.example)}" if encoding.example else ""
            add(
                finding(
                    "encoding",
                    f"The letters are read as {encoding.name}, the likeliest encoding{example}.",
                    changed=True,
                )
            )
        if guess.dialect.delimiter is None:
            possible = f" {sign_name(guess.runner_up).capitalize()} was possible, too." if guess.runner_up else ""
            sentence = f"No sign separates cells throughout: each line is one cell.{possible}"
            add(finding("delimiter", sentence, changed=bool(possible)))
        elif not guess.sure and self.options.delimiter is None:
            chosen, other = sign_name(guess.dialect.delimiter), sign_name(guess.runner_up)
            add(finding("delimiter", f"Cells are separated by {chosen}; {other} was possible, too.", changed=True))
        if guess.dialect.trim:
            add(finding("padding", "Blanks around the separators are not part of the cells.", changed=False))

    # --- All lines ----------------------------------------------------------------------------------------------------

    def _stream(self, skip: int) -> None:
        size = max(1, self.path.stat().st_size)
        number = 1
        rest: list[str] = []
        last = self.options.last_row
        if self.structure.end is not None:
            last = self.structure.end - 1 if last is None else min(last, self.structure.end - 1)
        for read, done, complete in blocks(self.path, skip, self.ends):
            lines = rest + read if rest else read
            if number < self.structure.start:
                ahead = min(len(lines), self.structure.start - number)
                lines, number = lines[ahead:], number + ahead
            if last is not None and number + len(lines) > last:
                lines, complete = lines[: max(0, last + 1 - number)], True
            used = self._block(lines, number, complete)
            rest, number = lines[used:], number + used
            self.progress(min(0.95, 0.95 * done / size))
            if complete:
                break

    def _block(self, lines: list[str], number: int, complete: bool) -> int:
        """Read lines of which the first has the given number; how many of them were used."""
        if not lines:
            return 0
        text = pl.Series(ROW, lines, dtype=pl.String)
        if "\r" in lines[0][-1:] or self.ends.carriage:
            text = text.str.strip_suffix("\r")
        numbers = pl.int_range(number, number + len(lines), dtype=pl.UInt32, eager=True).alias(ROW)
        good = plain.is_plain(text, self.dialect, self.width, line_feeds=self.ends.sign == "\n")
        slow: list[tuple[int, list[str]]] = []
        covered: list[tuple[int, int]] = []
        end = len(lines)
        at = 0
        for index in (~good).arg_true():
            if index < at:
                continue
            if not lines[index].strip(" \r") and (self.dialect.delimiter != " " or self.dialect.run):
                self.issues.add(number + index, "blank_line")
                covered.append((index, index + 1))
                continue
            record = self.splitter.record(lines, index, self.width, complete=complete)
            if record is None:
                end = index
                break
            at = index + record.lines
            covered.append((index, at))
            row = self._special(number + index, record, lines[index:at])
            if row is not None:
                slow.append((number + index, row))
        kept = good
        if covered or end < len(lines):
            taken = pl.Series([False]).new_from_index(0, len(lines)).to_numpy().copy()
            for start, stop in covered:
                taken[start:stop] = True
            taken[end:] = True
            kept = good & ~pl.Series(taken)
        if kept.any():
            cells = plain.cells_of(text.filter(kept), self.dialect, self.width)
            frame = cells.insert_column(0, numbers.filter(kept))
        else:
            frame = self.table.frame([])
        if slow:
            frame = pl.concat([frame, self.table.frame(slow)]).sort(ROW)
        self.table.add(frame)
        return end

    def _special(self, number: int, record: Record, lines: Sequence[str]) -> list[str] | None:
        """The cells of a record that needed care, as many as the table has; None where it is no row of the table."""
        cells, width = record.cells, self.width
        text = "\n".join(lines)
        if self.table.repeats_header(cells):
            self.issues.add(number, "repeated_header", cells=len(cells), text=text)
            return None
        if not any(cell.strip() for cell in cells):
            self.issues.add(number, "blank_line", cells=len(cells), text=text)
            return None
        if record.odd:
            self.issues.add(number, "quotes", cells=len(cells), text=text)
        if len(cells) < width:
            self.issues.add(number, "short_row", cells=len(cells), text=text)
            return cells + [""] * (width - len(cells))
        if len(cells) > width:
            self.issues.add(number, "long_row", cells=len(cells), text=text, extra=cells[width:])
        return cells[:width]

    # --- The end ------------------------------------------------------------------------------------------------------

    def _other_tables(self, skip: int) -> None:
        """Note the lines below the end of the table, up to the last one that is asked for."""
        end, last = self.structure.end, self.options.last_row
        if end is None or (last is not None and last < end):
            return
        lines = (line for read, _, _ in blocks(self.path, skip, self.ends) for line in read)
        numbered = enumerate(lines, start=1)
        rows = ((number, line.removesuffix("\r")) for number, line in islice(numbered, end - 1, last))
        below = ((number, line) for number, line in rows if line.strip(f" {self.dialect.delimiter}"))
        self.findings.append(structure.left_out_below(self.structure, below, self.issues))

    def _finish(self, encoding: encodings.Encoding) -> ReadResult:
        self.table.write(keep_total_rows=self.options.keep_total_rows)
        if self.ends.mixed:
            self.findings.append(finding("line_end", "Lines end in different ways: each is taken as an end."))
        details = {
            "format": "text",
            "encoding": encoding.name,
            "line_end": self.ends.name,
            "delimiter": self.dialect.delimiter or "",
            "quote": self.dialect.quote or "",
            "escape": self.dialect.escape or "",
            "header_rows": [row.number for row in self.structure.header],
            "first_row": self.structure.start,
            "preview": self.preview,
        }
        return ReadResult(self.table.names, self.table.rows, (*self.findings, *self.table.findings), details)
