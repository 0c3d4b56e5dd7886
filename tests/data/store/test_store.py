"""Publishing and loading: whole versions or nothing."""

from __future__ import annotations

import os
from dataclasses import fields
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from analytics.dataset import Calendar
from data.__main__ import main
from data.building.layout import Prepared
from data.errors import DataError
from data.prepare import prepare, read
from data.recipe import recipes
from data.store import locations, memory, publishing, store, writing
from data.store.saved import Saved
from tests.data.conftest import Shop


def _published(prepared: Prepared, home: Path) -> Path:
    return home / "shop" / "versions" / writing.publish("shop", prepared, home=home)


def _publish(shop: Shop, home: Path) -> Path:
    return prepare(recipes.read(shop.recipe), shop.folder, home=home, name="shop").path


def test_what_is_loaded_is_what_was_prepared(shop: Shop, prepared_shop: Prepared, tmp_path: Path) -> None:
    path = _published(prepared_shop, tmp_path / "home")
    prepared = read(recipes.read(shop.recipe), shop.folder, name="shop").dataset(version=path.name)
    loaded = store.load("shop", home=tmp_path / "home")
    for field in fields(loaded):
        ours, theirs = getattr(loaded, field.name), getattr(prepared, field.name)
        if isinstance(ours, pl.DataFrame | pl.LazyFrame):
            assert_frame_equal(ours.lazy().collect(), theirs.lazy().collect())
        else:
            assert ours == theirs, field.name
    assert loaded.calendar == Calendar(week_start=6, fiscal_start_month=7, retail=True)


def test_held_columns_are_one_chunk(prepared_shop: Prepared, tmp_path: Path) -> None:
    _published(prepared_shop, tmp_path)
    chunks = store.load("shop", home=tmp_path).lines.collect().n_chunks("all")
    assert set(chunks) == {1}


def test_lines_may_take_a_quarter_of_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SALES_MEMORY_MB", raising=False)
    assert 0 < store.memory_budget() <= os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 4
    monkeypatch.setattr(memory, "total", lambda: 8 * 1024**3)
    assert store.memory_budget() == 2 * 1024**3


def test_lines_beyond_the_budget_are_scanned(
    prepared_shop: Prepared, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = _published(prepared_shop, tmp_path)
    held = store.load("shop", home=tmp_path).lines
    monkeypatch.setenv("SALES_MEMORY_MB", "0")
    scanned = store.load("shop", home=tmp_path).lines
    assert "Parquet SCAN" in scanned.explain()
    assert "Parquet SCAN" not in held.explain()
    assert_frame_equal(held.collect(), scanned.collect())
    assert store.lines_path(path).is_file()
    monkeypatch.setenv("SALES_MEMORY_MB", "lots")
    with pytest.raises(DataError, match="SALES_MEMORY_MB: expected a whole number of megabytes, found 'lots'"):
        store.load("shop", home=tmp_path)


def test_the_same_content_is_the_same_version(shop: Shop, tmp_path: Path) -> None:
    first = _publish(shop, tmp_path)
    assert _publish(shop, tmp_path) == first
    assert sorted(path.name for path in (tmp_path / "shop").iterdir()) == ["current", "versions"]
    assert [path.name for path in (tmp_path / "shop" / "versions").iterdir()] == [first.name]


def test_a_new_version_leaves_the_old_one(shop: Shop, tmp_path: Path) -> None:
    first = _publish(shop, tmp_path)
    shop.change("sales.csv", "P1,2", "P1,3")
    second = _publish(shop, tmp_path)
    assert first != second
    assert store.find("shop", home=tmp_path).version == second.name
    assert store.load_version(first, name="shop").lines.collect()["quantity"].sum() == 4
    assert store.load_version(second, name="shop").lines.collect()["quantity"].sum() == 5


def test_a_build_that_fails_leaves_nothing(tmp_path: Path) -> None:
    def build(folder: Path) -> None:
        (folder / "lines.parquet").write_bytes(b"half")
        raise DataError("no")

    with pytest.raises(DataError, match="no"):
        publishing.publish("shop", build, home=tmp_path / "home")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("step", ["fsync", "rename", "replace"])
def test_a_full_disk_leaves_the_old_version(
    step: str, shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    first = _publish(shop, home)
    before = sorted(home.rglob("*"))
    shop.change("sales.csv", "P1,2", "P1,3")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(*((os, step, full) if step != "rename" else (Path, "rename", full)))
        with pytest.raises(
            DataError, match=r"could not be written \(No space left on device\)\. Nothing was changed\."
        ):
            _publish(shop, home)
    after = sorted(home.rglob("*"))
    # Only the switch of `current` comes after a whole version is in place; that version is harmless and unused.
    assert [path for path in after if path.parent.name != "versions" and path.parent.parent.name != "versions"] == [
        path for path in before if path.parent.name != "versions" and path.parent.parent.name != "versions"
    ]
    assert not [path for path in after if path.name.startswith(".")]
    if step != "replace":
        assert after == before
    assert store.find("shop", home=home).version == first.name


def test_half_written_versions_are_not_listed(prepared_shop: Prepared, tmp_path: Path) -> None:
    _published(prepared_shop, tmp_path)
    (tmp_path / "half" / "versions" / ".writing-abc").mkdir(parents=True)
    (tmp_path / "notes.txt").write_text("mine")
    names = [entry.name for entry in store.entries(home=tmp_path)]
    assert [name for name in names if name != "demo"] == ["shop"]


def test_what_cannot_be_opened_is_listed_with_its_trouble(prepared_shop: Prepared, tmp_path: Path) -> None:
    _published(prepared_shop, tmp_path)
    (tmp_path / "broken" / "versions" / "abc").mkdir(parents=True)
    (tmp_path / "broken" / "current").write_text("abc\n")
    (tmp_path / "escape").mkdir()
    (tmp_path / "escape" / "current").write_text("../../shop\n")
    (tmp_path / "bytes").mkdir()
    (tmp_path / "bytes" / "current").write_bytes(b"\xff\xfe")
    (tmp_path / "damaged" / "versions" / "abc").mkdir(parents=True)
    (tmp_path / "damaged" / "versions" / "abc" / "dataset.toml").write_text("title = ")
    (tmp_path / "damaged" / "current").write_text("abc\n")
    troubles = {entry.name: entry.trouble for entry in store.entries(home=tmp_path) if entry.name != "demo"}
    assert troubles.pop("shop") == ""
    for name, found in {
        "broken": "dataset.toml is damaged: expected the file that was written, found no such file.",
        "bytes": "current is damaged: expected the name of a version, found something else.",
        "damaged": "dataset.toml is damaged: expected the text that was written, found another (line 1: expected the "
        "form in which this app writes it, found 'title = ').",
        "escape": "current is damaged: expected the name of a version, found something else.",
    }.items():
        trouble = troubles.pop(name)
        assert trouble.startswith(f"Dataset '{name}': {found} ")
        assert "repare it again" in trouble
        with pytest.raises(DataError) as refused:
            store.load(name, home=tmp_path)
        assert str(refused.value) == trouble
    assert troubles == {}


def test_a_pointer_that_is_damaged_says_that_the_versions_are_not(prepared_shop: Prepared, tmp_path: Path) -> None:
    version = _published(prepared_shop, tmp_path).name
    pointer = tmp_path / "shop" / "current"
    pointer.write_bytes(b"\xff\xfe")
    with pytest.raises(
        DataError, match=r"write the name of a folder in shop/versions into it, or prepare it again"
    ) as said:
        store.load("shop", home=tmp_path)
    assert "came with" not in str(said.value)
    pointer.write_text(f"{version}\n")
    assert store.find("shop", home=tmp_path).version == version


def test_a_damaged_version_says_so(prepared_shop: Prepared, tmp_path: Path) -> None:
    path = _published(prepared_shop, tmp_path)
    (path / "customers.parquet").unlink()
    with pytest.raises(DataError, match=r"Dataset 'shop': customers\.parquet is damaged: .* no such file\. Prepare it"):
        store.load("shop", home=tmp_path)


def test_an_unknown_name_lists_the_known(prepared_shop: Prepared, tmp_path: Path) -> None:
    _published(prepared_shop, tmp_path)
    with pytest.raises(DataError, match=r"Dataset 'shops': expected one of those prepared \(.*shop\)"):
        store.load("shops", home=tmp_path)


def test_home_is_where_the_environment_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SALES_HOME", str(tmp_path))
    assert locations.home() == tmp_path
    monkeypatch.delenv("SALES_HOME")
    assert locations.home().name == "datasets"


def test_list(
    prepared_shop: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "DEMO", tmp_path / "no demo")
    home = tmp_path / "home"
    assert main(["list", "--home", str(home)]) == 0
    assert capsys.readouterr().out.startswith("No datasets yet. Prepare one: ")
    version = _published(prepared_shop, home).name
    assert main(["list", "--home", str(home)]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first == f"shop  {version}  Shop"
    assert "3 rows, 2023-12-31 to 2024-01-01, from sales.csv, items.csv and 1 more, " in second


@pytest.mark.skipif(os.name != "posix", reason="needs rights of files")
def test_only_the_user_who_prepared_it_may_read_a_dataset(prepared_shop: Prepared, tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        home = tmp_path / "home"
        _published(prepared_shop, home)
        Saved(home).put("shop", "target", "mine", {"a": 1}, seen=None)
    finally:
        os.umask(before)
    paths = [home, *home.rglob("*")]
    assert len(paths) > 8
    assert {path.stat().st_mode & 0o777 for path in paths if path.is_file()} == {0o600}
    assert {path.stat().st_mode & 0o777 for path in paths if path.is_dir()} == {0o700}
