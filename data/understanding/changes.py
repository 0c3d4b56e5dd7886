"""Changes of a recipe: other values at some places, as the answers to questions make them."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any, Final

Path = tuple[str | int, ...]
"""Where in a recipe something stands: keys of tables, numbers of lists."""

REMOVED: Final = "\x00removed"
"""Stands for the value of a key that an answer takes out of the recipe."""

WITH: Final = "\x00with"
WITHOUT: Final = "\x00without"
"""Ends of a path behind a list: the value is put into the list, or taken out of it."""


def changed(content: dict[str, Any], changes: Sequence[tuple[Path, Any]]) -> dict[str, Any]:
    """A recipe with other values at some places."""
    result = copy.deepcopy(content)
    for path, value in changes:
        if path[-1] in (WITH, WITHOUT):
            _change_list(result, path, value)
            continue
        place: Any = result
        for step in path[:-1]:
            place = place.setdefault(step, {}) if isinstance(place, dict) else place[step]
        if value == REMOVED:
            if isinstance(place, dict):
                place.pop(path[-1], None)
        else:
            place[path[-1]] = value
    return result


def _change_list(content: dict[str, Any], path: Path, value: Any) -> None:
    """Put a value into the list at a path, or take it out; a list without values goes."""
    *steps, name, end = path
    place: Any = content
    for step in steps:
        place = place[step]
    kept = [other for other in place.get(name, []) if other != value]
    kept += [value] if end == WITH else []
    if kept:
        place[name] = kept
    else:
        place.pop(name, None)
