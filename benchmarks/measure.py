"""Clocks and memory: wall time, CPU time of all threads, peak resident memory, and how fast memory is read."""

from __future__ import annotations

import gc
import logging
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

Result = TypeVar("Result")

MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Cost:
    """What one call took, in seconds; `cpu_s` counts all threads of this process."""

    wall_s: float
    cpu_s: float


def timed(call: Callable[[], Result]) -> tuple[Result, Cost]:
    """A call's result and cost. Garbage of earlier calls is collected first, outside the time."""
    gc.collect()
    wall, cpu = time.perf_counter(), time.process_time()
    result = call()
    return result, Cost(time.perf_counter() - wall, time.process_time() - cpu)


def alone(call: Callable[..., Result], *arguments: Any) -> Result:
    """A module's function called in a new process that nothing else has run in, so that its memory is its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_quietly, call, *arguments).result()


def _quietly(call: Callable[..., Result], *arguments: Any) -> Result:
    """Without what the app's caches remark where no server runs."""
    logging.disable(logging.WARNING)
    return call(*arguments)


def resident_mb(process: int | str = "self") -> float:
    """Memory that a process holds now, in MB (Linux)."""
    return _status("VmRSS", process)


def peak_mb() -> float:
    """The most memory that this process held since `reset_peak`, in MB (Linux)."""
    return _status("VmHWM", "self")


def reset_peak() -> None:
    """Start watching for the peak anew."""
    Path("/proc/self/clear_refs").write_text("5")


def _status(name: str, process: int | str) -> float:
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) * 1024 / MEGABYTE
    raise OSError(f"/proc/{process}/status has no {name}")


def memory_bandwidth(threads: int = 2, *, megabytes: int = 512, rounds: int = 5) -> float:
    """Bytes a second read from memory: the best of some sums over an array far larger than any cache."""
    parts = np.array_split(np.ones(megabytes * MEGABYTE // 8, np.int64), threads)
    best = 0.0
    with ThreadPoolExecutor(threads) as pool:
        for _ in range(rounds):
            start = time.perf_counter()
            list(pool.map(_sum, parts))
            best = max(best, megabytes * MEGABYTE / (time.perf_counter() - start))
    return best


def _sum(values: Any) -> int:
    return int(np.add.reduce(values))
