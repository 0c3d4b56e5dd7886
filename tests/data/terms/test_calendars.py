"""Days of other calendars and eras, and months, against published days."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import polars as pl
import pytest

from data.terms import dates
from data.terms.calendars import islamic, persian

PERSIAN = {
    # Nowruz as the observatory of Tehran announced it.
    (1376, 1, 1): date(1997, 3, 21),
    (1395, 1, 1): date(2016, 3, 20),
    (1399, 12, 30): date(2021, 3, 20),
    (1400, 1, 1): date(2021, 3, 21),
    (1403, 1, 1): date(2024, 3, 20),
    (1404, 1, 1): date(2025, 3, 21),
    # 22 Bahman 1357, the day of the revolution.
    (1357, 11, 22): date(1979, 2, 11),
}

ISLAMIC = {
    # First days of Muharram, Ramadan and Shawwal as Umm al-Qura has them.
    (1420, 9, 1): date(1999, 12, 9),
    (1434, 1, 1): date(2012, 11, 15),
    (1441, 9, 1): date(2020, 4, 24),
    (1445, 1, 1): date(2023, 7, 19),
    (1445, 9, 1): date(2024, 3, 11),
    (1445, 10, 1): date(2024, 4, 10),
}


@pytest.mark.parametrize("own", PERSIAN)
def test_persian_days_are_the_published_ones(own: tuple[int, int, int]) -> None:
    assert persian(*own) == PERSIAN[own]


@pytest.mark.parametrize("own", ISLAMIC)
def test_islamic_days_are_the_published_ones(own: tuple[int, int, int]) -> None:
    assert islamic(*own) == ISLAMIC[own]


def test_persian_leap_years_are_the_published_ones() -> None:
    leap = [year for year in range(1370, 1411) if persian(year, 12, 30)]
    assert leap == [1370, 1375, 1379, 1383, 1387, 1391, 1395, 1399, 1403, 1408]


def test_every_day_of_both_calendars_is_there_once() -> None:
    for convert, first, last in ((persian, 1300, 1410), (islamic, 1411, 1470)):
        days = [
            day
            for year in range(first, last + 1)
            for month in range(1, 13)
            for number in range(1, 32)
            if (day := convert(year, month, number))
        ]
        assert {(later - day).days for day, later in pairwise(days)} == {1}


def test_days_that_no_month_has_are_none() -> None:
    assert persian(1402, 12, 30) is None
    assert persian(1402, 7, 31) is None
    assert islamic(1445, 1, 31) is None
    assert islamic(1445, 13, 1) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("1402/10/15", date(2024, 1, 5)),
        ("1445-06-23", date(2024, 1, 5)),
        ("23/06/1445", date(2024, 1, 5)),
        ("113/01/05", date(2024, 1, 5)),
        ("1130105", date(2024, 1, 5)),
        ("R6.1.5", date(2024, 1, 5)),
        ("H31.4.30", date(2019, 4, 30)),
        ("S60/12/1", date(1985, 12, 1)),
        ("令和元年5月1日", date(2019, 5, 1)),
        ("民國113年1月5日", date(2024, 1, 5)),
        ("2567-01-05", date(2024, 1, 5)),
        ("1402/12/30", None),
    ],
)
def test_texts_are_read_by_the_year_that_they_bear(text: str, day: date | None) -> None:
    assert dates.read(pl.Series([text]), dates.DAY_FIRST).to_list() == [day]


@pytest.mark.parametrize(
    "text", ["2024-03", "2024/3", "202403", "03/2024", "3.2024", "2024年3月", "marzo 2024", "March 24", "März de 2024"]
)
def test_a_month_is_its_first_day(text: str) -> None:
    assert dates.read(pl.Series([text, "13/2024"]), dates.MONTHS).to_list() == [date(2024, 3, 1), None]
