"""Elasticity: estimates as statsmodels has them, intervals as slow twins have them, and refusals.

How often the intervals hold the truth is measured in `benchmarks/calibration/elasticities.py`.
"""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from analytics.models import clusters, counts, elasticity, serial
from analytics.models.elasticity import Elasticity
from analytics.models.panel import Panel, panel

Columns = tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]


def sold(rng: np.random.Generator, items: int, months: int, value: float = -1.7, level: float = 4.0) -> Columns:
    """Units, price, item and month where something was sold."""
    item, month = (grid.ravel() for grid in np.meshgrid(np.arange(items), np.arange(months), indexing="ij"))
    price = rng.normal(2, 0.15, item.size) + rng.normal(0, 1, items)[item]
    size = level + value * (price - price.mean()) + rng.normal(0, 0.3, months)[month]
    units = rng.poisson(np.exp(size + rng.normal(0, 0.3, item.size))).astype(float)
    return units[units > 0], np.exp(price[units > 0]), item[units > 0], month[units > 0]


def statsmodels_estimate(data: Panel, spread: float) -> tuple[float, NDArray[np.float64]]:
    """The elasticity of a negative binomial with dummies at a given spread, and the means."""
    import statsmodels.api as sm

    row, column = np.nonzero(data.mask)
    several = data.mask.shape[0] > 1
    every = data.month if several else data.month % 12
    columns = [(row == code).astype(float) for code in range(data.mask.shape[0])]
    columns += [(every[column] == code).astype(float) for code in np.unique(every)[1:]]
    if data.mask.shape[0] < elasticity.FEWEST_CLUSTERS:
        columns += [(row == code) * (column - column.mean()) for code in range(int(several), data.mask.shape[0])]
    design = np.column_stack([data.price[data.mask], *columns])
    kind = sm.families.NegativeBinomial(alpha=spread) if spread > 0 else sm.families.Poisson()
    fitted = sm.GLM(data.units[data.mask], design, family=kind).fit(tol=1e-12, maxiter=200)
    return float(fitted.params[0]), np.asarray(fitted.mu)


@pytest.mark.parametrize(("items", "months"), [(1, 36), (2, 30), (4, 24)])
@pytest.mark.parametrize("level", [1.0, 4.0])
def test_means_of_few_items_are_those_of_statsmodels(items: int, months: int, level: float) -> None:
    units, price, item, month = sold(np.random.default_rng(items), items, months, level=level)
    data = panel(units, price, item, month, (0, months - 1))
    effects, _ = data.effects()
    fitted = serial.fitted(data.units[data.mask], np.column_stack([effects, data.price[data.mask]]))
    assert fitted is not None
    log_mean, spread = fitted
    assert np.exp(log_mean) == pytest.approx(statsmodels_estimate(data, spread)[1], rel=1e-3)


@pytest.mark.parametrize("level", [1.0, 4.0])
def test_the_estimate_of_many_items_is_that_of_statsmodels(level: float) -> None:
    units, price, item, month = sold(np.random.default_rng(7), 6, 24, level=level)
    data = panel(units, price, item, month, (0, 23))
    value, spread, _ = clusters.fitted(data.units, data.price, data.mask) or (0.0, 0.0, None)
    assert value == pytest.approx(statsmodels_estimate(data, spread)[0], abs=1e-4)


def test_the_spread_is_where_pearsons_statistic_is_what_is_expected() -> None:
    rng = np.random.default_rng(4)
    mean = rng.uniform(1, 50, 400)
    made = rng.negative_binomial(2, 2 / (2 + mean)).astype(float)
    spread = counts.spread_of(made, mean, 380)
    assert ((made - mean) ** 2 / (mean + spread * mean**2)).sum() == pytest.approx(380, rel=1e-4)
    assert spread == pytest.approx(0.5, abs=0.15)
    assert counts.spread_of(mean, mean, 380) == 0.0


def test_the_interval_of_few_items_equals_its_slow_twin() -> None:
    """Every share's generalised least squares by whole covariance matrices, and the mixture's quantiles by drawing."""
    from scipy.stats import t

    rng = np.random.default_rng(5)
    gap = np.array([0, 1, 1, 2, 1, 1, 1, 1, 1, 1, 0, 1, 1, 1, 3, 1, 1, 1, 1, 1])
    columns = np.column_stack([np.repeat([1.0, 0.0], 10), np.repeat([0.0, 1.0], 10), rng.normal(0, 1, (20, 2))])
    columns[:, -1] += 0.8 * columns[:, -2]
    when, series = np.cumsum(gap), np.cumsum(gap == 0)
    answers, errors, logs = [], [], []
    for share in serial.SHARES:
        same = series[:, None] == series
        whole = np.where(same, np.sign(share) ** abs(when[:, None] - when) * abs(share) ** abs(when[:, None] - when), 0)
        inverse, design, response = np.linalg.inv(whole), columns[:, :-1], columns[:, -1]
        of_design = np.linalg.inv(design.T @ inverse @ design)
        answer = of_design @ design.T @ inverse @ response
        rest = (response - design @ answer) @ inverse @ (response - design @ answer)
        answers.append(answer[-1])
        errors.append(np.sqrt(rest / 17 * of_design[-1, -1]))
        logs.append(-np.linalg.slogdet(whole)[1] / 2 + np.linalg.slogdet(of_design)[1] / 2 - 17 / 2 * np.log(rest))
    weight = np.exp(np.array(logs) - max(logs))
    weight /= weight.sum()
    value, low, high, chance = serial.mixture(columns, gap, 0.95, 0.0) or (0.0,) * 4
    assert value == pytest.approx(float(weight @ answers))
    free = np.maximum(17 * (1 - np.maximum(serial.SHARES, 0)), serial.FEWEST_MONTHS)
    for end, share in ((low, 0.025), (high, 0.975)):
        assert float(weight @ t.cdf((end - np.array(answers)) / errors, free)) == pytest.approx(share, abs=1e-6)
    below = float(weight @ t.cdf((0.0 - np.array(answers)) / errors, free))
    assert chance == pytest.approx(2 * min(below, 1 - below))


def test_the_jackknife_equals_fits_without_each_item() -> None:
    rng = np.random.default_rng(6)
    price, response, weight = rng.normal(0, 1, (7, 12)), rng.normal(0, 1, (7, 12)), rng.uniform(0.2, 2, (7, 12))
    weight[2, :4] = weight[5, 9:] = 0

    def weighted(rows: list[int]) -> float:
        item, month = (grid.ravel() for grid in np.meshgrid(rows, np.arange(12), indexing="ij"))
        effects = [(item == one).astype(float) for one in rows] + [(month == one).astype(float) for one in range(12)]
        root = np.sqrt(weight[rows].ravel())
        design = np.column_stack([price[rows].ravel(), *effects]) * root[:, None]
        return float(np.linalg.lstsq(design, response[rows].ravel() * root, rcond=None)[0][0])

    parts = clusters.Parts(response, price, weight)
    assert parts.solved()[0] == pytest.approx(weighted(list(range(7))))
    without = [weighted([row for row in range(7) if row != one]) for one in range(7)]
    assert parts.without_each() == pytest.approx(np.array(without))


def test_two_items_have_an_interval_of_some_width() -> None:
    inside = 0
    for seed in range(60):
        units, price, item, month = sold(np.random.default_rng(seed), 2, 36)
        found = elasticity.fit(units, price, item, month, (0, 35))
        assert found.low is not None
        assert found.high is not None
        assert found.high - found.low > 0.1
        inside += found.low <= -1.7 <= found.high
    assert inside >= 50


def test_months_without_sales_count() -> None:
    """Where an item sells in the cheap months only, the dear ones say most about its elasticity."""
    price = np.exp(np.resize(np.repeat([2.0, 2.5], 5), 60))
    mean = np.exp(1.5 - 4 * (np.log(price) - 2.0))
    values = []
    for seed in range(20):
        units = np.random.default_rng(seed).poisson(mean)
        kept = units > 0
        months = np.arange(60)
        # The price is known in a month without sales where it was the same before and after.
        found = elasticity.fit(units[kept], price[kept], np.zeros(kept.sum()), months[kept], (0, 59))
        if found.value is not None:
            values.append(found.value)
    assert len(values) >= 10
    assert np.mean(values) == pytest.approx(-4, abs=0.6)


def test_a_price_that_is_not_known_lies_between_its_neighbours() -> None:
    price = np.array([10.0, np.nan, 12.1, 12.1])
    data = panel(np.array([5.0, 4.0, 6.0, 3.0]), price, np.zeros(4), np.array([0, 2, 4, 6]), (0, 6))
    # The ends are left out because the item did not sell in every month.
    assert data.month.tolist() == [2, 4]
    assert np.exp(data.price).tolist() == [[pytest.approx(11.0), pytest.approx(12.1)]]
    assert data.known.tolist() == [[False, True]]


def test_an_item_that_sold_every_month_keeps_its_ends_and_a_launched_one_does_not() -> None:
    item, month = np.repeat([0, 1], [6, 4]), np.array([0, 1, 2, 3, 4, 5, 2, 3, 4, 5])
    data = panel(np.ones(10), np.ones(10), item, month, (0, 5))
    assert data.mask.tolist() == [[True] * 6, [False, False, False, True, True, True]]


def test_prices_that_did_not_vary_tell_nothing() -> None:
    units = np.exp(np.random.default_rng(3).normal(3, 0.2, 36))
    found = elasticity.fit(units, np.full(36, 9.99), np.zeros(36), np.arange(36), (0, 35))
    assert not found.identifiable
    assert "hardly varied" in found.reason


def test_a_price_that_moves_with_the_season_tells_nothing() -> None:
    months = np.arange(48)
    price = 10 + (months % 12 == 10) * -3.0
    units = np.exp(np.random.default_rng(1).normal(3, 0.2, 48))
    assert not elasticity.fit(units, price, np.zeros(48), months, (0, 47)).identifiable


def test_prices_that_are_not_known_tell_nothing() -> None:
    rng = np.random.default_rng(8)
    months = rng.choice(60, 40, replace=False)
    found = elasticity.fit(np.full(40, 4.0), np.exp(rng.normal(2, 0.2, 40)), np.zeros(40), months, (0, 59))
    assert not found.identifiable
    assert "nothing was sold" in found.reason


def test_too_few_months() -> None:
    price = np.exp(np.random.default_rng(2).normal(2, 0.2, 15))
    found = elasticity.fit(np.ones(15) * 4, price, np.zeros(15), np.arange(15), (0, 14))
    assert found.value is None
    assert "more needed" in found.reason


def test_nothing_at_all() -> None:
    empty = np.zeros(0)
    assert not elasticity.fit(empty, empty, empty, empty.astype(int), (0, 11)).identifiable


def test_zero_units_are_refused() -> None:
    with pytest.raises(ValueError, match="above 0"):
        elasticity.fit(np.array([0.0]), np.array([1.0]), np.array([0]), np.array([0]), (0, 0))


@pytest.mark.parametrize(("low", "high", "usable"), [(0.2, 1.4, False), (-0.2, 1.4, True), (-2.0, -1.0, True)])
def test_units_that_rise_with_the_price_are_not_reckoned_with(low: float, high: float, usable: bool) -> None:
    assert Elasticity(0.5, low, high, 40, 0.1).usable is usable
    assert not Elasticity(None, None, None, 0, 0.0, "why").usable


def test_what_if_by_hand() -> None:
    found = Elasticity(-2.0, -3.0, -1.0, 40, 0.1)
    made = elasticity.what_if(found, 0.25, revenue=1_000.0, units=100.0, cost=600.0)
    assert made["units"].expected == pytest.approx(64.0)  # 1.25^-2
    assert (made["units"].low, made["units"].high) == pytest.approx((51.2, 80.0))
    assert made["revenue"].expected == pytest.approx(800.0)
    assert made["revenue"].high == pytest.approx(1_000.0)  # elasticity -1 keeps revenue
    assert made["profit"].expected == pytest.approx(800.0 - 384.0)
    assert made["profit"].now == 400.0


def test_no_bare_number_without_an_elasticity() -> None:
    with pytest.raises(ValueError, match="no elasticity"):
        elasticity.what_if(Elasticity(None, None, None, 0, 0.0, "why"), 0.1, revenue=1.0, units=1.0, cost=None)


@pytest.mark.parametrize("months", [1, 3])
def test_items_of_one_month_each_tell_nothing(months: int) -> None:
    """Eight items, each sold in one month alone: once the months are allowed for, no price is left to compare."""
    item = np.arange(8)
    answer = elasticity.fit(np.full(8, 5.0), np.linspace(9, 12, 8), item, item % months, (0, months - 1))
    assert answer.reason.startswith("too few months")


def test_any_small_panel_has_an_answer_or_a_reason() -> None:
    for seed in range(400):
        rng = np.random.default_rng(seed)
        items, months, share = int(rng.integers(1, 12)), int(rng.integers(1, 30)), rng.choice([0.05, 0.1, 0.3, 0.6, 1])
        item, month = np.nonzero(rng.random((items, months)) < share)
        prices = [10.0] if rng.random() < 0.5 else [10.0, 12.0, 15.0, 0.01, 1e6]
        price = np.where(rng.random(item.size) < rng.choice([0, 0.1, 0.9]), np.nan, rng.choice(prices, item.size))
        units = rng.integers(1, int(rng.choice([2, 10, 100_000])), item.size).astype(float)
        answer = elasticity.fit(units, price, item, month, (0, months - 1))
        assert np.isfinite(answer.variation)
        if answer.reason:
            assert (answer.value, answer.low, answer.high) == (None, None, None)
        else:
            assert np.isfinite([answer.value, answer.low, answer.high]).all()
