"""A recipe's files are read in a disposable process with the limits of the Data page; nothing of them stays behind."""

from __future__ import annotations

import csv
import gc
import gzip
import io
import os
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data import guided, reading, scratch
from data.__main__ import main
from data.prepare import read
from data.reading import Options, Reading, Refusal
from data.reading.readers import Readers
from data.recipe import recipes
from data.sources import Origin, files_in
from tests.data.conftest import SHOP, SHOP_RECIPE, Shop

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


# --- CSV as a recipe says ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def strictly(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Reading | Refusal]]:
    """Reads bytes as CSV of a recipe, all in one process."""
    folder = tmp_path_factory.mktemp("strictly")
    readers = Readers(folder)

    def read(content: bytes, **options: str) -> Reading | Refusal:
        path = folder / "file.csv"
        path.write_bytes(content)
        chosen = Options(strictly="csv", **options)  # type: ignore[arg-type]
        return readers.read(path, name="file.csv", options=chosen, into=folder / "table")

    yield read
    readers.close()


def rows(found: Reading | Refusal) -> list[tuple[object, ...]]:
    assert isinstance(found, Reading), found
    return found.scan().collect().rows()


LINES: dict[str, tuple[bytes, list[tuple[object, ...]]]] = {
    "plain": (b"a,b\n1,2\n3,4\n", [(2, "1", "2"), (3, "3", "4")]),
    "no end": (b"a,b\r\n1,2\r\n3,4", [(2, "1", "2"), (3, "3", "4")]),
    "a text of three lines": (b'a,b\n"x\ny\nz",2\n3,4\n5,6\n', [(2, "x\ny\nz", "2"), (5, "3", "4"), (6, "5", "6")]),
    "two in one row": (b'a,b\r\n"x\r\ny","z\r\n"\r\n3,4\r\n', [(2, "x\r\ny", "z\r\n"), (5, "3", "4")]),
    "blank lines above": (b"\n\na,b\n1,2\n", [(4, "1", "2")]),
    "a name of two lines": (b'"a\nb",c\n1,2\n"3\n",4\n5,6\n', [(3, "1", "2"), (4, "3\n", "4"), (6, "5", "6")]),
    "blank lines between": (b"a,b\n\n1,2\n\n3,4\n", [(2, None, None), (3, "1", "2"), (4, None, None), (5, "3", "4")]),
    "a short row": (b"a,b\n1\n3,4\n", [(2, "1", None), (3, "3", "4")]),
    "a mark": (b"\xef\xbb\xbfa,b\n1,2\n", [(2, "1", "2")]),
    "no rows": (b"a,b\n", []),
    "a column called like the row": (b"__row,row\n1,2\n", [(2, "1", "2")]),
}


@pytest.mark.parametrize("case", LINES)
def test_rows_have_the_numbers_of_their_lines(case: str, strictly: Callable[..., Reading | Refusal]) -> None:
    content, expected = LINES[case]
    assert rows(strictly(content)) == expected


@pytest.mark.parametrize(
    ("content", "options", "sentence"),
    [
        (b"", {}, "file.csv, row 1: expected a line with column names, found an empty file."),
        (b"\n\n", {}, "file.csv, row 1: expected a line with column names, found an empty file."),
        (b"a,b\r1,2\r3,4\r", {}, "file.csv, row 1: expected lines that end with LF or CRLF, found CR alone. "),
        (
            b"a,b\n1,2\n\n1,2,3\n",
            {},
            "file.csv, row 4: expected 2 fields as in the header, found 3. A text that holds ",
        ),
        (b'a,b\n1,"x\ny"\n1,2,3\n', {}, "file.csv, row 4: expected 2 fields as in the header, found 3. A text that "),
        (b'a,b\n1,"two\n3,4\n', {}, "file.csv, row 2: expected quotes around whole cells, doubled inside of them"),
        (b'a,b\n1,2\n"x" y,2\n', {}, "file.csv, row 3: expected quotes around whole cells, doubled inside of them"),
        (b'a,b\n1,2\nx "y,2\n', {}, "file.csv, row 3: expected quotes around whole cells, doubled inside of them"),
        (b'a,b\n1,2\nx "y, z" w,2\n', {}, "file.csv, row 3: expected 2 fields as in the header, found 3."),
        (b"a,b\n1,2\n1,\xe9\n", {}, "file.csv, row 3: expected text in UTF-8, found '1,é'. Name the file's encoding"),
        (b"a,b\n1,2\n1,\x81\n", {"encoding": "cp1252"}, "file.csv, row 3: expected text in cp1252, found '1, '."),
        (b"a,a,a_duplicated_0\n1,2,3\n", {}, "file.csv, row 1: expected column names that differ from one another"),
        (b"PAR1", {}, "file.csv: expected a CSV file, found parquet. "),
    ],
)
def test_what_differs_from_the_recipe_is_one_sentence(
    content: bytes, options: dict[str, str], sentence: str, strictly: Callable[..., Reading | Refusal]
) -> None:
    found = strictly(content, **options)
    assert isinstance(found, Refusal), rows(found)
    assert found.sentence.startswith(sentence)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32-be", "cp1252", "shift_jis", "utf-8-sig", "cp500"])
def test_encodings(encoding: str, strictly: Callable[..., Reading | Refusal]) -> None:
    name = "コップ" if encoding == "shift_jis" else "Läufer"
    found = strictly(f"a;b\n{name};2\n".encode(encoding), encoding=encoding, delimiter=";")
    assert rows(found) == [(2, name, "2")]


def test_sixteen_bits_without_a_mark_are_of_the_usual_order(strictly: Callable[..., Reading | Refusal]) -> None:
    assert rows(strictly("a,b\nä,2\n".encode("utf-16-le"), encoding="utf-16")) == [(2, "ä", "2")]


_CELL = st.text(st.sampled_from('ab,;"\n\té '), max_size=6)


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    table=st.lists(st.lists(_CELL, min_size=2, max_size=2), max_size=6),
    end=st.sampled_from(["\n", "\r\n"]),
    delimiter=st.sampled_from(",;\t"),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_a_table_comes_back_as_the_standard_library_reads_it(
    table: list[list[str]], end: str, delimiter: str, quoting: int, strictly: Callable[..., Reading | Refusal]
) -> None:
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows([["x", "y"], *table])  # type: ignore[arg-type]
    reader = csv.reader(io.StringIO(written.getvalue(), newline=""), delimiter=delimiter)
    expected, line = [], 0
    for cells in reader:
        expected.append((line + 1, *cells))
        line = reader.line_num
    found = rows(strictly(written.getvalue().encode(), delimiter=delimiter))
    assert [(number, *(cell or "" for cell in cells)) for number, *cells in found] == expected[1:]


def test_set_aside_rows_of_a_recipe_name_the_line_of_the_file(shop: Shop) -> None:
    shop.change("sales.csv", "A1,31-12-2023,7,P1,2\n", '"A\n1",31-12-2023,7,P1,2\n')
    prepared = read(recipes.read(shop.recipe), shop.folder, name="shop")
    assert prepared.set_aside is not None
    assert prepared.set_aside.select("rule", "row").rows() == [("zero_price", 7), ("missing_product", 8)]


def test_a_missing_column_names_the_line_of_the_header(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    shop.recipe.write_text('reading = "detect"\n' + SHOP_RECIPE.replace('"Qty"', '"Count"'))
    (shop.folder / "sales.csv").write_text("Sales of the shop\n\n" + SHOP["sales.csv"])
    assert refused(shop, capsys).startswith("sales.csv, row 3, column Count: expected a column of this name")


def test_a_file_is_read_once_for_all_its_roles(shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    count: list[str] = []
    slow = Readers.read

    def counted(self: Readers, path: Path, **keywords: object) -> Reading | Refusal:
        count.append(path.name)
        return slow(self, path, **keywords)  # type: ignore[arg-type]

    monkeypatch.setattr(Readers, "read", counted)
    origin = Origin(shop.folder, tmp_path)
    for _ in range(2):
        read(recipes.read(shop.recipe), origin, name="shop")
    origin.close()
    assert sorted(count) == ["buyers.csv", "items.csv", "sales.csv"]


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
def test_an_origin_that_nobody_closes_leaves_no_process(shop: Shop, tmp_path: Path) -> None:
    origin = Origin(shop.folder, tmp_path)
    assert origin._readers._child is not None
    process = Path(f"/proc/{origin._readers._child.pid}")
    assert process.exists()
    del origin
    gc.collect()
    assert not process.exists()
