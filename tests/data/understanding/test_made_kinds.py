"""Files of every kind, made at random: right, or a question with the truth among its answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.data.made_kinds import cells, files, orders
from tests.data.made_kinds.__main__ import verdict
from tests.data.made_kinds.base import KINDS, Maker

assert all(module.__doc__ for module in (cells, files, orders))  # they register their kinds


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(KINDS))
def test_a_file_of_each_kind(name: str, tmp_path: Path) -> None:
    made = KINDS[name](Maker(name, 20))
    result, why = verdict(made, tmp_path)
    assert result in (("right",) if made.truth.must_prepare else ("right", "asked")), why
