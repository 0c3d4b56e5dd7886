"""Spreadsheets as tables: xlsx, xls, xlsb and ods by fastexcel, every cell as text, rows numbered as in the sheet."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import polars as pl

from data.reading import structure
from data.reading.columns import Row
from data.reading.findings import Finding, excerpt, finding, numbered, preview
from data.reading.issues import Issues
from data.reading.limits import Limits
from data.reading.options import Options
from data.reading.refused import Refused
from data.reading.table import ReadResult, TableWriter, write_empty
from data.reading.written import ROW

_SCANNED: Final = 8 << 20
"""Bytes of a sheet's XML in which the outermost cells are looked for."""

_CELL: Final = re.compile(rb"<(?:\w+:)?c\s[^>]*?\br=\"([A-Z]{1,3})(\d{1,7})\"")

_ERRORS: Final = {
    "Div0": "#DIV/0!",
    "NA": "#N/A",
    "Name": "#NAME?",
    "Null": "#NULL!",
    "Num": "#NUM!",
    "Ref": "#REF!",
    "Value": "#VALUE!",
    "GettingData": "#GETTING_DATA",
}


@dataclass(frozen=True)
class _Sheet:
    name: str
    frame: pl.DataFrame
    notes: tuple[Finding, ...]

    @property
    def cells(self) -> int:
        return self.frame.height * self.frame.width


def read(path: Path, kind: str, folder: Path, options: Options, limits: Limits) -> ReadResult:
    """Read one sheet: the chosen one, else the one with the most cells."""
    import fastexcel

    if kind == "xlsx":
        _check_extent(path, limits)
    try:
        book = fastexcel.read_excel(path)
        names = list(book.sheet_names)
    except fastexcel.FastExcelError as error:
        raise _refused(error) from None
    if options.sheet is not None and options.sheet not in names:
        raise Refused(f"expected a sheet named {excerpt(options.sheet)}, found {', '.join(map(excerpt, names[:10]))}.")
    wanted = [options.sheet] if options.sheet is not None else names[:100]
    best: _Sheet | None = None
    sizes: dict[str, list[int]] = {}
    failed: Exception | None = None
    for name in wanted:
        try:
            loaded = book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string", schema_sample_rows=1)
            if loaded.width and loaded.total_height:
                if loaded.width * loaded.total_height > limits.sheet_cells:
                    raise Refused(_too_many(name, loaded.total_height, loaded.width, limits))
                if loaded.visible != "visible" and options.sheet is None:
                    continue
                sheet = _loaded(name, loaded)
            else:
                sheet = _Sheet(name, pl.DataFrame(), ())
        except fastexcel.FastExcelError as error:
            failed = error
            continue
        sizes[name] = [sheet.frame.height, sheet.frame.width]
        if best is None or sheet.cells > best.cells:
            best = sheet
    if best is None:
        if failed is not None:
            raise _refused(failed)
        raise Refused("expected a sheet with a table, found none that is visible.")
    details: dict[str, Any] = {"format": kind, "sheet": best.name, "sheets": names[:1000], "sizes": sizes}
    notes = list(best.notes)
    others = [name for name, size in sizes.items() if name != best.name and size[0] > 1]
    if options.sheet is None and others:
        rest = f"{', '.join(map(excerpt, others[:5]))} {'holds' if len(others) == 1 else 'hold'} rows, too"
        sentence = f"Sheet {excerpt(best.name)} is read, the largest; {rest}."
        notes.insert(0, finding("sheet", sentence, changed=True))
    return _tabled(best, folder, options, limits, notes, details)


def _refused(error: Exception) -> Refused:
    text = str(error)
    if "password" in text:
        return Refused("expected a file without a password, found a protected one. Save it without one.")
    if "Cell limit" in text:
        return Refused(
            "expected a sheet of ordinary extent, found one that reaches to the last row and column. "
            "Delete the rows and columns beyond the table and save it again."
        )
    return Refused(
        "expected a spreadsheet, found one that is damaged or of an unknown kind. "
        "Open it in a spreadsheet program and save it as xlsx or CSV."
    )


def _too_many(name: str, rows: int, columns: int, limits: Limits) -> str:
    return (
        f"expected up to {limits.sheet_cells:,} cells in a sheet, found {rows:,} rows by {columns:,} columns in "
        f"{excerpt(name)}, empty ones included. Delete rows and columns beyond the table, or save it as CSV."
    )


def _check_extent(path: Path, limits: Limits) -> None:
    """Refuse sheets whose outermost cells span too much: the library would hold every cell between them."""
    try:
        with zipfile.ZipFile(path) as archive:
            for item in archive.infolist():
                if not re.search(r"(?i)worksheets/[^/]*\.xml$", item.filename):
                    continue
                with archive.open(item) as source:
                    content = source.read(_SCANNED)
                    content += source.read()[-(1 << 16) :] if item.file_size > _SCANNED else b""
                columns, rows = set(), set()
                for column, row in _CELL.findall(content):
                    columns.add(column)
                    rows.add(int(row))
                if not rows:
                    continue
                places = [_place(column) for column in columns]
                height, width = max(rows), max(places) - min(places) + 1
                if height * width > limits.sheet_cells:
                    raise Refused(_too_many(item.filename.rsplit("/", 1)[-1], height, width, limits))
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, ValueError, EOFError):
        return


def _place(letters: bytes) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + letter - 64
    return place


def _loaded(name: str, loaded: Any) -> _Sheet:
    """A sheet's cells as text; errors of formulas keep their name."""
    batch, errors = loaded.to_arrow_with_errors()
    frame = pl.DataFrame(pl.from_arrow(batch))
    frame.columns = [f"c{place}" for place in range(frame.width)]
    notes: list[Finding] = []
    if errors is not None and errors.errors:
        texts: dict[int, dict[int, str]] = {}
        failed: list[int] = []
        for error in errors.errors:
            row, column = error.position
            text, wrong = _text_of(error.detail)
            texts.setdefault(column, {})[row] = text
            if wrong:
                failed.append(row + 1)
        for column, cells in texts.items():
            series = frame.to_series(column).cast(pl.String)
            frame = frame.with_columns(series.scatter(list(cells), list(cells.values())).alias(frame.columns[column]))
        if failed:
            rows = sorted(set(failed))
            sentence = f"{len(failed):,} cells hold errors of formulas ({numbered(rows)}): kept as texts such as #N/A."
            notes.append(finding("formula_error", sentence, rows, changed=True, count=len(rows)))
    return _Sheet(name, frame, tuple(notes))


def _text_of(detail: str) -> tuple[str, bool]:
    """The text of a cell that is neither text nor number, from the library's words; and whether it is an error."""
    if match := re.search(r"Error\((\w+)\)", detail):
        return _ERRORS.get(match[1], f"#{match[1].upper()}"), True
    if match := re.search(r'Iso\("([^"]*)"\)', detail):
        text = match[1]
        if span := re.fullmatch(r"PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?", text):
            hours, minutes, seconds = (part or "0" for part in span.groups())
            return f"{int(hours):02}:{int(minutes):02}:{seconds.zfill(2)}", False
        return text, False
    match = re.search(r"got '(.*)'", detail)
    return (match[1] if match else detail), True


def _tabled(
    sheet: _Sheet, folder: Path, options: Options, limits: Limits, notes: list[Finding], details: dict[str, Any]
) -> ReadResult:
    frame = sheet.frame
    first, last = options.first_row or 1, options.last_row or frame.height
    frame = frame.with_row_index(ROW, offset=1).slice(first - 1, max(0, last - first + 1)) if frame.width else frame
    cells = [name for name in frame.columns if name != ROW]
    filled = [name for name in cells if frame[name].null_count() < frame.height and (frame[name] != "").any()]
    if not filled:
        write_empty(folder)
        return ReadResult(
            (), 0, (finding("empty", f"Sheet {excerpt(sheet.name)} has no rows."),), {**details, "header_rows": []}
        )
    frame = frame.select(pl.col(ROW).cast(pl.UInt32), *(_without_midnight(frame[name]) for name in filled))
    frame.columns = [ROW, *(f"c{place}" for place in range(len(filled)))]
    head = _rows(frame.head(2_000))
    result = structure.find(head, len(filled), header_rows=options.header_rows)
    issues = Issues(folder)
    table = TableWriter(folder, result, limits, issues)
    notes += structure.findings(result, issues)
    if result.end is not None:
        below = _rows(frame.filter(pl.col(ROW) >= result.end))
        texts = ((row.number, "\t".join(row.cells)) for row in below)
        notes.append(structure.left_out_below(result, texts, issues))
        frame = frame.filter(pl.col(ROW) < result.end)
    table.add(frame.filter(pl.col(ROW) >= result.start))
    table.write(keep_total_rows=options.keep_total_rows)
    details = {
        **details,
        "header_rows": [row.number for row in result.header],
        "first_row": result.start,
        "preview": preview((row.number, "\t".join(row.cells)) for row in head),
    }
    return ReadResult(table.names, table.rows, (*notes, *table.findings), details)


def _rows(frame: pl.DataFrame) -> list[Row]:
    """Rows of a sheet that have something in them."""
    rows: list[Row] = []
    above = 0
    for number, *cells in frame.iter_rows():
        texts = ["" if cell is None else cell for cell in cells]
        if any(cell.strip() for cell in texts):
            rows.append(Row(number, texts, gap=bool(rows) and number > above + 1))
            above = number
    return rows


def _without_midnight(column: pl.Series) -> pl.Series:
    """A column in which dates have no time of day, where none has one."""
    timed = column.str.contains(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
    if not timed.any() or not (column.filter(timed).str.ends_with(" 00:00:00")).all():
        return column
    return column.str.strip_suffix(" 00:00:00")
