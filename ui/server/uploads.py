"""Uploads at the door: only those that the app asked for, and no more bytes than a visitor, or all of them, may hold.

Bytes are counted while they arrive, together with those held in memory and those in visitors' workspaces, so that an
upload that is refused is never held.
"""

from __future__ import annotations

import asyncio
import re
from collections import OrderedDict
from collections.abc import Sequence
from typing import Final, cast

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile, UploadFileUrlInfo
from streamlit.web.server.starlette.starlette_app_utils import validate_xsrf_token
from streamlit.web.server.starlette.starlette_server_config import XSRF_COOKIE_NAME

from data.errors import DataError
from data.store import workspace
from ui.server.answers import ErrorResponse, refuse

_PATH: Final = re.compile(r"/_stcore/upload_file/([^/]+)/([^/]+)$")

_MOST_ASKED: Final = 1000
"""Files that one session may be about to upload."""

_NOT_ASKED: Final = ErrorResponse(
    403, "Expected a file that this app asked for, found another. Drop it on the Data page."
)


class _TooMuch(Exception):  # noqa: N818
    """More bytes arrived than may be held."""


class Uploads:
    """Counts what is uploaded."""

    def __init__(self) -> None:
        self._asked: dict[str, OrderedDict[str, None]] = {}
        """Session -> the files that it was given an address for."""
        self._arriving: dict[tuple[str, str], int] = {}
        """Session and file -> bytes that have arrived of an upload under way."""
        self._watched: MemoryUploadedFileManager | None = None

    def watch(self) -> None:
        """From here on take note of each file that Streamlit gives a browser an address for."""
        manager = _manager()
        if manager is self._watched:
            return
        self._watched, give = manager, manager.get_upload_urls

        def giving(session_id: str, file_names: Sequence[str]) -> list[UploadFileUrlInfo]:
            urls = give(session_id, file_names)
            asked = self._asked.setdefault(session_id, OrderedDict())
            asked.update((url.file_id, None) for url in urls)
            while len(asked) > _MOST_ASKED:
                asked.popitem(last=False)
            return urls

        manager.get_upload_urls = giving  # type: ignore[method-assign]

    def sessions(self) -> set[str]:
        """Sessions that hold uploads, or are about to."""
        return {*self._asked, *_manager().file_storage}

    def forget(self, session: str) -> None:
        """Let go of what a session holds in memory."""
        self._asked.pop(session, None)
        _manager().remove_session_files(session)

    async def serve(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand an upload on while it is within the limits."""
        found = _PATH.search(scope["path"])
        if not found or scope["method"] not in ("PUT", "DELETE"):
            await app(scope, receive, send)
            return
        session, file = found.groups()
        asked = file in self._asked.get(session, ()) and (session, file) not in self._arriving
        if not asked or not _of_same_browser(scope, session):
            await refuse(scope, send, _NOT_ASKED)
        elif scope["method"] == "DELETE":
            await app(scope, receive, send)
        else:
            await self._put(app, scope, receive, send, session, file)

    async def _put(
        self, app: ASGIApp, scope: Scope, receive: Receive, send: Send, session: str, file: str
    ) -> None:  # fmt: skip
        try:
            own, every = workspace.limits()
        except DataError as error:
            await refuse(scope, send, ErrorResponse(500, str(error)))
            return
        self._arriving[session, file] = 0

        def check(more: int) -> None:
            mine, everybodys = self._held(session)
            if own_kept + mine + more > own or every_kept + everybodys + more > every:
                raise _TooMuch

        async def receiving() -> Message:
            message = await receive()
            more = len(message.get("body", b""))
            check(more)
            self._arriving[session, file] += more
            return message

        try:
            own_kept, every_kept = await asyncio.to_thread(workspace.taken, session)
            check(_announced(scope))
            await app(scope, receiving, send)
        except _TooMuch:
            await refuse(scope, send, ErrorResponse(413, workspace.too_much(own, every)))
        finally:
            del self._arriving[session, file]
            if session not in self._asked:
                self.forget(session)  # It ended meanwhile.

    def _held(self, session: str) -> tuple[int, int]:
        """Bytes in memory of one session and of all, with those that have arrived of uploads under way."""
        held = dict(self._arriving)
        for of, files in list(_manager().file_storage.items()):
            for name, file in list(files.items()):
                held[of, name] = max(held.get((of, name), 0), len(file.data))
        return sum(size for (of, _), size in held.items() if of == session), sum(held.values())


def let_go(file: UploadedFile) -> None:
    """Free the bytes of an upload that was stored elsewhere."""
    context = get_script_run_ctx()
    if context is not None:
        _manager().remove_file(context.session_id, file.file_id)


def _manager() -> MemoryUploadedFileManager:
    return cast(MemoryUploadedFileManager, runtime.get_instance().uploaded_file_mgr)


def _announced(scope: Scope) -> int:
    """Bytes that a request says it will send; none where it does not say."""
    length = next((value for name, value in scope["headers"] if name == b"content-length"), b"")
    return int(length) if length.isdigit() else 0


def _of_same_browser(scope: Scope, session: str) -> bool:
    """Whether a request comes from the browser that opened the session's connection, told by its XSRF cookie."""
    client = runtime.get_instance().get_client(session)
    context = client.client_context if client else None
    if context is None:
        return False
    known = context.cookies.get(XSRF_COOKIE_NAME)
    if known is None:
        return True
    return validate_xsrf_token(Request(scope).cookies.get(XSRF_COOKIE_NAME), known)
