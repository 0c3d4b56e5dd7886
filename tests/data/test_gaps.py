"""What is missing is named with what could fill it, until it can be prepared."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from data import gaps, guided, staged, trial
from data.recipe import recipes
from data.understanding.types import Choices
from data.understanding.understand import understand

SALES = "Order No,Order Date,Customer,Product,Quantity,Amount\n" + "".join(
    f"B{n},2025-{n % 12 + 1:02}-15,C{n % 9},{('Mug', 'Quilt', 'Soap')[n % 3]},1,10.00\n" for n in range(60)
)


def asked(folder: Path, choices: Choices, *labels: str) -> tuple[list[str], trial.ImportTotals | None, Choices]:
    """The sentences of what is missing after some offers were taken, and the totals where nothing is."""
    with guided.understood(sorted(folder.iterdir())) as files:
        for label in labels:
            found = gaps.gaps(understand(files.tables, choices), choices)
            offer = next(one for gap in found for one in gap.offers if one.label == label)
            choices = replace(choices, **gaps.filled(choices, offer))
        understood = understand(files.tables, choices)
        found = gaps.gaps(understood, choices)
        if found:
            return [gap.sentence for gap in found], None, choices
        recipe = recipes.parse(guided.recipe_text(understood, choices), file="recipe", name="x")
        return [], trial.trial(recipe, staged.StagedOrigin(files.tables), today=date(2026, 1, 1)), choices


def test_a_list_that_joins_nothing_is_led_to_its_key(tmp_path: Path) -> None:
    (tmp_path / "sales.csv").write_text(SALES, encoding="utf-8")
    (tmp_path / "hues.csv").write_text("aa;bb\nMug;red\nQuilt;blue\nSoap;white\n", encoding="utf-8")
    chosen = Choices(roles={"hues.csv": "products"})
    sentences, _, chosen = asked(tmp_path, chosen)
    assert sentences == [
        "hues.csv: no column was taken as the product number. 'aa' or 'bb' hold texts; use one of them?"
    ]
    sentences, _, chosen = asked(tmp_path, chosen, "Use 'aa' as the product number")
    assert sentences == [
        "hues.csv: 'aa' is taken as the product number, but hardly any of its values stand in the other files. "
        "Which column names the same?"
    ]
    sentences, totals, _ = asked(tmp_path, chosen, "Use 'Product' of the sales as the product number")
    assert sentences == []
    assert totals == trial.ImportTotals(60, 6_000_000, 60, "2025-01-15", "2025-12-15")


def test_a_list_found_by_itself_that_joins_nothing_is_left_out_with_its_reason(tmp_path: Path) -> None:
    (tmp_path / "sales.csv").write_text(SALES.replace("Product", "Product ID"), encoding="utf-8")
    (tmp_path / "items.csv").write_text(
        "Product ID;Product Name\n" + "".join(f"X{n};Thing {n}\n" for n in range(9)), encoding="utf-8"
    )
    with guided.understood(sorted(tmp_path.iterdir())) as files:
        use = next(one for one in files.understood.files if one.file == "items.csv")
    assert (use.role, use.evidence) == (
        "unused", "Hardly any of its keys are named by other files, so it is left out."
    )  # fmt: skip


@pytest.mark.parametrize("label", ["Use 'When it was' as the order date"])
def test_the_missing_date_is_offered(tmp_path: Path, label: str) -> None:
    (tmp_path / "sales.csv").write_text(SALES.replace("Order Date", "When it was"), encoding="utf-8")
    chosen = Choices(meanings={"sales.csv": {"When it was": ""}})
    sentences, _, _ = asked(tmp_path, chosen)
    assert sentences == ["sales.csv: no column was taken as the order date. 'When it was' holds dates; use it?"]
    sentences, totals, _ = asked(tmp_path, chosen, label)
    assert sentences == []
    assert totals is not None
    assert totals.revenue == 6_000_000


def test_a_date_that_cannot_be_read_is_offered_with_what_it_holds(tmp_path: Path) -> None:
    rows = "".join(f"{n};{n}. Woche;Ida;Kanne;{n % 3 + 1};{n}8,50\n" for n in range(1, 9))
    (tmp_path / "verkauf.csv").write_text(f"Beleg;Datum;Kunde;Artikel;Menge;Betrag\n{rows}", encoding="utf-8")
    with guided.understood([tmp_path / "verkauf.csv"]) as files:
        found = gaps.gaps(files.understood, Choices())
        assert "verkauf.csv: no column was taken as the date. Datum is called a date" in files.understood.missing
    assert "verkauf.csv: Datum is called a date, but '1. Woche' or '2. Woche' is no day that can be read" in (
        found[0].sentence
    )
    assert [offer.label for offer in found[0].offers] == ["Use 'Datum' as the order date"]


def test_orders_that_were_left_out_are_offered_to_lines_without_a_date(tmp_path: Path) -> None:
    heads = "".join(f"{n};2025-01-{n:02}\n" for n in range(1, 7))
    (tmp_path / "aa.csv").write_text(f"qq;when\n{heads}", encoding="utf-8")
    rows = "".join(f"{n};Cup;{n % 3 + 1};4.50\n" for n in (1, 1, 2, 3, 3, 4, 5, 6))
    (tmp_path / "items.csv").write_text(f"order_no;product;quantity;price\n{rows}", encoding="utf-8")
    with guided.understood(sorted(tmp_path.iterdir())) as files:
        found = gaps.gaps(files.understood, Choices())
        missing = files.understood.missing
    assert "aa.csv, which is left out, has dates in 'when': are its rows the orders of these lines?" in missing
    assert [offer.label for gap in found for offer in gap.offers] == ["Yes, use aa.csv as the orders"]
