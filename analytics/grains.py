"""GRAINS: the steps of a time axis, one row each, and where their buckets begin.

All days are plain dates. Weeks and years follow the dataset's calendar.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from analytics.dataset import Calendar
from analytics.dates import day_text, month_text

ONE_DAY: Final = timedelta(days=1)
STANDARD: Final = Calendar()
"""Weeks from Monday, the fiscal year is the calendar year, no retail periods."""


@dataclass(frozen=True)
class Grain:
    """One row of GRAINS."""

    name: str
    label: str
    season: int
    """Buckets after which a season comes again."""
    ahead: int
    """Buckets that are forecast."""
    past: int = 60
    """Buckets drawn before a forecast, where there are more."""
    of: Literal["", "fiscal", "retail"] = ""
    """The calendar that has it, empty for every one."""
    cohorts: bool = False
    """Whether customers are grouped into cohorts by it."""
    finer: tuple[str, ...] = ()
    """Steps that are forecast instead where there are too few whole buckets, the first that has enough."""
    of_months: bool = False
    """Whether its running bucket is estimated by months, as a target's pace is, so that a page has one estimate."""

    @property
    def plural(self) -> str:
        """Several of its buckets in a sentence: `retail months`."""
        return f"{self.label.lower()}s"

    @property
    def in_a_year(self) -> int:
        """Buckets in a year; 0 for days, which are not compared by their number."""
        return 0 if self.name == "day" else self.season


_ROWS: Final = (
    Grain("day", "Day", season=7, ahead=28, past=120),
    Grain("week", "Week", season=52, ahead=13, past=104, finer=("day",)),
    Grain("month", "Month", season=12, ahead=12, cohorts=True, finer=("week", "day"), of_months=True),
    Grain("quarter", "Quarter", season=4, ahead=4, cohorts=True, finer=("month", "week", "day"), of_months=True),
    Grain("year", "Year", season=1, ahead=2, cohorts=True, finer=("month", "week", "day"), of_months=True),
    Grain("fiscal_year", "Fiscal year", season=1, ahead=2, of="fiscal", finer=("month", "week", "day"), of_months=True),
    Grain("retail_month", "Retail month", season=12, ahead=12, of="retail", finer=("week", "day")),
    Grain("retail_year", "Retail year", season=1, ahead=2, of="retail", finer=("retail_month", "week", "day")),
)
GRAINS: Final = {grain.name: grain for grain in _ROWS}
"""Name -> grain, from fine to coarse, those of special calendars last."""


def grains(calendar: Calendar) -> list[str]:
    """The grains that a dataset's calendar offers."""
    own = {"": True, "fiscal": calendar.fiscal_start_month != 1, "retail": calendar.retail}
    return [grain.name for grain in GRAINS.values() if own[grain.of]]


def shift_years(day: date, years: int) -> date:
    """The same calendar date in another year; 29 February becomes the 28th where there is none."""
    year = day.year + years
    return date(year, day.month, min(day.day, monthrange(year, day.month)[1]))


def shift_months(day: date, months: int) -> date:
    """The same day of another month, or that month's last day where it is shorter."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def bucket_start(day: date, grain: str, calendar: Calendar) -> date:
    """First day of the bucket that holds a day."""
    if grain == "day":
        return day
    if grain == "week":
        return day - timedelta(days=(day.weekday() - calendar.week_start) % 7)
    if grain == "month":
        return day.replace(day=1)
    if grain == "quarter":
        return date(day.year, day.month - (day.month - 1) % 3, 1)
    if grain == "year":
        return date(day.year, 1, 1)
    if grain == "fiscal_year":
        month = calendar.fiscal_start_month
        return date(day.year if day.month >= month else day.year - 1, month, 1)
    year = retail_year(day)
    start = retail_year_start(year)
    if grain == "retail_year":
        return start
    if grain == "retail_month":
        return max(edge for edge in retail_month_starts(year) if edge <= day)
    raise ValueError(f"unknown grain {grain!r}; one of {', '.join(GRAINS)}")


def next_start(start: date, grain: str) -> date:
    """First day of the bucket after the one that starts on `start`."""
    if grain in ("day", "week"):
        return start + timedelta(days=1 if grain == "day" else 7)
    if grain in ("month", "quarter", "year", "fiscal_year"):
        return shift_months(start, {"month": 1, "quarter": 3}.get(grain, 12))
    year = retail_year(start)
    if grain == "retail_month":
        later = [edge for edge in retail_month_starts(year) if edge > start]
        if later:
            return later[0]
    return retail_year_start(year + 1)


def retail_year_start(year: int) -> date:
    """First day of a 4-5-4 retail year: the day after the Saturday nearest to 31 January.

    Source: the National Retail Federation's 4-5-4 calendar.
    """
    end = date(year, 1, 31)
    to_saturday = (5 - end.weekday()) % 7
    nearest = end + timedelta(days=to_saturday if to_saturday <= 3 else to_saturday - 7)
    return nearest + ONE_DAY


def retail_year(day: date) -> int:
    """The 4-5-4 retail year that holds a day."""
    return day.year if day >= retail_year_start(day.year) else day.year - 1


def retail_month_starts(year: int) -> list[date]:
    """First days of the twelve retail months of a year; a 53rd week belongs to the twelfth."""
    start, out = retail_year_start(year), []
    for weeks in (4, 5, 4) * 4:
        out.append(start)
        start += timedelta(weeks=weeks)
    return out


def label(start: date, grain: str, calendar: Calendar) -> str:
    """A bucket's name: `17 Jun 2026`, `2026-W25`, `Jun 2026`, `Q2 2026`, `2026`, `FY2026/27`."""
    if grain == "day":
        return day_text(start)
    if grain == "week":
        if calendar.week_start == 0:
            year, week, _ = start.isocalendar()
            return f"{year}-W{week:02d}"
        return f"week of {day_text(start)}"
    if grain == "month":
        return month_text(start)
    if grain == "quarter":
        return f"Q{(start.month + 2) // 3} {start.year}"
    if grain == "year":
        return str(start.year)
    if grain == "fiscal_year":
        return f"FY{start.year}/{(start.year + 1) % 100:02d}"
    year = retail_year(start)
    if grain == "retail_year":
        return f"Retail {year}"
    return f"P{retail_month_starts(year).index(start) + 1} {year}"
