"""`python -m benchmarks.load`: many visitors at once, each of whose answers is checked.

Every visitor opens the page at the same moment as all others, then thinks, clicks one of its filters and waits for the
answer, over and over. Each answer's period, filters, tiles and trend are compared with the same numbers counted anew
from the lines. `--app DIR`, given several times, measures several checkouts of the app in turn in one run.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, cast

import websockets
from websockets.typing import Origin, Subprotocol

from benchmarks import options
from benchmarks.choices import OfferedChoices, WidgetState
from benchmarks.measure import resident_mb
from benchmarks.processes import ROOT
from benchmarks.rerun import cpu_ms
from benchmarks.server import Server, serve, websocket
from benchmarks.visit import DrawnPage, Visit
from data.store import store

PATIENCE: Final = 120.0
"""Seconds after which a visitor gives up."""


@dataclass
class Log:
    """What the visitors of one run met."""

    first: list[float] = field(default_factory=list)
    """Seconds from the connection to the end of the first page."""
    waits: list[float] = field(default_factory=list)
    """Seconds from each later click to its answer."""
    answers: list[tuple[WidgetState, DrawnPage]] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class LoadRun:
    """One run in numbers: seconds, but where the name says otherwise."""

    app: str
    sessions: int
    think: float
    answers: int
    wrong: int
    failed: int
    first_median: float
    first_last: float
    p50: float
    p95: float
    longest: float
    cpu_per_answer: float
    """CPU time of the server a click, first pages left out."""
    cpu_per_first: float
    peak_mb: float
    faults: tuple[str, ...]
    """Some of what was wrong."""


async def _ask(socket: websockets.ClientConnection, visit: Visit) -> float:
    start = time.perf_counter()
    await socket.send(visit.request())
    while not visit.take(cast(bytes, await asyncio.wait_for(socket.recv(), PATIENCE))):
        pass
    return time.perf_counter() - start


async def _visitor(
    number: int,
    server: Server,
    choices: OfferedChoices,
    page: str,
    think: float,
    log: Log,
    ready: asyncio.Barrier,
    end: float,
) -> None:
    rng, choice = random.Random(number), WidgetState()
    try:
        async with websockets.connect(
            websocket(server),
            subprotocols=[Subprotocol("streamlit")],
            origin=Origin(server.url),
            max_size=None,
            compression=None,
            ping_interval=None,
            proxy=None,
            open_timeout=PATIENCE,
        ) as socket:
            visit = Visit(page, "dataset=demo")
            log.first.append(await _ask(socket, visit))
            log.answers.append((choice, visit.answer))
            await ready.wait()
            until = time.perf_counter() + end
            while True:
                await asyncio.sleep(think * rng.uniform(0.5, 1.5))
                if time.perf_counter() > until:
                    return
                before, choice = choice, choices.change(choice, rng)
                choices.set(visit, before, choice)
                log.waits.append(await _ask(socket, visit))
                log.answers.append((choice, visit.answer))
    except Exception as error:  # whatever ends a visitor is a failure of the run
        log.failures.append(f"{type(error).__name__}: {error}")
        await ready.abort()


async def _run(
    server: Server, choices: OfferedChoices, page: str, sessions: int, think: float, seconds: float
) -> tuple[Log, float, float, float]:
    log, peak, started = Log(), 0.0, cpu_ms(server.process)
    ready = asyncio.Barrier(sessions + 1)

    async def watch() -> None:
        nonlocal peak
        while True:
            peak = max(peak, resident_mb(server.process))
            await asyncio.sleep(0.5)

    watcher = asyncio.create_task(watch())
    visitors = [
        asyncio.create_task(_visitor(n, server, choices, page, think, log, ready, seconds)) for n in range(sessions)
    ]
    with contextlib.suppress(asyncio.BrokenBarrierError):
        await ready.wait()
    opened = cpu_ms(server.process)
    await asyncio.gather(*visitors)
    watcher.cancel()
    return log, (opened - started) / 1000, (cpu_ms(server.process) - opened) / 1000, peak


def measure(app: Path, page: str, sessions: int, think: float, seconds: float, choices: OfferedChoices) -> LoadRun:
    """One run on a server of its own."""
    with serve(app / "Home.py", folder=app) as server:
        log, first, later, peak = asyncio.run(_run(server, choices, page, sessions, think, seconds))
    faults = [f"{choice}: {fault}" for choice, answer in log.answers for fault in choices.faults(choice, answer)[:1]]
    waits = sorted(log.waits) or [float("nan")]
    return LoadRun(
        app=str(app),
        sessions=sessions,
        think=think,
        answers=len(log.answers),
        wrong=len(faults),
        failed=len(log.failures),
        first_median=sorted(log.first)[len(log.first) // 2],
        first_last=max(log.first),
        p50=waits[len(waits) // 2],
        p95=waits[min(len(waits) - 1, round(0.95 * (len(waits) - 1)))],
        longest=waits[-1],
        cpu_per_answer=later / max(1, len(log.waits)),
        cpu_per_first=first / max(1, len(log.first)),
        peak_mb=peak,
        faults=tuple([*faults, *log.failures][:5]),
    )


def report(results: list[LoadRun]) -> str:
    """One line a run, as text."""
    lines = [
        f"{'sessions':>8} {'think':>6} {'answers':>8} {'wrong':>6} {'failed':>7} {'first p50':>10} {'first last':>11} "
        f"{'p50':>7} {'p95':>7} {'longest':>8} {'CPU/click':>10} {'CPU/first':>10} {'peak MB':>8}  app"
    ]
    for one in results:
        lines.append(
            f"{one.sessions:8} {one.think:5.0f}s {one.answers:8} {one.wrong:6} {one.failed:7} {one.first_median:9.2f}s "
            f"{one.first_last:10.2f}s {one.p50:6.2f}s {one.p95:6.2f}s {one.longest:7.2f}s {one.cpu_per_answer:9.3f}s "
            f"{one.cpu_per_first:9.3f}s {one.peak_mb:8.0f}  {one.app}"
        )
        lines += [f"    {fault}" for fault in one.faults]
    return "\n".join(lines)


def main() -> None:
    """The command line."""
    parser = options.parser("load", __doc__, rounds=1, every="run")
    parser.add_argument("--load", action="append", help="visitors and seconds of thought, such as 50/5 (repeatable)")
    parser.add_argument("--seconds", type=float, default=60, help="how long each run lasts (default %(default)s)")
    parser.add_argument("--page", default="", help="page that is opened (default: the first)")
    parser.add_argument("--app", type=Path, action="append", help="checkout to measure (default: this one; repeatable)")
    chosen = parser.parse_args()
    os.environ["SALES_HOME"] = str(ROOT / ".bench" / "empty")
    choices, results = OfferedChoices(store.load("demo")), []
    for _ in range(chosen.rounds):
        for load in chosen.load or ["100/20", "50/5"]:
            sessions, think = load.split("/")
            for app in chosen.app or [ROOT]:
                found = measure(app.resolve(), chosen.page, int(sessions), float(think), chosen.seconds, choices)
                results.append(found)
                print(report([found]), flush=True)
    options.write(chosen.json, results)
    print("\n" + report(results))
    if any(one.wrong or one.failed for one in results):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
