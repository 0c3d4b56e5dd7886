"""Texts of a CSV that a spreadsheet of any country would run as a formula."""

from __future__ import annotations

import csv
import io
from datetime import date

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from analytics import formats


def test_csv_cells_that_a_spreadsheet_would_run() -> None:
    risky = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx", "  =1", "\u00a0=1", "＝1", "＠x"]
    harmless = ["a=1", "x-y", "", "Ada", "'=1", "5", "(−)", None]
    frame = pl.DataFrame({"text": risky + harmless})
    assert formats.csv_safe(frame)["text"].to_list() == [f"'{cell}" for cell in risky] + harmless


def test_csv_cells_of_other_programs_and_behind_signs_that_cannot_be_seen() -> None:
    risky = [
        *("|x", "｜x", " |x", "﹦1", "\x00=1", "\x01\x02-1", "\u200b=1", "\ufeff@x", "\u2060\u00ad+1", "\u202e=1"),
        *("\U000e0041=1", "\u3164=1", "\ufe0f=1", "\u180e\u200d|x", "\x0b=1", "\u2028=1", "\x85=1"),
    ]
    assert formats.csv_safe(pl.DataFrame({"text": risky}))["text"].to_list() == [f"'{cell}" for cell in risky]


def test_csv_cells_that_another_country_would_split() -> None:
    cells = {
        "Pen;=1+1": "Pen;'=1+1",
        "Pen; -2+cmd|' /C calc'!A0": "Pen;' -2+cmd|' /C calc'!A0",
        'Pen;"=1"': 'Pen;\'"=1"',
        "Pen\t=1": "Pen\t'=1",
        "Pen\n=1": "Pen\n'=1",
        "Pen\r\n@x": "Pen\r\n'@x",
        "a;\u200b=1;b\t|x": "a;'\u200b=1;b\t'|x",
        ";;=1": ";;'=1",
        "=1;=2": "'=1;'=2",
        "Cup; blue": "Cup; blue",
        "x;'=1": "x;'=1",
        "a, =b": "a, =b",
        "end; --": "end; --",
    }
    frame = pl.DataFrame({"text": ["x;-", "x; --"], "next": ["2+cmd|' /C calc'!A0", "1"]})
    assert formats.csv_safe(frame)["text"].to_list() == ["x;'-", "x;' --"]
    assert formats.csv_safe(pl.DataFrame({"text": list(cells)}))["text"].to_list() == list(cells.values())
    assert formats.csv_safe(pl.DataFrame({"a;=b": [1], "|c": [2]})).columns == ["a;'=b", "'|c"]
    assert formats.csv_safe(pl.DataFrame({"'=a": [1], "=a": [2]})).columns == ["'=a", "''=a"]


@given(texts=st.lists(st.text(st.sampled_from("=+-@|＝ ;,\t\n\r\"'\x00\u200b\ufeffab1")), min_size=1, max_size=5))
def test_no_cell_of_any_country_begins_like_a_formula(texts: list[str]) -> None:
    """The file read as a spreadsheet would where lists are parted by commas, semicolons or tabs."""
    written = formats.csv_safe(pl.DataFrame({"first": texts, "last": texts[::-1]})).write_csv()
    for separator in ",;\t":
        for row in csv.reader(io.StringIO(written, newline=""), delimiter=separator):
            for cell in row:
                seen = cell.lstrip(" \t\r\n\x00\u200b\ufeff")
                # A lone sign has nothing to work on.
                alone = not seen[1:].strip('- \t\r\n"')
                assert seen[:1] not in ("=", "+", "-", "@", "|", "＝") or alone, (written, separator)


def test_csv_leaves_everything_but_text_alone() -> None:
    frame = pl.DataFrame(
        {
            "=head": ["=a", "b"],
            "count": [-1, 2],
            "money": [-1.5, None],
            "day": [date(2022, 1, 1), None],
            "sold": [True, False],
            "kind": pl.Series(["-x", "y"], dtype=pl.Enum(["-x", "y"])),
        }
    )
    safe = formats.csv_safe(frame)
    assert safe.columns == ["'=head", "count", "money", "day", "sold", "kind"]
    assert safe.select("count", "money", "day", "sold").equals(frame.select("count", "money", "day", "sold"))
    assert safe["kind"].to_list() == ["'-x", "y"]
    assert safe.schema["kind"] == pl.String
    assert formats.csv_safe(pl.DataFrame()).equals(pl.DataFrame())


def test_naughty_csv_cells(naughty: list[str]) -> None:
    """Read back from the CSV, no cell begins like a formula, and without the apostrophe each is what it was."""
    frame = pl.DataFrame({"text": naughty})
    written = io.StringIO(formats.csv_safe(frame).write_csv(), newline="")
    back = [row[0] for row in csv.reader(written)][1:]
    assert len(back) == len(naughty)
    for before, after in zip(naughty, back, strict=True):
        assert after in (before, f"'{before}")
        assert after.strip()[:1] not in ("=", "+", "-", "@")
