"""What every engine must answer, brought into one form, and whether two answers are the same.

An answer maps a table's name to a frame: key columns (text, Date, or Int64 for months counted from the period's first
and for weekdays), then Int64 measures as `analytics.metrics.MEASURES` has them, those of the base ending in `_base`;
money in ten-thousandths. A measure that the table does not have is no column, a key without anything is no row; rows
are sorted.
"""

from __future__ import annotations

from typing import Final

import polars as pl

Answers = dict[str, pl.DataFrame]

KEYS: Final = frozenset(
    {"bucket", "day", "weekday", "segment", "member", "place", "rank", "customer_id", "name", "last_day"}
)
"""Columns beside dimensions that are no measures."""

CLOSE: Final = 1e-9
"""Relative difference allowed in shares, which are divisions; everything else is whole numbers and must be equal."""


class UnequalAnswersError(AssertionError):
    """Two engines answer differently: a time would mean nothing."""


def tidy(frame: pl.DataFrame, keys: tuple[str, ...]) -> pl.DataFrame:
    """A table in the common form. `keys` tell its rows apart."""
    as_text = [pl.col(name).cast(pl.String) for name in frame.columns if isinstance(frame.schema[name], pl.Enum)]
    frame = frame.with_columns(as_text)
    whole = [name for name, kind in frame.schema.items() if kind.is_integer() or kind.is_decimal()]
    frame = frame.with_columns(pl.col(whole).cast(pl.Int64))
    measures = [name for name in frame.columns if name not in keys and name not in KEYS]
    absent = [name for name in measures if frame.height and frame[name].is_null().all()]
    measures = sorted(set(measures) - set(absent))
    if measures and keys:
        frame = frame.filter(~pl.all_horizontal(pl.col(measures).fill_null(0) == 0))
    rest = sorted(set(frame.columns) - set(keys) - set(measures) - set(absent))
    frame = frame.select(*keys, *rest, pl.col(measures).fill_null(0))
    return frame.sort(keys, nulls_last=True) if keys else frame


def differences(expected: Answers, found: Answers) -> list[str]:
    """What is not the same, one sentence each; empty where the answers are equal."""
    out = [f"{name}: missing" for name in sorted(expected.keys() - found.keys())]
    out += [f"{name}: not expected" for name in sorted(found.keys() - expected.keys())]
    for name in sorted(expected.keys() & found.keys()):
        out += _table_differences(name, expected[name], found[name])
    return out


def _table_differences(name: str, expected: pl.DataFrame, found: pl.DataFrame) -> list[str]:
    if set(expected.columns) != set(found.columns):
        return [f"{name}: columns differ: {sorted(set(expected.columns) ^ set(found.columns))}"]
    if expected.height != found.height:
        return [f"{name}: {found.height} rows instead of {expected.height}"]
    out = []
    for column in expected.columns:
        left, right = expected[column], found[column]
        if left.dtype.is_float() or right.dtype.is_float():
            wrong = ((left - right).abs() > CLOSE * left.abs()).fill_null(True) & ~(left.is_null() & right.is_null())
        else:
            wrong = left.ne_missing(right)
        for row in wrong.arg_true().head(1):
            out.append(
                f"{name}.{column}: {right[row]!r} instead of {left[row]!r} in row {row} ({wrong.sum()} rows differ)"
            )
    return out


def require_equal(expected: Answers, found: Answers, who: str) -> None:
    """Raise UnequalAnswersError with the first differences."""
    wrong = differences(expected, found)
    if wrong:
        raise UnequalAnswersError(f"{who} answers differently: {'; '.join(wrong[:5])}")
