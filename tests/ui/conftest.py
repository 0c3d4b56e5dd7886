"""A home with small datasets: a whole one, and ones that lack cost, customers or places."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from data import layout, store

ROOT = Path(__file__).resolve().parents[2]
LACKING = {
    "whole": (),
    "without_cost": ("cost",),
    "without_customers": ("customer_id",),
    "without_geography": ("continent", "country", "region"),
}
PLACES = (
    ("Europe", "France", "Nord"),
    ("Europe", "Germany", "Bayern"),
    ("Asia", "Japan", "Kanto"),
    ("Asia", "Atlantis", "Deep"),
)
PRODUCTS = (
    ("Food", "Fruit", "Apple"),
    ("Food", "Fruit", "Pear"),
    ("Food", "Bread", "Rye <b>1</b>"),
    ("Tools", "Saws", "=SAW()"),
)


def _tables(lacking: tuple[str, ...]) -> layout.Tables:
    rng = random.Random(7)
    rows = []
    for number in range(400):
        day = date(2024, 1, 1) + timedelta(days=rng.randrange(900))
        customer, place = rng.choice([None, *(f"c{n}" for n in range(60))]), rng.choice(PLACES)
        for category, subcategory, product in rng.sample(PRODUCTS, rng.randint(1, 3)):
            quantity = rng.randint(1, 5)
            price = rng.randint(1, 90) * 10_000
            rows.append(
                {
                    "order_id": f"o{number:04d}", "ordered_on": day, "customer_id": customer, "product_id": product,
                    "product": product, "category": category, "subcategory": subcategory, "continent": place[0],
                    "country": place[1], "region": place[2], "channel": rng.choice(["Shop", "Web"]) if False else "Web",
                    "quantity": quantity, "revenue": quantity * price, "cost": quantity * price // 2,
                }
            )  # fmt: skip
    lines = pl.DataFrame(rows)
    if "customer_id" in lacking:
        lines = lines.with_columns(pl.lit(None, pl.String).alias("customer_id"))
    lines = lines.drop([name for name in lacking if name != "customer_id"])
    customers = pl.DataFrame(
        {"customer_id": [f"c{n}" for n in range(60)], "name": [f"*Name* {n}" for n in range(60)],
         "gender": ["F", "M", None] * 20, "metric": ["x", "y"] * 30}
    )  # fmt: skip
    returns = pl.DataFrame(
        {"returned_on": [date(2026, 3, 1)], "product_id": ["Apple"], "quantity": [2], "amount": [150_000]}
    )  # fmt: skip
    return layout.Tables(lines, None if "customer_id" in lacking else customers, returns=returns)


@pytest.fixture(scope="session")
def prepared_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the small datasets."""
    home = tmp_path_factory.mktemp("home")
    for name, lacking in LACKING.items():
        built = layout.build(_tables(lacking), name=name, title=name.replace("_", " "), currency="EUR")
        store.publish(name, built.write, home=home)
    return home


@pytest.fixture(autouse=True)
def _home(prepared_home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("SALES_HOME", str(prepared_home))
    yield
    st.cache_data.clear()
    st.cache_resource.clear()


@pytest.fixture
def app() -> AppTest:
    """The app, not run yet."""
    return AppTest.from_file(str(ROOT / "Home.py"), default_timeout=60)
