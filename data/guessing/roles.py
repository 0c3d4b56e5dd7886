"""Which file plays which role, and what each of its columns means."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from analytics.dataset import GEOGRAPHY
from analytics.dimensions import RESERVED
from data.checking.currencies import SIGNS
from data.guessing.profiles import Column
from data.guessing.unnamed import by_values, without_names
from data.guessing.words import EXACT, PART, likeness, slug, words
from data.recipe.recipes import LOOKUPS

ROLES: Final = ("lines", "returns", "targets", *LOOKUPS, "unused")
"""What a file can be; `unused` files are left alone."""

MEANINGS: Final = {
    "lines": (
        *("order_id", "ordered_on", "customer_id", "name", "product_id", "product"),
        *(
            "quantity",
            "revenue",
            "unit_price",
            "cost",
            "unit_cost",
            "profit",
            "discount",
            "currency",
            "category",
            "subcategory",
        ),
        *("continent", "country", "region", "territory_id"),
    ),
    "returns": (
        *("returned_on", "product_id", "quantity", "amount", "order_id", "customer_id", "territory_id", "reason"),
        *GEOGRAPHY,
    ),
    "targets": ("month", "revenue", *GEOGRAPHY, "category", "subcategory", "product"),
    "products": (
        *("product_id", "product", "category", "subcategory", "category_id", "subcategory_id"),
        *("unit_price", "unit_cost"),
    ),
    "subcategories": ("subcategory_id", "subcategory", "category", "category_id"),
    "categories": ("category_id", "category"),
    "territories": ("territory_id", *GEOGRAPHY),
    "customers": ("customer_id", "name", "first_name", "last_name", "territory_id", *GEOGRAPHY),
}
"""Role -> what its columns can mean. Lines may have further ones as dimensions, customers as segments."""

FREE: Final = {"lines": "dimension", "customers": "segment"}
"""Role -> what its further columns are called."""

_NUMBERS: Final = frozenset({"quantity", "revenue", "unit_price", "cost", "unit_cost", "profit", "discount", "amount"})
_DATES: Final = frozenset({"ordered_on", "returned_on", "month"})
_MOST_MEMBERS: Final = 60
_MOST_FREE: Final = 8


@dataclass(frozen=True)
class FileProfile:
    """One table that was read: its columns, and how to name it to people."""

    name: str
    sha256: str
    rows: int
    columns: tuple[Column, ...]
    said: str = ""
    """How it was read, in one line."""
    options: Mapping[str, Any] = field(default_factory=dict)
    """Options of `data.reading` that were chosen by hand."""
    per_customer: tuple[str, ...] = ()
    """Columns with one value for each customer, where the lines name customers."""
    netted: str = ""
    """Why the discounts must be off the revenue already, empty where nothing tells."""
    idle_rows: str = ""
    """Why rows with a price of zero look like stock corrections, empty where they do not."""

    def column(self, name: str) -> Column:
        """A column by name."""
        return next(column for column in self.columns if column.name == name)


@dataclass(frozen=True)
class Meaning:
    """What one column means and why."""

    meaning: str
    """One of MEANINGS, `dimension:NAME`, `segment:NAME`, or empty where the column is not used."""
    evidence: str
    score: float = 0.0


@dataclass(frozen=True)
class FileGuess:
    """What one file is and what its columns mean."""

    file: str
    role: str
    evidence: str
    meanings: Mapping[str, Meaning] = field(default_factory=dict)
    """Source column -> meaning, for every column of the file."""

    def column(self, meaning: str) -> str | None:
        """The source column of a meaning."""
        return next((column for column, found in self.meanings.items() if found.meaning == meaning), None)


def guess_files(
    files: Sequence[FileProfile], fixed: Mapping[str, str] | None = None
) -> list[FileGuess]:  # fmt: skip
    """The role and meanings of each file; `fixed` roles, by file name, were chosen by hand."""
    chosen = dict(fixed or {})
    guesses = []
    for file in files:
        if file.name in chosen:
            role, why = chosen[file.name], "Chosen by hand."
        else:
            role, why = _role(file)
        guesses.append(FileGuess(file.name, role, why, _meanings(file, role)))
    return _one_set_of_lines(_only_joined(guesses, chosen), files, chosen)


def _role(file: FileProfile) -> tuple[str, str]:
    """The role that a file's names, types and values speak for."""
    title = words(re.sub(r"\.\w{1,8}$", "", file.name))
    if not file.rows or len(file.columns) < 2:
        return "unused", "It has no rows, or a single column."
    found = {role: _fit(file, role) for role in ROLES if role != "unused"}
    back = found["returns"].get("returned_on")
    titled = bool(re.search(r"\breturn(s|ed)?\b|\brefunds?\b|\bcredit notes?\b", title))
    if "quantity" in found["returns"] and "product_id" in found["returns"] and (back or titled):
        return (
            "returns",
            f"It has a date, a product and a quantity, and {'its name' if titled else back} speaks of returns.",
        )
    if re.search(r"\b(targets?|budgets?|goals?|quotas?|plan)\b", title) and {"month", "revenue"} <= set(
        found["targets"]
    ):
        return "targets", "Its name speaks of targets, and it has months and money."
    lines = found["lines"]
    buys = {"quantity", "revenue", "unit_price"} & set(lines)
    # A short file of orders may name each product or customer once; a list of them has no orders.
    orders = {"order_id", "ordered_on"} <= set(lines) and buys
    for role, key in LOOKUPS.items():
        column = found[role].get(key)
        if not orders and column and _is_key(file, column) and file.columns and _describes(role, found[role], file):
            return role, f"Each {column} is there once, so the file describes {role} that others name by it."
    who = {"order_id", "customer_id", "product_id", "product"} & set(lines)
    if "ordered_on" in lines and buys and who and len(buys) + len(who) >= 2:
        named = ", ".join(lines[meaning] for meaning in ("ordered_on", *sorted(who), *sorted(buys)))
        return "lines", f"It has a date, something bought and how much: {named}."
    return "unused", "It has not what order lines, returns, targets or a lookup need."


def _fit(file: FileProfile, role: str) -> dict[str, str]:
    """Meaning -> source column, without the columns that would only be dimensions or segments."""
    return {
        found.meaning: column
        for column, found in _meanings(file, role).items()
        if found.meaning and ":" not in found.meaning
    }


def _is_key(file: FileProfile, column: str) -> bool:
    return file.column(column).unique


def _describes(role: str, found: Mapping[str, str], file: FileProfile) -> bool:
    """Whether a file with the key of a lookup has anything to say about it, and is no list of sales."""
    more = set(found) - {LOOKUPS[role]}
    if role == "customers":
        dated = any(column.kind == "date" and likeness(column.name, "ordered_on") >= EXACT for column in file.columns)
        return not dated and len(file.columns) > 1 and (bool(more) or _has_texts(file))
    return bool(more)


def _has_texts(file: FileProfile) -> bool:
    return any(column.kind == "text" and 1 < column.distinct <= _MOST_MEMBERS for column in file.columns)


# --- Meanings ---------------------------------------------------------------------------------------------------------


def _meanings(file: FileProfile, role: str) -> dict[str, Meaning]:
    """What each column means if the file plays a role: every meaning goes to the column that fits it best."""
    if role == "unused":
        return {column.name: Meaning("", "The file is not used.") for column in file.columns}
    rated = [
        (score, order, meaning, column.name)
        for order, meaning in enumerate(MEANINGS[role])
        for column in file.columns
        if (score := _score(column, meaning, role, file)) > 0
    ]
    rated.sort(key=lambda one: (-round(one[0], 1), one[1], -one[0]))
    taken: dict[str, Meaning] = {}
    if role == "lines" and without_names(file.columns):
        taken = {name: Meaning(meaning, why, PART) for name, (meaning, why) in by_values(file.columns).items()}
    done = {found.meaning for found in taken.values()}
    for score, _, meaning, name in rated:
        if name not in taken and meaning not in done and not _excluded(meaning, done):
            taken[name] = Meaning(meaning, _evidence(file.column(name), meaning), score)
            done.add(meaning)
    result = {}
    free = 0
    for column in file.columns:
        if column.name in taken:
            result[column.name] = taken[column.name]
            continue
        found = _free(column, role, file, done)
        free += bool(found.meaning)
        result[column.name] = found if free <= _MOST_FREE or not found.meaning else Meaning("", "Enough breakdowns.")
        if found.meaning:
            done.add(found.meaning)
    return result


_EITHER: Final = (frozenset({"revenue", "unit_price"}), frozenset({"cost", "unit_cost", "profit"}))


def _excluded(meaning: str, done: set[str]) -> bool:
    """Whether a meaning has the same money as one that is taken: revenue is kept rather than a price."""
    return any(meaning in group and group & done for group in _EITHER)


def _score(column: Column, meaning: str, role: str, file: FileProfile) -> float:
    """How well name, type and values of a column fit a meaning; 0 where they do not."""
    like = likeness(column.name, meaning)
    if like <= 0 or column.kind == "empty":
        return 0.0
    if meaning in _DATES:
        return like if column.kind == "date" else 0.0
    if meaning in _NUMBERS:
        if not column.numeric:
            return 0.0
        if meaning == "quantity" and column.fractions:
            return 0.0
        return like
    if meaning == "product_id" and role == "lines" and column.distinct < 2:
        return 0.0
    if meaning in LOOKUPS.values() and meaning not in ("product_id", "customer_id"):
        # A name such as 'territory' may be the territory's name; then it is no key.
        return like if column.kind != "text" or "id" in words(column.name) or "key" in words(column.name) else 0.0
    if meaning in ("product", "category", "subcategory", "name", "country", "region", "continent"):
        if column.kind == "date" or column.kind == "number" or (column.kind == "whole" and like < EXACT):
            return 0.0
        return like if column.kind == "text" else like - 0.3
    if meaning == "currency":
        return (
            like
            if column.kind == "text" and all(re.fullmatch(r"[A-Za-z]{3}", e) or e in SIGNS for e in column.examples)
            else 0.0
        )
    if column.kind in ("date", "number") and meaning in ("order_id", "customer_id", "product_id"):
        return like if column.suffixed else 0.0
    return like


def _evidence(column: Column, meaning: str) -> str:
    like = likeness(column.name, meaning)
    said = [f"'{column.name}' is a usual name of it" if like >= EXACT else f"'{column.name}' holds a usual name of it"]
    if column.kind == "date":
        said.append(column.said[0].lower() + column.said[1:].rstrip(".") if column.said else "every value is a date")
    elif column.numeric and meaning in _NUMBERS:
        kind = "whole numbers" if column.kind == "whole" else "numbers"
        said.append(f"{kind} from {column.low:,.10g} to {column.high:,.10g}")
        if column.negatives:
            said.append(f"{column.negatives:,} below zero")
    elif meaning.endswith("_id") and column.unique:
        said.append("each value is there once")
    else:
        said.append(f"{column.distinct:,} different values")
    return "; ".join(said) + "."


def _free(column: Column, role: str, file: FileProfile, done: set[str]) -> Meaning:
    """A further column as a dimension of the lines or a segment of the customers, if it can break numbers down."""
    name = slug(column.name)
    if role not in FREE or not name:
        return Meaning("", "Not needed.")
    few = 2 <= column.distinct <= _MOST_MEMBERS and column.distinct < max(3, column.rows // 2)
    if not few or column.kind in ("date", "number", "empty") or (role == "lines" and column.kind == "whole"):
        return Meaning("", f"{column.distinct:,} different values: not needed.")
    if role == "customers" and column.kind == "whole" and column.distinct > 20:
        return Meaning("", f"{column.distinct:,} different numbers: not needed.")
    kind = FREE[role]
    if role == "lines" and column.name in file.per_customer:
        kind = "segment"
    if (kind == "dimension" and name in RESERVED) or f"{kind}:{name}" in done:
        name = f"{name}_2" if name not in RESERVED else f"line_{name}"
    why = f"{column.distinct:,} different values"
    why += ", the same for each customer" if kind == "segment" and role == "lines" else ""
    return Meaning(f"{kind}:{name}", f"{why}: a way to break numbers down.", PART)


# --- Files together ---------------------------------------------------------------------------------------------------


def _only_joined(guesses: list[FileGuess], chosen: Mapping[str, str]) -> list[FileGuess]:
    """Lookups that nothing joins are left alone; so is a second lookup of the same role with other columns."""
    while True:
        users = {
            key: [one.file for one in guesses if one.role not in ("unused", role) and one.column(key)]
            for role, key in LOOKUPS.items()
        }
        lost = next(
            (one for one in guesses if one.role in LOOKUPS and one.file not in chosen and not users[LOOKUPS[one.role]]),
            None,
        )
        if lost is None:
            return guesses
        why = f"It describes {lost.role}, but no other file names them."
        guesses = [_left(one, why) if one is lost else one for one in guesses]


def _one_set_of_lines(
    guesses: list[FileGuess], files: Sequence[FileProfile], chosen: Mapping[str, str]
) -> list[FileGuess]:
    """Files of one role must have the same columns; where they have not, those of the largest set are kept."""
    by_name = {file.name: file for file in files}
    for role in ROLES[:-1]:
        groups: dict[frozenset[str], list[FileGuess]] = {}
        for one in guesses:
            if one.role == role:
                used = frozenset(
                    f"{meaning.meaning}={column}"
                    for column, meaning in one.meanings.items()
                    if meaning.meaning and ":" not in meaning.meaning
                )
                groups.setdefault(used, []).append(one)
        if len(groups) < 2:
            continue

        def weight(group: list[FileGuess]) -> tuple[bool, int]:
            by_hand = any(one.file in chosen for one in group)
            return by_hand, sum(by_name[one.file].rows for one in group)

        best = max(groups.values(), key=weight)
        names = ", ".join(one.file for one in best[:3])
        why = f"It looks like {role} too, but its columns differ from those of {names}."
        guesses = [_left(one, why) if one.role == role and one not in best else one for one in guesses]
    return guesses


def _left(guess: FileGuess, why: str) -> FileGuess:
    unused = {column: Meaning("", "The file is not used.") for column in guess.meanings}
    return replace(guess, role="unused", evidence=why, meanings=unused)
