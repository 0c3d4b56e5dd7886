"""`python -m benchmarks.pages`: how long the app's two pages take beside DuckDB, polars and pandas, and what they hold.

Each engine answers every table of a page (totals, trend, days, all levels of places and products, rankings, customer
attributes; with the base period where there is one) under six filters. All answers are compared first; a difference
ends the run. Then the engines take turns for some rounds in one process. Reported are medians of wall time and of CPU
time over all threads; the CPU times are the ones to trust where others use the machine too. Each engine says in its
module what it is. Peak memory is measured for each engine alone in a process of its own, on a pass that is not timed.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median
from typing import Final

import polars as pl

from analytics.dataset import Dataset
from analytics.filters import Filters
from benchmarks import answers, demo, memory, options, views
from benchmarks.engines import ENGINES, open_engine
from benchmarks.engines.engine import Engine
from benchmarks.measure import MEGABYTE, alone, memory_bandwidth, timed

PANDAS_MOST: Final = 1_000_000
"""Lines up to which pandas takes part."""

DUCKDB: Final = ("duckdb_star", "duckdb_wide")
"""The natural schemas of DuckDB; the faster one stands for `duckdb`."""

OTHERS: Final = ("duckdb", "duckdb_parquet", "duckdb_same_layout", "polars", "pandas")
"""Engines that the app is compared with, as they are reported."""


@dataclass(frozen=True)
class PageTiming:
    """One measurement."""

    lines: int
    page: str
    filter: str
    engine: str
    wall_s: float
    cpu_s: float
    rss_mb: float | None
    """Peak memory of the engine alone, answering this; None where it was not measured."""
    tables: str = ""
    """DuckDB's schema that was the faster for this page and filter."""


@dataclass(frozen=True)
class Run:
    """Everything measured at one size."""

    lines: int
    records: list[PageTiming]
    peaks: dict[str, memory.Peaks]
    page_bytes: dict[str, int]
    """Page -> bytes of the columns that it reads."""
    bandwidth: float
    """Bytes a second."""


def check(engines: dict[str, Engine], page: str, filters: Filters) -> None:
    """Raise UnequalAnswersError unless all engines answer a page like the first."""
    expected: answers.Answers | None = None
    for name, engine in engines.items():
        found = engine.answers(page, filters, engine.ask(page, filters))
        expected = found if expected is None else expected
        answers.require_equal(expected, found, f"{name} on page {page}")


def measure(lines: int, names: list[str], chosen: list[str], rounds: int, *, with_memory: bool = True) -> Run:
    """Check and time the engines at one size."""
    entry = demo.ready(lines)
    engines = {name: open_engine(name, entry) for name in names if name != "pandas" or lines <= PANDAS_MOST}
    data = next(iter(engines.values())).data
    six = {name: filters for name, filters in views.six(data).items() if name in chosen}
    for view, filters in six.items():
        for page in views.PAGES:
            check(engines, page, filters)
            print(f"{lines:,} lines, {view}, {page}: {len(engines)} engines answer alike", flush=True)
    times: dict[tuple[str, str, str], list[tuple[float, float]]] = defaultdict(list)
    order = list(engines)
    for turn in range(rounds):
        order = order[1:] + order[:1]
        for view, filters in six.items():
            for page in views.PAGES:
                for name in order:
                    _, cost = timed(lambda e=engines[name], p=page, f=filters: e.ask(p, f))  # type: ignore[misc]
                    times[page, view, name].append((cost.wall_s, cost.cpu_s))
        print(f"{lines:,} lines, round {turn + 1} of {rounds} done", flush=True)
    page_bytes, bandwidth = {page: bytes_read(data, page) for page in views.PAGES}, memory_bandwidth()
    engines.clear()
    forms = [name for name in order if name != "app"] + ([*memory.FORMS] if "app" in order else [])
    peaks = {name: memory.peaks(name, lines, list(six)) for name in forms} if with_memory else {}
    return Run(lines, _records(lines, times, peaks), peaks, page_bytes, bandwidth)


def _records(
    lines: int, times: dict[tuple[str, str, str], list[tuple[float, float]]], peaks: dict[str, memory.Peaks]
) -> list[PageTiming]:
    out = []
    for (page, view, name), costs in times.items():
        engine, tables = name, ""
        if name in DUCKDB:
            both = {other: times.get((page, view, other), []) for other in DUCKDB}
            if name != min((o for o in both if both[o]), key=lambda o: median(cpu for _, cpu in both[o])):
                continue
            engine, tables = "duckdb", name.removeprefix("duckdb_")
        alone = peaks.get(memory.HELD if name == "app" else name)
        rss = alone.asked.get((page, view)) if alone else None
        out += [PageTiming(lines, page, view, engine, wall, cpu, rss, tables) for wall, cpu in costs]
    return out


def bytes_read(data: Dataset, page: str) -> int:
    """Bytes of the columns of the lines that a page's tables need, each read once.

    Customer attributes are not among them: they can be read off the customers, who are fewer.
    """
    schema = data.lines.collect_schema()
    keys = {name for chart in views.charts(page, data, views.six(data)["none"]) for name in chart.by}
    names = [name for name in schema if name not in data.members or name in keys]
    count = int(data.lines.select(pl.len()).collect().item())
    return count * sum(pl.Series([], dtype=schema[name]).to_physical().to_numpy().itemsize for name in names)


# --- The report -------------------------------------------------------------------------------------------------------


def report(runs: list[Run]) -> str:
    """Everything measured, as text."""
    parts = [_times(run) for run in runs] + [_memory(run) for run in runs if run.peaks]
    return "\n\n".join([*parts, *([_growth(runs)] if len(runs) > 1 else [])])


Medians = dict[tuple[str, str], dict[str, tuple[float, float]]]
"""(Page, filter) -> engine -> median wall and CPU seconds."""


def medians(records: Iterable[PageTiming]) -> Medians:
    """The middle of the rounds."""
    grouped: dict[tuple[str, str], dict[str, list[PageTiming]]] = defaultdict(lambda: defaultdict(list))
    for record in records:
        grouped[record.page, record.filter][record.engine].append(record)
    return {
        view: {
            name: (median(r.wall_s for r in found), median(r.cpu_s for r in found)) for name, found in engines.items()
        }
        for view, engines in grouped.items()
    }


def _times(run: Run) -> str:
    """The app's times, and how many times longer the others take."""
    found = medians(run.records)
    others = [name for name in OTHERS if any(name in by for by in found.values())]
    tables = {(record.page, record.filter): record.tables for record in run.records if record.tables}
    lines = [
        f"{run.lines:,} order lines, {os.cpu_count()} cores: median ms of the app; times as long by wall / CPU time:",
        _row("page", "filter", ["wall", "cpu"], others),
    ]
    ratios: dict[str, dict[str, list[tuple[float, float]]]] = defaultdict(lambda: defaultdict(list))
    for (page, view), by in found.items():
        own, cells = by["app"], []
        for name in others:
            pair = (by[name][0] / own[0], by[name][1] / own[1]) if name in by else None
            if pair:
                ratios[page][name].append(pair)
            note = f"{tables[page, view]} " if name == "duckdb" and name in by else ""
            cells.append(note + _pair(pair))
        lines.append(_row(page, view, [f"{seconds * 1000:.0f}" for seconds in own], cells))
    for page, by_engine in ratios.items():
        for what, pick in (("median", median), ("worst", min)):
            pairs = [tuple(pick(values) for values in zip(*by_engine[name], strict=True)) for name in others]
            lines.append(_row(page, what, ["", ""], [_pair(pair) for pair in pairs]))
    lines += [_bandwidth(run, page, found[page, "none"]["app"]) for page in views.PAGES if (page, "none") in found]
    return "\n".join(lines)


def _row(page: str, view: str, own: list[str], others: list[str]) -> str:
    return f"{page:10} {view:9} " + " ".join(f"{cell:>6}" for cell in own) + "".join(f"{cell:>20}" for cell in others)


def _pair(pair: tuple[float, ...] | None) -> str:
    return f"{pair[0]:.1f}x / {pair[1]:.1f}x" if pair else "-"


def _bandwidth(run: Run, page: str, own: tuple[float, float]) -> str:
    """How far from reading the page's columns once; CPU time is spread over the cores, as nothing else would run."""
    size, cores = run.page_bytes[page], os.cpu_count() or 1
    once = size / run.bandwidth
    wall, cpu = own[0], own[1] / cores
    return (
        f"{page}: its columns are {size / MEGABYTE:,.0f} MB ({size / run.lines:.0f} bytes a line), read once in "
        f"{once * 1000:.1f} ms at {run.bandwidth / 1e9:.1f} GB/s;\n"
        f"  unfiltered the app takes {wall / once:.0f}x that by wall time, {once / wall:.1%} of the bandwidth, "
        f"and {cpu / once:.0f}x by CPU time over {cores} cores"
    )


def _memory(run: Run) -> str:
    lines = [f"{run.lines:,} order lines: peak memory in MB, each engine alone in its process"]
    for name, peaks in run.peaks.items():
        most = max([peaks.opened, *peaks.asked.values()])
        lines.append(
            f"{name:28} loading {peaks.opened:7,.0f}   answering {max(peaks.asked.values()):7,.0f}   "
            f"most {most:7,.0f} = {most * MEGABYTE / run.lines:6.0f} bytes a line"
        )
    for name, (per_line, fixed) in {memory.HELD: (90, 400), memory.SCANNED: (60, 300)}.items():
        if name in run.peaks:
            allowed = per_line * run.lines / MEGABYTE + fixed
            most = max([run.peaks[name].opened, *run.peaks[name].asked.values()])
            lines.append(f"{name}: {most / allowed:.2f} of {per_line} bytes a line + {fixed} MB")
    return "\n".join(lines)


def _growth(runs: list[Run]) -> str:
    lines = ["Growth of the app's CPU time per line, from the smallest size (1.0 = in step with the lines)"]
    base, first = medians(runs[0].records), runs[0].lines
    for run in runs[1:]:
        found = medians(run.records)
        for view, by in found.items():
            if "app" in by and "app" in base.get(view, {}):
                wall, cpu = (by["app"][n] / base[view]["app"][n] / (run.lines / first) for n in (0, 1))
                lines.append(f"{first:,} to {run.lines:,}  {view[0]:10} {view[1]:9} wall {wall:.2f}  cpu {cpu:.2f}")
    return "\n".join(lines)


def main() -> None:
    """The command line."""
    parser = options.parser("pages", __doc__, lines=[1_000_000], rounds=5)
    parser.add_argument("--filters", default="all", help="all, or some of: none,year,country,category,segment,all four")
    parser.add_argument(
        "--engines", default=",".join(ENGINES), help="some of: %(default)s; the first is the one compared with"
    )
    chosen = parser.parse_args()
    six = ["none", "year", "country", "category", "segment", "all four"]
    filters = six if chosen.filters == "all" else chosen.filters.split(",")
    engines = chosen.engines.split(",")
    if not set(filters) <= set(six) or not set(engines) <= set(ENGINES):
        parser.error(f"--filters are among {', '.join(six)}; --engines among {', '.join(ENGINES)}")
    runs = []
    for size in chosen.lines:
        # A process for each size, so that none begins with another's memory.
        runs.append(alone(measure, size, engines, filters, chosen.rounds))
        options.write(chosen.json, (record for run in runs for record in run.records))
    print(report(runs))


if __name__ == "__main__":
    main()
