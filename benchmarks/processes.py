"""Programs that are started beside this one, on ports of their own, and end with a block."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent

PATIENCE: Final = 120
"""Seconds that a busy machine may take until a server answers."""

GRACE: Final = 10
"""Seconds that a program may take to end before it is killed."""


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def running(
    command: Sequence[str],
    *,
    log: Path | None = None,
    folder: Path = ROOT,
    environment: Mapping[str, str] | None = None,
    grace: float = GRACE,
) -> Iterator[subprocess.Popen[bytes]]:
    """A process that ends with the block, killed where it does not do so by itself.

    What it prints goes to the log; without one it is lost. Without an environment it has this process's.
    """
    with (log or Path(os.devnull)).open("wb") as out:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=dict(os.environ if environment is None else environment),
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(grace)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def wait_for(url: str, process: subprocess.Popen[bytes], log: Path | None = None) -> None:
    """Until an address answers; RuntimeError with the log where the process ends before, or it takes too long."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    code = process.poll()
    why = f"the program ended with code {code}" if code is not None else f"no answer within {PATIENCE} seconds"
    raise RuntimeError(f"{url}: {why}\n{log.read_text(encoding='utf-8') if log else ''}")


@contextmanager
def streamlit(
    script: str | Path,
    *options: str,
    address: str = "localhost",
    log: Path | None = None,
    folder: Path = ROOT,
    environment: Mapping[str, str] | None = None,
) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A script of Streamlit by the README's command, on a free port; its address once it answers, and its process.

    An empty `address` leaves that option out: it then listens on the network. The folder's .streamlit/config.toml
    counts.
    """
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port)]
    command += ["--server.headless", "true", *(["--server.address", address] if address else []), *options]
    with running(command, log=log, folder=folder, environment=environment) as process:
        url = f"http://localhost:{port}"
        wait_for(f"{url}/_stcore/health", process, log)
        yield url, process
