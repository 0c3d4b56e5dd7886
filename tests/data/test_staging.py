"""Files become tables: what a workbook's sheets come to, and that none is lost without a word."""

from __future__ import annotations

from pathlib import Path

import pytest

from data import staging
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
