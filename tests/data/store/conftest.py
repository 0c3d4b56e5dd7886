"""A published version with every file that there can be, prepared once, and copies of it that a test can spoil."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest

from data.errors import DataError
from data.prepare import PublishedDataset, prepare
from data.recipe import recipes
from data.store import integrity, store
from tests.data.conftest import Shop
from tests.data.store.homes import publish

FILES = ("customers", "lines", "orders", "products", "returns", "set_aside", "targets")


TARGETS = """
[targets]
files = "targets.csv"
dates = "%Y-%m"
columns = { month = "Month", revenue = "Goal" }
"""


def with_targets(shop: Shop) -> Shop:
    """A shop that has every file that there can be."""
    (shop.folder / "targets.csv").write_text("Month,Goal\n2024-01,100\n2024-02,120\n", encoding="utf-8")
    shop.recipe.write_text(shop.recipe.read_text(encoding="utf-8") + TARGETS, encoding="utf-8")
    return shop


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> PublishedDataset:
    """The shop with its targets, prepared once for all tests."""
    folder = tmp_path_factory.mktemp("shop")
    shop = with_targets(Shop(folder))
    result = prepare(recipes.read(shop.recipe), folder, home=folder / "home", name="shop")
    assert {file.stem for file in result.path.glob("*.parquet")} == set(FILES)
    return result


@pytest.fixture
def version(made: PublishedDataset, shop: Shop, tmp_path: Path) -> Path:
    """A copy of the published version that a test can spoil, beside the files that it was prepared from."""
    with_targets(shop)
    home = shutil.copytree(made.path.parents[2], tmp_path / "home")
    return home / made.path.relative_to(made.path.parents[2])


def refusal(version: Path) -> str:
    """The sentence that opening a version ends in."""
    with pytest.raises(DataError) as refused:
        store.load_version(version, name="shop")
    return str(refused.value)


def load_and_wait(version: Path) -> None:
    """Open a version, until nothing of it is being checked any more; DataError where it is damaged."""
    store.load_version(version, name="shop")
    end = time.monotonic() + 20
    while integrity.pending(version):
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with two versions of a shop, the larger in use, and another dataset."""
    home = tmp_path / "home"
    publish(home, orders=2)
    publish(home, orders=3)
    publish(home, name="other", title="Other")
    return home
