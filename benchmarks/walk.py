"""`python -m benchmarks.walk`: what every page costs a server, and the memory it holds after one visitor saw them all.

A server of its own is started for each round. Its dataset is opened by the page that shows one customer, which asks
nothing of all lines. Then one visitor opens each page of the menu as it greets them, then each under one country and
under one year, and then under more filters, single members of places, products and customer attributes, each under a
period and comparison of its own. No filter was asked for before. `--app DIR`, given several times, walks through
several checkouts in turn.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from typing import Final
from urllib.parse import urlencode

from benchmarks import demo, options
from benchmarks.measure import resident_mb
from benchmarks.processes import ROOT
from benchmarks.rerun import cpu_ms
from benchmarks.server import Server, Session, serve
from data.store import store
from ui import menu

OPENING: Final = "customer"
"""The page that opens the dataset."""

PAGES: Final = tuple(entry.name for entry in menu.PAGES if entry.name != OPENING)

PERIODS: Final = ("all", "last_12_months", "last_year", "ytd")

COMPARISONS: Final = ("previous_year", "previous_period")

FIRST, COUNTRY, YEAR, MORE = "first view", "one country", "one year", "more filters"


@dataclass(frozen=True)
class PageVisit:
    """One page, opened once."""

    app: str
    turn: int
    page: str
    view: str
    seconds: float
    """From the request to the end of the page's script."""
    cpu_s: float
    resident_mb: float
    """What the server's process holds then."""


def links(name: str, filters: int) -> Iterator[tuple[str, dict[str, str]]]:
    """Views and their filters as links say them: no two alike, and `filters` of them after the first three."""
    data = store.load(name)
    wide = [one for one in ("country", "category", "subcategory", "channel", *data.segments) if one in data.members]
    members = [(one, member) for n in range(1, filters + 1) for one in wide for member in data.members[one][n : n + 1]]
    yield FIRST, {}
    if "country" in wide:
        yield COUNTRY, {"country": data.members["country"][0]}
    yield YEAR, {"preset": "last_year"}
    more = zip(members, cycle(PERIODS), cycle(COMPARISONS), strict=False)
    for (one, member), preset, compare in islice(more, filters):
        yield MORE, {"preset": preset, "compare": compare, one: member}


def visit(server: Server, page: str, link: dict[str, str]) -> tuple[float, float, float]:
    """Seconds, CPU seconds and resident MB of opening a page. RuntimeError where it shows an exception."""
    before = cpu_ms(server.process)
    with Session(server, page, urlencode(link)) as session:
        seconds = session.run()
        if session.errors:
            raise RuntimeError(f"{page} with {link}: {session.errors[0]}")
    return seconds, (cpu_ms(server.process) - before) / 1000, resident_mb(server.process)


def walk(app: Path, name: str, filters: int, turn: int) -> Iterator[PageVisit]:
    """Walk through one checkout's pages."""
    with serve(app / "Home.py", folder=app) as server:
        yield PageVisit(str(app), turn, OPENING, "opening", *visit(server, OPENING, {"dataset": name}))
        for view, link in links(name, filters):
            for page in PAGES:
                if view == FIRST or menu.BY_NAME[page].of_view:
                    yield PageVisit(str(app), turn, page, view, *visit(server, page, {"dataset": name, **link}))


def report(visits: list[PageVisit]) -> str:
    """Seconds and CPU seconds of each page (medians), and the memory of each checkout, as text."""
    lines = []
    for app in dict.fromkeys(one.app for one in visits):
        mine = [one for one in visits if one.app == app]
        views = list(dict.fromkeys(one.view for one in mine if one.view != "opening"))
        lines += [app, f"{'seconds (CPU seconds)':24}" + "".join(f"{view:>20}" for view in views)]
        for page in PAGES:
            found = [[one for one in mine if (one.page, one.view) == (page, view)] for view in views]
            lines.append(f"{page:24}" + "".join(f"{_middle(some):>20}" for some in found))
        opening = [one for one in mine if one.view == "opening"]
        ends = [[one for one in mine if one.turn == turn] for turn in {one.turn for one in mine}]
        early = [[one for one in some if one.view != MORE] for some in ends]
        lines += [
            f"opening the dataset {_middle(opening)}, then {max(one.resident_mb for one in opening):,.0f} MB; "
            f"after the three views {max(some[-1].resident_mb for some in early):,.0f} MB, at the end "
            f"{max(some[-1].resident_mb for some in ends):,.0f} MB, at most {max(v.resident_mb for v in mine):,.0f} MB"
        ]
    return "\n".join(lines)


def _middle(visits: list[PageVisit]) -> str:
    if not visits:
        return "-"
    return f"{median(one.seconds for one in visits):.2f} ({median(one.cpu_s for one in visits):.2f})"


def main() -> None:
    """The command line."""
    parser = options.parser("walk", __doc__, lines=1_000_000, rounds=1, every="page that was opened")
    parser.add_argument("--filters", type=int, default=20, metavar="N", help="more filters (default %(default)s)")
    parser.add_argument("--app", type=Path, action="append", metavar="DIR", help="checkout (default: this one)")
    parser.add_argument("--most", type=float, metavar="MB", help="memory above which the walk has failed")
    chosen = parser.parse_args()
    name = demo.ready(chosen.lines).name
    os.environ.setdefault("SALES_WRITE", "1")
    visits = []
    for turn in range(chosen.rounds):
        for app in chosen.app or [ROOT]:
            for one in walk(app.resolve(), name, chosen.filters, turn):
                print(
                    f"{one.app} {one.view:12} {one.page:24} {one.seconds:6.2f} s {one.resident_mb:6,.0f} MB", flush=True
                )
                visits.append(one)
            options.write(chosen.json, visits)
    print(report(visits))
    most = max(one.resident_mb for one in visits)
    if chosen.most and most > chosen.most:
        raise SystemExit(f"{most:,.0f} MB, expected at most {chosen.most:,.0f} MB")


if __name__ == "__main__":
    main()
