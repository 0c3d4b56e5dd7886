"""Numbers that stand for thousands, millions or hundredths, by their cells or by their column's name."""

from __future__ import annotations

from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.terms.numbers import plain_number
from data.terms.scales import TIMES, of_name
from data.terms.values import _multiplied
from tests.data.understanding.conftest import Understood
from tests.data.understanding.kinds import table


@pytest.mark.parametrize(
    ("name", "times"),
    [
        ("Sales ($000)", 1_000),
        ("Ventas (miles de €)", 1_000),
        ("Erlös TCHF", 1_000),
        ("k€ brut", 1_000),
        ("売上高（千円）", 1_000),
        ("Przychód (tys. PLN)", 1_000),
        ("销售额（万元）", 10_000),
        ("Amount (Rs. Lakh)", 100_000),
        ("Omsetning MNOK", 1_000_000),
        ("Net sales, USD m", 1_000_000),
        ("Erlöse in Mio. €", 1_000_000),
        ("total_pence", 0.01),
        ("Betrag (ct)", 0.01),
        ("Preis je 100 Stück", 0.01),
        ("Price/1000", 0.001),
    ],
)
def test_a_name_says_what_its_numbers_stand_for(name: str, times: float) -> None:
    assert of_name(name, whole=True) == times


@pytest.mark.parametrize(
    "name",
    ["Total (KR)", "Kunde", "T-shirts USD", "Umsatz EUR", "Sales 2000", "Cost CAD", "Amount", "Km", "Percent", "Mk"],
)
def test_ordinary_names_say_nothing(name: str) -> None:
    assert of_name(name, whole=True) == 1


def test_cents_with_decimals_are_no_cents() -> None:
    assert of_name("Cents", whole=False) == 1


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12.5k", 12_500),
        ("$1.2M", 1_200_000),
        ("-3k", -3_000),
        ("(2K)", -2_000),
        ("1.05 mio", 1_050_000),
        ("3.4万元", 34_000),
        ("2 lakh", 200_000),
        ("0.0001k", 0.1),
        ("12 kg", 12),
        ("5 M", 5),
        ("7 kr", 7),
        ("3 pcs", 3),
    ],
)
def test_words_behind_digits(text: str, value: float) -> None:
    number = pl.select(plain_number(pl.lit(text), "1,234.56").cast(pl.Float64)).item()
    assert number == value


@given(st.integers(-(10**5), 10**5), st.integers(0, 6), st.sampled_from(TIMES))
def test_multiplied_to_the_nearest_ten_thousandth(digits: int, places: int, times: float) -> None:
    exact = Fraction(digits, 10**places) * Fraction(str(times)) * 10_000
    text = f"{'-' if digits < 0 else ''}{abs(digits) // 10**places}.{abs(digits) % 10**places:0{max(1, places)}}"
    found = pl.select(pl.lit(text)).select(_multiplied(pl.first(), times)).item()
    assert found == (exact + Fraction(1, 2)).__floor__()


def test_thousands_of_the_name_count_in_all_that_is_said(understood_text: Understood) -> None:
    found = understood_text(
        table(
            "Beleg;Datum;Kunde;Artikel;Menge;Erlös (TCHF)",
            "1;2024-01-13;Alma;Kran;2;410,5",
            "2;2024-01-25;Bruno;Bagger;1;95,0",
            "3;2024-02-20;Alma;Kran;3;615,0",
        )
    )
    assert found.open({}) == []
    assert found.totals is not None
    assert found.totals.revenue == 1_120_500
    assert found.currency == "CHF"
    assert "The numbers of Erlös (TCHF) are multiplied by 1,000, as its name says." in found.sentences


def test_thousands_behind_some_cells(understood_text: Understood) -> None:
    found = understood_text(
        table(
            "Order,Date,Customer,Item,Qty,Revenue",
            "1,2024-01-13,Alma,Pump,2,980",
            "2,2024-01-25,Bruno,Motor,1,17.5k",
            "3,2024-02-20,Alma,Pump,3,1.1M",
        )
    )
    assert found.totals is not None
    assert found.totals.revenue == 1_118_480


def test_cents_beside_the_same_in_whole_money(understood_text: Understood) -> None:
    found = understood_text(
        table(
            "id,created,customer,product,quantity,total_cents,total",
            "o1,2024-01-03,u1,Mug,1,1250,12.50",
            "o2,2024-01-14,u2,Bowl,2,1990,19.90",
            "o3,2024-02-04,u1,Mug,3,3750,37.50",
        )
    )
    assert found.open({}) == []
    assert found.totals is not None
    assert found.totals.revenue == 69.9
