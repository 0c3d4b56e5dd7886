"""Making the files' meanings fit each other: keys that lead nowhere, members that stand in two tables, joins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import polars as pl

from analytics.dataset import GEOGRAPHY, PRODUCT_LEVELS
from data.terms.columns import LOOKUPS
from data.understanding.meanings import MOST_MEMBERS
from data.understanding.names import slug
from data.understanding.stacks import Stack
from data.understanding.types import FileUse, Meaning, with_meanings

_PLACES = ("lines", "orders", "territories", "customers")
_LEVELS = ("lines", "products", "subcategories", "categories")
_ONCE = ("ordered_on", "customer_id", "currency", "status")
_LEAST_KNOWN = 0.3
"""Share of the keys that a list must know, at least."""

STRANGERS: Final = "Hardly any of its keys are named by other files, so it is left out."


def fit_together(stacks: Mapping[str, Stack]) -> tuple[dict[str, Stack], list[str], list[str]]:
    """The stacks with meanings that fit, a sentence for each join, and one for each thing that was decided."""
    result, joins, text = dict(stacks), list[str](), list[str]()
    for role, key in LOOKUPS.items():
        if role in result:
            sentences = _joined(result, role, key)
            if sentences:
                joins += sentences
            else:
                file = result.pop(role).use.file
                text.append(f"{file}: {STRANGERS[0].lower()}{STRANGERS[1:]}")
    for role, stack in list(result.items()):
        result[role] = replace(stack, use=_lone_keys(stack.use, role, result))
    for roles, columns in ((_PLACES, GEOGRAPHY), (_LEVELS, PRODUCT_LEVELS), (("lines", "orders"), _ONCE)):
        for column in columns:
            users = [role for role in roles if role in result and result[role].use.column(column)]
            for role in users[1:]:
                text.append(_drop(result, role, column, users[0]))
    result["lines"] = replace(result["lines"], use=_spoilt(result["lines"].use, text))
    result["lines"] = replace(result["lines"], use=_per_customer(result["lines"]))
    return result, joins, text


def _joined(stacks: Mapping[str, Stack], role: str, key: str) -> list[str]:
    """A sentence for each file that joins a list, with how many of its values are found there."""
    lookup = stacks[role]
    own = lookup.use.column(key)
    if own is None:
        return []
    known, sentences = lookup.texts(own).drop_nulls().unique(), []
    for other, stack in stacks.items():
        column = stack.use.column(key)
        if column is None or other in ("unused", role):
            continue
        values = stack.texts(column).drop_nulls().unique()
        share = float(values.is_in(known.implode()).mean() or 0) if values.len() else 0.0  # type: ignore[arg-type]
        if share >= _LEAST_KNOWN:
            by = column if column == own else f"{column} = {own}"
            found = "every value is" if share == 1 else f"{share:.1%} of its values are"
            sentences.append(f"{stack.use.file} joins {lookup.use.file} by {by}: {found} found there.")
    return sentences


def _lone_keys(use: FileUse, role: str, stacks: Mapping[str, Stack]) -> FileUse:
    """Keys to lists that are not there: ways to break numbers down where they are few, else not used."""
    changed = {}
    for column, meaning in use.meanings.items():
        target = next((name for name, key in LOOKUPS.items() if key == meaning.meaning), "")
        if target not in ("territories", "categories", "subcategories") or (target in stacks and target != role):
            continue
        if target == role:
            continue
        fact, name = use.fact(column), slug(column)
        few = role in ("lines", "orders") and 2 <= fact.distinct <= max(MOST_MEMBERS, fact.rows // 4) and name
        changed[column] = (
            Meaning(f"dimension:{name}", f"{fact.distinct:,} different values; no file says more of them.", 0.5)
            if few
            else Meaning("", "No file says what these keys stand for.")
        )
    return with_meanings(use, changed)


def _drop(stacks: dict[str, Stack], role: str, meaning: str, kept: str) -> str:
    """Take a meaning from a table, because a table that says it more closely has it too."""
    use, other = stacks[role].use, stacks[kept].use
    column = use.column(meaning) or ""
    why = f"{other.column(meaning)} of {other.file} says it more closely."
    stacks[role] = replace(stacks[role], use=with_meanings(use, {column: Meaning("", why)}))
    return f"{column} of {use.file} is not used as the {meaning.replace('_', ' ')}: {why}"


def _spoilt(use: FileUse, sentences: list[str]) -> FileUse:
    """Order, customer and product numbers that a spreadsheet cut are no keys."""
    for column, result in use.meanings.items():
        if result.meaning and use.fact(column).spoilt:
            sentences.append(
                f"{column}: a spreadsheet cut these numbers to such as {use.fact(column).examples[0]}, so that "
                f"different ones look the same. They are not used; export the file again and keep spreadsheets from it."
            )
            use = with_meanings(use, {column: Meaning("", "Its numbers were cut by a spreadsheet.")})
    return use


def _per_customer(stack: Stack) -> FileUse:
    """Breakdowns of the lines that have one value for each customer describe the customer."""
    use = stack.use
    customer = use.column("customer_id")
    if customer is None or use.fact(customer).unique:
        return use
    names = [column for column, item in use.meanings.items() if item.meaning.startswith("dimension:")]
    names = [name for name in names if use.fact(name).kind == "text"]
    if not names:
        return use
    keys = stack.texts(customer)
    changed = {}
    for name in names:
        pairs = pl.DataFrame([keys.alias("key"), stack.texts(name).alias("value")]).filter(pl.col("key").is_not_null())
        if pairs.n_unique() == pairs["key"].n_unique():
            meaning = use.meanings[name]
            evidence = meaning.evidence.replace(": a way", ", the same for each customer: a way")
            changed[name] = Meaning(f"segment:{slug(name)}", evidence, meaning.score)
    return with_meanings(use, changed)
