"""The one middleware before Streamlit: whom it serves, what its answers carry, what it takes in."""

from __future__ import annotations

import os
from typing import Final

import streamlit as st
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from data.store import workspace
from ui.server import downloads, headers, hosts
from ui.server.answers import ErrorResponse, refuse
from ui.server.sessions import Sessions
from ui.server.uploads import Uploads

_OPEN: Final = ("health", "host-config", "stream", "upload_file", "bidi-components")
"""What the app's pages ask of Streamlit below /_stcore/; whatever else it answers there concerns its inside."""

_CLOSED: Final = ErrorResponse(404, "Nothing is served at this address.")
_FAILED: Final = ErrorResponse(500, "Expected an answer, found an error, which is in the server's log. Try again.")


class Guard:
    """Refuses what is not the app's to answer, and adds security headers to all that is answered."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        downloads.keep_apart()
        self._hosts = hosts.settings()
        self._uploads = Uploads()
        self._sessions = Sessions(self._uploads)
        metrics = ("metrics",) if os.environ.get("SALES_METRICS", "").strip() == "1" else ()
        checked = ("script-health-check",) if st.get_option("server.scriptHealthCheckEnabled") else ()
        self._open = {*_OPEN, *metrics, *checked}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or one connection."""
        if scope["type"] == "lifespan":
            try:
                await self._app(scope, receive, send)
            finally:
                # The server ends by a signal, which leaves nothing time to tidy up at exit.
                workspace.end_all()
            return
        answer = _Answer(send)
        try:
            refusal = self._refusal(scope)
            if refusal:
                await refuse(scope, answer.send, refusal)
            elif scope["type"] == "websocket":
                self._uploads.watch()
                await self._sessions.serve(self._app, scope, receive, answer.send)
            else:
                await self._uploads.serve(self._app, scope, receive, answer.send)
        except Exception:
            if scope["type"] == "http" and not answer.begun:
                await refuse(scope, answer.send, _FAILED)
            raise

    def _refusal(self, scope: Scope) -> ErrorResponse | None:
        named: dict[bytes, list[str]] = {b"host": [], b"origin": []}
        for name, value in scope["headers"]:
            if name in named:
                named[name].append(value.decode("latin-1"))
        _, inside, path = scope["path"].partition("/_stcore/")
        if inside and path.split("/")[0] not in self._open:
            return _CLOSED
        return self._hosts.refusal(named[b"host"], next(iter(named[b"origin"]), None))


class _Answer:
    """An answer on its way, with the security headers."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.begun = False

    async def send(self, message: Message) -> None:
        """Send a part of the answer."""
        if message["type"] in ("http.response.start", "websocket.http.response.start"):
            self.begun = True
            message = {**message, "headers": headers.secured(message.get("headers", ()))}
        await self._send(message)
