"""A Streamlit server of its own, and a session with it over its own protocol, without a browser."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Final, cast

from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from benchmarks.visit import Visit

ROOT: Final = Path(__file__).resolve().parent.parent
PATIENCE: Final = 120
"""Seconds that a server may take to start or to answer."""

ONE_WORD: Final = """import streamlit as st

st.write("on" if st.checkbox("Switch") else "off")
"""
"""The page that everything is measured against: one widget, one word."""


@dataclass(frozen=True)
class Server:
    """A running server."""

    url: str
    process: int


@contextmanager
def serve(script: Path, *, folder: Path, environment: Mapping[str, str] | None = None) -> Iterator[Server]:
    """Run a script from a folder, whose .streamlit/config.toml counts; the server ends with the block."""
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.address", "localhost"]
    command += ["--server.port", str(port), "--server.headless", "true"]
    process = subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, **(environment or {})},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        url = f"http://localhost:{port}"
        _wait_for(f"{url}/_stcore/health", process)
        yield Server(url, process.pid)
    finally:
        process.terminate()
        process.wait()


def websocket(server: Server) -> str:
    """The address that sessions connect to."""
    return server.url.replace("http", "ws", 1) + "/_stcore/stream"


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"The server ended with code {process.returncode} before it answered.")
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(f"No answer from {url} within {PATIENCE} seconds.")


class Session:
    """One visitor: remembers widgets, sends a change and waits until the script has finished."""

    def __init__(self, server: Server, page: str = "", query: str = "", *, raw: bool = False) -> None:
        self._open = ExitStack()
        self._socket: ClientConnection = self._open.enter_context(
            connect(
                websocket(server),
                subprotocols=[Subprotocol("streamlit")],
                origin=Origin(server.url),
                max_size=None,
                compression=None,
                proxy=None,
            )
        )
        self.visit = Visit(page, query, raw=raw)
        self.errors: list[str] = []

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    @property
    def widgets(self) -> dict[str, Any]:
        """Label -> the widget's message."""
        return self.visit.widgets

    def set(self, label: str, value: Any) -> None:
        """Change a widget with the next run."""
        self.visit.set(label, value)

    def run(self) -> float:
        """Run the page's script with the widgets as they are; seconds from the request to the end of the script."""
        start = time.perf_counter()
        self._socket.send(self.visit.request())
        while not self.visit.take(cast(bytes, self._socket.recv(timeout=PATIENCE))):
            pass
        self.errors += self.visit.answer.errors
        return time.perf_counter() - start
