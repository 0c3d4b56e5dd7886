"""Sentences of random views are read back into names and numbers, and held against the lines by a slow twin.

The short form; `python -m benchmarks.sentences` reads 2,000.
"""

from __future__ import annotations

import datetime
import random
from fractions import Fraction
from pathlib import Path

import pytest

from benchmarks.sentences import reading, shops
from benchmarks.sentences.grammar import Case, UntrueError
from benchmarks.sentences.sales import revenue_and_orders
from benchmarks.sentences.texts import matches
from benchmarks.sentences.twin import Twin
from ui.sidebar import View


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SALES_HOME", str(tmp_path))
    return tmp_path


def test_two_hundred_sentences_are_true(home: Path) -> None:
    result = reading.run(home, wanted=200, seed=datetime.date(2024, 2, 29).toordinal())
    assert result.untrue == []
    assert result.claims > 2 * result.sentences
    assert len(result.by_card) >= 15


def test_the_strongest_weekday_of_a_long_period_is_that_of_the_months_shown(home: Path) -> None:
    """A heat map holds 24 months: the days before them are no part of any mean."""
    result = reading.run(home, wanted=70, seed=5_023)
    assert result.untrue == []


@pytest.mark.parametrize(
    ("text", "truth", "holds"),
    [
        ("€1,235", Fraction(12346, 10), True), ("€1,235", 1236, False), ("€64.2K", 64_249, True),
        ("€64.2K", 64_251, False), ("€1M", 1_004_999, True), ("€1M", 1_006_000, False),
        ("12.3%", Fraction(1234, 10_000), True),
        ("12.3%", Fraction(1236, 10_000), False), ("+3%", Fraction(30_049, 1_000_000), True), ("-0.4 pp", -0.004, True),
        ("-0.4 pp", 0.004, False), ("7", 7, True), ("7", 8, False),
        ("–", None, True), ("–", 0, False), ("0", None, False),
    ],
)  # fmt: skip
def test_numbers_are_read_as_exactly_as_they_are_written(
    text: str, truth: Fraction | float | None, holds: bool
) -> None:
    assert matches(text, truth) is holds


def test_a_sentence_that_is_not_true_is_found(home: Path) -> None:
    source, data = shops.published(3, home)
    view = shops.view(source, data, random.Random(1))
    view = View(view.source, view.filters, view.grain, "revenue")
    case = Case(Twin(data), view)
    orders = case.twin.value("orders", case.where, case.now)
    assert orders is not None
    aov = case.twin.value("aov", case.where, case.now)
    for text in (f"{int(orders) + 1:,} orders of €1.00 on average.", "Orders were many."):
        with pytest.raises(UntrueError):
            revenue_and_orders(case, text)
    assert aov is None or case.claims
