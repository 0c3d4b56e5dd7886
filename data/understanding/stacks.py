"""Files of one role under each other, such as one for each month: lined up by name, else by what their columns mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from data.terms.columns import NUMERIC
from data.terms.numbers import styled
from data.understanding.names import number_role
from data.understanding.roles import left
from data.understanding.tables import Table
from data.understanding.types import FileUse


@dataclass(frozen=True, eq=False)
class Part:
    """One file of a stack."""

    table: Table
    names: Mapping[str, str]
    """Column of the stack -> column of this file."""

    @property
    def without(self) -> list[str]:
        """Columns of the stack that this file lacks."""
        return [column for column, own in self.names.items() if not own]

    @property
    def renamed(self) -> dict[str, str]:
        """Column of this file -> its name in the stack, where they differ."""
        return {own: column for column, own in self.names.items() if own and own != column}


@dataclass(frozen=True, eq=False)
class Stack:
    """Files of one role; `use` says what the columns of the first mean, under whose names all are known."""

    use: FileUse
    parts: tuple[Part, ...]

    @property
    def first(self) -> Table:
        """The file whose names count."""
        return self.parts[0].table

    def numbers(self, column: str) -> pl.Series:
        """A column of all files as numbers."""
        result = pl.concat([_numbers(part, column) for part in self.parts])
        times = self.use.fact(column).times
        return result if times == 1 else result * times

    def texts(self, column: str) -> pl.Series:
        """A column of all files as keys."""
        return pl.concat(
            [
                part.table.frame.select(part.table.key(own).alias(column)).collect()[column]
                if (own := part.names[column])
                else pl.Series(column, [None] * part.table.rows, dtype=pl.String)
                for part in self.parts
            ]
        )


def _numbers(part: Part, column: str) -> pl.Series:
    own = part.names[column]
    if not own:
        return pl.Series(column, [None] * part.table.rows, dtype=pl.Float64)
    dtype = part.table.frame.collect_schema()[own]
    number = pl.col(own) if dtype.is_numeric() else styled(pl.col(own).cast(pl.String), part.table.fact(own).numbers)
    return part.table.frame.select(number.cast(pl.Float64, strict=False).alias(column)).collect()[column]


def stacked(
    tables: Sequence[Table], file_uses: Sequence[FileUse], fixed: Mapping[str, str]
) -> tuple[dict[str, Stack], list[FileUse], list[str]]:
    """The stack of each role, the files with those that fit into none left alone, and sentences about how they fit."""
    by_name = {table.name: table for table in tables}
    stacks, uses, sentences = {}, {use.file: use for use in file_uses}, []
    for role in dict.fromkeys(use.role for use in file_uses if use.role != "unused"):
        members = [use for use in file_uses if use.role == role]
        base = max(members, key=lambda use: _weight(use, members, by_name, fixed))
        parts = [Part(by_name[base.file], {fact.name: fact.name for fact in by_name[base.file].facts})]
        for use in members:
            if use is base:
                continue
            part = _lined_up(base, by_name[base.file], use, by_name[use.file])
            if part is None:
                why = f"It looks like {role} too, but its columns differ from those of {base.file}."
                uses[use.file] = left(use, f"{why}{_money_of(by_name[use.file])}")
                continue
            parts.append(part)
            sentences += _differences(base, part)
        parts.sort(key=lambda part: tables.index(part.table))
        stacks[role] = Stack(
            _with_facts_of_all(base, parts), tuple(sorted(parts, key=lambda p: p.table.name != base.file))
        )
    return stacks, [uses[use.file] for use in file_uses], sentences


def _weight(
    use: FileUse, members: Sequence[FileUse], tables: Mapping[str, Table], fixed: Mapping[str, str]
) -> tuple[bool, bool, int, int]:
    """By hand first; then lines with products; then the rows of all files like it, and the cells that are filled."""
    columns = set(use.meanings)
    like = sum(other.rows for other in members if len(columns & set(other.meanings)) > 0.5 * len(columns))
    sold = bool({"product", "product_id", "quantity"} & {meaning.meaning for meaning in use.meanings.values()})
    known = sum(fact.kind != "empty" for fact in tables[use.file].facts)
    return use.file in fixed, sold, like, known


def _lined_up(base: FileUse, first: Table, use: FileUse, table: Table) -> Part | None:
    """Which column of a file is which of the stack's; None where too little of it is there."""
    names: dict[str, str] = {}
    own = {fact.name: fact for fact in table.facts}
    folded = {name.strip().casefold(): name for name in own}
    for fact in first.facts:
        names[fact.name] = folded.get(fact.name.strip().casefold(), "")
    for column, result in base.meanings.items():
        if names[column] or first.fact(column).kind == "empty":
            continue
        spare = [name for name in own if name not in names.values()]
        wanted = result.meaning
        like = [name for name in spare if wanted and ":" not in wanted and use.meanings[name].meaning == wanted]
        if not like and first.fact(column).numeric and (role := number_role(column)):
            like = [name for name in spare if own[name].numeric and number_role(name) == role]
        if not like and wanted and ":" not in wanted:
            like = [
                name
                for name in spare
                if own[name].kind == first.fact(column).kind and _same_values(first, column, table, name)
            ]
        if len(like) == 1:
            names[column] = like[0]
    needed = [column for column, item in base.meanings.items() if item.meaning and ":" not in item.meaning]
    needed = [column for column in needed if first.fact(column).kind != "empty"]
    there = [column for column in needed if names[column]]
    dated = base.column("ordered_on")
    money = [column for column in needed if base.meanings[column].meaning in NUMERIC]
    order = base.column("order_id")
    if (
        (dated and not names.get(dated))
        or (order and not names.get(order))
        or (money and not any(names[column] for column in money))
    ):
        return None
    return Part(table, names) if len(there) >= 0.6 * len(needed) and len(there) >= min(3, len(needed)) else None


def _money_of(table: Table) -> str:
    """A sentence on the money of a file that is left out; empty where none of its columns is named as an amount."""
    named = [fact for fact in table.facts if fact.numeric and number_role(fact.name) in ("amount", "refund")]
    if not named:
        return ""
    sums = [f"{fact.name} comes to {_sum(table, fact.name):,.2f}" for fact in named]
    return f" Its {' and its '.join(sums)}."


def _sum(table: Table, column: str) -> float:
    number = styled(pl.col(column).cast(pl.String), table.fact(column).numbers).cast(pl.Float64, strict=False).sum()
    return float(table.frame.select(number).collect().item() or 0)


def _same_values(first: Table, column: str, table: Table, own: str) -> bool:
    """Whether most values of a column of texts are known in another."""
    return first.fact(column).kind == "text" and table.known_in(own, first, column) > 0.5


def _differences(base: FileUse, part: Part) -> list[str]:
    """How a file's columns differ from the stack's, with the money that is left out."""
    sentences = []
    if part.renamed:
        pairs = ", ".join(f"{own} is {column}" for own, column in part.renamed.items())
        sentences.append(f"{part.table.name} has other names for some columns: {pairs}.")
    for fact in part.table.facts:
        if fact.name not in part.names.values() and fact.kind != "empty":
            money = ""
            if fact.numeric and number_role(fact.name):
                money = f"; it comes to {_sum(part.table, fact.name):,.2f}"
            sentences.append(f"{part.table.name}: {fact.name} is not in {base.file} and left out{money}.")
    return sentences


def _with_facts_of_all(base: FileUse, parts: Sequence[Part]) -> FileUse:
    """The use of the first file, whose empty columns mean what they mean in another file of the stack."""
    if all(fact.kind != "empty" for fact in base.facts):
        return base
    facts = []
    for fact in base.facts:
        others = (part.table.fact(own) for part in parts if (own := part.names[fact.name]))
        facts.append(next((other for other in others if other.kind != "empty"), fact) if fact.kind == "empty" else fact)
    return replace(base, facts=tuple(replace(fact, name=old.name) for fact, old in zip(facts, base.facts, strict=True)))


def values_of(stack: Stack, column: str) -> list[str]:
    """The different texts of a column of few."""
    own = [(part.table, part.names[column]) for part in stack.parts if part.names.get(column)]
    values: set[str] = set()
    for table, name in own:
        texts = table.frame.select(pl.col(name).cast(pl.String).str.strip_chars()).unique().head(1000).collect()
        values |= set(texts[name].drop_nulls().to_list()) - {""}
    return sorted(values)
