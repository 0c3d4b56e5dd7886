"""Writing TOML: the standard library only reads it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any


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
