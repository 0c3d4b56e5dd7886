"""Names that arithmetic contradicts: hand-made sheets of a few rows."""

from __future__ import annotations

import numpy as np

from data.understanding.overruled import without_lies
from data.understanding.relations import Sheet

UNITS = np.array([1.0, 2.0, 3.0, 5.0, 4.0])
PRICE = np.array([10.25, 3.5, 7.1, 2.99, 10.25])
AMOUNT = UNITS * PRICE


def _roles(columns: dict[str, tuple[str, np.ndarray]], coins: set[str]) -> dict[str, str]:
    sheet = Sheet(
        {name: values for name, (_, values) in columns.items()},
        {name: role for name, (role, _) in columns.items()},
        coins=frozenset(coins),
    )
    return dict(without_lies(sheet).roles)


def test_points_that_are_quantity_times_price_are_an_amount() -> None:
    columns = {"Qty": ("quantity", UNITS), "Amount": ("amount", PRICE), "Points": ("neutral", AMOUNT)}
    assert _roles(columns, {"Amount", "Points"})["Points"] == ""
    loyal = {**columns, "Points": ("neutral", np.floor(AMOUNT))}
    assert _roles(loyal, {"Amount"})["Points"] == "neutral"


def test_a_weight_that_makes_the_amount_is_the_quantity() -> None:
    weight = np.array([0.25, 1.5, 2.0, 0.335, 0.75])
    columns = {
        "Weight": ("neutral", weight),
        "Price": ("price", PRICE),
        "Amount": ("amount", np.round(weight * PRICE, 2)),
    }
    assert _roles(columns, {"Price", "Amount"})["Weight"] == "quantity"
    shipped = {**columns, "Qty": ("quantity", UNITS), "Amount": ("amount", AMOUNT)}
    assert _roles(shipped, {"Price", "Amount"})["Weight"] == "neutral"


def test_tax_below_zero_is_none() -> None:
    below = np.array([0.0, -1.0, -0.5, 0.0, -2.0])
    columns = {"Tax": ("tax", below), "Amount": ("amount", AMOUNT)}
    assert _roles(columns, {"Tax", "Amount"})["Tax"] == ""
    assert _roles({**columns, "Tax": ("tax", -below)}, {"Tax", "Amount"})["Tax"] == "tax"


def test_a_cost_at_which_all_is_sold_is_a_price() -> None:
    columns = {"Qty": ("quantity", UNITS), "Cost": ("cost", PRICE), "Sales": ("amount", AMOUNT)}
    assert _roles(columns, {"Cost", "Sales"})["Cost"] == "price"
    earning = {**columns, "Sales": ("amount", AMOUNT * 1.5)}
    assert _roles(earning, {"Cost", "Sales"})["Cost"] == "cost"


def test_what_is_left_of_a_cost_is_a_discount_under_any_name() -> None:
    off = np.array([0.0, 0.7, 2.13, 1.5, 0.0])
    columns = {
        "Qty": ("quantity", UNITS),
        "Cost": ("cost", PRICE),
        "Tax": ("tax", off),
        "Gross": ("amount", AMOUNT - off),
    }
    roles = _roles(columns, {"Cost", "Tax", "Gross"})
    assert (roles["Cost"], roles["Tax"]) == ("price", "discount")


def test_points_that_are_quantity_times_price_less_a_discount_are_an_amount() -> None:
    off = np.array([0.0, 0.7, 2.13, 1.5, 0.0])
    columns = {
        "Qty": ("quantity", UNITS),
        "Amount": ("amount", PRICE),
        "Bonus": ("", off),
        "Points": ("neutral", np.round(AMOUNT - off, 2)),
    }
    assert _roles(columns, {"Amount", "Bonus", "Points"})["Points"] == ""
    share = np.array([0.0, 0.1, 0.25, 0.1, 0.0])
    shares = {**columns, "Bonus": ("", share), "Points": ("neutral", np.round(AMOUNT * (1 - share), 2))}
    assert _roles(shares, {"Amount", "Points"})["Points"] == ""
    other = {**columns, "Points": ("neutral", np.round(AMOUNT - off[::-1] - 1, 2))}
    assert _roles(other, {"Amount", "Bonus", "Points"})["Points"] == "neutral"
