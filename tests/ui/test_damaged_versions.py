"""A dataset that is damaged under an open page ends in a sentence."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from polars.exceptions import PanicException
from streamlit.testing.v1 import AppTest

from data.errors import DataError
from data.store import integrity, store
from tests.ui.refreshed import ALWAYS, error, opened
from ui import queries
from ui.queries import VersionKey

# --- Damage -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("file", ["lines.parquet", "orders.parquet", "dataset.toml"])
def test_a_damaged_dataset_is_listed_and_says_why(app: AppTest, shop_home: Path, file: str) -> None:
    path = store.find("shop").path / file
    content = bytearray(path.read_bytes())
    content[60] ^= 4
    path.write_bytes(content)
    opened(app)
    assert "shop" in app.selectbox(key="dataset").value
    assert error(app).startswith(f"Dataset 'shop': {file} is damaged")
    assert "Prepare it again" in error(app)
    assert not app.metric
    app.selectbox(key="dataset").set_value("demo").run()
    assert len(app.metric) == 8


def test_an_export_over_damaged_order_numbers_is_a_sentence(shop_home: Path) -> None:
    source = VersionKey("shop", store.find("shop").version)
    queries.dataset(source)
    path = store.find("shop").path / "orders.parquet"
    content = bytearray(path.read_bytes())
    content[60] ^= 4
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"orders\.parquet is damaged"):
        queries.exported_lines(source, ALWAYS, 10)


def test_an_export_that_panics_is_a_sentence(shop_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = VersionKey("shop", store.find("shop").version)
    queries.dataset(source)

    def panics(*_: Any) -> None:
        raise PanicException("index out of bounds")

    monkeypatch.setattr(queries.lines, "rows", panics)
    with pytest.raises(DataError, match="PanicException: index out of bounds"):
        queries.exported_lines(source, ALWAYS, 10)


def test_numbers_are_not_called_reconciled_before_they_are(
    app: AppTest, shop_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(integrity, "AT_ONCE", 0)
    go, real = threading.Event(), integrity._compare

    def waiting(*arguments: Any) -> None:
        go.wait(20)
        real(*arguments)

    monkeypatch.setattr(integrity, "_compare", waiting)
    opened(app)
    strip = next(one.value for one in app.markdown if "Lines read" in one.value)
    assert "difference to the import" not in strip
    assert "not yet reconciled with the import, being checked: **customers.parquet, 0 % of 0 MB**" in strip
    go.set()
    path = store.find("shop").path
    for _ in range(2_000):
        if not integrity.pending(path):
            break
        time.sleep(0.01)
    app.run()
    strip = next(one.value for one in app.markdown if "Lines read" in one.value)
    assert "difference to the import **0.00**" in strip


def test_damage_that_is_found_later_ends_the_page(
    app: AppTest, shop_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(app)
    monkeypatch.setitem(
        integrity._opened, store.find("shop").path, integrity._Background((), None, problem="lines.parquet is damaged.")
    )
    app.run()
    assert error(app) == "lines.parquet is damaged."
    assert not app.metric


@pytest.mark.parametrize("damaged", [False, True], ids=["whole", "damaged"])
@pytest.mark.parametrize(
    "failure", [PanicException("index out of bounds"), pl.exceptions.ComputeError("no"), FileNotFoundError("gone")]
)
def test_a_page_that_fails_on_its_lines_ends_in_a_sentence(
    app: AppTest, shop_home: Path, monkeypatch: pytest.MonkeyPatch, failure: BaseException, damaged: bool
) -> None:
    opened(app)
    if damaged:
        (store.find("shop").path / "lines.parquet").unlink()

    def failing(*_: Any, **__: Any) -> None:
        raise failure

    monkeypatch.setattr("ui.content.dashboards.summary", failing)
    app.run()
    assert not app.exception
    if damaged:
        assert "lines.parquet is damaged: expected the file that was written, found no such file" in error(app)
    else:
        assert "This page could not be worked out" in error(app)


def test_a_home_that_may_not_be_read_says_so(app: AppTest, shop_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Path.iterdir

    def refused(path: Path) -> Any:
        if path == shop_home:
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(Path, "iterdir", refused)
    app.run()
    assert not app.exception
    assert "expected a folder of datasets that can be read" in error(app)
