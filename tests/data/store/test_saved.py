"""What users save outlives the process, counts its revisions, and says in words what is wrong."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from data.errors import DataError
from data.store import saved
from data.store.saved import FILE, EditConflictError, Saved


def test_nothing_is_made_before_something_is_saved(tmp_path: Path) -> None:
    held = Saved(tmp_path)
    assert held.items("shop", "segment") == {}
    assert held.revision("shop") == 0
    with pytest.raises(EditConflictError) as changed:
        held.delete("shop", "segment", "VIP", seen={})
    assert changed.value.now is None
    assert list(tmp_path.iterdir()) == []


def test_items_are_kept_by_dataset_and_kind(tmp_path: Path) -> None:
    held = Saved(tmp_path)
    first = {"r": [4, 5], "name": "naïve 'quoted'"}
    held.put("shop", "segment", "VIP", first, seen=None)
    held.put("shop", "segment", "lost", {"r": [1, 1]}, seen=None)
    held.put("shop", "segment", "VIP", {"r": [5, 5]}, seen=first)
    held.put("shop", "target", "VIP", {}, seen=None)
    held.put("other", "segment", "VIP", {"r": [1, 2]}, seen=None)
    again = Saved(tmp_path)
    assert again.items("shop", "segment") == {"lost": {"r": [1, 1]}, "VIP": {"r": [5, 5]}}
    assert again.items("other", "segment") == {"VIP": {"r": [1, 2]}}
    assert (again.revision("shop"), again.revision("other"), again.revision("none")) == (4, 1, 0)
    again.delete("shop", "segment", "VIP", seen={"r": [5, 5]})
    assert list(held.items("shop", "segment")) == ["lost"]
    assert held.revision("shop") == 5


def test_the_file_survives_a_crash_of_the_machine(tmp_path: Path) -> None:
    Saved(tmp_path).put("shop", "segment", "VIP", {}, seen=None)
    with closing(sqlite3.connect(tmp_path / FILE)) as db:
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)


# --- Two who save -----------------------------------------------------------------------------------------------------

START = {"r": [1, 2]}
MINE, THEIRS = {"r": [1, 5]}, {"r": [2, 2]}


@pytest.mark.parametrize(("deleting", "seen"), [(False, None), (False, START), (False, {}), (True, START), (True, {})])
@pytest.mark.parametrize("now", [None, START, THEIRS], ids=["deleted", "as it was", "another"])
def test_only_what_was_seen_is_replaced(
    tmp_path: Path, seen: dict[str, Any] | None, now: dict[str, Any] | None, deleting: bool
) -> None:
    held = Saved(tmp_path)
    held.put("shop", "segment", "other", {}, seen=None)
    if now is not None:
        held.put("shop", "segment", "VIP", now, seen=None)
    before = (held.items("shop", "segment"), held.revision("shop"))

    def save() -> None:
        if deleting:
            held.delete("shop", "segment", "VIP", seen=seen or {})
        else:
            held.put("shop", "segment", "VIP", MINE, seen=seen)

    if now == seen:
        save()
        assert held.items("shop", "segment").get("VIP") == (None if deleting else MINE)
        assert held.revision("shop") == before[1] + 1
    else:
        with pytest.raises(EditConflictError, match=r"somebody else changed it\. Nothing was saved") as changed:
            save()
        assert changed.value.now == now
        assert (held.items("shop", "segment"), held.revision("shop")) == before


def test_two_who_start_from_one_state_lose_nothing(tmp_path: Path) -> None:
    held = Saved(tmp_path)
    held.put("shop", "segment", "VIP", START, seen=None)
    held.put("shop", "segment", "VIP", THEIRS, seen=START)
    with pytest.raises(EditConflictError) as changed:
        held.put("shop", "segment", "VIP", MINE, seen=START)
    assert changed.value.now == THEIRS
    assert held.items("shop", "segment")["VIP"] == THEIRS
    held.put("shop", "segment", "VIP", MINE, seen=changed.value.now)
    assert held.items("shop", "segment")["VIP"] == MINE


def count_up(home: Path, times: int, held: Saved | None = None) -> None:
    """Add one to a counter so often, starting over where somebody else was faster."""
    held = held or Saved(home)
    for _ in range(times):
        while True:
            seen = held.items("shop", "counter").get("x")
            try:
                held.put("shop", "counter", "x", {"n": (seen or {"n": 0})["n"] + 1}, seen=seen)
            except EditConflictError:
                continue
            break


def test_threads_lose_no_count(tmp_path: Path) -> None:
    held = Saved(tmp_path)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: count_up(tmp_path, 5, held), range(4)))
    assert held.items("shop", "counter") == {"x": {"n": 20}}
    assert held.revision("shop") == 20


def test_processes_lose_no_count(tmp_path: Path) -> None:
    code = (
        "import sys, pathlib; from tests.data.store.test_saved import count_up; count_up(pathlib.Path(sys.argv[1]), 15)"
    )
    command, root = [sys.executable, "-c", code, str(tmp_path)], Path(__file__).parents[3]
    running = [subprocess.Popen(command, cwd=root, stderr=subprocess.PIPE) for _ in range(3)]
    failures = [process.communicate(timeout=120)[1] for process in running]
    assert [process.returncode for process in running] == [0, 0, 0], failures
    assert Saved(tmp_path).items("shop", "counter") == {"x": {"n": 45}}


@pytest.mark.parametrize("name", ["", " VIP", "a  b", "x" * 61, "a\nb"])
def test_a_bad_name_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(DataError, match="1 to 60 characters"):
        Saved(tmp_path).put("shop", "segment", name, {}, seen=None)


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"no database" * 200)
    with pytest.raises(DataError, match=FILE):
        Saved(tmp_path).items("shop", "segment")
    with pytest.raises(DataError, match=FILE):
        Saved(tmp_path).put("shop", "segment", "VIP", {}, seen=None)


def test_damaged_content_is_named_and_not_replaced(tmp_path: Path) -> None:
    held = Saved(tmp_path)
    held.put("shop", "segment", "VIP", {}, seen=None)
    with closing(sqlite3.connect(tmp_path / FILE)) as db, db:
        db.execute("UPDATE saved SET content = '{'")
    for ask in (lambda: held.items("shop", "segment"), lambda: held.put("shop", "segment", "VIP", {}, seen={})):
        with pytest.raises(DataError, match="expected JSON in the saved segments of 'shop'"):
            ask()


def test_what_was_saved_is_read_where_nothing_may_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Saved(tmp_path).put("shop", "segment", "VIP", {"r": [5, 5]}, seen=None)
    before = sorted(one.name for one in tmp_path.iterdir())
    monkeypatch.setattr("os.access", lambda *_: False)
    assert Saved(tmp_path).items("shop", "segment") == {"VIP": {"r": [5, 5]}}
    assert Saved(tmp_path).revision("shop") == 1
    assert sorted(one.name for one in tmp_path.iterdir()) == before
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / FILE).touch()
    assert Saved(tmp_path / "empty").items("shop", "segment") == {}


def test_a_file_that_another_process_is_just_making_holds_nothing_yet(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / FILE)) as db:
        db.execute("PRAGMA journal_mode = WAL")
    assert (tmp_path / FILE).stat().st_size > 0
    assert Saved(tmp_path).items("shop", "segment") == {}
    assert Saved(tmp_path).revision("shop") == 0


def test_a_file_that_others_write_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Saved(tmp_path)
    kept.put("shop", "segment", "First", {"a": 1}, seen=None)
    monkeypatch.setattr(saved, "_PATIENCE", 0.2)
    with closing(sqlite3.connect(kept.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DataError, match="others were saving all the while"):
            kept.put("shop", "segment", "Second", {"a": 2}, seen=None)
        other.execute("ROLLBACK")
    kept.put("shop", "segment", "Second", {"a": 2}, seen=None)
    assert set(kept.items("shop", "segment")) == {"First", "Second"}
