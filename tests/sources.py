"""The app's own source, for tests that look for a second list of what a registry holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
PARTS: Final = ("analytics", "ui", "pages", "benchmarks")


def files(parts: Iterable[str] = PARTS) -> dict[str, str]:
    """Name of each file below some folders -> its source."""
    paths = [path for part in parts for path in sorted((ROOT / part).rglob("*.py"))]
    assert len(paths) > 50
    return {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in paths}


def complaints(look: Callable[[str, str], list[str]], *, own: Iterable[str], parts: Iterable[str] = PARTS) -> list[str]:
    """What `look` (a file's name and source) finds in all files but those whose names begin as one of `own`."""
    sources, mine = files(parts), tuple(own)
    assert all(any(name.startswith(one) for name in sources) for one in mine)
    return [words for name, source in sources.items() if not name.startswith(mine) for words in look(name, source)]
