"""The one error that people meet: a sentence that says where, what was expected, what was found and what to do."""

from __future__ import annotations


class DataError(Exception):
    """Input or stored data that cannot be used. Its text is shown as it is, without a stack trace."""


def problem(
    file: str,
    *,
    row: int | None = None,
    column: str | None = None,
    expected: str,
    found: str,
    advice: str = "",
) -> DataError:
    """The error for one place in one file: file, row, column, expected, found, and what to do."""
    where = [file]
    if row is not None:
        where.append(f"row {row}")
    if column is not None:
        where.append(f"column {column}")
    sentence = f"{', '.join(where)}: expected {expected}, found {found}."
    return DataError(f"{sentence} {advice}".rstrip())


def quoted(value: object) -> str:
    """A found value as people should see it, shortened where it is long."""
    if value is None:
        return "nothing"
    text = str(value)
    return f"'{text}'" if len(text) <= 80 else f"'{text[:77]}...'"
