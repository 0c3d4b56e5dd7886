"""What the cells of a column say: their days and their numbers."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.terms.dates import read as read_days
from data.terms.numbers import NUMBERS, plain_number
from data.understanding.days import date_formats
from data.understanding.facts import Fact, profile


def _columns(**columns: list[str | None]) -> list[Fact]:
    frame = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
    return profile(frame.lazy(), frame.height)


# --- Dates ------------------------------------------------------------------------------------------------------------


def _days(count: int = 60) -> list[date]:
    return [date(2023, 12, 20) + timedelta(days=step) for step in range(count)]


@pytest.mark.parametrize(
    "form",
    [
        "%Y-%m-%d",
        "%d/%m/%Y",
        "%m/%d/%Y",
        "%d.%m.%y",
        "%Y%m%d",
        "%d %b %Y",
        "%B %d, %Y",
        "%Y-%m-%d %H:%M:%S",
        "%d-%b-%y",
    ],
)
def test_a_date_format_is_found_from_the_whole_column(form: str) -> None:
    texts = pl.Series([day.strftime(form) for day in _days()])
    assert date_formats(texts)[0] == (form,)


def test_one_late_day_decides() -> None:
    texts = [f"0{step % 9 + 1}/0{step % 8 + 1}/2024" for step in range(72)]
    assert date_formats(pl.Series(texts))[0] == ("%d/%m/%Y", "%m/%d/%Y")
    formats, said = date_formats(pl.Series([*texts, "01/13/2024"]))
    assert (formats, said) == (("%m/%d/%Y",), "01/13/2024 can only be read month first.")


def test_a_spreadsheet_that_expected_the_month_first() -> None:
    days = _days(90)
    # What it could read as month/day became a date, with both swapped; the rest stayed text.
    texts = [f"{day.year}-{day.day:02}-{day.month:02}" if day.day <= 12 else day.strftime("%d/%m/%Y") for day in days]
    formats, said = date_formats(pl.Series(texts))
    assert formats == ("%d/%m/%Y | %Y-%d-%m",)
    swapped = sum(day.day <= 12 for day in days)
    assert said.startswith(f"A spreadsheet has swapped day and month of {swapped} different dates")


@pytest.mark.parametrize(
    "texts", [["12", "1024"], ["A-1", "B-2"], ["2024-13-45", "x1"], ["1.5", "2.5"], ["00123", "20240101x"]]
)
def test_no_dates(texts: list[str]) -> None:
    assert date_formats(pl.Series(texts))[0] == ()


@pytest.mark.parametrize(
    ("texts", "days"),
    [
        (["Mar-02-24", "Apr-13-24"], [date(2024, 3, 2), date(2024, 4, 13)]),
        (["15012024", "28022024"], [date(2024, 1, 15), date(2024, 2, 28)]),
        (["20240115", "20122019"], [date(2024, 1, 15), date(2019, 12, 20)]),
    ],
)
def test_days_of_shops_and_ledgers(texts: list[str], days: list[date]) -> None:
    assert read_days(pl.Series(texts), "day first").to_list() == days


# --- Numbers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("style", "text", "value"),
    [
        ("1,234.56", "$1,234.50", "1234.50"),
        ("1,234.56", "(12.00)", "-12.00"),
        ("1,234.56", "12-", "-12"),
        ("1,234.56", "1,23.5", None),
        ("1.234,56", "1.234,56 €", "1234.56"),
        ("1.234,56", "12.5", None),
        ("1 234,56", "1 234,56", "1234.56"),
        ("1'234.56", "1’234.50", "1234.50"),
        ("1,234.56", "EUR 5", "5"),
        ("1,234.56", "1e5", None),
    ],
)
def test_numbers_in_their_style(style: str, text: str, value: str | None) -> None:
    found = pl.DataFrame({"text": [text]}).select(plain_number(pl.col("text"), style)).item()
    assert found == value


@given(st.integers(-(10**12), 10**12), st.sampled_from([style for style in NUMBERS if style != NUMBERS[0]]))
def test_every_number_is_read_back(cents: int, style: str) -> None:
    whole, rest = divmod(abs(cents), 100)
    text = ("-" if cents < 0 else "") + f"{whole:,}".replace(",", style[1]) + style[-3] + f"{rest:02}"
    found = pl.DataFrame({"text": [text]}).select(plain_number(pl.col("text"), style)).item()
    assert round(float(found) * 100) == cents


def test_zeros_in_front_make_an_identifier() -> None:
    (column,) = _columns(code=["00123", "00124", "10000"])
    assert column.kind == "text"


def test_decimal_commas_are_found() -> None:
    (column,) = _columns(amount=["1.234,50", "12,30", "7,00"])
    assert (column.kind, column.numbers, column.high, column.vote) == ("number", "1.234,56", 1234.5, ",")
