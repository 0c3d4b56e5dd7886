"""`python -m benchmarks.rerun`: what a filter click costs on each page, as a ratio to a page that writes one word.

On the server: a real server and a session over its protocol; the time from the request to the end of the script, for
a filter never chosen before (empty query cache) and for two filters in turn (warm cache), and the CPU time of the
server's process. In the browser, where there is one: from the click to the last paint, warm cache, with and without
the sparklines in the KPI tiles. The page of one word runs on a server of its own with Streamlit's defaults and is
clicked in turn, so that both meet the same machine.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from statistics import median
from typing import Any, Final

from benchmarks import demo, options
from benchmarks.browser import Tab, browser, executable
from benchmarks.processes import ROOT
from benchmarks.server import ONE_WORD, Server, Session, serve

PAGES: Final = ("sales_performance", "customer_insights")

WITHOUT_SPARKLINES: Final = """
import pandas, pyarrow
import ui.parts

ui.parts.sparkline = lambda *given: ""
"""
"""Put before Home.py, it draws KPI tiles without sparklines."""

APP: Final = ("Home.py", "pages", "ui", "analytics", "data", "static", ".streamlit")
"""What the app is made of."""


@dataclass(frozen=True)
class ClickTiming:
    """One measurement in milliseconds."""

    page: str
    what: str
    ms: float
    cpu_ms: float | None = None
    """CPU time of the server's process; only to the hundredth of a second, so look at the mean of many."""
    rebuilt: int | None = None
    """Charts drawn anew."""


def cpu_ms(process: int) -> float:
    """CPU time that a process has used (Linux)."""
    fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK") * 1000


@contextmanager
def one_word() -> Iterator[Server]:
    """The page of one word, in an empty folder, so that no configuration counts but Streamlit's own."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "one_word.py"
        script.write_text(ONE_WORD, encoding="utf-8")
        with serve(script, folder=Path(folder)) as server:
            yield server


@contextmanager
def app(*, sparklines: bool = True) -> Iterator[Server]:
    """The app as the README starts it, or a copy of it with plain KPI tiles."""
    if sparklines:
        with serve(ROOT / "Home.py", folder=ROOT) as server:
            yield server
        return
    with tempfile.TemporaryDirectory() as folder:
        for name in APP:
            copied = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
            copied(ROOT / name, Path(folder) / name)
        script = Path(folder) / "Home.py"
        script.write_text(WITHOUT_SPARKLINES + script.read_text(encoding="utf-8"), encoding="utf-8")
        with serve(script, folder=Path(folder)) as server:
            yield server


def on_server(dataset: str, rounds: int) -> list[ClickTiming]:
    """Script times of both pages and of the page of one word, in turn."""
    out = []
    with ExitStack() as stack:
        word, own = stack.enter_context(one_word()), stack.enter_context(app())
        switch = stack.enter_context(Session(word))
        visits = {page: stack.enter_context(Session(own, page, f"dataset={dataset}")) for page in PAGES}
        switch.run()
        unseen: dict[str, Iterator[list[str]]] = {}
        seen: dict[str, list[list[str]]] = {}
        for page, visit in visits.items():
            while "Country" not in visit.widgets:
                visit.run()
            countries = list(visit.widgets["Country"].options)
            # Three at a time: enough choices that no query was asked before.
            unseen[page] = map(list, combinations(countries, 3))
            seen[page] = [countries[:1], countries[1:2]]
            for one in seen[page] * 2:
                visit.set("Country", one)
                visit.run()
        for turn in range(rounds):
            switch.set("Switch", turn % 2 == 0)
            out.append(_timed(word, switch, "one word", "warm"))
            for page, visit in visits.items():
                visit.set("Country", seen[page][turn % 2])
                out.append(_timed(own, visit, page, "warm"))
                visit.set("Country", next(unseen[page]))
                out.append(_timed(own, visit, page, "empty"))
        for page, visit in visits.items():
            if visit.errors:
                raise RuntimeError(f"{page} showed an error: {visit.errors[0]}")
    return out


def _timed(server: Server, session: Session, page: str, what: str) -> ClickTiming:
    before = cpu_ms(server.process)
    seconds = session.run()
    return ClickTiming(page, what, seconds * 1000, cpu_ms(server.process) - before)


def _pick(page: Any, turn: int) -> Any:
    """In turn: a country in the sidebar's list, and the button above the page that takes it away again."""
    if turn % 2:
        page.keyboard.press("Escape")
        return page.locator("[data-testid=stMain]").get_by_role("button", name="Country:")
    box = page.locator("[data-testid=stSidebar]").get_by_role("combobox", name="Country")
    box.click()
    return page.get_by_role("option", name=("France", "Germany")[turn // 2 % 2])


def _switch(page: Any, _: int) -> Any:
    return page.get_by_text("Switch")


def in_browser(path: str, dataset: str, rounds: int) -> list[ClickTiming]:
    """Click to last paint on both pages, with and without sparklines, in turn with the page of one word."""
    out = []
    for sparklines in (True, False):
        with ExitStack() as stack:
            word, own = stack.enter_context(one_word()), stack.enter_context(app(sparklines=sparklines))
            started = stack.enter_context(browser(path))
            tabs = {"one word": Tab(started, word.url, _switch)}
            tabs |= {page: Tab(started, f"{own.url}/{page}?dataset={dataset}", _pick) for page in PAGES}
            for turn in range(-4, rounds):  # the first four fill the caches
                for page, tab in tabs.items():
                    painted = tab.click(turn)
                    if turn >= 0:
                        what = "sparklines" if sparklines else "no sparklines"
                        chart = painted.chart or painted.paint
                        if page != "one word":
                            out.append(ClickTiming(page, f"{what}: last chart", chart, rebuilt=painted.rebuilt))
                        out.append(ClickTiming(page, f"{what}: last paint", painted.paint, rebuilt=painted.rebuilt))
    return out


def report(records: list[ClickTiming]) -> str:
    """The median of the rounds and its ratio to the page of one word, as text."""
    lines = [f"{'page':18} {'what':26} {'median ms':>10} {'ratio':>7} {'cpu ms':>8} {'ratio':>7}  rebuilt"]
    for page, what in dict.fromkeys((record.page, record.what) for record in records):
        mine = [r for r in records if (r.page, r.what) == (page, what)]
        # The word's own last paint is what both the last chart and the last paint are measured against.
        floor_what = "warm" if what in ("warm", "empty") else what.replace("last chart", "last paint")
        floor = [r for r in records if (r.page, r.what) == ("one word", floor_what)]
        ms, least = median(r.ms for r in mine), median(r.ms for r in floor)
        text = f"{page:18} {what:26} {ms:10.1f} {ms / least:6.2f}x"
        if mine[0].cpu_ms is not None:
            cpu, floor_cpu = (sum(r.cpu_ms or 0 for r in some) / len(some) for some in (mine, floor))
            text += f" {cpu:8.1f} {cpu / floor_cpu if floor_cpu else float('nan'):6.2f}x"
        if mine[0].rebuilt is not None:
            text += f" {'':16}  {median(r.rebuilt or 0 for r in mine):g}"
        lines.append(text)
    return "\n".join(lines)


def main() -> None:
    """The command line."""
    parser = options.parser("rerun", __doc__, lines=0, rounds=20)
    chosen = parser.parse_args()
    dataset = demo.ready(chosen.lines).name if chosen.lines else "demo"
    records = on_server(dataset, chosen.rounds)
    path = executable()
    if path:
        records += in_browser(path, dataset, chosen.rounds)
    options.write(chosen.json, records)
    print(report(records))
    if not path:
        print("No browser found: the time from the click to the last paint was not measured.")


if __name__ == "__main__":
    main()
