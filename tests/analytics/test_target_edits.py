"""Edited targets: they survive saving, and change only what was typed."""

from __future__ import annotations

import json
from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.dataset import Dataset
from analytics.tables import target_edits, targets
from tests.analytics.test_products_and_markets import seasonal

DATA: Dataset = seasonal()
MONTHS = st.sampled_from([date(2025, month, 1) for month in range(1, 13)])
AMOUNTS = st.one_of(st.none(), st.decimals(0, 10**9, places=2).map(float))


@given(st.dictionaries(MONTHS, AMOUNTS), st.dictionaries(MONTHS, AMOUNTS))
@settings(max_examples=60, deadline=None)
def test_what_is_typed_is_what_is_there(first: dict[date, float | None], then: dict[date, float | None]) -> None:
    table = target_edits.empty(DATA, ["country"])
    for amounts in (first, then):
        table = target_edits.changed(table, {"country": "France"}, amounts)
    table = target_edits.changed(table, {"country": "Spain"}, {date(2025, 1, 1): 5.0})
    kept = target_edits.from_plain(json.loads(json.dumps(target_edits.to_plain(table))), DATA)
    assert kept.equals(table)
    wanted = dict.fromkeys((date(2025, month, 1) for month in range(1, 13)), None) | first | then
    assert target_edits.of(kept, {"country": "France"}, 2025) == pytest.approx(wanted)
    assert target_edits.of(kept, {"country": "Spain"}, 2025)[date(2025, 1, 1)] == 5.0


def test_edited_targets_take_the_place_of_the_data_s() -> None:
    table = target_edits.changed(target_edits.empty(DATA, []), {}, {date(2025, 1, 1): 100.0})
    found = targets.targets(DATA, _all(), table)
    assert found.dimensions == ()
    assert found.months["target"].to_list() == [100.0]
    assert found.months["actual"].item() == pytest.approx(3 * 6 * 136)


def test_below_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="below 0"):
        target_edits.changed(target_edits.empty(DATA, []), {}, {date(2025, 1, 1): -1.0})


def test_members_that_are_gone_are_left_out() -> None:
    plain = {"dimensions": ["country"], "rows": [["2025-01-01", "Atlantis", 5], ["2025-01-01", "Spain", 6]]}
    assert target_edits.from_plain(plain, DATA)["revenue"].to_list() == [6]
    assert target_edits.from_plain({"dimensions": ["planet"], "rows": []}, DATA).is_empty()
    for bad in ({}, {"dimensions": [], "rows": [["soon", 5]]}):
        with pytest.raises((KeyError, ValueError)):
            target_edits.from_plain(bad, DATA)


def _all():  # type: ignore[no-untyped-def]
    from analytics import lines

    return lines.history(DATA)


def test_frames_look_like_the_dataset_s() -> None:
    assert DATA.targets is not None
    assert target_edits.empty(DATA, ["country"]).schema == pl.Schema(
        {"month": pl.Date, "country": DATA.lines.collect_schema()["country"], "revenue": pl.Int64}
    )
