"""Rules, meanings of columns and roles of files stand in one table each: a second list of names is a complaint."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection
from pathlib import Path
from typing import Final

import pytest

from data.rules.policies import DEFAULTS, LABELS, POLICIES
from data.rules.table import RULES
from data.terms.columns import COLUMNS, TABLES

ROOT: Final = Path(__file__).resolve().parents[1]

FOLDERS: Final = ("data", "ui/cards/data")

MAKES_DATA: Final = "data/generator/"
"""The demo writes files of its own; their columns are no list of meanings."""


def lists(source: str, names: Collection[str], most: int) -> list[int]:
    """Lines where a tuple, list, set or dict holds more than `most` of the names as texts of its own."""
    lines = []
    for node in ast.walk(ast.parse(source)):
        items = node.keys if isinstance(node, ast.Dict) else getattr(node, "elts", [])
        texts: set[str] = set()
        for item in items:
            inner = item.value.elts if isinstance(item, ast.Starred) and isinstance(item.value, ast.Tuple) else [item]
            texts |= {one.value for one in inner if isinstance(one, ast.Constant) and isinstance(one.value, str)}
        if len(texts & set(names)) > most:
            lines.append(getattr(node, "lineno", 0))
    return lines


def second_lists(names: Collection[str], table: str, most: int) -> list[str]:
    """Places outside a registry that list what it lists."""
    files = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")]
    return [
        f"{name}:{line}"
        for path in sorted(files)
        if (name := path.relative_to(ROOT).as_posix()) != table and not name.startswith(MAKES_DATA)
        for line in lists(path.read_text(encoding="utf-8"), names, most)
    ]


def test_rules_stand_in_one_table() -> None:
    assert second_lists(RULES, "data/rules/table.py", 3) == []


def test_meanings_of_columns_stand_in_one_table() -> None:
    assert second_lists(COLUMNS, "data/terms/columns.py", 7) == []


def test_roles_of_files_stand_in_one_table() -> None:
    assert second_lists(TABLES, "data/terms/columns.py", 6) == []


@pytest.mark.parametrize(
    "source",
    [
        'X = ("zero_price", "no_sale", "price_range", "date_range")',
        'X = {"zero_price": 1, "no_sale": 2, "price_range": 3, "date_range": 4}',
        'X = (*("zero_price", "no_sale"), *("price_range", "date_range"))',
    ],
)
def test_a_second_list_is_seen(source: str) -> None:
    assert lists(source, RULES, 3) == [1]


def test_each_rule_says_itself() -> None:
    assert len({rule.title for rule in RULES.values()}) == len(RULES)
    for rule in RULES.values():
        assert rule.reason.endswith(".")
        assert not rule.options or rule.default in rule.options, rule.name
        assert set(rule.offered) <= set(LABELS), rule.name


def test_each_table_has_known_columns() -> None:
    for table in TABLES.values():
        assert set(table.columns) <= set(COLUMNS), table.role
        assert {table.key, *table.required, *table.elsewhere} - {""} <= set(table.columns), table.role
    assert {name for table in TABLES.values() for name in table.columns} == set(COLUMNS)


def test_the_manual_names_every_policy_and_its_words() -> None:
    text = (ROOT / "data/README.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", text, flags=re.M))
    for name, words in POLICIES.items():
        told = re.findall(r"`(\w+)`", rows[name])
        assert told[0] == DEFAULTS[name], name
        # Words with `netted` in front are told by a rule there, not one by one.
        assert {word for word in words if "netted" not in word} <= {*told, DEFAULTS[name]}, name


def test_the_manual_names_every_module() -> None:
    text = (ROOT / "data/README.md").read_text(encoding="utf-8")
    described_whole = ("data/reading/", "data/exports/", MAKES_DATA)
    files = {path.relative_to(ROOT).as_posix() for path in (ROOT / "data").rglob("*.py") if path.name != "__init__.py"}
    named = set(re.findall(r"[\w/]+\.py", text))
    assert [
        name
        for name in sorted(files)
        if not name.startswith(described_whole)
        and not {name.removeprefix("data/"), name.removeprefix("data/understanding/")} & named
    ] == []
