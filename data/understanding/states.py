"""What the values of a column of states say of their rows: a sale, a return, no sale, or something to be asked.

A word that is not known is never taken for a sale in silence, once a column is known to hold states.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import polars as pl

from data.understanding.changes import WITH, WITHOUT, Path
from data.understanding.facts import Fact
from data.understanding.meanings import evidence
from data.understanding.names import is_state_name, speaks_of, text_role
from data.understanding.sides import are_cards, is_side, side_states
from data.understanding.stacks import Stack, values_of
from data.understanding.types import Answer, Meaning, Question, ReadingTotals, with_meanings

_FEW: Final = 12
"""Different values that a column of states without such a name may have."""

_MOST: Final = 1000
"""Different values beyond which a column holds no states."""

_ASKED: Final = 4
"""Values that are asked one by one; more are asked together."""

_CHOICES: Final = {"sale": "sales", "no_sale": "no sales", "returns": "returns"}
_LISTS: Final = ("returns", "no_sale")
"""Lists of values that a recipe's status has."""


def state_of(value: str) -> str:
    """What a value says: `sale`, `open` (such as pending), `no_sale`, `returns`, or empty where it is not known."""
    # An order of which a part was given back is a sale.
    order = ("partly", "no_sale", "returns", "open", "sale")
    kind_of_state = next((kind for kind in order if speaks_of(value, kind)), "")
    return "sale" if kind_of_state == "partly" else kind_of_state


def with_states(stack: Stack, by_hand: Mapping[str, str]) -> Stack:
    """A stack whose column of states is its status, whatever it is called; a value chosen by hand stays."""
    use = stack.use
    if "status" in by_hand.values():
        return stack
    named = use.column("status")
    for fact in sorted(use.facts, key=lambda fact: fact.name != named):
        if fact.kind not in ("text", "whole") or fact.name in by_hand or not 1 <= fact.distinct <= _MOST:
            continue
        if (
            _is_flag(stack, fact.name)
            or is_side(stack, fact)
            or (fact.kind == "text" and _holds_states(stack, fact, named))
        ):
            meaning = Meaning("status", evidence(fact, "status"), 0.5)
            other = {named: Meaning("", "Another column holds the states.")} if named not in (None, fact.name) else {}
            return replace(stack, use=with_meanings(use, {**other, fact.name: meaning}))
    return stack


def _is_flag(stack: Stack, column: str) -> bool:
    """Whether a column says by its name what yes in it means, such as Cancelled or Void?."""
    values = values_of(stack, column)
    flags = [speaks_of(value, "yes") or speaks_of(value, "no") for value in values]
    return state_of(column) in _LISTS and all(flags) and any(speaks_of(value, "yes") for value in values)


def _holds_states(stack: Stack, fact: Fact, named: str | None) -> bool:
    meaning = stack.use.meanings[fact.name].meaning
    if (fact.name != named and fact.distinct > _FEW) or are_cards(stack, fact):
        return False
    known = [state_of(value) for value in values_of(stack, fact.name)]
    telling = any(kind in ("no_sale", "returns") for kind in known)
    if fact.name == named or ((meaning == "" or ":" in meaning) and text_role(fact.name) in ("", "status")):
        return telling and (text_role(fact.name) == "status" or sum(map(bool, known)) >= 0.5 * len(known))
    # A column that is called otherwise, such as State, must hold hardly anything else.
    return telling and len(known) > 1 and sum(map(bool, known)) >= 0.75 * len(known)


def status_spec(stack: Stack, column: str) -> dict[str, Any]:
    """A status as the recipe names it, with its values that make a row a return or no sale."""
    spec: dict[str, Any] = {"column": column}
    for kind in _LISTS:
        if values := [value for value in values_of(stack, column) if _kind(stack, column, value) == kind]:
            spec[kind] = values
    return spec


def _kind(stack: Stack, column: str, value: str) -> str:
    """What a value says in its column: an order that was refunded is a sale that came back, not a row of a return."""
    if _is_flag(stack, column):
        return state_of(column) if speaks_of(value, "yes") else "sale"
    if is_side(stack, stack.use.fact(column)):
        return side_states(stack, stack.use.fact(column))[value]
    kind = state_of(value)
    if kind != "returns" or not is_state_name(column):
        return kind
    rows = (stack.texts(column).str.strip_chars() == value).fill_null(False)
    return kind if _below_zero(stack, rows) or _sold_elsewhere(stack, rows) else "refunded"


def _below_zero(stack: Stack, rows: pl.Series) -> bool:
    """Whether some rows have a number below zero, as rows of returns often do."""
    numbers = [stack.numbers(fact.name) for fact in stack.use.facts if fact.numeric and fact.negatives]
    return any(bool((number.filter(rows) < 0).any()) for number in numbers)


def _sold_elsewhere(stack: Stack, rows: pl.Series) -> bool:
    """Whether order (or customer) and product of each of some rows stand on another row too, which is then the sale."""
    use = stack.use
    who, what = use.column("order_id") or use.column("customer_id"), use.column("product_id") or use.column("product")
    if who is None or what is None:
        return False
    keys = pl.DataFrame([stack.texts(who).alias("who"), stack.texts(what).alias("what")])
    back = keys.filter(rows)
    return back.join(keys.filter(~rows), on=["who", "what"], how="semi").height == back.height


def about_states(
    role: str, stack: Stack, spec: Mapping[str, Any], total: Callable[[Mapping[str, Any]], ReadingTotals]
) -> list[Question]:
    """What the values are that are not known, or still open; `total` says what a status with other lists comes to."""
    column = str(spec.get("column", ""))
    known = {value: _kind(stack, column, value) for value in values_of(stack, column)} if column else {}
    if not any(known.values()) and not is_state_name(column):
        return []  # A kind of something else, such as where an order came from.
    questions = []
    for default, kinds in (("sale", ("", "open")), ("no_sale", ("refunded",))):
        doubtful = [value for value, kind in known.items() if kind in kinds]
        groups = [[value] for value in doubtful] if len(doubtful) <= _ASKED else [doubtful]
        questions += [_question(role, group, spec, default, total) for group in groups]
    # Rows that do not count whatever they are called, such as payments, are no question.
    return [question for question in questions if len({answer.totals for answer in question.answers}) > 1]


def _question(
    role: str,
    values: Sequence[str],
    spec: Mapping[str, Any],
    default: str,
    total: Callable[[Mapping[str, Any]], ReadingTotals],
) -> Question:
    answers = []
    for key, label in _CHOICES.items():
        place: Path = (role, "columns", "status")
        changes: list[tuple[Path, Any]] = [
            ((*place, kind, WITH if kind == key else WITHOUT), value) for kind in _LISTS for value in values
        ]
        if key == "returns":
            changes.append((("policies", "negative_quantity"), "returns"))
        chosen = {**spec, **({key: [*spec.get(key, []), *values]} if key in _LISTS else {})}
        answers.append(Answer(key, f"They are {label}", total(chosen), "", tuple(changes)))
    column, listed = spec["column"], ", ".join(f"'{value}'" for value in values)
    text = f"{column} says {listed} on some rows: are these sales, no sales, or returns?"
    return Question(f"status:{column}:{_key(values)}", text, tuple(answers), default)


def _key(values: Sequence[str]) -> str:
    """One value by itself; of several a digest too, so that an answer about others is never taken for theirs."""
    if len(values) == 1:
        return values[0]
    digest = hashlib.sha256("\0".join(sorted(values)).encode()).hexdigest()
    return f"{values[0]}+{digest[:8]}"
