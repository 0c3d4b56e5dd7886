"""Days and months as people read them: 3 Mar 2024, Mar 2024."""

from __future__ import annotations

from datetime import date


def day_text(day: date) -> str:
    """A day in full: 3 Mar 2024."""
    return f"{day.day} {day:%b %Y}"


def short_day_text(day: date) -> str:
    """A day without its year: 3 Mar."""
    return f"{day.day} {day:%b}"


def month_text(month: date) -> str:
    """A month: Mar 2024."""
    return f"{month:%b %Y}"
