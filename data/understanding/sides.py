"""Sides of a ledger in a column of their own: two short values such as S and H beside amounts that have no sign."""

from __future__ import annotations

from functools import cache
from typing import Final

import polars as pl

from data.understanding.facts import Fact
from data.understanding.names import number_role, side_tables, speaks_of, text_role, words
from data.understanding.stacks import Stack, values_of

_RARE: Final = 0.3
"""Share of the money up to which one side of a ledger of sales is what was taken back."""

_SIGNS: Final = (frozenset({"+", "-"}), frozenset({"+", "−"}), frozenset({"+", "–"}))

_MONEY: Final = ("amount", "price", "quantity", "")
"""Roles of the numbers whose sign would say what a side says."""


def is_side(stack: Stack, fact: Fact) -> bool:
    """Whether a column says on which side of a ledger its row stands, surely or perhaps."""
    return bool(_certainty(stack, fact))


def are_cards(stack: Stack, fact: Fact) -> bool:
    """Whether a column holds the two kinds of cards that were paid with, debit and credit."""
    if fact.distinct != 2 or not speaks_of(fact.name, "payments"):
        return False
    return frozenset(map(words, values_of(stack, fact.name))) in _pairs("words")


def side_states(stack: Stack, fact: Fact) -> dict[str, str]:
    """Each of a column's two sides as a state: `sale`, `returns`, or `open` where it must be asked.

    The side with most of the money is what was sold. Where the other has much money too, it may be payments as well.
    """
    money, rows = _money(stack), stack.texts(fact.name).str.strip_chars()
    sums = {value: float(money.filter(rows == value).sum() or 0.0) for value in values_of(stack, fact.name)}
    large, small = sorted(sums, key=lambda value: (-sums[value], value))
    if sums[small] > _RARE * sum(sums.values()):
        return {large: "open", small: "open"}
    return {large: "sale", small: "returns" if _certainty(stack, fact) == "sure" else "open"}


def _certainty(stack: Stack, fact: Fact) -> str:
    """`sure` or `open` for a column of sides, empty for any other."""
    if fact.distinct != 2 or any(_signed(other) for other in stack.use.facts):
        return ""
    values = values_of(stack, fact.name)
    pair = frozenset(map(words, values))
    kind = next((kind for kind in ("sure", "words", "letters", "common") if pair in _pairs(kind)), "")
    if frozenset(values) in _SIGNS:
        return "sure"
    # Debit and credit may be cards, too, and letters nearly anything: the column's name tells.
    if not kind or (kind != "sure" and speaks_of(fact.name, "payments")):
        return ""
    if kind == "sure" or _is_side_name(fact.name):
        return "sure"
    return "open" if kind != "common" and text_role(fact.name) in ("", "status") else ""


@cache
def _pairs(kind: str) -> frozenset[frozenset[str]]:
    """Pairs of sides: `sure` ones mean nothing else, `words` and `letters` may, `common` letters usually do."""
    return frozenset(frozenset(map(words, pair)) for pair in side_tables()[kind])


def _is_side_name(name: str) -> bool:
    """Whether a name says that a column holds sides: D/C, DrCr, Soll-/Haben-Kennzeichen, Side."""
    own = words(name).split()
    every = [pair for kind in ("sure", "words", "letters", "common") for pair in _pairs(kind)]
    both = any(pair <= set(own) or (len(own) == 1 and own[0] in _joined(pair)) for pair in every)
    long = {side for kind in ("sure", "words") for pair in _pairs(kind) for side in pair if len(side) > 2}
    return both or bool(long & set(own)) or speaks_of(name, "sides")


def _joined(pair: frozenset[str]) -> set[str]:
    one, other = pair
    return {one + other, other + one}


def _signed(fact: Fact) -> bool:
    """Whether a column's numbers say by themselves what was taken back."""
    return fact.numeric and fact.negatives > 0 and number_role(fact.name) in _MONEY


def _money(stack: Stack) -> pl.Series:
    """What each row is worth, as far as it is known before the money is read; else each counts as one."""
    use = stack.use
    amount = use.column("revenue")
    price, units = use.column("unit_price"), use.column("quantity")
    if amount is None and price is not None and units is not None:
        return stack.numbers(price) * stack.numbers(units)
    named = amount or price or next((fact.name for fact in use.facts if fact.coins), None)
    return stack.numbers(named) if named else pl.Series([1.0]).new_from_index(0, len(stack.texts(use.facts[0].name)))
