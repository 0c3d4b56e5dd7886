"""The lines of a UTF-8 text file, block by block."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from data.reading.refused import Refused

BLOCK: Final = 8 << 20
_LONGEST_LINE: Final = 16 << 20


@dataclass(frozen=True)
class LineEnds:
    """How lines end."""

    sign: str
    """LF, or CR where there is no LF."""
    carriage: bool
    """Whether a CR stands before each LF and is not part of the text."""
    mixed: bool = False

    @property
    def name(self) -> str:
        """The name that people know."""
        return "CR" if self.sign == "\r" else "CRLF" if self.carriage else "LF"


def line_ends(head: str) -> LineEnds:
    """The line ends of a text, from its first part."""
    feeds, pairs, returns = head.count("\n"), head.count("\r\n"), head.count("\r")
    if not feeds and returns:
        return LineEnds("\r", False)
    # Single line feeds inside quoted texts are usual in files that end their lines with both.
    return LineEnds("\n", pairs > 0, mixed=0 < pairs < feeds or returns > pairs)


def read_head(path: Path, skip: int, size: int) -> tuple[str, bool]:
    """The first part of a text, and whether that is all of it. A sign that is cut in two is left out."""
    with path.open("rb") as file:
        file.seek(skip)
        head = file.read(size)
        whole = not file.read(1)
    return head.decode("utf-8", "strict" if whole else "ignore"), whole


def blocks(path: Path, skip: int, ends: LineEnds, *, block: int = BLOCK) -> Iterator[tuple[list[str], int, bool]]:
    """Lines without their ends, the bytes read so far, and whether these are the last lines."""
    sign = ends.sign.encode()
    rest = b""
    done = 0
    with path.open("rb") as file:
        file.seek(skip)
        while True:
            data = file.read(block)
            done += len(data)
            if not data:
                if rest:
                    yield split(rest.decode("utf-8"), ends), done, True
                else:
                    yield [], done, True
                return
            data = rest + data
            cut = data.rfind(sign)
            if cut < 0:
                if len(data) > _LONGEST_LINE:
                    raise Refused("expected lines of a table, found one line of more than 16 million letters.")
                rest = data
                continue
            rest = data[cut + 1 :]
            yield split(data[:cut].decode("utf-8"), ends), done, False


def split(text: str, ends: LineEnds) -> list[str]:
    """The lines of a text."""
    return text.split(ends.sign)
