"""Frames in the form that charts are sent in, converted once for as long as a frame is remembered."""

from __future__ import annotations

import weakref
from typing import Final

import polars as pl
import polars.selectors as cs
import pyarrow as pa

_TABLES: Final[dict[int, tuple[weakref.ref[pl.DataFrame], pa.Table]]] = {}


def table(rows: pl.DataFrame) -> pa.Table:
    """The rows of a chart as Arrow. They are the same object wherever a view's card is drawn again, and never change.

    Streamlit would move plain days to midnight in the reader's time zone, and the charts' axes are in UTC.
    """
    at = id(rows)
    known = _TABLES.get(at)
    if known is not None and known[0]() is rows:
        return known[1]
    made = rows.with_columns(cs.date().cast(pl.Datetime("ms")).dt.replace_time_zone("UTC")).to_arrow()
    _TABLES[at] = weakref.ref(rows, lambda _: _TABLES.pop(at, None)), made
    return made
