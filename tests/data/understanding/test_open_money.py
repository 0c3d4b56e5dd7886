"""What is asked where equations do not tell, and what is said once an answer is chosen."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from data import guided
from data.guided import ImportOptions
from data.understanding.types import Understanding
from tests.data.understanding.conftest import Understood
from tests.data.understanding.kinds import ONE_UNIT, table
from tests.data.understanding.test_kinds import _totals

SHOPS = table(
    "Date,Product,Leeds,York,Bath",
    "2025-01-13,Bread,10.00,20.00,5.00",
    "2025-01-13,Milk,4.50,,2.00",
    "2025-01-14,Bread,12.00,11.00,7.00",
)


def _revenues(understood: Understanding) -> list[float]:
    question = understood.question("money")
    return [answer.totals.revenue for answer in question.answers if answer.totals] if question else []


@pytest.mark.parametrize(
    ("answer", "revenue", "lines"), [("1", 71.5, 8), ("2", 26.5, 3), ("3", 31.0, 2), ("4", 14.0, 3)]
)
def test_amounts_side_by_side_are_offered_together_and_each_by_itself(
    answer: str, revenue: float, lines: int, tmp_path: Path
) -> None:
    path = tmp_path / "shops.csv"
    path.write_text(SHOPS, encoding="utf-8")
    with guided.understood([path]) as files:
        assert _revenues(files.understood) == [71.5, 26.5, 31.0, 14.0]
        wanted = ImportOptions(answers={"money": answer, **ONE_UNIT})
        said = "\n".join(files.summary(wanted))
        prepared = files.prepare(wanted, home=tmp_path / "home", name="x", today=date(2026, 1, 15)).prepared
    found = _totals(prepared)
    assert (found["revenue"], found["lines"]) == (pytest.approx(revenue), lines)
    together = answer == "1"
    assert ("each cell is a line" in said) is together
    assert ("column" in prepared.lines.columns) is together
    if together:
        assert sorted(prepared.lines["column"].cast(str).unique()) == ["Bath", "Leeds", "York"]


def test_amounts_that_only_lines_repeat_are_asked(understood_text: Understood) -> None:
    rows = ["1,2025-05-13,Eva,Chair,2,40.00", "1,2025-05-13,Eva,Lamp,1,40.00", "2,2025-05-14,Udo,Lamp,1,15.00",
            "3,2025-05-15,Ida,Chair,3,72.50", "3,2025-05-15,Ida,Lamp,2,72.50"]  # fmt: skip
    assert _revenues(understood_text(table("Order,Date,Customer,Item,Qty,Amount", *rows))) == [127.5, 240.0]


def test_money_off_beside_a_total_of_prices_is_asked(understood_text: Understood) -> None:
    rows = ["1;2025-05-13;A;Topf;2;50,00;10,50;100,00", "2;2025-05-14;B;Vase;3;20,00;3,25;60,00",
            "3;2025-05-15;C;Topf;1;52,00;0,00;52,00"]  # fmt: skip
    text = table("Nr;Datum;Kunde;Artikel;Menge;Preis;Rabatt;Summe", *rows)
    assert sorted(_revenues(understood_text(text))) == [198.25, 212.0]


def test_what_is_bought_earned_and_sold_without_a_word_is_asked(understood_text: Understood) -> None:
    rows = ["1,2025-05-13,A,Pot,2,10.00,6.00,16.00", "2,2025-05-14,B,Pan,1,20.00,9.00,29.00",
            "3,2025-05-15,A,Pot,3,15.00,9.00,24.00", "4,2025-05-16,C,Cup,2,30.00,11.00,41.00"]  # fmt: skip
    assert sorted(_revenues(understood_text(table("No,Date,Customer,Item,Qty,v1,v2,v3", *rows)))) == [75.0, 110.0]


def test_amounts_with_and_without_something_are_two_answers_and_no_products(understood_text: Understood) -> None:
    rows = ["1,2025-01-15,A,Cap,2,30.00,36.00", "2,2025-01-16,B,Cap,1,15.00,18.00", "3,2025-01-31,A,Book,1,60.00,63.00"]
    assert _revenues(understood_text(table("Order,Date,Customer,Item,Qty,Amount net,Amount gross", *rows))) == [
        105,
        117,
    ]


def test_what_is_said_fits_the_answer_that_was_chosen(tmp_path: Path) -> None:
    path = tmp_path / "verkauf.csv"
    rows = ["R1;2025-01-03;K1;Vase;2;25,00;5", "R2;2025-01-04;K2;Topf;1;40,00;10", "R2;2025-01-04;K2;Vase;3;25,00;0",
            "R3;2025-01-20;K3;Topf;4;40,00;10"]  # fmt: skip
    path.write_text(table("Beleg;Datum;Kunde;Artikel;Menge;Einzelpreis;Rabatt", *rows), encoding="utf-8")
    with guided.understood([path]) as files:
        question = files.understood.question("money")
        assert question is not None
        assert len(question.answers) <= 6
        percent = next(answer for answer in question.answers if answer.label == "Menge x Einzelpreis - Rabatt %")
        assert percent.totals is not None
        assert percent.totals.revenue == pytest.approx(302.5)
        said = files.summary(ImportOptions(answers={"money": percent.key}))
    assert "The money of a line is Menge x Einzelpreis - Rabatt %." in said
    assert "Row 2: 2 x 25.00 - 5 % = 47.50" in said
    assert "The money of a line is Menge x Einzelpreis - Rabatt." not in said


def test_the_columns_of_another_answer_take_the_place_of_the_likeliest(tmp_path: Path) -> None:
    path = tmp_path / "sales.csv"
    path.write_text(SHOPS, encoding="utf-8")
    with guided.understood([path]) as files:
        said = "\n".join(files.summary(ImportOptions(answers={"money": "3", **ONE_UNIT})))
    assert "York = revenue" in said
    assert "Leeds = revenue" not in said


def test_money_off_that_bears_a_currency_is_no_share(understood_text: Understood) -> None:
    rows = [
        "B1;2025-02-01;Pot;2;£57.50;£0.00",
        "B2;2025-02-04;Bowl;5;£11.00;£0.45",
        "B3;2025-02-07;Bowl;1;£11.00;£0.00",
    ]
    found = understood_text("\n".join(("Order;Date;Product;Qty;Price;Discount", *rows)))
    question = found.question("money")
    answers = question.answers if question else ()
    assert not any("share" in answer.label or "%" in answer.label for answer in answers)
    totals = [answer.totals.revenue for answer in answers if answer.totals]
    assert any(total == 180.55 for total in totals)


def test_a_lone_file_whose_numbers_are_all_different_is_no_list_of_products(understood_text: Understood) -> None:
    rows = [f"A{6660 + n};Ana;{510 - 7 * n};Bowl {n % 2};2025-02-{n + 10};5{n}.30;{n + 1}" for n in range(6)]
    found = understood_text("\n".join(("Ref;b2;Points;What;When;col_b;Number", *rows)))
    assert found.files[0].role == "lines"
    assert found.content


def test_a_nameless_discount_that_one_row_of_six_lacks_is_among_the_answers(understood_text: Understood) -> None:
    rows = ["2025-05-13,Ida,Pot,A1,10,3.20,4.00", "2025-05-13,Udo,Mug,A2,4,20.50,50.00",
            "2025-05-14,Udo,Pan,A2,1,5.10,70.00", "2025-05-15,Eva,Pan,A3,5,0.00,70.00",
            "2025-05-16,Eva,Mug,A4,2,8.40,50.00", "2025-05-17,Ida,Pot,A5,6,2.25,4.00"]  # fmt: skip
    revenues = _revenues(understood_text(table("Tag,Wer,Was,Ref,Zahl,y7,Rate", *rows)))
    assert revenues[0] == 784.0
    assert any(revenue == pytest.approx(784.0 - 39.45) for revenue in revenues[1:])


def test_money_that_another_column_contradicts_on_one_row_is_asked(understood_text: Understood) -> None:
    rows = ["Pot;60,00;0;60,00;A1;Ida;18.01.2025;1", "Tea;40,50;0;40,50;A1;Ida;18.01.2025;1",
            "Pan;150,00;4;144,00;A2;Udo;19.01.2025;2", "Tea;162,00;0;162,00;A3;Udo;19.01.2025;4",
            "Pan;225,00;0;225,00;A3;Udo;20.01.2025;3"]  # fmt: skip
    head = "Artikel;Brutto;Tax;Netto;Ref;Kunde;Datum;Menge"
    assert 631.5 in _revenues(understood_text(table(head, *rows)))


def test_sales_whose_customers_look_like_keys_are_no_list_of_customers(understood_text: Understood) -> None:
    rows = ["Mug;$31.50;1;2025-02-13;B10;Ida;$31.50", "Tea;$11.00;1;2025-02-13;B10;Ida;$11.00",
            "Pot;$64.00;5;2025-02-15;B11;Ida;$320.00", "Bowl;$50.00;1;2025-02-18;B12;Eva;$50.00",
            "Tea;$11.00;4;2025-02-22;B13;Ida;$44.00"]  # fmt: skip
    understood = understood_text(table("a1;b2;c3;d;Customer;Who;e5", *rows))
    assert understood.files[0].role == "lines"
