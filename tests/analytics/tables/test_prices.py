"""Prices over time by hand, and elasticities from order lines.

One shop's customers do not answer to price; another's do, and both sell dozens at a discount.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest

from analytics import lines
from analytics.dataset import Dataset
from analytics.models import elasticity
from analytics.models.elasticity import Elasticity
from analytics.sentences import prices as prices_sentences
from analytics.sentences.products import product_findings
from analytics.tables import prices
from data.building.layout import Tables, build
from tests.analytics.tables.made_shops import daily


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


def test_price_history_by_hand() -> None:
    data = daily({"a": [0, 1, 40], "b": [2]})
    rows = prices.history(prices.months(data, lines.history(data)), "EUR")
    assert rows.select("label", "price", "units").rows() == [("Jan 2024", 10.0, 3)]  # February is not over


def _sold(*rows: tuple[str, int, int, int]) -> prices.Months:
    """Months from product, month of 2024, units and revenue in currency units."""
    table = pl.DataFrame(
        [
            {"product": name, "month": date(2024, month, 1), "units": units, "revenue": revenue * 10_000}
            | {"discount": None, "price": 0}
            for name, month, units, revenue in rows
        ],
        schema_overrides={"discount": pl.Int64},
    )
    return prices.Months(table, date(2024, 1, 1), date(2024, 12, 1))


def test_another_mix_is_no_change_of_price() -> None:
    """Nine pens and a lamp, then a pen and nine lamps, all at the same prices; the average paid grows to four times."""
    same = _sold(("pen", 1, 9, 9), ("lamp", 1, 1, 10), ("pen", 3, 1, 1), ("lamp", 3, 9, 90))
    assert prices.same_products(same) == prices.SamePrices(2, 0.0)
    history = prices.history(same, "EUR")
    assert prices_sentences.prices(history, "EUR", prices.same_products(same), 2) == (
        "Paid a unit on average, whatever was sold: €1.90 in Jan 2024, €9.10 in Mar 2024 (+379%); the prices of 2 "
        "products sold in both: unchanged."
    )
    # 10 lamps cost 120 where they cost 100, 20 pens 20 as before.
    dearer = prices.same_products(_sold(("pen", 1, 10, 10), ("lamp", 1, 5, 50), ("pen", 3, 10, 10), ("lamp", 3, 5, 60)))
    assert dearer is not None
    assert dearer.change == pytest.approx(140 / 120 - 1)


def test_prices_of_one_product_and_of_none_in_both_months() -> None:
    one = _sold(("pen", 1, 10, 10), ("pen", 3, 10, 12))
    assert prices_sentences.prices(prices.history(one, "EUR"), "EUR", prices.same_products(one), 1) == (
        "Paid a unit: €1.00 in Jan 2024, €1.20 in Mar 2024 (+20%)."
    )
    apart = _sold(("pen", 1, 10, 10), ("lamp", 3, 1, 10))
    assert prices.same_products(apart) is None
    assert prices.same_products(_sold(("pen", 1, 10, 10))) is None
    assert prices_sentences.prices(prices.history(apart, "EUR"), "EUR", None, 2).endswith(
        "(+900%); nothing was sold at a price in both."
    )


def test_what_was_free_had_no_price() -> None:
    months = pl.DataFrame(
        {"label": ["Jan 2024", "Feb 2024", "Mar 2024"], "price": [0.0, 2.0, 3.0], "discount_rate": [None, None, None]},
        schema_overrides={"discount_rate": pl.Float64},
    )
    assert (
        prices_sentences.prices(months, "EUR", None, 1) == "Paid a unit: €2.00 in Feb 2024, €3.00 in Mar 2024 (+50%)."
    )
    below = months.with_columns(-pl.col("price"))
    assert prices_sentences.prices(below, "EUR", None, 2) == (
        "Too few whole months have sales at a price above 0 to show prices over time."
    )
    same = months.with_columns(pl.lit(2.0).alias("price"))
    assert prices_sentences.prices(same, "EUR", prices.SamePrices(4, 0.0), 4).endswith(
        "€2.00 in Mar 2024 (unchanged); the prices of 4 products sold in both: unchanged."
    )


def test_the_surest_of_many_answers_lies_beyond_the_many() -> None:
    """Of twenty groups one at 2.5 % by its own interval is chance; the vague one is steeper than the sure one."""
    fits = [(f"g{n}", Elasticity(-0.5, -1.5, 0.5, 40, 0.1, chance=0.6), 1) for n in range(18)]
    chance = [*fits, ("steep", Elasticity(-4.5, -7.9, -1.1, 40, 0.1, chance=0.04), 1)]
    chance += [("none", Elasticity(None, None, None, 3, 0.0, "too little was sold to tell"), 1)]
    assert not prices.ranked(chance)["elastic"].any()
    sure = [*chance, ("sure", Elasticity(-1.6, -1.7, -1.5, 40, 0.1, chance=1e-6), 1)]
    sure += [("inelastic", Elasticity(-0.2, -0.3, -0.1, 40, 0.1, chance=1e-9), 1)]
    found = prices.ranked(sure)
    assert found["member"][0] == "steep"
    assert found.filter("elastic")["member"].to_list() == ["sure"]
    none = pl.DataFrame(schema={"profit": pl.Float64, "stage": pl.String, "beyond": pl.Boolean, "revenue": pl.Float64})
    none = none.with_columns(pl.lit(None, pl.String).alias("member"), pl.lit(None, pl.Float64).alias("revenue_base"))
    said = product_findings(none, none, None, none, found, "EUR")
    assert said == ["sure answers to price most surely: elasticity -1.6 (-1.7 to -1.5)."]
    assert product_findings(none, none, None, none, prices.ranked(chance), "EUR") == []


def test_a_chance_belongs_to_its_interval() -> None:
    """The interval excludes -1 where the chance of lying so far from it is below 5 %, of few items and of many."""
    rng = np.random.default_rng(9)
    sides = set()
    for items in (2, 8):
        for truth in (-1.0, -1.4, -2.5):
            price = np.exp(rng.normal(0, 0.15, (items, 36)))
            units = rng.poisson(60 * price**truth * np.exp(rng.normal(0, 0.2, (items, 36))))
            item, month = np.nonzero(units)
            found = elasticity.fit(units[item, month].astype(float), price[item, month], item, month, (0, 35))
            assert found.low is not None
            assert found.high is not None
            assert found.chance is not None
            sides.add(found.chance < 0.05)
            assert (found.chance < 0.05) == (not found.low <= -1 <= found.high)
    assert sides == {True, False}
