"""Peak memory of one engine alone, in a process of its own."""

from __future__ import annotations

import os
from typing import Final, NamedTuple

from benchmarks import demo, views
from benchmarks.engines import open_engine
from benchmarks.measure import alone, peak_mb, reset_peak

HELD, SCANNED = "app, lines held in memory", "app, lines scanned"
FORMS: Final = {HELD: ("app", "1000000"), SCANNED: ("app", "0")}
"""The app both ways, whatever its memory budget would decide: engine and SALES_MEMORY_MB."""


class Peaks(NamedTuple):
    """Peak resident memory in MB, with the interpreter and all libraries."""

    opened: float
    """While the engine loaded its tables."""
    asked: dict[tuple[str, str], float]
    """(Page, filter) -> while it answered."""


def peaks(engine: str, lines: int, filters: list[str]) -> Peaks:
    """Open an engine, or one of FORMS, in a new process and ask it every page once."""
    return alone(_peaks, engine, lines, filters)


def _peaks(engine: str, lines: int, filters: list[str]) -> Peaks:
    entry = demo.ready(lines)
    name, budget = FORMS.get(engine, (engine, os.environ.get("SALES_MEMORY_MB", "")))
    if budget:
        os.environ["SALES_MEMORY_MB"] = budget
    reset_peak()
    opened = open_engine(name, entry)
    loading, asked = peak_mb(), {}
    six = views.six(opened.data)
    for view in filters:
        for page in views.PAGES:
            reset_peak()
            opened.ask(page, six[view])
            asked[page, view] = peak_mb()
    return Peaks(loading, asked)
