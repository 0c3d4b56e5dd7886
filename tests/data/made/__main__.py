"""`python -m tests.data.made --count 5000`: files of all kinds, read, understood and imported, in one table.

Three in ten are plain flat files, three in ten of the other kinds in turn, four in ten hard ones. Exits with 1 where a
number is wrong in a plain file or in more than 0.2 % of the hard ones, where a question has not the truth among its
answers, where anything ends in a crash, or where fewer than nine in ten that prove their reading are right unasked.
"""

from __future__ import annotations

import argparse
import itertools
import os
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

# Small tables gain nothing from threads.
os.environ.setdefault("POLARS_MAX_THREADS", "1")

from tests.data.made.base import Files
from tests.data.made.draw import GROUPS, drawn
from tests.data.made.judging import OUTCOMES, Verdict, judged

_AT_ONCE: Final = 50
"""Files that are read by one process."""

HARD_WRONG: Final = 0.002
"""Share of the hard files that may come to a wrong number."""
PROVEN_RIGHT: Final = 0.9
"""Share of the files that prove their reading that must come out right without a question."""


class Counts:
    """How many files of each kind ended how."""

    def __init__(self) -> None:
        self.by_kind: dict[str, Counter[str]] = {}

    def add(self, verdict: Verdict) -> None:
        """Count a file under its kind."""
        own = self.by_kind.setdefault(verdict.made.kind, Counter())
        own[verdict.outcome] += 1
        own["files"] += 1
        if verdict.made.truth.proven:
            own["proven"] += 1
            own["proven right"] += verdict.outcome == "right"

    def of(self, group: str) -> Counter[str]:
        """All kinds of a group together; of every group where it is empty."""
        return sum((one for kind, one in self.by_kind.items() if kind.startswith(group)), Counter())

    def faults(self) -> list[str]:
        """What is not as it must be."""
        plain = self.of("plain") + self.of("kind")
        hard, every = self.of("hard"), self.of("")
        result = [f"{every[one]} {one}" for one in ("lost", "crash") if every[one]]
        result += [f"{plain['wrong']} plain files are wrong"] if plain["wrong"] else []
        result += [f"{hard['wrong']} hard files are wrong"] if hard["wrong"] > HARD_WRONG * hard["files"] else []
        if every["proven right"] < PROVEN_RIGHT * every["proven"]:
            result.append(f"only {every['proven right']} of {every['proven']} that prove their reading are right")
        return result

    def table(self) -> Iterator[str]:
        """One row for each kind, then the groups and everything."""
        head = ("right", "asked", "truth among", "refused", "wrong", "crash", "proven", "right of them")
        yield f"{'kind':36} {'files':>6} " + " ".join(f"{name:>13}" for name in head)
        groups = [(group, self.of(group)) for group in GROUPS]
        for name, own in [*sorted(self.by_kind.items()), *groups, ("all", self.of(""))]:
            asked, proven = own["asked"] + own["lost"], own["proven"]
            among = f"{own['asked'] / asked:.1%}" if asked else "-"
            share = f"{own['proven right'] / proven:.1%}" if proven else "-"
            cells = (own["right"], asked, among, own["refused"], own["wrong"], own["crash"], proven, share)
            yield f"{name:36} {own['files']:>6} " + " ".join(f"{cell:>13}" for cell in cells)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; 1 where anything is not as it must be."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--minutes", type=float, default=float("inf"), help="time after which no more files are taken")
    parser.add_argument("--only", default="", help="kinds whose name begins so, such as hard or 'kind star'")
    parser.add_argument("--show", nargs="*", choices=OUTCOMES, default=("lost", "refused", "wrong", "crash"))
    parser.add_argument("--keep", type=Path, help="folder for the files that are shown")
    given = parser.parse_args(arguments)
    counts, end = Counts(), time.monotonic() + 60 * given.minutes
    files = drawn(given.count, given.first, given.only)
    for verdict in verdicts(itertools.takewhile(lambda _: time.monotonic() < end, files)):
        counts.add(verdict)
        if verdict.outcome in given.show:
            print(f"{verdict.made.name}: {verdict.outcome}: {verdict.why[-1500:]}", flush=True)
            if given.keep:
                _keep(verdict, given.keep)
    print(*counts.table(), sep="\n")
    print(*(f"NOT AS IT MUST BE: {fault}" for fault in counts.faults()), sep="\n")
    return int(bool(counts.faults()))


def verdicts(files: Iterable[Files]) -> Iterator[Verdict]:
    """What becomes of files, some at a time."""
    rest = iter(files)
    while some := list(itertools.islice(rest, _AT_ONCE)):
        yield from judged(some)


def _keep(verdict: Verdict, folder: Path) -> None:
    place = folder / verdict.made.name.replace(" ", "-")
    place.mkdir(parents=True, exist_ok=True)
    (place / "why.txt").write_text(f"{verdict.made.truth}\n{verdict.why}", encoding="utf-8")
    for name, body in verdict.made.contents.items():
        (place / name).write_bytes(body)


if __name__ == "__main__":
    sys.exit(main())
