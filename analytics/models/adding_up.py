"""Members' forecasts brought in line with the forecast of the whole."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def add_up(total: Array, members: Array) -> Array:
    """Members' forecasts brought in line with the total's: whole numbers, one row per member, columns sum to `total`.

    `total` is whole numbers by step. What is missing is spread in proportion to the members' size, so positive members
    keep their proportions; the rounding's rest goes to those it cuts most.
    """
    size = np.abs(members)
    whole = size.sum(axis=0)
    share = np.where(whole > 0, size / np.where(whole > 0, whole, 1), 1 / max(len(members), 1))
    exact = members + share * (total - members.sum(axis=0))
    low = np.floor(exact)
    rest = (total - low.sum(axis=0)).astype(np.int64)
    out = low.astype(np.int64)
    for step in range(out.shape[1]):
        order = np.argsort(-(exact[:, step] - low[:, step]), kind="stable")
        each, over = divmod(int(rest[step]), len(members))
        out[:, step] += each
        out[order[:over], step] += 1
    return np.asarray(out)
