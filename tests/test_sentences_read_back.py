"""Sentences of random views are read back into names and numbers, and held against the lines by a slow twin.

The short form; `python -m benchmarks.sentences` reads more. Every function that makes sentences is read.
"""

from __future__ import annotations

import ast
import datetime
import random
import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Final

import pytest

from analytics.filters import Filters
from analytics.periods import Comparison, Period
from analytics.sentences import affinity
from benchmarks.sentences import cards, form, reading, register, shops
from benchmarks.sentences.grammar import Case, UntrueError
from benchmarks.sentences.sales import heatmap, revenue_and_orders
from benchmarks.sentences.texts import matches
from benchmarks.sentences.twin import Twin
from ui.content import sales as content
from ui.sidebar import View

ROOT: Final = Path(__file__).resolve().parents[1]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SALES_HOME", str(tmp_path))
    return tmp_path


def test_every_sentence_is_read_and_true(home: Path) -> None:
    result = reading.run(home, wanted=1_200, seed=datetime.date(2024, 2, 29).toordinal())
    assert result.untrue == []
    assert result.claims > 3 * result.sentences
    unread = set(register.functions()) - register.NO_NUMBER - set(result.by_function)
    assert unread == set(), "functions that make sentences which no view here shows: show them, and read them"


def test_the_strongest_weekday_of_a_long_period_is_that_of_the_months_shown(home: Path) -> None:
    """A heat map holds 24 months: the days before them are no part of any mean."""
    source, data = shops.published(shops.shop(5_023), home)
    period = Period(data.first_day, data.last_day)
    assert period.days > 800
    view = View(source, Filters(period, Comparison("none", None), ()), "month", "revenue")
    case = Case(Twin(data), view)
    heatmap(case, content.heatmap(view).takeaway)
    assert case.claims > 5


def test_days_after_a_long_time_without_sales_are_judged_by_the_level_before(home: Path) -> None:
    """Seven orders in sixteen months, none of them for half a year."""
    source, data = shops.published(shops.shop(910_004), home)
    filters = Filters(Period(datetime.date(2023, 1, 1), datetime.date(2023, 12, 31)), Comparison("none", None),
                      (("channel", ("phone",)),))  # fmt: skip
    case = Case(Twin(data), View(source, filters, "month", "revenue"))
    texts = {card: (text, reader) for card, text, reader in cards.takeaways(case, random.Random(0))}
    text, reader = texts["unusual days"]
    assert text == "No day of this period fell out of line in revenue."
    reader(case, text)


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
    source, data = shops.published(shops.shop(3), home)
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


def test_a_new_function_belongs_to_the_register_by_what_it_returns(monkeypatch: pytest.MonkeyPatch) -> None:
    def more(count: int) -> str:
        return f"{count} more."

    more.__module__ = affinity.__name__
    monkeypatch.setattr(affinity, "more", more, raising=False)
    assert "affinity.more" in register.functions()
    assert not any(name.startswith("words.") for name in register.functions())


def test_a_sentence_that_nobody_reads_is_found(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def only_growth(case: Case, _draw: random.Random) -> Iterator[tuple[str, str, cards.Reader]]:
        content.movers(case.view)
        yield "growth", content.growth(case.view).takeaway, lambda *_: None

    monkeypatch.setattr(cards, "takeaways", only_growth)
    source, data = shops.published(shops.shop(3), home)
    result = reading.Result()
    reading.read_view(result, Case(Twin(data), shops.opening(source, data)), "a view")
    unread = ["sales.breakdown", "sales.movers", "sales.trend"]
    assert sorted(result.by_function) == sorted([*unread, "sales.growth"])
    assert sorted(one.split("\n")[0] for one in result.untrue) == [f"a view: nobody reads {name}" for name in unread]
    assert not hasattr(register.functions()["sales.trend"][1], "__wrapped__"), "functions are as they were"


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("1 customers, together -€3.00.", ["one of several"]), ("2 customer came.", ["several of one"]),
        ("Of them nan came.", ["a value that is none"]), ("None of the bikes loses money.", []),
        (" Half do by day 3.", ["a hole"]), ("It fell +-3%.", ["two signs"]), ("It moved by -0%.", ["two signs"]),
        ("It moved by -0.4 pp.", []), ("It grew", ["no end"]), ("May 2021 is the strongest month.", []),
        ("3 of 1 orders or more.", ["one of several"]), ("A and B have 1,001 orders; 21 days.", []),
    ],
)  # fmt: skip
def test_bad_form_is_seen(text: str, faults: list[str]) -> None:
    assert form.faults(text) == faults


def test_names_may_look_like_anything() -> None:
    assert form.faults("None inf  leads with 1 orders X.", ["None inf  leads with 1 orders X"]) == []


MAY_STAND: Final = ("takeaway", "why")
"""What a card may put together: sentences that stand already, and why something is not shown."""


def own_words(source: str) -> list[str]:
    """Texts of words and values that a module makes, other than by joining sentences that stand already."""
    tree, found = ast.parse(source), []
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            values = [part.value for part in node.values if isinstance(part, ast.FormattedValue)]
            words = "".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))
            plain = all(getattr(one, "attr", getattr(one, "id", "")) in MAY_STAND or _sentence(one) for one in values)
            if len(re.findall("[A-Za-z]{2,}", words)) > 1 and not plain:
                found.append(ast.unparse(node))
    return found


def _sentence(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and "sentences" in ast.unparse(node.func)


def test_content_makes_no_sentence_of_its_own() -> None:
    """Sentences with a number in them are made in analytics/sentences, where they are read back."""
    for path in sorted((ROOT / "ui" / "content").glob("*.py")):
        assert own_words(path.read_text(encoding="utf-8")) == [], path.name
    assert own_words('f"{count:,} customers came"') == ["f'{count:,} customers came'"]


def test_takeaways_of_cards_are_sentences_made_elsewhere() -> None:
    for path in sorted((ROOT / "ui" / "cards").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "takeaway":
                assert own_words(ast.unparse(node.value)) == [], path.name
