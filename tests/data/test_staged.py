"""Staged tables cross between processes as plain values."""

from __future__ import annotations

import json
from pathlib import Path

from data import staged
from data.staged import Staged
from data.understanding.types import Understanding, from_json
from data.understanding.understand import understand


def _staged(folder: Path) -> Staged:
    import polars as pl

    path = folder / "table.parquet"
    frame = pl.DataFrame({"Order": ["1", "2"], "Date": ["2024-01-05", "2024-01-06"], "Amount": ["5.00", "7.50"]})
    frame.with_row_index("__row", offset=2).write_parquet(path)
    return Staged("sales.csv", "ab", path, 2, sentences=("Text in UTF-8.",), shape={"header_rows": [1]})


def test_staged_tables_come_back_as_they_went(tmp_path: Path) -> None:
    tables = [_staged(tmp_path)]
    assert staged.from_json(json.loads(json.dumps(staged.as_json(tables)))) == tables


def test_what_was_understood_comes_back_as_it_went(tmp_path: Path) -> None:
    understood = understand([_staged(tmp_path)])
    again = from_json(json.loads(json.dumps(understood.as_json())))
    assert isinstance(again, Understanding)
    assert again.as_json() == understood.as_json()
    assert again.files[0].sentences[0] == "Text in UTF-8."
