"""Amounts of several currencies are never summed."""

from __future__ import annotations

from pathlib import Path

from data import findings
from data.prepare import read
from data.recipe import recipes
from data.sources import Origin
from tests.data.small_shop import RECIPE, TODAY


def test_currencies_are_never_summed(tmp_path: Path) -> None:
    text = "Order,Date,Customer,Product,Quantity,Price,Money\nA1,2024-01-01,7,P1,1,5,EUR\nA2,2024-01-01,7,P1,1,7,usd\n"
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    recipe = recipes.parse(RECIPE + 'currency = "Money"\n', file="rules", name="shop")
    prepared = read(recipe, tmp_path, name="shop")
    assert prepared.reconciliation.revenue == 50_000
    assert [(one.rule, one.rows, one.money) for one in prepared.reconciliation.set_aside] == [("other_currency", 1, 0)]
    assert prepared.reconciliation.notes == ("Rows in another currency are not in these sums: 1 row with 7.00 USD.",)


def test_signs_of_several_currencies_are_never_summed(tmp_path: Path) -> None:
    prices = ["€1,000.50", "$ 7.00", "2.00 EUR", "3.00", "kr 10.00", "US$1.00", "12,00.0"]
    rows = "".join(f'A{number},2024-01-0{number + 1},7,P1,1,"{price}"\n' for number, price in enumerate(prices))
    (tmp_path / "a.csv").write_text("Order,Date,Customer,Product,Quantity,Price\n" + rows, encoding="utf-8")
    text = RECIPE.replace('files = "*.csv"', 'files = "*.csv"\nnumbers = "1,234.56"')
    recipe = recipes.parse(text, file="rules", name="shop")
    prepared = read(recipe, tmp_path, name="shop")
    assert prepared.reconciliation.revenue == 10_055_000
    assert {(one.rule, one.rows, one.money) for one in prepared.reconciliation.set_aside} == {
        ("other_currency", 3, 0),
        ("unreadable_unit_price", 1, 0),
    }
    found = findings.find(recipe, Origin(tmp_path, tmp_path), today=TODAY)
    other = next(one for one in found.by_rule if one.rule == "other_currency")
    assert other.note == "It is not in these sums: 2 rows with 8.00 USD, 1 row with 10.00 SEK."
    ends = found.outcome(recipe.policies)
    assert (ends.kept, ends.revenue, ends.aside, ends.aside_money) == (3, 10_055_000, 4, 0)
