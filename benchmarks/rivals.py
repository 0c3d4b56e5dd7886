"""What other readers make of a CSV file by themselves, as lines of cells, and how that scores: without hints."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final

from benchmarks import pollock
from benchmarks.cases import WORKERS, CorpusCase
from benchmarks.pollock import Lines


def _text(value: Any) -> str:
    if value is None or value != value:  # not a number differs from itself
        return ""
    return str(value)


def duckdb_auto(path: str) -> Lines:
    """DuckDB's read_csv."""
    return _duckdb(path, "")


def duckdb_lenient(path: str) -> Lines:
    """DuckDB's read_csv, told to go on: short rows are filled, others left out."""
    return _duckdb(path, ", null_padding = true, ignore_errors = true, strict_mode = false")


def _duckdb(path: str, more: str) -> Lines:
    import duckdb

    with duckdb.connect() as connection:
        relation = connection.execute(f"SELECT * FROM read_csv(?{more})", [path])
        names = [column[0] for column in relation.description or []]
        rows = [[_text(cell) for cell in row] for row in relation.fetchall()]
        found = connection.execute(f"SELECT HasHeader FROM sniff_csv(?{more})", [path]).fetchone()
    return [names, *rows] if found is None or found[0] else rows


def pandas(path: str) -> Lines:
    """pandas.read_csv."""
    import pandas as pd

    frame = pd.read_csv(path)
    return [
        [str(name) for name in frame.columns],
        *([_text(cell) for cell in row] for row in frame.itertuples(index=False)),
    ]


def polars(path: str) -> Lines:
    """polars.read_csv."""
    import polars as pl

    frame = pl.read_csv(path)
    return [frame.columns, *([_text(cell) for cell in row] for row in frame.iter_rows())]


def clevercsv(path: str) -> Lines:
    """CleverCSV's detection and reader."""
    import clevercsv as clever

    return [list(row) for row in clever.read_table(path)]


def sniffer(path: str) -> Lines:
    """Python's csv.Sniffer and csv.reader."""
    import csv

    with open(path, encoding="utf-8", newline="") as file:
        found = csv.Sniffer().sniff(file.read(65536))
        file.seek(0)
        return list(csv.reader(file, found))


RIVALS: Final[dict[str, Callable[[str], Lines]]] = {
    "DuckDB auto": duckdb_auto,
    "DuckDB auto, lenient": duckdb_lenient,
    "CleverCSV": clevercsv,
    "pandas": pandas,
    "polars": polars,
    "csv.Sniffer": sniffer,
}


def load(name: str, path: str) -> Lines | None:
    """What a rival makes of a file; None where it fails in whatever way."""
    try:
        return RIVALS[name](path)
    except BaseException:  # A panic of a library is none of the ordinary exceptions.
        return None


def scores(cases: Sequence[CorpusCase]) -> dict[str, dict[str, float]]:
    """Score of each file by rival; a rival that ends its process scores 0 on that file."""
    result: dict[str, dict[str, float]] = {case.file: {} for case in cases}
    for name in RIVALS:
        left = list(cases)
        while left:
            with ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn")) as pool:
                futures = [(case, pool.submit(score, name, str(case.path), str(case.answer))) for case in left]
                left = []
                for position, (case, future) in enumerate(futures):
                    try:
                        result[case.file][name] = future.result(timeout=120)
                    except (BrokenProcessPool, TimeoutError):
                        result[case.file][name] = 0.0
                        left = [other for other, _ in futures[position + 1 :]]
                        break
    return result


def score(name: str, path: str, answer: str) -> float:
    """Score of what a rival makes of one file."""
    loaded = load(name, path)
    return 0.0 if loaded is None else pollock.score(loaded, pollock.answer(Path(answer))).total
