"""Elasticity: ordinary least squares as statsmodels has it, honest intervals, and refusals."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from analytics.models import elasticity
from analytics.models.elasticity import Elasticity


def panel(
    rng: np.random.Generator, items: int, months: int, value: float = -1.7, *, hole: float = 0.1
) -> tuple[NDArray[np.float64], ...]:
    item, month = (grid.ravel() for grid in np.meshgrid(np.arange(items), np.arange(months), indexing="ij"))
    price = np.exp(rng.normal(2, 0.15, item.size) + rng.normal(0, 1, items)[item])
    season = rng.normal(0, 0.3, months)[month]
    units = np.exp(3 + rng.normal(0, 1, items)[item] + season + value * np.log(price) + rng.normal(0, 0.4, item.size))
    kept = rng.random(item.size) > hole
    return units[kept], price[kept], item[kept].astype(float), month[kept].astype(float)


def by_statsmodels(units, price, item, month) -> tuple[float, float, float, float]:  # type: ignore[no-untyped-def]
    import statsmodels.api as sm

    several = np.unique(item).size > 1
    effect = month if several else month % 12
    columns = [np.log(price), np.ones(price.size)]
    for codes in (item, effect):
        columns += [(codes == code).astype(float) for code in np.unique(codes)[1:]]
    model = sm.OLS(np.log(units), np.column_stack(columns))
    by_item = {"cov_type": "cluster", "cov_kwds": {"groups": item.astype(int)}, "use_t": True}
    fitted = model.fit(**(by_item if several else {}))
    low, high = fitted.conf_int(0.05)[0]
    return fitted.params[0], fitted.bse[0], low, high


@pytest.mark.parametrize(("items", "months"), [(1, 36), (1, 60), (5, 24), (20, 36)])
@pytest.mark.parametrize("seed", range(5))
def test_equals_statsmodels(items: int, months: int, seed: int) -> None:
    data = panel(np.random.default_rng(seed), items, months)
    found = elasticity.fit(*data)
    want = by_statsmodels(*data)
    assert (found.value, found.error, found.low, found.high) == pytest.approx(want, rel=1e-9, abs=1e-9)


def test_intervals_hold_the_truth_in_94_to_96_percent() -> None:
    rng, inside = np.random.default_rng(11), 0
    for _ in range(5_000):
        found = elasticity.fit(*panel(rng, 1, 36, -1.7, hole=0.0))
        assert found.low is not None
        assert found.high is not None
        inside += found.low <= -1.7 <= found.high
    assert 0.94 <= inside / 5_000 <= 0.96


def test_intervals_hold_the_truth_where_an_items_months_resemble_each_other() -> None:
    def alike(rng: np.random.Generator, spread: float, share: float) -> NDArray[np.float64]:
        out = rng.normal(0, spread, (20, 24))
        for month in range(1, 24):
            out[:, month] = share * out[:, month - 1] + np.sqrt(1 - share**2) * out[:, month]
        return out

    rng, inside, runs = np.random.default_rng(12), 0, 1_500
    item, month = np.meshgrid(np.arange(20), np.arange(24), indexing="ij")
    for _ in range(runs):
        price = 2 + alike(rng, 0.15, 0.8)
        units = 3 - 1.7 * price + alike(rng, 0.4, 0.6) + rng.normal(0, 0.3, 24)
        found = elasticity.fit(np.exp(units).ravel(), np.exp(price).ravel(), item.ravel(), month.ravel())
        assert found.low is not None
        assert found.high is not None
        inside += found.low <= -1.7 <= found.high
    assert 0.94 <= inside / runs <= 0.96


def test_prices_that_did_not_vary_tell_nothing() -> None:
    rng = np.random.default_rng(3)
    months = np.arange(36.0)
    found = elasticity.fit(np.exp(rng.normal(3, 0.2, 36)), np.full(36, 9.99), np.zeros(36), months)
    assert not found.identifiable
    assert "hardly varied" in found.reason


def test_a_price_that_moves_with_the_season_tells_nothing() -> None:
    months = np.arange(48.0)
    price = 10 + (months % 12 == 10) * -3.0
    found = elasticity.fit(np.exp(np.random.default_rng(1).normal(3, 0.2, 48)), price, np.zeros(48), months)
    assert not found.identifiable


def test_too_few_months() -> None:
    months = np.arange(15.0)
    price = np.exp(np.random.default_rng(2).normal(2, 0.2, 15))
    found = elasticity.fit(np.ones(15) * 4, price, np.zeros(15), months)
    assert found.value is None
    assert "more are needed" in found.reason


def test_nothing_at_all() -> None:
    empty = np.zeros(0)
    assert not elasticity.fit(empty, empty, empty, empty).identifiable


def test_zero_units_are_refused() -> None:
    with pytest.raises(ValueError, match="above 0"):
        elasticity.fit(np.array([0.0]), np.array([1.0]), np.array([0]), np.array([0]))


def test_what_if_by_hand() -> None:
    found = Elasticity(-2.0, -3.0, -1.0, 0.5, 40, 0.1)
    made = elasticity.what_if(found, 0.25, revenue=1_000.0, units=100.0, cost=600.0)
    assert made["units"].expected == pytest.approx(64.0)  # 1.25^-2
    assert (made["units"].low, made["units"].high) == pytest.approx((51.2, 80.0))
    assert made["revenue"].expected == pytest.approx(800.0)
    assert made["revenue"].high == pytest.approx(1_000.0)  # elasticity -1 keeps revenue
    assert made["profit"].expected == pytest.approx(800.0 - 384.0)
    assert made["profit"].now == 400.0


def test_no_bare_number_without_an_elasticity() -> None:
    with pytest.raises(ValueError, match="no elasticity"):
        elasticity.what_if(Elasticity(None, None, None, None, 0, 0.0, "why"), 0.1, revenue=1.0, units=1.0, cost=None)
