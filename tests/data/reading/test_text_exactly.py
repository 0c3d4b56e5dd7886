"""Well-formed files come back exactly, whatever the dialect and however small the blocks."""

from __future__ import annotations

import csv
import io
import random
import tempfile
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data import reading
from data.reading import Limits, Options, text

# --- Against Python's csv ---------------------------------------------------------------------------------------------

CELL = st.text(alphabet=st.sampled_from("ab 12.,;\"\n\r'\\|é"), max_size=8)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    table=st.integers(2, 4).flatmap(
        lambda width: st.lists(st.lists(CELL, min_size=width, max_size=width), min_size=1, max_size=6)
    ),
    delimiter=st.sampled_from([",", ";", "\t"]),
    line_end=st.sampled_from(["\n", "\r\n"]),
)
def test_a_well_formed_file_comes_back_exactly(table: list[list[str]], delimiter: str, line_end: str) -> None:
    width = len(table[0])
    header = [f"name {place}" for place in range(width)]
    target = io.StringIO()
    csv.writer(target, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator=line_end).writerows([header, *table])
    with tempfile.TemporaryDirectory() as scratch:
        path, folder = Path(scratch) / "file", Path(scratch) / "work"
        path.write_bytes(target.getvalue().encode())
        folder.mkdir()
        hints = Options(delimiter=delimiter, quote='"', escape="", header_rows=1, keep_total_rows=True)
        outcome = text.read(path, folder, hints, Limits(), lambda share: None)
        frame = pl.read_parquet(folder / "table.parquet").drop("__row")
    expected = [tuple(cell or None for cell in row) for row in table if any(cell.strip() for cell in row)]
    expected = [row for row in expected if row != tuple(header)]
    assert list(outcome.columns) == header
    assert frame.rows() == expected


def test_blocks_and_lines_meet_exactly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows, numbers and multi-line cells are the same however small the blocks are."""
    generator = random.Random(5)
    records = []
    for number in range(400):
        note = generator.choice(["plain", 'say "hi"', "two\nlines", "a,b", "é" * 5, ""])
        records.append([str(number), note, f"{number}.5"])
    target = io.StringIO()
    csv.writer(target, lineterminator="\n").writerows([["id", "note", "amount"], *records])
    path = tmp_path / "file"
    path.write_text(target.getvalue(), encoding="utf-8")
    frames = []
    for size in (1 << 20, 97, 1_000):
        folder = tmp_path / str(size)
        folder.mkdir()
        monkeypatch.setattr("data.reading.lines.BLOCK", size)
        monkeypatch.setattr(text, "blocks", lambda *a, size=size: _blocks(*a, block=size))
        text.read(path, folder, Options(), reading.DEFAULT, lambda share: None)
        frames.append(pl.read_parquet(folder / "table.parquet"))
    assert frames[0].height == 400
    assert frames[0]["note"].to_list() == [record[1] or None for record in records]
    assert frames[0].equals(frames[1])
    assert frames[0].equals(frames[2])


_blocks = text.blocks
