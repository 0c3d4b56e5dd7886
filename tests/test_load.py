"""The load benchmark finds what is wrong in an answer, and the protocol follows a page."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import pairwise

import pytest

from benchmarks.choices import OfferedChoices, WidgetState
from benchmarks.processes import ROOT
from benchmarks.server import Session, serve
from data.store import store


@pytest.fixture(scope="module")
def choices() -> OfferedChoices:
    return OfferedChoices(store.load("demo"))


def test_answers_are_checked_and_strangers_answers_are_found(choices: OfferedChoices) -> None:
    rng, choice, seen = random.Random(3), WidgetState(), []
    with serve(ROOT / "Home.py", folder=ROOT) as server, Session(server, "", "dataset=demo") as session:
        session.run()
        assert choices.faults(choice, session.visit.answer) == []
        for _ in range(8):
            before, choice = choice, choices.change(choice, rng)
            choices.set(session.visit, before, choice)
            session.run()
            assert choices.faults(choice, session.visit.answer) == []
            seen.append((choice, session.visit.answer))
        assert session.errors == []
    for (asked, _), (other, answer) in pairwise(seen):
        if asked.grain == other.grain or asked != replace(other, grain=asked.grain):
            assert choices.faults(asked, answer), f"{asked} was answered by {other}"


def test_a_click_changes_one_thing_and_few_dimensions_are_filtered(choices: OfferedChoices) -> None:
    rng, choice = random.Random(1), WidgetState()
    for _ in range(300):
        before, choice = choice, choices.change(choice, rng)
        assert before != choice
        assert len(choice.members) <= 2
