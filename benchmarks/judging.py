"""What the reader makes of a file, judged: against its answer, or against what other readers say."""

from __future__ import annotations

import queue
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from benchmarks import pollock
from benchmarks.cases import WORKERS, CorpusCase
from benchmarks.other_readers import duckdb_columns, pyarrow_columns
from data import reading
from data.reading import ROW, Child, Limits, Reading, Refusal

TOO_SLOW: Final = 20.0


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


def judged(case: CorpusCase, pool: Pool, oracle: ProcessPoolExecutor) -> FileResult:
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
        outcome = like_others(found, case.path, oracle)
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


def like_others(found: Reading, path: Path, oracle: ProcessPoolExecutor) -> str:
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
