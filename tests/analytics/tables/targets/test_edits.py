"""Edited targets: they survive saving, and change only what was typed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.dataset import Dataset
from analytics.tables.targets import edits, progress
from analytics.tables.targets.edits import TargetEdit
from tests.analytics.tables.made_shops import seasonal

DATA: Dataset = seasonal()
MONTHS = st.sampled_from([date(2025, month, 1) for month in range(1, 13)])
AMOUNTS = st.one_of(st.none(), st.decimals(0, 10**9, places=2).map(float))


NONE = {"dimensions": ["country"], "rows": []}


def typed(plain: dict[str, Any], members: dict[str, str], amounts: Mapping[date, float | None]) -> dict[str, Any]:
    """Saved targets after somebody who saw them typed amounts."""
    seen = edits.of(edits.from_plain(plain, DATA), members, 2025)
    return edits.applied(plain, edits.change(members, seen, amounts))


@given(st.dictionaries(MONTHS, AMOUNTS), st.dictionaries(MONTHS, AMOUNTS))
@settings(max_examples=60, deadline=None)
def test_what_is_typed_is_what_is_there(first: dict[date, float | None], then: dict[date, float | None]) -> None:
    plain: dict[str, Any] = NONE
    for amounts in (first, then):
        plain = typed(plain, {"country": "France"}, amounts)
    plain = json.loads(json.dumps(typed(plain, {"country": "Spain"}, {date(2025, 1, 1): 5.0})))
    kept = edits.from_plain(plain, DATA)
    assert edits.to_plain(kept) == plain
    wanted = dict.fromkeys((date(2025, month, 1) for month in range(1, 13)), None) | first | then
    assert edits.of(kept, {"country": "France"}, 2025) == pytest.approx(wanted)
    assert edits.of(kept, {"country": "Spain"}, 2025)[date(2025, 1, 1)] == 5.0


def test_edited_targets_take_the_place_of_the_data_s() -> None:
    plain = typed({"dimensions": [], "rows": []}, {}, {date(2025, 1, 1): 100.0})
    found = progress.targets(DATA, _all(), edits.from_plain(plain, DATA))
    assert found.dimensions == ()
    assert found.months["target"].to_list() == [100.0]
    assert found.months["actual"].item() == pytest.approx(3 * 6 * 136)


def test_below_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="below 0"):
        edits.change({}, {}, {date(2025, 1, 1): -1.0})


# --- Two who type -----------------------------------------------------------------------------------------------------

CELLS = st.dictionaries(st.tuples(st.sampled_from(["France", "Spain"]), MONTHS), AMOUNTS, max_size=8)


def changes(seen: Mapping[Any, float | None], wanted: Mapping[Any, float | None]) -> list[TargetEdit]:
    """What somebody types for each country, who saw some cells."""
    found = []
    for country in ("France", "Spain"):
        mine = {month: amount for (of, month), amount in wanted.items() if of == country}
        found.append(edits.change({"country": country}, {month: seen.get((country, month)) for month in mine}, mine))
    return found


def cells(plain: Mapping[str, Any]) -> dict[tuple[str, date], int]:
    return {(country, date.fromisoformat(month)): money for month, country, money in plain["rows"]}


@given(CELLS, CELLS, CELLS)
@settings(max_examples=200, deadline=None)
def test_nobody_s_cell_is_lost(start: Any, theirs: Any, mine: Any) -> None:
    """Two start from one state: what clashes is told, all else of both is there."""

    def money(of: Mapping[Any, float | None]) -> dict[Any, int]:
        return {cell: round(amount * 10_000) for cell, amount in of.items() if amount is not None}

    plain: dict[str, Any] = NONE
    for one in changes({}, start):
        plain = edits.applied(plain, one)
    assert cells(plain) == money(start)
    for one in changes(start, theirs):
        plain = edits.applied(plain, one)
    after_theirs = start | theirs
    assert cells(plain) == money(after_theirs)
    asked = set()
    for one in changes(start, mine):
        clash = edits.clashes(plain, one)
        asked |= {(dict(one.members)["country"], month) for month, _, _ in clash.months}
        plain = edits.applied(plain, one.without(clash))

    def same(one: float | None, other: float | None) -> bool:
        return money({0: one}) == money({0: other})

    both = {
        cell
        for cell in mine
        if not same(mine[cell], start.get(cell))
        and not same(after_theirs.get(cell), start.get(cell))
        and not same(mine[cell], after_theirs.get(cell))
    }
    assert asked == both
    unchanged = {cell for cell in mine if same(mine[cell], start.get(cell))}
    assert cells(plain) == money(
        after_theirs | {cell: amount for cell, amount in mine.items() if cell not in both | unchanged}
    )


def test_targets_by_another_dimension_are_asked_about() -> None:
    plain = {"dimensions": ["country"], "rows": [["2025-01-01", "Spain", 5]]}
    total = edits.change({}, {}, {date(2025, 1, 1): 7.0})
    assert edits.clashes(plain, total) == total
    assert edits.applied(plain, total) == {"dimensions": [], "rows": [["2025-01-01", 70_000]]}
    assert not edits.clashes(plain | {"rows": []}, total).months


def test_targets_of_members_that_are_gone_stay_saved() -> None:
    plain = {"dimensions": ["country"], "rows": [["2025-01-01", "Atlantis", 5], ["2025-01-01", "Spain", 6]]}
    after = typed(plain, {"country": "Spain"}, {date(2025, 2, 1): 1.0})
    assert ["2025-01-01", "Atlantis", 5] in after["rows"]
    assert len(after["rows"]) == 3


def test_targets_for_all_members_of_a_dimension_stay() -> None:
    plain = {"dimensions": ["country"], "rows": [["2025-01-01", None, 5]]}
    after = typed(plain, {"country": "Spain"}, {date(2025, 1, 1): 1.0})
    assert after["rows"] == [["2025-01-01", None, 5], ["2025-01-01", "Spain", 10_000]]


def test_members_that_are_gone_are_left_out() -> None:
    plain = {"dimensions": ["country"], "rows": [["2025-01-01", "Atlantis", 5], ["2025-01-01", "Spain", 6]]}
    assert edits.from_plain(plain, DATA)["revenue"].to_list() == [6]
    assert edits.from_plain({"dimensions": ["planet"], "rows": []}, DATA).is_empty()
    for bad in ({}, {"dimensions": [], "rows": [["soon", 5]]}):
        with pytest.raises((KeyError, ValueError)):
            edits.from_plain(bad, DATA)


def _all():  # type: ignore[no-untyped-def]
    from analytics import lines

    return lines.history(DATA)


def test_frames_look_like_the_dataset_s() -> None:
    assert DATA.targets is not None
    assert edits.empty(DATA, ["country"]).schema == pl.Schema(
        {"month": pl.Date, "country": DATA.lines.collect_schema()["country"], "revenue": pl.Int64}
    )
