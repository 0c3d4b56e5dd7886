"""What each column of a table holds, judged on all its cells: dates, numbers, identifiers or text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

import polars as pl

from data.reading import dates as _dates
from data.reading import kinds
from data.reading import numbers as _numbers
from data.reading.dates import Dates
from data.reading.numbers import Numbers
from data.reading.table import ROW

Kind = Literal["empty", "date", "number", "identifier", "truth", "text"]

MOSTLY: Final = 0.9
"""Share of the filled cells that must be dates or numbers for the column to be called so."""

_EXAMPLES: Final = 5


@dataclass(frozen=True)
class Column:
    """One column."""

    name: str
    kind: Kind
    filled: int
    empty: int
    distinct: int
    """Different texts or values, without the empty one."""
    examples: tuple[str, ...]
    """The most frequent ones."""
    numbers: Numbers | None = None
    """How numbers are written, where at least some cells are numbers in text."""
    dates: Dates | None = None
    """How dates are written, where at least some cells are dates in text."""
    odd: tuple[tuple[int, str], ...] = ()
    """The first cells that are not of the column's kind, with their row."""
    odd_count: int = 0


def understand(table: pl.LazyFrame) -> list[Column]:
    """All columns of a table with ROW, as `Reading.scan` gives it; one column is in memory at a time."""
    schema = table.collect_schema()
    return [column(table, name) for name in schema.names() if name != ROW]


def column(table: pl.LazyFrame, name: str) -> Column:
    """What one column of a table holds."""
    frame = table.select(ROW, pl.col(name)).collect()
    values = frame[name]
    if values.dtype != pl.String:
        return _typed(name, values)
    filled = values.len() - values.null_count()
    counted = _counted(values)
    shared: dict[str, Any] = {
        "name": name,
        "filled": filled,
        "empty": values.null_count(),
        "distinct": counted.height,
        "examples": tuple(counted[name].head(_EXAMPLES)),
    }
    if not filled:
        return Column(kind="empty", **shared)
    days = _dates.understand(values)
    figures = _numbers.understand(values)
    shared |= {"dates": days if days.readable else None, "numbers": figures if figures.readable else None}
    if days.share >= MOSTLY and not days.serial:
        good = _dates.dates(pl.col(name), days).is_not_null()
        return Column(kind="date", **shared, **_odd(frame, name, counted, good))
    if figures.share >= MOSTLY:
        if figures.leading_zeros and figures.whole and not figures.currencies:
            return Column(kind="identifier", **shared)
        odd = _odd(frame, name, counted, _numbers.money(pl.col(name), figures).is_not_null())
        if odd and figures.whole and all(kinds.kind(text) == "code" for _, text in odd["odd"]):
            # Numbers beside codes such as C536379 are names of things, too.
            return Column(kind="identifier", **shared)
        return Column(kind="number", **shared, **odd)
    if counted[name].str.to_lowercase().is_in(["true", "false", "yes", "no", "y", "n"]).all():
        return Column(kind="truth", **shared)
    return Column(kind="text", **shared)


def _counted(values: pl.Series) -> pl.DataFrame:
    """Different values with how often each occurs (__n), the most frequent first."""
    counted = values.drop_nulls().value_counts(name="__n")
    return counted.sort("__n", values.name, descending=[True, False])


def _odd(frame: pl.DataFrame, name: str, counted: pl.DataFrame, good: pl.Expr) -> dict[str, Any]:
    """The cells that cannot be read, found among the different texts first."""
    wrong = counted.filter(~good)[name]
    if wrong.is_empty():
        return {}
    cells = frame.filter(pl.col(name).is_in(wrong.implode()))
    return {"odd": tuple(cells.head(_EXAMPLES).iter_rows()), "odd_count": cells.height}


def _typed(name: str, values: pl.Series) -> Column:
    """A column of Parquet that has a type."""
    kind: Kind = "text"
    if values.dtype.is_temporal() and values.dtype != pl.Time:
        kind = "date"
    elif values.dtype.is_numeric():
        kind = "number"
    elif values.dtype == pl.Boolean:
        kind = "truth"
    filled = values.len() - values.null_count()
    counted = _counted(values)
    return Column(
        name=name,
        kind=kind if filled else "empty",
        filled=filled,
        empty=values.null_count(),
        distinct=counted.height,
        examples=tuple(str(value) for value in counted[name].head(_EXAMPLES).to_list()),
    )
