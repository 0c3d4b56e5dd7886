"""A child process that is asked and answers in lines of JSON, and never outlives whoever asks."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import subprocess
import threading
import weakref
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any


class EndedError(Exception):
    """The process is gone, or what it wrote is no longer an answer."""


class Process:
    """A child process. Closing it, or forgetting it, ends it."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        folder: Path,
        environment: Mapping[str, str],
        apart: bool = False,
        longest: int = -1,
    ) -> None:
        """Start it in `folder` with nothing but `environment`.

        `apart` keeps the terminal's signals from it. An answer of more than `longest` bytes ends it, where it is not
        trusted; -1 sets no bound.
        """
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=dict(environment),
            cwd=folder,
            close_fds=True,
            start_new_session=apart and os.name == "posix",
        )
        assert process.stdin is not None
        assert process.stdout is not None
        self._process, self._requests = process, process.stdin
        self._lines: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        reader = threading.Thread(target=_read, args=(process.stdout, self._lines, longest), daemon=True)
        reader.start()
        self._end = weakref.finalize(self, _end, process, reader)

    @property
    def pid(self) -> int:
        """Number of the process."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the process can answer."""
        return self._process.poll() is None

    def send(self, request: Mapping[str, Any]) -> None:
        """Hand over a request. EndedError where nobody takes it."""
        try:
            self._requests.write(json.dumps(request).encode() + b"\n")
            self._requests.flush()
        except (OSError, ValueError):
            raise EndedError from None

    def receive(self, seconds: float) -> dict[str, Any] | None:
        """The next answer, None where there is none within `seconds`.

        EndedError where there will be none any more, ValueError where a line is no answer.
        """
        try:
            line = self._lines.get(timeout=seconds)
        except queue.Empty:
            return None
        if line is None:
            raise EndedError
        try:
            answer = json.loads(line)
        except RecursionError:
            answer = None
        if not isinstance(answer, dict):
            raise ValueError("expected a JSON object")
        return answer

    def exit_code(self, seconds: float) -> int | None:
        """How the process ended, below zero by a signal; None where it lives on."""
        try:
            return self._process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            return None

    def close(self) -> None:
        """End the process and wait until it is gone."""
        self._end()


def _read(stream: IO[bytes], lines: queue.SimpleQueue[bytes | None], longest: int) -> None:
    """Move lines from the process to the queue; None at its end, or where a line is too long to be an answer."""
    with contextlib.suppress(OSError, ValueError):
        while (line := stream.readline(longest)) and line.endswith(b"\n"):
            lines.put(line)
    lines.put(None)


def _end(process: subprocess.Popen[bytes], reader: threading.Thread) -> None:
    if process.poll() is None:
        with contextlib.suppress(OSError):
            process.kill()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(timeout=5)
    reader.join(timeout=2)
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            with contextlib.suppress(OSError):
                stream.close()
