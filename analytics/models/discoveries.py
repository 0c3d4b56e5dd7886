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


def discoveries(chances: ArrayLike, rate: float = RATE) -> Array:
    """Whether each candidate is called beyond chance, of the chance (p-value) of each; NaN is no candidate."""
    values = np.asarray(chances, np.float64)
    known = np.flatnonzero(~np.isnan(values))
    order = known[np.argsort(values[known], kind="stable")]
    below = np.flatnonzero(values[order] <= rate * np.arange(1, order.size + 1) / max(order.size, 1))
    called = np.zeros(values.size, np.bool_)
    if below.size:
        called[order[: below[-1] + 1]] = True
    return called


def two_sided(errors: ArrayLike) -> Array:
    """The chance of lying at least so many standard errors off, on either side."""
    from scipy.special import erfc

    return np.asarray(erfc(np.abs(np.asarray(errors, np.float64)) / np.sqrt(2.0)))
