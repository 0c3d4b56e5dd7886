"""A page has one row; its file, title and icon stand nowhere else."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Final

import pytest

from analytics.tables import summary
from tests.sources import ROOT, complaints
from ui.cards.concentration import DEEPER
from ui.menu import BY_NAME, PAGES

OWN: Final = {
    "ui/menu.py": "the registry",
    "ui/cards/data/finish.py": "opens the first page once an import is done",
}
"""File -> why it may name pages."""

FILES: Final = {entry.script for entry in PAGES} | {f"{entry.name}.py" for entry in PAGES}
TITLES: Final = {entry.title for entry in PAGES if " " in entry.title}


def second_lists(path: str, source: str) -> list[str]:
    """Names of pages' files, titles that are no common words, and collections of most pages."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in FILES:
            found.append(f"{path}:{node.lineno} names the file {node.value}")
        if isinstance(node, ast.Dict):
            parts = [part for part in [*node.keys, *node.values] if part is not None]
        elif isinstance(node, ast.List | ast.Tuple | ast.Set):
            parts = node.elts
        else:
            continue
        words = {part.value for part in parts if isinstance(part, ast.Constant)}
        if len(words & BY_NAME.keys()) > len(PAGES) / 2 or len(words & TITLES) > 1:
            found.append(f"{path}:{node.lineno} lists pages")
    return found


def test_pages_stand_in_one_list() -> None:
    assert complaints(second_lists, own=OWN) == []


@pytest.mark.parametrize(
    "bad",
    [
        "st.page_link('pages/retention.py')",
        "PAGES = {'Sales performance': 1, 'Customer insights': 2}",
        f"PAGES = {sorted(BY_NAME)}",
    ],
)
def test_a_second_list_is_seen(bad: str) -> None:
    assert second_lists("x.py", bad)


def test_each_page_has_its_script_and_each_script_its_row() -> None:
    assert {path.stem for path in (ROOT / "pages").glob("*.py")} == set(BY_NAME)


def test_what_leads_to_a_page_names_one() -> None:
    assert DEEPER.keys() <= BY_NAME.keys()
    tree = ast.parse(Path(summary.__file__).read_text(encoding="utf-8"))
    calls = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "SummarySentence"
    ]
    named = {ast.literal_eval(call.args[1]) for call in calls}
    assert named
    assert named <= BY_NAME.keys()
