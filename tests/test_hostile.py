"""Mutants through the reader, some of them: none does harm, and harm that is done is seen."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from benchmarks import hostile, second_reading, stand_in
from benchmarks.seeds import SALES, own
from data import reading
from data.reading import Options, Reading


def test_a_number_is_always_the_same_mutant() -> None:
    good = own()
    assert stand_in.mutant(7, 1, good) == stand_in.mutant(7, 1, good)
    assert stand_in.mutant(7, 1, good).content != stand_in.mutant(8, 1, good).content
    assert {stand_in.mutant(number, 1, good).road for number in range(200)} == set(stand_in.WEIGHTS)


def test_time_of_the_processor_counts_those_that_were_started() -> None:
    began = stand_in.processor_seconds()
    process = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        until = time.monotonic() + 60
        while stand_in.processor_seconds() - began < 0.5:
            assert time.monotonic() < until
            time.sleep(0.05)
    finally:
        process.kill()
        process.wait()
    assert stand_in.processor_seconds() - began >= 0.5


def test_some_mutants(tmp_path: Path) -> None:
    state = tmp_path / "state.jsonl"
    assert hostile.run_all(60, 30, 5, state) == 0
    # A second call finds what is done.
    before = state.read_bytes()
    assert hostile.run_all(60, 30, 5, state) == 0
    assert state.read_bytes() == before


@pytest.fixture
def found(tmp_path: Path) -> Reading:
    """The plain seed as it is read."""
    read = reading.read(SALES, name="sales.csv", into=tmp_path)
    assert isinstance(read, Reading)
    return read


def test_a_good_reading_is_found_good(found: Reading) -> None:
    assert second_reading.numbered(found) == ""
    assert second_reading.plainly(found, SALES) == ""


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (SALES.replace(b"A003,", b"A999,"), "row 5: read"),
        (SALES + b"A030,2024-01-01,C0,Tea no. 0,1,1.50\n", "row 32 is neither read nor in the report"),
        (SALES.replace(b"0.50", b"0.05"), "row 2: read"),
    ],
)
def test_silent_changes_are_seen(found: Reading, content: bytes, expected: str) -> None:
    """The reading of one file, taken for that of another."""
    assert second_reading.plainly(found, content).startswith(expected)


def test_silent_changes_of_a_recipe_s_file_are_seen(tmp_path: Path) -> None:
    read = reading.read(SALES, name="f", options=Options(strictly="csv", encoding="utf-8"), into=tmp_path)
    assert isinstance(read, Reading)
    assert second_reading.strictly(read, SALES) == ""
    assert "30 rows, expected 31" in second_reading.strictly(read, SALES + b"A030,2024-01-01,C0,Tea,1,1\n")
    assert "expected row 2" in second_reading.strictly(read, SALES.replace(b"A000", b"A00O"))


BEGUN = "import json\nprint(json.dumps({'begin': 3, 'road': 'csv', 'seed': 's'}), flush=True)"


def test_a_death_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process that stands for the app is watched from outside."""
    monkeypatch.setattr(hostile, "PROGRAM", ("-c", f"{BEGUN}\nimport os\nos.abort()"))
    counts, harm, _ = hostile.piece(3, 4, 1)
    assert counts == {"csv deaths": 1}
    assert [(one.number, one.outcome) for one in harm] == [(3, "deaths")]


def test_a_hang_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    program = (
        "import json, time\nprint(json.dumps({'begin': 3, 'road': 'csv', 'seed': 's'}), flush=True)\ntime.sleep(60)"
    )
    monkeypatch.setattr(hostile, "PROGRAM", ("-c", program))
    monkeypatch.setattr(hostile, "GIVEN_UP", 3.0)
    counts, harm, _ = hostile.piece(3, 4, 1)
    assert counts == {"csv hangs": 1}
    assert [(one.number, one.outcome) for one in harm] == [(3, "hangs")]
