"""Visitors' private folders: bounded, unguessable, gone with their owner."""

from __future__ import annotations

import gc
import io
import os
import threading
from pathlib import Path

import pytest

from data.errors import DataError
from data.store import memory, workspace
from data.store.workspace import MB, Workspace


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SALES_WORKSPACES", str(tmp_path / "root"))
    return tmp_path / "root"


def test_files_are_kept_under_their_digest() -> None:
    own = Workspace()
    digest, path = own.keep(io.BytesIO(b"a,b\n1,2\n"))
    assert (path.name, path.read_bytes()) == (digest, b"a,b\n1,2\n")
    assert path.is_relative_to(own.folder)
    assert own.keep(io.BytesIO(b"a,b\n1,2\n")) == (digest, path)
    own.forget(digest)
    own.forget("../../etc/passwd")
    assert not path.exists()


def test_folders_are_private_and_go_with_their_owner(root: Path) -> None:
    own, other = Workspace(), Workspace()
    assert own.owner != other.owner
    assert (own.folder.stat().st_mode & 0o077, len(own.owner)) == (0, 32)
    gone = own.folder
    del own
    gc.collect()
    assert not gone.exists()
    assert other.folder.exists()
    other.close()
    assert not any((root / "sessions").iterdir())


def test_no_name_but_a_workspace_s_is_a_folder() -> None:
    for name in ("", "..", "a" * 31, "../" + "a" * 29, "A" * 32):
        with pytest.raises(ValueError, match="no workspace"):
            workspace.folder_of(name)


@pytest.mark.parametrize("variable", ["SALES_UPLOAD_MB", "SALES_UPLOADS_MB"])
def test_uploads_are_bounded(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable, "2")
    own, other = Workspace(), Workspace()
    own.keep(io.BytesIO(b"1" * (1 << 20)))
    with pytest.raises(DataError, match="MB of files in a session"):
        own.keep(io.BytesIO(b"2" * (1 << 20)))
    # What was refused leaves nothing behind.
    assert len(list((own.folder / "files").iterdir())) == 1
    if variable == "SALES_UPLOAD_MB":
        other.keep(io.BytesIO(b"3" * (1 << 20)))
    else:
        with pytest.raises(DataError, match="MB in all"):
            other.keep(io.BytesIO(b"3" * (1 << 20)))


@pytest.mark.parametrize(
    ("gigabytes", "own", "every"), [(1, 128, 256), (2.7, 345, 691), (8, 1024, 2048), (64, 1024, 4096)]
)
def test_small_machines_take_less(gigabytes: float, own: int, every: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A quarter of the memory there is for all, half of that for one; never more than on a machine of 16 GB."""
    monkeypatch.setattr(memory, "total", lambda: int(gigabytes * 1024**3))
    assert workspace.limits() == (own * MB, every * MB)
    monkeypatch.setenv("SALES_UPLOAD_MB", "700")
    monkeypatch.setenv("SALES_UPLOADS_MB", "900")
    assert workspace.limits() == (700 * MB, 900 * MB)


@pytest.mark.parametrize(
    ("own", "limits", "expected"),
    [
        ("0::/\n", {"memory.max": "1000000"}, 1_000_000),
        ("0::/system.slice/app.service\n", {"system.slice/app.service/memory.max": "2000000"}, 2_000_000),
        (
            "0::/a/b\n",
            {"a/memory.max": "3000000", "a/b/memory.max": "max", "memory.max": "max"},
            3_000_000,
        ),
        ("4:cpu:/x\n7:memory:/x/y\n", {"memory/x/y/memory.limit_in_bytes": "4000000"}, 4_000_000),
        ("", {}, None),
        ("nonsense\n", {"memory.max": "max"}, None),
    ],
)
def test_the_memory_of_a_group_counts(
    own: str, limits: dict[str, str], expected: int | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in limits.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text + "\n")
    (tmp_path / "own").write_text(own)
    monkeypatch.setattr(memory, "_GROUPS", tmp_path)
    monkeypatch.setattr(memory, "_OWN_GROUP", tmp_path / "own")
    machine = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    assert memory.total.__wrapped__() == (expected or machine)


def test_what_a_killed_process_left_is_swept(root: Path) -> None:
    own = Workspace()
    left = root / "sessions" / ("0" * 32)
    left.mkdir()
    (left / "file").write_bytes(b"x")
    assert workspace.sweep() == 0
    os.utime(left, (1_000_000_000, 1_000_000_000))
    os.utime(own.folder, (1_000_000_000, 1_000_000_000))
    assert workspace.sweep() == 1
    # A folder in use is locked and stays, however old.
    assert own.folder.exists()
    assert not left.exists()


def test_a_large_upload_that_is_being_stored_keeps_nobody_waiting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Slow:
        """A large upload from a disk, or to one, that has much to do."""

        def __init__(self) -> None:
            self.begun, self.go_on = threading.Event(), threading.Event()

        def seek(self, offset: int, whence: int = 0) -> int:
            return 40 * MB if whence else offset

        def read(self, size: int) -> bytes:
            self.begun.set()
            assert self.go_on.wait(60)
            return b""

    slow, mine, other = Slow(), Workspace(), Workspace()
    thread = threading.Thread(target=mine.keep, args=(slow,))
    thread.start()
    assert slow.begun.wait(60)
    stored = threading.Thread(target=other.keep, args=(io.BytesIO(b"small"),))
    stored.start()
    stored.join(10)
    passed = not stored.is_alive()
    # What is on its way counts.
    monkeypatch.setenv("SALES_UPLOADS_MB", "50")
    with pytest.raises(DataError, match="50 MB in all"):
        other.keep(io.BytesIO(bytes(11 * MB)))
    other.keep(io.BytesIO(bytes(9 * MB)))
    slow.go_on.set()
    thread.join(60)
    stored.join(60)
    assert passed
    assert workspace._coming == {}


def test_a_workspace_goes_with_its_session(root: Path) -> None:
    first, second, nobodys = Workspace("one"), Workspace("two"), Workspace()
    first.keep(io.BytesIO(bytes(2 * MB)))
    second.keep(io.BytesIO(bytes(3 * MB)))
    assert [size // MB for size in workspace.taken("one")] == [2, 5]
    assert [size // MB for size in workspace.taken("unknown")] == [0, 5]
    workspace.end("one")
    workspace.end("one")
    assert not first.folder.exists()
    assert [size // MB for size in workspace.taken("one")] == [0, 3]
    # A script that still runs for it is told, and leaves nothing behind.
    with pytest.raises(DataError, match="Expected room"):
        first.keep(io.BytesIO(b"late"))
    workspace.end_all()
    assert [folder.name for folder in (root / "sessions").iterdir()] == [nobodys.owner]


@pytest.mark.skipif(os.name != "posix", reason="needs owners and rights")
def test_the_root_belongs_to_this_user_alone(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Workspace().close()
    assert root.stat().st_mode & 0o777 == 0o700
    root.chmod(0o777)
    Workspace().close()
    assert root.stat().st_mode & 0o777 == 0o700
    with monkeypatch.context() as patch:
        patch.setattr(os, "geteuid", lambda: root.stat().st_uid + 1)
        with pytest.raises(DataError, match=f"{root}: expected a folder for uploads that belongs to this user alone"):
            Workspace()
        assert workspace.sweep() == 0
    linked = tmp_path / "linked"
    linked.symlink_to(root)
    monkeypatch.setenv("SALES_WORKSPACES", str(linked))
    with pytest.raises(DataError, match="found a link or another user's"):
        Workspace()
    assert workspace.sweep() == 0
