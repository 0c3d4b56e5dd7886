"""What a forecast may come to: the running period, the chances of amounts, and bounds that agree with them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analytics.models import forecast
from analytics.models.running import begun, running
from analytics.models.spread import LEAST, Spread
from tests.analytics.models.air_passengers import AIR_PASSENGERS


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
