"""The order lines as one sheet: what each line is of, and its numbers with those that its keys lead to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from data.terms.columns import KEYS, LOOKUPS
from data.understanding.facts import Fact
from data.understanding.meanings import BY_HAND
from data.understanding.names import is_marked, number_role, text_role
from data.understanding.relations import Sheet
from data.understanding.stacks import Stack

OWN_LAYOUT = frozenset({"order_id", "day", "product", "quantity", "revenue", "discount"})
"""Columns of the app's own download of lines."""


@dataclass(frozen=True, eq=False)
class JoinedLines:
    """Order lines with what belongs to them."""

    stack: Stack
    stacks: Mapping[str, Stack]
    """Role -> files, the lines' own among them."""
    sheet: Sheet
    source: Mapping[str, tuple[str, str]]
    """Column of the sheet -> (role, column) that it comes from."""
    header: tuple[str, ...] = ()
    """Columns of the sheet that stand in the orders' own file."""


def codes(texts: pl.Series) -> npt.NDArray[np.int64]:
    """A number from 0 for each different text, -1 for none."""
    blank = pl.when(pl.col(texts.name).str.strip_chars() != "").then(texts.name)
    coded = texts.to_frame().select(blank.cast(pl.Categorical(pl.Categories.random())))[texts.name]
    return coded.to_physical().cast(pl.Int64).fill_null(-1).to_numpy()


def lines_of(stacks: Mapping[str, Stack]) -> JoinedLines:
    """The lines' sheet, with prices of the products list and amounts of the orders joined to it."""
    stack = stacks["lines"]
    columns: dict[str, npt.NDArray[np.float64]] = {}
    source: dict[str, tuple[str, str]] = {}
    facts: dict[str, Fact] = {}
    for fact in stack.use.facts:
        if _counts(fact, stack):
            columns[fact.name] = _array(stack.numbers(fact.name))
            source[fact.name], facts[fact.name] = ("lines", fact.name), fact
    header: list[str] = []
    for role in ("orders", "products"):
        key = LOOKUPS[role]
        other, own = stacks.get(role), stack.use.column(key)
        theirs = other.use.column(key) if other else None
        if other is None or own is None or theirs is None:
            continue
        wanted = [fact for fact in other.use.facts if fact.numeric and _wanted(role, fact, other)]
        table = pl.DataFrame([other.texts(theirs).alias("key"), *(other.numbers(f.name).alias(f.name) for f in wanted)])
        table = table.filter(pl.col("key").is_not_null()).unique("key", keep="first", maintain_order=True)
        rows = stack.texts(own).alias("key").to_frame().join(table, on="key", how="left", maintain_order="left")
        for fact in wanted:
            name = fact.name if fact.name not in columns else f"{fact.name} of {other.use.file}"
            columns[name] = _array(rows[fact.name])
            source[name], facts[name] = (role, fact.name), fact
            header += [name] if role == "orders" else []
    order, product = stack.use.column("order_id"), stack.use.column("product_id") or stack.use.column("product")
    names = set(stack.use.meanings)
    roles = {name: _role(name, facts[name]) for name in columns}
    if any(fact.coins for fact in facts.values()):
        # Beside money with cents, whole numbers are no fee and no shipping, whatever they are called.
        odd = [name for name, role in roles.items() if role in ("fee", "shipping") and not facts[name].coins]
        roles |= {name: "" for name in odd if facts[name].kind == "whole" and (facts[name].high or 0) > 0}
    sheet = Sheet(
        columns,
        roles,
        frozenset(name for name in columns if facts[name].percent or is_marked(name, "percent")),
        frozenset(name for name in columns if facts[name].coins),
        codes(stack.texts(order)) if order else None,
        tuple(codes(stack.texts(name)) for name in _groupings(stack, product)),
        frozenset(name for name, (role, _) in source.items() if role == "products"),
        frozenset(name for name in columns if 2 * sum(n for _, n in facts[name].currencies) > facts[name].filled),
        len(OWN_LAYOUT & names) >= 5 and "order_id" in names,
    )
    return JoinedLines(stack, stacks, sheet, source, tuple(header))


def _array(values: pl.Series) -> npt.NDArray[np.float64]:
    return np.array(values.cast(pl.Float64).fill_null(float("nan")).to_numpy(), dtype=np.float64)


def _groupings(stack: Stack, product: str | None) -> list[str]:
    """The column of the product, and other texts of which most come back, as products do."""
    spare = [
        fact.name
        for fact in stack.use.facts
        if fact.kind == "text" and 3 <= fact.distinct <= 0.5 * fact.filled and fact.name != product
    ]
    return [*([product] if product else []), *spare[:3]]


def _role(name: str, fact: Fact) -> str:
    """The role that a name speaks for; cells with a percent sign are no amount, whatever the name says."""
    role = number_role(name)
    return role if not fact.percent or role in ("discount", "tax", "profit", "neutral", "cost") else ""


def _counts(fact: Fact, stack: Stack) -> bool:
    """Whether a column holds numbers that count something: no key, no number that only names."""
    if not fact.numeric:
        return False
    meaning = stack.use.meanings[fact.name].meaning
    if meaning in KEYS or meaning == "name":
        return False
    if role := number_role(fact.name):
        # 'Sales Record Number' is no amount: whole numbers that a name calls a number.
        bare = role in ("amount", "price") and fact.kind == "whole" and not fact.coins
        guessed = bare and stack.use.meanings[fact.name].evidence != BY_HAND
        runs = guessed and any(other.coins for other in stack.use.facts) and _runs(fact, stack)
        return not (runs or (bare and _is_numbered(fact)))
    spoken = text_role(fact.name)
    many, speaks = fact.distinct >= max(8, 0.3 * fact.rows), spoken in _ENTITIES
    if fact.kind == "whole" and ((is_marked(fact.name, "key") and (many or speaks)) or (many and speaks)):
        return False
    return not (fact.kind == "whole" and not fact.coins and _runs(fact, stack))


def _is_numbered(fact: Fact) -> bool:
    return is_marked(fact.name, "key") and fact.low is not None and fact.low > 0


_ENTITIES = frozenset({"order", "customer", "product", "place", "category"})


def _runs(fact: Fact, stack: Stack) -> bool:
    """Whether a column numbers the rows: each one more than the last, not written as money."""
    if not fact.unique or fact.low is None or fact.high is None or fact.rows < 3:
        return False
    return fact.high - fact.low == fact.rows - 1 and stack.numbers(fact.name).is_sorted()


def _wanted(role: str, fact: Fact, stack: Stack) -> bool:
    meaning = stack.use.meanings[fact.name].meaning
    if role == "products":
        return meaning in ("unit_price", "unit_cost")
    return meaning not in KEYS and bool(number_role(fact.name))
