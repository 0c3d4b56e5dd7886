"""Days and months as people read them: 3 Mar 2024, Mar 2024."""

from __future__ import annotations

from datetime import date, datetime

import polars as pl


def day_text(day: date) -> str:
    """A day in full: 3 Mar 2024."""
    return f"{day.day} {day:%b %Y}"


def short_day_text(day: date) -> str:
    """A day without its year: 3 Mar."""
    return f"{day.day} {day:%b}"


def time_text(time: datetime) -> str:
    """A point in time to the minute: 3 Mar 2024, 14:05."""
    return f"{day_text(time)}, {time:%H:%M}"


def month_text(month: date) -> str:
    """A month: Mar 2024."""
    return f"{month:%b %Y}"


def long_month_text(month: date) -> str:
    """A month in full: March 2024."""
    return f"{month_name(month)} {month:%Y}"


def month_name(month: date) -> str:
    """A month without its year: March."""
    return f"{month:%B}"


def month_texts(column: str) -> pl.Expr:
    """`month_text` of each day of a column."""
    return pl.col(column).dt.strftime("%b %Y")


def short_month_texts(column: str) -> pl.Expr:
    """The month of each day of a column: Mar 24."""
    return pl.col(column).dt.strftime("%b %y")
