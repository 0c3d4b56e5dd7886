"""What a page asks of the lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

BUCKET: Final = "bucket"
"""Column of time buckets, Int32 as in `periods.buckets`."""

DAY: Final = "day"
"""Column of days. A table by day has no base and no distinct customers."""

BUYER: Final = "buyer"
"""Column that tells buyers apart by bucket; asked for together with the bucket."""

BUYERS: Final = ("new", "returning", "not recorded")
"""Values of `buyer`: first purchase ever inside the row's bucket, before it, or no customer recorded."""


CUSTOMER: Final = "customer"
"""Asks for one row per known customer, see `lines.customers`; stands alone."""

WEEKDAY: Final = "weekday"
"""Column of weekdays, Int32, Monday 0."""


@dataclass(frozen=True)
class Totals:
    """A request: measures by at most two of: a dimension, `bucket`, `day`, `weekday`, `buyer` (with `bucket`)."""

    by: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    """Dimensions whose filter is not applied, so that a clickable chart keeps all its members."""
    compared: bool = True
    """False leaves the base out: its columns are null."""
