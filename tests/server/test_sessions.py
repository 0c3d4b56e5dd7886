"""What a visitor brought goes soon after their tab is closed, and waits for a browser whose connection was lost."""

from __future__ import annotations

import socket
import struct
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.server.conftest import Running, Visitor, serve, wait_until

SIZE = 19_000_000


def lose(visitor: Visitor) -> None:
    """End a connection as a broken network does, without a word."""
    wire = visitor.socket.socket
    wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    wire.shutdown(socket.SHUT_RD)
    wire.close()


def bring(running: Running) -> Visitor:
    """A visitor who has dropped a file, for which a workspace is made."""
    visitor = Visitor(running).run()
    (address,) = visitor.addresses(1)
    assert visitor.upload(address, 100).status == 204
    return visitor.run(dropped=[address])


def test_all_is_freed_after_the_tabs_are_closed(home: Path, tmp_path: Path) -> None:
    with serve(home, tmp_path, SALES_WRITE="0") as running:
        visitors = [bring(running) for _ in range(8)]
        before = running.memory()
        assert len(running.private()) == 8
        for visitor in visitors:
            assert visitor.upload(visitor.addresses(1)[0], SIZE).status == 204
        assert running.memory() - before > 7 * SIZE
        for visitor in visitors:
            visitor.socket.close()
        wait_until(lambda: running.private() == [] and running.memory() - before < SIZE, 30)
        assert "Traceback" not in running.log.read_text(encoding="utf-8")


def test_a_new_tab_keeps_its_own(home: Path, tmp_path: Path) -> None:
    """A page that is loaded anew is a new session; the one before ends."""
    with serve(home, tmp_path, SALES_WRITE="0") as running:
        first = bring(running)
        (old,) = running.private()
        first.socket.close()
        with bring(running) as second:
            assert second.session != first.session
            (new,) = (folder for folder in running.private() if folder != old)
            wait_until(lambda: running.private() == [new], 30)
            time.sleep(1)
            assert running.private() == [new]


def test_a_lost_connection_is_waited_for(home: Path, tmp_path: Path) -> None:
    with serve(home, tmp_path, SALES_WRITE="0", STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL="25") as running:
        visitor = bring(running)
        (folder,) = running.private()
        address = visitor.addresses(1)[0]
        lose(visitor)
        time.sleep(13)  # longer than a closed tab is waited for
        assert folder.exists()
        with Visitor(running, resume=visitor.session).run() as again:
            assert again.session == visitor.session
            assert running.private() == [folder]
            # Files that it was about to upload are still asked for, by the browser that comes back.
            assert again.upload(again.addresses(1)[0], 100).status == 204
            assert again.upload(address, 100).status == 204
            time.sleep(14)  # past the time at which the lost connection would have ended the session
            assert running.private() == [folder]
            lose(again)
        seconds = wait_until(lambda: running.private() == [], 40)
        assert seconds > 15


def test_the_end_of_the_server_leaves_nothing(home: Path, tmp_path: Path) -> None:
    with serve(home, tmp_path, SALES_WRITE="0") as running, bring(running):
        assert len(running.private()) == 1
    assert running.private() == []


def test_uploads_of_a_session_that_ran_no_script_are_freed(home: Path, tmp_path: Path) -> None:
    with serve(home, tmp_path, SALES_UPLOADS_MB="40", STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL="15") as running:
        silent = Visitor(running)
        assert [silent.upload(address, SIZE).status for address in silent.addresses(3)] == [204, 204, 413]
        silent.socket.close()
        with Visitor(running).run() as other:
            addresses = iter(other.addresses(1000))
            wait_until(lambda: other.upload(next(addresses), SIZE).status == 204, 30)


def test_an_upload_that_outlasts_its_session_is_not_held(home: Path, tmp_path: Path) -> None:
    with serve(home, tmp_path, SALES_UPLOADS_MB="40") as running:
        visitor = Visitor(running).run()
        late = visitor.addresses(1)[0]
        go_on = threading.Event()
        with ThreadPoolExecutor(1) as pool:
            answer = pool.submit(visitor.upload, late, SIZE, chunked=True, pause=go_on)
            time.sleep(3)  # it is under way
            visitor.socket.close()
            time.sleep(14)  # its session has ended by now
            go_on.set()
            assert answer.result(60).status == 204
        with Visitor(running).run() as other:
            assert [other.upload(address, SIZE).status for address in other.addresses(3)] == [204, 204, 413]
