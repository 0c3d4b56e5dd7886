"""What stands out among contributions: members, or pairs, that moved unlike the rest by more than chance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
import polars as pl

from analytics import lines
from analytics.dataset import NOT_RECORDED, Dataset
from analytics.dimensions import HIERARCHIES, dimension
from analytics.models.discoveries import discoveries, two_sided
from analytics.tables.drivers.contributions import NO_MEMBER

FINDINGS: Final = 5
"""Members that are spoken of."""

HeldBy = Callable[[str, str, str], frozenset[str]]
"""A dimension, its member and a wider level of its hierarchy -> the members of that level that hold it."""

MOST_OF_ONE: Final = 40
"""Members of one dimension, or of a pair of dimensions, that are ranked."""

CHANCE: Final = 2.0
"""Standard errors taken off an excess before it is ranked: what it is at the least."""

FEWEST_LINES: Final = 30
"""A member or pair with fewer lines in both periods together is left out of the findings."""

FEWEST_CUSTOMERS: Final = 10
"""... and one with fewer customers: the standard error of a sum over so few says little."""

FINDING: Final = (
    "value",
    "value_base",
    "moved",
    "share_of_change",
    "growth",
    "growth_rest",
    "excess",
    "sure",
    "by_rate",
)
"""Columns of `contributions` that make a finding."""


@dataclass(frozen=True)
class Mover:
    """A member, or a pair of members, that moved unlike the rest."""

    dimensions: tuple[str, ...]
    members: tuple[str, ...]
    value: float | None
    base: float | None
    moved: float
    share_of_change: float | None
    growth: float | None
    growth_rest: float | None
    excess: float
    sure: float
    """The excess in standard errors."""
    by_rate: float | None = None
    """Of a ratio's contribution, what the member's own ratio did; the rest is its weight's."""


def findings(data: Dataset, tables: dict[tuple[str, ...], pl.DataFrame], *, most: int = FINDINGS) -> list[Mover]:
    """What stands out most among the members of some dimensions or pairs, by the least that an excess is beyond chance.

    One member speaks for each hierarchy or dimension, as its others often tell the same from the other side; further
    ones come after those, unless they lie inside one named or hold it. What is not recorded explains nothing. Of all
    members compared, the false discovery rate is held; see `discoveries`.
    """
    if not tables:
        return []
    # All of them as one frame: what starts a query costs more than what it does to the members of a dimension.
    at = np.repeat(np.arange(len(tables)), [table.height for table in tables.values()])
    joined = pl.concat(tables.values()).with_columns(pl.Series("at", at))
    compared = joined.filter(_comparable(max(map(len, tables))))
    # A standard error from few customers is itself uncertain, and more so the more one or two of them weigh.
    chances = two_sided(compared["sure"].to_numpy(), compared["customers"].to_numpy() - 1)
    known = compared.filter(pl.Series(discoveries(chances), dtype=pl.Boolean))
    known = known.with_columns((pl.col("excess").abs() - CHANCE * pl.col("noise")).alias("least"))
    keys, ranked_of = list(tables), Counter[int]()
    rows = []
    for row in known.sort("least", descending=True).to_dicts():
        ranked_of[row["at"]] += 1
        if ranked_of[row["at"]] <= MOST_OF_ONE:
            rows.append((keys[row["at"]], row))
    rows.sort(key=lambda item: (-item[1]["least"], item[0], item[1]["member"]))

    @cache
    def held_by(name: str, member: str, wide: str) -> frozenset[str]:
        return frozenset(lines.members(data, ((name, (member,)),), wide))

    # One lies inside another only where both are of the same hierarchies and dimensions.
    named: dict[tuple[str, ...], list[Mover]] = {}
    first: list[Mover] = []
    later: list[Mover] = []
    for names, row in rows:
        if len(first) == most:
            break
        result = Mover(names, tuple(row[f"key{n}"] for n in range(len(names))), *(row[c] for c in FINDING))
        alike = named.setdefault(tuple(sorted(_family(name) for name in names)), [])
        if any(_inside(held_by, result, other) or _inside(held_by, other, result) for other in alike):
            continue
        (later if alike else first).append(result)
        alike.append(result)
    return [*first, *later][:most]


def _comparable(count: int) -> pl.Expr:
    named = pl.all_horizontal(~pl.col(f"key{n}").is_in([NO_MEMBER, NOT_RECORDED]) for n in range(count))
    # Where all others had nothing there is no rest that something could have moved unlike.
    beside = pl.col("growth_rest").is_not_null()
    return named & beside & (pl.col("lines") >= FEWEST_LINES) & (pl.col("customers") >= FEWEST_CUSTOMERS)


def _family(name: str) -> str:
    return next((hierarchy for hierarchy, all_levels in HIERARCHIES.items() if name in all_levels), name)


def _inside(held_by: HeldBy, first: Mover, other: Mover) -> bool:
    return all(
        any(
            _within(held_by, name, member, wide, wider)
            for name, member in zip(first.dimensions, first.members, strict=True)
        )
        for wide, wider in zip(other.dimensions, other.members, strict=True)
    )


def _within(held_by: HeldBy, name: str, member: str, wide: str, wider: str) -> bool:
    if (name, member) == (wide, wider):
        return True
    for all_levels in HIERARCHIES.values():
        if name in all_levels and wide in all_levels and all_levels.index(wide) < all_levels.index(name):
            return wider in held_by(name, member, wide)
    return False


def ranked(tables: dict[tuple[str, ...], pl.DataFrame], data: Dataset, *, most: int = 200) -> pl.DataFrame:
    """All members of all dimensions (or pairs) in one list, by the size of the excess."""
    if not tables:
        return pl.DataFrame()
    labels = [" × ".join(dimension(name, data).label for name in names) for names in tables]
    heights = [table.height for table in tables.values()]
    label = pl.Series("dimension", labels, pl.String)[np.repeat(np.arange(len(labels)), heights)]
    joined = pl.concat(tables.values()).select(label, pl.exclude("^(key.*|noise|by_rate|customers)$"))
    return joined.sort(pl.col("excess").abs(), "member", descending=[True, False], nulls_last=True).head(most)
