"""What is said of a file must be true: rates are not summed, signs stand once, nothing is chosen by hand by nobody."""

from __future__ import annotations

from pathlib import Path

import pytest

from data import guided
from data.guided import ImportOptions
from data.understanding.names import is_marked, text_role
from tests.data.understanding.conftest import Understood


@pytest.mark.parametrize(("head", "tax"), [("Moms;Pris inkl", "25"), ("IVA;Total", "21 %"), ("VAT;Gross total", "20")])
def test_a_rate_of_tax_is_not_summed(head: str, tax: str, understood_text: Understood) -> None:
    rate = float(tax.split()[0]) / 100
    amounts = (12.4, 30.5, 8.2, 99.9)
    rows = [
        f"O{n};2025-06-{n + 13};Item {n % 2};{n + 1};{a:.2f};{tax};{a * (n + 1) * (1 + rate):.2f}"
        for n, a in enumerate(amounts)
    ]
    result = understood_text("\n".join([f"Order;Date;Product;Qty;Price;{head}", *rows]))
    name = head.split(";")[0]
    assert f"{name} is a rate of tax, and not counted." in result.sentences
    assert not any(f"{name} is" in text and "comes to" in text for text in result.sentences)


def test_a_percent_sign_of_the_name_is_not_doubled(understood_text: Understood) -> None:
    rows = ["R1;2025-06-13;Bowl;2;10.00;5", "R2;2025-06-14;Cup;1;8.40;0", "R3;2025-06-20;Bowl;3;10.00;10"]
    result = understood_text("\n".join(["Order;Date;Product;Qty;Price;Remise %", *rows]))
    said = " ".join(result.sentences)
    assert "Qty x Price - Remise %" in said
    assert "% %" not in said


@pytest.mark.parametrize("name", ["Kd-Nr", "Debtor", "Deudor", "Devedor", "Cli Cod", "Kl.nr", "дебитор"])
def test_short_names_of_customers(name: str) -> None:
    assert text_role(name) == "customer"


def test_words_that_only_end_like_a_key() -> None:
    assert not is_marked("Amount paid", "key")
    assert is_marked("orderid", "key")


def test_a_number_of_each_row_beside_products_that_come_back_is_that_of_the_order(understood_text: Understood) -> None:
    rows = [f"Q{n}7,2025-07-{n + 12},u{n % 3},{'Lamp' if n % 2 else 'Rug'},1,{n + 4}.25" for n in range(8)]
    result = understood_text("\n".join(["ref,date,buyer,title,units,price", *rows]))
    (use,) = result.files
    assert (use.column("order_id"), use.column("product_id"), use.column("product")) == ("ref", None, "title")


def test_a_number_of_each_row_is_the_order_where_no_customer_has_two_rows_a_day(understood_text: Understood) -> None:
    rows = [f"V{n},2025-07-{n + 12},k{n % 3},Vase {n % 2},1,{n + 4}.25" for n in range(8)]
    result = understood_text("\n".join(["Nr,Data,Klient,Nazwa,Szt.,Kwota", *rows]))
    assert result.files[0].column("order_id") == "Nr"
    twice = [row.replace(f"2025-07-{n + 12}", "2025-07-12") for n, row in enumerate(rows)]
    result = understood_text("\n".join(["Nr,Data,Klient,Nazwa,Szt.,Kwota", *twice]))
    assert result.files[0].column("order_id") is None


@pytest.mark.parametrize(
    ("name", "text", "column"),
    [
        (
            "retouren_2025.csv",
            "Beleg;Datum;Kunde;Artikel;Menge;Betrag\n1;03.01.2025;Ida;Hut;2;40,00\n2;19.01.2025;Max;Schal;-1;-15,00\n"
            "3;21.01.2025;Max;Hut;1;20,00\n",
            "Betrag",
        ),
        (
            "budget.csv",
            "Month,Region,Budget,Achieved\n2025-01-01,North,100,91.25\n2025-02-01,North,110,120.50\n"
            "2025-01-01,South,90,80.75\n",
            "Achieved",
        ),
    ],
)
def test_a_lone_file_is_sales_whatever_it_is_called(tmp_path: Path, name: str, text: str, column: str) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with guided.understood([path]) as files:
        assert files.understood.files[0].role == "lines"
        assert files.understood.files[0].column("revenue") == column


def test_a_lone_file_whose_columns_speak_of_targets_or_returns_is_none(tmp_path: Path) -> None:
    for name, text, role in (
        ("targets.csv", "Month,Region,Target\n2025-01-01,North,100.50\n2025-02-01,North,110.25\n", "targets"),
        ("list.csv", "Return date,Order,Product,Quantity\n2025-01-04,7,Hat,1\n2025-02-05,9,Scarf,2\n", "returns"),
    ):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        with guided.understood([path]) as files:
            assert files.understood.files[0].role == role


def test_a_refused_file_names_the_columns_that_could_be_its_money(tmp_path: Path) -> None:
    path = tmp_path / "deals.csv"
    rows = [f"{4000 + n},2025-01-{n + 12},Acct {n % 3},EMEA,1,{n + 90}.42\n" for n in range(6)]
    path.write_text("".join(["Deal,Closed,Account,Theatre,Count,ACV\n", *rows]), encoding="utf-8")
    with guided.understood([path]) as files, pytest.raises(guided.DataError, match="ACV could be the money; use them"):
        files.recipe(ImportOptions())
