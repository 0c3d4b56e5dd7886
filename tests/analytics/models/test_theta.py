"""The theta method: smoothing, the season and the errors of sums, against slow twins and made series."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

from analytics.models import forecast
from analytics.models import theta as methods
from analytics.models.backtest import Backtest
from analytics.models.errors import errors
from analytics.models.lines import lines
from analytics.models.season import season


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


# --- Lines and curves -------------------------------------------------------------------------------------------------


def test_a_fall_in_per_cent_is_a_curve_and_one_in_amounts_a_line() -> None:
    month = np.arange(48)
    three = np.stack([1_000 * np.exp(-0.08 * month), 1_000 - 15.0 * month, 10 + 5.0 * month])
    of = lines(three, np.full(3, 48), np.full(3, 48))
    assert of.rate == pytest.approx([0.08, 0, 0], rel=1e-5)
    assert of.slope[1:] == pytest.approx([-15, 5])


def test_a_curve_is_the_likeliest_poisson_rate() -> None:
    """Against a search over the likelihood of counts of which the last are 0."""
    counts = np.random.default_rng(2).poisson(60 * np.exp(-0.1 * np.arange(60))).astype(float)
    assert counts[-1] == 0
    time = np.arange(60.0)

    def unlikely(rate: float) -> float:
        share = np.exp(-rate * time) / np.exp(-rate * time).sum()
        return float(-(counts * np.log(share)).sum())

    rate = minimize_scalar(unlikely, bounds=(0, 1), method="bounded", options={"xatol": 1e-10}).x
    made = lines(counts[None, :], np.array([60]), np.array([60])).rate[0]
    assert 0.97 * rate < made <= rate  # a little is taken off, as much as chance may have made


def test_noise_has_no_curve() -> None:
    noise = np.random.default_rng(3).normal(100, 20, (200, 40)).clip(0)
    assert (lines(noise, np.full(200, 40), np.full(200, 40)).rate > 0).mean() < 0.01


@pytest.mark.parametrize("rate", [0.05, 0.08, 0.12])
def test_steep_falls_go_on_as_they_did(rate: float) -> None:
    """A year of a loss by the month: a straight line had it end at once, half to four fifths too low."""
    month = np.arange(60)
    for number in range(8):
        series = 1_000 * np.exp(-rate * month + np.random.default_rng([7, number]).normal(0, 0.1, 60))
        made, came = forecast.forecast(series[:48], 12, 12).mean.sum(), series[48:].sum()
        assert 0.85 < made / came < 1.6


def test_parts_of_a_slope_are_as_likely_as_the_past_makes_them() -> None:
    """Of a line that went on for six years more goes on; before any test every part is alike likely."""
    steady = Backtest(100 + 5.0 * np.arange(72) + np.random.default_rng(1).normal(0, 2, 72), 12, 12).fit
    kept = float(steady.parts @ methods.PARTS)
    assert steady.parts.sum() == pytest.approx(1)
    assert kept > 1.15 * methods.CARRIED / 2
    plain = methods.fit(np.arange(40.0)[None, :], np.array([40]), 1)
    assert plain.parts @ methods.PARTS == pytest.approx(methods.CARRIED / 2)
