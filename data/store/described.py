"""What a version's `dataset.toml` may say: in the one form in which this app writes it, each value of its kind.

The file is the app's own, but a folder of datasets may come from elsewhere. What is not written like this is refused
before it is parsed, so that reading it takes no more than a moment, whatever it is.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from analytics.dataset import UNIT_SCALES
from data.errors import DataError, quoted, shortened

MOST: Final = 2 << 20
"""Letters that the file may have: the recipe in it is the largest part."""

_TEXT: Final = r'"(?>[^"\\\x00-\x1f\x7f]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*+"'
_PLAIN: Final = rf"(?>{_TEXT}|true|false|[-+]?\d[\d.eE+-]{{0,40}}+)"
_KEY: Final = rf"(?>[A-Za-z0-9_-]{{1,100}}+|{_TEXT})"
_LINE: Final = re.compile(
    rf"(?:\[{_KEY}(?:\.{_KEY}){{0,3}}\]|\[\[{_KEY}(?:\.{_KEY}){{0,3}}\]\]"
    rf"|{_KEY} = (?:{_PLAIN}|\[(?:{_PLAIN}(?:, {_PLAIN})*+)?\]))?"
)
"""A line that `toml_text` writes: a table's heading, or a key with a plain value or a list of them."""

_LARGEST: Final = 2**63


def parsed(text: str) -> dict[str, Any]:
    """The content of a `dataset.toml`. DataError says what is wrong with it, without its name."""
    if len(text) > MOST:
        raise DataError(f"expected up to {MOST:,} letters, found {len(text):,}")
    for number, line in enumerate(text.split("\n"), start=1):
        if not _LINE.fullmatch(line.removesuffix("\r")):
            raise DataError(f"line {number:,}: expected the form in which this app writes it, found {quoted(line)}")
    try:
        content = tomllib.loads(text)
    except ValueError as error:
        raise DataError(f"expected TOML, found a mistake in it: {shortened(str(error), 200)}") from None
    _check(content, _DATASET, "")
    return content


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and -_LARGEST <= value < _LARGEST


def _is_count(value: object) -> bool:
    return _is_whole(value) and value >= 0  # type: ignore[operator]


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(_is_text(item) for item in value)


def _is_currency(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(r"[A-Z]{3}", value) is not None


def _is_within(low: int, high: int) -> Callable[[object], bool]:
    return lambda value: _is_whole(value) and low <= value <= high  # type: ignore[operator]


_SET_ASIDE: Final = {"rule": _is_text, "reason": _is_text, "rows": _is_count, "money": _is_whole}
_SOURCE: Final = {"file": _is_text, "role": _is_text, "rows": _is_count, "sha256": _is_text}

_DATASET: Final[Mapping[str, Any]] = {
    "name": _is_text,
    "title": _is_text,
    "currency": _is_currency,
    "first_day": lambda value: type(value) is date,
    "last_day": lambda value: type(value) is date,
    "segments": _is_texts,
    "returns_valued": _is_text,
    "unit_scale": lambda value: _is_whole(value) and value in UNIT_SCALES,
    "calendar": {
        "week_start": _is_within(0, 6),
        "fiscal_start_month": _is_within(1, 12),
        "retail": lambda value: isinstance(value, bool),
    },
    "reconciliation": {
        "rows_read": _is_count,
        "lines_kept": _is_count,
        "returns_kept": _is_count,
        "revenue": _is_whole,
        "returns_money": _is_whole,
        "notes": _is_texts,
        "doubts": _is_texts,
        "set_aside": [_SET_ASIDE],
    },
    "sources": [_SOURCE],
    "recipe": {"text": _is_text, "choices": _is_text, "seen": _is_text},
}
"""Every key with the kind of its value; a list stands for a list of such tables. Others may stand beside them."""


_OPTIONAL: Final = ("unit_scale", "sources", "recipe", "set_aside", "notes", "doubts", "choices", "seen")


def _check(value: object, kind: Any, place: str) -> None:
    """Raise DataError where a value is of another kind."""
    if isinstance(kind, Mapping):
        if not isinstance(value, dict):
            raise _wrong(place, value)
        for key, inner in kind.items():
            at = f"{place}.{key}" if place else key
            if key not in value and key in _OPTIONAL:
                continue
            if key not in value:
                raise DataError(f"key {at}: expected a value, found nothing")
            _check(value[key], inner, at)
    elif isinstance(kind, list):
        if not isinstance(value, list):
            raise _wrong(place, value)
        for item in value:
            _check(item, kind[0], place)
    elif not kind(value):
        raise _wrong(place, value)


def _wrong(place: str, value: object) -> DataError:
    return DataError(f"key {place}: expected a value of the kind that this app writes, found {quoted(value)}")
