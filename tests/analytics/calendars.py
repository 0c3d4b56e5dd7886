"""Calendars of a standard, a fiscal and a retail year, and periods drawn at random."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import strategies as st

from analytics import grains
from analytics.dataset import Calendar
from analytics.periods import Period

FIRST, LAST = date(2020, 1, 1), date(2022, 6, 30)
STANDARD = Calendar()
JULY = Calendar(fiscal_start_month=7)
RETAIL = Calendar(week_start=6, retail=True)

days = st.dates(date(2011, 1, 1), date(2030, 12, 31))
calendars = st.builds(
    Calendar, week_start=st.integers(0, 6), fiscal_start_month=st.integers(1, 12), retail=st.booleans()
)


@st.composite
def some_periods(draw: st.DrawFn, longest: int = 800) -> Period:
    start = draw(days)
    return Period(start, start + timedelta(days=draw(st.integers(0, longest))))


@st.composite
def views(draw: st.DrawFn) -> tuple[Period, str, Calendar]:
    calendar = draw(calendars)
    return draw(some_periods()), draw(st.sampled_from(grains.grains(calendar))), calendar
