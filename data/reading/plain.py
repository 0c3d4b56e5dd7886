"""Lines that are a record of the usual width beyond doubt, found and split by polars."""

from __future__ import annotations

import io
import re

import polars as pl

from data.reading.records import split_all
from data.reading.signs import Dialect


def is_plain(text: pl.Series, dialect: Dialect, width: int, *, line_feeds: bool) -> pl.Series:
    """Whether each line is such a record. `line_feeds` says whether lines end with LF, so that a CR is suspicious."""
    delimiter, quote, escape = dialect.delimiter, dialect.quote, dialect.escape
    if dialect.run:
        return pl.Series([False]).new_from_index(0, len(text))
    frame = text.alias("t").to_frame()
    column = pl.col("t")
    blank = column.str.strip_chars(" ") == "" if delimiter != " " else column == ""
    suspicious = pl.lit(False)
    if escape is not None:
        suspicious = suspicious | column.str.contains(escape, literal=True)
    if line_feeds:
        suspicious = suspicious | column.str.contains("\r", literal=True)
    bare = ~column.str.contains(quote, literal=True) if quote is not None else pl.lit(True)
    if delimiter is None:
        return frame.select(bare & ~blank & ~suspicious).to_series()
    right = column.str.count_matches(delimiter, literal=True) == width - 1
    flags = frame.select((bare & right & ~blank & ~suspicious).alias("g"), (~bare & ~suspicious).alias("q"))
    good = flags["g"]
    if quote is None or dialect.trim or not _single(delimiter) or not _single(quote) or not flags["q"].any():
        return good
    d, q = re.escape(delimiter), re.escape(quote)
    inside = f"{q}[^{q}]*{q}" if escape is not None else f"{q}(?:[^{q}]|{q}{q})*{q}"
    cell = f"(?:{inside}|[^{q}{d}]*)"
    quoted = frame.filter(flags["q"])
    proven = quoted.select(
        column.str.contains(f"^{cell}(?:{d}{cell})*$")
        & (column.str.replace_all(inside, "").str.count_matches(delimiter, literal=True) == width - 1)
    ).to_series()
    where = flags["q"].arg_true().filter(proven)
    proved = good.to_numpy().copy()
    proved[where.to_numpy()] = True
    return pl.Series(proved)


def cells_of(text: pl.Series, dialect: Dialect, width: int) -> pl.DataFrame:
    """The cells of such lines, of which there is at least one, as columns c0, c1 and so on."""
    delimiter, quote = dialect.delimiter, dialect.quote
    places = [f"c{place}" for place in range(width)]
    if delimiter is None or width == 1:
        cells = text.alias("c0").to_frame()
    elif _single(delimiter):
        buffer = io.BytesIO("\n".join(text.to_list()).encode())
        cells = pl.read_csv(
            buffer,
            separator=delimiter,
            quote_char=quote if quote is not None and _single(quote) else None,
            has_header=False,
            infer_schema=False,
            new_columns=places,
        )
        if cells.shape != (len(text), width):
            lines = [record.cells for record in split_all(text.to_list(), dialect, width)]
            cells = pl.DataFrame(lines, schema=dict.fromkeys(places, pl.String), orient="row")
    else:
        cells = (
            text.alias("t")
            .to_frame()
            .select(pl.col("t").str.split(delimiter).list.to_struct(fields=places))
            .unnest("t")
        )
    if dialect.trim:
        cells = cells.with_columns(pl.all().str.strip_chars(" "))
    return cells


def _single(sign: str) -> bool:
    return len(sign) == 1 and sign.isascii() and sign not in "\r\n"
