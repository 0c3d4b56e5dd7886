"""Answers that stay where the questions change."""

from __future__ import annotations

from dataclasses import replace

from data.understanding.types import Answer, Choices, Question, Understanding


def _asked(*labels: str) -> Understanding:
    answers = tuple(Answer(str(number), label) for number, label in enumerate(labels, 1))
    return Understanding((), questions=(Question("money", "Which?", answers, "1"),))


def test_an_answer_is_known_by_what_it_says() -> None:
    choices = Choices(answers={"money": "2"}, labels={"money": "Qty x Price"})
    assert _asked("Total", "Qty x Price").fitted(choices).answers == {"money": "2"}
    assert _asked("Qty x Price", "Total").fitted(choices).answers == {"money": "1"}


def test_an_answer_that_is_not_offered_any_more_lapses() -> None:
    choices = Choices(answers={"money": "2", "currency": "SEK"}, labels={"money": "Qty x Price - Rebate %"})
    later = _asked("Qty x Price", "Price")
    assert later.fitted(choices).answers == {"currency": "SEK"}
    assert later.open(later.fitted(choices).answers) == [later.questions[0]]


def test_an_answer_of_the_command_line_counts_as_it_is() -> None:
    choices = Choices(answers={"money": "2"})
    assert _asked("Total", "Price").fitted(choices) == replace(choices, answers={"money": "2"})
