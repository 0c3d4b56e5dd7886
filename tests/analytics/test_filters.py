"""Filters: normal forms that can key a cache, the rows they keep, their words."""

from __future__ import annotations

import dataclasses
from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.filters import Filters, between, describe, one_line, where
from analytics.lines.conditions import kept
from analytics.periods import Comparison, Period

H1 = Period(date(2022, 1, 1), date(2022, 6, 30))
BASE = Period(date(2021, 1, 1), date(2021, 6, 30))
PLACES = ["Berlin", "Köln", "Paris"]
KINDS = ["A", "B"]


def filters(**chosen: list[str]) -> Filters:
    return Filters(H1, Comparison("previous_year", BASE), where(chosen))


def test_where_is_one_form_for_one_choice() -> None:
    assert where({"b": ["y", "x", "y"], "a": []}) == (("b", ("x", "y")),)
    assert where({"b": iter(["y", "x"]), "a": (m for m in ["z"])}) == (("a", ("z",)), ("b", ("x", "y")))
    assert where({}) == ()
    assert hash(filters(country=["France", "Spain"])) == hash(filters(country=["Spain", "France", "France"]))


def test_filters_are_frozen() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        filters().where = ()  # type: ignore[misc]


def test_members_base_and_without() -> None:
    view = filters(country=["France"], category=["Bikes", "Clothing"])
    assert view.members("category") == ("Bikes", "Clothing")
    assert view.members("region") == ()
    assert view.base == BASE
    assert view.without(["country", "region"]).where == (("category", ("Bikes", "Clothing")),)
    assert view.without([]) == view
    assert Filters(H1, Comparison("none", None)).base is None


@given(
    st.lists(st.tuples(st.sampled_from(PLACES), st.sampled_from(KINDS)), max_size=12),
    st.lists(st.sampled_from([*PLACES, "Atlantis"]), max_size=3),
    st.lists(st.sampled_from(KINDS), max_size=2),
)
@settings(max_examples=60, deadline=None)
def test_kept_rows_are_those_of_a_plain_loop(rows: list[tuple[str, str]], places: list[str], kinds: list[str]) -> None:
    frame = pl.DataFrame(rows, schema={"place": pl.Enum(PLACES), "kind": pl.Enum(KINDS)}, orient="row")
    condition = kept(where({"place": places, "kind": kinds}), {"place": PLACES, "kind": KINDS})
    found = frame if condition is None else frame.filter(condition)
    twin = [row for row in rows if (not places or row[0] in places) and (not kinds or row[1] in kinds)]
    assert found.rows() == twin


def test_between_holds_both_ends() -> None:
    frame = pl.DataFrame({"day": [date(2021, 12, 31), date(2022, 1, 1), date(2022, 6, 30), date(2022, 7, 1)]})
    assert frame.filter(between(H1))["day"].to_list() == [H1.start, H1.end]


def test_the_view_says_itself() -> None:
    view = filters(country=["France", "Germany"], category=["Bikes"])
    assert describe(view, {"country": "Country"}) == (
        "1 Jan – 30 Jun 2022 (181 days); compared with 1 Jan – 30 Jun 2021 (181 days); "
        "category: Bikes; Country: France, Germany"
    )
    one = Filters(Period(H1.start, H1.start), Comparison("none", None))
    assert describe(one, {}) == "1 Jan 2022 (1 day)"


def test_long_lists_are_cut() -> None:
    assert one_line(("a", "b", "c")) == "a, b, c"
    assert one_line(("a", "b", "c", "d", "e")) == "a, b, c + 2 more"
