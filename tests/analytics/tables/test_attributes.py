"""Which customer attributes have groups that differ in a ratio by more than chance."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from analytics import lines
from analytics.dataset import MONEY_SCALE, Dataset
from analytics.filters import Filters
from analytics.tables import attributes
from data.building.layout import Tables, build

PEOPLE = 400


def shop(seed: int, dearer: float = 1.0, oftener: float = 1.0) -> Dataset:
    """Customers of random sizes; those with the attribute's first member pay and come so many times as much."""
    rng = np.random.default_rng(seed)
    kind = rng.choice(["F", "M"], PEOPLE)
    rows = []
    for who in range(PEOPLE):
        first = kind[who] == "F"
        size = np.exp(rng.normal(3, 0.7)) * (dearer if first else 1.0)
        for order in range(1 + rng.poisson(2 * (oftener if first else 1.0))):
            money = round(size * np.exp(rng.normal(0, 0.4)) * MONEY_SCALE)
            rows.append(
                {"order_id": f"{who}-{order}", "ordered_on": date(2024, 1, 1) + timedelta(int(rng.integers(300))),
                 "customer_id": f"c{who}", "product_id": "a", "product": "a", "quantity": 1, "revenue": money,
                 "cost": round(money * 0.6)}
            )  # fmt: skip
    people = pl.DataFrame(
        {"customer_id": [f"c{who}" for who in range(PEOPLE)], "gender": kind,
         "age": rng.choice(["young", "old"], PEOPLE), "name": [f"Customer {who}" for who in range(PEOPLE)]}
    )  # fmt: skip
    return build(Tables(pl.DataFrame(rows), people), name="x", title="x", currency="EUR").dataset()


def test_a_planted_difference_is_called_and_no_other() -> None:
    data = shop(1, dearer=1.6)
    whole = lines.history(data)
    assert attributes.apart(data, whole, "aov") == {"gender"}
    assert attributes.apart(data, whole, "revenue_per_customer") == {"gender"}
    assert attributes.apart(data, whole, "margin") == frozenset()
    assert attributes.apart(shop(2, oftener=2.0), whole, "orders_per_customer") == {"gender"}


def test_nothing_is_called_in_nineteen_of_twenty_shops_where_nothing_differs() -> None:
    called = [attributes.apart(data, lines.history(data), "aov") for data in map(shop, range(20))]
    assert sum(map(bool, called)) <= 3


@pytest.mark.parametrize("metric", ["return_rate", "return_rate_amount"])
def test_what_is_not_known_by_customer_is_not_tested(metric: str) -> None:
    data = shop(3)
    assert attributes.apart(data, lines.history(data), metric) is None


def test_an_attribute_under_a_filter_is_not_looked_at() -> None:
    data = shop(1, dearer=1.6)
    whole = lines.history(data)
    assert attributes.apart(data, Filters(whole.period, whole.comparison, (("gender", ("F",)),)), "aov") == frozenset()


def test_a_group_s_errors_are_those_of_its_customers_sums() -> None:
    """By hand: 30 of each pay 1 and 3 where the mean is 2, so that each brings -1 or 1: root 30 standard errors."""
    groups = pl.DataFrame(
        {"member": ["F", "M"], "total": [-30.0, 30.0], "squares": [30.0, 30.0], "customers": [30, 30]}
    )
    from scipy.stats import t

    assert attributes._chance(groups) == pytest.approx(2 * 2 * t.sf(30**0.5, 29))
    assert np.isnan(attributes._chance(groups.head(1)))
    assert np.isnan(attributes._chance(groups.with_columns(customers=pl.lit(29))))
