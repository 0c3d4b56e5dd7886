"""Members that are spelt in several ways: york, York and "York " are one, unless somebody says otherwise."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any, Final

import polars as pl

from analytics.dataset import GEOGRAPHY, PRODUCT_LEVELS
from data.terms.columns import KEYS
from data.understanding.changes import REMOVED, Path, changed
from data.understanding.names import is_marked
from data.understanding.stacks import Stack
from data.understanding.types import Answer, Question

_NAMED: Final = frozenset({"name", "customer_id", *GEOGRAPHY, *PRODUCT_LEVELS})
"""Meanings whose texts are names; so are those of breakdowns and segments."""

_NUMBERED: Final = {"product": "product_id", "name": "customer_id"}
"""Names -> the number that tells their members apart, where there is one."""

_MOST: Final = 20_000
"""Different texts beyond which a column is not looked through."""

_SHOWN: Final = 4
"""Spellings that a sentence lists."""


def spellings(content: Mapping[str, Any], stacks: Mapping[str, Stack]) -> tuple[dict[str, Any], Question | None]:
    """A recipe that counts spellings of one member together, and the question that can undo it, if there are any."""
    changes: list[tuple[Path, Any]] = []
    undo: list[tuple[Path, Any]] = []
    listed: list[str] = []
    for role, stack in stacks.items():
        columns = content.get(role, {}).get("columns", {})
        for name, spec in columns.items():
            column = spec if isinstance(spec, str) else spec.get("column")
            if not isinstance(column, str) or (isinstance(spec, dict) and "values" in spec):
                continue
            if not _names(stack, column) or not (found := variants(_counted(stack, column))):
                continue
            place: Path = (role, "columns", name)
            known = {"column": column} if isinstance(spec, str) else dict(spec)
            changes.append((place, {**known, "values": found}))
            undo.append(((*place, "values"), REMOVED))
            listed += [f"{other} is {member}" for other, member in found.items()]
    if not changes:
        return dict(content), None
    more = f" and {len(listed) - _SHOWN:,} more" if len(listed) > _SHOWN else ""
    text = (
        f"Some names differ in capitals or blanks only and are counted together ({'; '.join(listed[:_SHOWN])}{more}). "
        "Is that right?"
    )
    answers = (
        Answer("merge", "Count them together"),
        Answer("keep", "Keep each spelling apart", None, "", tuple(undo)),
    )
    return changed(dict(content), changes), Question("spellings", text, answers, "merge", must=False)


def _names(stack: Stack, column: str) -> bool:
    """Whether a column holds names of members, and no codes that capitals tell apart."""
    found, fact = stack.use.meanings.get(column), None
    if found is None:
        return False
    fact = stack.use.fact(column)
    meaning = found.meaning
    if (number := _NUMBERED.get(meaning)) and stack.use.column(number):
        return False
    code = meaning in KEYS and is_marked(column, "key")
    return fact.kind == "text" and fact.distinct <= _MOST and not code and (meaning in _NAMED or ":" in meaning)


def _counted(stack: Stack, column: str) -> pl.DataFrame:
    """The different texts of a column in all files, and how many rows have each."""
    return stack.texts(column).alias("text").drop_nulls().value_counts(name="rows").sort("text")


def variants(counted: pl.DataFrame) -> dict[str, str]:
    """Each spelling (`text`, on so many `rows`) that is not its member's usual one -> the usual one.

    The usual one is on most rows; of several, the one that is neither all small nor all capital letters.
    """
    members: dict[str, list[tuple[int, bool, str]]] = {}
    for text, rows in counted.iter_rows():
        plain = text.strip()
        folded = " ".join(unicodedata.normalize("NFKC", plain).casefold().split())
        if len(folded) > 1:
            mixed = plain not in (plain.lower(), plain.upper())
            members.setdefault(folded, []).append((-rows, not mixed, plain))
    return {
        other: usual
        for known in members.values()
        if len(known) > 1
        for usual in [min(known)[2]]
        for _, _, other in sorted(known)
        if other != usual
    }
