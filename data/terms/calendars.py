"""Calendars and eras that people write days in beside the Gregorian ones, each a row of a table.

A year tells its calendar: of the days that sales are about, the Persian years are up to 1410 (to March 2032) and the
Islamic ones from 1411 on (July 1990), so that no text is a day of both.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import accumulate
from typing import Final

import polars as pl

ERAS: Final = {"令和": 2018, "平成": 1988, "昭和": 1925, "民國": 1911, "民国": 1911, "r": 2018, "h": 1988, "s": 1925}
"""Era -> the year before its first; the letters are those of Reiwa, Heisei and Showa."""

MINGUO: Final = 1911
"""The year before the first of the Republic of China; a year of three digits, 100 (2011) and later, is one of its."""

BUDDHIST: Final = 543
"""How far the years of the Buddhist era, 2450 and later, are ahead."""


@dataclass(frozen=True)
class OtherCalendar:
    """A calendar with months of its own."""

    name: str
    first: int
    """The first year that is taken for one of it."""
    last: int
    day: Callable[[int, int, int], date | None]
    """Year, month, day -> the day; None where there is none."""


def persian(year: int, month: int, day: int) -> date | None:
    """A day of the Persian calendar (Solar Hijri): six months of 31 days, five of 30, the last of 29, in leap years 30.

    Leap years are the eight of each 33 years with (25 x year + 11) mod 33 < 8, which holds for 1178 to 1633.
    """
    length = 31 if month <= 6 else 30 if month <= 11 or _is_persian_leap(year) else 29
    if not (1 <= month <= 12 and 1 <= day <= length):
        return None
    years = 365 * (year - _PERSIAN_FIRST) + sum(_is_persian_leap(item) for item in range(_PERSIAN_FIRST, year))
    return _NOWRUZ + timedelta(days=years + 30 * (month - 1) + min(month - 1, 6) + day - 1)


_PERSIAN_FIRST: Final = 1300
_NOWRUZ: Final = date(1921, 3, 21)
"""1 Farvardin 1300."""


def _is_persian_leap(year: int) -> bool:
    return (25 * year + 11) % 33 < 8


def islamic(year: int, month: int, day: int) -> date | None:
    """A day of the Islamic calendar as Umm al-Qura of Saudi Arabia publishes its months."""
    number = 12 * (year - _ISLAMIC_FIRST) + month - 1
    months = _islamic_months()
    if not (1 <= month <= 12 and 0 <= number < len(months) - 1):
        return None
    result = months[number] + timedelta(days=day - 1)
    return result if day >= 1 and result < months[number + 1] else None


_ISLAMIC_FIRST: Final = 1411
_MUHARRAM: Final = date(1990, 7, 23)
"""1 Muharram 1411."""

_LONG_MONTHS: Final = (
    "2da 5d9 db2 ba4 b4a a55 2b5 575 b6a bd2 bc4 b89 a95 52d 5ad b6a 6d4 dc9 d92 aa6",
    "956 2ae 56d 36a b55 aaa 94d 49d 95d 2ba 5b5 5aa d55 a9a 92e 26e 55d ada 6d4 6a5",
    "54b a97 54e aae 5ac ba9 d92 b25 64b cab 55a b55 6d2 ea5 e4a a95 52d aad 36c 759",
)
"""For each year from 1411 on the months of 30 days as bits, Muharram the lowest; the others have 29."""


@cache
def _islamic_months() -> tuple[date, ...]:
    """The first day of each month, and of the one behind the last."""
    bits = (int(year, 16) >> month & 1 for year in " ".join(_LONG_MONTHS).split() for month in range(12))
    return tuple(_MUHARRAM + timedelta(days=days) for days in accumulate((29 + bit for bit in bits), initial=0))


CALENDARS: Final = (
    OtherCalendar("Persian", _PERSIAN_FIRST, 1410, persian),
    OtherCalendar("Islamic", _ISLAMIC_FIRST, 1470, islamic),
)


def calendar_of(year: int) -> OtherCalendar | None:
    """The calendar of a year; None where it is Gregorian."""
    return next((item for item in CALENDARS if item.first <= year <= item.last), None)


def gregorian(days: pl.DataFrame) -> pl.Series:
    """Days from the columns year, month and day, of any calendar; null where there is no such day."""
    year, month, day = pl.col("year"), pl.col("month"), pl.col("day")
    ok = year.is_between(1900, 2199) & month.is_between(1, 12) & day.is_between(1, 31)
    text = pl.format("{}-{}-{}", "year", "month", "day")
    result = days.select(pl.when(ok).then(text).str.to_date("%Y-%m-%d", strict=False).alias("day"))["day"]
    foreign = days.select(year.is_between(CALENDARS[0].first, CALENDARS[-1].last).fill_null(False).alias("own"))["own"]
    if not foreign.any():
        return result
    own = [_day(*row) for row in days.filter(foreign).select("year", "month", "day").iter_rows()]
    return result.scatter(foreign.arg_true(), pl.Series(own, dtype=pl.Date))


def _day(year: int, month: int | None, day: int | None) -> date | None:
    calendar = calendar_of(year)
    return calendar.day(year, month, day) if calendar and month and day else None
