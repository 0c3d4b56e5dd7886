"""What every card's content is: rows and a takeaway; of a list, its first rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl


@dataclass(frozen=True, eq=False)
class Content:
    """A card's rows, in the order drawn, and its takeaway as plain text."""

    rows: pl.DataFrame
    takeaway: str


@dataclass(frozen=True, eq=False)
class ListPreview(Content):
    """The first rows of a list; the whole of it is made when somebody asks for its table or its file."""

    count: int
    """Rows of the whole list."""


@dataclass(frozen=True)
class NotShown:
    """Nothing can be shown, and why, as plain text."""

    why: str


def first(rows: pl.DataFrame, most: int) -> pl.DataFrame:
    """The first rows in memory of their own: a slice would hold on to that of them all."""
    return rows[np.arange(min(most, rows.height))]
