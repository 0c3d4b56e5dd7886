"""Imports go one way, analytics stays pure, and heavy frames are collected in few places.

Each rule is a function from a file's path and source to complaints, so that it is tried on bad code too.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

MAY_IMPORT = {
    "Home": {"ui"},
    "pages": {"ui", "analytics"},
    "ui": {"ui", "data", "analytics"},
    "data": {"data", "analytics"},
    "analytics": {"analytics"},
    "benchmarks": {"benchmarks", "ui", "data", "analytics"},
}
"""Part of the house -> the parts it may import: pages -> ui -> analytics, ui -> data -> analytics."""

PARTS = set(MAY_IMPORT) | {"tests"}

COLLECTING = (
    "analytics/lines/",
    "analytics/lines",
    "ui/queries.py",
    "ui/content/",
    "data/",
    "tests/",
    "benchmarks/",
)

IMPURE_MODULES = {
    "streamlit", "os", "pathlib", "io", "sys", "time", "tempfile", "shutil", "glob", "sqlite3", "subprocess", "socket",
    "urllib", "requests", "http",
}  # fmt: skip
CLOCK_CALLS = {"now", "today", "utcnow"}
FILE_METHODS = ("read_", "scan_", "sink_", "write_")


def part_of(path: str) -> str:
    return path.split("/")[0].removesuffix(".py")


def imported(path: str, source: str) -> Iterator[tuple[int, str]]:
    """Line and full dotted name of everything a file imports, relative imports resolved."""
    package = path.removesuffix(".py").removesuffix("/__init__").split("/")
    if not path.endswith("/__init__.py"):
        package = package[:-1]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, name.name) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            origin = ".".join([*above, *([node.module] if node.module else [])])
            yield from ((node.lineno, f"{origin}.{name.name}") for name in node.names)


def calls(source: str) -> Iterator[ast.Call]:
    return (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))


def one_way(path: str, source: str) -> list[str]:
    """A part imports only the parts below it."""
    allowed = MAY_IMPORT.get(part_of(path), PARTS)
    return [
        f"{path}:{line} imports {name}"
        for line, name in imported(path, source)
        if name.split(".")[0] in PARTS - allowed
    ]


WAY = (
    *("data.errors", "data.held", "data.scratch", "data.process", "data.recipe.sections"),
    "data.terms",
    "data.exports",
    "data.reading",
    *("data.sources", "data.files", "data.staged", "data.staging"),
    "data.understanding",
    "data.rules",
    "data.recipe",
    "data.checking",
    "data.building",
    "data.store",
)
"""The way of a file through data/: each folder imports those before it. What stands beside them drives the steps."""


def place_on_way(name: str) -> int:
    """Where a dotted name stands on the way; the drivers stand behind its end."""
    return next((n for n, step in enumerate(WAY) if name == step or name.startswith(f"{step}.")), len(WAY))


def never_back(path: str, source: str) -> list[str]:
    """Content imports no cards, and a step of data/ none that comes after it."""
    own = path.removesuffix(".py").replace("/", ".")
    complaints = []
    for line, name in imported(path, source):
        cards = path.startswith("ui/content/") and (name == "ui.cards" or name.startswith("ui.cards."))
        later = name.startswith("data.") and place_on_way(name) > place_on_way(own)
        if cards or (own.startswith("data.") and later):
            complaints.append(f"{path}:{line} imports {name}")
    return complaints


def charts_know_no_tables(path: str, source: str) -> list[str]:
    """A chart draws a frame that it is handed and never makes one."""
    if not path.startswith("analytics/charts/"):
        return []
    return [f"{path}:{line} imports {n}" for line, n in imported(path, source) if n.startswith("analytics.tables")]


def pure(path: str, source: str) -> list[str]:
    """Analytics knows no Streamlit, no files and no clock."""
    if not path.startswith("analytics/"):
        return []
    found = [
        f"{path}:{line} imports {name}" for line, name in imported(path, source) if name.split(".")[0] in IMPURE_MODULES
    ]
    for call in calls(source):
        name = call.func.id if isinstance(call.func, ast.Name) else ""
        attribute = call.func.attr if isinstance(call.func, ast.Attribute) else ""
        if name in ("open", "input", "print") or attribute in CLOCK_CALLS or attribute.startswith(FILE_METHODS):
            found.append(f"{path}:{call.lineno} calls {name or attribute}")
    return found


def collects_where_allowed(path: str, source: str) -> list[str]:
    """A lazy frame is collected in the reductions, the cached queries and data/ only; `gc.collect` is no such thing."""
    if path.startswith(COLLECTING):
        return []
    found = []
    for call in calls(source):
        of = call.func
        if isinstance(of, ast.Attribute) and of.attr in ("collect", "collect_async", "collect_all", "collect_batches"):
            garbage = isinstance(of.value, ast.Name) and of.value.id == "gc"
            if not garbage:
                found.append(f"{path}:{call.lineno} calls {of.attr}")
    return found


MOST_LINES = 300


def short(path: str, source: str) -> list[str]:
    """A module is read at one sitting."""
    count = len(source.splitlines())
    return [] if count <= MOST_LINES else [f"{path} has {count} lines: split it by concept"]


RULES: list[Callable[[str, str], list[str]]] = [
    one_way,
    never_back,
    charts_know_no_tables,
    pure,
    collects_where_allowed,
    short,
]


def sources() -> list[str]:
    parts = [ROOT / part for part in ("pages", "ui", "data", "analytics", "benchmarks")]
    files = [*ROOT.glob("Home.py"), *(file for part in parts for file in part.rglob("*.py"))]
    return sorted(file.relative_to(ROOT).as_posix() for file in files)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_house_keeps_its_rules(rule: Callable[[str, str], list[str]]) -> None:
    assert len(sources()) > 10
    complaints = [words for path in sources() for words in rule(path, (ROOT / path).read_text(encoding="utf-8"))]
    assert complaints == []


def test_tests_are_short_too() -> None:
    files = sorted((ROOT / "tests").rglob("*.py"))
    assert len(files) > 100
    complaints = [
        words for file in files for words in short(file.relative_to(ROOT).as_posix(), file.read_text(encoding="utf-8"))
    ]
    assert complaints == []


@pytest.mark.parametrize(
    ("rule", "path", "bad"),
    [
        (one_way, "analytics/x.py", "from ui import shell"),
        (one_way, "analytics/x.py", "import data.store"),
        (one_way, "analytics/tables/x.py", "def f():\n    from data.store import load"),
        (one_way, "data/x.py", "from ui.shell import run"),
        (one_way, "data/x.py", "import pages.sales"),
        (one_way, "ui/x.py", "from pages import sales"),
        (one_way, "ui/x.py", "import Home"),
        (one_way, "pages/x.py", "from data import store"),
        (one_way, "ui/parts/x.py", "from ...pages import sales"),
        (one_way, "ui/x.py", "import tests.ui"),
        (never_back, "ui/content/x.py", "from ui.cards import sales"),
        (never_back, "ui/content/x.py", "from ui import cards"),
        (never_back, "data/reading/x.py", "from data.recipe.recipes import Recipe"),
        (never_back, "data/understanding/x.py", "from data.recipe import recipes"),
        (never_back, "data/checking/x.py", "from data import building"),
        (never_back, "data/building/x.py", "from data.store import manifest"),
        (never_back, "data/store/x.py", "from data.prepare import read"),
        (never_back, "data/terms/x.py", "from data.reading import codec"),
        (charts_know_no_tables, "analytics/charts/x.py", "from analytics.tables import sales"),
        (charts_know_no_tables, "analytics/charts/x.py", "from analytics import tables"),
        (charts_know_no_tables, "analytics/charts/x.py", "import analytics.tables.sales as s"),
        (charts_know_no_tables, "analytics/charts/x.py", "from ..tables.sales import sales"),
        (charts_know_no_tables, "analytics/charts/__init__.py", "from ..tables import sales"),
        (pure, "analytics/x.py", "import streamlit as st"),
        (pure, "analytics/x.py", "from streamlit.runtime import caching"),
        (pure, "analytics/x.py", "import os.path"),
        (pure, "analytics/x.py", "from pathlib import Path"),
        (pure, "analytics/x.py", "text = open('a').read()"),
        (pure, "analytics/x.py", "from datetime import datetime\nday = datetime.now()"),
        (pure, "analytics/x.py", "import datetime as dt\nday = dt.date.today()"),
        (pure, "analytics/x.py", "import polars as pl\nframe = pl.scan_parquet('a')"),
        (pure, "analytics/x.py", "frame.write_csv('a')"),
        (collects_where_allowed, "analytics/tables/x.py", "frame.lazy().collect()"),
        (collects_where_allowed, "analytics/x.py", "import polars as pl\npl.collect_all([a, b])"),
        (collects_where_allowed, "ui/parts.py", "frame.filter(x).collect(engine='streaming')"),
        (collects_where_allowed, "pages/x.py", "frame.collect()"),
        (short, "ui/cards/x.py", "x = 1\n" * 301),
        (short, "data/reading/x.py", "x = 1\n" * 301),
        (short, "tests/data/test_x.py", "x = 1\n" * 301),
    ],
)  # fmt: skip
def test_each_rule_can_fail(rule: Callable[[str, str], list[str]], path: str, bad: str) -> None:
    assert len(rule(path, bad)) >= 1


@pytest.mark.parametrize(
    ("path", "good"),
    [
        ("pages/x.py", "from ui import shell\nfrom analytics.charts import bars"),
        ("ui/queries.py", "from data import store\nfrom analytics import lines\nframe.collect()"),
        ("ui/shell.py", "import gc\ngc.collect()\nschema = frame.collect_schema()"),
        ("data/store/x.py", "from data.building.layout import Prepared\nfrom data import errors"),
        ("data/x.py", "from data.store import store"),
        ("data/x.py", "from pathlib import Path\nfrom analytics.dataset import Dataset\nframe.collect()"),
        ("analytics/lines/page.py", "from analytics import periods\nfrom . import requests\nframe.collect()"),
        ("analytics/x.py", "from datetime import date, timedelta\nday = date(2022, 1, 1)\nfrom babel import numbers"),
        ("analytics/charts/x.py", "from analytics.charts import style\nfrom .style import finish"),
        ("Home.py", "import streamlit as st\nfrom ui import shell"),
    ],
)  # fmt: skip
def test_good_code_passes(path: str, good: str) -> None:
    assert [words for rule in RULES for words in rule(path, good)] == []
