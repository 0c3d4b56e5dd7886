"""What the reader understood, assumed or changed, in words and numbers, so that nothing is silently wrong."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

PREVIEW: Final = 50
"""Raw rows that are kept for people to look at."""

SHOWN: Final = 1_000
"""Row numbers that a finding lists; `count` says how many there are, the issues file has them all."""


@dataclass(frozen=True)
class Finding:
    """One thing that people should know about how a file was read."""

    kind: str
    """Short name: encoding, delimiter, header, preamble, footer, short_row, long_row, quotes, ..."""
    sentence: str
    """What was found and what was done, for people."""
    rows: tuple[int, ...] = ()
    """Numbers of the file's lines (sheet rows) concerned, from 1; at most `SHOWN` of them."""
    count: int = 0
    """How many rows are concerned."""
    changed: bool = False
    """Whether something was assumed, left out or altered, so that the table may differ from what was meant."""


def finding(kind: str, sentence: str, rows: Sequence[int] = (), *, changed: bool = False, count: int = -1) -> Finding:
    """A finding about rows, of which the first are listed."""
    return Finding(kind, sentence, tuple(rows[:SHOWN]), len(rows) if count < 0 else count, changed)


def numbered(rows: Sequence[int], count: int = -1) -> str:
    """Row numbers as text: 'row 7', 'rows 7, 9 and 12', 'rows 7, 9, 12 and 40 more'."""
    total = len(rows) if count < 0 else count
    if total == 1:
        return f"row {rows[0]:,}"
    visible = [f"{row:,}" for row in rows[:5]]
    if total > len(visible):
        return f"rows {', '.join(visible)} and {total - len(visible):,} more"
    return f"rows {', '.join(visible[:-1])} and {visible[-1]}"


def excerpt(text: str, width: int = 60) -> str:
    """A text of the file as a sentence quotes it: on one line, without control characters, shortened."""
    plain = "".join(sign if sign.isprintable() else " " for sign in text)
    return f"'{plain}'" if len(plain) <= width else f"'{plain[: width - 1]}…'"


def preview(rows: Iterable[tuple[int, str]]) -> list[tuple[int, str]]:
    """The first rows as they stand in the file, with their number, each shortened."""
    return [(number, text[:500]) for number, text in islice(rows, PREVIEW)]


def cells(count: int) -> str:
    """A number of cells in words: '1 cell', '2,000 cells'."""
    return "1 cell" if count == 1 else f"{count:,} cells"
