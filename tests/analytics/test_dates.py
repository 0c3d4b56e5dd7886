"""Days and months as people read them."""

from __future__ import annotations

import ast
from datetime import date, datetime

import polars as pl
import pytest

from analytics import dates
from tests.sources import complaints


def test_days_and_months_in_words() -> None:
    day = date(2024, 3, 3)
    assert dates.day_text(day) == "3 Mar 2024"
    assert dates.short_day_text(day) == "3 Mar"
    assert dates.month_text(day) == "Mar 2024"
    assert dates.long_month_text(day) == "March 2024"
    assert dates.month_name(day) == "March"
    assert dates.time_text(datetime(2024, 3, 3, 14, 5, 59)) == "3 Mar 2024, 14:05"


def test_a_column_of_months_reads_as_a_month_does() -> None:
    days = [date(2024, 3, 3), date(1999, 12, 31), None]
    frame = pl.DataFrame({"day": days}, schema={"day": pl.Date})
    assert frame.select(dates.month_texts("day")).to_series().to_list() == ["Mar 2024", "Dec 1999", None]
    assert frame.select(dates.short_month_texts("day")).to_series().to_list() == ["Mar 24", "Dec 99", None]


# --- Their place ------------------------------------------------------------------------------------------------------


def written(name: str, source: str) -> list[str]:
    """Where a month is written in words, or a plural put together, by hand."""
    lines = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FormattedValue) and node.format_spec:
            texts = [one.value for one in ast.walk(node.format_spec) if isinstance(one, ast.Constant)]
            by_hand = any("%b" in str(text).lower() for text in texts)
        elif isinstance(node, ast.Call):
            by_hand = isinstance(node.func, ast.Attribute) and node.func.attr in ("strftime", "to_string")
        elif isinstance(node, (ast.IfExp, ast.BinOp)):
            sides = (node.body, node.orelse) if isinstance(node, ast.IfExp) else (node.left, node.right)
            by_hand = any(isinstance(side, ast.Constant) and side.value == "s" for side in sides)
        else:
            continue
        if by_hand:
            lines.append(f"{name}:{node.lineno}")
    return lines


def test_texts_of_days_and_counts_are_made_in_one_place() -> None:
    own = {"analytics/dates.py": "days", "analytics/formats.py": "counts"}
    assert complaints(written, own=own, parts=("analytics", "ui", "pages")) == []


@pytest.mark.parametrize(
    "bad", ["f'{day:%d %b %Y}'", "day.strftime('%Y')", "f'row{\"s\" * (n != 1)}'", "'row' if n == 1 else 'row' + 's'"]
)
def test_a_text_made_by_hand_is_seen(bad: str) -> None:
    assert written("x.py", bad) == ["x.py:1"]
