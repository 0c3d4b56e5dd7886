"""Filters as comparisons of whole numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from analytics.filters import Where


def kept(where: Where, members: Mapping[str, Sequence[str]]) -> pl.Expr | None:
    """The rows whose every named dimension is one of its members; None where nothing is filtered.

    Works on Enum columns by their codes, text is not looked at; a member that the Enum lacks keeps no row.
    """
    out: pl.Expr | None = None
    for name, values in where:
        chosen = frozenset(values)
        codes = [code for code, member in enumerate(members[name]) if member in chosen]
        column = pl.col(name).to_physical()
        known = pl.lit(False) if not codes else column == codes[0] if len(codes) == 1 else column.is_in(codes)
        out = known if out is None else out & known
    return out
