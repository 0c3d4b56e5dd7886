"""What each line is of, where names lie or say nothing: orders by how their values stand together."""

from __future__ import annotations

import pytest

from data.understanding.types import Understanding
from tests.data.understanding.conftest import Understood

HEAD = "When,Order,{name},Quantity,Amount"
ROWS = (
    "2024-05-02,Cup,K-901,2,19.00",
    "2024-05-02,Rug,K-901,1,55.00",
    "2024-05-03,Cup,K-902,1,9.50",
    "2024-05-06,Bag,K-903,3,60.00",
    "2024-05-06,Rug,K-903,1,55.00",
    "2024-05-09,Cup,K-904,4,38.00",
)


def _column(found: Understanding, meaning: str) -> str | None:
    return found.files[0].column(meaning)


def test_a_reference_whose_rows_stand_together_is_the_order(understood_text: Understood) -> None:
    for name in ("Ref", "z1"):
        found = understood_text("\n".join((HEAD.format(name=name), *ROWS)))
        assert _column(found, "order_id") == name
        assert found.totals is not None
        assert found.totals.orders == 4
        assert found.totals.last_day == "2024-05-09"


def test_an_order_whose_value_comes_back_stays_where_nothing_tells_orders_better(understood_text: Understood) -> None:
    rows = [row.replace("Cup", "B7").replace("Rug", "B8").replace("Bag", "B9") for row in ROWS]
    kept = [",".join([*row.split(",")[:2], f"Mug {n % 3}", *row.split(",")[3:]]) for n, row in enumerate(rows[:4])]
    found = understood_text("\n".join(("When,Order,Product,Quantity,Amount", *kept)))
    assert _column(found, "order_id") == "Order"


def test_small_numbers_that_go_up_and_down_are_no_orders(understood_text: Understood) -> None:
    rows = ("2024-05-02,12,K1,Cup,114.00", "2024-05-02,1,K1,Rug,55.00", "2024-05-03,3,K2,Cup,28.50",
            "2024-05-04,4,K3,Bag,80.00", "2024-05-08,2,K4,Rug,110.00", "2024-05-08,2,K5,Cup,19.00")  # fmt: skip
    found = understood_text("\n".join(("Stamp,Number,q,What,f7", *rows)))
    assert _column(found, "order_id") == "q"
    assert found.totals is not None
    assert found.totals.orders == 5


@pytest.mark.parametrize("name", ["Paid on", "Versanddatum", "Closed At"])
def test_the_only_date_is_the_day_and_said(understood_text: Understood, name: str) -> None:
    found = understood_text(f"Receipt,{name},Item,Qty,Net Sales\n1,2024-02-13,Tea,2,9.00\n2,2024-02-20,Pie,1,5.50")
    assert _column(found, "ordered_on") == name
    assert f"{name} is the only date: it is taken as the day of the sale." in found.sentences


def test_a_day_of_birth_is_no_day_of_a_sale(understood_text: Understood) -> None:
    found = understood_text("Order,Birth date,Item,Qty,Net Sales\n1,1984-02-13,Tea,2,9.00\n2,1979-02-20,Pie,1,5.50")
    assert found.content == {}
    assert "no column was taken as the date" in found.missing


def test_first_and_last_name_tell_customers_apart_where_firms_are_few(understood_text: Understood) -> None:
    rows = ("1,2024-02-13,,Ann,Bell,Tea,2,9.00", "2,2024-02-14,Acme,Ann,Cole,Pie,1,5.50",
            "3,2024-02-19,,Ann,Bell,Tea,1,4.50", "4,2024-02-21,,Tom,Bell,Pie,2,11.00")  # fmt: skip
    found = understood_text("\n".join(("Order,Date,Company,First Name,Surname,Product,Qty,Amount", *rows)))
    assert found.content["lines"]["columns"]["customer_id"] == {"column": ["First Name", "Surname"]}
    assert "Customers have no number: First Name and Surname together tell them apart." in found.sentences


def test_stores_of_a_short_file_are_a_breakdown(understood_text: Understood) -> None:
    rows = [
        f"{n},2024-02-{n + 10},{store},Cup,1,5.00" for n, store in enumerate(("Bath", "Ely", "Bath", "Wells", "Ely"))
    ]
    found = understood_text("\n".join(("Order,Date,Store,Product,Qty,Amount", *rows)))
    assert _column(found, "dimension:store") == "Store"
