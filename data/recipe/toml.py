"""TOML: others' recipes are parsed in a disposable process; writing it, as the standard library only reads."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any, Final

from data import scratch
from data.errors import DataError
from data.reading.child import Child, Failed
from data.reading.limits import Limits
from data.reading.tree import unpacked

MOST: Final = 256 * 1024
"""Bytes that a recipe may have."""

LIMITS: Final = Limits(memory_mb=128, seconds=4.0)

AT_ONCE: Final = 2
"""Recipes that one process of the app reads at a time, each by another process; imports are bounded by `data.turns`."""

_places: Final = threading.BoundedSemaphore(AT_ONCE)


def recipe_tree(text: str, *, file: str) -> dict[str, Any]:
    """The tables and values of a recipe. Any text gives them or a DataError of one sentence that names `file`."""
    if (size := len(text.encode("utf-8", "replace"))) > MOST:
        raise too_large(file, size)
    try:
        tree, refused = _parsed(text.removeprefix("\ufeff"))
    except DataError as error:
        tree, refused = "", str(error)
    if refused:
        raise DataError(f"{file}: {refused}")
    return dict(unpacked(json.loads(tree)))


def too_large(file: str, size: int) -> DataError:
    """The error for a recipe of so many bytes."""
    return DataError(f"{file}: expected a recipe of up to {MOST // 1024} kB, found one of {-(-size // 1024):,} kB.")


@lru_cache(maxsize=64)
def _parsed(text: str) -> tuple[str, str]:
    """A recipe's content as JSON, else the sentence that refuses it; DataError, which is not remembered, where that is
    not for the recipe but for the machine."""
    try:
        with _places, scratch.folder() as folder, Child(LIMITS, folder) as child:
            return ask(child, text)
    except OSError as error:
        raise DataError(f"expected a process of its own to read the recipe in, found a problem ({error}).") from None


def ask(child: Child, text: str) -> tuple[str, str]:
    """What a reading process makes of a recipe: its content as JSON, else the sentence that refuses it."""
    try:
        return json.dumps(child.ask({"task": "tree", "text": text}, seconds=LIMITS.seconds)["tree"]), ""
    except Failed as failed:
        if failed.again:
            raise DataError(str(failed)) from None
        return "", _TOO_MUCH if failed.ended else str(failed)
    except KeyError:
        raise DataError("expected the reader's own answer, found something else. Try again.") from None


_TOO_MUCH: Final = (
    f"expected a recipe that is read within {LIMITS.seconds:.0f} seconds and {LIMITS.memory_mb} MB of memory, found "
    "one that needs more. Keys of very many parts do that: write it like the examples in data/README.md."
)


def toml_text(content: Mapping[str, Any]) -> str:
    """TOML of a dict: plain values first, then tables; a list of dicts becomes an array of tables."""
    return "\n".join(_table(content, ())) + "\n"


def _table(content: Mapping[str, Any], path: tuple[str, ...]) -> list[str]:
    lines = [f"{_key(key)} = {_value(value)}" for key, value in content.items() if not _nested(value)]
    for key, value in content.items():
        inner = (*path, key)
        heading = ".".join(_key(part) for part in inner)
        if isinstance(value, Mapping):
            lines += ["", f"[{heading}]", *_table(value, inner)]
        elif _nested(value):
            for item in value:
                lines += ["", f"[[{heading}]]", *_table(item, inner)]
    return lines


def _nested(value: object) -> bool:
    if isinstance(value, Mapping):
        return True
    return isinstance(value, list) and bool(value) and all(isinstance(item, Mapping) for item in value)


def _key(key: str) -> str:
    bare = key.isascii() and key.replace("_", "").replace("-", "").isalnum()
    return key if bare else _value(key)


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{_key(key)} = {_value(item)}' for key, item in value.items())} }}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return f"[{', '.join(_value(item) for item in value)}]"
    if isinstance(value, str):
        # JSON's escapes are TOML's; only DEL may stand in JSON text and not in TOML.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    raise TypeError(f"no TOML for {type(value).__name__}")
