"""Text columns whose rows hold a code for each distinct text."""

from __future__ import annotations

from typing import Any

import polars as pl


def own_categories() -> pl.Categorical:
    """A text type that stores each distinct text once, apart from every other column, and frees it with the column."""
    return pl.Categorical(pl.Categories.random())


def as_categorical(column: pl.Series) -> pl.Series:
    """A text column with a code for each distinct text; other types become text first."""
    if isinstance(column.dtype, pl.Categorical):
        return column
    return column.cast(pl.String).cast(own_categories())


def texts(column: pl.Series) -> pl.Series:
    """The distinct texts of a Categorical column by code; it may hold texts that no row has any more."""
    assert isinstance(column.dtype, pl.Categorical)
    last: Any = column.to_physical().max()
    codes = pl.int_range(0 if last is None else last + 1, dtype=pl.UInt32, eager=True)
    return codes.cat.to(column.dtype).cast(pl.String)


def relabelled(column: pl.Series, labels: pl.Series) -> pl.Series:
    """A Categorical column with another value for each of its `texts`."""
    return labels.gather(column.to_physical()).alias(column.name)
