"""What users save outlives the process, counts its revisions, and says in words what is wrong."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from data.errors import DataError
from data.saved import FILE, Saved


def test_nothing_is_made_before_something_is_saved(tmp_path: Path) -> None:
    held = Saved(tmp_path)
    assert held.items("shop", "segment") == {}
    assert held.revision("shop") == 0
    held.delete("shop", "segment", "VIP")
    assert list(tmp_path.iterdir()) == []


def test_items_are_kept_by_dataset_and_kind(tmp_path: Path) -> None:
    held = Saved(tmp_path)
    held.put("shop", "segment", "VIP", {"r": [4, 5], "name": "naïve 'quoted'"})
    held.put("shop", "segment", "lost", {"r": [1, 1]})
    held.put("shop", "segment", "VIP", {"r": [5, 5]})
    held.put("shop", "target", "VIP", {})
    held.put("other", "segment", "VIP", {"r": [1, 2]})
    again = Saved(tmp_path)
    assert again.items("shop", "segment") == {"lost": {"r": [1, 1]}, "VIP": {"r": [5, 5]}}
    assert again.items("other", "segment") == {"VIP": {"r": [1, 2]}}
    assert (again.revision("shop"), again.revision("other"), again.revision("none")) == (4, 1, 0)
    again.delete("shop", "segment", "VIP")
    again.delete("shop", "segment", "VIP")
    assert list(held.items("shop", "segment")) == ["lost"]
    assert held.revision("shop") == 5


def test_the_file_survives_a_crash_of_the_machine(tmp_path: Path) -> None:
    Saved(tmp_path).put("shop", "segment", "VIP", {})
    with closing(sqlite3.connect(tmp_path / FILE)) as db:
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_writers_wait_for_one_another(tmp_path: Path) -> None:
    held = Saved(tmp_path)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: held.put("shop", "segment", f"s{n}", {"n": n}), range(20)))
    assert len(held.items("shop", "segment")) == held.revision("shop") == 20


@pytest.mark.parametrize("name", ["", " VIP", "a  b", "x" * 61, "a\nb"])
def test_a_bad_name_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(DataError, match="1 to 60 characters"):
        Saved(tmp_path).put("shop", "segment", name, {})


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"no database" * 200)
    with pytest.raises(DataError, match=FILE):
        Saved(tmp_path).items("shop", "segment")


def test_what_was_saved_is_read_where_nothing_may_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Saved(tmp_path).put("shop", "segment", "VIP", {"r": [5, 5]})
    before = sorted(one.name for one in tmp_path.iterdir())
    monkeypatch.setattr("os.access", lambda *_: False)
    assert Saved(tmp_path).items("shop", "segment") == {"VIP": {"r": [5, 5]}}
    assert Saved(tmp_path).revision("shop") == 1
    assert sorted(one.name for one in tmp_path.iterdir()) == before
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / FILE).touch()
    assert Saved(tmp_path / "empty").items("shop", "segment") == {}
