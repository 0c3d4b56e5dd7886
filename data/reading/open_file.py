"""One request of the reading process: find out what a file is, read it, prove that the result can be read."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Final

import polars as pl
import polars.selectors as cs

from data.reading import columnar, sheets, strict, text, unpack
from data.reading.findings import Finding, excerpt, finding
from data.reading.limits import Limits
from data.reading.options import Options, from_plain
from data.reading.refused import Refused
from data.reading.table import ReadResult
from data.reading.written import ISSUES, TABLE

_SHEETS: Final = frozenset({"xls", "xlsx", "xlsb", "ods"})


def answer(request: dict[str, Any], progress: Callable[[float], None]) -> dict[str, Any]:
    """What the file is and which tables were written, as plain values."""
    path, folder = Path(request["path"]), Path(request["folder"])
    limits = Limits(**request["limits"])
    outcome = _read(path, folder, from_plain(request["options"]), limits, progress, depth=0)
    _prove(folder / TABLE, outcome, limits)
    return {
        "columns": list(outcome.columns),
        "rows": outcome.rows,
        "findings": [asdict(item) for item in outcome.findings],
        "details": outcome.details,
        "digests": {name: _digest(folder / name) for name in (TABLE, ISSUES)},
    }


def members(request: dict[str, Any]) -> dict[str, Any]:
    """The files of an archive, the largest first; None where the file is none, or one that is a table itself."""
    path = Path(request["path"])
    if unpack.kind(path) != "zip":
        return {"members": None}
    result = sorted(unpack.members(path), key=lambda member: -member.size)
    return {"members": [member.name for member in result]}


def _read(
    path: Path, folder: Path, options: Options, limits: Limits, progress: Callable[[float], None], *, depth: int
) -> ReadResult:
    kind = unpack.kind(path)
    if kind in ("gzip", "bzip2", "xz", "zstd", "zip"):
        if depth >= 2:
            raise Refused("expected a table, found archives inside archives. Unpack them first.")
        return _unpacked(path, kind, folder, options, limits, progress, depth)
    if options.strictly is not None:
        strict.refuse_other_kind(kind, options.strictly)
        if options.strictly == "csv":
            return strict.read_csv(path, folder, options, limits)
    if kind == "parquet":
        return columnar.read_parquet(path, folder, limits)
    if kind == "arrow":
        return columnar.read_arrow(path, folder, limits)
    if kind in _SHEETS:
        if kind != "xls":
            unpack.check_zip(path, limits)
        return sheets.read(path, kind, folder, options, limits)
    outcome = text.read(path, folder, options, limits, progress)
    if options.delimiter is None and _in_columns(outcome):
        return _without_runs(path, folder, options, limits, progress) or outcome
    return outcome


def _in_columns(outcome: ReadResult) -> bool:
    """Whether cells are parted by several spaces, as where a program prints columns one below the other."""
    ragged = any(item.kind in ("short_row", "long_row") for item in outcome.findings)
    return outcome.details.get("delimiter") == " " and ragged


def _without_runs(
    path: Path, folder: Path, options: Options, limits: Limits, progress: Callable[[float], None]
) -> ReadResult | None:
    """A text read again with each run of spaces as one, line by line, so that its rows keep their numbers."""
    narrow, again = folder / "narrow", folder / "again"
    with path.open("rb") as wide, narrow.open("wb") as sink:
        for line in wide:
            sink.write(re.sub(rb"[ \t]+", b" ", line.strip(b" \t\r\n")) + b"\n")
    again.mkdir()
    try:
        outcome = text.read(narrow, again, replace(options, delimiter=" "), limits, progress)
    except Refused:
        return None
    for name in (TABLE, ISSUES):
        (again / name).replace(folder / name)
    return outcome


def _unpacked(
    path: Path,
    kind: str,
    folder: Path,
    options: Options,
    limits: Limits,
    progress: Callable[[float], None],
    depth: int,
) -> ReadResult:
    target = folder / f"unpacked-{depth}"
    if kind != "zip":
        unpack.decompress(path, kind, target, limits)
        outcome = _read(target, folder, options, limits, progress, depth=depth + 1)
        return replace(outcome, details={**outcome.details, "packed": kind})
    result = unpack.members(path)
    if not result:
        raise Refused("expected a file in the archive, found none.")
    chosen = options.member or max(result, key=lambda member: member.size).name
    unpack.extract(path, chosen, target, limits)
    digest = _digest(target)
    outcome = _read(target, folder, replace(options, member=None), limits, progress, depth=depth + 1)
    extra: tuple[Finding, ...] = ()
    if options.member is None and len(result) > 1:
        sentence = f"The archive holds {len(result):,} files: the largest is read, {excerpt(chosen)}."
        extra = (finding("member", sentence, changed=True),)
    names = [member.name for member in result[:1000]]
    return replace(
        outcome,
        findings=(*extra, *outcome.findings),
        details={**outcome.details, "packed": kind, "members": names, "member": chosen, "sha256": digest},
    )


def _prove(path: Path, outcome: ReadResult, limits: Limits) -> None:
    """Read the written table to its end: whatever could break a reader breaks it here."""
    lengths, nulls = cs.string().str.len_bytes().max(), (~cs.string()).null_count()
    read = pl.scan_parquet(path).select(
        pl.len().alias("rows"),
        pl.max_horizontal(pl.lit(0), lengths).alias("longest"),
        pl.sum_horizontal(pl.lit(0), nulls).alias("nulls"),
    )
    result, longest, _ = read.collect().row(0)
    if result != outcome.rows:
        raise Refused(f"expected {outcome.rows:,} rows in what was read, found {result:,}. Try again.")
    if longest is not None and longest > limits.cell_bytes:
        raise Refused(f"expected texts of up to {limits.cell_bytes:,} bytes, found one of {longest:,}.")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
