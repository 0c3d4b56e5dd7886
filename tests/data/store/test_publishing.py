"""What is published stays, whatever happens to the next import: kills, a full disk, no rights, two at once."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from benchmarks import kills
from data.building import layout
from data.building.layout import Prepared
from data.errors import DataError
from data.store import integrity, publishing, store, writing

ROOT = Path(__file__).resolve().parents[3]


def _prepared(title: str) -> Prepared:
    lines = pl.DataFrame(
        {
            "order_id": ["A1", "A2"],
            "ordered_on": [date(2024, 1, 1)] * 2,
            "product_id": ["P1", "P2"],
            "quantity": [1, 2],
            "revenue": [10_000, 20_000],
        }
    )
    return layout.build(layout.Tables(lines=lines), name="shop", title=title, currency="EUR")


def _title(home: Path) -> str:
    return store.load("shop", home=home).title


def _half_written(home: Path) -> list[str]:
    return [path.name for path in home.rglob("*") if path.name.startswith(".")]


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="needs SIGKILL")
@pytest.mark.parametrize("kind", kills.KINDS)
def test_kills_at_random_moments(kind: str, tmp_path: Path) -> None:
    outcome = kills.run(kind, 8, tmp_path / "home")
    assert (outcome.kills, outcome.lost, outcome.corrupt) == (8, [], [])
    assert outcome.written > 0


CALLS: list[tuple[Any, str]] = [(os, "fsync"), (os, "replace"), (Path, "rename"), (Path, "write_bytes")]


def _full_disk(call: Callable[..., Any], at: int, met: list[int]) -> Callable[..., Any]:
    def failing(*arguments: Any, **named: Any) -> Any:
        met.append(1)
        if len(met) == at:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(arguments[0]))
        return call(*arguments, **named)

    return failing


@pytest.mark.parametrize(("owner", "name"), CALLS, ids=lambda part: getattr(part, "__name__", part))
def test_a_full_disk_at_every_step(owner: Any, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    writing.publish("shop", _prepared("first"), home=tmp_path)
    refused: list[str] = []
    for at in range(1, 60):
        met: list[int] = []
        title = f"at {at}"
        prepared = _prepared(title)
        with monkeypatch.context() as patch:
            patch.setattr(owner, name, _full_disk(getattr(owner, name), at, met))
            try:
                writing.publish("shop", prepared, home=tmp_path)
            except DataError as error:
                refused.append(str(error))
        # The old version or, where only a folder's own sync failed after the switch, the whole new one.
        assert _title(tmp_path)
        assert _half_written(tmp_path) == []
        if len(met) < at:
            break
    assert refused
    assert all("could not be written (No space left on device)" in sentence for sentence in refused)
    assert len(refused) == at - 1
    assert _title(tmp_path) == title


@pytest.mark.parametrize("frame", ["lines", "orders", "customers", "products"])
def test_a_full_disk_while_writing_parquet(frame: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    writing.publish("shop", _prepared("first"), home=tmp_path)
    write = pl.DataFrame.write_parquet

    def failing(own: pl.DataFrame, file: Path, **named: Any) -> None:
        if file.stem == frame:
            file.write_bytes(b"PAR1 half")
            raise OSError(errno.ENOSPC, "No space left on device (os error 28)")
        write(own, file, **named)

    monkeypatch.setattr(pl.DataFrame, "write_parquet", failing)
    with pytest.raises(DataError, match="No space left on device"):
        writing.publish("shop", _prepared("second"), home=tmp_path)
    assert (_title(tmp_path), _half_written(tmp_path)) == ("first", [])


LIMITED = """
import resource, signal, sys
from pathlib import Path
from data.store import publishing, store, writing
from data.errors import DataError
from tests.data.store.test_publishing import _prepared
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
prepared = _prepared("second")
for limit in range(0, 6000, 250):
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    try:
        writing.publish("shop", prepared, home=Path(sys.argv[1]))
    except DataError as error:
        print("refused", error)
    else:
        print("published", limit)
        break
"""


@pytest.mark.skipif(sys.platform != "linux", reason="needs RLIMIT_FSIZE")
def test_files_that_may_not_grow(tmp_path: Path) -> None:
    writing.publish("shop", _prepared("first"), home=tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    said = done.stdout.splitlines()
    assert done.returncode == 0, done.stderr
    assert said[-1].startswith("published")
    assert len(said) > 3
    assert all("could not be written" in line for line in said[:-1])
    assert (_title(tmp_path), _half_written(tmp_path)) == ("second", [])


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_home_without_rights(tmp_path: Path) -> None:
    writing.publish("shop", _prepared("first"), home=tmp_path)
    versions = tmp_path / "shop" / "versions"
    versions.chmod(0o500)
    try:
        with pytest.raises(DataError, match="Nothing was changed"):
            writing.publish("shop", _prepared("second"), home=tmp_path)
        assert _title(tmp_path) == "first"
    finally:
        versions.chmod(0o700)


def test_a_home_that_is_no_folder(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.write_text("", encoding="utf-8")
    with pytest.raises(DataError, match="Nothing was changed"):
        writing.publish("shop", _prepared("first"), home=home)


def test_imports_at_once(tmp_path: Path) -> None:
    failures: list[BaseException] = []

    def publish(number: int) -> None:
        try:
            for turn in range(4):
                writing.publish("shop", _prepared(f"{number} {turn}"), home=tmp_path)
                store.load("shop", home=tmp_path)
                publishing.sweep(tmp_path, young=0)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=publish, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert _title(tmp_path) in {f"{number} 3" for number in range(3)}
    assert all(integrity.check(path).version == path.name for path in (tmp_path / "shop" / "versions").iterdir())


def test_what_is_left_behind_is_swept(tmp_path: Path) -> None:
    writing.publish("shop", _prepared("first"), home=tmp_path)
    left = tmp_path / "shop" / "versions" / ".writing-left"
    left.mkdir()
    (left / "lines.parquet").write_bytes(b"PAR1")
    (tmp_path / "shop" / ".current-left").write_text("x", encoding="utf-8")
    assert publishing.sweep(tmp_path) == 0
    old = 1_000_000_000
    os.utime(left, (old, old))
    os.utime(tmp_path / "shop" / ".current-left", (old, old))
    assert publishing.sweep(tmp_path) == 2
    assert (_title(tmp_path), _half_written(tmp_path)) == ("first", [])


def test_a_home_that_is_read_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    writing.publish("shop", _prepared("first"), home=tmp_path)

    def refused(*_: Any, **named: Any) -> str:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(named["dir"]))

    with monkeypatch.context() as patch:
        patch.setattr(publishing.tempfile, "mkdtemp", refused)
        with pytest.raises(DataError, match=r"could not be written \(Read-only file system\)\. Nothing was changed"):
            writing.publish("shop", _prepared("second"), home=tmp_path)
    assert _title(tmp_path) == "first"
