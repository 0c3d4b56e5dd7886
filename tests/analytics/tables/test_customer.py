"""The search for a customer, against its slow twin, and the days on which one is scored."""

from __future__ import annotations

from datetime import date

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from analytics.tables import customer as customer_tables
from tests.analytics.tables.made_purchases import START


def test_search_finds_by_every_word_likeliest_first() -> None:
    people = pl.DataFrame(
        {
            "customer_id": [None, "A1", "A12", "B3", "C4", "D5"],
            "name": [None, "Ada Kim", "Bo Adamson", "Kim Ada Lee", None, "Never Bought"],
            "first_on": [None, START, START, START, START, None],
        }
    )
    known = customer_tables.directory(people)
    assert customer_tables.find(known, people, "a1")["customer_id"].to_list() == ["A1", "A12"]
    assert customer_tables.find(known, people, "KIM ada")["customer_id"].to_list() == ["B3", "A1"]
    assert customer_tables.find(known, people, "c4")["name"].to_list() == [None]
    for nothing in ("", "  ", "bought", "(", "zzz"):
        assert customer_tables.find(known, people, nothing).is_empty()


def test_scored_days_are_quarter_ends_with_data() -> None:
    days = customer_tables.scored_days(date(2023, 11, 5), date(2024, 8, 17))
    assert days == [date(2023, 12, 31), date(2024, 3, 31), date(2024, 6, 30), date(2024, 8, 17)]


NAMES = st.text("abc é", max_size=6)


@given(
    st.lists(
        st.tuples(st.text("abc12", min_size=1, max_size=4), st.one_of(st.none(), NAMES)),
        max_size=30,
        unique_by=lambda one: one[0],
    ),
    st.text("abc1 ", max_size=4),
    st.integers(1, 5),
)
def test_the_search_equals_its_slow_twin(people: list[tuple[str, str | None]], typed: str, most: int) -> None:
    frame = pl.DataFrame(
        {"customer_id": [None, *(one for one, _ in people)], "name": [None, *(name for _, name in people)]},
        schema={"customer_id": pl.String, "name": pl.String},
    ).with_columns(pl.when(pl.col("customer_id").is_not_null()).then(pl.lit(START)).alias("first_on"))
    words = typed.split()
    asked = " ".join(words)

    def rank(one: tuple[str, str | None]) -> tuple[int, str, str]:
        key, name = one[0], one[1] or ""
        likely = 0 if key == asked else 1 if key.startswith(asked) else 2 if name.startswith(asked) else 3
        return likely, name, key

    expected = [one for one in people if words and all(word in one[0] or word in (one[1] or "") for word in words)]
    found = customer_tables.find(customer_tables.directory(frame), frame, typed, most)
    assert found["customer_id"].to_list() == [one[0] for one in sorted(expected, key=rank)[:most]]
