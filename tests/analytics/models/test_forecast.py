"""Forecasts: the published numbers, calibration on simulated series, and members that add up exactly."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from analytics.models import forecast
from analytics.models.forecast import fewest
from analytics.models.theta import seasonal_naive, theta

AIR_PASSENGERS = np.array(
    [
        112, 118, 132, 129, 121, 135, 148, 148, 136, 119, 104, 118,
        115, 126, 141, 135, 125, 149, 170, 170, 158, 133, 114, 140,
        145, 150, 178, 163, 172, 178, 199, 199, 184, 162, 146, 166,
        171, 180, 193, 181, 183, 218, 230, 242, 209, 191, 172, 194,
        196, 196, 236, 235, 229, 243, 264, 272, 237, 211, 180, 201,
        204, 188, 235, 227, 234, 264, 302, 293, 259, 229, 203, 229,
        242, 233, 267, 269, 270, 315, 364, 347, 312, 274, 237, 278,
        284, 277, 317, 313, 318, 374, 413, 405, 355, 306, 271, 306,
        315, 301, 356, 348, 355, 422, 465, 467, 404, 347, 305, 336,
        340, 318, 362, 348, 363, 435, 491, 505, 404, 359, 310, 337,
        360, 342, 406, 396, 420, 472, 548, 559, 463, 407, 362, 405,
        417, 391, 419, 461, 472, 535, 622, 606, 508, 461, 390, 432,
    ],
    float,
)  # fmt: skip
"""Monthly totals of international airline passengers, 1949 to 1960 (Box and Jenkins)."""


def test_seasonal_naive_on_air_passengers() -> None:
    found = forecast.forecast(AIR_PASSENGERS, 12, 12, method="seasonal_naive")
    (low, high) = found.bounds(0.80)
    assert found.mean[0] == 417
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


def simulated(kind: str, size: int, rng: np.random.Generator) -> NDArray[np.float64]:
    at = np.arange(size)
    season = 1 + 0.25 * np.sin(2 * np.pi * at / 12) + 0.1 * np.cos(4 * np.pi * at / 12)
    if kind == "growing":
        return np.asarray(1_000 * (1 + 0.01 * at) * season * np.exp(rng.normal(0, 0.05, size)))
    if kind == "additive":
        return np.asarray(500 + 4 * at + 480 * (season - 1) + rng.normal(0, 30, size))
    if kind == "wandering":
        return np.asarray(1_000 * np.exp(np.cumsum(rng.normal(0.005, 0.03, size)) + rng.normal(0, 0.03, size)) * season)
    if kind == "shifted":
        return np.asarray(1_000 * season * np.where(at > 45, 1.5, 1) * np.exp(rng.normal(0, 0.05, size)))
    return np.asarray(rng.poisson(0.4, size) * rng.gamma(2, 50, size))


def backtested(kind: str, runs: int = 120) -> tuple[float, float]:
    """Coverage of the 95 % interval over a year held out, and Theta's error over seasonal naive's."""
    inside, theirs, ours = [], 0.0, 0.0
    for run in range(runs):
        known = (48, 60, 84, 120)[run % 4]
        series = simulated(kind, known + 12, np.random.default_rng(run))
        came = series[known:]
        theta = forecast.forecast(series[:known], 12, 12)
        naive = seasonal_naive(series[:known], 12, 12)
        low, high = theta.bounds(0.95)
        inside.append(((came >= low) & (came <= high)).mean())
        ours += float(np.abs(came - theta.mean).sum())
        theirs += float(np.abs(came - naive).sum())
    return float(np.mean(inside)), ours / theirs


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["growing", "additive", "wandering"])
def test_coverage_and_error_on_series_with_trend_and_season(kind: str) -> None:
    coverage, ratio = backtested(kind)
    assert 0.92 <= coverage <= 0.97
    assert ratio < 0.75


def test_a_swing_in_amounts_is_told_from_one_in_shares() -> None:
    at = np.arange(60)
    season = np.sin(2 * np.pi * at / 12)
    rising = 100 + 5.0 * at
    for series, ratios in ((rising * (1 + 0.3 * season), True), (rising + 60 * season, False)):
        noisy = series * np.exp(np.random.default_rng(4).normal(0, 0.01, 60))
        found = forecast.forecast(noisy, 12, 12)
        assert found.spread.ratios is ratios
        came = 100 + 5.0 * np.arange(60, 72)
        truth = came * (1 + 0.3 * season[:12]) if ratios else came + 60 * season[:12]
        assert np.abs(found.mean / truth - 1).max() < 0.08


def test_an_interval_of_a_positive_series_stays_above_nothing() -> None:
    at = np.arange(48)
    series = 60 + 50 * np.sin(2 * np.pi * at / 12) + np.random.default_rng(6).normal(0, 2, 48)
    found = forecast.forecast(series, 12, 12)
    assert not found.spread.ratios
    low, _ = found.bounds(0.95)
    assert (low >= 0).all()
    assert found.spread.chance_above(float(found.mean[0]), 0, -1.0) == 1.0


def test_origins_whose_errors_repeat_are_worth_few() -> None:
    rng = np.random.default_rng(8)
    alone, alike = rng.normal(size=(24, 12)), np.repeat(rng.normal(size=(4, 1)), 6, axis=0) * np.ones(12)
    assert forecast._worth(alone) > 15
    assert forecast._worth(alike) < 8


@pytest.mark.parametrize("kind", ["shifted", "intermittent"])
def test_level_shifts_and_intermittent_series_are_reported(kind: str, record_property: pytest.FixtureRequest) -> None:
    coverage, ratio = backtested(kind, runs=10)
    record_property("coverage of the 95 % interval", round(coverage, 3))  # type: ignore[operator]
    record_property("error over seasonal naive's", round(ratio, 2))  # type: ignore[operator]
    assert np.isfinite(coverage)
    assert np.isfinite(ratio)


def test_a_season_is_seen_in_three_years() -> None:
    series = simulated("growing", 36, np.random.default_rng(2))
    made = theta(series, 12, 12)
    came = (
        1_000
        * (1 + 0.01 * np.arange(36, 48))
        * (1 + 0.25 * np.sin(2 * np.pi * np.arange(36, 48) / 12) + 0.1 * np.cos(4 * np.pi * np.arange(36, 48) / 12))
    )
    assert np.abs(made / came - 1).mean() < 0.08


@pytest.mark.parametrize(
    "series",
    [np.zeros(40), np.full(40, 7.0), np.arange(40.0), np.r_[np.zeros(39), 1], -np.arange(40.0), np.tile([0.0, 5], 20)],
)  # fmt: skip
def test_odd_series_give_finite_forecasts(series: NDArray[np.float64]) -> None:
    for method in ("theta", "seasonal_naive"):
        found = forecast.forecast(series, 12, 12, method=method)
        assert np.isfinite(found.mean).all()
        for level in forecast.LEVELS:
            low, high = found.bounds(level)
            assert (low <= found.mean + 1e-9).all()
            assert (found.mean <= high + 1e-9).all()


def test_a_straight_line_is_carried_on_at_half_its_slope_at_least() -> None:
    made = theta(10 + 2.0 * np.arange(40), 1, 3)
    assert made == pytest.approx([90, 91, 92], abs=1.5)


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
    found = forecast.add_up(np.array(total), np.array(members))
    assert found.dtype == np.int64
    assert found.sum(axis=0).tolist() == total


def test_members_keep_their_proportions() -> None:
    found = forecast.add_up(np.array([300]), np.array([[10.0], [20.0]]))
    assert found.ravel().tolist() == [100, 200]


def test_the_running_period() -> None:
    made = forecast.forecast(AIR_PASSENGERS, 12, 12)
    found = forecast.running(200.0, 0.5, made)
    assert found.mean == pytest.approx(200 + made.mean[0] / 2)
    assert found.low < found.mean < found.high
    assert found.chance(150.0) == 1.0
    assert found.chance(found.mean) == pytest.approx(0.5)
    assert found.chance(found.high) == pytest.approx(0.1)
    three = forecast.running(200.0, 0.5, made, 3)
    assert three.mean == pytest.approx(200 + made.mean[:3].sum() - made.mean[0] / 2)


def test_chances_of_a_series_with_zeros() -> None:
    series = np.r_[0.0, np.random.default_rng(0).normal(100, 10, 39)]
    found = forecast.forecast(series, 1, 3)
    assert not found.spread.ratios
    assert found.spread.chance_above(float(found.mean[0]), 0, float(found.mean[0])) == pytest.approx(0.5)
    assert forecast.intermittent(np.array([0, 0, 1.0]))
    assert not forecast.intermittent(series)
