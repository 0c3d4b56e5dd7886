"""Datasets prepared once for all tests, and a small shop whose files a test can spoil."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from analytics.dataset import Dataset
from data.building.layout import Prepared
from data.prepare import PublishedDataset, prepare, read
from data.recipe import recipes
from data.store import store

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"

SHOP: Mapping[str, str] = {
    "sales.csv": (
        "No,Date,Buyer,Item,Qty\n"
        "A1,31-12-2023,7,P1,2\n"
        "A1,31-12-2023,7,P2,1\n"
        "A2,01-01-2024,,P1,1\n"
        "A3,05-01-2024,8,P2,-1\n"
        "A4,06-01-2024,8,P3,4\n"
        "A5,06-01-2024,8,,4\n"
    ),
    "items.csv": "Id,Name,Group,Price\nP1,Pen,Office,1.2345\nP2,Lamp,Home,20\nP3,Gift,Home,0\n",
    "buyers.csv": "Id,First,Last,Sex\n7,ANA,DÍAZ,F\n8,BO,LI,NA\n9,CY,NG,M\n",
}

SHOP_RECIPE = """
title = "Shop"
currency = "EUR"

[calendar]
week_start = "sunday"
fiscal_start_month = 7
retail_4_5_4 = true

[policies]
negative_quantity = "returns"
zero_price = "set_aside"

[lines]
files = "sales.csv"
dates = "%d-%m-%Y"

[lines.columns]
order_id = "No"
ordered_on = "Date"
customer_id = "Buyer"
product_id = "Item"
quantity = "Qty"

[products]
files = "items.csv"
key = "Id"
columns = { product = "Name", category = "Group", unit_price = "Price" }

[customers]
files = "buyers.csv"
key = "Id"
missing = ["NA"]

[customers.columns]
name = { column = ["First", "Last"], title_case = true }
metric = { column = "Sex", values = { F = "Female", M = "Male" } }
"""


class Shop:
    """The files of a small shop and its recipe in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.recipe = folder / "shop.toml"
        self.recipe.write_text(SHOP_RECIPE, encoding="utf-8")
        for name, text in SHOP.items():
            (folder / name).write_text(text, encoding="utf-8")

    def change(self, name: str, old: str, new: str) -> None:
        """Replace a text that must be there."""
        path = self.folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    folder = tmp_path / "files"
    folder.mkdir()
    return Shop(folder)


@pytest.fixture(scope="session")
def prepared_shop(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """The shop as it stands, read once for all tests that only need it published."""
    folder = tmp_path_factory.mktemp("shop")
    return read(recipes.read(Shop(folder).recipe), folder, name="shop")


@pytest.fixture(scope="session")
def oracles() -> dict[str, Any]:
    return dict(json.loads(_shared("ORACLES.json").read_text(encoding="utf-8")))


def _shared(name: str) -> Path:
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"needs {name} from the shared data, which is not part of the repository")
    return path


@pytest.fixture(scope="session")
def adventureworks(tmp_path_factory: pytest.TempPathFactory) -> PublishedDataset:
    home = tmp_path_factory.mktemp("adventureworks")
    origin = _shared("aw_maven_2020_2022_mit.zip")
    return prepare(recipes.read("adventureworks"), origin, home=home, name="adventureworks")


@pytest.fixture(scope="session")
def adventureworks_dataset(adventureworks: PublishedDataset) -> Dataset:
    return store.load_version(adventureworks.path, name="adventureworks")


@pytest.fixture(scope="session")
def online_retail(tmp_path_factory: pytest.TempPathFactory) -> PublishedDataset:
    home = tmp_path_factory.mktemp("online_retail")
    origin = _shared("online_retail_2010_2011_raw_strings.parquet")
    return prepare(recipes.read("online_retail"), origin, home=home, name="online_retail")


@pytest.fixture(scope="session")
def online_retail_dataset(online_retail: PublishedDataset) -> Dataset:
    return store.load_version(online_retail.path, name="online_retail")
