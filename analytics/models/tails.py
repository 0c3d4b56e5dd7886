"""How seldom a value as large comes, told from the large values of the same series.

Beyond its upper part a series is taken to thin out as an exponential does, at the rate of its own spacings. Of logs
that is a power law of the values themselves, as sizes of orders follow; what thins out faster, as a normal does, comes
more seldom than is said, so that the error is on the safe side. The spacings of an exponential's order statistics,
times their ranks, are independent with its mean (Renyi 1953, On the theory of order statistics); a mean of so many of
them makes the predictive law a Pareto's.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from analytics.models import windows

Array = NDArray[Any]

FEWEST: Final = 6
"""Spacings that a tail is told by, at the least."""


LARGE: Final = 0.1
"""Share of the values that count as large beside a day that is left out."""

LEAST_MEAN: Final = 0.3
"""Mean of a tail, at the least: that of a normal's beyond its highest hundredth. Values that end somewhere, or are
lumps, thin out faster, and lie a little beyond their end by how they are scaled alone."""


def beyond(values: Array, known: Array, *, share: float, leave: int) -> Array:
    """The chance of a value at least so large, of each of `values` (in standard deviations; NaN where unknown), by the
    tail of the `known` ones of as many days: that `share` of them that is largest, without so many runs of large ones
    as to `leave` out: days in a row have one cause. NaN where too few are known."""
    size, nothing = int((~np.isnan(known)).sum()), np.full(values.size, np.nan)
    if size < 2 * FEWEST:
        return nothing
    rest = _without(known, leave)
    kept = np.sort(rest[~np.isnan(rest)])[::-1]
    tail, count = max(int(share * size) - leave, FEWEST), kept.size + leave
    if 2 * (leave + tail) >= count or tail >= kept.size:
        return nothing
    # Days in a row with the largest are not observed by themselves: the kept ones' ranks are behind the largest's.
    ranks, edge = leave + np.arange(1, tail + 1), kept[tail]
    mean = max(float((ranks * -np.diff(kept[: tail + 1])).mean()), LEAST_MEAN)
    above = np.maximum(values - edge, 0)
    seldom = (leave + tail) / count * np.exp(-tail * np.log1p(above / (tail * mean)))
    return np.asarray(np.where(np.isnan(values), np.nan, np.where(above > 0, seldom, 1.0)))


def _without(known: Array, leave: int) -> Array:
    """Values without so many runs of large ones, those that have the largest."""
    if not leave:
        return known
    rest = known.copy()
    with np.errstate(invalid="ignore"):
        runs = windows.runs(known > np.nanquantile(known, 1 - LARGE))
    for first, end in sorted(runs, key=lambda run: -float(known[run[0] : run[1]].max()))[:leave]:
        rest[first:end] = np.nan
    return rest
