"""Spreadsheets, made by hand and of calamine's tests where they are there."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from data.reading import Limits, Reading, Refusal
from tests.data.reading.conftest import corpus, kinds, rows, sheet_rows, xlsx

TableOf = Callable[..., Reading]
RefusalOf = Callable[..., str]

SALES: list[list[str | float | None]] = [
    ["Order", "Item", "Qty", "Amount"],
    ["00123", "Pen", 2, 3.5],
    ["00124", "Cup", 1, 74.69],
    ["00125", "Cup", 1, 7],
]


def test_cells_arrive_as_text(table_of: TableOf) -> None:
    found = table_of(xlsx({"Sales": sheet_rows(*SALES)}))
    assert found.columns == ("Order", "Item", "Qty", "Amount")
    assert rows(found) == [
        (2, "00123", "Pen", "2", "3.5"),
        (3, "00124", "Cup", "1", "74.69"),
        (4, "00125", "Cup", "1", "7"),
    ]
    assert found.report == ()
    assert (found.details["format"], found.details["sheet"]) == ("xlsx", "Sales")


def test_rows_are_numbered_as_in_the_sheet(table_of: TableOf) -> None:
    title = '<row r="2"><c r="A2" t="inlineStr"><is><t>Report</t></is></c></row>'
    found = table_of(xlsx({"S": title + sheet_rows(*SALES, first=5)}))
    assert found.details["header_rows"] == [5]
    assert [row[0] for row in rows(found)] == [6, 7, 8]
    assert kinds(found) == {"preamble"}


def test_the_largest_visible_sheet_unless_told(table_of: TableOf, refusal_of: RefusalOf) -> None:
    small, large = sheet_rows(["a", "b"], [1, 2], [3, 4]), sheet_rows(*SALES)
    content = xlsx({"Notes": small, "Sales": large, "Hidden": sheet_rows(*SALES, *SALES)}, hidden=("Hidden",))
    found = table_of(content)
    assert found.details["sheet"] == "Sales"
    assert found.details["sheets"] == ["Notes", "Sales", "Hidden"]
    assert "sheet" in kinds(found)
    assert table_of(content, sheet="Notes").columns == ("a", "b")
    assert table_of(content, sheet="Hidden").rows == 6
    assert "expected a sheet named 'X'" in refusal_of(content, sheet="X")


def test_dates_and_errors_of_formulas(table_of: TableOf) -> None:
    head = sheet_rows(["day", "amount"])
    cells = "".join(
        f'<row r="{number}"><c r="A{number}" s="1"><v>{45289 + number}</v></c>'
        f'<c r="B{number}"{kind}><v>{value}</v></c></row>'
        for number, (kind, value) in enumerate([("", "2.5"), (' t="e"', "#DIV/0!"), (' t="b"', "1")], start=2)
    )
    found = table_of(xlsx({"S": head + cells}))
    assert rows(found) == [(2, "2023-12-31", "2.5"), (3, "2024-01-01", "#DIV/0!"), (4, "2024-01-02", "true")]
    (item,) = [item for item in found.changed if item.kind == "formula_error"]
    assert item.rows == (3,)


def test_sums_below_the_table(table_of: TableOf) -> None:
    found = table_of(xlsx({"S": sheet_rows(*SALES, ["Total", None, 4, 85.19])}))
    assert found.rows == 3
    assert kinds(found) == {"footer"}


def test_one_cell_at_the_far_corner_is_a_sentence(refusal_of: RefusalOf) -> None:
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    sentence = refusal_of(xlsx({"S": sheet_rows(["a"], [1]) + far}))
    assert "1,048,576 rows by 16,384 columns" in sentence
    assert "Delete rows and columns" in sentence


def test_a_sheet_of_a_thousand_million_cells(refusal_of: RefusalOf) -> None:
    far = '<row r="1000000"><c r="ALL1000000"><v>1</v></c></row>'
    assert "1,000,000 rows by 1,000 columns" in refusal_of(xlsx({"S": sheet_rows(["a"], [1]) + far}))
    assert "up to 100 cells" in refusal_of(
        xlsx({"S": sheet_rows(*[[float(n), n, n] for n in range(40)])}), limits=Limits(sheet_cells=100)
    )


def test_a_workbook_that_grows_without_bounds(refusal_of: RefusalOf) -> None:
    content = BytesIO(xlsx({"S": sheet_rows(["a"], [1])}))
    with zipfile.ZipFile(content, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/image1.png", bytes(90 << 20))
    assert "200 times its size" in refusal_of(content.getvalue())


def test_damaged_workbooks_are_refused(read_file: Callable[..., Reading | Refusal]) -> None:
    content = xlsx({"S": sheet_rows(*SALES)})
    for cut in (len(content) // 3, len(content) // 2, len(content) - 30):
        assert isinstance(read_file(content[:cut]), Refusal)
    for place in range(40, len(content), 97):
        spoiled = bytearray(content)
        spoiled[place] ^= 0xFF
        assert isinstance(read_file(bytes(spoiled)), Reading | Refusal)


def test_empty_sheets(table_of: TableOf) -> None:
    assert table_of(xlsx({"S": ""})).columns == ()


def test_workbooks_of_other_makers(read_file: Callable[..., Reading | Refusal], tmp_path: Path) -> None:
    folder = corpus("spreadsheets_calamine", tmp_path) / "tests"
    found = {name: read_file(folder / name) for name in ("date.xls", "date.ods", "date.xlsb", "any_sheets.ods")}
    for name, reading in found.items():
        assert isinstance(reading, Reading), name
    for name in ("date.xls", "date.xlsb", "date.ods"):
        table = found[name]
        assert isinstance(table, Reading)
        assert rows(table)[0][1].startswith("2021-01-01")
    for name in ("pass_protected.xlsx", "issue_174.xlsx", "issue_594_dos.ods", "ptgexp-truncated-operand.xls"):
        assert isinstance(read_file(folder / name), Refusal), name


def test_a_sheet_that_keeps_its_reader_busy_is_stopped(refusal_of: RefusalOf) -> None:
    """Cells that never close make the search for the outermost cells start again at each."""
    endless = xlsx({"S": "<c " * 1_500_000})
    assert "takes longer" in refusal_of(endless, limits=Limits(seconds=2))
