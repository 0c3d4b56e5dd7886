"""A grain has one row; what is known of it stands nowhere else."""

from __future__ import annotations

import ast
from typing import Final

import pytest

from analytics.grains import GRAINS, grains
from tests.analytics.test_periods import RETAIL, STANDARD
from tests.sources import complaints

OWN: Final = {
    "analytics/grains.py": "the registry",
    "analytics/charts/style.py": "time units of Vega, which has its own",
}
"""File -> why it may list grains."""


def second_lists(path: str, source: str) -> list[str]:
    """Collections that list three grains or more."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Dict):
            parts = [key for key in node.keys if key is not None]
        elif isinstance(node, ast.List | ast.Tuple | ast.Set):
            parts = node.elts
        else:
            continue
        named = {part.value for part in parts if isinstance(part, ast.Constant)}
        if len(named & GRAINS.keys()) >= 3:
            found.append(f"{path}:{node.lineno} lists {', '.join(sorted(named & GRAINS.keys()))}")
    return found


def test_grains_stand_in_one_list() -> None:
    assert complaints(second_lists, own=OWN) == []


@pytest.mark.parametrize(
    "bad",
    [
        "STEPS = {'day': 28, 'month': 12, 'year': 2}",
        "GRAINS = ('month', 'quarter', 'year')",
        "def f(name):\n    return {'month': 1, 'quarter': 3, 'year': 12}[name]",
    ],
)
def test_a_second_list_is_seen(bad: str) -> None:
    assert len(second_lists("x.py", bad)) == 1


def test_a_grain_says_what_it_is_called_and_how_often_it_comes() -> None:
    assert GRAINS["retail_month"].plural == "retail months"
    assert [GRAINS[name].in_a_year for name in grains(STANDARD)] == [0, 52, 12, 4, 1]
    assert [name for name in grains(RETAIL) if GRAINS[name].of == "retail"] == ["retail_month", "retail_year"]
    assert all(name == grain.name for name, grain in GRAINS.items())
