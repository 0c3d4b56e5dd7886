"""Parquet and Arrow: plain types stay, others become text, malformed files are a sentence."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data.reading import ROW, Limits, Reading, Refusal
from tests.data.reading.conftest import corpus, kinds

TableOf = Callable[..., Reading]
ReadFile = Callable[..., Reading | Refusal]

FRAME = pl.DataFrame(
    {
        "order": ["00123", None, "x"],
        "qty": pl.Series([1, 2, None], dtype=pl.Int16),
        "amount": [1.5, None, -2.25],
        "net": pl.Series([Decimal("1.50"), Decimal("-3.25"), None]),
        "day": [date(2024, 1, 5), None, date(1999, 12, 31)],
        "at": [datetime(2024, 1, 5, 10, 30), None, datetime(1970, 1, 1)],
        "hour": [time(10, 30), None, time(0, 0)],
        "paid": [True, False, None],
        "kind": pl.Series(["a", "b", None], dtype=pl.Categorical),
    }
)


def parquet(frame: pl.DataFrame) -> bytes:
    content = BytesIO()
    frame.write_parquet(content)
    return content.getvalue()


def test_plain_types_stay(table_of: TableOf) -> None:
    found = table_of(parquet(FRAME))
    read = found.scan().collect()
    assert found.columns == tuple(FRAME.columns)
    assert read[ROW].to_list() == [1, 2, 3]
    assert read.drop(ROW).equals(FRAME.with_columns(pl.col("kind").cast(pl.String)))
    assert found.report == ()


def test_other_types_become_text_and_are_named(table_of: TableOf) -> None:
    frame = pl.DataFrame(
        {
            "tags": [["a", "b"], [], None],
            "place": [{"city": "Rome"}, {"city": None}, {"city": "Oslo"}],
            "text": [b"abc", "é".encode(), None],
            "bytes": [b"\xff\x00", b"abc", None],
            "took": [timedelta(seconds=90), None, timedelta(0)],
        }
    )
    found = table_of(parquet(frame))
    read = found.scan().collect()
    assert read["tags"].to_list() == ['["a", "b"]', "[]", None]
    assert read["place"].to_list() == ['{"city": "Rome"}', '{"city": null}', '{"city": "Oslo"}']
    assert read["text"].to_list() == ["abc", "é", None]
    assert read["bytes"].to_list() == ["ff00", "abc", None]
    assert read["took"].to_list() == [90, None, 0]
    assert {item.sentence.split("'")[1] for item in found.changed} == {"tags", "place", "bytes", "took"}


def test_dates_that_no_calendar_has(table_of: TableOf) -> None:
    frame = pl.DataFrame({"day": pl.Series([0, 5_000_000], dtype=pl.Int32).cast(pl.Date)})
    found = table_of(parquet(frame))
    assert found.scan().collect()["day"].to_list() == [date(1970, 1, 1), None]
    assert kinds(found) == {"type"}


def test_names(table_of: TableOf) -> None:
    found = table_of(parquet(pl.DataFrame({"": [1], " a\nb ": [2], "a b": [3], "__row": [4]})))
    assert found.columns == ("column 1", "a b", "a b (2)", "__row (2)")


def test_old_times_keep_their_century(table_of: TableOf) -> None:
    content = BytesIO()
    table = pa.table({"at": pa.array([datetime(2024, 1, 1, 10), datetime(9999, 12, 31)], pa.timestamp("us"))})
    pq.write_table(table, content, use_deprecated_int96_timestamps=True)
    found = table_of(content.getvalue())
    assert found.scan().collect()["at"].to_list() == [datetime(2024, 1, 1, 10), datetime(9999, 12, 31)]


@pytest.mark.parametrize("stream", [False, True])
def test_arrow(table_of: TableOf, stream: bool) -> None:
    content = BytesIO()
    frame = FRAME.drop("kind")
    if stream:
        frame.write_ipc_stream(content)
    else:
        frame.write_ipc(content)
    found = table_of(content.getvalue())
    assert found.details["format"] == "arrow"
    assert found.scan().collect().drop(ROW).equals(frame)


def test_rows_and_columns_are_bounded(read_file: ReadFile) -> None:
    few = Limits(rows=100, columns=10, cells=300)
    cases = {
        "100 rows": pl.DataFrame({"a": range(101)}),
        "10 columns": pl.DataFrame({f"c{n}": [1] for n in range(11)}),
        "300 cells": pl.DataFrame({f"c{n}": range(90) for n in range(4)}),
        # A few bytes that say one number many times.
        "50,000,000 rows": pl.DataFrame({"a": pl.repeat(1, 50_000_001, eager=True)}),
    }
    for words, frame in cases.items():
        found = read_file(parquet(frame), limits=Limits() if frame.height > 1000 else few)
        assert isinstance(found, Refusal)
        assert words in found.sentence


def test_spoiled_files_never_end_the_app(read_file: ReadFile) -> None:
    content = parquet(FRAME)
    generator = random.Random(7)
    for _ in range(60):
        spoiled = bytearray(content)
        for place in generator.sample(range(4, len(content)), 3):
            spoiled[place] = generator.randrange(256)
        found = read_file(bytes(spoiled))
        if isinstance(found, Reading):
            found.scan().collect()


def test_malformed_files_of_a_fuzzer(read_file: ReadFile, tmp_path: Path) -> None:
    files = [path for path in corpus("parquet_fuzz_half", tmp_path).iterdir() if path.is_file()]
    assert len(files) > 50
    for path in files[::3]:
        found = read_file(path, name=path.name)
        if isinstance(found, Reading):
            found.scan().collect()
        else:
            assert found.sentence.startswith(f"{path.name}: expected ")


@pytest.mark.parametrize("days", [400_000_000, 2**31 - 1, -(2**31), 95_026_236])
def test_days_beyond_all_calendars_are_left_empty(days: int, table_of: TableOf) -> None:
    """Whoever looks at one of them is ended by the library; such a file reached the app."""
    written = BytesIO()
    pq.write_table(pa.table({"on": pa.array([19_723, days, None], pa.int32()).view(pa.date32())}), written)
    found = table_of(written.getvalue())
    assert found.scan().collect()["on"].to_list() == [date(2024, 1, 1), None, None]
    assert [item.sentence for item in found.changed] == [
        "Column 'on' holds dates outside of the years 1 to 9999: left empty."
    ]
