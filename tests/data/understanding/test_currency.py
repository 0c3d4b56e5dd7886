"""Which currency a file's signs, names and places speak for."""

from __future__ import annotations

import pytest

from tests.data.understanding.conftest import Understood
from tests.data.understanding.kinds import table


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Kwota [zł]", "PLN"),
        ("Tutar (TL)", "TRY"),
        ("Valor (R$)", "BRL"),
        ("Cena (Kč)", "CZK"),
        ("Érték (Ft)", "HUF"),
        ("Belopp (kr)", "SEK"),
        ("Amount (Rs.)", "INR"),
        ("Сумма, руб.", "RUB"),
        ("Suma (lei)", "RON"),
        ("Total TEUR", "EUR"),
        ("Price in A$", "AUD"),
        ("Jumlah (RM)", "MYR"),
    ],
)
def test_a_name_says_the_currency(understood_text: Understood, name: str, code: str) -> None:
    found = understood_text(
        table(
            f"No;Date;Item;Qty;{name}",
            "1;2024-01-13;Cup;2;80,50",
            "2;2024-01-25;Pot;1;25,50",
            "3;2024-03-20;Cup;3;9,75",
        )
    )
    assert found.currency == code


@pytest.mark.parametrize(
    ("header", "item", "code"),
    [
        ("订单号,下单日期,客户,商品,数量,金额", "耳机", "CNY"),
        ("注文番号,注文日,顧客,商品,数量,金額", "ｲﾔﾎﾝ・ケース", "JPY"),
        ("注文番号,売上日,顧客,品名,数量,売上金額", "鍋", "JPY"),
    ],
)
def test_a_sign_of_two_countries_is_read_by_the_language(
    understood_text: Understood, header: str, item: str, code: str
) -> None:
    rows = [f"{n},2024-01-{n + 12},K{n % 2},{item},{n},¥{150 * n}" for n in range(1, 5)]
    assert understood_text(table(header, *rows)).currency == code


def test_a_sign_of_several_countries_is_read_by_the_places(understood_text: Understood) -> None:
    rows = [f"{n},2024-01-{n + 12},K{n % 2},Cup,{n},${15 * n}.50,Canada" for n in range(1, 5)]
    assert understood_text(table("No,Date,Customer,Item,Qty,Total,Country", *rows)).currency == "CAD"


def test_an_answer_brings_the_currency_of_its_column(understood_text: Understood) -> None:
    found = understood_text(
        table(
            "Order,Date,Customer,Item,Qty,Amount (CZK),Amount (EUR)",
            "1,2024-01-15,Ada,Pot,3,753.00,30.12",
            "2,2024-01-16,Ben,Pan,2,1004.00,40.16",
            "3,2024-01-31,Ada,Pot,4,1001.00,40.04",
        )
    )
    question = found.question("money")
    assert question is not None
    for answer in question.answers:
        changed = [value for path, value in answer.changes if path == ("currency",)]
        assert (changed or [found.currency]) == ["EUR" if "(EUR)" in answer.label else "CZK"], answer.label
    assert any("(EUR)" in answer.label for answer in question.answers)
