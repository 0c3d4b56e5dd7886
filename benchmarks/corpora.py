"""How the reader stands hostile and awkward files: `python -m benchmarks.corpora [--corpus DIR] [--json FILE]`.

DIR may hold csv/ and clean/ with an answer for each file (Pollock's pack), or any Parquet, spreadsheet or text files.
Without DIR the packs of ../shared are unpacked and run. Every file ends in one outcome:

exact                  the table is what the answer says
changed and reported   it differs, and each differing row is numbered in the report
read                   a table, and no answer to compare it with
refused                a sentence
silently wrong         it differs and the report does not say so
killed                 the reader raised an error or took its caller with it
too slow               more than 20 seconds
"""

from __future__ import annotations

import argparse
import io
import json
import queue
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict, dataclass, field, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final

from benchmarks import pollock, rivals
from benchmarks.cases import SHARED, Case, packs
from benchmarks.other_readers import duckdb_columns, pyarrow_columns
from data import reading
from data.reading import ROW, Child, Limits, Reading, Refusal

TOO_SLOW: Final = 20.0
OUTCOMES: Final = ("exact", "changed and reported", "read", "refused", "silently wrong", "killed", "too slow")
WORKERS: Final = 2


@dataclass(frozen=True)
class FileResult:
    """What became of one file."""

    file: str
    outcome: str
    seconds: float
    simple: float | None = None
    """Pollock's score, 0 to 10; None where there is no answer."""
    weighted: float | None = None
    """The score times the file's weight."""
    weight: float | None = None
    sentence: str = ""
    """Why the file was refused, or what the report says first."""
    pack: str = ""
    rivals: dict[str, float] = field(default_factory=dict)


# --- Reading and judging ----------------------------------------------------------------------------------------------


class Pool:
    """Warm reading processes, each used for one file at a time and replaced when it ends."""

    def __init__(self, scratch: Path, limits: Limits, size: int = WORKERS) -> None:
        self._scratch, self._limits = scratch, limits
        self._free: queue.SimpleQueue[Child | None] = queue.SimpleQueue()
        for _ in range(size):
            self._free.put(None)

    def read(self, path: Path, name: str) -> Reading | Refusal:
        """Read a file in one of the processes."""
        child = self._free.get()
        try:
            if child is None or not child.alive:
                if child is not None:
                    child.close()
                child = Child(self._limits, Path(tempfile.mkdtemp(dir=self._scratch)))
            return reading.read(path, name=name, limits=self._limits, child=child)
        finally:
            self._free.put(child)

    def close(self) -> None:
        """End all processes."""
        while not self._free.empty():
            child = self._free.get()
            if child is not None:
                child.close()


def judged(case: Case, pool: Pool, oracle: ProcessPoolExecutor) -> FileResult:
    """Read one file and compare it with its answer."""
    began = time.perf_counter()
    try:
        found = pool.read(case.path, case.file)
    except BaseException as error:
        seconds = time.perf_counter() - began
        return FileResult(case.file, "killed", seconds, 0.0, 0.0, case.weight, repr(error), case.pack)
    seconds = time.perf_counter() - began
    record = FileResult(case.file, "refused", seconds, pack=case.pack, weight=case.weight)
    scored = case.answer is not None
    if seconds > TOO_SLOW:
        record = replace(record, outcome="too slow")
    if isinstance(found, Refusal):
        nothing = 0.0 if scored else None
        return replace(record, sentence=found.sentence, simple=nothing, weighted=nothing)
    if case.answer is not None:
        expected = pollock.answer(case.answer)
        mine = lines(found)
        total = pollock.score(mine, expected).total
        record = replace(record, simple=total, weighted=total * case.weight)
        outcome = compared(found, mine, expected)
    elif found.details.get("format") == "parquet":
        outcome = _like_others(found, case.path, oracle)
    else:
        outcome = "read"
    sentence = found.changed[0].sentence if found.changed else ""
    return replace(record, outcome=outcome if record.outcome == "refused" else record.outcome, sentence=sentence)


def lines(found: Reading) -> pollock.Lines:
    """A reading as lines of cells: the header where the file has one, and each row with all its cells."""
    frame = found.scan().collect()
    extra = {row: more for row, more in found.issues().select("row", "extra").collect().iter_rows() if more}
    rows = [
        [*("" if cell is None else str(cell) for cell in cells), *extra.get(number, [])]
        for number, *cells in frame.iter_rows()
    ]
    return [list(found.columns), *rows] if found.details.get("header_rows") else rows


def compared(found: Reading, mine: pollock.Lines, expected: pollock.Lines) -> str:
    """Whether the table is what the answer says, and else whether the report numbers each row that is not."""
    spelled = [[pollock.spelled(cell) for cell in line] for line in mine]
    theirs = [[pollock.spelled(cell) for cell in line] for line in expected]
    if spelled == theirs:
        return "exact"
    reported = set(found.issues().filter(_row_kinds()).select("row").collect()["row"])
    kinds = {item.kind for item in found.changed}
    for item in found.changed:
        reported.update(item.rows)
    if "delimiter" in kinds:
        # Said of the whole file: every row of it may have been meant otherwise.
        return "changed and reported"
    repeated = [row for item in found.changed if item.kind == "repeated_header" for row in item.rows]
    numbers: Sequence[int] = found.scan().select(ROW).collect()[ROW].to_list()
    has_header = bool(found.details.get("header_rows"))
    body, their_body = (spelled[1:] if has_header else spelled), theirs[1:]
    if not has_header:
        their_body = theirs
    elif spelled[0] != theirs[0] and not kinds & {"header", "no_header", "quotes"}:
        return "silently wrong"
    left = Counter(pollock.record(line) for line in their_body)
    wrong = 0
    for number, line in zip(numbers, body, strict=True):
        text = pollock.record(line)
        if left[text] > 0:
            left[text] -= 1
        elif number in reported or (repeated and number > min(repeated)):
            wrong += 1
        else:
            return "silently wrong"
    # Rows of the answer that are missing stand in the report, too: as a row that differs or was left out.
    if left.total() > max(wrong, len(reported)):
        return "silently wrong"
    return "changed and reported"


def _row_kinds() -> Any:
    import polars as pl

    return pl.col("kind") != "blank_line"


def _like_others(found: Reading, path: Path, oracle: ProcessPoolExecutor) -> str:
    """Whether the columns that the report does not mention are equal to what pyarrow or DuckDB reads."""
    import polars as pl
    import polars.selectors as cs

    mentioned = " ".join(item.sentence for item in found.changed)
    # Decimals as their digits: Python's rounds those beyond its precision.
    frame = found.scan().drop(ROW).with_columns(cs.decimal().cast(pl.String)).collect()
    mine = {name: [str(value) for value in frame[name].to_list()] for name in frame.columns}
    compared = False
    for read in (pyarrow_columns, duckdb_columns):
        try:
            theirs = oracle.submit(read, str(path)).result(timeout=60)
        except (BrokenProcessPool, TimeoutError):
            continue
        if theirs is None:
            continue
        compared = True
        if len(theirs) == len(mine) and all(
            f"'{name}'" in mentioned or mine[name] == values for name, (_, values) in zip(mine, theirs, strict=True)
        ):
            return "changed and reported" if found.changed else "exact"
    return "silently wrong" if compared else "read"


# --- Rivals -----------------------------------------------------------------------------------------------------------


def rival_scores(cases: Sequence[Case]) -> dict[str, dict[str, float]]:
    """Score of each file by rival; a rival that ends its process scores 0 on that file."""
    scores: dict[str, dict[str, float]] = {case.file: {} for case in cases}
    for name in rivals.RIVALS:
        left = list(cases)
        while left:
            with ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn")) as pool:
                futures = [(case, pool.submit(rival_score, name, str(case.path), str(case.answer))) for case in left]
                left = []
                for position, (case, future) in enumerate(futures):
                    try:
                        scores[case.file][name] = future.result(timeout=120)
                    except (BrokenProcessPool, TimeoutError):
                        scores[case.file][name] = 0.0
                        left = [other for other, _ in futures[position + 1 :]]
                        break
    return scores


def rival_score(name: str, path: str, answer: str) -> float:
    """Score of what a rival makes of one file."""
    loaded = rivals.load(name, path)
    return 0.0 if loaded is None else pollock.score(loaded, pollock.answer(Path(answer))).total


# --- The run ----------------------------------------------------------------------------------------------------------


def run(found: Sequence[Case], *, with_rivals: bool = True) -> list[FileResult]:
    """Read all files; one record a file."""
    with (
        tempfile.TemporaryDirectory(prefix="sales-corpora-") as scratch,
        ProcessPoolExecutor(1, mp_context=get_context("spawn")) as oracle,
        ThreadPoolExecutor(WORKERS) as threads,
    ):
        pool = Pool(Path(scratch), Limits())
        try:
            records = list(threads.map(lambda case: judged(case, pool, oracle), found))
        finally:
            pool.close()
    answered = [case for case in found if case.answer is not None and (case.path.parent.name == "csv")]
    if with_rivals and answered:
        scores = rival_scores(answered)
        records = [replace(record, rivals=scores.get(record.file, {})) for record in records]
    return records


def table(records: Sequence[FileResult]) -> str:
    """Outcomes by pack, the slowest file, and the scores."""
    out = io.StringIO()
    names = list(dict.fromkeys(record.pack for record in records))
    width = max(len(name) for name in [*names, "pack"])
    heads = [f"{outcome:>{max(7, len(outcome))}}" for outcome in OUTCOMES]
    print(f"{'pack':<{width}}  {'files':>5}  {'  '.join(heads)}  slowest", file=out)
    for name in names:
        mine = [record for record in records if record.pack == name]
        counts = Counter(record.outcome for record in mine)
        cells = "  ".join(f"{counts[outcome]:>{max(7, len(outcome))}}" for outcome in OUTCOMES)
        print(f"{name:<{width}}  {len(mine):>5}  {cells}  {max(r.seconds for r in mine):>5.1f} s", file=out)
    for name in names:
        scored = [record for record in records if record.pack == name and record.simple is not None]
        if not scored:
            continue
        print(f"\n{name}: Pollock's score of {len(scored):,} files, 10 at most\n{'':<22}  simple  weighted", file=out)
        print(f"{'Sales Insights':<22}  {_mean(scored):6.3f}  {_weighted(scored):8.3f}", file=out)
        for rival in scored[0].rivals:
            theirs = [replace(r, simple=r.rivals[rival], weighted=r.rivals[rival] * (r.weight or 0)) for r in scored]
            print(f"{rival:<22}  {_mean(theirs):6.3f}  {_weighted(theirs):8.3f}", file=out)
    return out.getvalue()


def _mean(records: Sequence[FileResult]) -> float:
    return sum(record.simple or 0.0 for record in records) / len(records)


def _weighted(records: Sequence[FileResult]) -> float:
    return sum(record.weighted or 0.0 for record in records) / sum(record.weight or 0.0 for record in records)


def main(arguments: list[str] | None = None) -> int:
    """Run and print; 1 where a file was read silently wrong, killed the reader or took too long."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.corpora", description=__doc__.split("\n", 1)[0])
    parser.add_argument("--corpus", type=Path, metavar="DIR", help="a folder of files (default: all of ../shared)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write one record a file")
    parser.add_argument("--no-rivals", action="store_true", help="leave out the other readers")
    parsed = parser.parse_args(arguments)
    if parsed.corpus is None and not (SHARED / "corpora").is_dir():
        parser.error("expected ../shared/corpora, found nothing there; name a folder with --corpus DIR")
    with packs(parsed.corpus) as found:
        if not found:
            parser.error("expected files in the folder, found none")
        records = run(found, with_rivals=not parsed.no_rivals)
    print(table(records))
    for record in records:
        if record.outcome in ("silently wrong", "killed", "too slow"):
            print(f"{record.outcome}: {record.file} {record.sentence}")
    if parsed.json is not None:
        parsed.json.write_text(json.dumps([asdict(record) for record in records], indent=1), encoding="utf-8")
    return int(any(record.outcome in ("silently wrong", "killed", "too slow") for record in records))


if __name__ == "__main__":
    sys.exit(main())
