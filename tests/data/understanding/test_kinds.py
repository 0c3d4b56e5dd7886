"""Kinds of sales files, each small and invented: the right totals, or a question with the truth among its answers."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from analytics.dataset import MONEY_SCALE
from data import guided
from data.building.layout import Prepared
from data.guided import ImportOptions
from tests.data.understanding.kinds import table
from tests.data.understanding.kinds_of_charges import CHARGES
from tests.data.understanding.kinds_of_days import DAYS
from tests.data.understanding.kinds_of_files import FILES
from tests.data.understanding.kinds_of_layout import LAYOUTS
from tests.data.understanding.kinds_of_money import MONEY
from tests.data.understanding.kinds_of_rows import NO_GOODS, SUMS
from tests.data.understanding.kinds_of_ties import TIES

KINDS = {**MONEY, **CHARGES, **LAYOUTS, **FILES, **DAYS, **SUMS, **NO_GOODS, **TIES}

TODAY = date(2026, 1, 15)


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
        "region": sorted(lines["region"].cast(pl.String).unique().to_list()) if "region" in lines.columns else None,
        "cities": lines["city"].n_unique() if "city" in lines.columns else None,
        "products": sorted(lines["product"].cast(pl.String).unique().to_list()) if "product" in lines.columns else None,
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
    path.write_text(table("No,Date,Customer,Product,f1,f2", *rows), encoding="utf-8")
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
    path.write_text(table(head, *rows), encoding="utf-8")
    with guided.understood([path]) as files:
        question = files.understood.question("money")
        assert question is not None
        revenues = [answer.totals.revenue for answer in question.answers if answer.totals]
        assert any(revenue == pytest.approx(sum(amounts)) for revenue in revenues)


def test_one_discounted_row_tells_where_the_amount_is_quantity_times_price_elsewhere(tmp_path: Path) -> None:
    rows = ["3;9,50;0,00;28,50", "5;12,25;11,00;50,25", "2;40,10;0,00;80,20", "1;9,50;0,00;9,50", "4;7,05;0,00;28,20"]
    path = tmp_path / "s.csv"
    lines = [f"B{n};2024-04-{n + 12};Cup {n % 2};{row}" for n, row in enumerate(rows)]
    path.write_text(table("Nr;Tag;Ware;Menge;Preis;q9;Ergebnis", *lines), encoding="utf-8")
    with guided.understood([path]) as files:
        question = files.understood.question("money")
        revenues = [files.understood.totals] if question is None else [answer.totals for answer in question.answers]
        assert revenues[0] is not None
        assert revenues[0].revenue == pytest.approx(196.65)


def test_few_orders_with_few_items_in_a_file_of_their_own(tmp_path: Path) -> None:
    orders, items = tmp_path / "orders.csv", tmp_path / "items.csv"
    orders.write_text(table("Ordernr;Orderdatum;Kund;Ort", "7;2024-03-02;Ulf;Lund", "8;2024-03-05;Eva;Kiruna",
                             "9;2024-03-15;Ulf;Lund"), encoding="utf-8")  # fmt: skip
    items.write_text(table("Ordernr;Vara;Antal;Pris", "7;Fat;2;40,00", "7;Sked;6;10,00", "8;Fat;1;40,00",
                            "9;Sked;3;10,00"), encoding="utf-8")  # fmt: skip
    with guided.understood([orders, items]) as files:
        assert {file.file: file.role for file in files.understood.files} == {
            "items.csv": "lines",
            "orders.csv": "orders",
        }
        assert files.understood.totals is not None
        assert files.understood.totals.revenue == pytest.approx(210.0)
