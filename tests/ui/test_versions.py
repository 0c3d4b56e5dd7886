"""A dataset that is prepared anew or damaged under an open page: no version meets another, and nothing is silent."""

from __future__ import annotations

import shutil
from pathlib import Path

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from data.errors import DataError
from data.store import contract, store
from tests import small_datasets
from tests.ui.refreshed import ALWAYS, CUSTOMER, error, exported, lines, opened, prepare, truth
from tests.ui.visits import press, text
from ui import caching, queries
from ui import opened as open_datasets
from ui.content import customer as customer_content
from ui.queries import VersionKey

# --- Versions ---------------------------------------------------------------------------------------------------------


def test_lines_keep_their_order_numbers_after_a_refresh(shop_home: Path) -> None:
    before = VersionKey("shop", store.find("shop").version)
    queries.dataset(before)
    after = VersionKey("shop", prepare(shop_home, earlier=3))
    assert exported(before).equals(truth())
    assert exported(after).equals(truth(3))


def test_a_customers_lines_keep_their_order_numbers_after_a_refresh(shop_home: Path) -> None:
    before = VersionKey("shop", store.find("shop").version)
    code = queries.dataset(before).customers["customer_id"].to_list().index(CUSTOMER)
    prepare(shop_home, earlier=3)
    own = small_datasets.tables().lines.lazy().collect().filter(pl.col("customer_id") == CUSTOMER)
    found = customer_content.customer_lines(before, code)
    assert sorted(zip(found["order_id"], found["day"], strict=True)) == sorted(
        zip(own["order_id"], own["ordered_on"], strict=True)
    )


def test_a_version_is_that_version_or_a_sentence(shop_home: Path) -> None:
    before = VersionKey("shop", store.find("shop").version)
    prepare(shop_home, earlier=3)
    assert queries.dataset(before).lines.collect().height == lines(0).height
    open_datasets.DATASETS.close()
    shutil.rmtree(shop_home / "shop" / "versions" / before.version)
    with pytest.raises(DataError, match=rf"expected its version {before.version}, found that it is no longer there"):
        queries.dataset(before)
    for wrong in ("", "../shop", "..", "0123456789abcdef"):
        with pytest.raises(DataError, match="no longer there"):
            queries.dataset(VersionKey("shop", wrong))


def test_another_demo_is_another_version(shop_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The demo's folder has no version in its path: an update of the app may change it under an open page."""
    source = VersionKey("demo", store.find("demo").version)
    queries.dataset(source)
    monkeypatch.setattr(store, "DEMO", store.find("shop").path)
    with pytest.raises(DataError, match="no longer there"):
        queries.exported_lines(source, ALWAYS, 10)


def test_versions_are_listed_the_latest_first(shop_home: Path) -> None:
    first = store.find("shop").version
    second = prepare(shop_home, earlier=3)
    assert {entry.version for entry in store.versions("shop")} == {first, second}
    assert store.find("shop").version == second
    assert store.find("shop", version=first).path == shop_home / "shop" / "versions" / first
    (shop_home / "shop" / "versions" / first / "dataset.toml").write_text("title = [")
    assert [entry.version for entry in store.versions("shop") if entry.trouble] == [first]


# --- Pages ------------------------------------------------------------------------------------------------------------


def test_an_open_page_goes_on_with_its_version_and_says_so(app: AppTest, shop_home: Path) -> None:
    opened(app)
    orders = {metric.label: metric.value for metric in app.metric}["Orders"]
    assert "prepared anew" not in text(app)
    prepare(shop_home, earlier=3)
    app.run()
    assert {metric.label: metric.value for metric in app.metric}["Orders"] == orders == "400"
    assert "Shop was prepared anew. This page goes on with the version that it opened." in text(app)
    app.switch_page("pages/retention.py").run()
    assert "prepared anew" in text(app)
    app.switch_page("pages/sales_performance.py").run()
    press(app, "Open the new version")
    assert {metric.label: metric.value for metric in app.metric}["Orders"] == "403"
    assert "prepared anew" not in text(app)


def test_a_new_visit_opens_the_version_in_use(app: AppTest, shop_home: Path) -> None:
    prepare(shop_home, earlier=3)
    opened(app)
    assert {metric.label: metric.value for metric in app.metric}["Orders"] == "403"
    assert "prepared anew" not in text(app)


def test_the_open_customer_page_keeps_its_order_numbers(app: AppTest, shop_home: Path) -> None:
    opened(app, "pages/customer.py", customer=CUSTOMER)
    prepare(shop_home, earlier=3)
    caching.ANSWERS.forget()
    app.run()
    own = small_datasets.tables().lines.lazy().collect().filter(pl.col("customer_id") == CUSTOMER)
    shown = next(one.value for one in app.dataframe if "order_id" in one.value.columns)
    assert sorted(shown["order_id"]) == sorted(own["order_id"])


def test_a_version_that_is_gone_is_said_and_the_one_in_use_offered(app: AppTest, shop_home: Path) -> None:
    opened(app)
    first = store.find("shop").path
    prepare(shop_home, earlier=3)
    shutil.rmtree(first)
    open_datasets.DATASETS.close()
    app.run()
    assert "expected its version" in error(app)
    press(app, "Open the new version")
    assert {metric.label: metric.value for metric in app.metric}["Orders"] == "403"


def test_a_dataset_that_is_gone_is_named(app: AppTest, shop_home: Path) -> None:
    opened(app)
    shutil.rmtree(shop_home / "shop")
    queries.entries.clear()
    app.run()
    assert not app.exception
    assert "The dataset 'shop' is no longer among those that can be chosen here" in text(app)


def test_the_contract_holds_for_the_small_datasets(prepared_home: Path) -> None:
    for entry in store.entries(home=prepared_home):
        orders = pl.read_parquet(entry.path / "orders.parquet").height
        contract.rows(entry.path, store.load_version(entry.path, name=entry.name), orders)
