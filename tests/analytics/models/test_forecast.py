"""Forecasts: the published numbers, odd series, the closer method, and members that add up exactly.

How often intervals hold is tried by `benchmarks.calibration`, whose short form is a test of its own.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from analytics.models import forecast
from analytics.models.adding_up import add_up
from analytics.models.backtest import worth
from analytics.models.forecast import Candidates, fewest
from tests.analytics.models.air_passengers import AIR_PASSENGERS


def test_seasonal_naive_on_air_passengers() -> None:
    result = forecast.forecast(AIR_PASSENGERS, 12, 12, method="seasonal_naive")
    (low, high) = result.bounds(0.80)
    assert result.mean[0] == 417
    assert (round(low[0], 2), round(high[0], 2)) == (370.46, 463.54)


def test_theta_beats_seasonal_naive_on_air_passengers() -> None:
    theta = forecast.forecast(AIR_PASSENGERS, 12, 12)
    naive = forecast.forecast(AIR_PASSENGERS, 12, 12, method="seasonal_naive")
    assert theta.mase is not None
    assert naive.mase is not None
    assert theta.mase < naive.mase
    assert theta.origins == 24
    assert 0.7 <= theta.coverage[0.80] <= 0.95
    assert theta.coverage[0.95] >= 0.9


# --- Sums and counts: never below 0, never without width --------------------------------------------------------------


def falling(number: int) -> NDArray[np.float64]:
    """A series that falls to a tenth in a straight line."""
    rng = np.random.default_rng([1, number])
    return np.asarray(1_000 * (1 - 0.9 * np.arange(48) / 47) * np.exp(rng.normal(0, 0.1, 48)))


def walk(number: int) -> NDArray[np.float64]:
    return np.asarray(1_000 * np.exp(np.cumsum(np.random.default_rng([2, number]).normal(0, 0.05, 48))))


@pytest.mark.parametrize("make", [falling, walk])
@pytest.mark.parametrize("season", [1, 12])
def test_falling_series_and_random_walks(make: Callable[[int], NDArray[np.float64]], season: int) -> None:
    for number in range(40):
        result = forecast.forecast(make(number), season, 12)
        assert (result.mean > 0).all()
        for level in forecast.LEVELS:
            low, high = result.bounds(level)
            assert (low >= 0).all()
            assert (low < high).all()
            assert ((low <= result.mean) & (result.mean <= high)).all()


@pytest.mark.parametrize(
    "series",
    [np.zeros(40), np.full(40, 7.0), np.arange(40.0), np.r_[np.zeros(39), 1], -np.arange(40.0), np.tile([0.0, 5], 20),
     np.r_[np.full(36, 1_740.0), np.zeros(60)], np.arange(40.0)[::-1], np.tile([0.0, *[90.0] * 6], 8)],
)  # fmt: skip
@pytest.mark.parametrize("season", [1, 7, 12])
def test_odd_series_give_finite_forecasts_inside_intervals_with_a_width(
    series: NDArray[np.float64], season: int
) -> None:
    for method in ("theta", "seasonal_naive", ""):
        result = forecast.forecast(series, season, 12, method=method)
        assert np.isfinite(result.mean).all()
        for level in forecast.LEVELS:
            low, high = result.bounds(level)
            assert np.isfinite(low).all()
            assert np.isfinite(high).all()
            assert (low < high).all()
            assert (low <= result.mean).all()
            assert (result.mean <= high).all()
            if (series >= 0).all():
                assert (low >= 0).all()


def test_the_upper_end_of_few_and_unequal_values_is_no_multitude() -> None:
    """27 months of which one is nearly nothing: errors of logs made the upper end 317 times the forecast."""
    for seed in range(20):
        series = np.random.default_rng(seed).gamma(4, 250, 27)
        series[seed % 20] = 0.5
        result = forecast.forecast(series, 12, 12)
        assert (result.bounds(0.95)[1] < 6 * result.mean).all()


# --- Which is closer --------------------------------------------------------------------------------------------------


def test_the_closer_method_is_drawn() -> None:
    """Twelve months that each go a way of their own are told by last season alone."""
    rng = np.random.default_rng([5, 1])
    ways = np.cumsum(rng.normal(0, 0.4, (8, 12)), axis=0)
    both = Candidates(1_000 * np.exp(ways.ravel() + rng.normal(0, 0.03, 96)), 12, 12)
    assert both.closer == "seasonal_naive"
    assert both.drawn is both.naive
    assert both.naive.mase is not None
    assert both.theta.mase is not None
    assert both.naive.mase < both.theta.mase
    assert both.mean == pytest.approx(both.naive.mean)
    other = Candidates(AIR_PASSENGERS, 12, 12)
    assert (other.closer, other.drawn.method) == ("theta", "theta")


def test_few_tests_call_nothing_closer() -> None:
    at = np.arange(27)
    both = Candidates(1_000 * (1 + 0.5 * np.sin(2 * np.pi * at / 12)) * np.exp(0.05 * at), 12, 12)
    assert both.theta.origins == 3
    assert both.closer == ""


def test_origins_whose_errors_repeat_are_worth_few() -> None:
    rng = np.random.default_rng(8)
    alone, alike = rng.normal(size=(24, 12)), np.repeat(rng.normal(size=(4, 1)), 6, axis=0) * np.ones(12)
    assert worth(alone) > 15
    assert worth(alike) < 8


def test_too_short_a_history_is_refused() -> None:
    assert (fewest(12), fewest(4), fewest(1)) == (27, 11, 6)
    with pytest.raises(ValueError, match="needs 27"):
        forecast.forecast(np.ones(26), 12, 12)


@given(
    st.lists(st.lists(st.floats(0, 1e9), min_size=3, max_size=3), min_size=1, max_size=8),
    st.lists(st.integers(-(10**12), 10**13), min_size=3, max_size=3),
)
@settings(max_examples=200, deadline=None)
def test_members_add_up_exactly(members: list[list[float]], total: list[int]) -> None:
    result = add_up(np.array(total), np.array(members))
    assert result.dtype == np.int64
    assert result.sum(axis=0).tolist() == total


def test_members_keep_their_proportions() -> None:
    result = add_up(np.array([300]), np.array([[10.0], [20.0]]))
    assert result.ravel().tolist() == [100, 200]
