"""The demo data holds what `data.generator.truths` says is planted in it, in the store's form, at any size."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from analytics.dataset import NOT_RECORDED
from data import generator
from data.building import layout
from data.errors import DataError
from data.generator import export, people, returns, stream, truths
from data.generator.calendar import month_index
from data.generator.targets import HOPED_GROWTH
from data.store import store
from tests.data.generator.conftest import FRAMES, Demo, made

DEMO = Path(__file__).parents[3] / "data" / "demo"


# --- Shape ------------------------------------------------------------------------------------------------------------


def test_the_default_demo_has_its_size(demo: Demo) -> None:
    assert demo.lines.height == 60_000
    assert demo.lines["order"].n_unique() == demo.orders.height == pytest.approx(27_000, rel=0.03)
    assert demo.customers.height - 1 == pytest.approx(12_000, rel=0.06)
    assert demo.products.height == 250
    assert demo.products["category"].n_unique() == 4
    assert demo.products["subcategory"].n_unique() >= 20
    assert demo.lines["country"].n_unique() >= 12
    assert demo.lines["continent"].n_unique() >= 5
    assert demo.lines["day"].min() == truths.FIRST_DAY
    assert demo.lines["day"].max() == truths.LAST_DAY
    assert month_index(truths.LAST_DAY) == 35


def test_lines_an_order(demo: Demo) -> None:
    sizes = demo.lines.group_by("order").len()["len"].clip(upper_bound=5).value_counts().sort("len")
    shares = sizes["count"] / sizes["count"].sum()
    assert shares.to_list() == pytest.approx(truths.LINES_PER_ORDER, abs=0.015)
    assert demo.lines.select(pl.struct("order", "product").is_unique().all()).item()


def test_order_values_have_two_peaks(demo: Demo) -> None:
    value = demo.lines.group_by("order").agg(pl.col("revenue").sum() / 10_000)["revenue"].log10().to_numpy()
    counts, edges = np.histogram(value, bins=np.arange(1.0, 3.8, 0.2))
    small, big = counts[edges[:-1] < 2.6], counts[edges[:-1] >= 2.8]
    valley = counts[(edges[:-1] >= 2.4) & (edges[:-1] < 3.2)].min()
    assert valley < 0.5 * small.max()
    assert valley < 0.9 * big.max()
    assert 0.03 * len(value) < big.sum() < 0.35 * len(value)


def test_few_customers_make_much_of_the_revenue(demo: Demo) -> None:
    spent = (
        demo.lines.filter(pl.col("customer") > 0)
        .group_by("customer")
        .agg(pl.col("revenue").sum())["revenue"]
        .sort(descending=True)
    )
    for top, share in truths.REVENUE_SHARE_OF_TOP.items():
        assert spent.head(round(len(spent) * top)).sum() / spent.sum() == pytest.approx(share, abs=0.05)


def test_about_half_buy_once(demo: Demo) -> None:
    known = demo.customers[1:]
    low, high = truths.BUY_ONCE
    assert low <= known["second_on"].null_count() / known.height <= high


def test_retention_starts_low_and_has_a_long_tail(demo: Demo) -> None:
    bought = demo.months.filter(pl.col("customer") > 0).select("customer", "month").unique()
    first = bought.group_by("customer").agg(pl.col("month").min().alias("first"))
    bought = bought.join(first, on="customer")

    def retention(after: int) -> float:
        observed = first.filter(pl.col("first") + after < 35)
        back = bought.filter(pl.col("month") == pl.col("first") + after, pl.col("first") + after < 35)
        return back.height / observed.height

    low, high = truths.MONTH_1_RETENTION
    assert low <= retention(1) <= high
    assert retention(1) > retention(3) > retention(12) > retention(24) > 0.01


def test_november_stands_out_and_years_grow(demo: Demo) -> None:
    month = demo.months.group_by("month").agg(pl.col("revenue").sum()).sort("month")["revenue"]
    for november in (month_index(date(2023, 11, 1)), month_index(date(2024, 11, 1)), month_index(date(2025, 11, 1))):
        around = month[max(november - 6, 0) : november + 6]
        assert month[november] / around.mean() == pytest.approx(truths.NOVEMBER_PEAK, abs=0.3)  # type: ignore[operator]
    whole = [month[start : start + 12].sum() for start in (0, 12)] + [month[24:35].sum() / month[12:23].sum()]
    assert whole[1] > whole[0] * 1.03
    assert whole[2] > 1.03


def test_saturdays_events_and_outages(demo: Demo) -> None:
    days = demo.lines.group_by("day").agg(pl.col("order").n_unique().cast(pl.Int64).alias("orders")).sort("day")
    weekday = days.group_by(pl.col("day").dt.weekday()).agg(pl.col("orders").sum())
    assert weekday.sort("orders")["day"][-1] == 6
    orders = dict(days.iter_rows())

    def usual(day: date) -> float:
        return float(np.mean([orders.get(day + timedelta(days=7 * week), 0) for week in (-3, -2, -1, 1, 2, 3)]))

    assert orders.get(truths.OUTAGE_DAY, 0) < 0.4 * usual(truths.OUTAGE_DAY)
    assert orders[truths.FLASH_SALE_DAY] > 2.5 * usual(truths.FLASH_SALE_DAY)


def test_what_is_missing(demo: Demo) -> None:
    anonymous = demo.lines.filter(pl.col("customer") == 0)["order"].n_unique() / demo.orders.height
    assert anonymous == pytest.approx(truths.ANONYMOUS_ORDERS, abs=0.004)
    low, high = truths.MISSING_ATTRIBUTE
    known = demo.customers[1:]
    for segment in people.SEGMENTS:
        assert low <= (known[segment] == NOT_RECORDED).mean() <= high, segment  # type: ignore[operator]
    assert known["born_on"].null_count() == (known["age"] == NOT_RECORDED).sum()
    assert known["email"].str.ends_with("@example.com").all()
    assert known["customer_id"].is_unique().all()


# --- Returns and targets ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", ["demo", "large"])
def test_returns_belong_to_their_lines(size: str, request: pytest.FixtureRequest) -> None:
    demo = request.getfixturevalue(size)
    lines = demo.lines.rename({"day": "bought_on", "quantity": "bought", "customer": "buyer", "country": "sold_in"})
    joined = demo.returns.join(
        lines.select("order", "product", "bought_on", "bought", "buyer", "sold_in", "revenue"), on=["order", "product"]
    )
    assert joined.height == demo.returns.height
    lag = (joined["day"] - joined["bought_on"]).dt.total_days()
    shortest, longest = returns.LAG
    assert shortest == lag.min()
    assert longest - 5 <= lag.max() <= longest
    assert (joined["customer"] == joined["buyer"]).all()
    assert (joined["country"] == joined["sold_in"]).all()
    assert joined["quantity"].is_between(1, joined["bought"]).all()
    assert joined["amount"].is_between(1, joined["revenue"]).all()
    assert (joined["amount"] % 100 == 0).all()
    assert demo.returns["day"].max() <= truths.LAST_DAY  # type: ignore[operator]
    assert set(demo.returns["reason"]) == set(returns.REASONS)
    assert demo.returns["day"].is_sorted()
    rate = demo.returns["quantity"].cast(pl.Int64).sum() / demo.lines["quantity"].cast(pl.Int64).sum()
    assert 0.03 < rate < 0.08


def test_targets_reach_ahead_and_have_gaps(demo: Demo) -> None:
    keys = ["month", "country", "category"]
    assert demo.targets.select(pl.struct(keys).is_unique().all()).item()
    assert (demo.targets["month"].min(), demo.targets["month"].max()) == (date(2024, 1, 1), date(2026, 12, 1))
    assert (demo.targets["month"].dt.day() == 1).all()
    assert (demo.targets["revenue"] % 1_000_000 == 0).all()
    cells = demo.targets["month"].n_unique() * 16 * 4
    assert 0.7 * cells < demo.targets.height < 0.9 * cells
    actual = demo.lines.group_by(pl.col("day").dt.truncate("1mo").alias("month"), *keys[1:]).agg(
        pl.col("revenue").sum().alias("actual")
    )
    met = demo.targets.filter(pl.col("month") < date(2026, 6, 1)).join(actual, on=keys, how="left")
    assert met["actual"].sum() / met["revenue"].sum() == pytest.approx(1.0, abs=HOPED_GROWTH)
    declining = met.filter(pl.col("country") == truths.DECLINING_COUNTRY, pl.col("month") >= date(2024, 7, 1))
    assert declining["actual"].sum() < 0.75 * declining["revenue"].sum()


# --- Form -------------------------------------------------------------------------------------------------------------


def flat(demo: Demo) -> layout.Tables:
    """The same data as canonical tables, with everything as text again."""
    text = pl.selectors.enum().cast(pl.String)
    order_id = demo.orders["order_id"]
    customer_id, product_id = demo.customers["customer_id"], demo.products["product_id"]

    def coded(frame: pl.DataFrame, *, by: str) -> pl.DataFrame:
        ids = frame.select(
            order_id.gather(frame["order"]),
            customer_id.gather(frame["customer"]),
            product_id.gather(frame["product"].to_physical()),
        )
        kept = frame.drop("order", "customer", *people.SEGMENTS).with_columns(text).rename({"day": by})
        return ids.hstack(kept)

    known = demo.customers[1:].select("customer_id", "name", *people.SEGMENTS).with_columns(text)
    return layout.Tables(
        lines=coded(demo.lines, by="ordered_on").sample(fraction=1, shuffle=True, seed=1),
        customers=known.with_columns(pl.col(name).replace(NOT_RECORDED, None) for name in people.SEGMENTS),
        returns=coded(demo.returns, by="returned_on"),
        targets=demo.targets.with_columns(text),
    )


def test_the_demo_is_what_import_would_make_of_it(demo: Demo) -> None:
    imported = layout.build(flat(demo), name="demo", title=truths.COMPANY, currency=truths.CURRENCY)
    assert_frame_equal(demo.lines, imported.lines)
    assert_frame_equal(demo.orders, imported.orders)
    assert_frame_equal(demo.customers.select(imported.customers.columns), imported.customers)
    assert_frame_equal(demo.products, imported.products)
    keys = ["day", "order", "product"]
    assert_frame_equal(demo.returns.sort(keys), imported.returns.sort(keys))  # type: ignore[union-attr]
    assert_frame_equal(demo.targets, imported.targets.select(demo.targets.columns), check_row_order=False)  # type: ignore[union-attr]
    assert imported.reconciliation.notes == ()


@pytest.mark.parametrize("lines", [1, 50, 5_000])
def test_any_size_in_many_chunks_keeps_the_form(tmp_path: Path, demo: Demo, lines: int) -> None:
    small = made(tmp_path / "small", lines=lines, customers_per_chunk=200)
    for name in FRAMES:
        assert getattr(small, name).schema == getattr(demo, name).schema
    rows = small.lines
    assert rows.height == lines
    assert_frame_equal(rows, rows.sort("customer", "day", "order", "product"))
    assert rows["order"].unique().sort().to_list() == list(range(small.orders.height))
    assert rows["customer"].unique().sort().to_list()[-1] == small.customers.height - 1
    assert rows.null_count().sum_horizontal().item() == 0
    per_order = rows.group_by("order").agg(pl.col("customer", "day", "region", "channel").n_unique())
    assert (per_order.drop("order").max_horizontal() == 1).all()
    bought = rows.filter(pl.col("customer") > 0).unique("order").sort("customer", "day", "order")
    nth = bought.group_by("customer", maintain_order=True).agg(
        first_on=pl.col("day").first(), second_on=pl.col("day").get(1, null_on_oob=True)
    )
    known = small.customers[1:].with_row_index("customer", offset=1)
    assert_frame_equal(known.select("customer", "first_on", "second_on"), nth)
    shown = rows.filter(pl.col("customer") > 0).select("customer", *people.SEGMENTS).unique("customer").sort("customer")
    assert_frame_equal(shown, known.select(shown.columns))


def test_same_seed_and_size_same_data(tmp_path: Path) -> None:
    once, again = (made(tmp_path / name, lines=3_000, seed=5) for name in ("once", "again"))
    other = made(tmp_path / "other", lines=3_000, seed=6)
    for name in FRAMES:
        assert_frame_equal(getattr(once, name), getattr(again, name))
    assert (once.folder / "dataset.toml").read_bytes() == (again.folder / "dataset.toml").read_bytes()
    assert not once.lines.equals(other.lines)


@pytest.mark.parametrize(("lines", "seed", "message"), [(0, 1, "--lines: .* found 0"), (10, -1, "--seed: .* found -1")])
def test_sizes_and_seeds_that_cannot_be(tmp_path: Path, lines: int, seed: int, message: str) -> None:
    with pytest.raises(DataError, match=message):
        generator.main(lines=lines, seed=seed, home=tmp_path, name="tiny")
    assert list(tmp_path.iterdir()) == []


def test_published_and_loaded(tmp_path: Path) -> None:
    version = generator.main(lines=2_000, seed=3, home=tmp_path, name="tiny")
    assert generator.main(lines=2_000, seed=3, home=tmp_path, name="tiny") == version
    dataset = store.load("tiny", home=tmp_path)
    assert (dataset.version, dataset.currency, dataset.segments) == (version, "USD", tuple(people.SEGMENTS))
    lines = dataset.lines.collect()
    assert dataset.reconciliation.lines_kept == dataset.reconciliation.rows_read == lines.height == 2_000
    assert dataset.reconciliation.revenue == lines["revenue"].sum()
    assert (dataset.first_day, dataset.last_day) == (lines["day"].min(), lines["day"].max())
    assert dataset.members == stream.MEMBERS


def test_csv_lines_tie_to_the_dataset(tmp_path: Path, demo: Demo) -> None:
    path = tmp_path / "lines.csv"
    export.csv_lines(demo.folder, path)
    text = ("order_id", "customer_id", "product_id")
    rows = pl.read_csv(path, try_parse_dates=True, schema_overrides=dict.fromkeys(text, pl.String))
    assert tuple(rows.columns) == export.LINE_COLUMNS
    assert rows.height == demo.lines.height
    assert rows["ordered_on"].is_sorted()
    known = set(demo.customers["customer_id"].drop_nulls())
    assert set(rows["customer_id"].drop_nulls()) == known
    assert set(rows["order_id"]) == set(demo.orders["order_id"])
    paid = (rows["unit_price"] * rows["quantity"] - rows["discount"]) * 10_000
    order = pl.Series(range(demo.orders.height)).alias("order")
    revenue = rows.with_columns(paid=paid.round().cast(pl.Int64)).group_by("order_id").agg(pl.col("paid").sum())
    expected = demo.lines.group_by("order").agg(pl.col("revenue").sum()).sort("order")
    numbered = demo.orders.with_columns(order).join(revenue, on="order_id", maintain_order="left")
    assert numbered["paid"].to_list() == expected["revenue"].to_list()


def test_csv_customers_leave_the_unknown_empty(tmp_path: Path, demo: Demo) -> None:
    path = tmp_path / "customers.csv"
    export.csv_customers(demo.folder, path)
    rows = pl.read_csv(path, infer_schema=False)
    assert rows.columns == ["customer_id", "name", "email", "birth_date", *people.SEGMENTS]
    assert rows.height == demo.customers.height - 1
    assert rows["income"].null_count() == (demo.customers["income"][1:] == NOT_RECORDED).sum()


def test_the_committed_demo_is_small_and_of_this_generator(demo: Demo) -> None:
    assert sum(file.stat().st_size for file in DEMO.iterdir()) < 5_000_000
    committed = Demo(DEMO)
    for name in FRAMES:
        assert getattr(committed, name).schema == getattr(demo, name).schema
    assert committed.lines.height == generator.DEFAULT_LINES
    # Random numbers may differ in the last digit from machine to machine, and with them a few baskets.
    assert committed.revenue() == pytest.approx(demo.revenue(), rel=0.02)
    assert stream.MEMBERS["product"] == tuple(committed.products["product"].cast(pl.String))
