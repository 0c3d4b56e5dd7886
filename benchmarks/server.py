"""A Streamlit server of its own, and a session with it over its own protocol, without a browser."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Final

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

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

    def __init__(self, server: Server, page: str = "", query: str = "") -> None:
        address = server.url.replace("http", "ws", 1) + "/_stcore/stream"
        self._socket: ClientConnection = connect(
            address,
            subprotocols=[Subprotocol("streamlit")],
            origin=Origin(server.url),
            max_size=None,
            compression=None,
            proxy=None,
        )
        self._page, self._query, self._hash = page, query, ""
        self._cached: dict[str, ForwardMsg] = {}
        self._values: dict[str, tuple[str, Any]] = {}
        self.widgets: dict[str, Any] = {}
        """Label -> the widget's message, whose id names it."""
        self.errors: list[str] = []

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()

    def set(self, label: str, value: bool | list[str]) -> None:
        """Change a checkbox or the members kept by a multiselect, with the next run."""
        field = "bool_value" if isinstance(value, bool) else "string_array_value"
        self._values[self.widgets[label].id] = (field, value)

    def run(self) -> float:
        """Run the page's script with the widgets as they are; seconds from the request to the end of the script."""
        start, ours = time.perf_counter(), False
        self._socket.send(self._request())
        while True:
            message = ForwardMsg()
            message.ParseFromString(self._socket.recv(timeout=PATIENCE))
            kind = message.WhichOneof("type")
            if kind == "ref_hash":
                message = self._cached[message.ref_hash]
                kind = message.WhichOneof("type")
            elif message.hash and message.metadata.cacheable:
                self._cached[message.hash] = message
            if kind == "new_session":
                ours, self._hash = True, message.new_session.page_script_hash
            elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
                self._learn(message.delta.new_element)
            elif kind == "script_finished" and ours and message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
                return time.perf_counter() - start

    def _learn(self, element: Any) -> None:
        kind = element.WhichOneof("type")
        if kind in ("multiselect", "checkbox"):
            widget = getattr(element, kind)
            self.widgets[widget.label] = widget
        elif kind == "exception":
            self.errors.append(element.exception.message)

    def _request(self) -> bytes:
        request = BackMsg()
        script = request.rerun_script
        script.query_string, script.page_script_hash = self._query, self._hash
        if not self._hash:
            script.page_name = self._page
        script.context_info.timezone, script.context_info.locale = "UTC", "en-US"
        script.cached_message_hashes.extend(self._cached)
        for widget, (field, value) in self._values.items():
            state = script.widget_states.widgets.add()
            state.id = widget
            if field == "string_array_value":
                state.string_array_value.SetInParent()
                state.string_array_value.data.extend(value)
            else:
                setattr(state, field, value)
        return request.SerializeToString()
