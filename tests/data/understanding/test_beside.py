"""Files beside the sales: refunds and payments by order, lists that are named by their values, buyers of orders."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from analytics.dataset import MONEY_SCALE
from data import guided
from data.building.layout import Prepared
from data.guided import ImportOptions

TODAY = date(2026, 1, 15)

SALES = """Bestellung;Datum;Kunde;Artikel;Menge;Betrag
B-70;2025-02-03;Ida;Kanne;1;18,40
B-71;2025-02-05;Max;Tasse;2;15,00
B-72;2025-02-09;Ida;Tasse;1;7,50
B-73;2025-02-21;Ugo;Kanne;3;55,20
"""

REFUNDS = """Vorgang;Bestellung;Erstattet am;Erstattung;Grund
E1;B-71;2025-02-11;7,50;Bruch
E2;B-73;2025-03-01;18,40;Farbe
"""


def _prepared(tmp_path: Path, files: Mapping[str, str]) -> tuple[list[str], dict[str, str], Prepared]:
    """What is said, the role of each file, and what is prepared."""
    paths = []
    tmp_path.mkdir(exist_ok=True)
    for name, text in files.items():
        paths.append(tmp_path / name)
        paths[-1].write_text(text, encoding="utf-8")
    with guided.understood(paths) as read:
        roles = {use.file: use.role for use in read.understood.files}
        said = read.summary(ImportOptions())
        result = read.prepare(ImportOptions(), home=tmp_path / "home", name="shop", today=TODAY)
    return said, roles, result.prepared


def _money(values: Any) -> float:
    return int(values.sum()) / MONEY_SCALE


def test_refunds_by_order_become_returns_of_money(tmp_path: Path) -> None:
    said, roles, prepared = _prepared(tmp_path, {"sales.csv": SALES, "erstattungen.csv": REFUNDS})
    assert roles == {"sales.csv": "lines", "erstattungen.csv": "returns"}
    assert "25.90 in all: it becomes returns" in "\n".join(said)
    assert prepared.returns is not None
    assert _money(prepared.returns["amount"]) == 25.9
    assert int(prepared.returns["quantity"].sum()) == 0
    assert _money(prepared.lines["revenue"]) == 96.1
    known = prepared.customers.with_row_index("customer")["customer_id"].gather(prepared.returns["customer"])
    assert sorted(known.cast(str).to_list()) == ["Max", "Ugo"]


def test_a_single_refund_is_known_by_its_order(tmp_path: Path) -> None:
    one = "".join(REFUNDS.splitlines(keepends=True)[:2])
    _, roles, prepared = _prepared(tmp_path, {"sales.csv": SALES, "erstattungen.csv": one})
    assert roles["erstattungen.csv"] == "returns"
    assert prepared.returns is not None
    assert _money(prepared.returns["amount"]) == 7.5


def test_what_both_files_say_came_back_is_said(tmp_path: Path) -> None:
    twice = f"{SALES}B-74;2025-02-25;Ugo;Kanne;-1;-18,40\n"
    said, _, _ = _prepared(tmp_path, {"sales.csv": twice, "erstattungen.csv": REFUNDS})
    assert "sales.csv and erstattungen.csv both say what came back" in "\n".join(said)
    said, _, _ = _prepared(tmp_path / "once", {"sales.csv": SALES, "erstattungen.csv": REFUNDS})
    assert "both say what came back" not in "\n".join(said)


def test_refunds_below_zero_and_without_a_telling_file_name(tmp_path: Path) -> None:
    text = "Order,Date,Refund total\nB-70,2025-02-06,-8.40\nB-72,2025-02-12,-7.50\n"
    _, roles, prepared = _prepared(tmp_path, {"sales.csv": SALES, "more.csv": text})
    assert roles["more.csv"] == "returns"
    assert prepared.returns is not None
    assert _money(prepared.returns["amount"]) == 15.9


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("zahlungen.csv", "Nr;Rechnung;Datum;Betrag\nZ1;B-70;2025-02-04;18,40\nZ2;B-71;2025-02-06;15,00\n", "33.40"),
        ("bank.csv", "Ref,Order,Paid on,Paid\nX,B-72,2025-02-10,7.50\nY,B-73,2025-02-22,55.20\n", "62.70"),
    ],
)  # fmt: skip
def test_payments_are_no_sales_and_are_said_with_their_money(tmp_path: Path, name: str, text: str, why: str) -> None:
    said, roles, prepared = _prepared(tmp_path, {"sales.csv": SALES, name: text})
    assert roles == {"sales.csv": "lines", name: "unused"}
    assert f"comes to {why}: payments are no sales" in "\n".join(said)
    assert _money(prepared.lines["revenue"]) == 96.1


def test_money_by_order_that_nothing_explains_is_said(tmp_path: Path) -> None:
    text = "Order,Weird\nB-70,11.25\nB-71,3.10\n"
    said, roles, _ = _prepared(tmp_path, {"sales.csv": SALES, "extra.csv": text})
    assert roles["extra.csv"] == "unused"
    assert "Weird comes to 14.35: nothing says whether that is paid or given back" in "\n".join(said)


def test_a_column_whose_values_are_keys_of_a_list_is_a_key_whatever_it_is_called(tmp_path: Path) -> None:
    items = "Order,Type,Pcs,Price\n" + "".join(
        f"{500 + n // 2},T-{n % 4 + 1},{n % 3 + 1},{n % 4 + 2}.50\n" for n in range(12)
    )
    orders = "Order,Day,MemberId\n" + "".join(f"{500 + n},2025-04-{n + 1:02},{n % 3 + 1}\n" for n in range(6))
    goods = "Type,Title\nT-1,Sled\nT-2,Skis\nT-3,Poles\nT-4,Boots\n"
    members = "Id,Member,Country\n1,Ada Berg,Norway\n2,Per Lie,Sweden\n3,Tove Ask,Norway\n"
    files = {"items.csv": items, "orders.csv": orders, "products.csv": goods, "members.csv": members}
    said, roles, prepared = _prepared(tmp_path, files)
    assert roles == {
        "items.csv": "lines",
        "orders.csv": "orders",
        "products.csv": "products",
        "members.csv": "customers",
    }
    assert sorted(prepared.products["product"].cast(str).to_list()) == ["Boots", "Poles", "Skis", "Sled"]
    names = prepared.customers["name"].drop_nulls().cast(str).to_list()
    assert {"Ada Berg", "Per Lie", "Tove Ask"} <= set(names)
    assert "no product by name" not in "\n".join(said)
    assert "Chosen by hand" not in "\n".join(said)


def test_who_bought_may_stand_in_the_orders_by_e_mail_only(tmp_path: Path) -> None:
    orders = "order_no,placed_at,email,total\n" + "".join(
        f"A{n},2025-05-{n + 1:02},u{n % 4}@mail.example,{20 + n}.00\n" for n in range(8)
    )
    items = "order_no,item,qty,price\n" + "".join(
        f"A{n},Cap,1,12.00\nA{n},Scarf,1,{8 + n}.00\n" for n in range(8)
    )  # fmt: skip
    _, _, prepared = _prepared(tmp_path, {"orders.csv": orders, "items.csv": items})
    assert prepared.customers["first_on"].count() == 4


def test_sales_that_fit_into_no_stack_are_left_out_with_their_money(tmp_path: Path) -> None:
    other = "Tag;Wer;Summe;Was\n2025-04-01;Ida;11,50;Vase\n2025-04-02;Max;7,00;Korb\n"
    said, roles, prepared = _prepared(tmp_path, {"sales.csv": SALES, "kasse.csv": other})
    assert roles["kasse.csv"] == "unused"
    assert "Its Summe comes to 18.50." in "\n".join(said)
    assert _money(prepared.lines["revenue"]) == 96.1
