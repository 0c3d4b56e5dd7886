"""A second, slow and obvious reading of a file, to be compared with what the reader says: is a change silent?

Each function gives an empty text, or says what differs without standing in the reader's report.
"""

from __future__ import annotations

import csv
import io
import tomllib
import zipfile
from collections.abc import Sequence
from typing import Any

from data.reading import ROW, Reading, codec
from data.reading.findings import excerpt


def plainly(found: Reading, content: bytes) -> str:
    """A text: every row that the report does not name is its line, split where the reader says; no line is missing."""
    details = found.details
    if details.get("packed") == "zip":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            content = archive.read(details["member"])
    if details.get("packed") not in (None, "zip") or content.startswith(b"PK\x03\x04"):
        return ""  # Packed otherwise, or twice.
    delimiter, quote, escape = details.get("delimiter"), details.get("quote"), details.get("escape")
    if details.get("format") != "text" or delimiter == " " or len(delimiter or ",") != 1 or not found.columns:
        return ""
    text = content.decode(codec.known(details["encoding"]) or "utf-8", "replace").removeprefix("\ufeff")
    lines = text.split("\r" if details["line_end"] == "CR" else "\n")
    issues = found.issues().collect().rows()
    named = {row for row, *_ in issues} | {row for item in found.report for row in item.rows}
    seen = set(named)
    for row in details["header_rows"]:
        seen |= set(range(row, row + _record(lines[row - 1 : row + 400], delimiter or ",", quote, escape)[1]))
    for row, _, _, raw, _ in issues:
        seen |= set(range(row, row + raw.count("\n") + 1))
    for number, *cells in found.scan().collect().rows():
        line = lines[number - 1].removesuffix("\r") if number <= len(lines) else ""
        expected, used = [line] if not delimiter else line.split(delimiter), 1
        if (quote and quote in line) or (escape and escape in line):
            expected, used = _record(lines[number - 1 : number + 400], delimiter or ",", quote, escape)
        seen |= set(range(number, number + used))
        if number in named or "\ufffd" in line or not expected:
            continue
        # A last column without a name and without a cell, from a separator at the end of each row, is no column.
        mine = ["" if cell is None else cell for cell in cells]
        if _filled(mine) != _filled(expected):
            return f"row {number}: read {excerpt(repr(cells), 200)}, expected {excerpt(repr(expected), 200)}"
    for number, line in enumerate(lines, start=1):
        told = line.lower().lstrip('"').startswith("sep=")
        if number not in seen and not told and line.strip(f' \r\t\x00\x1a\ufeff"{delimiter or ""}'):
            return f"row {number} is neither read nor in the report: {excerpt(line, 200)}"
    return ""


def _filled(cells: Sequence[str]) -> list[str]:
    """Cells up to the last that is not empty."""
    plain = [cell.strip(" \r").replace("\r\n", "\n") for cell in cells]
    while plain and not plain[-1]:
        plain.pop()
    return plain


def _record(lines: Sequence[str], delimiter: str, quote: str | None, escape: str | None) -> tuple[list[str], int]:
    """The first record as the standard library reads it, and how many lines it takes; no cells where it refuses."""
    options: dict[str, Any] = {"delimiter": delimiter, "quotechar": quote or None, "doublequote": not escape}
    if not quote:
        options["quoting"] = csv.QUOTE_NONE
    csv.field_size_limit(1 << 24)
    reader = csv.reader((f"{line}\n" for line in lines), escapechar=escape or None, **options)
    try:
        return next(reader), reader.line_num
    except (csv.Error, StopIteration):
        return [], max(1, reader.line_num)


def strictly(found: Reading, content: bytes) -> str:
    """A CSV of a recipe: every record as the standard library reads it, under the number of its first line."""
    csv.field_size_limit(1 << 24)
    text = content.decode("utf-8-sig")
    if "\x00" in text or ("\r" in text.replace("\r\n", "")):
        return ""  # The standard library ends lines there, a recipe's CSV does not.
    reader = csv.reader(io.StringIO(text, newline=""))
    expected, line = [], 1
    for cells in reader:
        expected.append((line, cells))
        line = reader.line_num + 1
    while expected and not expected[0][1]:
        expected.pop(0)
    width = len(found.columns)
    rows = [(number, [cell or "" for cell in cells]) for number, *cells in found.scan().collect().rows()]
    if len(rows) != len(expected) - 1:
        return f"{len(rows)} rows, expected {len(expected) - 1}"
    for (number, mine), (place, theirs) in zip(rows, expected[1:], strict=True):
        if number != place or mine != [*theirs, *[""] * (width - len(theirs))]:
            return f"row {number}: read {excerpt(repr(mine), 200)}, expected row {place}: {excerpt(repr(theirs), 200)}"
    return ""


def toml(tree: object, text: str) -> str:
    """A recipe: the values that the standard library parses."""
    expected = tomllib.loads(text.removeprefix("\ufeff"))
    return "" if tree == expected else f"parsed {excerpt(repr(tree), 200)}, expected {excerpt(repr(expected), 200)}"


def numbered(found: Reading) -> str:
    """Any table: as many rows as it says, each with a number of its own."""
    numbers = found.scan().select(ROW).collect()[ROW]
    return "" if len(numbers) == found.rows == numbers.n_unique() else "rows do not have numbers of their own"
