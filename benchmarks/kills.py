"""Kill imports at random moments and see what is left: `python -m benchmarks.kills --kills 500`.

A process publishes one version of a dataset after another and says so after each. It is killed with SIGKILL at a random
moment. Then the version in use must be one that was said to be there or the one that was being written, must be whole
by its digest, and must open; and a sweep must leave nothing half-written.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
NAME: Final = "killed"
ROWS: Final = 3_000

_WRITER: Final = """
import sys
from pathlib import Path
from benchmarks.kills import publish_forever
publish_forever(Path(sys.argv[1]), int(sys.argv[2]))
"""


@dataclass
class Outcome:
    """What many kills did."""

    kills: int = 0
    published: int = 0
    """Versions that were said to be there before the kills."""
    lost: list[str] = field(default_factory=list)
    """Said to be there, and neither in use nor followed by a newer one."""
    corrupt: list[str] = field(default_factory=list)
    left: int = 0
    """Half-written folders and files that the sweep found."""


def publish_forever(home: Path, first: int) -> None:
    """Publish versions number `first` and on, each said on stdout as 'number version'."""
    from data import store

    number = first
    while True:
        prepared = _prepared(number)
        print(f"begin {number}", flush=True)
        version = store.publish(NAME, prepared.write, home=home)
        print(f"done {number} {version}", flush=True)
        number += 1


def _prepared(number: int):  # type: ignore[no-untyped-def]
    from datetime import date

    import polars as pl

    from data import layout

    rows = pl.int_range(ROWS, eager=True)
    lines = pl.DataFrame(
        {
            "order_id": (rows // 3).cast(pl.String),
            "ordered_on": pl.Series([date(2024, 1, 1)] * ROWS),
            "customer_id": (rows % 97).cast(pl.String),
            "product_id": (rows % 31).cast(pl.String),
            "quantity": rows * 0 + 1,
            "revenue": (rows * 7919 + number) % 100_003,
        }
    )
    return layout.build(layout.Tables(lines=lines), name=NAME, title=f"Number {number}", currency="EUR")


def run(kills: int, home: Path, *, seed: int = 1) -> Outcome:
    """Kill `kills` writers of one home."""
    chance = random.Random(seed)
    outcome, number, said, last = Outcome(), 0, "", -1
    for _ in range(kills):
        writer = subprocess.Popen(
            [sys.executable, "-c", _WRITER, str(home), str(number)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert writer.stdout is not None
        writer.stdout.readline()
        time.sleep(chance.expovariate(1 / 0.05))
        writer.send_signal(signal.SIGKILL)
        begun = number
        for line in writer.stdout.read().splitlines():
            word, which, *version = line.split()
            begun = max(begun, int(which))
            if word == "done" and version:
                outcome.published += 1
                said = version[0]
                last = int(which)
        writer.wait()
        writer.stdout.close()
        outcome.kills += 1
        _look(home, said, last, outcome)
        number = begun + 1
    return outcome


def _look(home: Path, said: str, last: int, outcome: Outcome) -> None:
    """Note what is lost or corrupt; `said` is the version of number `last`, the latest that was said to be there."""
    from data import integrity, store
    from data.errors import DataError

    found = [entry for entry in store.entries(home=home) if entry.name == NAME]
    if not found:
        if said:
            outcome.lost.append(said)
        return
    (entry,) = found
    try:
        data = store.load(NAME, home=home)
    except DataError as error:
        outcome.corrupt.append(f"{entry.version}: {error}")
        return
    held = int(data.title.removeprefix("Number "))
    if entry.version != said and held <= last:
        outcome.lost.append(said)
    for version in (home / NAME / "versions").iterdir():
        if not version.name.startswith("."):
            try:
                integrity.check(version)
            except DataError as error:
                outcome.corrupt.append(str(error))
    outcome.left += store.sweep(home, young=0)
    if any(path.name.startswith(".") for path in (home / NAME).rglob("*")):
        outcome.corrupt.append("something half-written outlives a sweep")


def main() -> int:
    """Run and report; 0 where nothing was lost or corrupt."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.kills", description=__doc__)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parsed = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        outcome = run(parsed.kills, Path(home), seed=parsed.seed)
    print(
        f"{outcome.kills} kills, {outcome.published} versions published, {outcome.left} left half-written and swept, "
        f"{len(outcome.lost)} lost, {len(outcome.corrupt)} corrupt"
    )
    return 1 if outcome.lost or outcome.corrupt else 0


if __name__ == "__main__":
    sys.exit(main())
