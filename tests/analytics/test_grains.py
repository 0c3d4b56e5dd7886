"""Grains: where their buckets begin and what they are called; a grain has one row, and no second list."""

from __future__ import annotations

import ast
from datetime import date, timedelta
from typing import Final

import pytest

from analytics import grains, periods
from analytics.dataset import Calendar
from analytics.grains import GRAINS
from analytics.periods import Period
from tests.analytics.calendars import JULY, LAST, RETAIL, STANDARD
from tests.sources import complaints

OWN: Final = {
    "analytics/grains.py": "the registry",
    "analytics/charts/style.py": "time units of Vega, which has its own",
}
"""File -> why it may list grains."""


def second_lists(path: str, source: str) -> list[str]:
    """Collections that list three grains or more."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Dict):
            parts = [key for key in node.keys if key is not None]
        elif isinstance(node, ast.List | ast.Tuple | ast.Set):
            parts = node.elts
        else:
            continue
        named = {part.value for part in parts if isinstance(part, ast.Constant)}
        if len(named & GRAINS.keys()) >= 3:
            found.append(f"{path}:{node.lineno} lists {', '.join(sorted(named & GRAINS.keys()))}")
    return found


def test_grains_stand_in_one_list() -> None:
    assert complaints(second_lists, own=OWN) == []


@pytest.mark.parametrize(
    "bad",
    [
        "STEPS = {'day': 28, 'month': 12, 'year': 2}",
        "GRAINS = ('month', 'quarter', 'year')",
        "def f(name):\n    return {'month': 1, 'quarter': 3, 'year': 12}[name]",
    ],
)
def test_a_second_list_is_seen(bad: str) -> None:
    assert len(second_lists("x.py", bad)) == 1


def test_a_grain_says_what_it_is_called_and_how_often_it_comes() -> None:
    assert GRAINS["retail_month"].plural == "retail months"
    assert [GRAINS[name].in_a_year for name in grains.grains(STANDARD)] == [0, 52, 12, 4, 1]
    assert [name for name in grains.grains(RETAIL) if GRAINS[name].of == "retail"] == ["retail_month", "retail_year"]
    assert all(name == grain.name for name, grain in GRAINS.items())


# ---- labels and calendars


@pytest.mark.parametrize(
    ("day", "grain", "calendar", "name"),
    [
        (date(2024, 12, 30), "week", STANDARD, "2025-W01"),
        (date(2021, 1, 3), "week", STANDARD, "2020-W53"),
        (date(2026, 6, 17), "week", STANDARD, "2026-W25"),
        (date(2026, 6, 17), "week", Calendar(week_start=6), "week of 14 Jun 2026"),
        (date(2026, 6, 14), "week", Calendar(week_start=6), "week of 14 Jun 2026"),
        (date(2026, 6, 13), "week", Calendar(week_start=6), "week of 7 Jun 2026"),
        (date(2026, 6, 17), "day", STANDARD, "17 Jun 2026"),
        (date(2026, 6, 17), "month", STANDARD, "Jun 2026"),
        (date(2026, 6, 17), "quarter", STANDARD, "Q2 2026"),
        (date(2026, 12, 31), "quarter", STANDARD, "Q4 2026"),
        (date(2026, 6, 17), "year", STANDARD, "2026"),
        (date(2026, 6, 30), "fiscal_year", JULY, "FY2025/26"),
        (date(2026, 7, 1), "fiscal_year", JULY, "FY2026/27"),
        (date(1999, 7, 1), "fiscal_year", JULY, "FY1999/00"),
        (date(2024, 2, 3), "retail_year", RETAIL, "Retail 2023"),
        (date(2024, 2, 4), "retail_year", RETAIL, "Retail 2024"),
        (date(2024, 2, 3), "retail_month", RETAIL, "P12 2023"),
        (date(2024, 3, 3), "retail_month", RETAIL, "P2 2024"),
    ],
)
def test_labels(day: date, grain: str, calendar: Calendar, name: str) -> None:
    assert grains.label(grains.bucket_start(day, grain, calendar), grain, calendar) == name


@pytest.mark.parametrize(
    ("year", "start", "weeks"),
    [
        # published by the National Retail Federation; 2012, 2017 and 2023 have a 53rd week
        (2011, date(2011, 1, 30), 52),
        (2012, date(2012, 1, 29), 53),
        (2013, date(2013, 2, 3), 52),
        (2016, date(2016, 1, 31), 52),
        (2017, date(2017, 1, 29), 53),
        (2018, date(2018, 2, 4), 52),
        (2022, date(2022, 1, 30), 52),
        (2023, date(2023, 1, 29), 53),
        (2024, date(2024, 2, 4), 52),
        (2025, date(2025, 2, 2), 52),
    ],
)
def test_retail_years(year: int, start: date, weeks: int) -> None:
    assert grains.retail_year_start(year) == start
    end = grains.retail_year_start(year + 1) - timedelta(days=1)
    assert (end - start).days + 1 == weeks * 7
    assert grains.retail_year(start) == grains.retail_year(end) == year


def test_retail_months_are_4_5_4_weeks_and_the_53rd_belongs_to_the_twelfth() -> None:
    year = Period(date(2023, 1, 29), date(2024, 2, 3))
    months = periods.buckets(year, "retail_month", RETAIL)
    lengths = ((months["end"] - months["start"]).dt.total_days() + 1).to_list()
    assert lengths == [28, 35, 28] * 3 + [28, 35, 35]
    assert months["start"][1] == date(2023, 2, 26)
    assert months["whole"].all()


def test_unknown_grain() -> None:
    with pytest.raises(ValueError, match="unknown grain 'hour'"):
        grains.bucket_start(LAST, "hour", STANDARD)


def test_a_calendar_offers_its_own_grains() -> None:
    assert grains.grains(STANDARD) == ["day", "week", "month", "quarter", "year"]
    assert grains.grains(JULY)[-1] == "fiscal_year"
    assert grains.grains(RETAIL)[-2:] == ["retail_month", "retail_year"]
    assert set(grains.grains(Calendar(6, 7, True))) == set(grains.GRAINS)
