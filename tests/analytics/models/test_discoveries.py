"""False discoveries: the example of the paper, Fisher's exact test by hand, and what chance alone calls."""

from __future__ import annotations

from math import comb

import numpy as np
import pytest

from analytics.models.discoveries import discoveries, more_often, two_sided, unlike

PAPER = [
    *(0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459),
    *(0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0),
]
"""Fifteen comparisons after a heart attack (Benjamini and Hochberg 1995, section 4.2); the first four are called."""


def test_the_published_example() -> None:
    assert discoveries(PAPER).tolist() == [True] * 4 + [False] * 11
    backwards = discoveries([float("nan"), *reversed(PAPER)])
    assert backwards.tolist() == [False] * 12 + [True] * 4
    # The first alone where 500 candidates of which the others are hopeless were left out: 0.0001 is at most 0.05 / 500.
    assert discoveries(PAPER, of=500).tolist() == [True] + [False] * 14
    assert discoveries([]).tolist() == []
    assert discoveries([float("nan")]).tolist() == [False]


def test_fisher_by_hand() -> None:
    """Of 10 returns 3 or more among 20 of 100 units sold."""
    whole = comb(100, 10)
    chance = sum(comb(20, k) * comb(80, 10 - k) for k in range(3, 11)) / whole
    assert more_often([3], [20], [10], [100]).tolist() == pytest.approx([chance])
    less = sum(comb(20, k) * comb(80, 10 - k) for k in range(4)) / whole
    assert unlike([3], [20], [10], [100]).tolist() == pytest.approx([min(1, 2 * min(chance, less))])
    assert unlike([0, 10], [20, 20], [10, 10], [100, 100])[1] < 1e-6
    assert two_sided([1.959964, -1.959964, 0]).tolist() == pytest.approx([0.05, 0.05, 1.0], abs=1e-7)


def test_where_nothing_is_there_something_is_called_in_one_of_twenty() -> None:
    rng = np.random.default_rng(5)
    called = [discoveries(rng.random(200)).any() for _ in range(2_000)]
    assert 0.035 <= np.mean(called) <= 0.065
