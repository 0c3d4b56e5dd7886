"""Column and file names as words, and the table of what columns are called."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Final

TABLE: Final = Path(__file__).parent / "synonyms.toml"

EXACT: Final = 1.0
"""The name is one of the table's."""

PART: Final = 0.6
"""The name holds one of the table's of two words or more."""

_HUMP: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def words(name: str) -> str:
    """A name as small words: 'OrderNo.' and 'order_no' become 'order no'."""
    spaced = _HUMP.sub(" ", name)
    return " ".join(re.findall(r"[^\W_]+", spaced.lower()))


@cache
def synonyms() -> dict[str, tuple[str, ...]]:
    """Meaning -> every name of it, over all languages, the most usual first."""
    table = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    return {
        meaning: tuple(dict.fromkeys(name for names in languages.values() for name in names))
        for meaning, languages in table.items()
    }


def likeness(name: str, meaning: str) -> float:
    """How well a column's name fits a meaning, 0 where it does not; earlier names of the table count for more."""
    plain = words(name)
    names = synonyms()[meaning]
    closed = plain.replace(" ", "")
    for rank, known in enumerate(names):
        if closed == known.replace(" ", ""):
            return EXACT + 0.04 * (1 - rank / len(names))
    padded = f" {plain} "
    # One word inside a longer name says too little: 'order line item' is no order.
    best = max((len(known) for known in names if " " in known and f" {known} " in padded), default=0)
    return PART + 0.001 * best if best else 0.0


def slug(name: str) -> str:
    """A name as a recipe's further column may bear it: small letters, digits and _; empty where none are left."""
    ascii_words = re.findall(r"[a-z0-9]+", words(name))
    made = "_".join(ascii_words)[:40].strip("_")
    made = made if made[:1].isalpha() else f"c_{made}" if made else ""
    return f"{made[:-3]}_code" if made.endswith("_id") else made
