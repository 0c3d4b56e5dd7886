"""Mutants through the reader, in pieces that can be taken up again: `python -m benchmarks.hostile --mutants 100000`.

Each mutant has a number, from which follow its kind, its seed and what is done to it, so that a run that was stopped
goes on where it was, and one mutant can be made again by `--only NUMBER`. A process that stands for the app reads the
mutants of a piece; this one looks on. Counted are:

read, refused      a table or recipe, or a sentence
deaths             the process that stands for the app ended
hangs              more than 20 seconds
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
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from random import Random
from typing import Any, Final

from benchmarks import mutants
from benchmarks.seeds import RECIPE, SALES, seeds

ROOT: Final = Path(__file__).resolve().parents[1]
TOO_SLOW: Final = 20.0
GIVEN_UP: Final = 120.0
"""Seconds after which the process that stands for the app is ended."""

WEIGHTS: Final = {"csv": 40, "strict": 13, "toml": 17, "zip": 8, "xlsx": 10, "parquet": 10, "import": 2}
"""Road -> how many of a hundred mutants go along it; `strict` and `import` are CSV of a recipe."""

OUTCOMES: Final = ("read", "refused", "deaths", "hangs", "uncaught", "silent")


@dataclass(frozen=True)
class Mutant:
    """One file to read."""

    number: int
    road: str
    seed: str
    content: bytes


def mutant(number: int, run: int, good: dict[str, list[tuple[str, bytes]]]) -> Mutant:
    """The mutant of a number; `run` sets the runs of different nights apart."""
    chance = Random(f"{run} {number}")
    road = chance.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
    if road in ("strict", "import"):
        name, content = "sales", SALES
    else:
        # Half of them from the seeds of our own, which are plain; packs have many files of one kind.
        own = [seed for seed in good[road] if "/" not in seed[0]]
        name, content = chance.choice(own if own and chance.random() < 0.5 else good[road])
    kind = "csv" if road in ("strict", "import") else road
    for _ in range(chance.choice((1, 1, 1, 2))):
        content = mutants.MUTATORS[kind](content, chance)
    return Mutant(number, road, name, content)


# --- The process that stands for the app ------------------------------------------------------------------------------


class App:
    """Reads mutants as the app does, with one reading process of each kind kept."""

    def __init__(self, folder: Path) -> None:
        from data.reading.readers import Readers

        self.folder = folder
        self.readers = Readers(folder)
        self._parser: Any = None
        self._oracle: Any = None

    def outcome(self, one: Mutant) -> tuple[str, str]:
        """What became of a mutant, and what is to be said of it."""
        match one.road:
            case "toml":
                return self._recipe(one.content)
            case "import":
                return self._import(one.content)
            case _:
                return self._file(one)

    def _file(self, one: Mutant) -> tuple[str, str]:
        from benchmarks import second_reading
        from data.reading import Options, Refusal

        path = self.folder / "mutant"
        path.write_bytes(one.content)
        options = Options(strictly="csv", encoding="utf-8", delimiter=",") if one.road == "strict" else Options()
        found = self.readers.read(path, name="mutant", options=options, into=self.folder / "table")
        if isinstance(found, Refusal):
            return "refused", "" if _is_sentence(found.sentence) else f"no sentence: {found.sentence!r}"
        said = second_reading.numbered(found)
        if one.road == "strict":
            said = said or second_reading.strictly(found, one.content)
        elif one.road in ("csv", "zip"):
            said = said or second_reading.plainly(found, one.content)
        elif one.road == "parquet":
            said = said or self._by_others(found, path)
        return ("silent", said) if said else ("read", "")

    def _by_others(self, found: Any, path: Path) -> str:
        from concurrent.futures import ProcessPoolExecutor
        from multiprocessing import get_context

        from benchmarks import corpora

        if found.details.get("format") != "parquet":
            return ""
        if self._oracle is None or getattr(self._oracle, "_broken", False):
            self._oracle = ProcessPoolExecutor(1, mp_context=get_context("spawn"))
        said = corpora._like_others(found, path, self._oracle)
        return "neither pyarrow nor DuckDB read the same" if said == "silently wrong" else ""

    def _recipe(self, content: bytes) -> tuple[str, str]:
        from benchmarks import second_reading
        from data.errors import DataError
        from data.reading import Child
        from data.recipe import recipes, toml

        if self._parser is None or not self._parser.alive:
            self._parser = Child(toml.LIMITS, self.folder)
            toml._parsed = lambda text: toml.asked(self._parser, text)  # type: ignore[assignment]
        text = content.decode("utf-8", "replace")
        try:
            tree = toml.recipe_tree(text, file="recipe")
            if said := second_reading.toml(tree, text):
                return "silent", said
            recipes.parse(text, file="recipe", name="recipe")
        except DataError as error:
            return "refused", "" if _is_sentence(str(error)) else f"no sentence: {str(error)!r}"
        return "read", ""

    def _import(self, content: bytes) -> tuple[str, str]:
        from data.building.prepare import read
        from data.errors import DataError
        from data.recipe import recipes

        place = self.folder / "shop"
        place.mkdir(exist_ok=True)
        (place / "sales.csv").write_bytes(content)
        try:
            recipe = recipes.parse(RECIPE.decode(), file="recipe", name="recipe")
            counts = read(recipe, place, name="mutants", today=date(2025, 1, 1)).reconciliation
        except DataError as error:
            return "refused", "" if _is_sentence(str(error)) else f"no sentence: {str(error)!r}"
        aside = sum(one.rows for one in counts.set_aside)
        if counts.rows_read != counts.lines_kept + counts.returns_kept + aside:
            return "silent", f"rows do not add up: {counts}"
        return "read", ""

    def close(self) -> None:
        """End the processes."""
        self.readers.close()
        if self._parser is not None:
            self._parser.close()
        if self._oracle is not None:
            self._oracle.shutdown(cancel_futures=True)


def _is_sentence(said: str) -> bool:
    return said.isprintable() and 10 < len(said) < 1_000 and "Traceback" not in said


def read_piece(first: int, last: int, run: int) -> None:
    """Read the mutants of a piece; a line of JSON before and after each."""
    good = seeds()
    with tempfile.TemporaryDirectory(prefix="sales-hostile-") as folder:
        app = App(Path(folder))
        try:
            for number in range(first, last):
                one = mutant(number, run, good)
                print(json.dumps({"begin": number, "road": one.road, "seed": one.seed}), flush=True)
                began = time.monotonic()
                try:
                    outcome, said = app.outcome(one)
                except Exception as error:
                    outcome, said = "uncaught", f"{type(error).__name__}: {error}"
                if outcome == "refused" and said:
                    outcome = "uncaught"
                print(json.dumps({"end": outcome, "said": said[:500], "seconds": time.monotonic() - began}), flush=True)
        finally:
            app.close()


# --- Looking on -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Found:
    """One mutant that did harm."""

    number: int
    road: str
    seed: str
    outcome: str
    said: str


def piece(first: int, last: int, run: int) -> tuple[Counter[str], list[Found], float]:
    """The outcomes of a piece by road, what did harm, and the longest time a mutant took."""
    counts: Counter[str] = Counter()
    found: list[Found] = []
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
                    found.append(Found(begun["begin"], begun["road"], begun["seed"], outcome, told["said"]))
                begun, at = None, at + 1
        if begun is not None:
            counts[f"{begun['road']} {ended}"] += 1
            found.append(Found(begun["begin"], begun["road"], begun["seed"], ended, ""))
            at = begun["begin"] + 1
        elif at < last and ended == "deaths":
            raise RuntimeError(f"the process that stands for the app does not begin at mutant {at}")
    return counts, found, slowest


@contextmanager
def _app(first: int, last: int, run: int) -> Iterator[queue.SimpleQueue[str | None]]:
    command = [sys.executable, "-m", "benchmarks.hostile", "--piece", str(first), str(last), "--run", str(run)]
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
    parser.add_argument("--piece", type=int, nargs=2, help=argparse.SUPPRESS)
    parsed = parser.parse_args()
    if parsed.piece:
        read_piece(parsed.piece[0], parsed.piece[1], parsed.run)
        return 0
    if parsed.only is not None:
        read_piece(parsed.only, parsed.only + 1, parsed.run)
        return 0
    parsed.state.parent.mkdir(parents=True, exist_ok=True)
    return 1 if run_all(parsed.mutants, parsed.size, parsed.run, parsed.state) else 0


if __name__ == "__main__":
    sys.exit(main())
