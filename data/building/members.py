"""Members of dimensions: their labels, unique within a dimension, and their order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import polars as pl

from analytics.dataset import NOT_RECORDED
from data.checking.categories import as_categorical, relabelled, texts


def hierarchy_keys(level: str) -> list[pl.Expr]:
    """Sort keys of one level: alphabetical without regard to case, what is not recorded last."""
    return [pl.col(level) == NOT_RECORDED, pl.col(level).str.to_lowercase(), pl.col(level)]


def unique_labels(labels: Sequence[str]) -> list[str]:
    """Labels made different from each other by " · 2", " · 3" where they are not."""
    seen: set[str] = set()
    result = []
    for label in labels:
        candidate, number = label, 1
        while candidate in seen:
            number += 1
            candidate = f"{label} · {number}"
        seen.add(candidate)
        result.append(candidate)
    return result


def label_levels(table: pl.DataFrame, levels: Sequence[str]) -> pl.DataFrame:
    """Replace each level of a table, sorted by its hierarchy, by Enum labels that are unique within the level.

    A name that occurs under several parents becomes "Name · Parent". So each label has one parent, and the members of a
    level stand in hierarchy order: what is sorted by the narrowest level is sorted by all of them.
    """
    parent: str | None = None
    for level in levels:
        keys = [level] if parent is None else [level, parent]
        names = table.select(keys).unique(maintain_order=True)
        labels = names[level].to_list()
        if parent is not None:
            parents = names[parent].cast(pl.String).to_list()
            repeated = names[level].is_duplicated().to_list()
            labels = unique_labels(
                [_under(own, above, twice) for own, above, twice in zip(labels, parents, repeated, strict=True)]
            )
        label = pl.Series("__label", labels, dtype=pl.Enum(labels))
        table = (
            table.join(names.with_columns(label), on=keys, how="left", maintain_order="left")
            .with_columns(pl.col("__label").alias(level))
            .drop("__label")
        )
        parent = level
    return table


def _under(own: str, above: str, repeated: bool) -> str:
    if not repeated:
        return own
    if own == NOT_RECORDED and above.startswith(NOT_RECORDED):
        return above
    return f"{own} · {above}"


def free_dimension(column: pl.Series, *, with_missing: bool = False) -> pl.Series:
    """A dimension outside the hierarchies as Enum without nulls; `with_missing` adds NOT_RECORDED in any case.

    An Enum column keeps its own order of members; else numbers go by size and texts by the alphabet.
    """
    present = set(column.drop_nulls().unique().cast(pl.String).to_list())
    if isinstance(column.dtype, pl.Enum):
        order = [member for member in column.dtype.categories.to_list() if member in present and member != NOT_RECORDED]
    else:
        order = natural_order(present)
    if with_missing or column.null_count() or NOT_RECORDED in present:
        order.append(NOT_RECORDED)
    coded = as_categorical(column)
    members = texts(coded).cast(pl.Enum(order), strict=False)
    result = relabelled(coded, members)
    return result.fill_null(NOT_RECORDED) if result.null_count() else result


def natural_order(members: Iterable[str]) -> list[str]:
    """Members sorted: numbers by size, else alphabetical; without what is not recorded."""
    named = [member for member in members if member != NOT_RECORDED]
    try:
        named.sort(key=lambda member: (float(member), member))
    except ValueError:
        named.sort(key=lambda member: (member.lower(), member))
    return named


def narrow(column: pl.Series) -> pl.Series:
    """The narrowest of Int16, Int32 and Int64 that holds every value."""
    if column.len() == 0:
        return column.cast(pl.Int16)
    low, high = int(column.min()), int(column.max())  # type: ignore[arg-type]
    for bits, dtype in ((15, pl.Int16), (31, pl.Int32)):
        if -(1 << bits) <= low and high < 1 << bits:
            return column.cast(dtype)
    return column.cast(pl.Int64)


def most_frequent(frame: pl.LazyFrame, key: str, column: str) -> pl.DataFrame:
    """One row per key: its most frequent text in `column`, the alphabetically first of several."""
    return (
        frame.filter(pl.col(column).is_not_null(), pl.col(key).is_not_null())
        .group_by(key, column)
        .agg(pl.len().alias("__count"))
        .select(pl.col(key).cast(pl.String), pl.col(column).cast(pl.String), "__count")
        .sort("__count", column, key, descending=[True, False, False])
        .unique(subset=key, keep="first", maintain_order=True)
        .select(key, column)
        .collect()
    )
