"""What is kept though it may be misread is said, with its rows and money, by every way to import."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data import guided
from data.checking.doubts import doubts
from data.guided import ImportOptions
from data.store import store

TODAY = date(2026, 11, 23)


def lines(prices: list[float], days: list[date] | None = None) -> pl.DataFrame:
    """Lines of one product at these prices for two units each."""
    return pl.DataFrame(
        {
            "ordered_on": days or [date(2026, 1, 1)] * len(prices),
            "product_id": ["Mug"] * len(prices),
            "quantity": [2] * len(prices),
            "revenue": [round(20_000 * price) for price in prices],
        }
    )


def test_a_price_of_eighty_times_the_usual_is_named() -> None:
    (said,) = doubts(lines([4.0] * 9 + [320.0]), TODAY)
    assert said == (
        "1 row has a price more than 10 times, or less than a tenth of, what the item usually costs, such as Mug at "
        "320.00, 80 times its usual 4.00. It comes to 640.00."
    )
    (said,) = doubts(lines([4.0] * 9 + [0.25]), TODAY)
    assert "such as Mug at 0.25, 16 times less than its usual 4.00. It comes to 0.50." in said


@pytest.mark.parametrize("prices", [[4.0] * 3 + [320.0], [4.0] * 9 + [39.0], [4.0] * 9 + [0.41], [4.0] * 9 + [0.0]])
def test_usual_prices_and_few_rows_say_nothing(prices: list[float]) -> None:
    assert doubts(lines(prices), TODAY) == ()


def test_days_to_come_and_days_far_away_are_named() -> None:
    days = [date(2026, 1, 1)] * 30
    (said,) = doubts(lines([4.0] * 31, [*days, date(2031, 5, 1)]), TODAY)
    assert said == "1 row has a date after the day of the import, 2026-11-23; the last is 2031-05-01. It comes to 8.00."
    (said,) = doubts(lines([4.0] * 201, [*days * 6, *days[:20], date(1999, 5, 1)]), TODAY)
    assert said == ("1 row has a date more than a year away from all others, on 1999-05-01. It comes to 8.00.")
    assert doubts(lines([4.0] * 31, [*days, date(2026, 11, 23)]), TODAY) == ()


@given(st.lists(st.sampled_from([1.0, 2.0, 3.0, 9.0, 25.0, 100.0, 0.1]), min_size=1, max_size=30))
def test_a_slow_twin_counts_the_same_prices(prices: list[float]) -> None:
    ordered = sorted(prices)
    middle = (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2
    far = [price for price in prices if price > 10 * middle or price < middle / 10]
    said = doubts(lines(prices), TODAY)
    if len(prices) < 5 or not far:
        assert said == ()
    else:
        rows = "1 row has" if len(far) == 1 else f"{len(far)} rows have"
        assert said[0].startswith(f"{rows} a price")
        assert said[0].endswith(f"{'It comes' if len(far) == 1 else 'They come'} to {2 * sum(far):,.2f}.")


def test_an_import_keeps_its_doubts(tmp_path: Path) -> None:
    rows = "".join(f"A{n},2026-01-{n + 1:02},C{n},Mug,1,{320 if n == 7 else 4}.00\n" for n in range(20))
    path = tmp_path / "sales.csv"
    path.write_text(f"Order No,Order Date,Customer,Product,Quantity,Amount\n{rows}A99,2031-01-01,C1,Mug,1,4.00\n")
    with guided.understood([path]) as files:
        files.prepare(ImportOptions(currency="EUR"), home=tmp_path / "home", name="sales", today=TODAY)
    said = store.load("sales", home=tmp_path / "home").reconciliation.doubts
    assert [sentence.split(" a ")[1].split(" ")[0] for sentence in said] == ["price", "date"]
    assert guided.choices_from(store.choices_text(store.find("sales", home=tmp_path / "home").path)).answers == {
        "currency": "EUR"
    }
