"""What every card's content is: rows and a takeaway."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True, eq=False)
class Content:
    """A card's rows, in the order drawn, and its takeaway as plain text."""

    rows: pl.DataFrame
    takeaway: str
