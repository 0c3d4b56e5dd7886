"""Pollock's measures of how a CSV file was loaded (Vitagliano et al., VLDB 2023): ten numbers from 0 to 1, their sum.

A loaded file is its lines: the header, where it has one, and the records. The first line of each side is its header.
"""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Final

Lines = list[list[str]]
"""Cells of the header and of each record, as text; a missing value is an empty text."""

BEST: Final = 10.0
"""Score of a file that is loaded as its answer says."""

_MONEY: Final = re.compile(r"(?P<before>[$€£¥])?\s?(?P<amount>[-+]?\d+(?:\.\d+)?)\s?(?P<after>[$€£¥])?")
_DATE: Final = re.compile(r"(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})(?:[T ](\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?))?")
_TIME: Final = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?")


@dataclass(frozen=True)
class Score:
    """What one file's loading is worth."""

    measures: tuple[float, ...]
    """success; precision, recall and F1 of the header's cells, of the records, of all cells."""

    @property
    def total(self) -> float:
        """The sum, at most `BEST`."""
        return sum(self.measures)


FAILED: Final = Score((0.0,) * 10)


def answer(path: Path) -> Lines:
    """The lines of a clean file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def score(loaded: Lines, expected: Lines) -> Score:
    """The measures of a file that was loaded without an error."""
    mine, theirs = [_spelled_all(line) for line in loaded], [_spelled_all(line) for line in expected]
    header = _overlap(mine[0] if mine else [], theirs[0] if theirs else [])
    records = _overlap([record(line) for line in mine[1:]], [record(line) for line in theirs[1:]])
    cells = _overlap([cell for line in mine for cell in line], [cell for line in theirs for cell in line])
    return Score((1.0, *header, *records, *cells))


def record(cells: Sequence[str]) -> str:
    """A record's cells joined."""
    return "".join(cell or "null" for cell in cells)


def _spelled_all(cells: Sequence[str]) -> list[str]:
    return [spelled(cell) for cell in cells]


def _overlap(mine: Sequence[Hashable], theirs: Sequence[Hashable]) -> tuple[float, float, float]:
    """Precision, recall and F1 of two multisets; all are 1 where both are empty."""
    if not mine and not theirs:
        return 1.0, 1.0, 1.0
    common = (Counter(mine) & Counter(theirs)).total()
    if not common:
        return 0.0, 0.0, 0.0
    precision, recall = common / len(mine), common / len(theirs)
    return precision, recall, 2 * precision * recall / (precision + recall)


@lru_cache(maxsize=200_000)
def spelled(cell: str) -> str:
    """A cell in the one spelling of its value: numbers, truth, dates, times and money by value, text as it is."""
    text = cell.strip()
    if text in ("True", "true", "False", "false"):
        return str(int(text.lower() == "true"))
    if re.fullmatch(r"[-+]?\d+", text):
        return str(int(text))
    if re.fullmatch(r"[-+]?(?:\d+\.\d*|\.\d+|\d+)(?:[eE][-+]?\d+)?", text):
        value = float(text)
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if match := _TIME.fullmatch(text):
        hours, minutes, seconds, part = match.groups()
        return f"{int(hours):02}:{minutes}:{seconds or '00'}.{(part or '').rstrip('0')}"
    if (match := _DATE.fullmatch(text)) and (day := _day(match)) is not None:
        return day
    if (match := _MONEY.fullmatch(text)) and (match["before"] or match["after"]):
        return f"{match['before'] or match['after']}{float(match['amount'])!r}"
    return cell


def _day(match: re.Match[str]) -> str | None:
    first, second, third = (int(part) for part in match.groups()[:3])
    if len(match[1]) == 4:
        year, month, day = first, second, third
    elif first > 12:
        year, month, day = third, second, first
    else:
        year, month, day = third, first, second
    try:
        found = datetime(year, month, day).date().isoformat()
    except ValueError:
        return None
    time = spelled(match[4]) if match[4] else "00:00:00."
    return found if time == "00:00:00." else f"{found} {time}"


def weights(folder: Path) -> dict[str, float]:
    """How often real files have the fault of each file: pollock_weights.json in the folder or above it; else empty."""
    for place in (folder, folder.parent, Path("../shared/corpora")):
        if (path := place / "pollock_weights.json").is_file():
            content: dict[str, float] = json.loads(path.read_text(encoding="utf-8"))
            return content
    return {}
