"""Freed memory leaves the process."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from analytics.lines.freed import give_back
from benchmarks.measure import resident_mb


@pytest.mark.skipif(sys.platform != "linux", reason="only glibc keeps what can be given back")
def test_what_is_free_below_what_is_kept_goes_back() -> None:
    arrays = [np.ones(12_500) for _ in range(2_000)]
    kept = arrays[-1]
    arrays.clear()
    before = resident_mb()
    give_back()
    assert kept.sum() == 12_500
    assert resident_mb() < before - 100
