"""Goods that are weighed, from the file's digits to the dataset and back to a file."""

from __future__ import annotations

import tomllib
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics import lines
from analytics.dataset import Dataset
from data import guided
from data.building import units
from data.guided import ImportOptions
from data.prepare import PublishedDataset, prepare
from data.recipe import recipes
from data.store import store
from ui import parts

MARKT = """Bon;Datum;Kunde;Artikel;Menge;Einzelpreis;Betrag
1;13.01.2025;Eva;Bergkäse;0,45 kg;20,00;9,00
1;13.01.2025;Eva;Brot;2 Stk;4,00;8,00
2;14.01.2025;Leo;Schinken;1,125 kg;30,00;33,75
3;15.02.2025;Eva;Bergkäse;0,333 kg;20,00;6,66
4;16.02.2025;Leo;Bergkäse;-0,2 kg;20,00;-4,00
"""
"""Weighed goods and pieces; a piece of cheese came back."""

MARKET = """Receipt,Date,Customer,Product,Quantity,Unit Price
1,2025-01-13,Eva,Cheese,1.250,20.03
2,2025-01-14,Leo,Ham,0.45,29.99
3,2025-02-15,Eva,Bread,3,4.15
"""


def imported(text: str, folder: Path, name: str, asked: ImportOptions | None = None) -> PublishedDataset:
    """A file's text as a published dataset."""
    (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    with guided.understood([folder / f"{name}.csv"]) as files:
        return files.prepare(asked or ImportOptions(currency="EUR"), home=folder / "home", name=name, today=None)


def opened(result: PublishedDataset, name: str) -> Dataset:
    return store.load_version(result.path, name=name)


def sold(data: Dataset) -> dict[str, float]:
    rows = lines.sums(data, lines.history(data), ["product"])
    return dict(rows.select(pl.col("product").cast(pl.String), "units").iter_rows())


def test_a_german_file_keeps_its_kilograms(tmp_path: Path) -> None:
    asked = ImportOptions(currency="EUR", policies={"negative_quantity": "returns"})
    result = imported(MARKT, tmp_path, "markt", asked)
    data = opened(result, "markt")
    assert data.unit_scale == 1_000
    assert sold(data) == {"Bergkäse": 0.783, "Brot": 2.0, "Schinken": 1.125}
    assert result.prepared.reconciliation.revenue == 57_4100
    assert data.returns is not None
    assert data.returns.select("quantity", "amount").rows() == [(200, 4_0000)]
    notes = "\n".join(result.prepared.reconciliation.notes)
    assert (
        "Menge holds decimals; quantities are kept exactly, in thousandths of a unit. "
        "The file's 3.708 units are 3.908 sold, less 0.2 that came back." in notes
    )
    assert tomllib.loads((result.path / "dataset.toml").read_text())["unit_scale"] == 1_000


def test_an_english_file_keeps_its_kilograms_and_half_cents_up(tmp_path: Path) -> None:
    data = opened(imported(MARKET, tmp_path, "market"), "market")
    assert data.unit_scale == 100
    assert sold(data) == {"Bread": 3.0, "Cheese": 1.25, "Ham": 0.45}
    # 20.03 x 1.25 = 25.0375 and 29.99 x 0.45 = 13.4955: money has four decimals
    money = lines.sums(data, lines.history(data), ["product"]).sort("product")["revenue"].to_list()
    assert sorted(money) == [12_4500, 13_4955, 25_0375]


def test_what_is_set_aside_is_counted_in_units_too(tmp_path: Path) -> None:
    text = MARKT.replace("-0,2 kg;20,00;-4,00", "-0,25 kg;20,00;-5,00")
    asked = ImportOptions(currency="EUR", policies={"negative_quantity": "set_aside"})
    result = imported(text, tmp_path, "markt", asked)
    assert "The file's 3.658 units are 3.908 sold, and -0.25 set aside." in "\n".join(
        result.prepared.reconciliation.notes
    )


def test_our_own_download_is_read_back_as_it_was(tmp_path: Path) -> None:
    first = opened(imported(MARKT.replace("-0,2 kg;20,00;-4,00", "0,2 kg;20,00;4,00"), tmp_path, "markt"), "markt")
    shown = lines.rows(first, lines.history(first), 100).rename({"order": "order_id"})
    text = parts.csv_bytes(shown).decode()
    assert "0.45" in text
    again = opened(imported(text, tmp_path, "again"), "again")
    assert again.unit_scale == 1_000
    assert sold(again) == sold(first)
    assert again.reconciliation.revenue == first.reconciliation.revenue


def test_whole_quantities_are_written_as_before(tmp_path: Path) -> None:
    text = MARKET.replace("1.250", "1.000").replace("0.45", "2")
    result = imported(text, tmp_path, "whole")
    written = tomllib.loads((result.path / "dataset.toml").read_text())
    assert written["layout"] == 2
    assert "unit_scale" not in written
    data = opened(result, "whole")
    assert data.unit_scale == 1
    assert data.lines.collect()["quantity"].to_list() == [1, 3, 2]


def test_a_recipe_may_allow_decimals_that_are_not_there(tmp_path: Path) -> None:
    """All pieces: the dataset is the one that a recipe without decimals gives."""
    (tmp_path / "s.csv").write_text("No,Day,Item,Qty,Price\n1,2025-01-13,Cup,2,9.00\n2,2025-01-14,Jar,1,5.00\n")
    recipe = """
title = "Shop"
currency = "EUR"
[lines]
files = "s.csv"
columns = { order_id = "No", ordered_on = "Day", product = "Item", unit_price = "Price", quantity = %s }
"""
    made = [
        prepare(
            recipes.parse(recipe % quantity, file="r", name="s"), tmp_path, home=tmp_path / f"home {n}", name="s"
        ).prepared
        for n, quantity in enumerate(('"Qty"', '{ column = "Qty", decimals = true }'))
    ]
    assert made[0].unit_scale == made[1].unit_scale == 1
    assert made[0].lines.equals(made[1].lines)


RETURNS = """
title = "Market"
currency = "EUR"
[lines]
files = "sales.csv"
columns = { order_id = "No", ordered_on = "Day", product_id = "Item", quantity = "Qty" }
[products]
files = "items.csv"
key = "Item"
columns = { product = "Name", unit_price = "Price", unit_cost = "Cost" }
[returns]
files = "back.csv"
columns = { returned_on = "Day", product_id = "Item", quantity = { column = "Kg", decimals = true } }
"""


def test_returns_in_kilograms_beside_whole_sales(tmp_path: Path) -> None:
    """The scale is the finest of both; returns at list price are rounded half up to the money's last digit."""
    (tmp_path / "sales.csv").write_text("No,Day,Item,Qty\n1,2025-01-13,C,3\n2,2025-01-14,H,1\n")
    (tmp_path / "items.csv").write_text("Item,Name,Price,Cost\nC,Cheese,20.0001,12.5\nH,Ham,30,20\n")
    (tmp_path / "back.csv").write_text("Day,Item,Kg\n2025-01-20,C,0.45\n2025-01-21,C,1.5\n")
    made = prepare(recipes.parse(RETURNS, file="r", name="m"), tmp_path, home=tmp_path / "home", name="m")
    data = opened(made, "m")
    assert data.unit_scale == 100
    assert data.lines.collect()["quantity"].to_list() == [300, 100]
    assert data.lines.collect()["cost"].to_list() == [37_5000, 20_0000]
    assert data.returns is not None
    # 20.0001 x 0.45 = 9.000045, x 1.5 = 30.00015: half goes up
    assert data.returns.select("quantity", "amount").rows() == [(45, 9_0000), (150, 30_0002)]
    assert sold(data) == {"Cheese": 3.0, "Ham": 1.0}


@given(st.integers(-(10**12), 10**12), st.integers(-(10**8), 10**8))
@settings(max_examples=200, deadline=None)
def test_price_times_quantity_is_exact(price: int, quantity: int) -> None:
    frame = pl.DataFrame({"price": [price], "quantity": [quantity]})
    exact = (Decimal(price) * Decimal(quantity) / 10_000).quantize(Decimal(1), ROUND_HALF_UP)
    assert frame.select(units.times(pl.col("price"), 10_000)).item() == int(exact)


@given(st.lists(st.integers(-(10**9), 10**9), min_size=1), st.sampled_from([1, 10, 100, 1_000, 10_000]))
@settings(max_examples=200, deadline=None)
def test_the_scale_is_the_smallest_that_loses_nothing(quantities: list[int], step: int) -> None:
    frame = pl.DataFrame({"quantity": [quantity * step for quantity in quantities]})
    scale = units.scale_of((frame, 10_000), (None, 1))
    kept = units.scaled(frame, 10_000, scale)["quantity"].to_list()
    assert [quantity * (10_000 // scale) for quantity in kept] == frame["quantity"].to_list()
    assert scale == 1 or any(quantity % 10 for quantity in kept)


@pytest.mark.parametrize(
    ("quantity", "scale", "text"),
    [
        (1_234_567, 1_000, "1,234.567"),
        (-250, 1_000, "-0.25"),
        (12, 1, "12"),
        (3_000, 1_000, "3"),
        (5, 10_000, "0.0005"),
    ],
)
def test_units_as_text(quantity: int, scale: int, text: str) -> None:
    assert units.text(quantity, scale) == text
