"""Which column of one file names the rows of another, proven by values: each value is the key of one row there.

Small whole numbers are found in any list, so that a name must agree as well: the column speaks of the other file
(zamowienie_id of zamowienia.csv), or both columns bear one name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from data.understanding.facts import Fact
from data.understanding.names import bare_key, is_marked, number_role, text_role, words
from data.understanding.tables import Table

_KNOWN: Final = 0.8
"""Share of a column's values that must be keys of the other file; all of them where no name agrees."""

_LEAST_STEM: Final = 3


@dataclass(frozen=True)
class KeyRelation:
    """A column whose values are keys of another file's rows."""

    file: str
    column: str
    other: str
    key: str


def relations_of(tables: Sequence[Table]) -> list[KeyRelation]:
    """The relations between tables, at most one for each column."""
    result = []
    for table in tables:
        for fact in table.facts:
            if _may_name(fact):
                rated = [
                    (rank, -number, other.name, key.name)
                    for number, other in enumerate(tables)
                    if other is not table
                    for key in other.facts
                    if (rank := _rank(table, fact, other, key)) > 0
                ]
                best = sorted(rated, reverse=True)[:2]
                # Two lists that no name tells apart: the column may be of either.
                if best and (best[0][0] > 1 or len(best) == 1):
                    result.append(KeyRelation(table.name, fact.name, best[0][2], best[0][3]))
    return result


def is_key(facts: Sequence[Fact], column: str, *, every: bool = False) -> bool:
    """Whether nearly each value is there once, or `every` one: a list may hold some rows twice or without a key."""
    fact = next(item for item in facts if item.name == column)
    if every and fact.distinct < fact.filled:
        return False
    return (fact.distinct >= 0.9 * fact.filled and fact.filled >= 0.9 * fact.rows) or (
        fact.rows <= 20 and fact.distinct >= fact.filled - 1 and fact.distinct > 1
    )


def title_of_table(table: Table) -> str:
    """The name of a sheet, or of a file without its ending."""
    if sheet := str(table.options.get("sheet", "")):
        return sheet
    return re.sub(r"\.\w{1,8}$", "", table.name).split(" · ")[-1]


def _may_name(fact: Fact) -> bool:
    """Whether a column's values may be keys of another file."""
    if fact.kind not in ("text", "whole") or fact.coins or fact.percent or not fact.filled:
        return False
    return is_marked(fact.name, "key") or not (fact.numeric and number_role(fact.name))


def _rank(table: Table, fact: Fact, other: Table, key: Fact) -> int:
    """How well a column names the rows of another table by a key: 0 not at all, 1 by values alone, higher by names."""
    if not _may_name(key) or key.distinct < 2 or key.kind != fact.kind or not is_key(other.facts, key.name):
        return 0
    title, own = title_of_table(other), title_of_table(table)
    same, spoken = words(fact.name) == words(key.name), _speaks(fact.name, title)
    again = fact.distinct < fact.filled
    # A bare ID numbers the rows of its own table, unless its values come back.
    if bare_key(fact.name) and not (same and again):
        return 0
    either = not again or (not key.unique and is_key(table.facts, fact.name))
    if same and either and (not spoken or _speaks(fact.name, own)):
        return 0
    keyed = bare_key(key.name) or (is_marked(key.name, "key") and (_speaks(key.name, title) or same))
    exact = len(words(title).split()) == 1
    if same:
        rank = 3 + spoken
    elif spoken and (keyed or (key.unique and _speaks(key.name, title) and fact.kind == "whole")):
        rank = 2 + exact + bare_key(key.name)
    elif is_marked(fact.name, "key") and keyed and _telling(fact, other):
        rank = 1
    else:
        return 0
    return rank if table.known_in(fact.name, other, key.name) >= (_KNOWN if rank > 1 else 1.0) else 0


def _telling(fact: Fact, other: Table) -> bool:
    """Whether values are found in another table by no chance: texts, or numbers that do not merely count rows."""
    many = fact.distinct >= 5
    return many and (fact.kind == "text" or (fact.low or 0) > max(other.rows, fact.rows))


def _speaks(column: str, title: str) -> bool:
    """Whether a column's name and a file's speak of the same: zamowienie_id of zamowienia, 商品ID of 商品マスタ."""
    role = text_role(column)
    if role and role == text_role(title):
        return True
    return any(_alike(one, other) for one in words(column).split() for other in words(title).split())


def _alike(one: str, other: str) -> bool:
    """Whether two words begin alike, up to their endings."""
    if bare_key(one) or bare_key(other):
        return False
    shared = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    ideographs = ord(one[0]) > 0x2E00
    return shared >= 2 if ideographs else shared >= max(_LEAST_STEM, 0.75 * min(len(one), len(other)))
