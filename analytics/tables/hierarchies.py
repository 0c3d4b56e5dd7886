"""Which dimensions of a dataset lie inside one another, and what a chart of one of them leaves unfiltered."""

from __future__ import annotations

from analytics.dataset import GEOGRAPHY, PRODUCT_LEVELS, Dataset


def places(data: Dataset) -> tuple[str, ...]:
    """The geographic dimensions that the lines carry, from wide to narrow."""
    return tuple(name for name in GEOGRAPHY if data.has(name))


def levels(data: Dataset) -> tuple[str, ...]:
    """The product dimensions that the lines carry, from wide to narrow."""
    return tuple(name for name in PRODUCT_LEVELS if data.has(name))


def others(data: Dataset) -> tuple[str, ...]:
    """The dimensions that are neither place, product nor customer segment, such as a sales channel."""
    return tuple(name for name in data.members if name not in (*GEOGRAPHY, *PRODUCT_LEVELS, *data.segments))


def finer(dimension: str) -> tuple[str, ...]:
    """The dimension and those inside it. A clickable chart lets their filters go, so that all its members stay."""
    for hierarchy in (GEOGRAPHY, PRODUCT_LEVELS):
        if dimension in hierarchy:
            return hierarchy[hierarchy.index(dimension) :]
    return (dimension,)
