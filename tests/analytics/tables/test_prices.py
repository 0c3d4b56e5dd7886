"""Elasticities from order lines: a shop whose customers do not answer to price, and one with a dozen at a discount."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest

from analytics import lines
from analytics.dataset import Dataset
from analytics.models.elasticity import Elasticity
from analytics.tables import prices
from data.building.layout import Tables, build


def shop(seed: int, truth: float) -> Dataset:
    """Four years of one product whose price is held for some months, with dozens at a third less in some of them."""
    rng = np.random.default_rng(seed)
    rows: list[dict[str, Any]] = []
    cents = 1_000
    for month in range(48):
        start = date(2021 + month // 12, month % 12 + 1, 1)
        if rng.random() < 0.3:
            cents = int(rng.integers(8, 13)) * 100
        singles = rng.poisson(60 * (cents / 1_000) ** truth)
        dozens = rng.poisson(12) if rng.random() < 0.4 else 0
        for quantity, price in [(1, cents)] * singles + [(12, round(cents * 0.67))] * dozens:
            rows.append(
                {"order_id": f"{len(rows):06d}", "ordered_on": start + timedelta(int(rng.integers(0, 28)))}
                | {"customer_id": f"c{len(rows)}", "product_id": "a", "product": "a"}
                | {"quantity": quantity, "revenue": quantity * price * 100}
            )
    rows.append(rows[-1] | {"order_id": "last", "ordered_on": date(2024, 12, 31)})
    return build(Tables(pl.DataFrame(rows), None), name="x", title="x", currency="EUR").dataset()


@pytest.mark.parametrize("truth", [0.0, -1.3])
def test_dozens_at_a_discount_are_not_taken_for_an_answer_to_price(truth: float) -> None:
    inside = 0
    for seed in range(5):
        data = shop(seed, truth)
        sold = prices.months(data, lines.history(data))
        paid = (sold.rows["revenue"] / sold.rows["units"]).log()
        by_average = np.polyfit(paid.to_numpy(), sold.rows["units"].log().to_numpy(), 1)[0]
        assert by_average < truth - 0.6  # what the average paid price would say
        found = prices.fit(sold)
        assert found.low is not None
        assert found.high is not None
        inside += found.low <= truth <= found.high
    assert inside >= 4


def test_an_elasticity_of_as_good_as_nothing_has_no_sign() -> None:
    assert prices.text(Elasticity(-0.04, -1.26, 0.04, 40, 0.1)) == "0.0 (-1.3 to 0.0)"
