"""A recipe's files are read in a disposable process with the limits of the Data page; nothing of them stays behind."""

from __future__ import annotations

import csv
import gzip
import os
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

import polars as pl
import pytest

from data import guided, reading, scratch
from data.__main__ import main
from data.prepare import read
from data.recipe import recipes
from data.sources import files_in
from tests.data.conftest import SHOP, Shop

ROOT = Path(__file__).resolve().parents[2]
POSIX = pytest.mark.skipif(os.name != "posix", reason="needs links and signals")


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder for temporary files."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def refused(shop: Shop, capsys: pytest.CaptureFixture[str], origin: Path | None = None) -> str:
    """The sentence of an import that fails."""
    home = shop.folder.parent / "home"
    assert main(["prepare", str(shop.recipe), "--from", str(origin or shop.folder), "--home", str(home)]) == 1
    assert not home.exists()
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1
    return printed.err.rstrip("\n")


def packed(path: Path, files: dict[str, bytes], *, links: tuple[str, ...] = ()) -> Path:
    """A zip of files; the content of links is what they lead to."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            item = zipfile.ZipInfo(name, (2024, 1, 31, 0, 0, 0))
            item.external_attr = (0o120777 if name in links else 0o100644) << 16
            archive.writestr(item, content, zipfile.ZIP_DEFLATED)
    return path


def shop_zip(path: Path, **changed: bytes) -> Path:
    """The shop's files as a zip; `items` stands for items.csv."""
    files = {name: text.encode() for name, text in SHOP.items()}
    return packed(path, files | {f"{name}.csv": content for name, content in changed.items()})


# --- Limits -----------------------------------------------------------------------------------------------------------


def test_a_zip_bomb_is_refused_and_leaves_nothing(
    shop: Shop, capsys: pytest.CaptureFixture[str], temporary: Path
) -> None:
    items = b"Id,Name,Group,Price\n" + b"P1,Pen,Office,1.2345\n" * 5_000_000
    bomb = shop_zip(shop.folder.parent / "bomb.zip", items=items)
    assert bomb.stat().st_size < 1 << 20
    assert refused(shop, capsys, bomb) == (
        "bomb.zip: items.csv cannot be unpacked (expected a compressed file, found one that grows to more than 200 "
        "times its size. Unpack it yourself if you trust it)."
    )
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        (reading.Limits(rows=5), "sales.csv: expected up to 5 rows, found 6."),
        (reading.Limits(columns=4), "sales.csv: expected up to 4 columns, found 5."),
        (reading.Limits(cells=20), "sales.csv: expected up to 20 cells, found 35."),
        (reading.Limits(cell_bytes=9), "sales.csv: expected texts of up to 9 bytes, found one of 10."),
        (reading.Limits(input_mb=0), "sales.csv: expected a file of up to 0 MB, found 0 MB."),
    ],
)
def test_the_limits_are_those_of_the_page(
    limits: reading.Limits,
    expected: str,
    shop: Shop,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    temporary: Path,
) -> None:
    alone = shop.recipe.read_text(encoding="utf-8").split("[products]")[0]
    shop.recipe.write_text(alone + 'revenue = "Qty"\n', encoding="utf-8")
    monkeypatch.setattr(reading.read, "__kwdefaults__", {**reading.read.__kwdefaults__, "limits": limits})
    assert refused(shop, capsys) == expected
    assert list(temporary.iterdir()) == []


def test_the_app_itself_parses_no_csv_and_opens_no_archive(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    origin = shop_zip(shop.folder.parent / "files.zip")

    def never(*_: object, **__: object) -> None:
        raise AssertionError("read in the app's own process")

    for owner, name in ((pl, "scan_csv"), (pl, "read_csv"), (csv, "reader"), (zipfile, "ZipFile")):
        monkeypatch.setattr(owner, name, never)
    assert read(recipes.read(shop.recipe), origin, name="shop").lines.height == 3


def test_a_file_that_ends_the_reader_is_a_sentence(
    shop: Shop, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, temporary: Path
) -> None:
    from data.reading import child

    monkeypatch.setattr(child, "_START", "import os, sys\nsys.stdin.readline()\nos.abort()")
    monkeypatch.setattr("data.recipe.recipes.recipe_tree", lambda text, file: __import__("tomllib").loads(text))
    assert refused(shop, capsys).startswith("items.csv: expected a file that can be read, found one that is damaged")
    assert list(temporary.iterdir()) == []


# --- Nothing stays behind ---------------------------------------------------------------------------------------------

SLOW = """
import sys, time
from data.reading import readers
slow = readers.Readers.read
def read(*arguments, **keywords):
    found = slow(*arguments, **keywords)
    print("reading", flush=True)
    time.sleep(60)
    return found
readers.Readers.read = read
from data.__main__ import main
sys.exit(main(sys.argv[1:]))
"""


@POSIX
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGKILL])
def test_what_a_stopped_import_leaves(number: signal.Signals, shop: Shop, temporary: Path) -> None:
    home = shop.folder.parent / "home"
    command = [sys.executable, "-c", SLOW, "prepare", str(shop.recipe), "--home", str(home)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(temporary)}
    started = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert started.stdout is not None
    assert started.stdout.readline() == "reading\n"
    assert len(list(temporary.iterdir())) == 1
    started.send_signal(number)
    _, said = started.communicate(timeout=60)
    if number != signal.SIGKILL:
        assert (started.returncode, said) == (130, "Stopped before the end.\n")
        assert list(temporary.iterdir()) == []
    else:
        # Nobody can tidy up after that but the next one.
        assert len(list(temporary.iterdir())) == 1
        assert main(["list", "--home", str(home)]) == 0
        assert list(temporary.iterdir()) == []
    assert not home.exists()


@POSIX
def test_a_sweep_leaves_what_is_in_use_or_others(temporary: Path) -> None:
    (temporary / "sales-scratch-left").mkdir()
    (temporary / "sales-scratch-left" / "table.parquet").write_bytes(b"PAR1")
    (temporary / "sales-scratch-file").write_text("no folder")
    (temporary / "elsewhere").mkdir()
    (temporary / "sales-scratch-link").symlink_to(temporary / "elsewhere")
    (temporary / "sales-new-young").mkdir()
    (temporary / "mine").mkdir()
    with scratch.folder() as own:
        (own / "kept").write_text("x")
        assert scratch.sweep() == 1
        assert (own / "kept").exists()
        names = {path.name for path in temporary.iterdir()} - {own.name}
    assert names == {"sales-scratch-file", "elsewhere", "sales-scratch-link", "sales-new-young", "mine"}
    os.utime(temporary / "sales-new-young", (1_000_000_000, 1_000_000_000))
    assert scratch.sweep() == 1


def test_a_step_of_the_page_that_is_given_up_leaves_nothing(shop: Shop, temporary: Path) -> None:
    from data import tasks

    files = [{"name": name, "path": str(shop.folder / name), "options": {}} for name in SHOP]
    steps = tasks.run("understand", {"files": files, "folder": str(shop.folder.parent / "tables")}, tick=0.01)
    deadline = time.monotonic() + 30
    # Its own folder holds one of the reading process as soon as a file is read.
    while not list(temporary.glob("*/sales-scratch-*")) and time.monotonic() < deadline:
        next(steps)
    assert list(temporary.glob("*/sales-scratch-*"))
    steps.close()
    assert list(temporary.iterdir()) == []


# --- Links ------------------------------------------------------------------------------------------------------------


@POSIX
def test_links_out_of_the_folder_are_not_followed(
    shop: Shop, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (shop.folder / "items.csv").rename(outside / "items.csv")
    (shop.folder / "items.csv").symlink_to(outside / "items.csv")
    said = refused(shop, capsys)
    assert said.startswith(f"{shop.folder}: expected a file named 'items.csv', found buyers.csv, sales.csv, shop.toml.")
    assert said.endswith("items.csv is a link that leads out of the folder and is not followed: copy its file there.")
    (shop.folder / "items.csv").unlink()
    (shop.folder / "more").symlink_to(outside)
    assert "more is a link that leads out of the folder" in refused(shop, capsys)


@POSIX
def test_links_within_the_folder_are_followed(shop: Shop) -> None:
    (shop.folder / "old").mkdir()
    (shop.folder / "items.csv").rename(shop.folder / "old" / "kept.csv")
    (shop.folder / "items.csv").symlink_to(Path("old") / "kept.csv")
    (shop.folder / "round").symlink_to(shop.folder)
    (shop.folder / "circle").symlink_to(shop.folder / "circle")
    linked = shop.folder.parent / "linked"
    linked.symlink_to(shop.folder)
    for origin in (shop.folder, linked):
        assert read(recipes.read(shop.recipe), origin, name="shop").lines.height == 3


@POSIX
def test_links_in_an_archive_are_no_files(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    files = {name: text.encode() for name, text in SHOP.items()} | {
        "items.csv": str(shop.folder / "items.csv").encode()
    }
    origin = packed(shop.folder.parent / "files.zip", files, links=("items.csv",))
    assert "expected a file named 'items.csv', found buyers.csv, sales.csv." in refused(shop, capsys, origin)


@POSIX
def test_files_alone_follow_no_link_either(tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text(SHOP["sales.csv"])
    folder = tmp_path / "folder"
    (folder / ".hidden").mkdir(parents=True)
    (folder / ".hidden" / "b.csv").write_text("a,b\n1,2\n")
    (folder / "a.csv").symlink_to(tmp_path / "secret.csv")
    (folder / "out").symlink_to(tmp_path)
    (folder / "own.csv").write_text(SHOP["items.csv"])
    assert files_in(folder) == [folder / "own.csv"]
    with guided.understood([folder]) as files:
        assert [table.name for table in files.tables] == ["own.csv"]
        assert files.refused == []


# --- Names ------------------------------------------------------------------------------------------------------------


@POSIX
def test_what_is_neither_file_nor_folder(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    pipe = shop.folder.parent / "pipe"
    os.mkfifo(pipe)
    assert refused(shop, capsys, pipe) == f"{pipe}: expected a folder, a zip or a file, found something else."


@pytest.mark.skipif(sys.platform != "linux", reason="needs names that are no text")
def test_a_name_that_is_no_text(shop: Shop) -> None:
    (shop.folder / "sales.csv").rename(shop.folder / os.fsdecode(b"sales\xff.csv"))
    shop.change("shop.toml", '"sales.csv"', '"sales*.csv"')
    prepared = read(recipes.read(shop.recipe), shop.folder, name="shop")
    assert prepared.sources[-1].file == "sales?.csv"


def test_a_file_twice_in_an_archive(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    origin = shop_zip(shop.folder.parent / "files.zip")
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(origin, "a") as archive:
        archive.writestr("items.csv", SHOP["items.csv"])
    assert "expected one file named 'items.csv', found items.csv and items.csv." in refused(shop, capsys, origin)


def test_a_table_may_be_packed_or_a_spreadsheet_named(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    (shop.folder / "items.csv.gz").write_bytes(gzip.compress((shop.folder / "items.csv").read_bytes()))
    shop.change("shop.toml", '"items.csv"', '"items.csv.gz"')
    assert read(recipes.read(shop.recipe), shop.folder, name="shop").lines.height == 3
    from tests.data.reading.conftest import sheet_rows, xlsx

    (shop.folder / "items.csv.gz").write_bytes(xlsx({"Items": sheet_rows(["Id"], ["P1"])}))
    assert refused(shop, capsys) == (
        'items.csv.gz: expected a CSV file, found xlsx. Write reading = "detect" at the top of the recipe to have it '
        "found out how the file is written."
    )
