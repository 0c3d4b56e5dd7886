"""Recipes parsed in this process, where thousands are tried."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from data.reading import Child
from data.recipe import toml


@pytest.fixture
def quick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """One reading process for all recipes of a test; a text that ends it fails the test."""
    with Child(toml.LIMITS, tmp_path) as child:

        def parsed(text: str) -> tuple[str, str]:
            found = toml.ask(child, text)
            assert child.alive, text
            return found

        monkeypatch.setattr(toml, "_parsed", parsed)
        yield
