"""One table of a recipe, read strictly, key by key."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from data.errors import DataError, quoted, shortened

LONGEST: Final = 1_000
"""Characters that one text of a recipe may have."""


class Section:
    """One table of a recipe, read key by key; what is left over at the end is unknown."""

    def __init__(self, file: str, path: str, content: object) -> None:
        self.file = file
        self.path = path
        if not isinstance(content, dict):
            raise self.wrong("", "a table", content)
        self._left: dict[str, Any] = dict(content)
        self._known: list[str] = []

    def wrong(self, key: str, expected: str, found: object, *, counted: bool = False) -> DataError:
        """The error for one key. What is `counted` is no value of the recipe and stands without quotes."""
        place = _place(self.path, key)
        visible = found if counted or isinstance(found, _Missing) else quoted(found)
        return DataError(f"{self.file}, key {place}: expected {expected}, found {visible}.")

    def take(self, key: str) -> Any:
        """The raw value of a key, `MISSING` where it is not there."""
        self._known.append(key)
        return self._left.pop(key, MISSING)

    def text(
        self,
        key: str,
        default: str | None = None,
        *,
        pattern: str = r"(?s).+",
        expected: str = "a text",
        most: int = LONGEST,
    ) -> str:
        """A text of up to `most` characters."""
        value = self.take(key)
        if value is MISSING and default is not None:
            return default
        if not isinstance(value, str) or not re.fullmatch(pattern, value):
            raise self.wrong(key, expected, value)
        if len(value) > most:
            raise self.wrong(key, f"{expected} of up to {most:,} characters", f"{len(value):,}", counted=True)
        return value

    def choice(self, key: str, options: Sequence[str], default: str) -> str:
        """One of several words."""
        value = self.take(key)
        if value is MISSING:
            return default
        if not isinstance(value, str) or value not in options:
            raise self.wrong(key, " or ".join(quoted(option) for option in options), value)
        return str(value)

    def flag(self, key: str) -> bool:
        """true or false; false where it is not there."""
        value = self.take(key)
        if value is MISSING:
            return False
        if not isinstance(value, bool):
            raise self.wrong(key, "true or false", value)
        return value

    def whole(self, key: str, low: int, high: int, default: int) -> int:
        """A whole number within bounds."""
        value = self.take(key)
        if value is MISSING:
            return default
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise self.wrong(key, f"a whole number from {low} to {high}", value)
        return value

    def texts(self, key: str, most: int = 1_000) -> tuple[str, ...]:
        """A list of up to `most` texts; a single text stands for a list of one."""
        value = self.take(key)
        if value is MISSING:
            return ()
        values = [value] if isinstance(value, str) else value
        if not isinstance(values, list) or not all(isinstance(item, str) for item in values):
            raise self.wrong(key, "a text or a list of texts", value)
        if len(values) > most:
            raise self.wrong(key, f"up to {most:,} texts", f"{len(values):,}", counted=True)
        if any(len(item) > LONGEST for item in values):
            raise self.wrong(key, f"texts of up to {LONGEST:,} characters", "longer ones", counted=True)
        return tuple(values)

    def section(self, key: str) -> Section:
        """A nested table, empty where it is not there."""
        value = self.take(key)
        return Section(self.file, f"{self.path}.{key}" if self.path else key, {} if value is MISSING else value)

    def has(self, key: str) -> bool:
        """Whether an optional key is there."""
        self._known.append(key)
        return key in self._left

    def left(self) -> list[str]:
        """Keys not yet taken."""
        return list(self._left)

    def finish(self) -> None:
        """Every key must have been taken."""
        if self._left:
            key = next(iter(self._left))
            place = _place(self.path, key)
            known = ", ".join(dict.fromkeys(self._known))
            raise DataError(f"{self.file}, key {place}: expected one of {known}; found a key with no meaning here.")


def _place(path: str, key: str) -> str:
    """Where a key stands, e.g. lines.columns.revenue."""
    return ".".join(shortened(part) for part in (path, key) if part)


class _Missing:
    def __str__(self) -> str:
        return "nothing"


MISSING: Final = _Missing()
