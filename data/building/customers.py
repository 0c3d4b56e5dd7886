"""The customers of a prepared dataset: their first two days and their attributes, the segments."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from analytics.dataset import NO_CUSTOMER, NOT_RECORDED
from analytics.dimensions import segment_name
from data.building.coding import joined
from data.building.members import free_dimension


def customer_table(
    known: pl.DataFrame,
    lookup: pl.DataFrame | None,
    order_table: pl.DataFrame,
    taken: Sequence[str],
    *,
    with_nobody: bool,
) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """The customers by code with first_on, second_on and attributes; and the names of the attributes, the segments.

    An attribute whose name means something else, or is `taken` by the lines, gets the prefix `customer_`. Row 0 is
    nobody: its attributes are "not recorded" only where some line or return shows them (`with_nobody`).
    """
    table = known
    segments: list[str] = []
    if lookup is not None:
        attributes = [column for column in lookup.columns if column not in ("customer_id", "name")]
        renamed: dict[str, str] = {}
        for column in attributes:
            renamed[column] = segment_name(column, [*taken, *renamed.values()])
        own = lookup.with_columns(pl.col("customer_id").cast(pl.String)).rename(renamed)
        table = joined(table, own, "customer_id")
        segments = list(renamed.values())
    if "name" not in table.columns:
        table = table.with_columns(pl.lit(None, pl.String).alias("name"))
    columns = []
    for segment in segments:
        values = free_dimension(table[segment][1:], with_missing=with_nobody)
        first = pl.Series(segment, [NOT_RECORDED if with_nobody else None], dtype=values.dtype)
        columns.append(pl.concat([first, values]))
    bought = order_table.lazy().filter(pl.col("customer") != NO_CUSTOMER)
    # Orders are sorted by customer and day, so a customer's first two rows are the first two orders.
    firsts = bought.group_by("customer", maintain_order=True).agg(
        pl.col("day").first().alias("first_on"), pl.col("day").get(1, null_on_oob=True).alias("second_on")
    )
    table = joined(table.with_row_index("customer"), firsts.collect(), "customer")
    return (
        table.select("customer_id", pl.col("name").cast(pl.String), "first_on", "second_on").hstack(columns),
        tuple(segments),
    )
