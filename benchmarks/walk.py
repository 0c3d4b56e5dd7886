"""`python -m benchmarks.walk`: the server's memory after one visitor has opened every page under many filters.

The pages are those of the menu, the filters 20 single members of places, products and customer attributes, each under a
period and comparison of its own. `--app DIR`, given several times, walks through several checkouts in turn.
"""

from __future__ import annotations

import argparse
import os
import time
from itertools import cycle, islice
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from benchmarks import demo
from benchmarks.measure import resident_mb
from benchmarks.processes import ROOT
from benchmarks.rerun import cpu_ms
from benchmarks.server import Session, serve
from data.store import store
from ui import menu

PAGES: Final = tuple(entry.name for entry in menu.PAGES if entry.of_view and not entry.whole)

PERIODS: Final = ("all", "last_12_months", "last_year", "ytd")

COMPARISONS: Final = ("previous_year", "previous_period")


def links(name: str, filters: int) -> list[dict[str, str]]:
    """So many filters, as links say them: one member each, no two alike."""
    data = store.load(name)
    wide = [one for one in ("country", "category", "subcategory", "channel", *data.segments) if one in data.members]
    members = [(one, member) for n in range(filters) for one in wide for member in data.members[one][n : n + 1]]
    return [
        {"dataset": name, "preset": preset, "compare": compare, one: member}
        for (one, member), preset, compare in islice(
            zip(members, cycle(PERIODS), cycle(COMPARISONS), strict=False), filters
        )
    ]


def walk(app: Path, name: str, filters: int, *, report: int = 1) -> float:
    """Walk through one checkout; returns the resident memory in MB at its end."""
    with serve(app / "Home.py", folder=app) as server:
        opened, start, most = 0, time.monotonic(), 0.0
        for n, link in enumerate(links(name, filters), 1):
            for page in PAGES:
                with Session(server, page, urlencode(link)) as session:
                    session.run()
                    if session.errors:
                        raise RuntimeError(f"{page} with {link}: {session.errors[0]}")
                opened += 1
                most = max(most, resident_mb(server.process))
            if n % report == 0 or n == filters:
                seconds, cpu = time.monotonic() - start, cpu_ms(server.process) / 1000
                held = resident_mb(server.process)
                print(
                    f"{app}: {opened:4} pages under {n:3} filters, {seconds:5.0f} s, {cpu:5.0f} s CPU: "
                    f"{held:6,.0f} MB, at most {most:6,.0f} MB",
                    flush=True,
                )
    return most


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.walk", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--lines", type=int, default=1_000_000, help="order lines of the dataset (default %(default)s)")
    parser.add_argument("--filters", type=int, default=20, help="filters (default %(default)s)")
    parser.add_argument("--app", type=Path, action="append", help="checkout to walk through (default: this one)")
    parser.add_argument("--most", type=float, help="megabytes above which the walk has failed")
    chosen = parser.parse_args()
    name = demo.ready(chosen.lines).name
    os.environ.setdefault("SALES_WRITE", "1")
    found = [walk(app.resolve(), name, chosen.filters) for app in chosen.app or [ROOT]]
    if chosen.most and found[-1] > chosen.most:
        raise SystemExit(f"{found[-1]:,.0f} MB, expected at most {chosen.most:,.0f} MB")


if __name__ == "__main__":
    main()
