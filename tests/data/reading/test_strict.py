"""CSV that a recipe describes is read exactly as it says."""

from __future__ import annotations

import csv
import gc
import io
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.prepare import read
from data.reading import Options, Reading, Refusal
from data.reading.readers import Readers
from data.recipe import recipes
from data.sources import Origin
from tests.data.conftest import SHOP, SHOP_RECIPE, Shop
from tests.data.test_sources import refused


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
        (b"a,caf\xe9\n1,2\n", {}, "file.csv, row 1: expected text in UTF-8, found 'a,café'. Name the file's encoding"),
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


@pytest.mark.parametrize("header", ['Order,Date,Amount",', 'Order,Da"\nte,Amount', '"Order,Date,Amount'])
def test_a_quote_in_the_names_that_takes_all_rows_is_refused(
    header: str, strictly: Callable[..., Reading | Refusal]
) -> None:
    found = strictly(f"{header}\n1,2024-01-01,2\n2,2024-01-02,3\n".encode())
    assert isinstance(found, Refusal)
    assert "a quote" in found.sentence
