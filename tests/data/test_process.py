"""A child process: asked and answered in lines of JSON, ended with whoever asks."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path

import pytest

from data.process import EndedError, Process

ECHO = "import sys\nfor line in sys.stdin:\n    print(line, end='', flush=True)"


def started(code: str, folder: Path, *, longest: int = -1) -> Process:
    return Process([sys.executable, "-c", code], folder=folder, environment=os.environ, longest=longest)


def test_requests_are_answered_in_order(tmp_path: Path) -> None:
    process = started(ECHO, tmp_path)
    try:
        process.send({"number": 1})
        process.send({"number": 2})
        assert [process.receive(20), process.receive(20)] == [{"number": 1}, {"number": 2}]
        assert process.receive(0.01) is None
        assert process.alive
    finally:
        process.close()
    assert not process.alive
    with pytest.raises(EndedError):
        process.send({"number": 3})


def test_its_end_is_told_after_its_answers(tmp_path: Path) -> None:
    process = started("print('{\"done\": 1}')\nraise SystemExit(7)", tmp_path)
    assert process.receive(20) == {"done": 1}
    with pytest.raises(EndedError):
        process.receive(20)
    assert process.exit_code(20) == 7
    process.close()


@pytest.mark.parametrize("line", ["no json", "[1]", "7"])
def test_a_line_that_is_no_answer_is_an_error(tmp_path: Path, line: str) -> None:
    process = started(f"print({line!r})", tmp_path)
    with pytest.raises(ValueError, match=r"JSON|Expecting"):
        process.receive(20)
    process.close()


def test_an_answer_beyond_the_bound_ends_it(tmp_path: Path) -> None:
    process = started('print(\'{"a": "\' + "x" * 2000 + \'"}\', flush=True)\ninput()', tmp_path, longest=1000)
    with pytest.raises(EndedError):
        process.receive(20)
    process.close()


def test_one_that_nobody_closes_ends(tmp_path: Path) -> None:
    process = started(ECHO, tmp_path)
    pid = process.pid
    del process
    gc.collect()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
