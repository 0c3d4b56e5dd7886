"""What the Data page calls the uses of files and the meanings of columns, for people who run a shop."""

from __future__ import annotations

from typing import Final

from data.understanding import called

USES: Final = {
    "lines": "Sales: a row for each item sold",
    "orders": "Orders: a row for each order",
    "returns": "Returns",
    "targets": "Targets by month",
    "products": "List of products",
    "subcategories": "List of subcategories",
    "categories": "List of categories",
    "territories": "List of places",
    "customers": "List of customers",
    "unused": "Left out",
}
"""Role of a file -> what it is called in a list."""

_MEANINGS: Final = {
    "revenue": "Money of the whole line",
    "included_tax": "Tax inside the money",
    "cost": "Cost of the whole line",
    "profit": "Profit of the whole line",
    "refunded": "Money given back",
    "discount": "Discount",
    "status": "Status, such as cancelled",
    "dimension": "Something to break down by",
    "segment": "Something about the customer",
}


def meaning(name: str) -> str:
    """A meaning in words."""
    return _MEANINGS.get(name.split(":", 1)[0]) or called.meaning(name)


def meanings(role: str) -> list[str]:
    """What a column of a role can mean: names of meanings, with `dimension` and `segment` for further ones."""
    by_words = {called.meaning(further): further for further in ("dimension", "segment")}
    result = [by_words.get(words) or called.meaning_of(words, role, "") for words in called.meanings(role)]
    return list(dict.fromkeys(result))


def kind(name: str) -> str:
    """A meaning as it stands in the list: further ones without their own name."""
    return name.split(":", 1)[0]


def meaning_of(words: str, role: str, column: str) -> str:
    """The meaning that a place of the list stands for, for a column."""
    return called.meaning_of(called.meaning(words), role, column)
