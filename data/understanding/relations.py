"""Relations between columns of numbers: equations, tested on rows, and on how many of them they hold.

A relation never decides anything; readings are scored by those that they make true.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

HOLDS = 0.9
"""Share of the rows on which an equation must hold."""


@dataclass(frozen=True)
class Relation:
    """An equation and the rows it was tried on."""

    text: str
    rows: int
    """Rows that have all its cells."""
    holds: int
    telling: int
    """Rows on which it could have failed: not 1 x a = a, nor a - 0 = a."""
    confirmed: int
    """Telling rows on which it holds."""
    values: int
    """Different values on the telling rows, up to three."""
    each: str = "row"
    """What it was tried on: each row, or each order."""

    @property
    def fits(self) -> bool:
        """Whether it holds on nearly all rows, and on nearly all that could have told otherwise."""
        return self.rows > 0 and self.holds >= HOLDS * self.rows and self.confirmed >= HOLDS * max(1, self.telling)

    @property
    def proves(self) -> bool:
        """Whether it fits and cannot be chance: several telling rows with different values."""
        return self.fits and self.confirmed >= 2 and self.values >= 2

    def sentence(self) -> str:
        """The equation and where it holds."""
        where = f"every {self.each}" if self.holds == self.rows else f"{self.holds:,} of {self.rows:,} {self.each}s"
        return f"{self.text} on {where}"


@dataclass(frozen=True, eq=False)
class Sheet:
    """The numbers of order lines, row by row, and what is known of their columns."""

    columns: Mapping[str, Numbers]
    """Column -> its numbers, NaN where a cell is empty or unreadable."""
    roles: Mapping[str, str]
    """Column -> the role that its name speaks for."""
    percent: frozenset[str] = frozenset()
    """Columns of hundredths by a sign in cells or name."""
    coins: frozenset[str] = frozenset()
    """Columns that are written as money."""
    order: npt.NDArray[np.int64] | None = None
    """The order of each row as a number, -1 where it has none."""
    products: tuple[npt.NDArray[np.int64], ...] = ()
    """What may be the product of each row as a number: the column named so first, then other texts that come back."""
    listed: frozenset[str] = frozenset()
    """Columns that come from a list of products: prices of one unit."""
    signed: frozenset[str] = frozenset()
    """Columns whose cells carry a currency: amounts, and no shares."""
    own_layout: bool = False
    """Whether the columns are those of this app's own download."""

    @property
    def rows(self) -> int:
        """Rows of the sheet."""
        return len(next(iter(self.columns.values()))) if self.columns else 0

    def of(self, *roles: str) -> list[str]:
        """Columns whose names speak for one of some roles."""
        return [name for name in self.columns if self.roles[name] in roles]

    def part(self, step: int) -> Sheet:
        """Every so many rows, whole orders at a time where there are orders."""
        if step <= 1:
            return self
        groups = self.order if self.order is not None else np.arange(self.rows)
        picked = np.flatnonzero(groups % step == 0)
        return replace(
            self,
            columns={name: values[picked] for name, values in self.columns.items()},
            order=None if self.order is None else self.order[picked],
            products=tuple(product[picked] for product in self.products),
        )


def slack_of(times: Numbers | float = 1.0) -> Numbers | float:
    """What two amounts may differ by: half a cent, `times` over where a price was rounded."""
    return 0.0055 + 0.0051 * np.maximum(1.0, np.abs(times))


def relation(text: str, left: Numbers, right: Numbers, telling: Mask, times: Numbers | float = 1.0) -> Relation:
    """Whether two columns of amounts agree, to the rounding of a price `times` over."""
    return close(text, left, right, telling, slack_of(times) + 1e-7 * np.abs(right))


def close(text: str, left: Numbers, right: Numbers, telling: Mask, slack: Numbers | float) -> Relation:
    """Whether two columns agree to a slack."""
    there = np.isfinite(left) & np.isfinite(right)
    same = there & (np.abs(np.where(there, left - right, np.inf)) <= slack)
    tell = telling & there
    distinct = np.unique(np.round(right[tell & same][:2000], 4))
    return Relation(
        text, int(there.sum()), int(same.sum()), int(tell.sum()), int((same & tell).sum()), min(3, len(distinct))
    )


# --- Within orders and products ---------------------------------------------------------------------------------------


def constant_in(groups: npt.NDArray[np.int64], values: Numbers) -> tuple[float, int, int]:
    """Share of the groups of several rows in which a column has one value or is filled once; how many; their values."""
    known = groups >= 0
    keys, numbers = groups[known], values[known]
    size = np.bincount(keys)
    filled = np.isfinite(numbers)
    if not filled.any():
        return 0.0, 0, 0
    low = np.full(len(size), np.inf)
    high = np.full(len(size), -np.inf)
    np.minimum.at(low, keys[filled], numbers[filled])
    np.maximum.at(high, keys[filled], numbers[filled])
    several = (size > 1) & np.isfinite(low)
    if not several.any():
        return 0.0, 0, 0
    same = several & (high - low <= 1e-9)
    return float(same.sum() / several.sum()), int(several.sum()), len(np.unique(np.round(low[several], 4)))


def per_group(groups: npt.NDArray[np.int64], values: Numbers, *, once: bool = False) -> Numbers:
    """The sum of a column over each group; `once` takes its largest filled value instead. NaN for an empty group."""
    known = (groups >= 0) & np.isfinite(values)
    size = int(groups.max()) + 1 if len(groups) else 0
    if once:
        best = np.full(size, -np.inf)
        np.maximum.at(best, groups[known], values[known])
        return np.where(np.isfinite(best), best, np.nan)
    total = np.bincount(groups[known], weights=values[known], minlength=size)
    there = np.bincount(groups[known], minlength=size) > 0
    return np.where(there, total, np.nan)


def order_sum(sheet: Sheet, text: str, lines: Numbers, total: Numbers, more: Sequence[Numbers] = ()) -> Relation:
    """Whether an order's one amount is the sum of its lines (and of further amounts of the order)."""
    assert sheet.order is not None
    sums = per_group(sheet.order, lines)
    for extra in more:
        sums = sums + np.nan_to_num(per_group(sheet.order, extra, once=True))
    once = per_group(sheet.order, total, once=True)
    size = np.bincount(sheet.order[sheet.order >= 0], minlength=len(sums))
    return replace(relation(text, sums, once, (size > 1) & (np.abs(once) > 0.02), 3.0), each="order")


def steady(products: npt.NDArray[np.int64], price: Numbers, telling: Mask) -> tuple[float, int]:
    """Share of telling rows whose price is the usual one of their product, and how many rows can tell.

    The usual price is that of the product's rows that are not telling, where there are any.
    """
    known = np.isfinite(price) & (products >= 0)
    product, value, tell = products[known], price[known], telling[known]
    if len(value) < 2 or len(np.unique(product)) < 2:
        return 0.0, 0
    middle = float(np.median(value))
    if np.mean(np.abs(value - middle) <= 1e-6 * abs(middle) + 1e-9) > HOLDS:
        return 0.0, 0  # The same everywhere tells nothing: a constant price, a rate.
    size = np.bincount(product)
    plain = ~tell
    usual = _medians(product, value, len(size))
    if plain.any():
        of_plain = _medians(product[plain], value[plain], len(size))
        usual = np.where(np.isfinite(of_plain), of_plain, usual)
    mask = tell & (size[product] > 1)
    near = mask & (np.abs(value - usual[product]) <= 0.011 + 0.001 * np.abs(value))
    return (float(near.sum() / mask.sum()) if mask.any() else 0.0), int(mask.sum())


def _medians(keys: npt.NDArray[np.int64], values: Numbers, size: int) -> Numbers:
    """The median of each group, NaN for one without values."""
    order = np.lexsort((values, keys))
    counts = np.bincount(keys, minlength=size)
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
    result = np.full(size, np.nan)
    there = counts > 0
    result[there] = values[order][(starts + (counts - 1) // 2)[there]]
    return result


def steadier(sheet: Sheet, item: Numbers, other: Numbers, telling: Mask, least: int = 1) -> bool:
    """Whether `item` is the steady price of a product and `other` is not, on at least so many telling rows.

    Columns that are not named as the product must tell on more rows.
    """
    known = other[np.isfinite(other)]
    if known.size and np.mean(np.abs(known - np.median(known)) <= 1e-6 * abs(np.median(known)) + 1e-9) > HOLDS:
        return False  # Nothing is steadier than what is the same everywhere.
    for number, product in enumerate(sheet.products):
        first = steady(product, item, telling)
        if first[1] >= (least if number == 0 else max(least, 6)) and first[0] > HOLDS:
            return bool(steady(product, other, telling)[0] + 0.2 < first[0])
    return False


def is_steady(sheet: Sheet, price: Numbers, units: Numbers, telling: Mask, least: int) -> bool:
    """Whether a column is one price for each product, whatever the units, on at least so many telling rows.

    Rows of a product that is sold in one quantity only tell nothing.
    """
    for number, product in enumerate(sheet.products):
        share, rows = steady(product, price, telling & _varied(product, units))
        if rows >= (least if number == 0 else max(least, 6)) and share > HOLDS:
            return True
    return False


def _varied(groups: npt.NDArray[np.int64], values: Numbers) -> Mask:
    """Rows whose group has more than one value."""
    known = (groups >= 0) & np.isfinite(values)
    size = max(1, int(groups.max(initial=-1)) + 1)
    high, low = np.full(size, -np.inf), np.full(size, np.inf)
    np.maximum.at(high, groups[known], values[known])
    np.minimum.at(low, groups[known], values[known])
    return np.asarray((groups >= 0) & (high - low > 1e-9)[groups])
