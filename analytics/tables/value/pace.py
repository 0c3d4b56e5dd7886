"""How fast customers buy in each month of the year, which the model of their purchases does not know.

To the model every day is like any other. In busy months time runs faster: the next 30 days are then worth 40 of the
days that its rates are of. How fast is known from past years: purchase days after the first for each day that a
customer is known, month by month, without their trend, drawn to 1 as far as chance may have made it (see
`models.season`). It takes two whole years of months.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.grains import ONE_DAY, next_start
from analytics.models.season import season

Array = NDArray[Any]

MONTHS: Final = 12

SLOWEST: Final = 0.05
"""No month counts for less, as a share of the mean."""


@dataclass(frozen=True, eq=False)
class BuyingPace:
    """How fast customers buy."""

    months: Array
    """From January on, with mean 1."""
    usual: float
    """Mean over the days on which the customers of the model were observed."""
    until: date
    """Last of these days."""
    known: bool
    """Whether there are months enough to tell a season."""

    def days(self, horizon: int, after: date | None = None) -> float:
        """The usual days that as many days as `horizon` are worth, from the day after the last one (or `after`) on."""
        start = after or self.until
        ahead = [self.months[(start + timedelta(days=n)).month - 1] for n in range(1, horizon + 1)]
        return float(np.sum(ahead) / self.usual)

    def faster(self, horizon: int) -> float:
        """How much faster than usual customers buy in the next days: 0.1 is a tenth more."""
        return self.days(horizon) / horizon - 1


EVEN: Final = BuyingPace(np.ones(MONTHS), 1.0, date.min, known=False)
"""Without a season."""


def pace(purchases: pl.DataFrame, people: pl.DataFrame, until: date) -> BuyingPace:
    """The pace of the customers of a model. Takes `lines.purchases` up to a day and the `histories` made of them."""
    size = int(people["T"].max() or 0) + 1  # type: ignore[arg-type]
    first = until - timedelta(days=size - 1)
    start = first if first.day == 1 else next_start(first.replace(day=1), "month")
    ends = []
    while next_start(start, "month") - ONE_DAY <= until:
        ends.append((start, next_start(start, "month") - ONE_DAY))
        start = next_start(start, "month")
    if len(ends) < 2 * MONTHS:
        return BuyingPace(np.ones(MONTHS), 1.0, until, known=False)
    again = purchases.filter((pl.col("revenue") > pl.col("returned")) & (pl.col("day") <= until)).filter(
        pl.col("customer") == pl.col("customer").shift(1)
    )
    on = np.bincount((again["day"] - first).dt.total_days().to_numpy(), minlength=size)
    here = np.cumsum(np.bincount(size - 1 - people["T"].to_numpy(), minlength=size))
    at = [slice((a - first).days, (b - first).days + 1) for a, b in ends]
    rates = np.array([on[part].sum() / here[part].sum() for part in at])
    swing = season(rates[None, :], np.array([rates.size]), MONTHS)
    shares = swing.factors[0] if swing.multiplied[0] else 1 + swing.factors[0] / max(rates.mean(), 1e-300)
    months = np.roll(np.maximum(shares, SLOWEST), ends[0][0].month - 1)
    months /= months.mean()
    by_day = months[[(first + timedelta(days=n)).month - 1 for n in range(size)]]
    return BuyingPace(months, float(by_day @ here / here.sum()), until, known=True)
