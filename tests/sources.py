"""The app's own source, for tests that look for a second list of what a registry holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
PARTS: Final = ("analytics", "ui", "pages", "benchmarks")


def complaints(look: Callable[[str, str], list[str]], *, own: Iterable[str], parts: Iterable[str] = PARTS) -> list[str]:
    """What `look` (a file's name and source) finds in all files but those whose names begin as one of `own`."""
    names = {path.relative_to(ROOT).as_posix(): path for part in parts for path in sorted((ROOT / part).rglob("*.py"))}
    mine = tuple(own)
    assert len(names) > 50
    assert all(any(name.startswith(one) for name in names) for one in mine)
    return [
        words
        for name, path in names.items()
        if not name.startswith(mine)
        for words in look(name, path.read_text(encoding="utf-8"))
    ]
