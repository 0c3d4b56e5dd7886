"""Understanding of a file that a test writes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from data import guided
from data.understanding.types import Understanding

Understood = Callable[[str], Understanding]


@pytest.fixture
def understood_text(tmp_path: Path) -> Understood:
    """The text of sales.csv -> what it is taken for."""

    def understood(text: str) -> Understanding:
        path = tmp_path / "sales.csv"
        path.write_text(f"{text}\n", encoding="utf-8")
        with guided.understood([path]) as files:
            return files.understood

    return understood
