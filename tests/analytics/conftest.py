"""A real shop's history, prepared once."""

from __future__ import annotations

from pathlib import Path

import pytest

from analytics.dataset import Dataset
from data.prepare import prepare
from data.recipe import recipes
from data.store import store

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"


@pytest.fixture(scope="session")
def online_retail(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    origin = SHARED / "online_retail_2010_2011_raw_strings.parquet"
    if not origin.is_file():
        pytest.skip("the Online Retail file is not beside this checkout")
    home = tmp_path_factory.mktemp("online_retail")
    made = prepare(recipes.read("online_retail"), origin, home=home, name="online_retail")
    return store.load_version(made.path, name="online_retail")
