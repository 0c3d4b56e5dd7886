"""The command line that measurements share: how many order lines, how many rounds, and where records are written."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import Any


def parser(
    name: str,
    doc: str | None,
    *,
    lines: int | Sequence[int] | None = None,
    rounds: int | None = None,
    every: str = "measurement",
) -> argparse.ArgumentParser:
    """The options of `python -m benchmarks.NAME`: --json, and --lines and --rounds where these have a default.

    0 lines stand for the demo that comes with the app; where the default is several sizes, several may be asked for.
    `every` is what one record of the file is about.
    """
    out = argparse.ArgumentParser(prog=f"python -m benchmarks.{name}", description=(doc or "").split("\n\n")[0])
    if isinstance(lines, int):
        shown = f"{lines:,}" if lines else "the app's own demo"
        out.add_argument("--lines", type=int, default=lines, metavar="N", help=f"order lines (default: {shown})")
    elif lines is not None:
        shown = f"several sizes with commas between; default: {_written(lines)}"
        out.add_argument("--lines", type=_sizes, default=lines, metavar="N", help=f"order lines ({shown})")
    if rounds is not None:
        out.add_argument("--rounds", type=int, default=rounds, metavar="N", help="rounds (default: %(default)s)")
    out.add_argument("--json", type=Path, metavar="FILE", help=f"write one record a {every} to this file")
    return out


def _sizes(text: str) -> list[int]:
    return [int(size) for size in text.split(",")]


def _written(sizes: Sequence[int]) -> str:
    return ",".join(str(size) for size in sizes)


def write(path: Path | None, records: Iterable[Any]) -> None:
    """Write records, data classes or mappings, as a JSON array; without a path nothing."""
    if path:
        path.write_text(json.dumps([_row(record) for record in records], indent=1), encoding="utf-8")


def _row(record: Any) -> Mapping[str, Any]:
    return asdict(record) if is_dataclass(record) and not isinstance(record, type) else dict(record)
