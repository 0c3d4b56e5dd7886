"""Files that are made when they are asked for go to the session that was offered them."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from streamlit.proto.BackMsg_pb2 import BackendOperationRequest
from streamlit.runtime import app_session, media_file_manager
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage

from ui.server import downloads


def test_a_file_is_given_to_no_other_session(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app_session, "DeferredFileHandler", app_session.DeferredFileHandler)  # put back afterwards
    monkeypatch.setattr(media_file_manager, "_get_session_id", lambda: "mine")
    manager = media_file_manager.MediaFileManager(MemoryMediaFileStorage("/media"))
    file = manager.add_deferred(lambda: b"a,b\n1,2\n", "text/csv", "0.1", "mine.csv")
    downloads.keep_apart()
    handler = app_session.DeferredFileHandler(lambda: manager)

    def address(session: str, name: str = file) -> str:
        request = BackendOperationRequest(request_id="r")
        request.deferred_file.file_id = name
        # In a thread of its own: a browser that an earlier test opened holds a loop in this one.
        with ThreadPoolExecutor(1) as aside:
            answer = aside.submit(lambda: asyncio.run(handler.handle(request, session))).result()
        return str(answer.deferred_file.url)

    assert address("mine").startswith("/media/")
    assert address("theirs") == ""
    assert address("mine", "another name") == ""
