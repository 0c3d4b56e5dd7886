"""A grain has one row; what is known of it stands nowhere else."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Final

import pytest

from analytics.grains import GRAINS, grains
from tests.analytics.test_periods import RETAIL, STANDARD

ROOT: Final = Path(__file__).resolve().parents[2]
PARTS: Final = ("analytics", "ui", "pages", "benchmarks")
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
    files = [path for part in PARTS for path in sorted((ROOT / part).rglob("*.py"))]
    assert len(files) > 100
    names = {path.relative_to(ROOT).as_posix(): path for path in files}
    complaints = [
        words
        for name, path in names.items()
        if name not in OWN
        for words in second_lists(name, path.read_text(encoding="utf-8"))
    ]
    assert complaints == []


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
