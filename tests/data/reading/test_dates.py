"""Dates in text: the order of day and month is decided over the column, or said to be open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.reading import dates
from data.reading.dates import Dates


def read(cells: Sequence[str | None], **changes: Any) -> tuple[Dates, list[date | None]]:
    """How a column writes dates, and its dates."""
    found = replace(dates.understand(pl.Series("x", cells, dtype=pl.String)), **changes)
    frame = pl.DataFrame({"x": cells}, schema={"x": pl.String})
    return found, frame.select(dates.dates(pl.col("x"), found))["x"].to_list()


MARCH_5 = date(2024, 3, 5)


@pytest.mark.parametrize(
    ("cell", "sure", "order"),
    [
        ("05/03/2024", "31/12/2024", "day_first"),
        ("03/05/2024", "12/31/2024", "month_first"),
        ("5.3.2024", "31.12.2024", "day_first"),
        ("3-5-24", "12-31-24", "month_first"),
        ("05/03/2024 14:30", "31/12/2024 00:00", "day_first"),
        ("3/5/2024 2:30:00 PM", "12/31/2024 12:00:00 AM", "month_first"),
        ("2024-03-05", "2024-12-31", "year_first"),
        ("2024/3/5", "2024/12/31", "year_first"),
        ("2024-03-05T10:00:00Z", "2024-12-31T10:00:00+02:00", "year_first"),
        ("2024-03-05 10:00:00.123", "2024-12-31 10:00", "year_first"),
        ("20240305", "20241231", "year_first"),
        ("5 March 2024", "31 December 2024", "year_first"),
        ("05-Mar-24", "31-Dec-24", "year_first"),
        ("March 5, 2024", "December 31, 2024", "year_first"),
        ("Tue, 5 Mar 2024", "Tue, 31 Dec 2024", "year_first"),
        ("5. März 2024", "31. Dezember 2024", "year_first"),
        ("5 mars 2024", "31 décembre 2024", "year_first"),
        ("5 marzo 2024", "31 diciembre 2024", "year_first"),
    ],
)
def test_forms(cell: str, sure: str, order: str) -> None:
    found, days = read([cell, sure])
    assert days == [MARCH_5, date(2024, 12, 31)]
    assert (found.order, found.ambiguous) == (order, False)
    assert (found.filled, found.readable) == (2, 2)
    assert (found.first, found.last) == (MARCH_5, date(2024, 12, 31))


def test_one_day_above_twelve_decides_for_all() -> None:
    cells = ["01/02/2024"] * 500
    assert read(cells)[0].ambiguous
    found, days = read([*cells, "13/02/2024"])
    assert (found.order, found.ambiguous, days[0]) == ("day_first", False, date(2024, 2, 1))
    found, days = read([*cells, "02/13/2024"])
    assert (found.order, found.ambiguous, days[0]) == ("month_first", False, date(2024, 1, 2))
    assert "'02/13/2024'" in found.evidence


def test_what_the_data_leaves_open_is_said_with_the_likelier_order() -> None:
    days = [date(2024, 1, 1) + timedelta(n) for n in range(12)]
    found, _ = read([day.strftime("%d/%m/%Y") for day in days])
    assert (found.ambiguous, found.order) == (True, "day_first")
    found, _ = read([day.strftime("%m/%d/%Y") for day in days])
    assert (found.ambiguous, found.order) == (True, "month_first")
    assert read(["01/02/2024"], order="month_first")[1] == [date(2024, 1, 2)]


def test_a_column_that_contradicts_itself() -> None:
    found, days = read(["13/01/2024", "14/01/2024", "01/15/2024"])
    assert (found.ambiguous, found.order, found.contrary, found.readable) == (True, "day_first", 1, 2)
    assert days[2] is None


def test_dates_that_a_spreadsheet_has_swapped() -> None:
    """A spreadsheet that expects the month first makes 5/3 the third of May, and leaves 13/3 as text."""
    meant = [date(2024, 1, 1) + timedelta(n) for n in range(120)]
    cells = [
        date(day.year, day.day, day.month).isoformat() if day.day <= 12 else day.strftime("%d/%m/%Y") for day in meant
    ]
    found, days = read(cells)
    assert days == meant
    assert found.swapped == sum(day.day <= 12 for day in meant)
    assert "a spreadsheet has swapped day and month" in found.evidence
    assert not found.ambiguous


def test_two_forms_without_a_swap_are_left_alone() -> None:
    meant = [date(2024, 1, 1) + timedelta(n) for n in range(60)]
    found, days = read([day.isoformat() if n % 2 else day.strftime("%d/%m/%Y") for n, day in enumerate(meant)])
    assert (days, found.swapped, found.ambiguous) == (meant, 0, False)


def test_swapped_dates_that_only_the_order_of_rows_shows() -> None:
    meant = [date(2024, 1, 1) + timedelta(n) for n in range(200)]
    cells = [(date(day.year, day.day, day.month) if day.day <= 12 else day).isoformat() for day in meant]
    found, _ = read(cells)
    assert found.ambiguous
    assert found.contrary == sum(day.day <= 12 and day.day != day.month for day in meant)
    assert "swapped" in found.evidence
    assert read(cells, swapped=found.contrary)[1] == meant
    assert not read([day.isoformat() for day in meant])[0].ambiguous


def test_two_digit_years_and_times() -> None:
    found, days = read(["31/12/68", "31/12/69", "13/01/24 10:00"])
    assert days == [date(2068, 12, 31), date(1969, 12, 31), date(2024, 1, 13)]
    assert (found.two_digit_years, found.timed) == (3, 1)


def test_days_of_a_spreadsheet() -> None:
    found, days = read(["45292", "45293.5", "25569"])
    assert found.serial
    assert days == [date(2024, 1, 1), date(2024, 1, 2), date(1970, 1, 1)]
    assert not read(["45292", "45292 pieces"])[0].serial


def test_what_is_no_date() -> None:
    cells = [
        "31/12/2024",
        "30/02/2024",
        "00/00/0000",
        "",
        None,
        "n/a",
        "later",
        "12",
        "2024",
        "1/2",
        "31/12/1776",
        "12:30",
    ]
    found, days = read(cells)
    assert days == [date(2024, 12, 31), *[None] * 11]
    assert (found.filled, found.readable) == (9, 1)
    assert dates.understand(pl.Series([f"item {n}" for n in range(90)])).readable == 0


@settings(max_examples=100, deadline=None)
@given(
    days=st.lists(st.dates(date(1970, 1, 1), date(2060, 12, 31)), min_size=2, max_size=30),
    form=st.sampled_from(["%d/%m/%Y", "%m/%d/%Y", "%Y-%m-%d", "%d.%m.%Y", "%d %b %Y", "%B %d, %Y", "%Y%m%d"]),
)
def test_reads_back_what_was_written(days: list[date], form: str) -> None:
    found, read_back = read([day.strftime(form) for day in days])
    if found.ambiguous and found.contrary == 0:
        found, read_back = read(
            [day.strftime(form) for day in days], order="month_first" if form == "%m/%d/%Y" else "day_first"
        )
    assert read_back == days
