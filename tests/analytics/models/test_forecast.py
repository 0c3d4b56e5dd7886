"""Forecasts: the published numbers, slow twins, odd series, and members that add up exactly.

How often intervals hold is tried by `benchmarks.calibration`, whose short form is a test of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from analytics.models import forecast
from analytics.models import theta as methods
from analytics.models.adding_up import add_up
from analytics.models.backtest import worth
from analytics.models.errors import errors
from analytics.models.forecast import Candidates, fewest
from analytics.models.running import begun, running
from analytics.models.season import season
from analytics.models.shifts import _plainest
from analytics.models.spread import LEAST, Spread

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


@pytest.mark.parametrize("season", [1, 4, 7, 12])
@pytest.mark.parametrize("seed", range(4))
def test_rows_equal_each_history_alone(season: int, seed: int) -> None:
    """Several histories at once give what a plain loop over one at a time gives."""
    rng = np.random.default_rng(seed)
    values = rng.gamma(2, 50, (5, 60)) * (1 + 0.5 * np.sin(2 * np.pi * np.arange(60) / season))
    length = np.array([60, 55, 31, 2 * season, 9 + season])
    together = methods.fit(values, length, season).ahead(9)
    alone = [methods.theta(row[:size], season, 9) for row, size in zip(values, length, strict=True)]
    assert together == pytest.approx(np.array(alone), rel=1e-9)


def smoothed_slowly(values: NDArray[np.float64], alpha: float) -> tuple[float, float]:
    """Squared error and last level of simple exponential smoothing, the first by least squares, one value at a time."""

    def run(first: float) -> tuple[list[float], float]:
        level, errors = first, []
        for value in values:
            errors.append(value - level)
            level += alpha * (value - level)
        return errors, level

    at_0, at_1 = np.array(run(0.0)[0]), np.array(run(1.0)[0])
    direction = at_1 - at_0
    first = float(-(at_0 @ direction) / (direction @ direction))
    errors, level = run(first)
    return float(np.square(errors).sum()), level


def test_smoothing_equals_its_slow_twin() -> None:
    values = np.random.default_rng(5).normal(100, 10, 40).cumsum()
    slow = {alpha: smoothed_slowly(values, float(alpha)) for alpha in methods.ALPHAS}
    best = min(slow, key=lambda alpha: slow[alpha][0])
    fit = methods.fit(values[None, :], np.array([40]), 1)
    assert (fit.alpha[0], fit.level[0]) == (best, pytest.approx(slow[best][1]))


def test_a_season_that_chance_explains_is_drawn_to_none() -> None:
    rng = np.random.default_rng(7)
    noise = [season(rng.normal(100, 10, (1, 60)), np.array([60]), 12).weight[0] for _ in range(200)]
    plain = 100 + 30 * np.sin(2 * np.pi * np.arange(60) / 12) + rng.normal(0, 10, 60)
    assert np.mean(noise) < 0.2
    assert season(plain[None, :], np.array([60]), 12).weight[0] > 0.9


def test_a_swing_in_amounts_is_told_from_one_in_shares() -> None:
    at = np.arange(60)
    swing = np.sin(2 * np.pi * at / 12)
    rising = 100 + 5.0 * at
    for series, multiplied in ((rising * (1 + 0.3 * swing), True), (rising + 60 * swing, False)):
        noisy = series * np.exp(np.random.default_rng(4).normal(0, 0.01, 60))
        assert season(noisy[None, :], np.array([60]), 12).multiplied[0] == multiplied
        came = 100 + 5.0 * np.arange(60, 72)
        truth = came * (1 + 0.3 * swing[:12]) if multiplied else came + 60 * swing[:12]
        assert np.abs(forecast.forecast(noisy, 12, 12).mean / truth - 1).max() < 0.08


def test_a_season_is_seen_in_three_years() -> None:
    at = np.arange(48)
    swing = 1 + 0.25 * np.sin(2 * np.pi * at / 12) + 0.1 * np.cos(4 * np.pi * at / 12)
    truth = 1_000 * (1 + 0.01 * at) * swing
    series = truth[:36] * np.exp(np.random.default_rng(2).normal(0, 0.05, 36))
    assert np.abs(forecast.theta(series, 12, 12) / truth[36:] - 1).mean() < 0.08


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


# --- Which is closer, steps in the level, calibration -----------------------------------------------------------------


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


def test_a_step_in_the_level_is_taken_out() -> None:
    rng = np.random.default_rng(9)
    series = np.where(np.arange(60) < 40, 1_000.0, 500.0) * np.exp(rng.normal(0, 0.08, 60))
    both = Candidates(series, 12, 12)
    assert both.shift is not None
    assert both.shift.at == 40
    assert both.shift.ratio == pytest.approx(0.5, abs=0.05)
    assert both.theta.mean == pytest.approx(np.full(12, 500.0), rel=0.1)
    assert Candidates(AIR_PASSENGERS, 12, 12).shift is None


def test_a_step_equals_its_slow_twin() -> None:
    """The gain of a step by explicit least squares of the smoothing errors, at every period and weight."""
    rng = np.random.default_rng(4)
    values = np.where(np.arange(30) < 17, 0.0, 0.8) + rng.normal(0, 0.2, 30)

    def errors(of: NDArray[np.float64], alpha: float) -> NDArray[np.float64]:
        level, out = 0.0, []
        for value in of:
            out.append(value - level)
            level += alpha * (value - level)
        return np.array(out)

    def left(columns: list[NDArray[np.float64]], alpha: float) -> float:
        design = np.stack([(1 - alpha) ** np.arange(30), *(errors(column, alpha) for column in columns)], axis=1)
        target = errors(values, alpha)
        return float(np.square(target - design @ np.linalg.lstsq(design, target, rcond=None)[0]).sum())

    line = np.arange(30.0)
    without = min(left([line], alpha) for alpha in methods.ALPHAS)
    after = {
        (at, alpha): left([line, (np.arange(30) >= at).astype(float)], alpha)
        for at in range(3, 28)
        for alpha in methods.ALPHAS
    }
    best = min(after, key=lambda key: after[key])
    at, _, gain = _plainest(values)
    assert at == best[0]
    assert gain == pytest.approx(np.log(without / after[best]), rel=1e-6)


def test_origins_whose_errors_repeat_are_worth_few() -> None:
    rng = np.random.default_rng(8)
    alone, alike = rng.normal(size=(24, 12)), np.repeat(rng.normal(size=(4, 1)), 6, axis=0) * np.ones(12)
    assert worth(alone) > 15
    assert worth(alike) < 8


def test_a_straight_line_is_carried_on_at_half_its_slope_at_least() -> None:
    made = forecast.theta(10 + 2.0 * np.arange(40), 1, 3)
    assert made == pytest.approx([90, 91, 92], abs=1.5)


def test_the_error_of_a_sum_equals_a_simulation_of_smoothing() -> None:
    """Errors of steps and sums at one weight, against drawn paths of the model itself."""
    alpha, level, spread = 0.4, 100.0, 3.0
    fit = methods.fit(np.full((1, 400), level), np.array([400]), 1)
    fit = replace(fit, alpha=np.array([alpha]), one_step=np.full((1, 400), level))
    noise = spread * np.sign(np.random.default_rng(1).normal(size=(1, 400)))
    own = errors(fit, level + noise, np.full((1, 6), level), 1e-9)
    drawn = np.random.default_rng(2).normal(0, spread, (40_000, 6))
    paths = drawn + alpha * (np.cumsum(drawn, axis=1) - drawn)
    assert own.step[0] == pytest.approx(paths.std(axis=0), rel=0.02)
    assert own.total[0] == pytest.approx(np.cumsum(paths, axis=1).std(axis=0), rel=0.02)


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


def test_the_running_period() -> None:
    made = forecast.forecast(AIR_PASSENGERS, 12, 12)
    result = running(200.0, 0.5, made)
    assert result.mean == pytest.approx(200 + made.mean[0] / 2)
    assert result.low < result.mean < result.high
    assert result.chance(150.0) == 1.0
    assert result.chance(result.mean) == pytest.approx(0.5, abs=0.02)
    assert result.chance(result.high) == pytest.approx(0.1)
    assert result.chance(result.low) == pytest.approx(0.9)
    assert result.low >= 200
    three = running(200.0, 0.5, made, 3)
    assert three.mean == pytest.approx(200 + made.mean[:3].sum() - made.mean[0] / 2)


def test_the_first_step_of_a_forecast_is_the_running_period() -> None:
    made = forecast.forecast(AIR_PASSENGERS, 12, 12)
    now = running(500.0, 0.9, made)
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
    # where twice as much as on average is expected, nothing is the square as likely
    nothing = (rare == 0).mean() ** (mean / rare.mean())
    assert np.ravel(result.spread.nothing)[0] == pytest.approx(nothing)
    assert result.spread.chance_above(mean, 0, 1e-9) == pytest.approx(1 - nothing, abs=0.01)
    assert forecast.intermittent(np.array([0, 0, 1.0]))
    assert not forecast.intermittent(AIR_PASSENGERS)


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
