"""What each column of a file means if the file plays a role: every meaning goes to the column that fits it best.

Names and types decide here. What the numbers of order lines mean is decided in `readings`, by what they prove.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from analytics.dimensions import RESERVED
from data.terms.columns import COLUMNS, DATES, NUMERIC, TABLES, alternatives
from data.terms.currencies import CODES, SIGNS
from data.understanding.facts import Fact
from data.understanding.names import EXACT, PART, STEM, date_role, is_marked, likeness, number_role, slug, text_role
from data.understanding.types import Meaning

MOST_MEMBERS: Final = 60
"""Members that any breakdown may have; stores, cities and the like may have more."""

_MOST_PLACES: Final = 2_000
_MOST_FREE: Final = 8


def meanings(facts: Sequence[Fact], role: str, per_customer: Sequence[str] = ()) -> dict[str, Meaning]:
    """Column -> meaning, for every column."""
    if role == "unused":
        return {fact.name: Meaning("", "The file is not used.") for fact in facts}
    by_name = {fact.name: fact for fact in facts}
    rated = [
        (value, order, meaning, fact.name)
        for order, meaning in enumerate(TABLES[role].columns)
        for fact in facts
        if (value := score(fact, meaning, role)) > 0
    ]
    rated.sort(key=lambda item: (-round(item[0], 1), item[1], -item[0]))
    taken: dict[str, Meaning] = {}
    done: set[str] = set()
    for value, _, meaning, name in rated:
        if name not in taken and meaning not in done and not _excluded(meaning, done):
            taken[name] = Meaning(meaning, evidence(by_name[name], meaning), value)
            done.add(meaning)
    result, free = {}, 0
    for fact in facts:
        matches = taken.get(fact.name) or _free(fact, role, done, per_customer)
        if fact.name not in taken and matches.meaning:
            free += 1
            matches = matches if free <= _MOST_FREE else Meaning("", "Enough breakdowns.")
        done |= {matches.meaning} - {""}
        result[fact.name] = matches
    return result


def fit(facts: Sequence[Fact], role: str) -> dict[str, str]:
    """Meaning -> column, without the columns that would only be dimensions or segments."""
    return {
        item.meaning: column
        for column, item in meanings(facts, role).items()
        if item.meaning and ":" not in item.meaning
    }


def _excluded(meaning: str, done: set[str]) -> bool:
    """Whether a meaning has the same money as one that is taken: revenue is kept rather than a price."""
    return meaning in COLUMNS and bool(alternatives(meaning) & done)


def score(fact: Fact, meaning: str, role: str) -> float:
    """How well name, type and values of a column fit a meaning; 0 where they do not."""
    like = likeness(fact.name, meaning)
    if fact.kind == "empty":
        return 0.0
    if meaning in DATES:
        return _date_score(fact, meaning, like, role)
    if meaning in NUMERIC:
        return _number_score(fact, meaning, like, role)
    money = number_role(fact.name) if fact.numeric and like < PART else ""
    if like <= 0 or (money and not is_marked(fact.name, "key")):
        return 0.0
    if meaning == "product_id" and role == "lines" and fact.distinct < 2 and fact.rows > 1:
        return 0.0
    if meaning in ("territory_id", "category_id", "subcategory_id"):
        # A name such as 'territory' may be the territory's name; then it is no key.
        return like if fact.kind != "text" or is_marked(fact.name, "key") else 0.0
    if meaning in ("product", "category", "subcategory", "name", "country", "region", "continent"):
        if fact.kind in ("date", "number") or (fact.kind == "whole" and like < EXACT):
            return 0.0
        return like if fact.kind == "text" else like - 0.3
    if meaning == "currency":
        codes = all(e.upper() in CODES or re.fullmatch(r"[A-Za-z]{3}", e) or e in SIGNS for e in fact.examples)
        return like if fact.kind == "text" and codes else 0.0
    if meaning == "status":
        return like if fact.kind == "text" and fact.distinct <= max(12, fact.rows // 50) else 0.0
    if fact.kind in ("date", "number") and meaning in ("order_id", "customer_id", "product_id"):
        return like if fact.suffixed else 0.0
    if fact.coins and meaning == "customer_id":
        return 0.0  # What a buyer paid is no buyer.
    return like


def _date_score(fact: Fact, meaning: str, like: float, role: str) -> float:
    if fact.kind != "date":
        return 0.0
    kind = date_role(fact.name)
    if meaning == "ordered_on" and like < EXACT and fact.distinct < 2 < fact.rows and kind not in ("late", "other"):
        return 0.05  # One day for all rows is that of the report.
    if meaning == "ordered_on":
        bonus = {"sold": 0.02, "late": -0.5, "other": -0.5}.get(kind, 0.0)
        # The only date that there is is the date, under any name.
        return max(like, 0.6 if kind == "sold" else 0.2 if kind not in ("late", "other") else 0.05) + (
            bonus if like < EXACT else 0.0
        )
    if role == "returns" and meaning == "returned_on":
        return max(like, 0.5 if kind in ("late", "other") else 0.3)
    return max(like, 0.3) if role == "targets" else like


def _number_score(fact: Fact, meaning: str, like: float, role: str) -> float:
    if not fact.numeric or (is_marked(fact.name, "key") and like < EXACT):
        return 0.0
    named = number_role(fact.name)
    fits = named in COLUMNS[meaning].named
    if meaning == "unit_cost" and named == "cost" and is_marked(fact.name, "line_level"):
        return max(like, 0.5)
    if meaning == "unit_cost" and like < PART:
        return 0.45 if role == "products" and named == "cost" else 0.0
    if meaning == "revenue" and role == "lines" and named == "target":
        return 0.0
    return like if like >= PART and (fits or not named or like >= EXACT) else 0.5 if fits else 0.0


def evidence(fact: Fact, meaning: str) -> str:
    """Why a column has a meaning, by its name and values."""
    like = likeness(fact.name, meaning)
    if like >= EXACT:
        sentences = ["A usual name for it"]
    elif like >= STEM:
        sentences = ["Its name speaks of it"]
    else:
        sentences = ["Its values fit"]
    if fact.kind == "date":
        sentences.append(
            fact.sentence[0].lower() + fact.sentence[1:].rstrip(".") if fact.sentence else "every value is a date"
        )
    elif fact.numeric and meaning in NUMERIC:
        kind = "whole numbers" if fact.kind == "whole" else "numbers"
        sentences.append(f"{kind} from {fact.low:,.10g} to {fact.high:,.10g}")
        if fact.negatives:
            sentences.append(f"{fact.negatives:,} below zero")
    elif meaning.endswith("_id") and fact.unique:
        sentences.append("each value is there once")
    else:
        one = fact.distinct == 1
        sentences.append("the same value on all rows" if one else f"{fact.distinct:,} different values")
    if fact.unreadable:
        cells = "1 cell" if fact.unreadable == 1 else f"{fact.unreadable:,} cells such as"
        sentences.append(f"{cells} '{fact.odd[0]}' cannot be read")
    return "; ".join(sentences) + "."


def _free(fact: Fact, role: str, done: set[str], per_customer: Sequence[str]) -> Meaning:
    """A further column as a dimension of the lines or a segment of the customers, if it can break numbers down."""
    name = slug(fact.name)
    if not name or not TABLES[role].free:
        return Meaning("", "Not needed.")
    place = text_role(fact.name) in ("place", "region", "country", "category", "status", "subcategory")
    most = min(_MOST_PLACES, max(MOST_MEMBERS, fact.rows // 4)) if place else MOST_MEMBERS
    # Places may differ on every row of a small file; of other texts such would only name the row.
    few = 2 <= fact.distinct <= most and (place or fact.distinct < max(3, fact.rows // 2))
    number = fact.kind == "whole" and role != "customers" and not (place and is_marked(fact.name, "key"))
    if fact.distinct < 2:
        return Meaning("", "Always the same: not needed." if fact.distinct else "Empty: not needed.")
    if not few or fact.kind in ("date", "number", "empty") or number:
        return Meaning("", f"{fact.distinct:,} different values: not needed.")
    if fact.kind == "whole" and role == "customers" and (fact.distinct > 20 or number_role(fact.name)):
        return Meaning("", f"{fact.distinct:,} different numbers: not needed.")
    kind = TABLES[role].free
    if role == "lines" and fact.name in per_customer:
        kind = "segment"
    if (kind == "dimension" and name in RESERVED) or f"{kind}:{name}" in done:
        name = f"{name}_2" if name not in RESERVED else f"line_{name}"
    why = f"{fact.distinct:,} different values"
    why += ", the same for each customer" if kind == "segment" and role == "lines" else ""
    return Meaning(f"{kind}:{name}", f"{why}: a way to break numbers down.", PART)


BY_HAND: Final = "Chosen by hand."


def chosen(meanings: Mapping[str, Meaning], given: Mapping[str, str], why: str = BY_HAND) -> dict[str, Meaning]:
    """Meanings with those that are `given` for a reason; a meaning belongs to one column."""
    return {
        column: Meaning(given[column], why, 1.0)
        if column in given
        else Meaning("", "Another column was chosen for it." if why == BY_HAND else "Another column says it.")
        if meaning.meaning and meaning.meaning in given.values()
        else meaning
        for column, meaning in meanings.items()
    }
