"""What the Data page calls the uses of files and the meanings of columns, for people who run a shop."""

from __future__ import annotations

from typing import Final

from data.terms.columns import COLUMNS, TABLES
from data.understanding import called
from data.understanding.roles import ROLES

USES: Final = {role: TABLES[role].in_list if role in TABLES else "Left out" for role in ROLES}
"""Role of a file -> what it is called in a list."""

_FREE: Final = {"dimension": "Something to break down by", "segment": "Something about the customer"}


def meaning(name: str) -> str:
    """A meaning in words."""
    return _FREE.get(kind(name)) or (name and COLUMNS[name].in_list) or called.meaning(name)


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
