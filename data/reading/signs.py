"""How a text file separates and protects its cells, and one record of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from data.reading.findings import excerpt

_NAMES: Final = {
    ",": "comma",
    ";": "semicolon",
    "\t": "tab",
    "|": "bar",
    " ": "blank",
    ":": "colon",
    "'": "apostrophe",
    '"': "double quote",
    "\\": "backslash",
    "\x00": "zero byte",
    "\x1f": "unit separator",
}


@dataclass(frozen=True)
class Dialect:
    """How a text file separates its cells."""

    delimiter: str | None
    """One sign or several; None where each line is one cell."""
    quote: str | None = '"'
    escape: str | None = None
    """Sign before a quote or delimiter that belongs to the text; None where quotes inside are doubled."""
    trim: bool = False
    """Whether blanks after a delimiter are padding."""
    run: int = 0
    """Columns that are lined up with blanks: how many blanks in a row separate at least; 0 where each blank does."""


@dataclass(frozen=True)
class Record:
    """The cells of one record."""

    cells: list[str]
    lines: int = 1
    """Lines of the file that it takes."""
    odd: str = ""
    """What is wrong with its quotes, in words; empty where nothing is."""


def unprotected(content: str, dialect: Dialect) -> str:
    """A text without the signs that protect quotes in it."""
    quote, escape = dialect.quote, dialect.escape
    if escape is not None and escape in content:
        protected = {quote, dialect.delimiter, escape}
        parts: list[str] = []
        pos = 0
        while pos < len(content):
            if content[pos] == escape and pos + 1 < len(content) and content[pos + 1] in protected:
                pos += 1
            parts.append(content[pos])
            pos += 1
        content = "".join(parts)
    elif escape is None and quote is not None:
        content = content.replace(quote + quote, quote)
    return content


def joined(lines: Sequence[str], last: int, text: str) -> str:
    """A text that ends with line `last`, and the next line."""
    end = "\r\n" if lines[last].endswith("\r") else "\n"
    return f"{text}{end}{lines[last + 1].removesuffix(chr(13))}"


def sign_name(sign: str | None) -> str:
    """A delimiter or quote as people call it."""
    if sign is None or sign == "":
        return "none"
    return _NAMES.get(sign, excerpt(sign) if sign.isprintable() else f"character {ord(sign[0])}")
