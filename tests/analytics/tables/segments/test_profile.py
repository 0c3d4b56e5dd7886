"""What sets a segment apart from all customers."""

from __future__ import annotations

import polars as pl
import pytest

from analytics.tables.segments.profile import profile


def test_a_profile_is_hand_worked() -> None:
    counts = pl.DataFrame(
        {"group": [0, 0, 1, 1, 1], "member": ["a", "b", "a", "b", "c"], "customers": [100, 100, 30, 10, 2]}
    )
    table = profile({"country": counts}, 40, 200)
    rows = {row["member"]: row for row in table.iter_rows(named=True)}
    assert rows["a"]["times"] == pytest.approx((30 / 40) / (100 / 200))
    assert rows["a"]["tells"]
    assert rows["b"]["times"] == pytest.approx(0.5)
    assert rows["c"]["times"] is None
    assert not rows["c"]["enough"]
    assert not profile({"country": counts}, 29, 200)["enough"].any()
