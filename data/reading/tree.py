"""A recipe's TOML as plain values, within bounds that no ordinary one reaches. Runs in the reading process."""

from __future__ import annotations

import math
import tomllib
from datetime import date, datetime, time
from typing import Any, Final

from data.reading.refused import Refused

DEEPEST: Final = 8
"""Tables and lists inside one another."""

MOST: Final = 100_000
"""Values in all."""

_FROM_TEXT: Final = {"datetime": datetime.fromisoformat, "date": date.fromisoformat, "time": time.fromisoformat}

_LARGEST: Final = 2**63
"""Whole numbers of TOML have 64 bits."""


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """The content of `text`; Refused with a sentence about the first thing that is wrong with it."""
    try:
        content = tomllib.loads(request["text"])
    except tomllib.TOMLDecodeError as error:
        sentences = "".join(sign if sign.isprintable() else " " for sign in str(error))
        raise Refused(f"expected a recipe in TOML, found a mistake in it: {sentences[:200]}.") from None
    except RecursionError:
        raise _too_deep() from None
    except ValueError:  # Python gives up on numbers of thousands of digits.
        raise _too_large() from None
    left = [MOST]
    return {"tree": _packed(content, 0, left)}


def _packed(value: Any, depth: int, left: list[int]) -> Any:
    """A value as JSON has it: a table is {"table": ...}, a date {"date": ...}, so that nothing is taken for another."""
    left[0] -= 1
    if left[0] < 0:
        raise Refused(f"expected a recipe of up to {MOST:,} values, found more.")
    if depth > DEEPEST:
        raise _too_deep()
    if isinstance(value, dict):
        return {"table": {key: _packed(item, depth + 1, left) for key, item in value.items()}}
    if isinstance(value, list):
        return [_packed(item, depth + 1, left) for item in value]
    if isinstance(value, datetime):
        return {"datetime": value.isoformat()}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, time):
        return {"time": value.isoformat()}
    if isinstance(value, int) and not -_LARGEST <= value < _LARGEST:
        raise _too_large()
    if isinstance(value, float) and not math.isfinite(value):
        raise Refused(f"expected ordinary numbers, found {value}.")
    return value


def unpacked(value: Any) -> Any:
    """What `_packed` packed."""
    if isinstance(value, list):
        return [unpacked(item) for item in value]
    if not isinstance(value, dict):
        return value
    ((kind, content),) = value.items()
    if kind == "table":
        return {key: unpacked(item) for key, item in content.items()}
    return _FROM_TEXT[kind](content)


def _too_deep() -> Refused:
    return Refused(f"expected tables and lists up to {DEEPEST} deep, found deeper ones.")


def _too_large() -> Refused:
    return Refused("expected whole numbers of up to 64 bits, found a larger one.")
