"""The budget of what is remembered: what answers weigh, and which are dropped for which."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics import filters
from tests.sources import ROOT
from tests.ui.test_caching import demo_view
from ui import caching, queries
from ui.caching import Answers, weigh
from ui.content import customers
from ui.content.remembered import first
from ui.sidebar import View

WEIGHED = """
import gc
import polars as pl
from ui.caching import weigh

def resident():
    return int(open("/proc/self/statm").read().split()[1]) * 4096

def card(n):
    rows = pl.DataFrame({f"c{c}": [f"{n} {c} {r} some words" if c % 3 else n * r / 7 for r in range(ROWS)]
                         for c in range(COLUMNS)})
    return rows.sort("c0")

for n in range(50):
    card(n)
gc.collect()
before = resident()
kept = [card(n) for n in range(MANY)]
gc.collect()
print(sum(map(weigh, kept)) / (resident() - before))
"""


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is read where Linux tells it")
@pytest.mark.parametrize(("rows", "columns", "many"), [(1, 10, 3000), (12, 25, 1500), (1000, 10, 300)])
def test_frames_weigh_what_they_take(rows: int, columns: int, many: int) -> None:
    code = WEIGHED.replace("ROWS", str(rows)).replace("COLUMNS", str(columns)).replace("MANY", str(many))
    said = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    assert 0.6 < float(said) < 1.6


def test_what_is_held_inside_weighs_too() -> None:
    text = "x" * 10_000
    for value in ([text], (text,), {"a": text}, {text: 1}, frozenset({text}), first(pl.DataFrame({"a": [text]}), 1)):
        assert weigh(value) > 10_000


@given(
    st.lists(st.tuples(st.integers(0, 12), st.integers(0, 60)), max_size=60),
    st.integers(1, 200),
)
def test_the_budget_holds_and_what_was_asked_for_last_stays(asked: list[tuple[int, int]], budget: int) -> None:
    sizes: dict[int, int] = {}
    for key, size in asked:
        sizes.setdefault(key, size)
    weights = {key: weigh("x" * size) + weigh(key) for key, size in sizes.items()}
    limit = budget * 10
    answers = Answers(lambda: limit)
    kept: list[int] = []  # the slow twin: keys, those asked for least recently first
    for key, _ in asked:
        computed = []

        def compute(key: int = key, computed: list[int] = computed) -> str:
            computed.append(key)
            return "x" * sizes[key]

        assert answers.ask(key, compute) == "x" * sizes[key]
        assert bool(computed) == (key not in kept)
        if key in kept:
            kept.remove(key)
            kept.append(key)
        elif weights[key] <= limit:
            kept.append(key)
            while sum(weights[one] for one in kept) > limit:
                others = kept[:-1] or kept
                mean = Fraction(sum(weights[one] for one in others), len(others))
                kept.remove(next(one for one in others if weights[one] >= mean))
        assert answers.bytes == sum(weights[one] for one in kept) <= limit
        assert len(answers) == len(kept)


def test_a_small_answer_is_not_dropped_for_the_sake_of_large_ones() -> None:
    answers, computed = Answers(lambda: 100_000), []

    def ask(key: str, size: int) -> None:
        answers.ask(key, lambda: computed.append(key) or "x" * size)

    for key in ("fit", "histories", "purchases", "predictions", "fit", "predictions"):
        ask(key, 100 if key == "fit" else 40_000)
    assert computed == ["fit", "histories", "purchases", "predictions"]
    ask("histories", 40_000)
    assert computed[4:] == ["histories"]


def test_many_views_stay_within_the_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    budget = 3_000_000
    small = Answers(lambda: budget)
    monkeypatch.setattr(caching, "ANSWERS", small)
    view = demo_view()
    for country in queries.dataset(view.source).members["country"]:
        where = filters.where({"country": [country]})
        one = View(view.source, filters.Filters(view.filters.period, view.filters.comparison, where), "month", "units")
        customers.top_customers(one, "revenue")
        assert 0 < small.bytes <= budget
    assert len(small) > 1
