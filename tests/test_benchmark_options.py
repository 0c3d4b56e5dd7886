"""Measurements share one command line, and write what they measured as JSON."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from benchmarks import options

ROOT = Path(__file__).parent.parent

MEASURED = {
    "customers": {"--lines", "--rounds", "--json"},
    "load": {"--rounds", "--json"},
    "pages": {"--lines", "--rounds", "--json"},
    "prepare": {"--lines", "--rounds", "--json"},
    "rerun": {"--lines", "--rounds", "--json"},
    "start": {"--rounds", "--json"},
    "walk": {"--lines", "--rounds", "--json"},
}
"""What measures time or memory -> its options; the load and the start are those of the demo."""


@dataclass(frozen=True)
class Sample:
    what: str
    seconds: float


def test_every_measurement_has_the_shared_options() -> None:
    files = (ROOT / "benchmarks").glob("*.py")
    shared = {path.stem for path in files if "options.parser(" in path.read_text(encoding="utf-8")}
    assert shared - {"options"} == MEASURED.keys()


@pytest.mark.parametrize("name", MEASURED)
def test_help_says_them(name: str) -> None:
    command = [sys.executable, "-m", f"benchmarks.{name}", "--help"]
    shown = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert {word for word in ("--lines", "--rounds", "--json") if word in shown} == MEASURED[name]


def test_records_are_written_as_json(tmp_path: Path) -> None:
    file = tmp_path / "records.json"
    chosen = options.parser("x", "Doc.", lines=[10], rounds=2).parse_args(["--lines", "5,70", "--json", str(file)])
    assert (chosen.lines, chosen.rounds, chosen.json) == ([5, 70], 2, file)
    options.write(chosen.json, [Sample("a", 1.5), {"what": "b"}])
    assert json.loads(file.read_text(encoding="utf-8")) == [{"what": "a", "seconds": 1.5}, {"what": "b"}]
    options.write(None, [Sample("c", 1.0)])
    assert options.parser("x", None, rounds=1).parse_args([]).json is None
