"""Mutants through the reader, in pieces that can be taken up again: `python -m benchmarks.hostile --mutants 100000`.

Each mutant has a number, from which follow its kind, its seed and what is done to it, so that a run that was stopped
goes on where it was, and one mutant can be made again by `--only NUMBER`. A process that stands for the app reads the
mutants of a piece; this one looks on. Counted are:

read, refused      a table or recipe, or a sentence
deaths             the process that stands for the app ended
hangs              more than 20 seconds of the processor, or ten minutes of the clock
uncaught           an error that is no sentence
silent             a second, obvious reading differs, and the report does not say so (see benchmarks/second_reading.py):
                   texts, CSV of recipes, recipes, zipped texts; Parquet against pyarrow and DuckDB. Spreadsheets have
                   no second reader: of them only row numbers are looked at.

What is found is kept with its number in `--state FILE`, the mutants themselves beside it.
"""

from __future__ import annotations

import argparse
import json
import queue
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks.seeds import seeds
from benchmarks.stand_in import WEIGHTS, mutant, read_piece

ROOT: Final = Path(__file__).resolve().parents[1]
TOO_SLOW: Final = 20.0
"""Seconds of the processor: those of the clock are others' on a busy machine."""
GIVEN_UP: Final = 600.0
"""Seconds of the clock after which the process that stands for the app is ended."""

PROGRAM: tuple[str, ...] = ("-m", "benchmarks.stand_in")
"""What stands for the app, as Python is told."""

OUTCOMES: Final = ("read", "refused", "deaths", "hangs", "uncaught", "silent")


@dataclass(frozen=True)
class HarmfulMutant:
    """One mutant that did harm."""

    number: int
    road: str
    seed: str
    outcome: str
    said: str


def piece(first: int, last: int, run: int) -> tuple[Counter[str], list[HarmfulMutant], float]:
    """The outcomes of a piece by road, what did harm, and the longest time a mutant took."""
    counts: Counter[str] = Counter()
    found: list[HarmfulMutant] = []
    slowest, at = 0.0, first
    while at < last:
        with _app(at, last, run) as lines:
            begun: dict[str, Any] | None = None
            ended = "deaths"
            while True:
                try:
                    line = lines.get(timeout=GIVEN_UP)
                except queue.Empty:
                    ended = "hangs"
                    break
                if line is None:
                    break
                told = json.loads(line)
                if "begin" in told:
                    begun, at = told, told["begin"]
                    continue
                if begun is None:
                    raise RuntimeError(f"expected the beginning of a mutant before its end, found {line}")
                outcome = "hangs" if told["seconds"] > TOO_SLOW else told["end"]
                slowest = max(slowest, told["seconds"])
                counts[f"{begun['road']} {outcome}"] += 1
                if outcome not in ("read", "refused"):
                    found.append(HarmfulMutant(begun["begin"], begun["road"], begun["seed"], outcome, told["said"]))
                begun, at = None, at + 1
        if begun is not None:
            counts[f"{begun['road']} {ended}"] += 1
            found.append(HarmfulMutant(begun["begin"], begun["road"], begun["seed"], ended, ""))
            at = begun["begin"] + 1
        elif at < last and ended == "deaths":
            raise RuntimeError(f"the process that stands for the app does not begin at mutant {at}")
    return counts, found, slowest


@contextmanager
def _app(first: int, last: int, run: int) -> Iterator[queue.SimpleQueue[str | None]]:
    command = [sys.executable, *PROGRAM, str(first), str(last), str(run)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
    stream = process.stdout
    assert stream is not None

    def pump() -> None:
        for line in stream:
            lines.put(line)
        lines.put(None)

    thread = threading.Thread(target=pump, daemon=True)
    thread.start()
    try:
        yield lines
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        thread.join(timeout=5)
        stream.close()


def run_all(count: int, size: int, run: int, state: Path) -> int:
    """Read what is not yet read, piece by piece; how many mutants did harm in all."""
    done = _done(state, run, size)
    for first in range(0, count, size):
        last = min(first + size, count)
        if (first, last) in done:
            continue
        began = time.monotonic()
        counts, found, slowest = piece(first, last, run)
        good = seeds() if found else {}
        for one in found:
            kept = state.with_name(f"{state.stem}-{one.outcome}-{one.number}.{one.road}")
            kept.write_bytes(mutant(one.number, run, good).content)
        record = {"run": run, "first": first, "last": last, "counts": counts, "slowest": slowest}
        with state.open("a", encoding="utf-8") as file:
            file.write(json.dumps({**record, "found": [asdict(one) for one in found]}) + "\n")
        done[first, last] = json.loads(json.dumps({**record, "found": [asdict(one) for one in found]}))
        print(f"{last:,} of {count:,} mutants, {len(found)} did harm, {time.monotonic() - began:.0f} s", flush=True)
    mine = [record for (first, _), record in done.items() if first < count]
    print(table(mine))
    return sum(len(record["found"]) for record in mine)


def _done(state: Path, run: int, size: int) -> dict[tuple[int, int], dict[str, Any]]:
    """Pieces that an earlier call has read."""
    if not state.is_file():
        return {}
    records = [json.loads(line) for line in state.read_text(encoding="utf-8").splitlines()]
    own = [record for record in records if record["run"] == run and record["first"] % size == 0]
    return {(record["first"], record["last"]): record for record in own}


def table(records: list[dict[str, Any]]) -> str:
    """Outcomes by road, and each mutant that did harm."""
    counts: Counter[str] = sum((Counter(record["counts"]) for record in records), Counter())
    lines = [f"{'':8}" + "".join(f"{outcome:>10}" for outcome in OUTCOMES)]
    for road in WEIGHTS:
        lines.append(f"{road:8}" + "".join(f"{counts[f'{road} {outcome}']:>10,}" for outcome in OUTCOMES))
    total = [sum(counts[f"{road} {outcome}"] for road in WEIGHTS) for outcome in OUTCOMES]
    lines.append(f"{'all':8}" + "".join(f"{number:>10,}" for number in total))
    lines.append(f"slowest {max((record['slowest'] for record in records), default=0):.1f} s")
    for record in records:
        for one in record["found"]:
            lines.append(f"{one['outcome']}: {one['number']} {one['road']} of {one['seed']} {one['said']}")
    return "\n".join(lines)


def main() -> int:
    """Run and report; 0 where no mutant did harm."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.hostile", description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--mutants", type=int, default=100_000, help="how many (default %(default)s)")
    parser.add_argument("--size", type=int, default=500, help="mutants of a piece (default %(default)s)")
    parser.add_argument("--run", type=int, default=1, help="number of the run: other mutants each time")
    parser.add_argument("--state", type=Path, default=Path(".bench/hostile.jsonl"), help="what is done (%(default)s)")
    parser.add_argument("--only", type=int, metavar="NUMBER", help="read one mutant and say what became of it")
    parsed = parser.parse_args()
    if parsed.only is not None:
        read_piece(parsed.only, parsed.only + 1, parsed.run)
        return 0
    parsed.state.parent.mkdir(parents=True, exist_ok=True)
    return 1 if run_all(parsed.mutants, parsed.size, parsed.run, parsed.state) else 0


if __name__ == "__main__":
    sys.exit(main())
