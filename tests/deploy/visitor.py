"""A visitor of the app by way of a proxy: keeps cookies, holds a session over its websocket, uploads files."""

from __future__ import annotations

import asyncio
import functools
import ssl
import threading
import time
from collections.abc import Coroutine
from contextlib import suppress
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Self, TypeVar
from urllib.parse import urlsplit

import urllib3
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

T = TypeVar("T")

PATIENCE = 90
"""Seconds for one step."""
ATTEMPTS = 6
"""How often an address to upload to is asked for: a server forgets what it was asked when a new run begins."""


@functools.cache
def _loop() -> asyncio.AbstractEventLoop:
    """What runs the websockets, in a thread of its own.

    Two threads that use one TLS connection can wait for each other without end.
    """
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, daemon=True).start()
    return loop


def _within(patience: float, step: Coroutine[object, object, T]) -> T:
    """What a step comes to; TimeoutError after so many seconds."""
    return asyncio.run_coroutine_threadsafe(asyncio.wait_for(step, patience), _loop()).result()


class Visitor:
    """One browser. `url` is the address that was typed; connections go to this machine whatever its name."""

    def __init__(self, url: str, authority: Path | None = None) -> None:
        self.url, self.address = url, urlsplit(url)
        self.cookies: dict[str, str] = {}
        self._tls = ssl.create_default_context(cafile=authority) if self.address.scheme == "https" else None
        port = self.address.port or 443
        if self._tls is None:
            self._http: urllib3.HTTPConnectionPool = urllib3.HTTPConnectionPool("127.0.0.1", port)
        else:
            name = self.address.hostname
            self._http = urllib3.HTTPSConnectionPool(
                "127.0.0.1", port, ssl_context=self._tls, server_hostname=name, assert_hostname=name
            )
        self._socket: ClientConnection | None = None
        self.session = ""
        self.errors: list[str] = []
        """What a page showed as an uncaught error."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.leave()
        self._http.close()

    def ask(self, path: str, method: str = "GET", **options: object) -> urllib3.BaseHTTPResponse:
        """A request with the cookies so far; redirects are not followed."""
        headers = {"Host": self.address.netloc, "Origin": self.url, **options.pop("headers", {})}  # type: ignore[dict-item]
        if self.cookies:
            headers["Cookie"] = self._cookie_header()
        answer = self._http.request(
            method, path, headers=headers, redirect=False, retries=False, timeout=PATIENCE, **options
        )
        for line in answer.headers.getlist("Set-Cookie"):
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        return answer

    def open(self, page: str) -> str:
        """Load the page as a browser does, and run it in a session; its id, the former one where it was resumed."""
        assert self.ask(f"/{page}").status == 200
        for probe in ("health", "host-config"):
            assert self.ask(f"/_stcore/{probe}").status == 200
        return self.connect(page)

    def connect(self, page: str) -> str:
        """Open the websocket, again where there was one, and run the page."""
        self.leave()
        entries = ["streamlit", self.cookies.get("_streamlit_xsrf", "none"), *([self.session] if self.session else [])]
        scheme = "wss" if self._tls else "ws"
        self._socket = _within(
            PATIENCE,
            self._connected(
                f"{scheme}://{self.address.netloc}/_stcore/stream", [Subprotocol(entry) for entry in entries]
            ),
        )
        request = BackMsg()
        request.rerun_script.page_name = page
        self._send(request)
        self.session = self._until("new_session").new_session.initialize.session_id
        # A cold process runs a page twice. What is asked for between the two runs is never answered: with a new run the
        # server forgets what it has not sent yet.
        while self._until("script_finished").script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
            pass
        return self.session

    def leave(self) -> None:
        """Close the websocket; the browser keeps its cookies and remembers its session."""
        if self._socket is not None:
            _within(PATIENCE, self._socket.close())
        self._socket = None

    def upload(self, content: bytes, to: Visitor | None = None) -> int:
        """Upload a file to this visitor's session, as the app's uploader does; the answer's status.

        `to` sends it by another visitor's connection and cookies, with the same session in its path.
        """
        target = self._upload_address()
        by = to or self
        token = by.cookies.get("_streamlit_xsrf", "")
        return by.ask(target, "PUT", fields={"file": ("lines.csv", content)}, headers={"X-Xsrftoken": token}).status

    def _upload_address(self) -> str:
        request = BackMsg()
        request.file_urls_request.request_id = "one"
        request.file_urls_request.session_id = self.session
        request.file_urls_request.file_names.append("lines.csv")
        for _ in range(ATTEMPTS):
            self._send(request)
            with suppress(TimeoutError):
                answer = self._until("file_urls_response", PATIENCE / ATTEMPTS)
                return answer.file_urls_response.file_urls[0].upload_url
        raise TimeoutError("no address to upload to")

    async def _connected(self, url: str, subprotocols: list[Subprotocol]) -> ClientConnection:
        return await connect(
            url,
            host="127.0.0.1",
            port=self.address.port or 443,
            ssl=self._tls,
            origin=Origin(self.url),
            subprotocols=subprotocols,
            additional_headers={"Cookie": self._cookie_header()},
            max_size=None,
            max_queue=None,
            proxy=None,
            ping_interval=None,
            close_timeout=1,
        )

    def _cookie_header(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def _send(self, request: BackMsg) -> None:
        assert self._socket is not None
        _within(PATIENCE, self._socket.send(request.SerializeToString()))

    def _until(self, kind: str, patience: float = PATIENCE) -> ForwardMsg:
        """The next message of a kind; TimeoutError where others come in its place for so many seconds."""
        assert self._socket is not None
        end = time.monotonic() + patience
        while True:
            message = ForwardMsg()
            received = _within(max(0.0, end - time.monotonic()), self._socket.recv(decode=False))
            message.ParseFromString(received)
            if message.delta.new_element.HasField("exception"):
                self.errors.append(message.delta.new_element.exception.message)
            if message.WhichOneof("type") == kind:
                return message
