"""Uploads are counted while they arrive, and only those that the app asked for are taken."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.server.conftest import Running, Visitor, serve

MB = 1024 * 1024
SIZE = 19_000_000


@pytest.mark.parametrize("setting", ["SALES_UPLOAD_MB", "SALES_UPLOADS_MB"])
@pytest.mark.parametrize("chunked", [False, True], ids=["announced", "chunked"])
def test_what_is_beyond_a_quota_is_refused_before_it_is_held(
    home: Path, tmp_path: Path, setting: str, chunked: bool
) -> None:
    with serve(home, tmp_path, **{setting: "40"}) as running, Visitor(running).run() as visitor:
        addresses = visitor.addresses(30)
        before = running.memory()
        answers = [visitor.upload(address, SIZE, chunked=chunked) for address in addresses]
        assert [answer.status for answer in answers] == [204] * 2 + [413] * 28
        assert all(answer.text.startswith("Expected up to ") and "40 MB" in answer.text for answer in answers[2:])
        assert running.memory() - before < 80 * MB
        # Somebody else has a share of their own, of what everybody may hold.
        with Visitor(running).run() as other:
            status = other.upload(other.addresses(1)[0], SIZE, chunked=chunked).status
            assert status == (204 if setting == "SALES_UPLOAD_MB" else 413)
        # What is removed makes room again.
        removed = running.ask(addresses[0], "DELETE", X_Xsrftoken=visitor.token, Cookie=visitor.cookie)
        assert removed.status == 204
        assert visitor.upload(addresses[29], SIZE, chunked=chunked).status == 204
        assert "Traceback" not in running.log.read_text(encoding="utf-8")


def test_uploads_at_once_share_a_quota(home: Path, tmp_path: Path) -> None:
    with serve(home, tmp_path, SALES_UPLOADS_MB="40") as running, Visitor(running).run() as visitor:
        addresses = visitor.addresses(6)
        before = running.memory()
        with ThreadPoolExecutor(6) as pool:
            statuses = list(pool.map(lambda address: visitor.upload(address, SIZE, chunked=True).status, addresses))
        assert 1 <= statuses.count(204) <= 2
        assert statuses.count(204) + statuses.count(413) == 6
        assert running.memory() - before < 120 * MB


def test_only_asked_for_files_are_taken(local: Running) -> None:
    with Visitor(local).run() as visitor, Visitor(local).run() as other:
        there, elsewhere = visitor.addresses(1)[0], other.addresses(1)[0]
        before = local.memory()
        session, file = there.split("/")[-2:]
        other_session = elsewhere.split("/")[-2]
        core = "/_stcore/upload_file"
        for address in (
            f"{core}/{session}/nobody-asked",
            f"{core}/no-session/{file}",
            f"{core}/{other_session}/{file}",
            f"{core}/{session}/{elsewhere.split('/')[-1]}",
            elsewhere,
        ):
            answer = visitor.upload(address, SIZE)
            assert (answer.status, answer.text[:8]) == (403, "Expected")
            assert local.ask(address, "DELETE", X_Xsrftoken=visitor.token, Cookie=visitor.cookie).status == 403
        assert visitor.upload(there, SIZE, Cookie=other.cookie, X_Xsrftoken=other.token).status == 403
        assert visitor.upload(there, SIZE, X_Xsrftoken="").status == 403
        assert local.memory() - before < 15 * MB
        assert visitor.upload(there, 1000).status == 204
    assert "Traceback" not in local.log.read_text(encoding="utf-8")


def test_a_wrong_limit_is_a_sentence(home: Path, tmp_path: Path) -> None:
    with serve(home, tmp_path, SALES_UPLOADS_MB="lots") as running, Visitor(running).run() as visitor:
        answer = visitor.upload(visitor.addresses(1)[0], 100)
        assert answer.status == 500
        assert answer.text == "SALES_UPLOADS_MB: expected a whole number of megabytes, found 'lots'."


def test_what_is_stored_is_no_longer_held_in_memory(home: Path, tmp_path: Path) -> None:
    with serve(home, tmp_path, SALES_UPLOAD_MB="10") as running, Visitor(running).run() as visitor:
        for _ in range(2):
            (address,) = visitor.addresses(1)
            # 3 MB, and 2 MB of the table that was read from them; 3 MB more would not fit beside a copy in memory.
            assert visitor.upload(address, 3 * MB).status == 204
            visitor.run(dropped=[address])
            assert "**2 · Understand**" in visitor.texts
            (workspace,) = running.private()
            assert [path.stat().st_size for path in (workspace / "files").iterdir()] == [3 * MB]
