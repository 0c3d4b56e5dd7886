"""The small shop, worked by hand; and what recipes can do beside the two shipped ones."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from analytics.dataset import NOT_RECORDED
from data.__main__ import main
from data.building.layout import Prepared
from data.errors import DataError
from data.prepare import read
from data.recipe import recipes
from data.report import report
from tests.data.conftest import Shop


def _read(shop: Shop, origin: Path | None = None) -> Prepared:
    return read(recipes.read(shop.recipe), origin or shop.folder, name="shop")


def test_the_shop_by_hand(shop: Shop) -> None:
    prepared = _read(shop)
    lines = prepared.lines.with_columns(pl.col(pl.Enum).cast(pl.String))
    assert lines.select("customer", "day", "product", "category", "customer_metric", "quantity", "revenue").rows() == [
        (0, date(2024, 1, 1), "Pen", "Office", NOT_RECORDED, 1, 12345),
        (1, date(2023, 12, 31), "Lamp", "Home", "Female", 1, 200000),
        (1, date(2023, 12, 31), "Pen", "Office", "Female", 2, 24690),
    ]
    assert prepared.customers.with_columns(pl.col(pl.Enum).cast(pl.String)).rows() == [
        (None, None, None, None, NOT_RECORDED),
        ("7", "Ana Díaz", date(2023, 12, 31), None, "Female"),
        ("8", "Bo Li", None, None, NOT_RECORDED),
        ("9", "Cy Ng", None, None, "Male"),
    ]
    assert prepared.segments == ("customer_metric",)
    returns = prepared.returns
    assert returns is not None
    found = returns.with_columns(pl.col(pl.Enum).cast(pl.String)).rows(named=True)
    assert found == [
        {
            "day": date(2024, 1, 5),
            "category": "Home",
            "product": "Lamp",
            "quantity": 1,
            "amount": 200000,
            "customer": 2,
            "customer_metric": NOT_RECORDED,
        }
    ]
    aside = {item.rule: (item.rows, item.money) for item in prepared.reconciliation.set_aside}
    assert aside == {"missing_product": (1, 0), "zero_price": (1, 0)}
    counts = prepared.reconciliation
    assert (counts.rows_read, counts.lines_kept, counts.returns_kept) == (6, 3, 1)
    assert (counts.revenue, counts.returns_money) == (237035, -200000)
    kept = prepared.set_aside
    assert kept is not None
    assert kept.select("rule", "row", "source: No", "source: Item", "source: Qty").rows() == [
        ("zero_price", 6, "A4", "P3", "4"),
        ("missing_product", 7, "A5", None, "4"),
    ]
    assert prepared.orders["order_id"].to_list() == ["A2", "A1"]


def test_the_report_of_the_shop(shop: Shop) -> None:
    words = " ".join(report(_read(shop)).split())
    assert "rows in 6 3.70 = kept as sales lines 3 23.70 + turned into returns 1 -20.00" in words
    assert "+ set aside: missing_product 1 0.00 The row names no product. + set aside: zero_price 1 0.00" in words


def test_the_command_line(shop: Shop, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    origin = tmp_path / "files.zip"
    with zipfile.ZipFile(origin, "w") as archive:
        for path in shop.folder.glob("*.csv"):
            archive.write(path, f"export/2024/{path.name.upper()}")
            archive.writestr(f"__MACOSX/._{path.name}", b"")
    assert main(["prepare", str(shop.recipe), "--from", str(origin), "--home", str(tmp_path), "--name", "corner"]) == 0
    out = capsys.readouterr().out
    assert "SALES.CSV (lines): 6 rows" in out
    assert "Prepared as corner, version " in out
    assert (tmp_path / "corner" / "current").is_file()


@pytest.mark.parametrize(
    ("policy", "revenue", "discount"),
    [("amount", 95_000, 5_000), ("netted", 100_000, 5_000), ("rate", 50_000, 50_000)],
)
def test_discount(policy: str, revenue: int, discount: int, shop: Shop) -> None:
    shop.change("shop.toml", "[policies]", f'[policies]\ndiscount = "{policy}"')
    shop.change("shop.toml", 'quantity = "Qty"', 'quantity = "Qty"\nrevenue = "Money"\ndiscount = "Off"')
    shop.change("shop.toml", ', unit_price = "Price"', "")
    (shop.folder / "sales.csv").write_text("No,Date,Buyer,Item,Qty,Money,Off\nA1,31-12-2023,7,P1,2,10,0.5\n")
    lines = _read(shop).lines
    assert lines.select("revenue", "discount").row(0) == (revenue, discount)


def test_a_rate_rounds_half_away_from_zero_and_must_be_a_share(shop: Shop) -> None:
    shop.change("shop.toml", "[policies]", '[policies]\ndiscount = "rate"')
    shop.change("shop.toml", 'quantity = "Qty"', 'quantity = "Qty"\nrevenue = "Money"\ndiscount = "Off"')
    shop.change("shop.toml", ', unit_price = "Price"', "")
    rows = "A1,31-12-2023,7,P1,2,0.0001,0.5\nA2,31-12-2023,7,P1,2,5,15\nA3,31-12-2023,7,P1,-1,-0.0003,0.5\n"
    (shop.folder / "sales.csv").write_text("No,Date,Buyer,Item,Qty,Money,Off\n" + rows)
    prepared = _read(shop)
    assert prepared.lines.select("revenue", "discount").rows() == [(0, 1)]
    assert prepared.returns is not None
    assert prepared.returns["amount"].to_list() == [1]
    assert [item.rule for item in prepared.reconciliation.set_aside] == ["discount_rate"]


def test_money_is_exact_where_a_float_is_not(shop: Shop) -> None:
    shop.change("items.csv", "1.2345", "90071992547.4099")
    prices = {row["product_id"]: row for row in _read(shop).products.iter_rows(named=True)}
    assert "P1" in prices
    pens = _read(shop).lines.filter(pl.col("product") == "Pen")
    expected = int(Decimal("90071992547.4099") * 10_000)
    assert pens["revenue"].to_list() == [expected, 2 * expected]


def test_more_money_than_a_line_can_hold_is_set_aside(shop: Shop) -> None:
    shop.change("sales.csv", "P2,1\n", "P2,9000000000000000\n")
    prepared = _read(shop)
    rules = {item.rule: item.money for item in prepared.reconciliation.set_aside}
    assert rules["too_large"] == 0


def test_flat_parquet_with_types_and_customers_in_the_lines(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {
            "order": [1, 1, 2, 3],
            "at": [
                datetime(2024, 1, 1, 23, 59),
                datetime(2024, 1, 2, 0, 1),
                datetime(2024, 1, 3),
                datetime(2024, 1, 4),
            ],
            "item": ["Tea", "Cup", "Tea", "Tea"],
            "qty": [1, 2, 3, 4],
            "money": [1.1, 2.2, 3.3, 4.4],
            "who": ["x", None, "y", "x"],
            "kind": ["Home", None, "Corporate", "Office"],
            "via": ["web", "web", "shop", None],
        }
    )
    frame.write_parquet(tmp_path / "flat.parquet")
    (tmp_path / "flat.toml").write_text(
        'title = "Flat"\ncurrency = "USD"\n[lines]\nfiles = "flat.parquet"\n[lines.columns]\norder_id = "order"\n'
        'ordered_on = "at"\ncustomer_id = "who"\nproduct = "item"\nquantity = "qty"\nrevenue = "money"\n'
        'channel = "via"\n'
        '[customers.columns]\nkind = "kind"\n'
    )
    prepared = read(recipes.read(tmp_path / "flat.toml"), tmp_path / "flat.parquet", name="flat")
    lines = prepared.lines.with_columns(pl.col(pl.Enum).cast(pl.String))
    # Order 1 crosses midnight and names its customer on one line only; x is Home and Office once each.
    assert lines.select("customer", "day", "product", "channel", "kind", "revenue").rows() == [
        (1, date(2024, 1, 1), "Cup", "web", "Home", 22_000),
        (1, date(2024, 1, 1), "Tea", "web", "Home", 11_000),
        (1, date(2024, 1, 4), "Tea", NOT_RECORDED, "Home", 44_000),
        (2, date(2024, 1, 3), "Tea", "shop", "Corporate", 33_000),
    ]
    assert prepared.reconciliation.notes == (
        "1 orders name their customer on some lines only: all lines count for that customer.",
        "1 orders have lines of several days: counted on their earliest day.",
    )
    assert prepared.products["product_id"].to_list() == ["Cup", "Tea"]


def test_names_are_cleaned_and_commonest_wins(shop: Shop) -> None:
    shop.change("items.csv", "Pen,Office", " Pen ,Office ")
    assert _read(shop).products["product"].to_list() == ["Lamp", "Pen"]


def test_returns_and_targets_tables(shop: Shop) -> None:
    (shop.folder / "back.csv").write_text("Day,Order,Item,Qty,Why\n2024-02-01,A1,P1,1,late\n2024-02-02,,P2,0,\n")
    (shop.folder / "goals.csv").write_text(
        "Month,Group,Goal\n2024-01-01,,100\n2024-02-15,Home,50.5\n2024-02-01,Toys,1\n"
    )
    shop.change(
        "shop.toml",
        'negative_quantity = "returns"',
        'negative_quantity = "set_aside"',
    )
    with shop.recipe.open("a") as file:
        file.write(
            '[returns]\nfiles = "back.csv"\n[returns.columns]\nreturned_on = "Day"\norder_id = "Order"\n'
            'product_id = "Item"\nquantity = "Qty"\nreason = "Why"\n[targets]\nfiles = "goals.csv"\n[targets.columns]\n'
            'month = "Month"\ncategory = "Group"\nrevenue = "Goal"\n'
        )
    prepared = _read(shop)
    assert prepared.returns_valued == "list price"
    assert prepared.returns is not None
    row = prepared.returns.with_columns(pl.col(pl.Enum).cast(pl.String)).row(0, named=True)
    assert (row["amount"], row["order"], row["customer"], row["reason"]) == (12345, 1, 1, "late")
    assert prepared.targets is not None
    assert prepared.targets.with_columns(pl.col(pl.Enum).cast(pl.String)).rows() == [
        (date(2024, 1, 1), None, 1_000_000),
        (date(2024, 2, 1), "Home", 505_000),
    ]
    assert prepared.targets.schema["category"] == prepared.lines.schema["category"]
    assert prepared.reconciliation.notes == (
        "1 rows of the returns were set aside (no_quantity 1).",
        "1 targets name places or products that no line has: left out.",
    )
    assert {item.rule: item.rows for item in prepared.reconciliation.set_aside} == {
        "missing_product": 1,
        "zero_price": 1,
        "negative_quantity": 1,
    }


def test_returns_of_money_alone_need_an_amount(shop: Shop) -> None:
    (shop.folder / "back.csv").write_text("Day,Order,Paid back\n2024-02-01,A1,2.50\n2024-02-02,A1,\n")
    text = shop.recipe.read_text(encoding="utf-8")
    table = '[returns]\nfiles = "back.csv"\n[returns.columns]\nreturned_on = "Day"\norder_id = "Order"\n'
    shop.recipe.write_text(text + table, encoding="utf-8")
    with pytest.raises(DataError, match="no quantity and no amount"):
        _read(shop)
    shop.recipe.write_text(f'{text}{table}amount = "Paid back"\n', encoding="utf-8")
    prepared = _read(shop)
    assert prepared.returns is not None
    assert (25_000, 0) in prepared.returns.select("amount", "quantity").rows()
    assert "1 rows of the returns were set aside (missing_price 1)." in prepared.reconciliation.notes


def test_byte_order_mark_and_quoted_line_ends(shop: Shop) -> None:
    text = (shop.folder / "buyers.csv").read_text(encoding="utf-8").replace("ANA", '"ANA\nLUZ"')
    (shop.folder / "buyers.csv").write_bytes(io.BytesIO(b"\xef\xbb\xbf" + text.encode()).read())
    assert "Ana\nLuz Díaz" in _read(shop).customers["name"].to_list()
