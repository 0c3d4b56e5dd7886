"""A session's end: what a visitor handed over goes soon after their tab is closed.

Streamlit keeps a session whose connection is gone, so that a browser may come back to it, and looks for those that have
waited too long only when another visitor leaves. A tab that is closed or loaded anew says so with its last message and
never comes back to its session; a connection that is merely lost may.
"""

from __future__ import annotations

import asyncio
from typing import Final

import streamlit as st
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import runtime
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from data.store import workspace
from ui import caching, opened
from ui.server.uploads import Uploads

_GOODBYE: Final = (1000, 1001)
"""Close codes of a connection that was ended on purpose: by its client, or by a page that is left."""

CLOSED: Final = 10.0
"""Seconds that a session lives on after its page was left."""


class Sessions:
    """Ends sessions whose browser is gone."""

    def __init__(self, uploads: Uploads) -> None:
        self._uploads = uploads
        self._ending: dict[str, asyncio.TimerHandle] = {}

    async def serve(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one browser's connection, and see to its session when it ends."""
        session, code = "", 0

        async def receiving() -> Message:
            nonlocal code
            message = await receive()
            if message["type"] == "websocket.disconnect":
                code = message.get("code") or 0
            return message

        async def sending(message: Message) -> None:
            nonlocal session
            if not session and message["type"] == "websocket.send":
                session = _session_of(message.get("bytes") or b"")
            await send(message)

        try:
            await app(scope, receiving, sending)
        finally:
            if session:
                self._wait(session, CLOSED if code in _GOODBYE else _patience())
            asyncio.get_running_loop().call_later(CLOSED, self._find)

    def _wait(self, session: str, seconds: float) -> None:
        earlier = self._ending.pop(session, None)
        if earlier:
            earlier.cancel()
        self._ending[session] = asyncio.get_running_loop().call_later(seconds, self._end, session)

    def _find(self) -> None:
        """Look for sessions that hold something and whose connection ended before it told their name."""
        for session in {*self._uploads.sessions(), *workspace.sessions()} - set(self._ending):
            if not _is_connected(session):
                self._wait(session, _patience() - CLOSED)

    def _end(self, session: str) -> None:
        """End a session for good, unless its browser has come back."""
        del self._ending[session]
        if not _is_connected(session):
            runtime.get_instance().close_session(session)
            self._uploads.forget(session)
            asyncio.get_running_loop().run_in_executor(None, _forget, session)


def _forget(session: str) -> None:
    """Remove what a visitor kept for themselves, and all that is remembered of it."""
    owner = workspace.end(session)
    if owner:
        caching.forget(owner)
        opened.DATASETS.close(lambda source: source.owner == owner)


def _is_connected(session: str) -> bool:
    return runtime.get_instance().is_active_session(session)


def _patience() -> float:
    """Seconds in which a browser may come back; Streamlit itself forgets the session a second later."""
    return max(CLOSED, float(st.get_option("server.disconnectedSessionTTL")) - 1.0)


def _session_of(sent: bytes) -> str:
    """The session's name, where a message to the browser is the one that begins it."""
    message = ForwardMsg()
    message.ParseFromString(sent)
    return message.new_session.initialize.session_id if message.WhichOneof("type") == "new_session" else ""
