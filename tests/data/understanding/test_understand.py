"""Understanding by names, facts and relations, each on tables made for it."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.recipe.recipes import parse
from data.recipe.toml import toml_text
from data.terms.dates import read as read_days
from data.terms.numbers import NUMBERS, plain_number
from data.terms.rows import ROW
from data.understanding.days import date_formats
from data.understanding.facts import Fact, profile
from data.understanding.names import likeness, slug, synonyms, words
from data.understanding.tables import Table, table_of
from data.understanding.types import Choices
from data.understanding.understand import understood


def _columns(**columns: list[str | None]) -> list[Fact]:
    frame = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
    return profile(frame.lazy(), frame.height)


def _file(name: str, **columns: list[str | None]) -> Table:
    named = {column.replace("_", " "): values for column, values in columns.items()}
    frame = pl.DataFrame(named, schema=dict.fromkeys(named, pl.String)).with_row_index(ROW, offset=2)
    return table_of(name, frame.lazy(), frame.height)


# --- Names ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("OrderNo.", "order no"),
        ("order_no", "order no"),
        ("ORDER NO", "order no"),
        ("Größe (cm)", "grosse cm"),
        ("SKU", "sku"),
    ],
)
def test_names_as_words(name: str, plain: str) -> None:
    assert words(name) == plain


@pytest.mark.parametrize(
    ("name", "meaning"),
    [
        ("InvoiceNo", "order_id"),
        ("Order ID", "order_id"),
        ("Order Date", "ordered_on"),
        ("CustomerKey", "customer_id"),
        ("StockCode", "product_id"),
        ("Qty", "quantity"),
        ("dollar_value", "revenue"),
        ("UnitPrice", "unit_price"),
        ("ProductSubcategoryKey", "subcategory_id"),
        ("SalesTerritoryKey", "territory_id"),
    ],
)
def test_a_name_means_one_thing_best(name: str, meaning: str) -> None:
    best = max(synonyms(), key=lambda one: likeness(name, one))
    assert best == meaning


def test_the_most_usual_name_counts_most() -> None:
    assert likeness("ProductName", "product") > likeness("ProductDescription", "product") > 0
    assert likeness("OrderLineItem", "order_id") == 0


@pytest.mark.parametrize(
    ("name", "made"),
    [("Ship Mode", "ship_mode"), ("2nd colour", "c_2nd_colour"), ("Shop ID", "shop_code"), ("日本", "")],
)
def test_names_of_breakdowns(name: str, made: str) -> None:
    assert slug(name) == made


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
    assert (formats, said) == (("%m/%d/%Y",), "1 different dates such as 01/13/2024 can only be read month first.")


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
