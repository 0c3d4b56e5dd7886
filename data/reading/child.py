"""A disposable process that reads one file. Whatever the file does to it, the app goes on.

The process is a fresh interpreter with a bare environment. It gets a request as one line of JSON, answers in lines of
JSON, and leaves its results as files in a private folder. A request that fails in any way, by an error, a crash, too
much memory or too much time, raises `Failed` with one sentence.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from data.process import EndedError, Process
from data.reading.limits import MB, Limits, patience

_PACKAGE: Final = Path(__file__).resolve().parent
_ROOT: Final = _PACKAGE.parents[1]

_START: Final = """
import sys, types
sys.path.insert(0, {root!r})
# What the front of the package loads is for starting processes: this one answers sooner without it.
inside = sys.modules["data.reading"] = types.ModuleType("data.reading")
inside.__path__ = [{package!r}]
from data.reading.worker import main
main({memory}, {files}, {silent!r})
"""

_LONGEST_ANSWER: Final = 16 * MB


class Failed(Exception):  # noqa: N818
    """A file that could not be read; the text is a sentence for people, without the file's name."""

    def __init__(
        self, text: str, *, row: int | None = None, packed: bool = False, ended: bool = False, again: bool = False
    ) -> None:
        super().__init__(text)
        self.row = row
        """Number of the line concerned, where it is one."""
        self.packed = packed
        """Whether it is the archive that cannot be used, not the file in it."""
        self.ended = ended
        """Whether the process did not live to say anything."""
        self.again = again
        """Whether it says nothing of the file, which may well be read another time."""


class Child:
    """A reading process. It can answer several requests; one that fails ends it."""

    def __init__(self, limits: Limits, scratch: Path) -> None:
        self._limits = limits
        self._log = scratch / "messages.log"
        start = _START.format(
            root=str(_ROOT),
            package=str(_PACKAGE),
            memory=limits.memory_mb,
            files=limits.unpacked_mb,
            silent=str(self._log),
        )
        command = [sys.executable, "-I", "-X", "utf8", "-c", start]
        self._process = Process(
            command, folder=scratch, environment=_environment(scratch), apart=True, longest=_LONGEST_ANSWER
        )

    @property
    def pid(self) -> int:
        """Number of the process."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the process can answer."""
        return self._process.alive

    def load(self) -> None:
        """Have the process load the libraries of its first file; there is no answer to wait for."""
        with contextlib.suppress(EndedError):
            self._process.send({"task": "load", "seconds": self._limits.seconds})

    def ask(
        self, request: Mapping[str, Any], *, seconds: float, progress: Callable[[float], None] | None = None
    ) -> dict[str, Any]:
        """The answer to one request, which may take so many seconds of the processor.

        `progress` is told the share done, from 0 to 1.
        """
        deadline = time.monotonic() + patience(seconds)
        try:
            self._process.send({**request, "seconds": seconds})
            while True:
                left = deadline - time.monotonic()
                if left <= 0:
                    self.close()
                    raise _kept_waiting()
                answer = self._process.receive(min(left, 0.25))
                if answer is None:
                    if resident(self.pid) > self._limits.memory_mb * MB * 5 // 4:
                        self.close()
                        raise _too_large(self._limits)
                elif "progress" in answer:
                    if progress is not None:
                        progress(min(1.0, max(0.0, float(answer["progress"]))))
                else:
                    return _accepted(answer)
        except EndedError:
            raise self._ended(seconds) from None
        except ValueError:
            raise Failed("expected an answer of the reader, found something else. Try again.", again=True) from None

    def _ended(self, seconds: float) -> Failed:
        """Why the process is gone, as a sentence."""
        code = self._process.exit_code(2)
        self.close()
        if code == _PROCESSOR_TIME_UP:
            return _too_slow(seconds)
        if code == _CLOCK_RAN_OUT:
            return _kept_waiting()
        if code in _STOPPED:
            return Failed(
                "expected the reader to finish, found that it was stopped, perhaps for lack of memory on this machine. "
                "Try again when less is going on.",
                ended=True,
                again=True,
            )
        sentences = _tail(self._log)
        if ("memory" in sentences and "alloc" in sentences) or "MemoryError" in sentences:
            return _too_large(self._limits)
        return Failed(
            "expected a file that can be read, found one that is damaged or made so that it stops the reader. "
            "Open it in the program that made it and export it again, best as CSV.",
            ended=True,
        )

    def close(self) -> None:
        """End the process and wait until it is gone."""
        self._process.close()

    def __enter__(self) -> Child:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _code(name: str) -> int | None:
    """The exit code of a process that a signal has ended, where the system has that signal."""
    number = getattr(signal, name, None)
    return None if number is None else -int(number)


_PROCESSOR_TIME_UP: Final = _code("SIGXCPU")
_CLOCK_RAN_OUT: Final = _code("SIGALRM")
_STOPPED: Final = tuple(code for name in ("SIGKILL", "SIGTERM") if (code := _code(name)) is not None)
"""Nothing in a file leads to these: somebody, or a system without memory, has ended the process."""


def _too_slow(seconds: float) -> Failed:
    return Failed(
        f"expected a file that is read in {seconds:.0f} seconds, found one that takes longer. "
        "Export fewer rows or columns at a time, best as CSV.",
        ended=True,
    )


def _kept_waiting() -> Failed:
    return Failed(
        "expected a machine with time to read the file, found one that is too busy. Try again when less is going on.",
        ended=True,
        again=True,
    )


def _too_large(limits: Limits) -> Failed:
    return Failed(
        f"expected a file that can be read within {limits.memory_mb:,} MB of memory, found one that needs more. "
        "Export fewer rows or columns at a time.",
        ended=True,
    )


def _environment(scratch: Path) -> dict[str, str]:
    """All that the process learns from its surroundings: no secrets, no home, no settings."""
    folder = str(scratch)
    environment = {
        "TMPDIR": folder,
        "POLARS_MAX_THREADS": "2",
        "POLARS_ASYNC_THREAD_COUNT": "1",
        "POLARS_TEMP_DIR": folder,
        "RUST_BACKTRACE": "0",
        "MALLOC_ARENA_MAX": "2",
    }
    if os.name == "nt":  # Without it no library loads.
        environment |= {"SYSTEMROOT": os.environ.get("SYSTEMROOT", r"C:\Windows"), "TEMP": folder, "TMP": folder}
    return environment


def _accepted(answer: dict[str, Any]) -> dict[str, Any]:
    """An answer that is no refusal."""
    if "refused" not in answer:
        return answer
    row = answer.get("row")
    raise Failed(
        str(answer["refused"]),
        row=row if isinstance(row, int) else None,
        packed=answer.get("packed") is True,
        again=answer.get("again") is True,
    )


def _tail(log: Path) -> str:
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - 4096))
            return file.read(4096).decode("utf-8", "replace")
    except OSError:
        return ""


def resident(pid: int) -> int:
    """Bytes of memory that a process holds; 0 where that cannot be told."""
    if sys.platform == "linux":
        try:
            return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        except (OSError, ValueError, IndexError):
            return 0
    if os.name == "nt":
        return _resident_windows(pid)
    try:
        result = subprocess.run(["/bin/ps", "-o", "rss=", "-p", str(pid)], capture_output=True, timeout=2, check=False)
        return int(result.stdout) * 1024
    except (OSError, ValueError, subprocess.SubprocessError):
        return 0


def _resident_windows(pid: int) -> int:
    """The working set by GetProcessMemoryInfo; the third field of PROCESS_MEMORY_COUNTERS after its two counts."""
    api: Any = getattr(ctypes, "windll", None)
    if api is None:
        return 0
    counters = (ctypes.c_size_t * 12)()
    handle = api.kernel32.OpenProcess(0x1000, False, pid)
    if not handle:
        return 0
    try:
        size = 8 + 8 * ctypes.sizeof(ctypes.c_size_t)
        if not api.kernel32.K32GetProcessMemoryInfo(handle, counters, size):
            return 0
        # cb and PageFaultCount fill the first 8 bytes, PeakWorkingSetSize and WorkingSetSize follow.
        first = 8 // ctypes.sizeof(ctypes.c_size_t)
        return int(counters[first + 1])
    finally:
        api.kernel32.CloseHandle(handle)
