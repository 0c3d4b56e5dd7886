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
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import asdict, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Final

from benchmarks import rivals
from benchmarks.cases import SHARED, WORKERS, CorpusCase, packs
from benchmarks.judging import FileResult, Pool, judged
from data.reading import Limits

OUTCOMES: Final = ("exact", "changed and reported", "read", "refused", "silently wrong", "killed", "too slow")


def run(found: Sequence[CorpusCase], *, with_rivals: bool = True) -> list[FileResult]:
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
        scores = rivals.scores(answered)
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
