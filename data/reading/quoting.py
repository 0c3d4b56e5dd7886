"""Which signs protect the cells of a text file, once it is said which one separates them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import zip_longest
from typing import Final

from data.reading import kinds
from data.reading.signs import Dialect

_QUOTES: Final = ('"', "'", "`", "“")


def protections(sample: Sequence[str], delimiter: str, quote: str | None) -> list[Dialect]:
    """The ways in which cells between these delimiters may be quoted: those that occur, and unquoted."""
    dialects: list[Dialect] = []
    joined = "\n".join(sample)
    quotes = [quote] if quote else [sign for sign in _QUOTES if sign in joined]
    trim = _padded(joined, delimiter)
    between = re.escape(delimiter)
    blank = " *" if delimiter != " " else ""
    for sign in quotes:
        mark = re.escape(sign)
        opened = len(re.findall(rf"(?:^|{between}){blank}{mark}", joined, re.M))
        closed = len(re.findall(rf"{mark}{blank}(?:{between}|$)", joined, re.M))
        if not opened or not closed or (sign != '"' and quote is None and not _is_quoting(sample, delimiter, sign)):
            continue
        for escape in _escapes(joined, sign, delimiter):
            dialects.append(Dialect(delimiter, sign, escape, trim))
    if not quote and not any(dialect.quote == '"' for dialect in dialects):
        dialects.append(Dialect(delimiter, '"' if '"' not in joined else None, None, trim))
        if f"\\{delimiter}" in joined:
            dialects.append(Dialect(delimiter, None, "\\", trim))
    return dialects or [Dialect(delimiter, quote, None, trim)]


def _is_quoting(sample: Sequence[str], delimiter: str, sign: str) -> bool:
    """Whether a sign that also occurs in texts, such as the apostrophe, is there to protect cells.

    It is where it stands on both sides of cells that hold delimiters, or of nearly all texts of a column.
    """
    whole = protected_cells(sample, delimiter, sign)
    outside = sum(line.count(delimiter + sign) + line.count(sign + delimiter) for line in sample)
    outside += sum(line.startswith(sign) + line.endswith(sign) for line in sample)
    # Each protected cell opens once and closes once; what is left over belongs to texts.
    if len(whole) < 2 or outside > 2.5 * len(whole):
        return False
    if sum(delimiter in cell for cell in whole) > 1:
        return True
    cell = _protected(delimiter, sign)
    lines = [cell.sub("\0", line).split(delimiter) for line in sample]
    marked = [index for index, cells in enumerate(lines) if "\0" in cells]
    # Titles above and notes below have none of it, and a header may have none.
    for column in zip_longest(*lines[marked[0] + (len(marked) > 1) : marked[-1] + 1], fillvalue=""):
        wrapped = column.count("\0")
        bare = sum(kinds.kind(text) == "words" for text in column if text != "\0")
        if wrapped < 4 * bare and wrapped:
            return False
    return True


def protected_cells(sample: Sequence[str], delimiter: str, sign: str) -> list[str]:
    """Texts of the cells that have the sign on both sides."""
    cell = _protected(delimiter, sign)
    return [text for line in sample for text in cell.findall(line)]


def _protected(delimiter: str, sign: str) -> re.Pattern[str]:
    mark, between = re.escape(sign), re.escape(delimiter)
    blank = " *" if delimiter != " " else ""
    inner = rf"(?:[^{mark}\\]|{mark}{mark}|\\.)*"
    return re.compile(rf"(?:^|(?<={between})){blank}{mark}({inner}){mark}{blank}(?={between}|$)")


def _escapes(joined: str, quote: str, delimiter: str) -> list[str | None]:
    """Signs that may protect a quote inside a quoted text: its double, or one that stands before most inner quotes."""
    escapes: list[str | None] = [None]
    mark, between = re.escape(quote), re.escape(delimiter)
    inner = re.findall(rf"([^{mark}{between}\n])[{mark}](?=[^{between}\n])", joined)
    before = Counter(inner)
    for sign, count in before.most_common(3):
        if not sign.isalnum() and not sign.isspace() and count >= 0.6 * len(inner) and sign not in ",;.:()[]-/":
            escapes.append(sign)
    if f"\\{quote}" in joined and "\\" not in escapes:
        escapes.append("\\")
    return escapes


def _padded(joined: str, delimiter: str) -> bool:
    """Whether a blank follows nearly every delimiter."""
    if delimiter.isspace():
        return False
    outside = re.sub(r'"[^"\n]*"', '""', joined)
    total = outside.count(delimiter)
    blank = outside.count(delimiter + " ") + len(re.findall(re.escape(delimiter) + "$", outside, re.M))
    return total > 0 and outside.count(delimiter + " ") > 0.5 * total and blank >= 0.98 * total
