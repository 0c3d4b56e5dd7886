"""A Streamlit server of its own, and a session with it over its own protocol, without a browser."""

from __future__ import annotations

import os
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Final, cast

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import FileUploaderState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from benchmarks.processes import PATIENCE, streamlit
from benchmarks.visit import Visit

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
    with streamlit(script, folder=folder, environment={**os.environ, **(environment or {})}) as (url, process):
        yield Server(url, process.pid)


def websocket(server: Server) -> str:
    """The address that sessions connect to."""
    return server.url.replace("http", "ws", 1) + "/_stcore/stream"


class Session:
    """One visitor: remembers widgets, sends a change and waits until the script has finished."""

    def __init__(self, server: Server, page: str = "", query: str = "", *, raw: bool = False) -> None:
        self._server = server
        with urllib.request.urlopen(f"{server.url}/_stcore/health", timeout=PATIENCE) as answer:
            self._cookie = str(answer.headers.get("Set-Cookie") or "").split(";")[0]
        token = self._cookie.partition("=")[2]
        self._open = ExitStack()
        self._socket: ClientConnection = self._open.enter_context(
            connect(
                websocket(server),
                subprotocols=[Subprotocol(name) for name in ("streamlit", token) if name],
                additional_headers={"Cookie": self._cookie},
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
        while not self.visit.take(self._receive()):
            pass
        self.errors += self.visit.answer.errors
        return time.perf_counter() - start

    def drop(self, label: str, name: str, content: bytes) -> None:
        """Upload a file into an upload box; the next run hands it over."""
        asked = BackMsg()
        asked.file_urls_request.request_id, asked.file_urls_request.session_id = "drop", self.visit.session
        asked.file_urls_request.file_names.append(name)
        urls = self._ask(asked, "file_urls_response").file_urls_response.file_urls[0]
        head = f'--x\r\nContent-Disposition: form-data; name="f"; filename="{name}"\r\n\r\n'.encode()
        request = urllib.request.Request(
            self._server.url + urls.upload_url,
            data=head + content + b"\r\n--x--\r\n",
            method="PUT",
            headers={
                "Content-Type": "multipart/form-data; boundary=x",
                "Cookie": self._cookie,
                "X-Xsrftoken": self._cookie.partition("=")[2],
            },
        )
        with urllib.request.urlopen(request, timeout=PATIENCE):
            pass
        state = FileUploaderState()
        file = state.uploaded_file_info.add()
        file.name, file.size, file.file_id = name, len(content), urls.file_id
        file.file_urls.CopyFrom(urls)
        self.visit.set(label, state)

    def address(self, file: str) -> str:
        """Where a file lies that is made when it is asked for; empty where the server does not give it."""
        asked = BackMsg()
        operation = asked.backend_operation_request
        operation.request_id, operation.session_id = "file", self.visit.session
        operation.deferred_file.file_id = file
        return str(self._ask(asked, "backend_operation_response").backend_operation_response.deferred_file.url)

    def download(self, button: Any) -> bytes:
        """What a download button of the last answer gives."""
        return self.fetch(button.url or self.address(button.deferred_file_id))

    def fetch(self, address: str) -> bytes:
        """A file by its address; empty where there is none."""
        request = urllib.request.Request(self._server.url + address, headers={"Cookie": self._cookie})
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                return bytes(answer.read())
        except urllib.error.HTTPError:
            return b""

    def _ask(self, asked: BackMsg, kind: str) -> ForwardMsg:
        self._socket.send(asked.SerializeToString())
        while True:
            message = ForwardMsg()
            message.ParseFromString(self._receive())
            if message.WhichOneof("type") == kind:
                return message

    def _receive(self) -> bytes:
        return cast(bytes, self._socket.recv(timeout=PATIENCE))
