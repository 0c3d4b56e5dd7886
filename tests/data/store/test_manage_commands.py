"""The verbs of the command line that manage datasets."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.__main__ import main
from data.store import store
from tests.data.store.homes import names

# --- The command line -------------------------------------------------------------------------------------------------


def run(home: Path, *said: str) -> int:
    return main([*said, "--home", str(home)])


def test_the_verbs_of_the_command_line(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    newer = store.find("shop", home=home).version
    (older,) = {entry.version for entry in store.versions("shop", home=home)} - {newer}
    assert run(home, "rename", "shop", "Corner shop") == 0
    assert run(home, "first", "shop") == 0
    assert run(home, "list") == 0
    said = capsys.readouterr().out
    assert "shop is called Corner shop now, before: Shop" in said
    assert f"shop   {newer}  Corner shop  opens first" in said
    assert "3 rows, 2024-01-01 to 2024-01-03, from the app itself, " in said
    assert run(home, "versions", "shop") == 0
    listed = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in listed if "in use" in line] == [newer]
    assert {line.split()[0] for line in listed} == {newer, older}
    assert run(home, "back", "shop", older) == 0
    assert store.find("shop", home=home).version == older
    assert run(home, "delete", "shop", "--version", newer) == 0
    assert "Nothing was deleted" in capsys.readouterr().out
    assert len(store.versions("shop", home=home)) == 2
    assert run(home, "delete", "shop", "--version", newer, "--yes") == 0
    assert [entry.version for entry in store.versions("shop", home=home)] == [older]
    assert run(home, "delete", "shop") == 0
    assert "shop would go, with 1 version (" in capsys.readouterr().out
    assert "shop" in names(home)
    assert run(home, "delete", "shop", "--yes") == 0
    assert names(home) == ["demo", "other"]


@pytest.mark.parametrize(
    "said",
    [
        ("rename", "nobody", "New"),
        ("rename", "shop", "\n"),
        ("first", "nobody"),
        ("back", "shop", "nothing"),
        ("back", "nobody", "nothing"),
        ("delete", "nobody", "--yes"),
        ("delete", "../shop", "--yes"),
        ("delete", "shop", "--version", "../..", "--yes"),
        ("delete", "demo", "--yes"),
        ("versions", "nobody"),
        ("recipe", "other"),
        ("refresh", "shop"),
    ],
    ids=" ".join,
)
def test_what_cannot_be_is_one_sentence(said: tuple[str, ...], home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(home, *said) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1
    assert names(home) == ["demo", "other", "shop"]
