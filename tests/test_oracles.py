"""The app's own tables on real companies' files, held against their known values."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from analytics.dataset import MONEY_SCALE, Dataset
from analytics.evaluation import change, value
from analytics.filters import Filters
from analytics.periods import Comparison, Period, compare, preset
from analytics.tables.customers import customers
from analytics.tables.sales import sales
from data.__main__ import main
from data.store import store

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
pytestmark = pytest.mark.skipif(
    not (SHARED / "ORACLES.json").is_file(), reason="the real data sets are not beside this checkout"
)


def oracle(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((SHARED / "ORACLES.json").read_text())[name]
    return loaded


def prepared(recipe: str, folder: Path, home: Path) -> Dataset:
    """The dataset that the command line prepares."""
    assert main(["prepare", recipe, "--from", str(folder), "--home", str(home)]) == 0
    return store.load(recipe, home=home)


@pytest.fixture(scope="module")
def adventureworks(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return prepared("adventureworks", SHARED / "aw_maven_2020_2022_mit.zip", tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def online_retail(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return prepared("online_retail", SHARED, tmp_path_factory.mktemp("home"))


def everything(data: Dataset) -> Filters:
    return Filters(Period(data.first_day, data.last_day), Comparison("none", None))


def slices(frame: pl.DataFrame, member: str) -> Iterator[tuple[str, dict[str, float | None]]]:
    """Member -> what the oracle states of it, in its rounding."""
    exprs = [
        (pl.col("revenue") / MONEY_SCALE).round(2).alias("revenue"),
        ((pl.col("revenue") - pl.col("cost")) / MONEY_SCALE).round(2).alias("profit"),
        *("orders", "units", "customers", "returned_units"),
        value("return_rate").round(6),
    ]
    for row in frame.select(pl.col(member).cast(pl.String), *exprs).iter_rows(named=True):
        name = row.pop(member)
        yield name, row


def assert_slice(found: dict[str, float | None], expected: dict[str, float], where: str) -> None:
    for name, want in expected.items():
        got = found[name]
        assert got == pytest.approx(want, abs=0.011 if name in ("revenue", "profit") else 1e-6), (where, name)


def test_adventureworks_totals(adventureworks: Dataset) -> None:
    known = oracle("adventureworks_maven_2020_2022")
    totals = sales(adventureworks, everything(adventureworks), "year").totals
    row = totals.with_columns(value("margin"), value("return_rate"), value("aov"), value("revenue_per_customer")).row(
        0, named=True
    )
    assert row["revenue"] / MONEY_SCALE == pytest.approx(known["revenue"], abs=0.005)
    assert (row["revenue"] - row["cost"]) / MONEY_SCALE == pytest.approx(known["profit"], abs=0.005)
    assert row["lines"] == known["lines"]
    assert row["orders"] == known["orders"]
    assert row["units"] == known["units"]
    assert row["customers"] == known["customers_buying"]
    assert row["returned_units"] == known["returned_units"]
    assert round(row["margin"], 6) == known["margin"]
    assert round(row["return_rate"], 6) == known["return_rate_units"]
    assert round(row["aov"], 2) == known["aov"]
    assert round(row["revenue_per_customer"], 2) == known["revenue_per_customer"]


@pytest.mark.parametrize("dimension", ["continent", "country", "region", "category", "subcategory"])
def test_adventureworks_breakdowns(adventureworks: Dataset, dimension: str) -> None:
    known = oracle("adventureworks_maven_2020_2022")[f"by_{dimension}"]
    found = dict(slices(sales(adventureworks, everything(adventureworks), "year").breakdowns[dimension], dimension))
    assert len(found) == len(known)
    for name, expected in known.items():
        assert_slice(found[name.split(" / ")[-1]], expected, name)


@pytest.mark.parametrize(("grain", "name", "form"), [("year", "by_year", "%Y"), ("month", "by_month", "%Y-%m")])
def test_adventureworks_over_time(adventureworks: Dataset, grain: str, name: str, form: str) -> None:
    known = oracle("adventureworks_maven_2020_2022")[name]
    trend = sales(adventureworks, everything(adventureworks), grain).trend.with_columns(
        key=pl.col("start").dt.strftime(form)
    )
    found = dict(slices(trend, "key"))
    assert found.keys() == known.keys()
    for key, expected in known.items():
        assert_slice(found[key], expected, key)


@pytest.mark.parametrize(
    ("segment", "name", "members"),
    [("gender", "by_gender", {"F", "M"}), ("occupation", "by_occupation", None), ("education", "by_education", None)],
)
def test_adventureworks_segments(adventureworks: Dataset, segment: str, name: str, members: set[str] | None) -> None:
    known = oracle("adventureworks_maven_2020_2022")[name]
    frame = customers(adventureworks, everything(adventureworks), "year").segments.filter(pl.col("segment") == segment)
    found = {row["member"]: row for row in frame.iter_rows(named=True)}
    by_revenue = {round(row["revenue"] / MONEY_SCALE, 2): row for row in found.values()}
    for member, expected in known.items():
        if members is None or member in members:
            row = by_revenue[expected["revenue"]]
            assert (row["orders"], row["units"], row["customers"]) == (
                expected["orders"],
                expected["units"],
                expected["customers"],
            ), member


def test_adventureworks_top_customers(adventureworks: Dataset) -> None:
    known = oracle("adventureworks_maven_2020_2022")["top10_customers"]
    top = customers(adventureworks, everything(adventureworks), "year").top["revenue"].head(10)
    found = [
        (row["customer_id"], row["name"].upper(), round(row["revenue"] / MONEY_SCALE, 2), row["orders"])
        for row in top.iter_rows(named=True)
    ]
    assert found == [(str(one["key"]), one["name"], one["revenue"], one["orders"]) for one in known]


def test_june_against_may(adventureworks: Dataset) -> None:
    june = Period(date(2022, 6, 1), date(2022, 6, 30))
    comparison = compare(june, "previous_period", adventureworks.first_day)
    assert comparison.base == Period(date(2022, 5, 1), date(2022, 5, 31))
    totals = sales(adventureworks, Filters(june, comparison), "month").totals
    pair = totals.select(value("revenue"), value("revenue", "_base"))
    assert round(pair.select(change("revenue")).item() * 100, 2) == 3.31


def test_the_first_half_is_compared_with_the_first_half(adventureworks: Dataset) -> None:
    period = preset("ytd", adventureworks.first_day, adventureworks.last_day)
    comparison = compare(period, "previous_year", adventureworks.first_day)
    assert (period, comparison.base) == (
        Period(date(2022, 1, 1), date(2022, 6, 30)),
        Period(date(2021, 1, 1), date(2021, 6, 30)),
    )
    totals = sales(adventureworks, Filters(period, comparison), "month").totals
    pair = totals.select(value("revenue"), value("revenue", "_base"))
    assert round(pair.select(change("revenue")).item() * 100) == 211


def test_online_retail_totals(online_retail: Dataset) -> None:
    known = oracle("online_retail_2010_2011")
    found = sales(online_retail, everything(online_retail), "month")
    row = found.totals.with_columns(value("net_revenue")).row(0, named=True)
    assert row["lines"] == known["sales_only"]["lines"]
    assert round(row["revenue"] / MONEY_SCALE, 2) == known["sales_only"]["revenue"]
    assert row["orders"] == known["sales_only"]["invoices"]
    assert round(row["known_revenue"] / MONEY_SCALE, 2) == known["sales_with_customer"]["revenue"]
    assert row["known_orders"] == known["sales_with_customer"]["invoices"]
    assert row["customers"] == known["sales_with_customer"]["customers"]
    assert round(row["returned_amount"] / MONEY_SCALE, 2) == -known["cancel_revenue"]
    assert found.ledger.difference == 0
    assert found.ledger.rows_read == known["lines"]
    assert found.ledger.lines_kept + found.ledger.rows_returned + found.ledger.rows_set_aside == known["lines"]
