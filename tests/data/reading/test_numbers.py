"""Numbers in text: the decimal mark is decided over the column, values are exact."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.reading import numbers
from data.reading.numbers import SCALE, Numbers


def read(cells: Sequence[str | None], **changes: Any) -> tuple[Numbers, list[int | None]]:
    """The style of a column and its money."""
    style = replace(numbers.understand(pl.Series("x", cells, dtype=pl.String)), **changes)
    frame = pl.DataFrame({"x": cells}, schema={"x": pl.String})
    return style, frame.select(numbers.money(pl.col("x"), style))["x"].to_list()


def scaled(*amounts: str | None) -> list[int | None]:
    return [None if amount is None else int(Decimal(amount) * SCALE) for amount in amounts]


@pytest.mark.parametrize(
    ("cells", "decimal", "amounts"),
    [
        (["1,234.56", "12", "-0.5"], ".", ["1234.56", "12", "-0.5"]),
        (["1.234,56", "12", "-0,5"], ",", ["1234.56", "12", "-0.5"]),
        (["1.234.567", "12,5"], ",", ["1234567", "12.5"]),
        (["1,234,567", "1,234"], ".", ["1234567", "1234"]),
        (["1 234,50", "2\u00a0000,00", "3\u202f000,1"], ",", ["1234.5", "2000", "3000.1"]),
        (["1'234.50", "2’000.00"], ".", ["1234.5", "2000"]),
        (["1,23,456.78", "12,34,567"], ".", ["123456.78", "1234567"]),
        (["(1,234.56)", "(5.00)", "7.00"], ".", ["-1234.56", "-5", "7"]),
        (["1.00-", "−2.00", "–3.00", "+4.00"], ".", ["-1", "-2", "-3", "4"]),
        (["$1,234.56", "-$5.00", "$-6.00", "($7.00)"], ".", ["1234.56", "-5", "-6", "-7"]),
        (["1.234,56 €", "€ 5,00", "EUR 6,00", "7,00 EUR"], ",", ["1234.56", "5", "6", "7"]),
        (["R$ 1.234,56", "R$ 7,00"], ",", ["1234.56", "7"]),
        (["12.5%", "100%", "0.25 %", "7%"], ".", ["0.125", "1", "0.0025", "0.07"]),
        ([".5", "5.", "0.1234"], ".", ["0.5", "5", "0.1234"]),
        (["1.5E+3", "2e-2", "7.25"], ".", ["1500", "0.02", "7.25"]),
        (["12", "007", "0"], ".", ["12", "7", "0"]),
    ],
)
def test_styles(cells: list[str], decimal: str, amounts: list[str]) -> None:
    style, money = read(cells)
    assert style.decimal == decimal
    assert not style.ambiguous
    assert money == scaled(*amounts)
    assert (style.filled, style.readable) == (len(cells), len(cells))


@pytest.mark.parametrize("cells", [["1,234", "5,678"], ["1.234", "5.678"], ["1,234", "5.678"]])
def test_three_digits_after_one_mark_leave_it_open(cells: list[str]) -> None:
    style, _ = read(cells)
    assert style.ambiguous
    assert "'1" in style.evidence


def test_the_mark_can_be_said() -> None:
    assert read(["1.234", "5.678"], decimal=",")[1] == scaled("1234", "5678")
    assert read(["1.234", "5.678"], decimal=".")[1] == scaled("1.234", "5.678")
    # Whole numbers of four digits without a mark: thousands are not marked, so the comma is the decimal one.
    style, money = read(["1,234", "5678"])
    assert (style.decimal, style.ambiguous) == (",", True)
    assert money == scaled("1.234", "5678")


def test_one_cell_decides_for_all() -> None:
    style, money = read(["1,234", "5,678", "9,5"])
    assert (style.decimal, style.ambiguous, money) == (",", False, scaled("1.234", "5.678", "9.5"))
    style, money = read(["1,234", "5,678", "9.5"])
    assert (style.decimal, style.ambiguous, money) == (".", False, scaled("1234", "5678", "9.5"))


def test_a_column_that_contradicts_itself() -> None:
    style, money = read(["1.5", "2.25", "3,75"])
    assert (style.decimal, style.contrary, style.readable) == (".", 1, 2)
    assert money == scaled("1.5", "2.25", None)
    assert "otherwise" in style.evidence


def test_what_is_no_number() -> None:
    cells = [
        "12.5",
        None,
        "",
        "  ",
        "abc",
        "1.2.3",
        "1-2",
        "(5",
        "--5",
        "12:30",
        "1,2,3",
        "AB 5",
        "5 kg",
        "n/a",
        "e5",
        "²",
    ]
    style, money = read(cells)
    assert money == [*scaled("12.5"), *[None] * 15]
    assert style.readable == 1
    assert style.filled == 12


def test_exact_to_the_fourth_decimal_and_no_overflow() -> None:
    cells = ["0.00005", "-0.00005", "0.00004999", "1.23456", "99999999999999.9999", "999999999999999", "0.1", "0.2"]
    assert read(cells)[1] == [1, -1, 0, 12346, 999999999999999999, None, 1000, 2000]


def test_facts_of_a_column() -> None:
    style, _ = read(["$1.00", "$2.00", "€3.00", "-4.00", "(5.00)", "6%"])
    assert dict(style.currencies) == {"$": 2, "€": 1}
    assert (style.negatives, style.percent, style.whole, style.plain) == (2, 1, False, False)
    style, _ = read(["00123", "00045", "7"])
    assert (style.leading_zeros, style.whole, style.plain) == (2, True, True)
    frame = pl.DataFrame({"x": ["$1", "2 EUR", "3"]})
    style = numbers.understand(frame["x"])
    assert frame.select(numbers.currency(pl.col("x"), style))["x"].to_list() == ["$", "EUR", None]


def test_whole_numbers() -> None:
    frame = pl.DataFrame({"x": ["1,000", "2.0", "2.5", "-3", "x"]})
    style = numbers.understand(frame["x"])
    assert frame.select(numbers.whole(pl.col("x"), style))["x"].to_list() == [1000, 2, None, -3, None]


def test_text_is_told_at_once() -> None:
    style = numbers.understand(pl.Series([f"item {n}" for n in range(50)]))
    assert (style.readable, style.filled) == (0, 50)
    assert numbers.understand(pl.Series([], dtype=pl.String)).share == 0.0


def slow_twin(amount: Decimal) -> int:
    return int((amount * SCALE).quantize(Decimal(1), ROUND_HALF_UP))


@settings(max_examples=200, deadline=None)
@given(
    amounts=st.lists(st.decimals(-(10**9), 10**9, places=6), min_size=1, max_size=20),
    decimal=st.sampled_from([".", ","]),
    thousands=st.sampled_from(["", ",", ".", " ", "'"]),
    shape=st.sampled_from(["{}", "$ {}", "{} EUR", "({})"]),
)
def test_like_decimal(amounts: list[Decimal], decimal: str, thousands: str, shape: str) -> None:
    if thousands == decimal:
        thousands = ""
    cells = []
    for amount in amounts:
        text = f"{abs(amount):,.6f}".replace(",", "T").replace(".", decimal).replace("T", thousands)
        sign = "-" if amount < 0 and shape != "({})" else ""
        cells.append((shape if shape != "({})" or amount < 0 else "{}").format(sign + text))
    _, money = read(cells)
    assert money == [slow_twin(amount) for amount in amounts]
