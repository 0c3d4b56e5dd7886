"""Answers that the app gives before Streamlit sees a request."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.types import Scope, Send


@dataclass(frozen=True)
class ErrorResponse:
    """An answer to a request that is not served."""

    status: int
    """Status code of HTTP."""
    sentence: str
    """What was expected, what was found, what to do."""


async def refuse(scope: Scope, send: Send, refusal: ErrorResponse) -> None:
    """Answer a request, or a connection that is about to be opened, with a refusal."""
    body = refusal.sentence.encode()
    kind = "http" if scope["type"] == "http" else "websocket.http"
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": f"{kind}.response.start", "status": refusal.status, "headers": headers})
    await send({"type": f"{kind}.response.body", "body": body})
