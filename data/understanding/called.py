"""What meanings, roles and date formats are called when people are told of them."""

from __future__ import annotations

from datetime import date
from typing import Final

from data.terms.columns import COLUMNS, TABLES
from data.understanding.names import slug

NOT_USED: Final = "Not used"

ROLES: Final = {**{role: table.label for role, table in TABLES.items()}, "unused": NOT_USED}
"""Role -> what it is called."""

_FREE: Final = {"dimension": "Breakdown", "segment": "Customer segment"}


def meaning(name: str) -> str:
    """A meaning in words."""
    if not name:
        return NOT_USED
    kind = name.split(":", 1)[0]
    return _FREE.get(kind) or COLUMNS[name].label


def meanings(role: str) -> list[str]:
    """What a column of a role can mean, in words."""
    if role == "unused":
        return [NOT_USED]
    table = TABLES[role]
    free = [table.free] if table.free else []
    if role == "lines":
        free.append("segment")
    return [NOT_USED, *(meaning(name) for name in table.columns), *(_FREE[kind] for kind in free)]


def meaning_of(words: str, role: str, column: str) -> str:
    """The meaning that its words stand for, for a column."""
    if words == NOT_USED:
        return ""
    for kind, called in _FREE.items():
        if words == called:
            name = slug(column) or "column"
            return f"{kind}:{name}"
    return next(name for name in TABLES[role].columns if COLUMNS[name].label == words)


def answer(option: str) -> str:
    """An answer about dates or numbers, by an example."""
    if option in ("1,234.56", "1.234,56", "1234.56"):
        return f"As in {option}"
    return _date(option)


def _date(form: str) -> str:
    """A date format by an example that tells day and month apart."""
    if "%" not in form:
        return form.split(" | ")[0].capitalize()
    text = date(2024, 12, 31).strftime(form.split(" | ")[0].split(" %H")[0].split("T%H")[0].split(" %I")[0])
    order = form.index("%d") < form.index("%m") if "%d" in form and "%m" in form else None
    return f"{text} ({'day' if order else 'month'} first)" if order is not None else text
