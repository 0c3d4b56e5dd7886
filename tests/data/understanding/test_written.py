"""Cells that two programs, or two people, wrote in two ways."""

from __future__ import annotations

import pytest

from tests.data.understanding.conftest import Understood

HEAD = "Order;Date;Product;Quantity;Amount"


def test_two_styles_of_numbers_in_one_column(understood_text: Understood) -> None:
    amounts = ("1.250,40", "1,100.50", "99.95", "75,25", "2,000.00", "310,10", "12.345,00", "8.30")
    rows = [f"B{n};2024-02-{n + 12};Cup;1;{amount}" for n, amount in enumerate(amounts)]
    found = understood_text("\n".join((HEAD, *rows)))
    assert found.open({}) == []
    assert found.totals is not None
    assert found.totals.revenue == pytest.approx(17_189.50)


def test_korean_days(understood_text: Understood) -> None:
    rows = [f"B{n};2023년 {n}월 {n + 9}일;Cup;1;{n}.50" for n in range(1, 7)]
    found = understood_text("\n".join((HEAD, *rows)))
    assert found.totals is not None
    assert (found.totals.first_day, found.totals.last_day) == ("2023-01-10", "2023-06-15")


SLASHES = [f"S{n};{day}/{month}/2023;Cup;1;{n}.50" for n, (day, month) in enumerate([(17, 3), (25, 3), (29, 4)])]


def test_dashes_lie_among_the_days_that_slashes_prove(understood_text: Understood) -> None:
    dashes = [f"D{n};{month:02}-{day:02}-2023;Cup;1;{n}.50" for n, (day, month) in enumerate([(9, 3), (11, 4), (8, 4)])]
    found = understood_text("\n".join((HEAD, *SLASHES, *dashes)))
    assert found.open({}) == []
    assert found.totals is not None
    assert (found.totals.first_day, found.totals.last_day) == ("2023-03-09", "2023-04-29")


def test_dashes_that_fit_both_ways_are_asked(understood_text: Understood) -> None:
    dashes = [f"D{n};{month:02}-{day:02}-2023;Cup;1;{n}.50" for n, (day, month) in enumerate([(4, 3), (3, 4), (5, 4)])]
    found = understood_text("\n".join((HEAD, *SLASHES, *dashes)))
    assert [question.key for question in found.open({})] == ["dates:sales.csv:Date"]


@pytest.mark.parametrize("form", ["2023. {} {}.", "2023 {} {}", "{1}. {0} 2023"])
def test_days_with_the_year_in_front_or_behind(understood_text: Understood, form: str) -> None:
    days = [("január", 9), ("február", 24), ("március", 31)]
    rows = [f"H{n};{form.format(month, day)};Tál;2;{n}.50" for n, (month, day) in enumerate(days, 1)]
    found = understood_text("\n".join(("Számla;Kelt;Termék;Db;Érték", *rows)))
    assert found.totals is not None
    assert (found.totals.first_day, found.totals.last_day) == ("2023-01-09", "2023-03-31")
    assert found.totals.units == 6


def test_units_that_run_up_and_down_number_no_rows(understood_text: Understood) -> None:
    rows = [f"R{n};2023-05-{n + 10};Cup;{units};{2.25 * units:.2f}" for n, units in enumerate((2, 1, 4, 3))]
    found = understood_text("\n".join(("Order;Date;Product;f1;Amount", *rows)))
    assert found.files[0].column("quantity") == "f1"
