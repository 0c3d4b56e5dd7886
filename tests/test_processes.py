"""Programs that are started beside the tests end with the block, whatever they do."""

from __future__ import annotations

import socket
import sys
import time
from pathlib import Path

import pytest

from benchmarks import processes

DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"


def test_a_free_port_can_be_listened_on() -> None:
    with socket.socket() as one:
        one.bind(("localhost", processes.free_port()))


def test_a_program_that_will_not_end_is_killed(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with processes.running([sys.executable, "-c", DEAF], log=log, grace=0.2) as process:
        until = time.monotonic() + processes.PATIENCE
        while log.read_text() != "deaf\n":
            assert time.monotonic() < until
            time.sleep(0.02)
    assert process.returncode not in (None, 0)


def test_a_program_that_ends_before_it_answers_says_why(tmp_path: Path) -> None:
    url, log = f"http://localhost:{processes.free_port()}", tmp_path / "log"
    with processes.running([sys.executable, "-c", "import sys; sys.exit('no such page')"], log=log) as process:
        process.wait(processes.PATIENCE)
        with pytest.raises(RuntimeError, match="ended with code 1\nno such page"):
            processes.wait_for(url, process, log)
