"""A dataset that is not what was written is never opened: each damage ends in a sentence that names the file."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from polars.exceptions import PanicException

from data.__main__ import main
from data.errors import DataError
from data.prepare import prepare
from data.recipe import recipes
from data.recipe.toml import toml_text
from data.store import contract, integrity, locations, manifest, store
from tests.data.conftest import Shop
from tests.data.store.conftest import FILES, load_and_wait, refusal

FLIPS = 400


def flipped(content: bytes, bit: int) -> bytes:
    changed = bytearray(content)
    changed[bit // 8] ^= 1 << (bit % 8)
    return bytes(changed)


# --- Bits -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", FILES)
def test_every_flipped_bit_of_a_table_is_caught(version: Path, table: str) -> None:
    file = version / f"{table}.parquet"
    content, chance = file.read_bytes(), random.Random(table)
    for _ in range(FLIPS):
        file.write_bytes(flipped(content, chance.randrange(8 * len(content))))
        said = refusal(version)
        assert said.startswith(f"Dataset 'shop': {table}.parquet is damaged: ")
        assert "Prepare it again from its files" in said
    file.write_bytes(content)
    assert store.load_version(version, name="shop").lines.collect().height == 3


def test_every_flipped_bit_of_the_description_is_caught(version: Path) -> None:
    """All bits of its digest and of the layout's line, and some of the rest."""
    file = version / "dataset.toml"
    content, chance = file.read_bytes(), random.Random(2)
    first = len(b"\n".join(content.split(b"\n")[:2])) + 1
    for bit in (*range(8 * first), *(chance.randrange(8 * len(content)) for _ in range(FLIPS))):
        file.write_bytes(flipped(content, bit))
        with pytest.raises(DataError, match=r"^Dataset 'shop': dataset\.toml is damaged: .* Prepare it again"):
            manifest.read(version)
    file.write_bytes(content)
    assert manifest.read(version).version == version.name


def test_flips_in_the_demo_are_caught(tmp_path: Path) -> None:
    copy = shutil.copytree(locations.DEMO, tmp_path / "demo")
    chance = random.Random(1)
    for file in sorted(copy.iterdir()):
        content = file.read_bytes()
        for _ in range(20):
            file.write_bytes(flipped(content, chance.randrange(8 * len(content))))
            with pytest.raises(DataError, match=rf"{file.name} is damaged: .* or prepare it again"):
                store.load_version(copy, name="demo")
        file.write_bytes(content)
    assert store.load_version(copy, name="demo").version == store.find("demo").version


def test_the_demo_is_as_it_was_written() -> None:
    integrity.check(locations.DEMO)


def test_the_demo_is_opened_without_writing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    demo = shutil.copytree(locations.DEMO, tmp_path / "demo")
    before = {file.name: (file.stat().st_mtime_ns, file.read_bytes()) for file in demo.iterdir()}
    for file in demo.iterdir():
        file.chmod(0o444)
    demo.chmod(0o555)
    monkeypatch.setattr(store, "DEMO", demo)
    assert store.load("demo", home=tmp_path / "none").lines.collect().height == 60_000
    assert {file.name: (file.stat().st_mtime_ns, file.read_bytes()) for file in demo.iterdir()} == before
    demo.chmod(0o755)


# --- Files ------------------------------------------------------------------------------------------------------------


DAMAGES: dict[str, Callable[[Path], Any]] = {
    "missing": lambda file: file.unlink(),
    "a folder": lambda file: (file.unlink(), file.mkdir()),
    "empty": lambda file: file.write_bytes(b""),
    "cut": lambda file: file.write_bytes(file.read_bytes()[:-1]),
    "grown": lambda file: file.write_bytes(file.read_bytes() + b"\0"),
    "another": lambda file: shutil.copy(file.with_name("products.parquet"), file),
}


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("table", [name for name in FILES if name != "products"])
def test_a_file_that_is_not_the_one_written(version: Path, table: str, damage: str) -> None:
    DAMAGES[damage](version / f"{table}.parquet")
    said = refusal(version)
    assert said.startswith(f"Dataset 'shop': {table}.parquet")
    assert "Prepare it again" in said


def test_a_version_under_another_ones_name(version: Path) -> None:
    other = version.rename(version.with_name("0123456789abcdef"))
    assert "dataset.toml is damaged: expected that of version 0123456789abcdef" in refusal(other)


def test_line_ends_of_another_system_are_found(version: Path) -> None:
    file = version / "dataset.toml"
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert "dataset.toml is damaged" in refusal(version)


@pytest.mark.parametrize("file", ["lines.parquet", "orders.parquet", "dataset.toml"])
def test_a_file_without_rights_is_no_damage(version: Path, file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Path.open

    def refusing(path: Path, *arguments: Any, **named: Any) -> Any:
        if path.name == file:
            raise PermissionError(13, "Permission denied", str(path))
        return real(path, *arguments, **named)

    monkeypatch.setattr(Path, "open", refusing)
    said = refusal(version)
    assert said.startswith(f"Dataset 'shop': {file}: expected a file that this user may read")
    assert "the right to read" in said
    assert "damaged" not in said


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="needs root, to become somebody without rights")
@pytest.mark.parametrize(
    ("closed", "what"),
    [("", "folder of datasets"), ("shop", "current"), ("shop/current", "current"), ("shop/versions", "dataset.toml")],
)
def test_a_folder_without_rights_is_said_to_be_one(version: Path, closed: str, what: str) -> None:
    """Tried by a process of a user who owns nothing here."""
    home = version.parent.parent.parent
    for above in (*home.parents, home):
        if str(above).startswith("/tmp/"):
            above.chmod(0o755)
    # Datasets are their owner's alone; here only one folder is closed to others.
    for path in home.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    (home / closed).chmod(0)
    code = (
        "import os, sys, pathlib; from data.store import store; os.setuid(65534); "
        "store.load('shop', home=pathlib.Path(sys.argv[1]))"
    )
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", code, str(home)], capture_output=True, text=True, check=False, cwd=root
    )
    (home / closed).chmod(0o755)
    (said,) = [line for line in done.stderr.splitlines() if line.startswith("data.errors.DataError: ")]
    assert what in said
    assert "right to read" in said


# --- Large files ------------------------------------------------------------------------------------------------------


def test_large_files_are_checked_in_the_background(version: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(integrity, "AT_ONCE", 0)
    real = integrity._compare
    asked: list[str] = []

    def slow(folder: Path, one: manifest.FileRecord, read: Callable[[int], None] = lambda _: None) -> None:
        asked.append(integrity.pending(folder))
        real(folder, one, read)

    monkeypatch.setattr(integrity, "_compare", slow)
    load_and_wait(version)
    assert [said.split(",")[0] for said in asked] == [f"{name}.parquet" for name in FILES]
    assert all("% of 0 MB" in said for said in asked)


@pytest.mark.parametrize("table", FILES)
def test_a_flip_in_a_large_file_is_found_in_the_background(
    version: Path, table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = version / f"{table}.parquet"
    monkeypatch.setattr(integrity, "AT_ONCE", 0)
    content = file.read_bytes()
    # Inside the data, where Parquet's readers notice nothing.
    file.write_bytes(flipped(content, 8 * 60))
    with pytest.raises(DataError, match=rf"{table}\.parquet is damaged: .* Prepare it again"):
        load_and_wait(version)


def test_a_check_that_fails_itself_does_not_go_on_for_ever(version: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SALES_MEMORY_MB", "0")

    def broken(*_: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(contract, "rows", broken)
    with pytest.raises(DataError, match="its rows could not be checked \\(ZeroDivisionError\\)"):
        load_and_wait(version)


# --- What is read later -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", ["orders", "set_aside"])
def test_what_is_read_later_is_checked_then(version: Path, table: str) -> None:
    store.load_version(version, name="shop")
    file = version / f"{table}.parquet"
    file.write_bytes(flipped(file.read_bytes(), 8 * 60))
    with pytest.raises(DataError, match=rf"Dataset 'shop': {table}\.parquet is damaged"):
        store.order_ids(version) if table == "orders" else store.set_aside(version)


# --- Preparing again --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("file", ["lines.parquet", "dataset.toml"])
def test_preparing_again_mends_a_damaged_version(shop: Shop, version: Path, file: str, tmp_path: Path) -> None:
    (version / file).write_bytes(b"no longer")
    again = prepare(recipes.read(shop.recipe), shop.folder, home=tmp_path / "home", name="shop").path
    assert again == version
    integrity.check(version)
    assert [path.name for path in version.parent.iterdir()] == [version.name]
    assert store.load("shop", home=tmp_path / "home").lines.collect().height == 3


# --- Layouts ----------------------------------------------------------------------------------------------------------


def as_layout_1(version: Path) -> Path:
    """The version as it was written before there were digests: named by the digest of all its files."""
    file = version / "dataset.toml"
    content = dict(manifest.read(version).content)
    for key in ("sha256", "layout", "files"):
        del content[key]
    file.write_text(toml_text(content), encoding="utf-8")
    total = hashlib.sha256()
    for path in sorted(version.iterdir()):
        total.update(f"{path.name} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return version.rename(version.with_name(total.hexdigest()[:16]))


def test_datasets_from_before_there_were_digests_open(version: Path) -> None:
    old = as_layout_1(version)
    (old.parent.parent / "current").write_text(old.name + "\n", encoding="utf-8")
    data = store.load("shop", home=old.parents[2])
    assert data.version == old.name
    assert data.lines.collect().height == 3
    for file in sorted(old.iterdir()):
        content = file.read_bytes()
        for bit in (8 * 60, 8 * 100 + 3):
            file.write_bytes(flipped(content, bit))
            said = refusal(old)
            assert "is damaged" in said
            assert "repare it again" in said
        file.write_bytes(content)


def test_a_newer_layout_asks_for_a_newer_app(version: Path) -> None:
    _, _, text = (version / "dataset.toml").read_bytes().partition(b"\n")
    text = text.replace(b"layout = 2", b"layout = 4")
    seal = hashlib.sha256(text).hexdigest()
    (version / "dataset.toml").write_bytes(f'sha256 = "{seal}"\n'.encode() + text)
    said = refusal(version)
    assert "layout 3 or less, found layout 4, which a newer version of this app wrote. Update the app" in said


def test_a_panic_on_the_command_line_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def panics(**_: Any) -> None:
        raise PanicException("index out of bounds")

    monkeypatch.setattr(store, "entries", panics)
    assert main(["list", "--home", str(tmp_path)]) == 1
    assert capsys.readouterr().err == (
        "Expected files that can be read, found a problem (index out of bounds). Nothing was changed.\n"
    )
