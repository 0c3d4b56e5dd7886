"""What each line is of, where names lie or say nothing: orders by how their values stand together."""

from __future__ import annotations

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
