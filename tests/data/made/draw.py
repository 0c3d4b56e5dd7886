"""Which files are made: plain flat ones, each of the other kinds in turn, and hard ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from tests.data.made import cells, dated, members, money, orders, several
from tests.data.made.base import KINDS, Files, Maker
from tests.data.made.layouts import hard, plain

assert all(module.__doc__ for module in (cells, dated, members, money, orders, several))  # they register their kinds

GROUPS: Final = ("plain", "kind", "hard")
_PATTERN: Final = ("plain", "kind", "hard", "hard", "plain", "kind", "hard", "hard", "plain", "kind")
"""Ten files: three plain ones, three of the kinds, four hard ones."""


def made(group: str, seed: int, name: str = "") -> Files:
    """A file of a group; of the kinds one by name."""
    if group == "kind":
        files = KINDS[name](Maker(name, seed))
        return replace(files, kind=f"kind {name}", name=f"kind {name} {seed}")
    files = plain(seed) if group == "plain" else hard(seed)
    return replace(files, name=f"{group} {seed}")


def drawn(count: int, first: int = 0, only: str = "") -> Iterator[Files]:
    """So many files by seeds from `first`; those alone whose kind begins with `only`."""
    names = [name for name in KINDS if f"kind {name}".startswith(only)]
    pattern = [group for group in _PATTERN if (names if group == "kind" else group.startswith(only[:5]))]
    turn = 0
    for seed in range(first, first + count):
        group = pattern[(seed - first) % len(pattern)]
        if group == "kind":
            yield made(group, seed, names[turn % len(names)])
            turn += 1
        else:
            yield made(group, seed)
