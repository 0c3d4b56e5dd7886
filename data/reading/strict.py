"""CSV and Parquet exactly as a recipe says they are: nothing is guessed, and what differs is an error with its row."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Final, TextIO

import polars as pl

from data.reading import codec
from data.reading.findings import excerpt
from data.reading.issues import Issues
from data.reading.limits import Limits
from data.reading.options import Options
from data.reading.refused import Refused
from data.reading.table import ReadResult
from data.reading.written import ISSUES, ROW, TABLE

_BLOCK: Final = 1 << 20
_UTF8: Final = ("utf-8", "utf-8-sig")
_QUOTE: Final = '"'
_UNREADABLE: Final = "\ufffd"
_DETECT: Final = 'Write reading = "detect" at the top of the recipe to have it found out how the file is written.'


def refuse_other_kind(kind: str, wanted: str) -> None:
    """Refuse a file that is not of the kind a recipe says, by its first bytes."""
    if wanted == "parquet" and kind != "parquet":
        raise Refused("expected a Parquet file, found one of another kind. Export it again.")
    if wanted == "csv" and kind not in ("text", "empty"):
        raise Refused(f"expected a CSV file, found {kind}. {_DETECT}")


def read_csv(path: Path, folder: Path, options: Options, limits: Limits) -> ReadResult:
    """Read a CSV whose first line names its columns: encoding and delimiter are those of the options."""
    encoding = codec.known(options.encoding or "utf-8") or "utf-8"
    separator = options.delimiter or ","
    text = path if encoding in _UTF8 else _to_utf8(path, folder / "utf8", encoding)
    frame = pl.scan_csv(text, separator=separator, quote_char=_QUOTE, infer_schema=False, glob=False)
    try:
        names = frame.collect_schema().names()
        if any(_UNREADABLE in name for name in names) and (wrong := _first_not_encoded(text, "utf-8")):
            raise wrong  # Of the line with the names polars makes a text whatever its bytes are.
        if len(names) > limits.columns:
            raise Refused(f"expected up to {limits.columns:,} columns, found {len(names):,}.")
        rows, header = _write(text, frame, separator, folder / TABLE, limits)
    except pl.exceptions.NoDataError:
        raise Refused("expected a line with column names, found an empty file.", row=1) from None
    except pl.exceptions.DuplicateError:
        raise Refused("expected column names that differ from one another, found some that do not.", row=1) from None
    except pl.exceptions.PolarsError as error:
        raise _explained(text, separator, error) from None
    if not rows and any("\r" in name for name in names):
        raise Refused(f"expected lines that end with LF or CRLF, found CR alone. {_DETECT}", row=1)
    if not rows and _goes_on(text):
        raise Refused("expected rows below the column names, found a quote in these that is not closed.", row=1)
    Issues(folder).write(folder / ISSUES)
    details = {"format": "csv", "encoding": encoding, "delimiter": separator, "header_rows": [header]}
    return ReadResult(tuple(_apart(name) for name in names), rows, (), details)


def _goes_on(text: Path) -> bool:
    """Whether anything stands below the first line."""
    with text.open("rb") as file:
        file.readline()
        return bool(file.read(_BLOCK).strip())


def _write(text: Path, frame: pl.LazyFrame, separator: str, table: Path, limits: Limits) -> tuple[int, int]:
    """Write the table with the numbers of its lines; how many rows it has, and the line in which the header ends."""
    columns = frame.collect_schema().names()
    records = _count(text, separator, quote=_QUOTE)
    if records - 1 > limits.rows:
        raise Refused(f"expected up to {limits.rows:,} rows, found {records - 1:,}.")
    if records * len(columns) > limits.cells:
        raise Refused(f"expected up to {limits.cells:,} cells, found {records * len(columns):,}.")
    frame = frame.rename({name: _apart(name) for name in columns})
    _sink(frame.with_row_index(ROW, offset=2), table)
    written = pl.scan_parquet(table)
    rows = int(written.select(pl.len()).collect().item())
    lines = _count(text, separator, quote=None)
    if not rows or lines == rows + 1:
        return rows, 1
    # Some lines are no rows of their own: line ends inside of texts, or blank lines above the header.
    inside = pl.sum_horizontal(pl.exclude(ROW).str.count_matches("\n", literal=True).fill_null(0)).cast(pl.UInt32)
    header = lines - rows - int(written.select(inside.sum()).collect().item())
    number = pl.int_range(pl.len(), dtype=pl.UInt32) + inside.cum_sum().shift(1, fill_value=0) + (header + 1)
    renumbered = table.with_suffix(".renumbered")
    _sink(written.with_columns(number.cast(pl.UInt32).alias(ROW)), renumbered)
    renumbered.replace(table)
    return rows, header


def _count(text: Path, separator: str, *, quote: str | None) -> int:
    """How many records a text has, or lines where no sign is a quote."""
    frame = pl.scan_csv(
        text,
        has_header=False,
        separator=separator,
        quote_char=quote,
        schema={"first": pl.String},
        truncate_ragged_lines=True,
        glob=False,
    )
    return int(frame.select(pl.len()).collect().item())


def _sink(frame: pl.LazyFrame, table: Path) -> None:
    frame.sink_parquet(table, compression="lz4", statistics=False, maintain_order=True)


def _apart(name: str) -> str:
    """A column's name, which is not that of the row numbers."""
    return f"{ROW} (source)" if name == ROW else name


def _to_utf8(source: Path, target: Path, encoding: str) -> Path:
    with source.open("rb") as file:
        marked = file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE[:2])
    if encoding in ("utf-16", "utf-32") and not marked:
        encoding = f"{encoding}-le"
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with source.open("rb") as file, target.open("w", encoding="utf-8", newline="") as sink:
            while block := file.read(_BLOCK):
                sink.write(decoder.decode(block))
            sink.write(decoder.decode(b"", final=True))
    except UnicodeError:
        raise _not_encoded(source, encoding) from None
    return target


_ENCODING: Final = 'Name the file\'s encoding in the recipe, e.g. encoding = "windows-1252".'


def _not_encoded(path: Path, encoding: str) -> Refused:
    """What to say of a text that is none in the encoding."""
    refusal = None if encoding.startswith(("utf-16", "utf-32")) else _first_not_encoded(path, encoding)
    called = "UTF-8" if encoding in _UTF8 else encoding
    return refusal or Refused(f"expected text in {called}, found other bytes. {_ENCODING}")


def _first_not_encoded(path: Path, encoding: str) -> Refused | None:
    """The first line whose bytes are no text of the encoding, where there is one."""
    called = "UTF-8" if encoding in _UTF8 else encoding
    with path.open("rb") as file:
        for row, line in enumerate(file, start=1):
            try:
                line.decode(encoding)
            except UnicodeDecodeError as error:
                result = excerpt(line[max(0, error.start - 15) : error.end + 15].decode("latin-1").strip())
                return Refused(f"expected text in {called}, found {result}. {_ENCODING}", row=row)
    return None


def _explained(text: Path, separator: str, error: Exception) -> Refused:
    """What is wrong with a CSV that could not be read: the first bad row where it can be told."""
    row, width = 1, 0
    raw: list[str] = []
    csv.field_size_limit(1 << 30)

    def kept(file: TextIO) -> Iterator[str]:
        for line in file:
            raw.append(line)
            yield line

    try:
        with text.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(kept(file), delimiter=separator, strict=True)
            for cells in reader:
                width = width or len(cells)
                if len(cells) > width:
                    advice = "A text that holds the separator must stand in double quotes."
                    return Refused(f"expected {width} fields as in the header, found {len(cells)}. {advice}", row=row)
                if any(_QUOTE in cell and _quoted(cell) not in "".join(raw) for cell in cells):
                    return _misquoted("a quote inside a cell without them", row)
                row = reader.line_num + 1
                raw.clear()
    except UnicodeDecodeError:
        return _not_encoded(text, "utf-8")
    except csv.Error as wrong:
        return _misquoted(str(wrong), row)
    first = excerpt(str(error).strip().split("\n", 1)[0], 200)
    return Refused(f"expected a CSV file, found one that cannot be read ({first}). {_DETECT}")


def _quoted(cell: str) -> str:
    return f'"{cell.replace(_QUOTE, _QUOTE * 2)}"'


def _misquoted(result: str, row: int) -> Refused:
    text = "expected quotes around whole cells, doubled inside of them"
    return Refused(f"{text}, found others ({result}). {_DETECT}", row=row)
