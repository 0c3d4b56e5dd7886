"""Understanding of files: their roles and joins, their rows, orders and statuses, each on tables made for it."""

from __future__ import annotations

import polars as pl
import pytest

from data.recipe.recipes import parse
from data.recipe.toml import toml_text
from data.terms.rows import ROW
from data.understanding.tables import Table, table_of
from data.understanding.types import Choices
from data.understanding.understand import understood


def _file(name: str, **columns: list[str | None]) -> Table:
    named = {column.replace("_", " "): values for column, values in columns.items()}
    frame = pl.DataFrame(named, schema=dict.fromkeys(named, pl.String)).with_row_index(ROW, offset=2)
    return table_of(name, frame.lazy(), frame.height)


# --- Files ------------------------------------------------------------------------------------------------------------


_LINES = {
    "Order_No": ["A1", "A1", "A2", "A3"],
    "Date": ["31/12/2023", "31/12/2023", "01/01/2024", "02/01/2024"],
    "Item": ["P1", "P2", "P1", "P2"],
    "Qty": ["1", "2", "3", "4"],
}


def test_prices_from_the_product_list() -> None:
    items = _file("items.csv", Item_No=["P1", "P2"], Item_Name=["Pen", "Lamp"], Price=["1.20", "20"])
    lines = _file("orders.csv", **{**_LINES, "Item No": _LINES["Item"]} | {"Item": ["Pen", "Lamp", "Pen", "Lamp"]})
    found = understood([lines, items])
    assert {one.file: one.role for one in found.files} == {"orders.csv": "lines", "items.csv": "products"}
    assert found.joins == ("orders.csv joins items.csv by Item No: every value is found there.",)


def test_a_lookup_that_nothing_names_is_left_alone() -> None:
    shops = _file("shops.csv", Store_ID=["1", "2"], Country=["France", "Spain"])
    found = understood([_file("orders.csv", **_LINES, Amount=["1", "2", "3", "4"]), shops])
    assert [(one.role, one.evidence) for one in found.files if one.file == "shops.csv"] == [
        ("unused", "It describes territories, but no other file names them.")
    ]


def test_two_kinds_of_lines_are_not_mixed() -> None:
    wide = _file("all.csv", **_LINES, Amount=["1", "2", "3", "4"])
    other = _file("other.csv", Date=["2024-01-31"], Product=["Pen"], Revenue=["3"])
    found = understood([wide, other])
    assert [one.role for one in found.files] == ["lines", "unused"]


def test_what_is_chosen_by_hand_wins() -> None:
    amounts = {"Amount": ["1", "2", "3", "4"], "Total": ["5", "6", "7", "8"]}
    lines = _file("orders.csv", **_LINES, **amounts)
    choices = Choices(meanings={"orders.csv": {"Total": "revenue"}})
    chosen = understood([lines], choices)
    assert chosen.files[0].column("revenue") == "Total"
    assert chosen.files[0].meanings["Amount"].meaning == ""
    assert chosen.totals is not None
    assert chosen.totals.revenue == 26.0
    recipe = parse(toml_text(chosen.recipe(choices)), file="recipe", name="x")
    assert recipe.lines.columns["revenue"].columns == ("Total",)
    assert recipe.lines.files[0].dates == "%d/%m/%Y"


@pytest.mark.parametrize("name", ["<script>.csv", "a[1].csv", "*.csv", 'quote".csv', "naïve;ß.csv"])
def test_any_file_name_survives_the_recipe(name: str) -> None:
    from fnmatch import fnmatchcase

    found = understood([_file(name, **_LINES, Amount=["1", "2", "3", "4"])])
    recipe = parse(toml_text(found.recipe(Choices())), file="recipe", name="x")
    assert fnmatchcase(name.lower(), recipe.lines.files[0].file.lower())


# --- Rows, orders, statuses -------------------------------------------------------------------------------------------


def _sales(**more: list[str | None]) -> Table:
    columns: dict[str, list[str | None]] = {
        "Order_date": ["2024-01-02", "2024-01-03", "2024-01-05", "2024-01-09"],
        "Product": ["Cup", "Bowl", "Cup", "Plate"],
        "Quantity": ["1", "2", "3", "1"],
        "Amount": ["5.00", "9.00", "15.00", "7.50"],
    }
    return _file("sales.csv", **{**columns, **more})


def test_a_column_with_one_value_on_many_days_numbers_no_orders() -> None:
    found = understood([_sales(Purchase_point=["Main store"] * 4)])
    assert found.files[0].column("order_id") is None
    assert "Purchase point is no order number: it has one value on many days." in found.sentences
    assert found.totals is not None
    assert found.totals.orders == 4


def test_the_status_is_the_column_that_tells() -> None:
    found = understood([_sales(Type=["Sales invoice"] * 4, Status=["Paid", "Voided", "Paid", "Sent"])])
    assert found.files[0].column("status") == "Status"
    assert found.totals is not None
    assert found.totals.revenue == 27.50


def test_a_row_of_sums_takes_nothing_from_the_order_above_it() -> None:
    found = understood(
        [
            _file(
                "report.csv",
                Order_number=["1", "2", "2", "2", "3"],
                Sale_date=["2024-03-02", "2024-03-08", "2024-03-08", "2024-03-08", "2024-03-10"],
                Item_title=["Vinyl", None, "Poster", "Frame", "Vinyl"],
                Transaction_id=["71", None, "72", "73", "74"],
                Quantity=["1", "3", "2", "1", "1"],
                Price=["25.00", "58.00", "18.00", "22.00", "25.00"],
            )
        ]
    )
    assert not any("repeat the row above" in sentence for sentence in found.files[0].sentences)


def test_the_orders_are_those_that_have_a_day() -> None:
    payments = _file("a_payments.csv", order_id=["11", "12", "13"], paid_by=["card", "cash", "card"])
    orders = _file("orders.csv", order_id=["11", "12", "13"], ordered_on=["2024-01-02", "2024-01-03", "2024-01-04"])
    items = _file(
        "items.csv",
        order_id=["11", "11", "12", "12", "13", "13"],
        product=["Cup", "Bowl", "Cup", "Plate", "Cup", "Bowl"],
        price=["5.00", "9.00", "5.00", "7.50", "5.00", "9.00"],
        freight_value=["1.20", "1.25", "2.00", "2.10", "3.10", "3.30"],
    )
    found = understood([payments, orders, items])
    assert {one.file: one.role for one in found.files} == {
        "a_payments.csv": "unused",
        "orders.csv": "orders",
        "items.csv": "lines",
    }
    assert found.totals is not None
    # The price, not the postage, though neither is proven.
    assert found.totals.revenue == 40.50


def test_the_status_of_the_orders_counts_in_the_totals() -> None:
    orders = _file(
        "orders.csv",
        order_id=["11", "12", "13"],
        ordered_on=["2024-01-02", "2024-01-03", "2024-01-04"],
        order_status=["delivered", "canceled", "delivered"],
    )
    items = _file(
        "items.csv",
        order_id=["11", "11", "12", "12", "13", "13"],
        product=["Cup", "Bowl", "Cup", "Plate", "Cup", "Bowl"],
        quantity=["1", "2", "1", "1", "2", "1"],
        amount=["5.00", "18.00", "5.00", "7.50", "10.00", "9.00"],
    )
    found = understood([orders, items])
    assert found.totals is not None
    assert (found.totals.revenue, found.totals.orders) == (42.0, 2)


def test_a_refund_that_is_set_as_not_used_is_not_used() -> None:
    given: list[str | None] = ["0.00", "4.50", "0.00", "0.00"]
    table = _sales(Amount_refunded=given)
    assert understood([table]).files[0].column("refunded") == "Amount refunded"
    found = understood([table], Choices(meanings={"sales.csv": {"Amount refunded": ""}}))
    assert found.files[0].column("refunded") is None
    assert not any("becomes returns" in sentence for sentence in found.sentences)
