"""Rows that hold the sums of rows beside them: proved by the numbers each time that a file is read."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from data.terms.numbers import styled

Array = NDArray[Any]

_WORK: Final = 50_000_000
"""Pairs of rows up to which an earlier start of a sum is looked for."""


def near(own: Array | float, total: Array) -> Array:
    """Whether numbers are sums but for what is rounded."""
    return np.asarray(np.abs(own - total) <= 0.0055 + 1e-6 * np.abs(total))


def proved(marked: Array, values: Array, without: Array) -> Array:
    """Which of the `marked` rows hold the sum of the lines since the last marked one, or since an earlier one.

    Lines are all rows but those that are marked, and those of `without`. They are looked for above a row and below it.
    A marked row without a number holds nothing that could be lost, and is one.
    """
    lines = ~marked & ~without
    above = _above(marked, lines, values)
    return (marked & ~np.isfinite(values)) | above | _above(marked[::-1], lines[::-1], values[::-1])[::-1]


def _above(marked: Array, lines: Array, values: Array) -> Array:
    at = np.flatnonzero(marked)
    total = np.cumsum(np.where(lines, np.nan_to_num(values), 0.0))[at]
    count = np.cumsum(lines)[at]
    before, seen = np.concatenate([[0.0], total])[:-1], np.concatenate([[0], count])[:-1]
    own = values[at]
    fit = near(own, total - before) & (count > seen)
    left = np.flatnonzero(~fit & np.isfinite(own))
    if left.size * at.size <= _WORK:
        for n in left.tolist():
            fit[n] = bool((near(own[n], total[n] - before[: n + 1]) & (count[n] > seen[: n + 1])).any())
    result = np.zeros(marked.size, np.bool_)
    result[at[fit]] = True
    return result


def holds_sums(marked: pl.Expr, column: str, numbers: str, *, without: pl.Expr) -> pl.Expr:
    """`proved` of a frame's rows in their order, by a column and how it writes its numbers."""
    value = styled(pl.col(column).cast(pl.String), numbers).cast(pl.Float64, strict=False)

    def look(rows: pl.Series) -> pl.Series:
        fields = rows.struct.unnest()
        values = fields["value"].fill_null(float("nan")).to_numpy()
        return pl.Series(proved(fields["marked"].to_numpy(), values, fields["without"].to_numpy()))

    rows = pl.struct(marked.alias("marked"), value.alias("value"), without.alias("without"))
    return rows.map_batches(look, return_dtype=pl.Boolean)
