"""Filters: everything that narrows a view, frozen so that it can key a cache."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from analytics.periods import Comparison, Period

Where = tuple[tuple[str, tuple[str, ...]], ...]
"""Dimension names with the members kept, sorted by name; a dimension without members is not there."""


@dataclass(frozen=True)
class Filters:
    """The period, what it is compared with, and the members kept of each dimension."""

    period: Period
    comparison: Comparison
    where: Where = ()

    @property
    def base(self) -> Period | None:
        """The period compared with; None where there is none."""
        return self.comparison.base

    def members(self, dimension: str) -> tuple[str, ...]:
        """The members kept of a dimension; empty where it is not filtered."""
        return dict(self.where).get(dimension, ())

    def without(self, dimensions: Iterable[str]) -> Filters:
        """The same filters with some dimensions let free."""
        dropped = frozenset(dimensions)
        kept = tuple(item for item in self.where if item[0] not in dropped)
        return Filters(self.period, self.comparison, kept)


def where(chosen: Mapping[str, Iterable[str]]) -> Where:
    """Normalised members of each dimension: sorted, without doubles and without empty choices."""
    distinct = {name: tuple(sorted(set(values))) for name, values in chosen.items()}
    return tuple((name, values) for name, values in sorted(distinct.items()) if values)


def between(period: Period, column: str = "day") -> pl.Expr:
    """The rows dated inside a period, both ends included."""
    return pl.col(column).is_between(period.start, period.end)


def describe(filters: Filters, labels: Mapping[str, str]) -> str:
    """The view in one English sentence; `labels` names the dimensions."""
    parts = [filters.period.describe_days()]
    if filters.base:
        parts.append(f"compared with {filters.base.describe_days()}")
    parts += [f"{labels.get(name, name)}: {one_line(values)}" for name, values in filters.where]
    return "; ".join(parts)


def one_line(values: tuple[str, ...], most: int = 3) -> str:
    """Members as a short list: `France, Germany + 4 more`."""
    listing = ", ".join(values[:most])
    return listing if len(values) <= most else f"{listing} + {len(values) - most} more"
