"""Sparklines, and bars of several dimensions below each other."""

from __future__ import annotations

import re
from base64 import b64decode

import polars as pl
import pytest

from analytics.charts.sparkline import COLOURS, EDGE, HEIGHT, sparkline
from analytics.charts.style import FALL
from analytics.tables import breakdown


def image(html: str) -> str:
    found = re.search(r'src="data:image/svg\+xml;base64,([^"]*)"', html)
    assert found
    return b64decode(found[1]).decode()


def points(html: str) -> list[tuple[float, float]]:
    found = re.search(r'<polyline points="([^"]*)"', image(html))
    assert found
    return [(float(x), float(y)) for x, y in (point.split(",") for point in found[1].split())]


def test_a_sparkline_runs_from_its_lowest_to_its_highest_value() -> None:
    drawn = points(sparkline([2.0, 4.0, 3.0], "Course"))
    assert drawn == [(0.0, HEIGHT - EDGE), (50.0, EDGE), (100.0, HEIGHT / 2)]


def test_a_sparkline_leaves_out_what_is_missing() -> None:
    assert [x for x, _ in points(sparkline([None, 1.0, None, 2.0, 0.0], "Course"))] == [25.0, 75.0, 100.0]


def test_a_level_course_is_a_level_line() -> None:
    assert {y for _, y in points(sparkline([5.0, 5.0], "Course"))} == {HEIGHT - EDGE}


@pytest.mark.parametrize("values", [[], [1.0], [None, 1.0]])
def test_no_line_through_one_point(values: list[float | None]) -> None:
    assert sparkline(values, "Course") == ""


def test_a_sparkline_says_what_it_is_and_how_it_is_meant() -> None:
    html = sparkline([1.0, 2.0], "Course of Revenue", "bad")
    assert 'alt="Course of Revenue"' in html
    assert COLOURS["bad"] == FALL
    assert FALL in image(html)


def part(*rows: tuple[str, float | None, float | None]) -> pl.DataFrame:
    table = pl.DataFrame(rows, {"member": pl.String, "value": pl.Float64, "value_base": pl.Float64}, orient="row")
    return table.with_columns(pl.format("${}", "value").fill_null("–").alias("text"), pl.lit(True).alias("selected"))


def test_groups_stand_below_their_names_on_one_scale() -> None:
    parts = {"gender": part(("F", 30.0, 40.0), ("M", 10.0, None)), "age": part(("h0001", -20.0, None))}
    first, second = breakdown.groups(parts, {"gender": "Gender", "age": "Age"}, 2)
    assert first["row"].to_list() == ["0000hGender", "0001mF", "0002mM"]
    assert first["dimension"].to_list() == ["gender"] * 3
    assert first["reach"].to_list() == [None, 0.75, 0.25]
    assert first["reach_base"].to_list() == [None, 1.0, None]
    assert first["text"].to_list() == ["", "$30.0", "$10.0"]
    assert first["said"].to_list() == [None, "Gender: F, $30.0", "Gender: M, $10.0"]
    # A member that looks like a name's key stays a member.
    assert second["row"].to_list() == ["0000hAge", "0001mh0001"]
    assert second["reach"].to_list() == [None, -0.5]


@pytest.mark.parametrize("columns", [1, 3, 5])
def test_groups_keep_their_order_over_columns(columns: int) -> None:
    names = [f"n{n}" for n in range(7)]
    parts = {name: part(*((f"{name} {m}", 1.0, None) for m in range(n + 1))) for n, name in enumerate(names)}
    found = breakdown.groups(parts, {name: name for name in names}, columns)
    assert len(found) == min(columns, len(found))
    assert pl.concat(found)["dimension"].unique(maintain_order=True).to_list() == names
    assert all(frame["row"].is_sorted() for frame in found)
    assert max(frame.height for frame in found) <= 35 / len(found) + 8


def test_groups_of_nothing_are_no_columns() -> None:
    assert breakdown.groups({}, {}, 3) == []
