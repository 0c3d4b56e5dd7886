"""Tables as they were read, in their shape, with the facts of their columns."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl

from data.staged import Staged, scan
from data.staging import Progress
from data.terms.rows import ROW
from data.terms.shaping import AS_IT_STANDS, Reshaping, shaped
from data.understanding.facts import Fact, profile
from data.understanding.names import is_marked, likeness, text_role
from data.understanding.shapes import order_fills, shape_of
from data.understanding.sums import Doubt


@dataclass(frozen=True, eq=False)
class Table:
    """One table: its rows in their shape, and what its columns hold."""

    name: str
    frame: pl.LazyFrame
    """Columns of the file and ROW."""
    rows: int
    facts: tuple[Fact, ...] = ()
    shape: Reshaping = AS_IT_STANDS
    sentences: tuple[str, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    book: str = ""
    """The workbook that this is one sheet of."""
    doubts: tuple[Doubt, ...] = ()
    """Rows that may add up others, so that it must be asked."""

    def fact(self, column: str) -> Fact:
        """What a column holds."""
        return next(fact for fact in self.facts if fact.name == column)

    def key(self, column: str) -> pl.Expr:
        """A column as the text of a key: 17000 and 17000.0 are one."""
        dtype = self.frame.collect_schema()[column]
        text = pl.col(column).cast(pl.String).str.strip_chars()
        return (text.str.strip_suffix(".0") if dtype.is_float() or self.fact(column).suffixed else text).alias("key")

    def known_in(self, column: str, other: Table, own: str) -> float:
        """Share of a column's different values that a column of another table has."""
        values = self.frame.select(self.key(column)).drop_nulls().unique().collect()
        known = other.frame.select(other.key(own)).drop_nulls().unique().collect()
        return values.join(known, on="key", how="semi").height / values.height if values.height else 0.0


def tables_of(staged: Sequence[Staged], progress: Progress) -> list[Table]:
    """Every table that was read."""
    result = []
    for number, item in enumerate(staged):
        progress(number / len(staged), f"Looking into {item.name}")
        table = table_of(
            item.name, scan(item), item.rows, sentences=item.sentences, options=item.options, above=_above(item.shape)
        )
        result.append(replace(table, book=item.book))
    return result


def _above(shape: Mapping[str, Any]) -> str:
    """What stands above the names of a table's columns."""
    first = min(shape.get("header_rows") or [1])
    lines = (str(line) for number, line in shape.get("preview", ()) if number < first)
    return " ".join(cell.strip() for line in lines for cell in re.split(r"[\t;,|]", line) if cell.strip())


def table_of(
    name: str,
    frame: pl.LazyFrame,
    rows: int,
    *,
    sentences: Sequence[str] = (),
    options: Mapping[str, Any] | None = None,
    above: str = "",
) -> Table:
    """A table in the shape that its cells call for; `above` it stands a title."""
    facts = profile(frame, rows)
    shape, why, doubts = shape_of(frame, facts, rows, (above, name))
    changed = replace(shape, clean=False)
    if shape:
        frame = shaped(frame, shape, ROW)
    if changed:
        rows = int(frame.select(pl.len()).collect().item())
        facts = profile(frame, rows)
    table = Table(name, frame, rows, tuple(facts), shape, (*sentences, *why), dict(options or {}), doubts=doubts)
    order = _order(facts)
    return filled_by_order(table, order) if order else table


def filled_by_order(table: Table, order: str) -> Table:
    """A table in which what is filled on the first line of an order only holds for its other lines."""
    if table.shape.fill_order or all(fact.kind == "empty" or fact.filled == fact.rows for fact in table.facts):
        return table
    some = table.frame.collect() if table.rows <= 200_000 else table.frame.head(200_000).collect()
    fills = order_fills(some, order, table.facts)
    if not fills:
        return table
    shape = replace(table.shape, fill_order=(order, *fills))
    frame = shaped(table.frame, Reshaping(fill_order=shape.fill_order), ROW)
    facts = tuple(profile_one(frame, fact, table.rows) if fact.name in fills else fact for fact in table.facts)
    why = f"{', '.join(fills)}: filled on the first line of an order; further lines are of the same."
    return replace(table, frame=frame, facts=facts, shape=shape, sentences=(*table.sentences, why))


def profile_one(frame: pl.LazyFrame, fact: Fact, rows: int) -> Fact:
    """A column looked into again."""
    return profile(frame.select(fact.name), rows)[0]


def _order(facts: Sequence[Fact]) -> str:
    """The column that is named like an order's number."""
    named = [
        fact
        for fact in facts
        if (likeness(fact.name, "order_id") >= 1 or text_role(fact.name) == "order")
        and fact.kind in ("text", "whole")
        and fact.filled == fact.rows
        and fact.distinct > 1
    ]
    best = max(named, key=lambda fact: (likeness(fact.name, "order_id"), is_marked(fact.name, "key")), default=None)
    return best.name if best is not None else ""
