"""Rows that are no lines: sums that are told from sales, and kinds of rows that are asked about."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.dataset import MONEY_SCALE
from data import guided, prepare
from data.errors import DataError
from data.guided import ImportOptions
from data.recipe import recipes
from data.sources import Origin
from data.terms import charges
from data.terms.rows import ROW
from data.understanding.facts import profile
from data.understanding.sums import sums_of
from data.understanding.tables import table_of
from tests.data.understanding.kinds import table

TODAY = date(2026, 1, 15)

ASKED = {
    "one block without a word may be a total": (
        "sums:r.csv",
        ("Store,Date,Receipt,Item,Qty,Amount", "N,2025-01-13,1,Cup,2,20.00", "N,2025-01-14,2,Pot,1,35.00",
         "N,2025-01-14,3,,3,55.00", "S,2025-01-15,4,Cup,1,10.00", "S,2025-01-16,5,Dish,4,32.00"),
        {"sale": 152.0, "total": 97.0},
    ),
    "payments in unknown words": (
        "rows:Zk",
        ("Receipt,Date,Zk,Item,Qty,Amount", "1,2025-05-13,uu,Tea,2,8.00", "1,2025-05-13,vv,Xar,1,8.00",
         "2,2025-05-14,uu,Cake,1,5.00", "2,2025-05-14,uu,Tea,1,4.00", "2,2025-05-14,vv,Yor,1,9.00",
         "3,2025-05-15,uu,Tea,3,12.00", "3,2025-05-15,vv,Yor,1,12.00"),
        {"sale": 58.0, "no_sale": 29.0},
    ),
    "tax in unknown words": (
        "rows:Description",
        ("Invoice,Date,Customer,Description,Qty,Amount", "1,2025-05-13,A,Tea,2,8.00", "1,2025-05-13,A,Zmuz,1,1.60",
         "2,2025-05-14,B,Cake,1,5.00", "2,2025-05-14,B,Zmuz,1,1.00", "3,2025-05-15,A,Tea,3,12.00",
         "3,2025-05-15,A,Zmuz,1,2.40"),
        {"sale": 30.0, "no_sale": 25.0},
    ),
    "a kind of row that speaks of tax": (
        "rows:Art der Zeile",
        ("Rechnung;Datum;Kunde;Art der Zeile;Bezeichnung;Menge;Betrag", "1;13.05.2025;A;Artikel;Tee;2;8,00",
         "1;13.05.2025;A;Steuer;Satz eins;1;1,60", "2;14.05.2025;B;Artikel;Torte;1;5,00",
         "2;14.05.2025;B;Steuer;Satz zwei;1;0,35"),
        {"sale": 14.95, "no_sale": 13.0},
    ),
    "tips beside what was eaten": (
        "charge_rows",
        ("Check,Date,Item,Qty,Amount", "1,2025-05-13,Burger,2,18.00", "1,2025-05-13,Tip,1,3.00",
         "2,2025-05-14,Salad,1,9.00", "2,2025-05-14,Tip,1,1.50", "3,2025-05-14,Burger,1,9.00"),
        {"keep": 40.5, "set_aside": 36.0},
    ),
}  # fmt: skip
"""Kind of file -> its question, its lines, and the revenue of each answer."""


@pytest.mark.parametrize("name", ASKED)
def test_rows_that_the_file_cannot_tell_are_asked_and_each_answer_holds(name: str, tmp_path: Path) -> None:
    key, (head, *rows), revenues = ASKED[name]
    path = tmp_path / "r.csv"
    path.write_text(table(head, *rows), encoding="utf-8")
    with guided.understood([path]) as files:
        question = files.understood.question(key)
        assert question is not None
        assert {answer.key: answer.totals and answer.totals.revenue for answer in question.answers} == pytest.approx(
            revenues
        )
        with pytest.raises(DataError, match="--answer"):
            files.recipe(ImportOptions())
        for answer, revenue in revenues.items():
            chosen = ImportOptions(answers={key: answer})
            prepared = files.prepare(chosen, home=tmp_path / "home", name="asked", today=TODAY).prepared
            assert int(prepared.lines["revenue"].sum()) / MONEY_SCALE == pytest.approx(revenue)


def test_a_charge_that_is_alone_on_its_order_is_what_was_sold(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    path.write_text(table("Order,Date,Customer,Item,Qty,Amount", "1,2025-01-13,Ana,Gift card,1,50.00",
                          "2,2025-01-14,Eva,Cup,2,20.00"), encoding="utf-8")  # fmt: skip
    with guided.understood([path]) as files:
        assert files.understood.question(charges.CHARGE) is None
        assert files.understood.totals is not None
        assert files.understood.totals.revenue == pytest.approx(70.0)
        assert any("such as 'Gift card' look like" in sentence for sentence in files.understood.sentences)


def test_sums_of_orders_are_found_in_a_large_file_too() -> None:
    rows = []
    for order in range(17_001):
        rows += [(str(order), "2025-01-13", "Cup", "1", "10.00"), (str(order), "2025-01-13", "Pot", "2", "5.50")]
        rows.append((str(order), None, None, "3", "15.50"))
    schema = dict.fromkeys(("Order", "Date", "Item", "Qty", "Amount"), pl.String)
    frame = pl.DataFrame(rows, schema=schema, orient="row").with_row_index(ROW, offset=2)
    found = table_of("r.csv", frame.lazy(), frame.height)
    assert found.shape.sums == ("Date", "Item")
    assert found.rows == 2 * 17_001


WORDS = {
    charges.TAX: ["VAT 20%", "19% MwSt", "TVA 20,0 %", "IVA 21 %", "BTW 21%", "Moms 25%", "ÁFA 27%", "KDV %20",
                  "НДС 20%", "ΦΠΑ 24%", "消費税(10%)", "부가세", "Sales Tax (CA)", "PTU"],
    charges.PAYMENT: ["Tender", "Barzahlung", "Paiement carte", "Pago con tarjeta", "Pagamento", "Betaling", "Płatność",
                      "Оплата", "お支払い", "付款", "결제"],
    charges.CHARGE: ["Shipping fee", "DHL Versand", "Frais de port", "Gastos de envío", "Spese di spedizione", "Frete",
                     "Verzendkosten", "Wysyłka", "Poštovné", "Frakt", "送料", "运费", "배송비", "Trinkgeld", "Pfand"],
    "": ["Tax guide", "Taxi", "Shipping box 30x20", "Tip pen", "Cash box", "Port wine", "Postcard", "Delivery van toy"],
}  # fmt: skip


def test_texts_that_are_no_goods_are_known_in_many_languages() -> None:
    texts = pl.DataFrame({"text": [text for listed in WORDS.values() for text in listed]})
    found = texts.with_columns(charges.says(kind, ["text"]).alias(kind) for kind in charges.KINDS)
    known = {row["text"]: next((kind for kind in charges.KINDS if row[kind]), "") for row in found.to_dicts()}
    assert known == {text: kind for kind, listed in WORDS.items() for text in listed}


_LINE = st.tuples(
    st.sampled_from(["Ana", "Eva", "Uwe", ""]), st.sampled_from(["Cup", "Pot", "Dish", "Lid"]),
    st.integers(1, 9), st.integers(100, 99_999),
)  # fmt: skip


@given(st.lists(_LINE, min_size=3, max_size=40))
@settings(max_examples=60, deadline=None)
def test_no_line_of_an_ordinary_file_is_taken_as_a_sum(lines: list[tuple[str, str, int, int]]) -> None:
    frame = pl.DataFrame(
        {
            "Order": [str(number + 1) for number in range(len(lines))],
            "Date": [f"2025-01-{number % 28 + 1:02}" for number in range(len(lines))],
            "Customer": [line[0] or None for line in lines],
            "Item": [line[1] for line in lines],
            "Qty": [str(line[2]) for line in lines],
            "Amount": [f"{line[3] / 100:.2f}" for line in lines],
        },
        schema=dict.fromkeys(("Order", "Date", "Customer", "Item", "Qty", "Amount"), pl.String),
    )
    assert sums_of(frame, profile(frame.lazy(), frame.height)) is None


@given(st.lists(st.lists(_LINE, min_size=2, max_size=5), min_size=2, max_size=6), st.booleans())
@settings(max_examples=40, deadline=None)
def test_sums_of_blocks_are_found_whatever_the_blocks(
    blocks: list[list[tuple[str, str, int, int]]], above: bool
) -> None:
    rows: list[tuple[str | None, str | None, str, str]] = []
    expected = []
    for block in blocks:
        own: list[tuple[str | None, str | None, str, str]] = [
            ("2025-01-13", item, str(units), f"{cents / 100:.2f}") for _, item, units, cents in block
        ]
        total = (None, None, str(sum(line[2] for line in block)), f"{sum(line[3] for line in block) / 100:.2f}")
        rows += [total, *own] if above else [*own, total]
        expected += [True, *[False] * len(own)] if above else [*[False] * len(own), True]
    frame = pl.DataFrame(rows, schema=dict.fromkeys(("Date", "Item", "Qty", "Amount"), pl.String), orient="row")
    found = sums_of(frame, profile(frame.lazy(), frame.height))
    assert found is not None
    assert found.rows.tolist() == expected
    assert found.sure


def test_little_postage_is_said_and_counts(tmp_path: Path) -> None:
    rows = [f"{n},2025-01-{n % 28 + 1:02},Ana,Chair,1,{90 + n}.00" for n in range(1, 40)]
    rows += ["7,2025-01-08,Ana,POSTAGE,1,12.00"]
    path = tmp_path / "r.csv"
    path.write_text(table("Order,Date,Customer,Item,Qty,Amount", *rows), encoding="utf-8")
    with guided.understood([path]) as files:
        assert files.understood.question(charges.CHARGE) is None
        assert files.understood.totals is not None
        assert files.understood.totals.revenue == pytest.approx(sum(range(91, 130)) + 12)
        assert any("count as sales: 12.00" in sentence for sentence in files.understood.sentences)


def test_a_refresh_sets_aside_what_is_no_sum(tmp_path: Path) -> None:
    head, lines = "Order,Date,Customer,Item,Qty,Amount", ["1,2025-01-13,Ana,Cup,2,8.00", "1,2025-01-13,Ana,Pot,1,12.00",
             ",,,,3,20.00", "2,2025-01-14,Eva,Cup,3,12.00", "2,2025-01-14,Eva,Pan,1,30.00", ",,,,4,42.00"]  # fmt: skip
    path = tmp_path / "r.csv"
    path.write_text(table(head, *lines), encoding="utf-8")
    with guided.understood([path]) as files:
        text = files.recipe(ImportOptions())
    path.write_text(table(head, *lines, "3,2025-01-20,Ana,Cup,5,20.00", ",,,,1,77.00"), encoding="utf-8")
    recipe = recipes.parse(text, file="recipe", name="shop")
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    built = prepare.read(recipe, Origin(path, scratch), name="shop", today=TODAY).reconciliation
    assert built.revenue == 82 * MONEY_SCALE
    assert [(item.rows, item.money) for item in built.set_aside] == [(1, 77 * MONEY_SCALE)]
    assert "r.csv: 2 rows add up others and are left out." in built.notes
