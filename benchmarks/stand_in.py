"""The process that stands for the app and reads mutants; `benchmarks.hostile` looks on.

`python -m benchmarks.stand_in FIRST LAST RUN` says in a line of JSON before and after each mutant what becomes of it.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random
from typing import Any, Final

from benchmarks import mutants
from benchmarks.seeds import RECIPE, SALES, seeds

WEIGHTS: Final = {"csv": 40, "strict": 13, "toml": 17, "zip": 8, "xlsx": 10, "parquet": 10, "import": 2}
"""Road -> how many of a hundred mutants go along it; `strict` and `import` are CSV of a recipe."""


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


class MutantReader:
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

        from benchmarks import judging

        if found.details.get("format") != "parquet":
            return ""
        if self._oracle is None or getattr(self._oracle, "_broken", False):
            self._oracle = ProcessPoolExecutor(1, mp_context=get_context("spawn"))
        said = judging.like_others(found, path, self._oracle)
        return "neither pyarrow nor DuckDB read the same" if said == "silently wrong" else ""

    def _recipe(self, content: bytes) -> tuple[str, str]:
        from benchmarks import second_reading
        from data.errors import DataError
        from data.reading import Child
        from data.recipe import recipes, toml

        if self._parser is None or not self._parser.alive:
            self._parser = Child(toml.LIMITS, self.folder)
            toml._parsed = lambda text: toml.ask(self._parser, text)  # type: ignore[assignment]
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
        from data.errors import DataError
        from data.prepare import read
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


def processor_seconds() -> float:
    """Seconds of the processor that this process and those that it started have taken so far."""
    own = os.times()
    found = own.user + own.system + own.children_user + own.children_system
    for listed in Path("/proc/self/task").glob("*/children"):
        with suppress(OSError):
            for pid in listed.read_text().split():
                user, system = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[11:13]
                found += (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
    return found


def read_piece(first: int, last: int, run: int) -> None:
    """Read the mutants of a piece; a line of JSON before and after each."""
    good = seeds()
    with tempfile.TemporaryDirectory(prefix="sales-hostile-") as folder:
        app = MutantReader(Path(folder))
        try:
            for number in range(first, last):
                one = mutant(number, run, good)
                print(json.dumps({"begin": number, "road": one.road, "seed": one.seed}), flush=True)
                began = processor_seconds()
                try:
                    outcome, said = app.outcome(one)
                except Exception as error:
                    outcome, said = "uncaught", f"{type(error).__name__}: {error}"
                if outcome == "refused" and said:
                    outcome = "uncaught"
                seconds = processor_seconds() - began
                print(json.dumps({"end": outcome, "said": said[:500], "seconds": seconds}), flush=True)
        finally:
            app.close()


if __name__ == "__main__":
    read_piece(*map(int, sys.argv[1:4]))
