"""What stands out among contributions: members, or pairs, that moved unlike the rest by more than chance."""

from __future__ import annotations

from dataclasses import dataclass
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
    rows = []
    compared = {names: table.filter(_comparable(len(names))) for names, table in tables.items()}
    sure = [table["sure"].fill_null(float("nan")).to_numpy() for table in compared.values()]
    # A standard error from few customers is itself uncertain, and more so the more one or two of them weigh.
    degrees = [table["customers"].to_numpy() - 1 for table in compared.values()]
    called = discoveries(two_sided(np.concatenate([*sure, np.zeros(0)]), np.concatenate([*degrees, np.zeros(0)])))
    start = 0
    for names, table in compared.items():
        known = table.filter(pl.Series(called[start : start + table.height], dtype=pl.Boolean))
        start += table.height
        least = (pl.col("excess").abs() - CHANCE * pl.col("noise")).alias("least")
        rows += [(names, row) for row in known.with_columns(least).sort("least", descending=True).head(40).to_dicts()]
    rows.sort(key=lambda item: (-item[1]["least"], item[0], item[1]["member"]))
    named: list[Mover] = []
    for names, row in rows:
        result = Mover(names, tuple(row[f"key{n}"] for n in range(len(names))), *(row[c] for c in FINDING))
        if not any(_inside(data, result, other) or _inside(data, other, result) for other in named):
            named.append(result)
    spoken: set[tuple[str, ...]] = set()
    first: list[Mover] = []
    later: list[Mover] = []
    for result in named:
        family = tuple(sorted(_family(name) for name in result.dimensions))
        (later if family in spoken else first).append(result)
        spoken.add(family)
    return [*first, *later][:most]


def _comparable(count: int) -> pl.Expr:
    named = pl.all_horizontal(~pl.col(f"key{n}").is_in([NO_MEMBER, NOT_RECORDED]) for n in range(count))
    return named & (pl.col("lines") >= FEWEST_LINES) & (pl.col("customers") >= FEWEST_CUSTOMERS)


def _family(name: str) -> str:
    return next((hierarchy for hierarchy, all_levels in HIERARCHIES.items() if name in all_levels), name)


def _inside(data: Dataset, first: Mover, other: Mover) -> bool:
    return all(
        any(
            _within(data, name, member, wide, wider)
            for name, member in zip(first.dimensions, first.members, strict=True)
        )
        for wide, wider in zip(other.dimensions, other.members, strict=True)
    )


def _within(data: Dataset, name: str, member: str, wide: str, wider: str) -> bool:
    if (name, member) == (wide, wider):
        return True
    for all_levels in HIERARCHIES.values():
        if name in all_levels and wide in all_levels and all_levels.index(wide) < all_levels.index(name):
            return wider in lines.members(data, ((name, (member,)),), wide)
    return False


def ranked(tables: dict[tuple[str, ...], pl.DataFrame], data: Dataset, *, most: int = 200) -> pl.DataFrame:
    """All members of all dimensions (or pairs) in one list, by the size of the excess."""
    parts = []
    for names, table in tables.items():
        label = " × ".join(dimension(name, data).label for name in names)
        parts.append(table.select(pl.lit(label).alias("dimension"), pl.exclude("^(key.*|noise|by_rate|customers)$")))
    if not parts:
        return pl.DataFrame()
    joined = pl.concat(parts).sort(pl.col("excess").abs(), "member", descending=[True, False], nulls_last=True)
    return joined.head(most)
