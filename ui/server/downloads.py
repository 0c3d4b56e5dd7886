"""Files that are made when they are asked for: each for the session to which it was offered, and for no other."""

from __future__ import annotations

from streamlit.proto.BackMsg_pb2 import BackendOperationRequest
from streamlit.proto.ForwardMsg_pb2 import BackendOperationResponse
from streamlit.runtime import app_session
from streamlit.runtime.backend_operation_handler import DeferredFileHandler


class OwnFiles(DeferredFileHandler):
    """Streamlit's answer to who asks for such a file, which by itself gives it to everybody who knows its name."""

    async def handle(self, request: BackendOperationRequest, session_id: str) -> BackendOperationResponse:
        """The file's address where this session was offered it, else the sentence for a file that is not there."""
        offered = self._get_media_file_mgr()._deferred_callables.get(request.deferred_file.file_id)
        if offered is None or offered["session_id"] != session_id:
            return BackendOperationResponse(
                request_id=request.request_id, error_msg="This file is no longer offered. Load the page again."
            )
        return await super().handle(request, session_id)


def keep_apart() -> None:
    """From now on each new session is given its own files only."""
    app_session.DeferredFileHandler = OwnFiles  # type: ignore[attr-defined]
