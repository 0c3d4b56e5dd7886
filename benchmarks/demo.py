"""The data of a benchmark: demo datasets of any size, generated once and kept."""

from __future__ import annotations

import os
from pathlib import Path

from data import generator
from data.store import store

SEED = 1


def folder() -> Path:
    """Where generated data is kept: $SALES_BENCH, or `.bench/` beside the code."""
    named = os.environ.get("SALES_BENCH")
    out = Path(named) if named else Path(__file__).parent.parent / ".bench"
    out.mkdir(parents=True, exist_ok=True)
    return out


def ready(lines: int) -> store.DatasetVersion:
    """The demo dataset of exactly so many order lines, generated if it is not there; the app then finds it by name."""
    home = folder()
    os.environ["SALES_HOME"] = str(home)
    name = f"demo_{lines}"
    if not (home / name / "current").is_file():
        print(f"Generating {lines:,} order lines in {home} ...", flush=True)
        generator.main(lines=lines, seed=SEED, home=home, name=name)
    return store.find(name, home=home)
