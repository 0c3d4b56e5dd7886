"""Files without a recipe: the four known data sets become datasets whose totals are the published ones."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from analytics.dataset import MONEY_SCALE
from data import guided, staging
from data.errors import DataError
from data.guided import ImportOptions
from data.prepare import read
from data.recipe import recipes
from data.store import changes
from data.understanding.types import Choices
from data.understanding.understand import understand
from tests.data.conftest import SHARED, Shop
from tests.data.without_recipe import TODAY, currency_units, prepare_files, totals_of


def _shared(name: str) -> Path:
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"needs {name} from the shared data, which is not part of the repository")
    return path


def test_superstore(oracles: dict[str, Any]) -> None:
    expected = oracles["superstore"]
    with guided.understood([_shared("superstore.zip")]) as files:
        prepared = prepare_files(files)
    assert totals_of(prepared) == {
        "lines": expected["lines"],
        "revenue": expected["sales"],
        "orders": expected["orders"],
        "customers": expected["customers"],
        "units": expected["units"],
    }
    lines = prepared.lines
    assert currency_units(lines["revenue"].sum() - lines["cost"].sum()) == expected["profit"]
    by_region = lines.group_by("region").agg(pl.col("revenue").sum())
    # One region ends on half a cent.
    assert {str(name): currency_units(money) for name, money in by_region.iter_rows()} == pytest.approx(
        expected["by_region"], abs=0.011
    )
    by_segment = lines.group_by("customer_segment").agg(pl.col("revenue").sum())
    assert {str(name): currency_units(money) for name, money in by_segment.iter_rows()} == expected["by_segment"]


def test_cdnow_has_no_order_numbers(oracles: dict[str, Any]) -> None:
    expected = oracles["cdnow"]["master"]
    with guided.understood([_shared("cdnow.zip")]) as files:
        prepared = prepare_files(files)
    assert totals_of(prepared) == {
        "lines": expected["lines"],
        "revenue": expected["revenue"],
        "orders": expected["customer_days"],
        "customers": expected["customers"],
        "units": expected["units"],
    }
    assert "what a customer bought on one day is one order" in prepared.reconciliation.notes[0]


def test_adventureworks_star(oracles: dict[str, Any]) -> None:
    expected = oracles["adventureworks_maven_2020_2022"]
    with guided.understood([_shared("aw_maven_2020_2022_mit.zip")]) as files:
        found = files.understood
        prepared = prepare_files(files)
    # All that is left to a person is to confirm the currency.
    assert [question.key for question in found.questions] == ["currency"]
    assert (found.title, found.currency) == ("AdventureWorks", "USD")
    assert totals_of(prepared) == {
        "lines": expected["lines"],
        "revenue": expected["revenue"],
        "orders": expected["orders"],
        "customers": expected["customers_buying"],
        "units": expected["units"],
    }
    lines = prepared.lines
    assert currency_units(lines["revenue"].sum() - lines["cost"].sum()) == expected["profit"]
    assert prepared.returns is not None
    assert int(prepared.returns["quantity"].cast(int).sum()) == expected["returned_units"]
    assert prepared.products.height == expected["products_sold"]


def test_online_retail(oracles: dict[str, Any]) -> None:
    expected = oracles["online_retail_2010_2011"]
    with guided.understood([_shared("online_retail_2010_2011_raw_strings.parquet")]) as files:
        assert files.understood.questions == ()
        prepared = prepare_files(files)
    counts = prepared.reconciliation
    sales = expected["sales_only"]
    assert (counts.rows_read, counts.lines_kept, prepared.orders.height) == (
        expected["lines"],
        sales["lines"],
        sales["invoices"],
    )
    assert currency_units(counts.revenue) == sales["revenue"]
    money = counts.revenue + counts.returns_money + sum(rule.money for rule in counts.set_aside)
    assert currency_units(money) == expected["net_revenue_all_lines"]


def test_the_shop_without_a_recipe(shop: Shop) -> None:
    with guided.understood([shop.folder / name for name in ("sales.csv", "items.csv", "buyers.csv")]) as files:
        found = files.understood
    assert [one.role for one in found.files if one.file == "sales.csv"] == ["lines"]
    # The date 31-12-2023 settles the order of day and month.
    assert 'dates = "%d-%m-%Y"' in files.recipe(ImportOptions())


def test_nothing_like_order_lines(tmp_path: Path) -> None:
    path = tmp_path / "colours.csv"
    path.write_text("Colour,Code\nred,1\nblue,2\n", encoding="utf-8")
    with guided.understood([path]) as files, pytest.raises(DataError, match="Expected a file with order lines"):
        files.recipe(ImportOptions())


@pytest.mark.parametrize(
    ("title", "name"),
    [("Größe & Co.", "groe-co"), ("demo", "my-sales"), ("../../etc", "etc"), ("", "my-sales"), ("日本", "my-sales")],
)
def test_names_are_never_paths(title: str, name: str) -> None:
    assert guided.name_for(title) == name


def test_two_files_of_one_name(tmp_path: Path) -> None:
    archive = tmp_path / "two.zip"
    text = "Order,Date,Product,Quantity,Amount\nA1,2024-01-31,Pen,1,2.50\n"
    with zipfile.ZipFile(archive, "w") as target:
        target.writestr("a/sales.csv", text)
        target.writestr("b/sales.csv", text.replace("A1", "A2"))
    with guided.understood([archive]) as files:
        assert [table.name for table in files.tables] == ["sales.csv", "sales (2).csv"]
        assert totals_of(prepare_files(files))["orders"] == 2


def test_reading_chosen_by_hand_is_part_of_the_recipe(tmp_path: Path) -> None:
    path = tmp_path / "sales.csv"
    path.write_text("A1;2024-01-31;Pen;1;2,50\nA2;2024-01-30;Lamp;2;1.002,50\n", encoding="utf-8")
    tables, _ = staging.stage([staging.Handed("sales.csv", path, {"header_rows": 0})], tmp_path / "tables")
    means = {"column 1": "order_id", "column 2": "ordered_on", "column 3": "product", "column 4": "quantity"}
    choices = Choices(roles={"sales.csv": "lines"}, meanings={"sales.csv": {**means, "column 5": "revenue"}})
    text = guided.recipe_text(understand(tables, choices), choices)
    recipe = recipes.parse(text, file="recipe", name="by-hand")
    assert recipe.lines.files[0].reading == {"header_rows": 0}
    # The recipe alone reads the file as it was read by hand.
    prepared = read(recipe, tmp_path, name="by-hand")
    assert (prepared.lines.height, prepared.reconciliation.revenue) == (2, 10_050_000)


def test_a_refresh_says_what_changed(tmp_path: Path) -> None:
    path, home = tmp_path / "sales.csv", tmp_path / "home"
    versions = []
    for rows in ("A1,2024-01-31,Pen,1,2.50\n", "A1,2024-01-31,Pen,1,2.50\nA2,2024-02-01,Pen,3,7.50\n"):
        path.write_text("Order,Date,Product,Quantity,Amount\n" + rows, encoding="utf-8")
        with guided.understood([path]) as files:
            versions.append(files.prepare(ImportOptions(currency="EUR"), home=home, name="shop", today=TODAY).path)
    found = {one.label: (one.before, one.now) for one in changes.changes(*versions) if one.changed}
    assert found == {
        "sales.csv": ("1 row", "2 rows"),
        "Rows in": ("1", "2"),
        "Lines kept": ("1", "2"),
        "Revenue": ("2.50", "10.00"),
        "Last day": ("2024-01-31", "2024-02-01"),
    }


def test_set_aside_rows_name_the_line_of_the_file(tmp_path: Path) -> None:
    """A cell of three lines above, and a title: a text editor shows the bad line at 7."""
    path = tmp_path / "sales.csv"
    head = "Report;;;;\nOrder;Date;Product;Quantity;Amount\n"
    lines = 'A1;2024-01-31;"Pen\nblue\nfine";1;2.50\nA2;2024-01-31;Cup;1;3.50\n'
    path.write_text(head + lines + "A3;2024-01-31;Cup;0;3.50\n" + "A4;2024-01-31;Cup;1;3.50\n" * 9, encoding="utf-8")
    with guided.understood([path]) as files:
        found = files.check(ImportOptions(), today=TODAY)
        prepared = prepare_files(files)
    assert prepared.set_aside is not None
    assert prepared.set_aside.select("file", "row", "rule").rows() == [("sales.csv", 7, "zero_quantity")]
    shown = next(one for one in found.by_rule if one.rule == "zero_quantity")
    assert [(one["file"], one["row"]) for one in shown.examples] == [("sales.csv", 7)]


@pytest.mark.parametrize(
    ("amounts", "default", "revenue"),
    [
        (("950", "1.234", "12.500"), "1.234,56", {"1.234,56": 14_684.0, "1234.56": 963.734}),
        (("1.459", "1.460", "1.470"), "1234.56", {"1234.56": 4.389, "1.234,56": 4_389.0}),
        (("1.50", "1.234", "2"), "", {"": 4.734}),
        (("1.234", "5000", "2"), "", {"": 5_003.234}),
    ],
)
def test_a_point_that_may_mark_thousands_is_asked(
    amounts: tuple[str, ...], default: str, revenue: dict[str, float], tmp_path: Path
) -> None:
    path = tmp_path / "sales.csv"
    rows = "".join(f"A{number},2024-01-13,Pen,1,{amount}\n" for number, amount in enumerate(amounts))
    path.write_text("Order,Date,Product,Quantity,Amount\n" + rows, encoding="utf-8")
    with guided.understood([path]) as files:
        asked = [one for one in files.understood.questions if one.key.startswith("numbers:")]
        assert [one.default for one in asked] == ([default] if default else [])
        if default:
            with pytest.raises(DataError, match="Say --decimal-point or --decimal-comma"):
                files.recipe(ImportOptions())
        for numbers, expected in revenue.items():
            prepared = prepare_files(files, ImportOptions(numbers=numbers))
            assert prepared.reconciliation.revenue / MONEY_SCALE == pytest.approx(expected)
