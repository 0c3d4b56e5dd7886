"""Two people, or a kill or a full disk, while datasets are changed: before or after, and whoever was late is told."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from data.__main__ import main
from data.errors import DataError
from data.store import durable, managing, store
from data.store.managing import StaleDatasetError
from data.store.saved import Saved
from tests.data.store.homes import names, publish, revenue

ROOT = Path(__file__).resolve().parents[3]


# --- Two at once ------------------------------------------------------------------------------------------------------


def test_of_two_who_saw_the_same_one_is_told(home: Path) -> None:
    newer = store.find("shop", home=home).version
    (older,) = {entry.version for entry in store.versions("shop", home=home)} - {newer}
    managing.rename("shop", "Hers", seen="Shop", home=home)
    with pytest.raises(StaleDatasetError, match="called 'Hers' by now"):
        managing.rename("shop", "His", seen="Shop", home=home)
    managing.set_first("shop", seen="", home=home)
    with pytest.raises(StaleDatasetError, match="Another dataset was set to open first"):
        managing.set_first("other", seen="", home=home)
    managing.go_back("shop", older, seen=newer, home=home)
    for change in (
        lambda: managing.go_back("shop", newer, seen=newer, home=home),
        lambda: managing.delete("shop", seen=newer, home=home),
    ):
        with pytest.raises(StaleDatasetError, match="another version is in use since you looked"):
            change()
    managing.delete("shop", seen=older, home=home)
    for change in (
        lambda: managing.delete("shop", seen=older, home=home),
        lambda: managing.rename("shop", "New", seen="Hers", home=home),
        lambda: managing.go_back("shop", newer, seen=older, home=home),
        lambda: managing.set_first("shop", seen="shop", home=home),
        lambda: managing.delete_version("shop", newer, home=home),
    ):
        with pytest.raises(StaleDatasetError, match="no longer there"):
            change()


def _at_once(changes: list[Callable[[], None]]) -> list[str]:
    """Make changes in threads that start together; what each was told, empty where it went through."""
    told = [""] * len(changes)
    start = threading.Barrier(len(changes))

    def run(number: int) -> None:
        start.wait()
        try:
            changes[number]()
        except DataError as error:
            told[number] = str(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(changes))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told


def test_at_once_exactly_one_wins(home: Path) -> None:
    newer = store.find("shop", home=home).version
    told = _at_once(
        [lambda number=number: managing.rename("shop", f"T{number}", seen="Shop", home=home) for number in range(8)]  # type: ignore[misc]
    )
    winners = [number for number, sentence in enumerate(told) if not sentence]
    assert len(winners) == 1
    assert store.find("shop", home=home).title == f"T{winners[0]}"
    told = _at_once([lambda: managing.delete("shop", seen=newer, home=home)] * 6)
    assert told.count("") == 1
    assert names(home) == ["demo", "other"]


def test_whoever_waits_too_long_is_told(home: Path) -> None:
    with (
        durable.alone(home),
        pytest.raises(DataError, match="Somebody else is changing the datasets just now"),
        durable.alone(home, patience=0.05),
    ):
        pass


def test_an_import_under_a_deletion_publishes_whole_or_says_so(home: Path) -> None:
    def delete() -> None:
        managing.delete("shop", seen=store.find("shop", home=home).version, home=home)

    for orders in range(4, 10):
        told = _at_once([delete, lambda orders=orders: publish(home, orders=orders)])  # type: ignore[list-item,misc]
        if "shop" in names(home):
            assert store.load("shop", home=home).lines.collect().height
        else:
            publish(home, orders=2)
        assert not [path.name for path in home.iterdir() if path.name.startswith(".")], told


# --- Kills and full disks ---------------------------------------------------------------------------------------------

STEPS: list[tuple[Any, str]] = [(os, "fsync"), (os, "replace"), (Path, "rename")]


@pytest.mark.parametrize(("owner", "name"), STEPS, ids=lambda part: getattr(part, "__name__", part))
@pytest.mark.parametrize("verb", ["rename", "set_first", "go_back", "delete"])
def test_a_disk_that_refuses_leaves_before_or_after(
    owner: Any, name: str, verb: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer = store.find("shop", home=home).version
    (older,) = {entry.version for entry in store.versions("shop", home=home)} - {newer}
    change = {
        "rename": lambda: managing.rename("shop", "New", seen="Shop", home=home),
        "set_first": lambda: managing.set_first("shop", seen="", home=home),
        "go_back": lambda: managing.go_back("shop", older, seen=newer, home=home),
        "delete": lambda: managing.delete("shop", seen=newer, home=home),
    }[verb]

    def refused(*arguments: Any, **named: Any) -> Any:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(owner, name, refused)
        told = _at_once([change])[0]
    assert not told or "No space left on device" in told
    if "shop" in names(home):
        assert store.load("shop", home=home).title in ("Shop", "New")
        assert not list(home.rglob(".[ctf]*"))
    else:
        assert verb == "delete"
    managing.sweep(home)
    assert not [path.name for path in home.iterdir() if path.name.startswith(".deleted")]


KILLED = """
import os, sys
from pathlib import Path
from data.store import managing, store
home = Path(sys.argv[1])
managing.shutil.rmtree = lambda *a, **k: os.kill(os.getpid(), 9)
managing.Saved.forget = lambda *a, **k: os.kill(os.getpid(), 9)
managing.delete("shop", seen=store.find("shop", home=home).version, home=home)
"""


@pytest.mark.skipif(os.name != "posix", reason="needs SIGKILL")
def test_a_killed_deletion_is_finished_by_the_next_command(home: Path) -> None:
    Saved(home).put("shop", "segment", "Best", {"a": 1}, seen=None)
    done = subprocess.run([sys.executable, "-c", KILLED, str(home)], cwd=ROOT, check=False)
    assert done.returncode == -9
    assert names(home) == ["demo", "other"]
    assert Saved(home).counts("shop") == {"segment": 1}
    assert main(["list", "--home", str(home)]) == 0
    assert Saved(home).counts("shop") == {}
    assert not [path.name for path in home.iterdir() if path.name.startswith(".")]


def test_what_is_saved_about_a_namesake_is_kept(home: Path) -> None:
    """A deletion was killed, and a dataset of the same name was prepared before the next command swept."""
    (home / "shop").rename(home / ".deleted-0123abcd-shop")
    publish(home, orders=5)
    Saved(home).put("shop", "segment", "Best", {"a": 1}, seen=None)
    managing.sweep(home)
    assert Saved(home).counts("shop") == {"segment": 1}
    assert revenue(home) == 50_000
    assert not (home / ".deleted-0123abcd-shop").exists()
