"""A kind of sales file: small and invented, with what must come out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Kind:
    """Files, and what must come out of them."""

    files: Mapping[str, str]
    totals: Mapping[str, Any] = field(default_factory=dict)
    said: str = ""
    """What must be said on the way."""
    answers: Mapping[str, str] = field(default_factory=dict)
    """What a person answers."""


ONE_UNIT = {"units": "one"}


def table(head: str, *rows: str) -> str:
    """The text of a file, from its header and its rows."""
    return "\n".join((head, *rows)) + "\n"
