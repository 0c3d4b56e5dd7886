"""What the columns of order lines without a header can be, by their values alone."""

from __future__ import annotations

import re
from collections.abc import Sequence

from data.guessing.profiles import Column

_UNNAMED = re.compile(r"column \d+")
_MOST_UNITS = 10_000
"""Largest quantity that a column of whole numbers may have to be taken for one."""


def without_names(columns: Sequence[Column]) -> bool:
    """Whether the file has no header, so that the reader numbered its columns."""
    return bool(columns) and all(_UNNAMED.fullmatch(column.name) for column in columns)


def by_values(columns: Sequence[Column]) -> dict[str, tuple[str, str]]:
    """Column -> its meaning and why: a date, money, units, an order number, a product and a customer."""
    found: dict[str, tuple[str, str]] = {}

    def take(column: Column | None, meaning: str, why: str) -> None:
        if column is not None:
            found[column.name] = (meaning, f"The file has no header; {why}.")

    def left(kind: str) -> list[Column]:
        return [column for column in columns if column.name not in found and column.kind == kind]

    take(next(iter(left("date")), None), "ordered_on", "its first dates")
    units = [column for column in left("whole") if _few(column) and (column.high or 0) <= _MOST_UNITS]
    money = left("number") or [column for column in left("whole") if column not in units] or units[1:]
    take(max(money, key=lambda column: column.high or 0, default=None), "revenue", "its largest amounts")
    units = [column for column in units if column.name not in found]
    take(min(units, key=lambda column: column.high or 0, default=None), "quantity", "its smallest whole numbers")
    codes = [column for column in (*left("text"), *left("whole")) if _code(column)]
    take(max(codes, key=lambda column: column.distinct, default=None), "order_id", "its most different numbers")
    texts = [column for column in left("text") if not _code(column) and column.distinct > 1]
    take(max(texts, key=_length, default=None), "product", "its longest texts")
    codes = [column for column in codes if column.name not in found and column.distinct > 1]
    take(max(codes, key=lambda column: column.distinct, default=None), "customer_id", "its next most different numbers")
    return found


def _few(column: Column) -> bool:
    return column.distinct <= max(20, column.rows // 2)


def _code(column: Column) -> bool:
    """Whether a column's values are numbers or such as A-1001: with digits and without blanks."""
    return bool(column.examples) and all(re.search(r"\d", text) and " " not in text for text in column.examples)


def _length(column: Column) -> float:
    return sum(len(text) for text in column.examples) / max(1, len(column.examples))
