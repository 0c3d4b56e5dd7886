"""Kill writers at random moments and see what is left: `python -m benchmarks.kills --kills 500`.

Processes write one state after another and say so after each: `publish` versions of a dataset, `refresh` a dataset from
a file that changes, or, two at a time, `save` by compare and set. They are killed with SIGKILL at a random moment of
one of their first writes. What they said to have written must be there, or what was written after it; the version in
use must be whole by its digests and open, the saved file whole; a sweep must leave nothing half-written.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import sys
import tempfile
import time
from collections import deque
from dataclasses import dataclass, field
from math import inf
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median
from typing import Final

from benchmarks.writers import KINDS, KillCounts, write_for_ever

# A server that has imported everything forks a writer in a moment; it must not have computed anything with polars.
_FORKS: Final = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["benchmarks.writers"])


@dataclass
class _Writer:
    """A process that writes, and what it has said."""

    process: multiprocessing.process.BaseProcess
    heard: Connection
    said: list[tuple[str, int]] = field(default_factory=list)

    def hear(self) -> bool:
        """Wait for what it says next; False where it has ended."""
        try:
            self.said.append(self.heard.recv())
        except EOFError:
            return False
        return True


def run(kind: str, kills: int, home: Path, *, seed: int = 1, seconds: float = inf) -> KillCounts:
    """Kill at least `kills` writers of one home, or fewer where that takes longer than `seconds`."""
    end = time.monotonic() + seconds
    chance, how, outcome = random.Random(seed), KINDS[kind], KillCounts()
    last = {word: dict.fromkeys(how.writers, -1) for word in ("begun", "written")}
    typical: deque[float] = deque([0.1], maxlen=25)
    home.mkdir(exist_ok=True)
    while outcome.kills < kills and time.monotonic() < end:
        running = {writer: _started(kind, home, writer, last["begun"][writer] + 1) for writer in how.writers}
        for one in running.values():
            _hear_some(one, chance, typical)
        for one in running.values():
            time.sleep(chance.uniform(0, 1.2 * median(typical)))
            one.process.kill()
            outcome.kills += 1
        for writer, one in running.items():
            while one.hear():
                pass
            one.process.join()
            one.heard.close()
            for word, number in one.said:
                if word in last:
                    last[word][writer] = max(last[word][writer], number)
                    outcome.written += word == "written"
                else:
                    outcome.corrupt.append(word)
        how.look(home, last["written"], last["begun"], outcome)
    return outcome


def _started(kind: str, home: Path, writer: str, first: int) -> _Writer:
    heard, said = _FORKS.Pipe(duplex=False)
    process = _FORKS.Process(target=write_for_ever, args=(kind, home, writer, first, said), daemon=True)
    process.start()
    said.close()
    return _Writer(process, heard)


def _hear_some(one: _Writer, chance: random.Random, typical: deque[float]) -> None:
    """Wait until a writer has begun its first, second or third write; note the seconds that each before it took."""
    one.hear()
    for _ in range(chance.randrange(3)):
        since = time.monotonic()
        if one.hear() and one.hear():
            typical.append(time.monotonic() - since)


def main() -> int:
    """Run and report; 0 where nothing was lost or corrupt."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.kills", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--kills", type=int, default=500, help="kills of each kind (default %(default)s)")
    parser.add_argument("--kinds", nargs="+", choices=list(KINDS), default=list(KINDS), help="default: all")
    parser.add_argument("--minutes", type=float, default=inf, help="for each kind at most (default: no limit)")
    parser.add_argument("--seed", type=int, default=1)
    parsed = parser.parse_args()
    bad = False
    for kind in parsed.kinds:
        with tempfile.TemporaryDirectory() as folder:
            home, seconds = Path(folder) / "home", 60 * parsed.minutes
            outcome = run(kind, parsed.kills, home, seed=parsed.seed, seconds=seconds)
        print(f"{kind}: {outcome}", flush=True)
        for sentence in (*outcome.lost, *outcome.corrupt):
            print(f"  {sentence}", flush=True)
        bad = bad or bool(outcome.lost or outcome.corrupt)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
