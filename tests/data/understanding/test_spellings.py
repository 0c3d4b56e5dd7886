"""Spellings of one member: which are one, which name they get, and that it can be undone."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from data.sources import ROW
from data.understanding.spellings import variants
from data.understanding.tables import table_of
from data.understanding.types import Choices
from data.understanding.understand import understood


def _counts(counts: dict[str, int]) -> pl.DataFrame:
    return pl.DataFrame({"text": list(counts), "rows": list(counts.values())})


def test_the_spelling_on_most_rows_names_the_member() -> None:
    assert variants(_counts({"york": 2, "York": 5, "YORK ": 1})) == {"york": "York", "YORK": "York"}
    assert variants(_counts({"Bath": 3, "Leeds": 2})) == {}


def test_of_equally_many_the_one_in_both_cases_of_letters() -> None:
    assert variants(_counts({"york": 2, "York": 2, "YORK": 2})) == {"york": "York", "YORK": "York"}


def test_blanks_inside_and_other_forms_of_one_letter() -> None:
    assert variants(_counts({"New York": 3, "New\u00a0York": 1, "New  York": 1})) == {
        "New  York": "New York",
        "New\u00a0York": "New York",
    }
    assert variants(_counts({"Zoe\u0301": 1, "Zo\u00e9": 2})) == {"Zoe\u0301": "Zo\u00e9"}


def test_single_letters_are_codes() -> None:
    assert variants(_counts({"a": 3, "A": 2})) == {}


@given(st.dictionaries(st.text("aAbB \u00a0", min_size=1, max_size=4), st.integers(1, 9), max_size=8))
def test_names_stand_for_themselves(counts: dict[str, int]) -> None:
    found = variants(_counts(counts))
    assert not set(found) & set(found.values())
    for other, usual in found.items():
        assert other.casefold().split() == usual.casefold().split()


def test_counted_together_by_default_and_apart_where_somebody_says_so() -> None:
    cells = {"Order No": "1234", "Order Date": ["2025-01-13"] * 4, "Country": ["France", "france", "France", "Spain"],
             "Product": ["Cup", "Pot", "Cup", "CUP"], "Quantity": ["1", "2", "3", "4"],
             "Amount": ["5.00", "6.00", "15.00", "20.00"]}  # fmt: skip
    frame = pl.DataFrame({name: list(values) for name, values in cells.items()}).with_row_index(ROW, offset=2)
    found = understood([table_of("sales.csv", frame.lazy(), 4)])
    columns = found.recipe(Choices())["lines"]["columns"]
    assert columns["country"] == {"column": "Country", "values": {"france": "France"}}
    assert columns["product"] == {"column": "Product", "values": {"CUP": "Cup"}}
    question = next(question for question in found.questions if question.key == "spellings")
    assert not question.must
    assert "france is France" in question.text
    apart = found.recipe(Choices(answers={"spellings": "keep"}))["lines"]["columns"]
    assert (apart["country"], apart["product"]) == ({"column": "Country"}, {"column": "Product"})
