"""What every answer carries, and what of Streamlit's inside is not answered."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from starlette.types import Message, Receive, Scope, Send

from tests.server.conftest import Answer, Running, Visitor, serve
from ui.server.middleware import Guard


def is_secured(answer: Answer) -> bool:
    """Whether an answer carries all security headers, each once."""
    headers = answer.headers
    rules = dict(rule.partition(" ")[::2] for rule in headers.get("content-security-policy", "").split("; "))
    return (
        rules.get("default-src") == "'none'"
        and rules.get("frame-ancestors") == "'self'"
        and "unsafe" not in rules.get("script-src", "unsafe")
        and not any(part in ("*", "http:", "https:") for rule in rules.values() for part in rule.split())
        and headers.get("x-content-type-options") == "nosniff"
        and headers.get("referrer-policy") == "same-origin"
    )


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("/sales_performance?dataset=whole", 200),
        ("/app/static/world-110m.json", 200),
        ("/favicon.png", 200),
        ("/_stcore/health", 200),
        ("/_stcore/host-config", 200),
        ("/media/none.csv", 404),
        ("/static/none.js", 200),
        ("/component/none/index.html", 404),
        ("/_stcore/metrics", 404),
        ("//evil.example/%2e%2e", 400),
    ],
)
def test_every_answer_is_secured(local: Running, path: str, status: int) -> None:
    answer = local.ask(path)
    assert (answer.status, is_secured(answer)) == (status, True)
    assert "Traceback" not in answer.text


def test_refusals_uploads_and_other_methods_are_secured(local: Running) -> None:
    assert is_secured(local.ask("/", host="evil.example"))
    assert is_secured(local.ask("/", "OPTIONS"))
    assert is_secured(local.ask("/_stcore/health", "POST"))
    with Visitor(local).run() as visitor:
        assert is_secured(visitor.upload(visitor.addresses(1)[0], 100))
        assert is_secured(visitor.upload("/_stcore/upload_file/x/y", 100))


CLOSED = [
    "/_stcore/metrics",
    "/_stcore/metrics?families=cache_memory_bytes",
    "/_stcore/script-health-check",
    "/_stcore/agent/openapi.json",
    "/_stcore/agent/interact",
    "/_stcore/%6detrics",
]


@pytest.mark.parametrize("path", CLOSED)
def test_streamlit_s_inside_is_closed(local: Running, path: str) -> None:
    for method in ("GET", "HEAD", "POST"):
        answer = local.ask(path, method)
        assert answer.status == 404
        assert answer.text in ("Nothing is served at this address.", "")


def test_metrics_are_opened_by_a_setting(home: Path, tmp_path: Path) -> None:
    with serve(home, tmp_path, SALES_METRICS="1") as running:
        answer = running.ask("/_stcore/metrics")
        assert (answer.status, is_secured(answer)) == (200, True)
        assert "active_sessions" in answer.text
        assert running.ask("/_stcore/metrics", host="evil.example").status == 421
        assert running.ask("/_stcore/agent/openapi.json").status == 404


def test_an_error_is_a_sentence_and_secured() -> None:
    async def broken(scope: Scope, receive: Receive, send: Send) -> None:
        raise RuntimeError("a secret")

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    sent: list[Message] = []
    scope = {"type": "http", "method": "GET", "path": "/", "headers": [(b"host", b"localhost")]}

    def request() -> None:
        asyncio.run(Guard(broken)(scope, receive, send))

    with ThreadPoolExecutor(1) as aside, pytest.raises(RuntimeError, match="a secret"):
        aside.submit(request).result()  # this thread may hold the loop of a browser test's driver
    begin, body = sent
    headers = {name.decode(): value.decode() for name, value in begin["headers"]}
    answer = Answer(begin["status"], headers, body["body"].decode())
    assert (answer.status, is_secured(answer), "secret" in answer.text) == (500, True, False)
