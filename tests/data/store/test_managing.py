"""Datasets are renamed, set first, put back, deleted: whole or not at all, and never over what somebody else did."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from data.__main__ import main
from data.building import layout
from data.errors import DataError
from data.store import durable, managing, store, writing
from data.store.managing import StaleDatasetError
from data.store.saved import Saved

ROOT = Path(__file__).resolve().parents[3]


def publish(home: Path, *, name: str = "shop", orders: int = 2, title: str = "Shop") -> str:
    """Publish a dataset of so many orders of 1.00 each; returns the version."""
    lines = pl.DataFrame(
        {
            "order_id": [f"A{number}" for number in range(orders)],
            "ordered_on": [date(2024, 1, 1 + number) for number in range(orders)],
            "product_id": ["P1"] * orders,
            "quantity": [1] * orders,
            "revenue": [10_000] * orders,
        }
    )
    built = layout.build(layout.Tables(lines), name=name, title=title, currency="EUR")
    return writing.publish(name, built, home=home)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with two versions of a shop, the larger in use, and another dataset."""
    home = tmp_path / "home"
    publish(home, orders=2)
    publish(home, orders=3)
    publish(home, name="other", title="Other")
    return home


def names(home: Path) -> list[str]:
    return [entry.name for entry in store.entries(home=home)]


def revenue(home: Path, name: str = "shop") -> int:
    return int(store.load(name, home=home).lines.select(pl.col("revenue").sum()).collect().item())


# --- Titles and order -------------------------------------------------------------------------------------------------


def test_a_title_that_people_gave_outlives_a_refresh(home: Path) -> None:
    managing.rename("shop", "  Corner   shop ", seen="Shop", home=home)
    assert store.find("shop", home=home).title == "Corner shop"
    assert store.load("shop", home=home).title == "Corner shop"
    publish(home, orders=4)
    assert store.find("shop", home=home).title == "Corner shop"
    assert {entry.title for entry in store.versions("shop", home=home)} == {"Corner shop"}
    assert store.find("other", home=home).title == "Other"


@pytest.mark.parametrize("title", ["", "   ", "x" * 81, "two\nlines\x00", "a\u202eb", "\x1b[2J"])
def test_a_title_that_cannot_be_one_is_refused(home: Path, title: str) -> None:
    with pytest.raises(DataError, match="Title: expected 1 to 80 letters on one line"):
        managing.rename("shop", title, seen="Shop", home=home)
    assert store.find("shop", home=home).title == "Shop"


@pytest.mark.parametrize("title", ["../../etc/passwd", "<script>alert(1)</script>", "=1+1", "[a](b) $x$", "Übersee 店"])
def test_a_title_is_text_whatever_it_says(home: Path, title: str) -> None:
    managing.rename("shop", title, seen="Shop", home=home)
    assert store.find("shop", home=home).title == title
    assert names(home) == ["demo", "other", "shop"]


@pytest.mark.parametrize("name", ["../shop", "..", "", "/tmp", "shop/versions", ".deleted-1", "a b", "shop\x00", "~"])
def test_a_name_is_never_a_path(home: Path, name: str) -> None:
    before = sorted(home.rglob("*"))
    for change in (
        lambda: managing.rename(name, "New", seen="", home=home),
        lambda: managing.set_first(name, seen="", home=home),
        lambda: managing.go_back(name, "x", seen="", home=home),
        lambda: managing.delete(name, seen="", home=home),
        lambda: managing.delete_version(name, "x", home=home),
        lambda: managing.goes(name, home=home),
    ):
        with pytest.raises(DataError, match="Dataset name"):
            change()
    assert sorted(home.rglob("*")) == before


def test_a_version_is_never_a_path(home: Path) -> None:
    used = store.find("shop", home=home).version
    other = store.find("other", home=home).version
    for version in ("..", "../../other/versions/" + other, "", ".writing-1", other):
        with pytest.raises(DataError):
            managing.go_back("shop", version, seen=used, home=home)
        with pytest.raises(DataError):
            managing.delete_version("shop", version, home=home)
    assert names(home) == ["demo", "other", "shop"]
    assert store.find("shop", home=home).version == used


def test_the_first_dataset_opens_first(home: Path) -> None:
    assert names(home) == ["demo", "other", "shop"]
    managing.set_first("shop", seen="", home=home)
    assert names(home) == ["shop", "demo", "other"]
    managing.set_first("demo", seen="shop", home=home)
    assert names(home) == ["demo", "other", "shop"]
    managing.set_first("other", seen="demo", home=home)
    managing.delete("other", seen=store.find("other", home=home).version, home=home)
    assert names(home) == ["demo", "shop"]


@pytest.mark.parametrize("content", [b"\xff\xfe", b"../x", b"", b"nobody", b"x" * 5000])
def test_a_spoilt_small_file_changes_nothing(home: Path, content: bytes) -> None:
    (home / "first").write_bytes(content)
    assert names(home) == ["demo", "other", "shop"]
    (home / "shop" / "title").write_bytes(content.replace(b"x", b"\x00"))
    assert store.find("shop", home=home).title == ("nobody" if content == b"nobody" else "Shop")


# --- Versions ---------------------------------------------------------------------------------------------------------


def test_an_earlier_version_is_put_back_and_forth(home: Path) -> None:
    newer = store.find("shop", home=home).version
    (older,) = {entry.version for entry in store.versions("shop", home=home)} - {newer}
    assert revenue(home) == 30_000
    managing.go_back("shop", older, seen=newer, home=home)
    assert revenue(home) == 20_000
    managing.go_back("shop", newer, seen=older, home=home)
    assert revenue(home) == 30_000


def test_a_damaged_version_is_not_put_in_use(home: Path) -> None:
    newer = store.find("shop", home=home).version
    (older,) = {entry.version for entry in store.versions("shop", home=home)} - {newer}
    (home / "shop" / "versions" / older / "dataset.toml").write_text("no")
    with pytest.raises(DataError, match="is damaged"):
        managing.go_back("shop", older, seen=newer, home=home)
    managing.delete_version("shop", older, home=home)
    assert [entry.version for entry in store.versions("shop", home=home)] == [newer]


def test_the_version_in_use_is_not_deleted_alone(home: Path) -> None:
    newer = store.find("shop", home=home).version
    with pytest.raises(DataError, match="is in use"):
        managing.delete_version("shop", newer, home=home)
    (older,) = {entry.version for entry in store.versions("shop", home=home)} - {newer}
    managing.delete_version("shop", older, home=home)
    assert revenue(home) == 30_000
    with pytest.raises(StaleDatasetError, match="no longer there"):
        managing.delete_version("shop", older, home=home)
    assert not list(home.rglob(".*"))


# --- Deletion ---------------------------------------------------------------------------------------------------------


def test_a_dataset_goes_with_all_that_is_saved_about_it(home: Path) -> None:
    saved = Saved(home)
    saved.put("shop", "segment", "Best", {"a": 1}, seen=None)
    saved.put("shop", "segment", "Worst", {"a": 2}, seen=None)
    saved.put("shop", "targets", "targets", {}, seen=None)
    saved.put("other", "segment", "Best", {"a": 3}, seen=None)
    lost = managing.goes("shop", home=home)
    assert (lost.versions, lost.saved) == (2, {"segment": 2, "targets": 1})
    assert lost.bytes == sum(path.stat().st_size for path in (home / "shop").rglob("*") if path.is_file())
    assert lost.said() == (
        f"with 2 versions ({managing.in_bytes(lost.bytes)}), 2 saved segments and the targets that were typed in"
    )
    managing.delete("shop", seen=store.find("shop", home=home).version, home=home)
    assert names(home) == ["demo", "other"]
    assert saved.counts("shop") == {}
    assert saved.counts("other") == {"segment": 1}
    assert not [path for path in home.iterdir() if path.name.startswith(".")]


def test_a_damaged_dataset_can_be_deleted(home: Path) -> None:
    (home / "shop" / "current").write_bytes(b"\xff")
    (entry,) = [entry for entry in store.entries(home=home) if entry.name == "shop"]
    assert entry.trouble
    managing.delete("shop", seen=entry.version, home=home)
    assert names(home) == ["demo", "other"]


def test_the_demo_stays(home: Path) -> None:
    for change in (
        lambda: managing.rename("demo", "New", seen="", home=home),
        lambda: managing.delete("demo", seen="", home=home),
        lambda: managing.go_back("demo", "x", seen="", home=home),
        lambda: managing.delete_version("demo", "x", home=home),
    ):
        with pytest.raises(DataError, match="The demo comes with the app"):
            change()


def test_a_link_to_a_folder_goes_and_the_folder_stays(home: Path, tmp_path: Path) -> None:
    real = tmp_path / "elsewhere"
    shutil.move(home / "shop", real)
    (home / "shop").symlink_to(real)
    managing.delete("shop", seen=store.find("shop", home=home).version, home=home)
    assert (real / "current").is_file()
    assert not os.path.lexists(home / "shop")
    assert not [path for path in home.iterdir() if path.name.startswith(".")]


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
