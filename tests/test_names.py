"""A class name means one thing: no two modules define a class of the same name."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Mapping

from tests.sources import files


def repeated(sources: Mapping[str, str]) -> dict[str, list[str]]:
    """Name of a public class at the top of more than one file -> those files; takes files' names and sources."""
    places: defaultdict[str, list[str]] = defaultdict(list)
    for name, source in sources.items():
        for node in ast.parse(source).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places[node.name].append(name)
    return {name: where for name, where in places.items() if len(where) > 1}


def test_a_class_name_stands_once() -> None:
    assert repeated(files(("analytics", "ui", "pages", "data", "benchmarks"))) == {}


def test_a_second_class_of_a_name_is_seen() -> None:
    sources = {
        "a.py": "class Entry: ...\nclass _Own: ...",
        "b.py": "from a import Entry\nclass _Own: ...",
        "c.py": "@dataclass\nclass Entry(Base): ...",
        "d.py": "class Entries:\n    class Entry: ...",
    }
    assert repeated(sources) == {"Entry": ["a.py", "c.py"]}
