"""Which of many candidates are called beyond chance, so that few of those that are called so are not.

Of a hundred members that moved by chance alone some lie beyond any fixed limit. The procedure of Benjamini and Hochberg
(1995), Controlling the false discovery rate, holds the expected share of false ones among those called at RATE; where
nothing is to be found at all, that is how often anything is called. It holds for independent candidates and for those
that move together, as levels of one hierarchy do (Benjamini and Yekutieli 2001).
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[Any]

RATE: Final = 0.05
"""False discovery rate over all candidates of a card."""


def discoveries(chances: ArrayLike, rate: float = RATE, *, of: int = 0) -> Array:
    """Whether each candidate is called beyond chance, of the chance (p-value) of each; NaN is no candidate.

    `of` is how many candidates there are where those with the largest chances have been left out already.
    """
    from scipy.stats import false_discovery_control

    values = np.asarray(chances, np.float64)
    known = np.flatnonzero(~np.isnan(values))
    called = np.zeros(values.size, np.bool_)
    if known.size:
        adjusted = false_discovery_control(values[known]) * max(known.size, of) / known.size
        called[known[adjusted <= rate]] = True
    return called


def more_often(hits: ArrayLike, count: ArrayLike, all_hits: ArrayLike, all_count: ArrayLike) -> Array:
    """The chance that at least so many of `all_hits` fall among `count` of `all_count` (Fisher's exact test)."""
    from scipy.stats import hypergeom

    k, n, hit, total = (np.asarray(values, np.int64) for values in (hits, count, all_hits, all_count))
    return np.asarray(hypergeom.sf(k - 1, total, hit, n))


def unlike(hits: ArrayLike, count: ArrayLike, all_hits: ArrayLike, all_count: ArrayLike) -> Array:
    """The chance of a share at least so far from that of all, on either side: twice that of the nearer one."""
    k, n, hit, total = (np.asarray(values, np.int64) for values in (hits, count, all_hits, all_count))
    # So few among the count are so many among the rest.
    less = more_often(hit - k, total - n, hit, total)
    return np.asarray(np.minimum(2 * np.minimum(more_often(k, n, hit, total), less), 1.0))


def two_sided(errors: ArrayLike, degrees: ArrayLike = np.inf) -> Array:
    """The chance of lying at least so many standard errors off, on either side; the errors known with so many degrees
    of freedom (Student's t)."""
    from scipy.stats import t

    return np.asarray(2 * t.sf(np.abs(np.asarray(errors, np.float64)), degrees))
