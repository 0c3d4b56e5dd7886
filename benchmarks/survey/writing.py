"""The signs with which a file is written, and its lines as bytes."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

Line = list[str] | str
"""Cells, or a text that is written as it stands."""

_NAMES: Final = {";": "semicolon", "\t": "tab", "|": "bar"}


@dataclass(frozen=True)
class Signs:
    """How a file is written."""

    delimiter: str
    quote: str
    quoting: str
    """What is quoted: minimal (where needed), all or texts."""
    line_end: str
    mixed: bool
    """Whether some lines end in another way."""
    padded: bool
    """Whether every line has as many cells as the widest, as spreadsheet programs write it."""
    cut: bool
    """Whether empty cells at the end of a line are left out."""
    encoding: str

    @property
    def traits(self) -> list[str]:
        """What is special about them."""
        found = [_NAMES[self.delimiter]] if self.delimiter in _NAMES else []
        flags = {"single_quotes": self.quote == "'", "mixed_ends": self.mixed, "cut": self.cut}
        return [*found, *(name for name, is_so in flags.items() if is_so)]


def signs(r: random.Random, *, text: bool) -> Signs:
    """Signs of a file; `text` says whether its cells hold sentences."""
    delimiter = r.choices((",", ";", "\t", "|"), (75, 17, 6, 2))[0]
    quote, quoting = '"', r.choices(("minimal", "all", "texts"), (85, 8, 7))[0]
    if text and r.random() < 0.06:
        quote, quoting = "'", r.choice(("all", "texts", "texts"))
    line_end = r.choices(("\r\n", "\n", "\r"), (60, 38, 2))[0]
    padded = delimiter in ",;" and r.random() < 0.6
    return Signs(
        delimiter,
        quote,
        quoting,
        line_end,
        mixed=line_end != "\r" and r.random() < 0.04,
        padded=padded,
        cut=not padded and quoting != "all" and r.random() < 0.1,
        encoding=r.choices(("utf-8", "utf-8-sig", "cp1252"), (80, 10, 10))[0],
    )


def written(r: random.Random, lines: Sequence[Line], signs: Signs) -> bytes:
    """Lines as a file."""
    width = max(len(line) for line in lines if not isinstance(line, str)) if signs.padded else 0
    parts = []
    for line in lines:
        other = signs.mixed and r.random() < 0.1
        end = ("\n" if signs.line_end == "\r\n" else "\r\n") if other else signs.line_end
        parts += [line if isinstance(line, str) else _line(line, width, signs), end]
    if r.random() < 0.15:
        parts.pop()
    text = "".join(parts)
    try:
        return text.encode(signs.encoding)
    except UnicodeEncodeError:
        return text.encode("utf-8")


def _line(line: Sequence[str], width: int, signs: Signs) -> str:
    cells = [*line, *[""] * (width - len(line))]
    while signs.cut and cells and not cells[-1]:
        cells.pop()
    return signs.delimiter.join(_cell(cell, signs) for cell in cells)


def _cell(cell: str, signs: Signs) -> str:
    special = any(sign in cell for sign in (signs.delimiter, signs.quote, "\n", "\r"))
    text = cell != "" and not re.fullmatch(r"[-+\d.,]+", cell)
    if special or signs.quoting == "all" or (signs.quoting == "texts" and text):
        return f"{signs.quote}{cell.replace(signs.quote, signs.quote * 2)}{signs.quote}"
    return cell
