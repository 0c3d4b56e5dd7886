"""A real shop's history, prepared once, and a list of naughty strings."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path

import pytest

from analytics.dataset import Dataset
from data.prepare import prepare
from data.recipe import recipes
from data.store import store

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
CORPUS = SHARED.parent / "corpora" / "naughty_strings.tar.xz"


@pytest.fixture(scope="session")
def online_retail(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    origin = SHARED / "online_retail_2010_2011_raw_strings.parquet"
    if not origin.is_file():
        pytest.skip("the Online Retail file is not beside this checkout")
    home = tmp_path_factory.mktemp("online_retail")
    made = prepare(recipes.read("online_retail"), origin, home=home, name="online_retail")
    return store.load_version(made.path, name="online_retail")


@pytest.fixture(scope="module")
def naughty() -> list[str]:
    if not CORPUS.exists():
        pytest.skip(f"needs the list of naughty strings at {CORPUS}")
    with tarfile.open(CORPUS) as packed:
        member = packed.extractfile("naughty_strings/blns.json")
        assert member is not None
        strings: list[str] = json.load(member)
    assert len(strings) == 515
    return strings
