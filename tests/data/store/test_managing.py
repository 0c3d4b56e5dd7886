"""Datasets are renamed, set first, put back, deleted: whole or not at all, and never over what somebody else did."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from data.errors import DataError
from data.store import managing, store
from data.store.managing import StaleDatasetError
from data.store.saved import Saved
from tests.data.store.homes import names, publish, revenue

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
    assert lost.in_words() == (
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
