"""A class name means one thing: no two modules define a class of the same name, and the glossary names such classes."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Final

from tests.sources import ROOT, files

PARTS: Final = ("analytics", "ui", "pages", "data", "benchmarks")


def classes(sources: Mapping[str, str]) -> dict[str, list[str]]:
    """Name of a public class at the top of a file -> the files that define one; takes files' names and sources."""
    places: defaultdict[str, list[str]] = defaultdict(list)
    for name, source in sources.items():
        for node in ast.parse(source).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places[node.name].append(name)
    return dict(places)


def repeated(sources: Mapping[str, str]) -> dict[str, list[str]]:
    """The classes of more than one file, and those files."""
    return {name: where for name, where in classes(sources).items() if len(where) > 1}


def test_a_class_name_stands_once() -> None:
    assert repeated(files(PARTS)) == {}


def test_the_glossary_names_classes_that_there_are() -> None:
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:[A-Z][a-z]+)+)`", text))
    assert len(named) > 8
    assert named <= classes(files(PARTS)).keys()


def test_a_second_class_of_a_name_is_seen() -> None:
    sources = {
        "a.py": "class Entry: ...\nclass _Own: ...",
        "b.py": "from a import Entry\nclass _Own: ...",
        "c.py": "@dataclass\nclass Entry(Base): ...",
        "d.py": "class Entries:\n    class Entry: ...",
    }
    assert repeated(sources) == {"Entry": ["a.py", "c.py"]}
