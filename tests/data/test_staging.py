"""Files become tables: the sheets of a workbook, the numbers of rows, and that nothing is lost without a word."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from data import staged, staging
from data.reading import child
from tests.data.reading.conftest import xlsx

TABLE = (
    '<row><c t="inlineStr"><is><t>Order</t></is></c><c t="inlineStr"><is><t>Amount</t></is></c></row>'
    "<row><c><v>1</v></c><c><v>2.5</v></c></row><row><c><v>2</v></c><c><v>7</v></c></row>"
)


def _stage(folder: Path, sheets: dict[str, str]) -> tuple[list[str], list[tuple[str, str]]]:
    book = folder / "book.xlsx"
    book.write_bytes(xlsx(sheets))
    tables, refused = staging.stage([staging.Handed("book.xlsx", book)], folder / "scratch")
    return [table.name for table in tables], [(file.name, file.sentence) for file in refused]


def test_sheets_with_tables_are_tables(tmp_path: Path) -> None:
    tables, refused = _stage(tmp_path, {"May": TABLE, "June": TABLE})
    assert (len(tables), refused) == (2, [])


def test_sheets_beyond_what_is_read_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging, "_MOST_SHEETS", 1)
    tables, refused = _stage(tmp_path, {"May": TABLE, "June": TABLE, "July": TABLE})
    assert len(tables) == 2
    assert [name for name, _ in refused] == ["book.xlsx · July"]
    assert "found more" in refused[0][1]


def test_staged_tables_keep_the_rows_numbers(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Sales report\n\nOrder;row\nA1;7\n\nA2;8\n", encoding="utf-8")
    tables, refused = staging.stage([staging.Handed("a.csv", path)], tmp_path / "tables")
    assert not refused
    assert staged.scan(tables[0]).collect().select("row", "Order", "row (source)").rows() == [
        (4, "A1", "7"),
        (6, "A2", "8"),
    ]
    again, _ = staging.stage([staging.Handed("other name.csv", path)], tmp_path / "tables")
    assert (again[0].path, again[0].name) == (tables[0].path, "other name.csv")
    assert isinstance(pl.scan_parquet(tables[0].path), pl.LazyFrame)


def test_only_what_a_file_itself_is_to_blame_for_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the machine had no time for is read the next time; what is wrong with a file is not looked at twice."""
    good, bad = tmp_path / "good.csv", tmp_path / "bad.zip"
    good.write_text("Order;Amount\nA1;7\nA2;8\n", encoding="utf-8")
    bad.write_bytes(b"PK\x03\x04 no archive")
    handed = [staging.Handed("good.csv", good), staging.Handed("bad.zip", bad)]
    with monkeypatch.context() as patch:
        patch.setattr(child, "_START", "import time\ntime.sleep(60)")
        patch.setattr(child, "patience", lambda seconds: 0.5)
        tables, refused = staging.stage(handed, tmp_path / "tables")
    assert not tables
    assert [one.again for one in refused] == [True, True]
    tables, refused = staging.stage(handed, tmp_path / "tables")
    assert [(table.name, table.rows) for table in tables] == [("good.csv", 2)]
    assert [(one.name, one.again) for one in refused] == [("bad.zip", False)]
    monkeypatch.setattr(child, "_START", "raise SystemExit")
    assert staging.stage(handed, tmp_path / "tables") == (tables, refused)
