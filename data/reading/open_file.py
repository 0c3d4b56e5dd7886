"""One request of the reading process: find out what a file is, read it, prove that the result can be read."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Final

import polars as pl

from data.reading import columnar, sheets, text, unpack
from data.reading.findings import Finding, finding, shown
from data.reading.limits import Limits
from data.reading.options import Options, from_plain
from data.reading.table import ISSUES, TABLE, Outcome
from data.reading.worker import Refused

_SHEETS: Final = frozenset({"xls", "xlsx", "xlsb", "ods"})


def answer(request: dict[str, Any], progress: Callable[[float], None]) -> dict[str, Any]:
    """What the file is and which tables were written, as plain values."""
    path, folder = Path(request["path"]), Path(request["folder"])
    limits = Limits(**request["limits"])
    outcome = _read(path, folder, from_plain(request["options"]), limits, progress, depth=0)
    _prove(folder / TABLE, outcome)
    return {
        "columns": list(outcome.columns),
        "rows": outcome.rows,
        "findings": [asdict(item) for item in outcome.findings],
        "details": outcome.details,
        "digests": {name: _digest(folder / name) for name in (TABLE, ISSUES)},
    }


def _read(
    path: Path, folder: Path, options: Options, limits: Limits, progress: Callable[[float], None], *, depth: int
) -> Outcome:
    kind = unpack.kind(path)
    if kind in ("gzip", "bzip2", "xz", "zstd", "zip"):
        if depth >= 2:
            raise Refused("expected a table, found archives inside archives. Unpack them first.")
        return _unpacked(path, kind, folder, options, limits, progress, depth)
    if kind == "parquet":
        return columnar.read_parquet(path, folder, limits)
    if kind == "arrow":
        return columnar.read_arrow(path, folder, limits)
    if kind in _SHEETS:
        if kind != "xls":
            unpack.check_zip(path, limits)
        return sheets.read(path, kind, folder, options, limits)
    return text.read(path, folder, options, limits, progress)


def _unpacked(
    path: Path,
    kind: str,
    folder: Path,
    options: Options,
    limits: Limits,
    progress: Callable[[float], None],
    depth: int,
) -> Outcome:
    target = folder / f"unpacked-{depth}"
    if kind != "zip":
        unpack.decompress(path, kind, target, limits)
        outcome = _read(target, folder, options, limits, progress, depth=depth + 1)
        return replace(outcome, details={**outcome.details, "packed": kind})
    found = unpack.members(path)
    if not found:
        raise Refused("expected a file in the archive, found none.")
    chosen = options.member or max(found, key=lambda member: member.size).name
    unpack.extract(path, chosen, target, limits)
    outcome = _read(target, folder, replace(options, member=None), limits, progress, depth=depth + 1)
    extra: tuple[Finding, ...] = ()
    if options.member is None and len(found) > 1:
        sentence = f"The archive holds {len(found):,} files: the largest is read, {shown(chosen)}."
        extra = (finding("member", sentence, changed=True),)
    names = [member.name for member in found[:1000]]
    return replace(
        outcome,
        findings=(*extra, *outcome.findings),
        details={**outcome.details, "packed": kind, "members": names, "member": chosen},
    )


def _prove(path: Path, outcome: Outcome) -> None:
    """Read the written table to its end: whatever could break a reader breaks it here."""
    scanned = pl.scan_parquet(path)
    found = scanned.select(pl.len()).collect().item()
    if found != outcome.rows:
        raise Refused(f"expected {outcome.rows:,} rows in what was read, found {found:,}. Try again.")
    scanned.select(pl.all().null_count()).collect()


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
