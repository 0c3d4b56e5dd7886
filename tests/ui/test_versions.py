"""A dataset that is prepared anew or damaged under an open page: no version meets another, and nothing is silent."""

from __future__ import annotations

import shutil
import threading
import time
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from polars.exceptions import PanicException
from streamlit.testing.v1 import AppTest

from analytics.filters import Filters
from analytics.periods import Comparison, Period
from data.building import layout
from data.errors import DataError
from data.store import contract, integrity, store, writing
from tests import small_datasets
from ui import caching, queries
from ui import opened as open_datasets
from ui.content import customer as customer_content
from ui.queries import VersionKey

ALWAYS = Filters(Period(date(2020, 1, 1), date(2030, 1, 1)), Comparison("none", None), ())
CUSTOMER = "c12"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own, with one dataset that may be prepared anew."""
    monkeypatch.setenv("SALES_HOME", str(tmp_path))
    prepare(tmp_path)
    return tmp_path


def lines(earlier: int) -> pl.DataFrame:
    """The lines of the small shop, and those of some orders on the day before all others."""
    known = small_datasets.tables().lines
    assert isinstance(known, pl.DataFrame)
    more = known.filter(pl.col("order_id").is_in(known["order_id"].unique(maintain_order=True).head(earlier)))
    early = more.with_columns(
        pl.lit(date(2023, 12, 31)).alias("ordered_on"),
        (pl.lit("early ") + pl.col("order_id")).alias("order_id"),
        pl.lit("a0").alias("customer_id"),
    )
    return pl.concat([known, early])


def prepare(home: Path, *, earlier: int = 0, name: str = "shop") -> str:
    """Publish the shop with so many earlier orders; returns the version."""
    built = layout.build(layout.Tables(lines(earlier)), name=name, title="Shop", currency="EUR")
    version = writing.publish(name, built, home=home)
    queries.entries.clear()
    return version


def truth(earlier: int = 0) -> pl.DataFrame:
    """What the source says: order, day, product and money of each line."""
    return lines(earlier).select("order_id", pl.col("ordered_on").alias("day"), "product", "revenue").sort(pl.all())


def exported(source: VersionKey) -> pl.DataFrame:
    found = queries.exported_lines(source, ALWAYS, 10_000)
    money = (pl.col("revenue") * 10_000).round().cast(pl.Int64)
    return found.select("order_id", "day", pl.col("product").cast(pl.String), money).sort(pl.all())


def said(app: AppTest) -> str:
    shown = [*app.markdown, *app.caption, *app.info, *app.error, *app.warning]
    return "\n".join(str(one.value) for one in shown).replace("\\", "")


def error(app: AppTest) -> str:
    """The one error on the page, as people read it."""
    (shown,) = app.error
    return str(shown.value).replace("\\", "")


def opened(app: AppTest, page: str = "", **query: Any) -> AppTest:
    for key, value in {"dataset": "shop", "preset": "all", **query}.items():
        app.query_params[key] = value
    app.run()
    if page:
        app.switch_page(page).run()
    assert not app.exception, app.exception[0].message
    return app


def press(app: AppTest, label: str) -> AppTest:
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception
    return app


# --- Versions ---------------------------------------------------------------------------------------------------------


def test_lines_keep_their_order_numbers_after_a_refresh(home: Path) -> None:
    before = VersionKey("shop", store.find("shop").version)
    queries.dataset(before)
    after = VersionKey("shop", prepare(home, earlier=3))
    assert exported(before).equals(truth())
    assert exported(after).equals(truth(3))


def test_a_customers_lines_keep_their_order_numbers_after_a_refresh(home: Path) -> None:
    before = VersionKey("shop", store.find("shop").version)
    code = queries.dataset(before).customers["customer_id"].to_list().index(CUSTOMER)
    prepare(home, earlier=3)
    own = small_datasets.tables().lines.lazy().collect().filter(pl.col("customer_id") == CUSTOMER)
    found = customer_content.customer_lines(before, code)
    assert sorted(zip(found["order_id"], found["day"], strict=True)) == sorted(
        zip(own["order_id"], own["ordered_on"], strict=True)
    )


def test_a_version_is_that_version_or_a_sentence(home: Path) -> None:
    before = VersionKey("shop", store.find("shop").version)
    prepare(home, earlier=3)
    assert queries.dataset(before).lines.collect().height == lines(0).height
    open_datasets.DATASETS.close()
    shutil.rmtree(home / "shop" / "versions" / before.version)
    with pytest.raises(DataError, match=rf"expected its version {before.version}, found that it is no longer there"):
        queries.dataset(before)
    for wrong in ("", "../shop", "..", "0123456789abcdef"):
        with pytest.raises(DataError, match="no longer there"):
            queries.dataset(VersionKey("shop", wrong))


def test_another_demo_is_another_version(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The demo's folder has no version in its path: an update of the app may change it under an open page."""
    source = VersionKey("demo", store.find("demo").version)
    queries.dataset(source)
    monkeypatch.setattr(store, "DEMO", store.find("shop").path)
    with pytest.raises(DataError, match="no longer there"):
        queries.exported_lines(source, ALWAYS, 10)


def test_versions_are_listed_the_latest_first(home: Path) -> None:
    first = store.find("shop").version
    second = prepare(home, earlier=3)
    assert {entry.version for entry in store.versions("shop")} == {first, second}
    assert store.find("shop").version == second
    assert store.find("shop", version=first).path == home / "shop" / "versions" / first
    (home / "shop" / "versions" / first / "dataset.toml").write_text("title = [")
    assert [entry.version for entry in store.versions("shop") if entry.trouble] == [first]


# --- Pages ------------------------------------------------------------------------------------------------------------


def test_an_open_page_goes_on_with_its_version_and_says_so(app: AppTest, home: Path) -> None:
    opened(app)
    orders = {metric.label: metric.value for metric in app.metric}["Orders"]
    assert "prepared anew" not in said(app)
    prepare(home, earlier=3)
    app.run()
    assert {metric.label: metric.value for metric in app.metric}["Orders"] == orders == "400"
    assert "Shop was prepared anew. This page goes on with the version that it opened." in said(app)
    app.switch_page("pages/retention.py").run()
    assert "prepared anew" in said(app)
    app.switch_page("pages/sales_performance.py").run()
    press(app, "Open the new version")
    assert {metric.label: metric.value for metric in app.metric}["Orders"] == "403"
    assert "prepared anew" not in said(app)


def test_a_new_visit_opens_the_version_in_use(app: AppTest, home: Path) -> None:
    prepare(home, earlier=3)
    opened(app)
    assert {metric.label: metric.value for metric in app.metric}["Orders"] == "403"
    assert "prepared anew" not in said(app)


def test_the_open_customer_page_keeps_its_order_numbers(app: AppTest, home: Path) -> None:
    opened(app, "pages/customer.py", customer=CUSTOMER)
    prepare(home, earlier=3)
    caching.ANSWERS.forget()
    app.run()
    own = small_datasets.tables().lines.lazy().collect().filter(pl.col("customer_id") == CUSTOMER)
    shown = next(one.value for one in app.dataframe if "order_id" in one.value.columns)
    assert sorted(shown["order_id"]) == sorted(own["order_id"])


def test_a_version_that_is_gone_is_said_and_the_one_in_use_offered(app: AppTest, home: Path) -> None:
    opened(app)
    first = store.find("shop").path
    prepare(home, earlier=3)
    shutil.rmtree(first)
    open_datasets.DATASETS.close()
    app.run()
    assert "expected its version" in error(app)
    press(app, "Open the new version")
    assert {metric.label: metric.value for metric in app.metric}["Orders"] == "403"


def test_a_dataset_that_is_gone_is_named(app: AppTest, home: Path) -> None:
    opened(app)
    shutil.rmtree(home / "shop")
    queries.entries.clear()
    app.run()
    assert not app.exception
    assert "The dataset 'shop' is no longer among those that can be chosen here" in said(app)


# --- Damage -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("file", ["lines.parquet", "orders.parquet", "dataset.toml"])
def test_a_damaged_dataset_is_listed_and_says_why(app: AppTest, home: Path, file: str) -> None:
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


def test_an_export_over_damaged_order_numbers_is_a_sentence(home: Path) -> None:
    source = VersionKey("shop", store.find("shop").version)
    queries.dataset(source)
    path = store.find("shop").path / "orders.parquet"
    content = bytearray(path.read_bytes())
    content[60] ^= 4
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"orders\.parquet is damaged"):
        queries.exported_lines(source, ALWAYS, 10)


def test_an_export_that_panics_is_a_sentence(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = VersionKey("shop", store.find("shop").version)
    queries.dataset(source)

    def panics(*_: Any) -> None:
        raise PanicException("index out of bounds")

    monkeypatch.setattr(queries.lines, "rows", panics)
    with pytest.raises(DataError, match="PanicException: index out of bounds"):
        queries.exported_lines(source, ALWAYS, 10)


def test_numbers_are_not_called_reconciled_before_they_are(
    app: AppTest, home: Path, monkeypatch: pytest.MonkeyPatch
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


def test_damage_that_is_found_later_ends_the_page(app: AppTest, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
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
    app: AppTest, home: Path, monkeypatch: pytest.MonkeyPatch, failure: BaseException, damaged: bool
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


def test_a_home_that_may_not_be_read_says_so(app: AppTest, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Path.iterdir

    def refused(path: Path) -> Any:
        if path == home:
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(Path, "iterdir", refused)
    app.run()
    assert not app.exception
    assert "expected a folder of datasets that can be read" in error(app)


def test_the_contract_holds_for_the_small_datasets(prepared_home: Path) -> None:
    for entry in store.entries(home=prepared_home):
        orders = pl.read_parquet(entry.path / "orders.parquet").height
        contract.rows(entry.path, store.load_version(entry.path, name=entry.name), orders)
