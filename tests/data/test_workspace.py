"""Visitors' private folders: bounded, unguessable, gone with their owner."""

from __future__ import annotations

import gc
import io
import os
from pathlib import Path

import pytest

from data import workspace
from data.errors import DataError
from data.workspace import Workspace


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
