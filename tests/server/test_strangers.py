"""Two visitors of a shared server, and whether the benchmark that looks through their answers would see a leak."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import strangers, way
from benchmarks.processes import ROOT

ANSWERS = 120

LEAKING = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
import dataclasses
from ui import caching, opened

plain, opened_plain = caching.ANSWERS.ask, opened.DATASETS.ask

def nobodys(value):
    # Datasets of one name are taken for one another, whoever they belong to.
    source = getattr(value, "source", value)
    if not hasattr(source, "owner"):
        return value
    other = dataclasses.replace(source, owner="", version="")
    return other if source is value else dataclasses.replace(value, source=other)

if caching.ANSWERS.ask.__name__ == "ask":
    def leaking(key, compute):
        function, arguments, named = key
        return plain((function, tuple(map(nobodys, arguments)), named), compute)
    caching.ANSWERS.ask = leaking

exec(compile(open({str(ROOT / "Home.py")!r}).read(), {str(ROOT / "Home.py")!r}, "exec"))
"""
"""The app with remembered answers under keys that leave out whose they are."""


def test_nothing_of_one_visitor_reaches_the_other() -> None:
    both = strangers.visit(ROOT / "Home.py", ANSWERS, seed=3)
    assert sum(one.met.total() for one in both) >= ANSWERS
    assert sum(one.own for one in both) > ANSWERS / 2
    assert [one.leaks for one in both] == [[], []]
    assert [one.wrong for one in both] == [[], []]


def test_a_leak_is_seen(tmp_path: Path) -> None:
    script = tmp_path / "Home.py"
    script.write_text(LEAKING, encoding="utf-8")
    both = strangers.visit(script, ANSWERS, seed=3)
    assert any(one.leaks for one in both)
    assert any(one.wrong for one in both)


def test_two_visitors_are_told_apart() -> None:
    one, other = way.rows("q1"), way.rows("x2")
    assert one["Revenue"].sum() != pytest.approx(other["Revenue"].sum())
    assert not set(one["Customer ID"]) & set(other["Customer ID"])
