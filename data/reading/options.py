"""What people may decide about how a file is read, where the reader guessed otherwise."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any


@dataclass(frozen=True)
class Options:
    """Hints for reading one file; None means: find out."""

    encoding: str | None = None
    delimiter: str | None = None
    quote: str | None = None
    """The sign around quoted cells; an empty text means that there is none."""
    escape: str | None = None
    """The sign before a quote inside a cell; an empty text means that such quotes are doubled."""
    header_rows: int | None = None
    """How many header lines there are; 0 where the first row is data."""
    first_row: int | None = None
    """Number of the first line (sheet row) that belongs to the table or its header."""
    last_row: int | None = None
    """Number of the last line (sheet row) that belongs to the table."""
    sheet: str | None = None
    member: str | None = None
    """Name of the file inside a zip archive."""
    strictly: str | None = None
    """`csv` or `parquet`: the file is of this kind, written as `encoding` and `delimiter` say; nothing is found out."""
    keep_total_rows: bool = False
    """Whether rows at the end that sum up the others, or are notes, are kept as data."""

    def plain(self) -> dict[str, Any]:
        """The options as they cross to the reading process."""
        return asdict(self)


def from_plain(content: dict[str, Any]) -> Options:
    """Options that came as plain values."""
    known = {field.name for field in fields(Options)}
    return Options(**{name: value for name, value in content.items() if name in known})
