"""Kinds of sales files, each small and invented: the right totals, or a question with the truth among its answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from analytics.dataset import MONEY_SCALE
from data import guided
from data.building.layout import Prepared
from data.guided import ImportOptions

TODAY = date(2026, 1, 15)


@dataclass(frozen=True)
class Kind:
    """Files, and what must come out of them."""

    files: Mapping[str, str]
    totals: Mapping[str, Any] = field(default_factory=dict)
    said: str = ""
    """What must be said on the way."""
    answers: Mapping[str, str] = field(default_factory=dict)
    """What a person answers."""


ONE_UNIT = {"units": "one"}


def _lines(head: str, *rows: str) -> str:
    return "\n".join((head, *rows)) + "\n"


KINDS: Mapping[str, Kind] = {
    "an order's total beside the lines": Kind(
        {
            "rechnungen.csv": _lines(
                "Rechnung;Datum;Kunde;Artikel;Menge;Einzelpreis;Positionsbetrag;Summe",
                "R1;03.02.2025;Lara;Seife;3;4,50;13,50;33,50",
                "R1;03.02.2025;Lara;Kerze;2;10,00;20,00;33,50",
                "R2;14.02.2025;Mona;Kerze;5;10,00;50,00;50,00",
            )
        },
        {"revenue": 83.5, "units": 10, "orders": 2},
        "Summe is the total of the whole order",
    ),
    "a total with tax": Kind(
        {
            "ventes.csv": _lines(
                "No commande;Date;Client;Produit;Quantité;Montant HT;TVA;Montant TTC",
                "1;2025-03-04;Luc;Savon;2;20,00;4,00;24,00",
                "2;2025-03-05;Zoé;Bol;1;35,00;7,00;42,00",
                "3;2025-03-09;Luc;Bol;3;105,00;21,00;126,00",
            )
        },
        {"revenue": 160.0, "units": 6},
        "The money of a line is Montant TTC without TVA",
    ),
    "a discount that is off already": Kind(
        {
            "pedidos.csv": _lines(
                "Pedido,Fecha,Cliente,Producto,Cantidad,Precio,Descuento,Importe",
                "7,2025-01-02,Eva,Vela,4,5.00,2.00,18.00",
                "8,2025-01-13,Leo,Taza,2,9.00,0.00,18.00",
                "9,2025-01-14,Leo,Vela,6,5.00,3.00,27.00",
            )
        },
        {"revenue": 63.0, "discount": 5.0},
        "Row 2: 20.00 - 2.00 = 18.00 = Importe",
    ),
    "percent signs": Kind(
        {
            "orders.csv": _lines(
                "No,Date,Customer,Item,Qty,Unit Price,Rebate",
                "1,2025-01-02,Eva,Candle,4,5.00,25%",
                "2,2025-01-13,Leo,Cup,2,9.00,0%",
                "3,2025-01-14,Leo,Candle,1,5.00,10%",
            )
        },
        {"revenue": 37.5, "discount": 5.5},
    ),
    "blank cells repeat the row above": Kind(
        {
            "so.csv": _lines(
                "Order,Order Date,Client,Item,Quantity,Amount",
                "S7,2025-01-02,Eva,Candle,4,20.00",
                ",,,Cup,2,18.00",
                "S8,2025-02-13,Leo,Cup,1,9.00",
                ",,,Candle,1,5.00",
            )
        },
        {"revenue": 52.0, "orders": 2, "customers": 2, "units": 8},
        "Blank cells of Order, Order Date, Client repeat the row above",
    ),
    "a place on the first line of an order": Kind(
        {
            "orders.csv": _lines(
                "Order,Date,Client,Land,Item,Quantity,Amount",
                "1,2025-01-02,Eva,Spain,Candle,4,20.00",
                "1,2025-01-02,Eva,,Cup,2,18.00",
                "2,2025-02-13,Leo,Italy,Cup,1,9.00",
            )
        },
        {"revenue": 47.0, "orders": 2, "country": ["Italy", "Spain"]},
    ),
    "headings above their lines, totals below": Kind(
        {
            "report.csv": _lines(
                ",Date,No,Item,Quantity,Amount",
                "Eva Store,,,,,",
                ",2025-01-13,81,Candle,4,20.00",
                ",2025-01-19,84,Cup,2,18.00",
                "Total for Eva Store,,,,6,38.00",
                "Leo Shop,,,,,",
                ",2025-02-13,85,Cup,1,9.00",
                "Total for Leo Shop,,,,1,9.00",
            )
        },
        {"revenue": 47.0, "orders": 3, "customers": 2},
    ),
    "orders and their items": Kind(
        {
            "orders.csv": _lines(
                "OrderID,Client,OrderDate,Country",
                *(f"{n},K{n % 4},2025-01-{n:02},{('Spain', 'Italy')[n % 2]}" for n in range(1, 25)),
            ),
            "items.csv": _lines(
                "OrderID,Item,UnitPrice,Quantity,Discount",
                *(f"{n},P{n % 3},{10 + n % 3}.50,{n % 2 + 1},{0.2 if n % 3 == 0 else 0}" for n in range(1, 25)),
            ),
        },
        {
            "revenue": sum((10.5 + n % 3) * (n % 2 + 1) * (0.8 if n % 3 == 0 else 1) for n in range(1, 25)),
            "orders": 24,
            "customers": 4,
        },
        "items.csv joins orders.csv by OrderID: every value is found there.",
    ),
    "prices in another file, whatever was paid in": Kind(
        {
            "list.csv": _lines("SKU,Name,Price GBP", "A,Candle,5.00", "B,Cup,9.00"),
            "sold.csv": _lines(
                "Order,Date,Client,SKU,Quantity,Currency",
                "1,2025-01-13,K1,A,4,USD",
                "2,2025-01-14,K2,B,2,GBP",
                "3,2025-01-15,K2,A,1,EUR",
            ),
        },
        {"revenue": 43.0, "currency": "GBP", "units": 7},
    ),
    "months with other names and another order": Kind(
        {
            "jan.csv": _lines(
                "Order No,Date,Customer,Product,Quantity,Amount",
                "1,2025-01-13,Eva,Candle,4,20.00",
                "2,2025-01-14,Leo,Cup,2,18.00",
            ),
            "feb.csv": _lines(
                "Sum,Client,Order Number,Order Date,Item,Qty",
                "9.00,Eva,3,2025-02-13,Cup,1", "5.00,Leo,4,2025-02-15,Candle,1"
            ),
        },
        {"revenue": 52.0, "orders": 4, "customers": 2, "units": 8},
    ),
    "status and refunds": Kind(
        {
            "orders.csv": _lines(
                "No,Date,Status,Customer,Product,Quantity,Amount",
                "1,2025-01-13,paid,Eva,Candle,4,20.00",
                "2,2025-01-14,voided,Leo,Cup,2,18.00",
                "3,2025-01-15,paid,Leo,Cup,1,9.00",
                "3,2025-01-25,refunded,Leo,Cup,1,9.00",
            )
        },
        {"revenue": 29.0, "returned": 9.0},
        "Rows whose Status is voided are no sale",
    ),
    "letters for debit and credit": Kind(
        {
            "ledger.csv": _lines(
                "Voucher,Date,Customer,Item,Qty,Amount",
                "1,2025-01-13,Eva,Candle,4,20.00 Dr",
                "2,2025-01-14,Leo,Cup,2,18.00 Dr",
                "3,2025-01-16,Leo,Cup,1,9.00 Cr",
            )
        },
        {"revenue": 38.0, "returned": 9.0},
    ),
    "days and digits of Japan": Kind(
        {
            "uriage.csv": _lines(
                "注文番号,注文日,顧客名,商品名,数量,金額",
                "1,2025年1月5日,山田,皿,２,￥2400",
                "2,2025年2月17日,鈴木,鍋,１,￥3000",
            )
        },
        {"revenue": 5400.0, "currency": "JPY", "days": ("2025-01-05", "2025-02-17")},
    ),
    "three decimals that the amounts settle": Kind(
        {
            "va.csv": _lines(
                "Beleg;Datum;Kunde;Artikel;Menge;Betrag",
                "1;05.01.2025;Eva;Kerze;4,000;20,00",
                "2;15.01.2025;Leo;Tasse;12,000;1.108,00",
            )
        },
        {"revenue": 1128.0, "units": 16},
    ),
    "kilograms": Kind(
        {
            "markt.csv": _lines(
                "Bon,Date,Client,Item,Quantity,Unit Price",
                "1,2025-01-13,Eva,Cheese,0.45,20.00",
                "2,2025-01-14,Leo,Ham,1.5,30.00",
            )
        },
        {"revenue": 54.0, "units": 1.95},
        "quantities are kept exactly, in hundredths of a unit. The file's 1.95 units are 1.95 sold.",
    ),
    "money before a fee": Kind(
        {
            "mouvements.csv": _lines(
                "Référence;Jour;Acheteur;Article;Hors frais;Frais;Net",
                "A1;03/02/2025;Luc;Bol;30,00;-1,20;28,80",
                "A2;14/02/2025;Zoé;Vase;18,00;-0,90;17,10",
                "A3;25/02/2025;Luc;Vase;45,00;-1,60;43,40",
            )
        },
        {"revenue": 93.0},
        answers=ONE_UNIT,
    ),
    "payouts to the bank are no sale": Kind(
        {
            "konto.csv": _lines(
                "Nummer;Datum;Käufer;Artikel;Typ;Betrag",
                "1;03.02.2025;Lara;Seife;Zahlung;13,50",
                "2;14.02.2025;Mona;Kerze;Zahlung;20,00",
                "3;20.02.2025;;;Bankgutschrift auf Konto;50,00",
                "4;21.02.2025;Lara;Seife;Rückzahlung;-13,50",
            )
        },
        {"revenue": 33.5, "returned": 13.5},
        answers=ONE_UNIT,
    ),
    "an order's sum among its lines": Kind(
        {
            "orders.csv": _lines(
                "Sale No,Order Number,Date,Buyer,Item,Quantity,Sold For,Paid Total",
                "501,A1,2025-03-02,Vera,Record,1,$25.00,$29.00",
                "502,A2,2025-03-08,Otto,,3,$58.00,$64.00",
                "502,A2,2025-03-08,Otto,Poster,2,$18.00,",
                "502,A2,2025-03-08,Otto,Frame,1,$22.00,",
                "503,A3,2025-03-10,Mina,Frame,1,$22.00,$25.00",
                "504,A4,2025-03-15,Vera,Record,2,$25.00,$55.00",
            )
        },
        {"revenue": 155.0, "units": 7, "lines": 5},
        "1 row names no product and holds what the other rows of the order come to: set aside",
    ),
    "a line without a product is no sum of its order": Kind(
        {
            "orders.csv": _lines(
                "Order Number,Date,Buyer,Item,Quantity,Amount",
                "A1,2025-03-02,Vera,Record,1,25.00",
                "A2,2025-03-08,Otto,Poster,2,36.00",
                "A2,2025-03-08,Otto,Frame,1,22.00",
                "A2,2025-03-08,Otto,,1,9.00",
                "A3,2025-03-10,Mina,Frame,3,66.00",
            )
        },
        {"revenue": 158.0, "units": 8, "lines": 5},
    ),
    "sides of a ledger": Kind(
        {
            "buchungen.csv": _lines(
                "Beleg;Datum;Soll/Haben;Buchungstext;Umsatz",
                "RE1;05.01.2025;S;Hofladen;119,00",
                "RE2;15.01.2025;S;Café;238,00",
                "RE3;25.01.2025;S;Schule;53,50",
                "GS1;05.02.2025;H;Hofladen;119,00",
            )
        },
        {"revenue": 410.5, "returned": 119.0},
        "Rows whose Soll/Haben is H become returns",
        ONE_UNIT,
    ),
    "the day of a report beside the days of its rows": Kind(
        {
            "payout.csv": _lines(
                "Deposit day,Order,Posted,Item,Quantity,Amount",
                *(f"2025-04-30,{n},2025-04-{n + 3:02},Cup,2,{n}.50" for n in range(1, 7)),
            )
        },
        {"revenue": 24.0, "days": ("2025-04-04", "2025-04-09")},
    ),
    "guarded numbers": Kind(
        {
            "o.csv": _lines(
                "Order No,Date,Customer,Product,Quantity,Amount",
                '"=""00077""",2025-01-13,Eva,Candle,4,20.00',
                '"=""00078""",2025-01-14,Leo,Cup,2,18.00',
            )
        },
        {"revenue": 38.0, "order_ids": ["00077", "00078"]},
    ),
    "no order number and no customer": Kind(
        {
            "list.csv": _lines(
                "Day,Item,Units,Revenue", "2025-01-13,Candle,4,20.00", "2025-01-13,Cup,2,18.00", "2025-01-15,Cup,1,9.00"
            )
        },
        {"revenue": 47.0, "orders": 3},
        "each row is one order",
    ),
    "no order number and guests without a customer": Kind(
        {
            "shop.csv": _lines(
                "Date,E-mail,Product,Quantity,Amount",
                "2025-01-13,eva@x.example,Candle,4,20.00",
                "2025-01-13,eva@x.example,Cup,2,18.00",
                "2025-01-13,,Cup,1,9.00",
                "2025-01-13,,Cup,3,27.00",
                "2025-01-15,leo@x.example,Cup,1,9.00",
            )
        },
        {"revenue": 83.0, "lines": 5, "orders": 4, "customers": 2},
        "what a customer bought on one day is one order",
    ),
    "a cell in forty is a word": Kind(
        {
            "s.csv": _lines(
                "Order No,Date,Customer,Product,Quantity,Amount",
                *(f"{n},2025-01-{n % 28 + 1:02},C{n % 5},Cup,2,{n}.50" for n in range(1, 41) if n != 7),
                "7,soon,C2,Cup,2,7.50",
            )
        },
        {"revenue": sum(n + 0.5 for n in range(1, 41) if n != 7), "lines": 39},
        "1 cells of Date cannot be read, such as 'soon'",
    ),
    "many shops": Kind(
        {
            "r.csv": _lines(
                "Receipt,Date,Shop,Item,Quantity,Unit Price",
                *(f"{n},2025-{n % 12 + 1:02}-13,Shop {n % 90:02},Roll,{n % 3 + 1},2.50" for n in range(540)),
            )
        },
        {"revenue": sum((n % 3 + 1) * 2.5 for n in range(540)), "shops": 90},
    ),
}  # fmt: skip


def _totals(prepared: Prepared) -> dict[str, Any]:
    lines, returned = prepared.lines, prepared.returns
    first, last = prepared.days
    return {
        "revenue": int(lines["revenue"].sum()) / MONEY_SCALE,
        "discount": int(lines["discount"].sum()) / MONEY_SCALE if "discount" in lines.columns else None,
        "units": int(lines["quantity"].cast(int).sum()) / prepared.unit_scale,
        "orders": prepared.orders.height,
        "order_ids": prepared.orders["order_id"].sort().to_list(),
        "customers": prepared.customers["first_on"].count(),
        "currency": prepared.currency,
        "lines": lines.height,
        "returned": 0.0 if returned is None else int(returned["amount"].sum()) / MONEY_SCALE,
        "days": (str(first), str(last)),
        "country": sorted(lines["country"].cast(pl.String).unique().to_list()) if "country" in lines.columns else None,
        "shops": lines["shop"].n_unique() if "shop" in lines.columns else None,
    }


@pytest.mark.parametrize("name", KINDS)
def test_kinds_of_files_come_out_right(name: str, tmp_path: Path) -> None:
    kind = KINDS[name]
    paths = []
    for file, text in kind.files.items():
        paths.append(tmp_path / file)
        paths[-1].write_text(text, encoding="utf-8")
    with guided.understood(paths) as files:
        asked = ImportOptions(answers=kind.answers)
        said = files.summary(asked)
        result = files.prepare(asked, home=tmp_path / "home", name="kind", today=TODAY)
    found = _totals(result.prepared)
    expected = {key: pytest.approx(value) if isinstance(value, float) else value for key, value in kind.totals.items()}
    assert {key: found[key] for key in expected} == expected
    assert kind.said in "\n".join([*said, *result.prepared.reconciliation.notes])


def test_readings_that_the_file_cannot_tell_apart_are_asked(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    rows = [f"{n},2025-01-{n + 12},Eva,Item {n},{n % 3 + 1},{7 * n + 3}.25" for n in range(1, 9)]
    path.write_text(_lines("No,Date,Customer,Product,f1,f2", *rows), encoding="utf-8")
    with guided.understood([path]) as files:
        question = files.understood.question("money")
        assert question is not None
        revenues = {answer.totals.revenue for answer in question.answers if answer.totals}
        assert {
            sum(7 * n + 3.25 for n in range(1, 9)),
            sum((n % 3 + 1) * (7 * n + 3.25) for n in range(1, 9)),
        } <= revenues
        assert all(answer.row.startswith("Row ") for answer in question.answers)
        with pytest.raises(guided.DataError, match="--answer money=1 or --answer money=2"):
            files.recipe(ImportOptions())
        for answer in question.answers:
            if answer.totals and answer.label.startswith(("f1 x f2", "f2, f1")):
                chosen = ImportOptions(answers={"money": answer.key})
                result = files.prepare(chosen, home=tmp_path / "home", name="asked", today=TODAY)
                assert _totals(result.prepared)["revenue"] == pytest.approx(answer.totals.revenue)


def test_names_that_say_nothing_are_asked_about_and_never_refused(tmp_path: Path) -> None:
    head = "d1;a1;w;q9;x1;Rating;k2"
    amounts = (8.15, 12.4, 31.05, 9.99, 14.5, 60.25)
    rows = [
        f"2024-03-0{n};U{n};Cup {n % 3};{n * 3 % 7};{n % 4 + 1};{n % 5 + 1};{amount}"
        for n, amount in enumerate(amounts, 1)
    ]
    path = tmp_path / "s.csv"
    path.write_text(_lines(head, *rows), encoding="utf-8")
    with guided.understood([path]) as files:
        question = files.understood.question("money")
        assert question is not None
        revenues = [answer.totals.revenue for answer in question.answers if answer.totals]
        assert any(revenue == pytest.approx(sum(amounts)) for revenue in revenues)


def test_one_discounted_row_tells_where_the_amount_is_quantity_times_price_elsewhere(tmp_path: Path) -> None:
    rows = ["3;9,50;0,00;28,50", "5;12,25;11,00;50,25", "2;40,10;0,00;80,20", "1;9,50;0,00;9,50", "4;7,05;0,00;28,20"]
    path = tmp_path / "s.csv"
    lines = [f"B{n};2024-04-{n + 12};Cup {n % 2};{row}" for n, row in enumerate(rows)]
    path.write_text(_lines("Nr;Tag;Ware;Menge;Preis;q9;Ergebnis", *lines), encoding="utf-8")
    with guided.understood([path]) as files:
        question = files.understood.question("money")
        revenues = [files.understood.totals] if question is None else [answer.totals for answer in question.answers]
        assert revenues[0] is not None
        assert revenues[0].revenue == pytest.approx(196.65)


def test_few_orders_with_few_items_in_a_file_of_their_own(tmp_path: Path) -> None:
    orders, items = tmp_path / "orders.csv", tmp_path / "items.csv"
    orders.write_text(_lines("Ordernr;Orderdatum;Kund;Ort", "7;2024-03-02;Ulf;Lund", "8;2024-03-05;Eva;Kiruna",
                             "9;2024-03-15;Ulf;Lund"), encoding="utf-8")  # fmt: skip
    items.write_text(_lines("Ordernr;Vara;Antal;Pris", "7;Fat;2;40,00", "7;Sked;6;10,00", "8;Fat;1;40,00",
                            "9;Sked;3;10,00"), encoding="utf-8")  # fmt: skip
    with guided.understood([orders, items]) as files:
        assert {file.file: file.role for file in files.understood.files} == {
            "items.csv": "lines",
            "orders.csv": "orders",
        }
        assert files.understood.totals is not None
        assert files.understood.totals.revenue == pytest.approx(210.0)
