"""What a forecast may come to: the running period, the chances of amounts, and bounds that agree with them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar

from analytics.models import forecast
from analytics.models import theta as methods
from analytics.models.errors import errors
from analytics.models.running import begun, running, usual
from analytics.models.spread import LEAST, Spread
from tests.analytics.models.air_passengers import AIR_PASSENGERS

HALF = np.full(24, 0.5)


def test_the_running_period() -> None:
    made = forecast.forecast(AIR_PASSENGERS, 12, 12)
    result = running(200.0, HALF, 0.5, made)
    assert result.mean == pytest.approx(200 + made.mean[0] / 2)
    assert result.low < result.mean < result.high
    assert result.chance(150.0) == 1.0
    assert result.chance(result.mean) == pytest.approx(0.5, abs=0.02)
    assert result.chance(result.high) == pytest.approx(0.1)
    assert result.chance(result.low) == pytest.approx(0.9)
    assert result.low >= 200
    three = running(200.0, HALF, 0.5, made, 3)
    assert three.mean == pytest.approx(200 + made.mean[:3].sum() - made.mean[0] / 2)


def test_the_first_step_of_a_forecast_is_the_running_period() -> None:
    made = forecast.forecast(AIR_PASSENGERS, 12, 12)
    now = running(500.0, np.full(24, 0.9), 0.9, made)
    result = begun(made, now)
    assert result.mean[0] == now.mean
    assert result.mean[1:].tolist() == made.mean[1:].tolist()
    for level in forecast.LEVELS:
        low, high = result.bounds(level)
        assert (low[0], high[0]) == pytest.approx(now.bounds(level))
        assert low[0] >= 500
        assert high[1:] == pytest.approx(made.bounds(level)[1][1:])


def test_chances_of_a_series_with_zeros() -> None:
    rare = np.random.default_rng(0).poisson(0.4, 60) * 100.0
    result = forecast.forecast(rare, 1, 3)
    mean = float(result.mean[0])
    low, high = result.bounds(0.8)
    assert low[0] == 0
    assert result.spread.chance_above(mean, 0, 0.0) == 1.0
    assert result.spread.chance_above(mean, 0, float(high[0])) == pytest.approx(0.2, abs=1e-6)
    nothing = float(np.ravel(result.spread.nothing)[0])
    assert nothing == pytest.approx((rare == 0).mean() ** (mean / rare.mean()), abs=0.02)
    assert result.spread.chance_above(mean, 0, 1e-9) == pytest.approx(1 - nothing, abs=0.01)
    assert forecast.intermittent(np.array([0, 0, 1.0]))
    assert not forecast.intermittent(AIR_PASSENGERS)


def test_zeros_are_as_likely_as_the_past_makes_them() -> None:
    """How often sales come for what is expected, against a search over the same likelihood."""
    rng = np.random.default_rng(3)
    expected = 200 * np.exp(-0.1 * np.arange(40))
    values = rng.poisson(expected / 10) * 10.0
    fit = methods.fit(values[None, :], np.array([40]), 1)
    fit = replace(fit, one_step=expected[None, :])
    ahead = np.array([[20.0, 5.0]])

    def unlikely(log: float) -> float:
        chance = np.exp(-expected * np.exp(log))
        return float(-np.log(np.where(values == 0, chance, 1 - chance)).sum())

    often = np.exp(minimize_scalar(unlikely, bounds=(-12, 6), method="bounded", options={"xatol": 1e-9}).x)
    made = errors(fit, values[None, :], ahead, 1e-9).nothing[0]
    assert made == pytest.approx(np.exp(-ahead[0] * often), rel=1e-4)
    assert 0.02 < often < 0.3


def test_what_fell_to_counts_of_one_has_an_interval() -> None:
    """Zeros at the end of a fall made nothing else possible: 0.02 orders at most where every second month has some."""
    for number in range(20):
        series = np.random.default_rng([6, number]).poisson(400 * np.exp(-0.12 * np.arange(48))).astype(float)
        assert forecast.forecast(series, 12, 6).bounds(0.95)[1][0] > 1


@pytest.mark.parametrize("over", [1, 3, 6])
def test_the_rest_of_a_week_with_rare_sales_is_possible(over: int) -> None:
    """In most weeks with a sale it had come by then, or had not: the median share was 1 or 0, and the interval none."""
    days = np.zeros((40, 7))
    days[::5, 2] = 100.0
    weeks = days.sum(axis=1)
    shares = np.array([row[:over].sum() / row.sum() if row.any() else np.nan for row in days])[-24:]
    made = forecast.forecast(weeks, 1, 4)
    result = running(0.0, shares, over / 7, made)
    assert result.mean > 0.005 * made.mean[0]
    assert result.bounds(0.95)[1] - result.bounds(0.95)[0] > 0.005 * made.mean[0]
    in_by_then, sold = np.nansum(shares), np.sum(~np.isnan(shares))
    assert usual(shares, over / 7) == pytest.approx((in_by_then + over / 14) / (sold + 0.5))


def test_a_day_that_is_always_closed_brings_nothing_more() -> None:
    """Six days of seven are over and the last one never sold: what is in may stay all."""
    days = np.random.default_rng(4).gamma(20, 5, (40, 7)) * (np.arange(7) < 6)
    result = running(float(days[-1].sum()), np.ones(24), 6 / 7, forecast.forecast(days.sum(axis=1), 1, 4))
    assert result.low == result.so_far < result.high
    assert result.chance(result.so_far * 1.001) < 0.15


@given(st.floats(1, 1e6), st.floats(0.02, 3), st.floats(3, 40), st.floats(0, 0.9), st.floats(0, 1e5))
@example(mean=1.0, share=0.125, degrees=3.0, nothing=0.046875, so_far=0.0)
@settings(max_examples=100, deadline=None)
def test_bounds_are_the_values_of_their_chances(
    mean: float, share: float, degrees: float, nothing: float, so_far: float
) -> None:
    spread = Spread(np.array([mean * share]), degrees, True, nothing=nothing, so_far=so_far)
    low, high = spread.bounds(np.array([so_far + mean]), 0.8)
    assert so_far <= low[0] < high[0]
    above = spread.chance_above(so_far + mean, 0, float(high[0]))
    beneath = 1 - spread.chance_above(so_far + mean, 0, float(low[0])) if low[0] > so_far else 0.0
    lies_inside = 1 - above - beneath
    # The forecast itself is always inside, which widens intervals of what hardly ever sells.
    widened = low[0] == pytest.approx(so_far + mean) or high[0] == pytest.approx(so_far + mean + LEAST * mean * share)
    assert lies_inside == pytest.approx(0.8, abs=1e-5) or (widened and lies_inside > 0.8)
