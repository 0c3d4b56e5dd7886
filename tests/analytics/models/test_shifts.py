"""Steps in the level: one is taken out of a made series, and is that of explicit least squares."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from analytics.models import theta as methods
from analytics.models.forecast import Candidates
from analytics.models.shifts import _plainest
from tests.analytics.models.air_passengers import AIR_PASSENGERS


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
