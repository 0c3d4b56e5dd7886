"""The first rows of a table by a column, without sorting all of them."""

from __future__ import annotations

import numpy as np
import polars as pl


def leading(rows: pl.DataFrame, by: str, most: int) -> pl.DataFrame:
    """The `most` rows with the largest values, largest first; of rows that tie, those that come first."""
    if rows.height > most:
        values, least = rows[by].to_numpy(), rows[by].top_k(most).min()
        above, tied = np.flatnonzero(values > least), np.flatnonzero(values == least)
        rows = rows[np.sort(np.append(above, tied[: most - above.size]))]
    return rows.sort(by, descending=True, maintain_order=True)
