"""Goods that are weighed, on every page: decimals where units are shown, and none where a dataset has whole ones."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from analytics import formats
from data.building import layout
from data.store import store, writing
from tests import small_datasets
from tests.ui.visits import START, opened, text
from ui import headings
from ui.menu import PAGES


@pytest.fixture
def weighed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home whose one dataset sells 0.377 to 1.885 kg a line."""
    made = small_datasets.tables()
    lots = pl.col("quantity") * 377
    assert made.returns is not None
    tables = replace(
        made, lines=made.lines.with_columns(lots), returns=made.returns.with_columns(lots), unit_scale=1_000
    )
    writing.publish("weighed", layout.build(tables, name="weighed", title="Weighed", currency="EUR"), home=tmp_path)
    monkeypatch.setenv("SALES_HOME", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("page", [f"pages/{page.name}.py" for page in PAGES])
def test_every_page_opens_by_units(app: AppTest, weighed: Path, page: str) -> None:
    opened(app, page, dataset="weighed", preset="all", metric="units")
    assert not app.error


def test_tiles_and_downloads_have_the_decimals(app: AppTest, weighed: Path) -> None:
    data = store.load("weighed")
    total = data.lines.select(pl.col("quantity").cast(pl.Int64).sum()).collect().item() / 1_000
    assert total % 1
    opened(app, START, dataset="weighed", preset="all", metric="units")
    (tile,) = [metric for metric in app.metric if metric.label == "Products sold"]
    assert tile.value == formats.text(total, "units")
    assert re.search(r"[\d,]+\.\d+", text(app))


def test_a_column_of_units_shows_every_value_in_full() -> None:
    rows = pl.DataFrame({"units": [0.375, 12.0, 1.5], "orders": [1, 2, 3]})
    shown = headings.configuration(rows, {}, "EUR")
    assert shown["units"]["type_config"]["format"] == "%,.3f"
    assert shown["orders"]["type_config"]["format"] == "%,.0f"
    whole = headings.configuration(pl.DataFrame({"units": [3, 12]}), {}, "EUR")
    assert whole["units"]["type_config"]["format"] == "%,.0f"
