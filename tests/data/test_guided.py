"""Files without a recipe: the four known data sets become datasets whose totals are the published ones."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from analytics.dataset import MONEY_SCALE
from data import guided, staged, staging
from data.__main__ import main
from data.building.layout import Prepared
from data.errors import DataError
from data.guided import ImportOptions, InspectedFiles
from data.prepare import read
from data.recipe import recipes
from data.store import changes
from data.understanding.types import Choices
from data.understanding.understand import understand
from tests.data.conftest import SHARED, Shop

TODAY = date(2026, 11, 23)


def _prepared(files: InspectedFiles, asked: ImportOptions = ImportOptions()) -> Prepared:  # noqa: B008
    recipe = recipes.parse(files.recipe(asked), file="recipe", name="files")
    return read(recipe, staged.StagedOrigin(files.tables), name="files", today=TODAY)


def _money(amount: int) -> float:
    return round(amount / MONEY_SCALE, 2)


def _totals(prepared: Prepared) -> dict[str, Any]:
    lines = prepared.lines
    return {
        "lines": lines.height,
        "revenue": _money(lines["revenue"].sum()),
        "orders": prepared.orders.height,
        "customers": prepared.customers["first_on"].count(),
        "units": int(lines["quantity"].cast(int).sum()),
    }


def _shared(name: str) -> Path:
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"needs {name} from the shared data, which is not part of the repository")
    return path


def test_superstore(oracles: dict[str, Any]) -> None:
    expected = oracles["superstore"]
    with guided.understood([_shared("superstore.zip")]) as files:
        prepared = _prepared(files)
    assert _totals(prepared) == {
        "lines": expected["lines"],
        "revenue": expected["sales"],
        "orders": expected["orders"],
        "customers": expected["customers"],
        "units": expected["units"],
    }
    lines = prepared.lines
    assert _money(lines["revenue"].sum() - lines["cost"].sum()) == expected["profit"]
    by_region = lines.group_by("region").agg(pl.col("revenue").sum())
    # One region ends on half a cent.
    assert {str(name): _money(money) for name, money in by_region.iter_rows()} == pytest.approx(
        expected["by_region"], abs=0.011
    )
    by_segment = lines.group_by("customer_segment").agg(pl.col("revenue").sum())
    assert {str(name): _money(money) for name, money in by_segment.iter_rows()} == expected["by_segment"]


def test_cdnow_has_no_order_numbers(oracles: dict[str, Any]) -> None:
    expected = oracles["cdnow"]["master"]
    with guided.understood([_shared("cdnow.zip")]) as files:
        prepared = _prepared(files)
    assert _totals(prepared) == {
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
        prepared = _prepared(files)
    # All that is left to a person is to confirm the currency.
    assert [question.key for question in found.questions] == ["currency"]
    assert (found.title, found.currency) == ("AdventureWorks", "USD")
    assert _totals(prepared) == {
        "lines": expected["lines"],
        "revenue": expected["revenue"],
        "orders": expected["orders"],
        "customers": expected["customers_buying"],
        "units": expected["units"],
    }
    lines = prepared.lines
    assert _money(lines["revenue"].sum() - lines["cost"].sum()) == expected["profit"]
    assert prepared.returns is not None
    assert int(prepared.returns["quantity"].cast(int).sum()) == expected["returned_units"]
    assert prepared.products.height == expected["products_sold"]


def test_online_retail(oracles: dict[str, Any]) -> None:
    expected = oracles["online_retail_2010_2011"]
    with guided.understood([_shared("online_retail_2010_2011_raw_strings.parquet")]) as files:
        assert files.understood.questions == ()
        prepared = _prepared(files)
    counts = prepared.reconciliation
    sales = expected["sales_only"]
    assert (counts.rows_read, counts.lines_kept, prepared.orders.height) == (
        expected["lines"],
        sales["lines"],
        sales["invoices"],
    )
    assert _money(counts.revenue) == sales["revenue"]
    money = counts.revenue + counts.returns_money + sum(rule.money for rule in counts.set_aside)
    assert _money(money) == expected["net_revenue_all_lines"]


def test_the_shop_without_a_recipe(shop: Shop) -> None:
    with guided.understood([shop.folder / name for name in ("sales.csv", "items.csv", "buyers.csv")]) as files:
        found = files.understood
    assert [one.role for one in found.files if one.file == "sales.csv"] == ["lines"]
    # The date 31-12-2023 settles the order of day and month.
    assert 'dates = "%d-%m-%Y"' in files.recipe(ImportOptions())


def test_a_date_that_stays_open_is_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "sales.csv"
    path.write_text(
        "Order,Date,Product,Quantity,Amount\n"
        + "".join(f"A{n},0{n % 9 + 1}/0{n % 7 + 2}/2024,Pen,1,2.50\n" for n in range(40)),
        encoding="utf-8",
    )
    home = ["--home", str(tmp_path / "home"), "--name", "open"]
    assert main(["prepare", str(path), *home]) == 1
    assert "Say --day-first or --month-first." in capsys.readouterr().err
    assert main(["prepare", str(path), *home, "--month-first", "--currency", "EUR"]) == 0
    said = capsys.readouterr().out
    # The first row says 01/02/2024, which is then the second of January.
    assert "2024-01-02 to 2024-09-07" in said
    assert main(["recipe", "open", "--home", str(tmp_path / "home")]) == 0
    recipe = tmp_path / "again.toml"
    recipe.write_text(capsys.readouterr().out, encoding="utf-8")
    assert main(["prepare", str(recipe), *home]) == 0


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
        assert _totals(_prepared(files))["orders"] == 2


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


GERMAN = (
    "Belegnr;Datum;Kundennr;Kunde;Artikelnr;Artikel;Warengruppe;Menge;Umsatz (€)\n"
    "R1;31.12.2023;00123;Anna Koch;P1;Kanne;Küche;2;1.234,50 €\n"
    "R2;02.01.2024;00124;Bo Wolf;P2;Lampe;Licht;1;20,00 €\n"
)


def test_german_names_numbers_dates_and_money(tmp_path: Path) -> None:
    path = tmp_path / "umsatz_2024.csv"
    path.write_text(GERMAN, encoding="windows-1252")
    with guided.understood([path]) as files:
        found = files.understood
        prepared = _prepared(files)
    assert {column: one.meaning for column, one in found.files[0].meanings.items()} == {
        "Belegnr": "order_id",
        "Datum": "ordered_on",
        "Kundennr": "customer_id",
        "Kunde": "name",
        "Artikelnr": "product_id",
        "Artikel": "product",
        "Warengruppe": "category",
        "Menge": "quantity",
        "Umsatz (€)": "revenue",
    }
    assert (found.currency, found.questions) == ("EUR", ())
    assert _totals(prepared) == {"lines": 2, "revenue": 1254.5, "orders": 2, "customers": 2, "units": 3}


@pytest.mark.parametrize(
    "header",
    [
        "N° de commande;Date de commande;Nom du client;Désignation;Quantité;Montant HT",
        "Nº Pedido;Fecha;Cliente;Producto;Cantidad;Importe",
        "Numero ordine;Data;Cliente;Prodotto;Quantità;Importo",
        "Ordernummer;Orderdatum;Klant;Productnaam;Aantal;Bedrag",
        "Número do pedido;Data;Cliente;Produto;Quantidade;Valor total",
    ],
)
def test_other_languages_are_understood(header: str, tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    rows = "".join(
        f"R{number};{number + 12}/01/2024;Ana {number % 4};Taza {number % 3};2;10,50\n" for number in range(18)
    )
    path.write_text(f"{header}\n{rows}", encoding="utf-8")
    with guided.understood([path]) as files:
        found = files.understood
        prepared = _prepared(files)
    meanings = [one.meaning for one in found.files[0].meanings.values()]
    assert meanings[:2] + meanings[3:] == ["order_id", "ordered_on", "product", "quantity", "revenue"]
    assert meanings[2] in ("customer_id", "name")
    assert _totals(prepared)["revenue"] == 189.0


def test_lines_without_a_header_are_told_by_their_values(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    rows = (f"R{n},2024-01-{n % 28 + 1:02},Bo Li,Tin of biscuits {n % 5},{n % 6 + 1},{n * 3}.50\n" for n in range(60))
    path.write_text("".join(rows), encoding="utf-8")
    with guided.understood([path]) as files:
        (question,) = [one for one in files.understood.questions if one.must]
        with pytest.raises(DataError, match="Which is the money of a line"):
            files.recipe(ImportOptions())
        right = next(one for one in question.answers if one.label == "column 6, column 5 the units")
        prepared = _prepared(files, ImportOptions(answers={"money": right.key}))
    # Nothing says whether the last number is a line's or a unit's; each answer says what it comes to, and on which row.
    assert right.totals is not None
    assert (right.totals.revenue, right.row) == (sum(n * 3 + 0.5 for n in range(60)), "Row 2: 3.50")
    assert _totals(prepared) == {
        "lines": 60,
        "revenue": right.totals.revenue,
        "orders": 60,
        "customers": 0,
        "units": sum(n % 6 + 1 for n in range(60)),
    }


TWICE = (
    "Order,Date,Product,Quantity,Amount\nA1,2024-01-31,Pen,1,2.50\nA1,2024-01-31,Pen,1,2.50\nA2,2024-02-01,Pen,2,5.00\n"
)


def test_the_command_line_checks_before_it_prepares(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, home = tmp_path / "sales.csv", tmp_path / "home"
    path.write_text(TWICE, encoding="utf-8")
    command = ["prepare", str(path), "--currency", "EUR", "--home", str(home)]
    assert main([*command, "--check"]) == 0
    said = capsys.readouterr().out
    assert "Duplicate lines (duplicate_lines): 1 row, 2.50." in said
    assert "such as sales.csv, row 3: Order A1, Date 2024-01-31" in said
    assert "keep: Keep (chosen)" in said
    assert "set_aside: Set aside (revenue -2.50)" in said
    assert not home.exists()
    assert main([*command, "--policy", "duplicate_lines=set_aside"]) == 0
    assert "+ set aside: duplicate_lines             1                2.50" in capsys.readouterr().out
    assert main([*command, "--policy", "duplicate_lines=drop"]) == 1
    assert capsys.readouterr().err == "--policy duplicate_lines=drop: expected keep or set_aside, found 'drop'.\n"
    assert main([*command, "--policy", "colour=red"]) == 1
    assert capsys.readouterr().err.startswith("--policy colour=red: expected a rule (missing_product, ")


def test_the_command_line_refreshes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, home = tmp_path / "sales.csv", ["--home", str(tmp_path / "home")]
    path.write_text(TWICE, encoding="utf-8")
    assert main(["prepare", str(path), "--currency", "EUR", *home]) == 0
    assert main(["refresh", "sales", "--from", str(tmp_path), *home]) == 0
    assert "Nothing changed." in capsys.readouterr().out
    path.write_text(TWICE + "A3,2024-02-02,Pen,4,10.00\n", encoding="utf-8")
    assert main(["refresh", "sales", "--from", str(path), *home]) == 0
    said = capsys.readouterr().out
    assert "  Lines kept: 3 -> 4\n  Revenue: 10.00 -> 20.00\n  Last day: 2024-02-01 -> 2024-02-02\n" in said
    assert main(["refresh", "nothing", *home]) == 1


def test_set_aside_rows_name_the_line_of_the_file(tmp_path: Path) -> None:
    """A cell of three lines above, and a title: a text editor shows the bad line at 7."""
    path = tmp_path / "sales.csv"
    head = "Report;;;;\nOrder;Date;Product;Quantity;Amount\n"
    lines = 'A1;2024-01-31;"Pen\nblue\nfine";1;2.50\nA2;2024-01-31;Cup;1;3.50\n'
    path.write_text(head + lines + "A3;2024-01-31;Cup;0;3.50\n" + "A4;2024-01-31;Cup;1;3.50\n" * 9, encoding="utf-8")
    with guided.understood([path]) as files:
        found = files.check(ImportOptions(), today=TODAY)
        prepared = _prepared(files)
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
            prepared = _prepared(files, ImportOptions(numbers=numbers))
            assert prepared.reconciliation.revenue / MONEY_SCALE == pytest.approx(expected)
