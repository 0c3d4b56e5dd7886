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
    where = [shortened(file, 200)]
    if row is not None:
        where.append(f"row {row}")
    if column is not None:
        where.append(f"column {shortened(column)}")
    sentence = f"{', '.join(where)}: expected {expected}, found {found}."
    return DataError(f"{sentence} {advice}".rstrip())


def quoted(value: object) -> str:
    """A found value as people should see it: on one line, shortened where it is long."""
    return "nothing" if value is None else f"'{shortened(str(value))}'"


def shortened(text: str, most: int = 80) -> str:
    """A text of a file as a sentence holds it: no control characters, its beginning where it is long."""
    plain = "".join(sign if sign.isprintable() else " " for sign in text[: most + 1])
    return plain if len(plain) <= most else f"{plain[: most - 3]}..."


def printable(name: str) -> str:
    """A file's name as text, also where its bytes are none."""
    return name.encode("utf-8", "replace").decode("utf-8")
