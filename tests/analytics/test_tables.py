"""The pages' tables equal plain loops and tie to their totals, on random data under random filters."""

from __future__ import annotations

import pickle
from datetime import timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics import periods
from analytics.dataset import Dataset
from analytics.evaluation import value
from analytics.lines import Totals
from analytics.metrics import MEASURES, available
from analytics.tables.customers import BUYER_MEASURES, NO_CUSTOMER_RECORDED, TOP, customers
from analytics.tables.sales import heatmap, sales
from tests import twins
from tests.random_data import datasets, examples, views

SLOW = examples(25)
BOTH = [name + suffix for suffix in ("", "_base") for name in MEASURES]
BASES = [f"{name}_base" for name in MEASURES]
NOT_ADDITIVE = {"orders", "customers", "known_orders", "new_customers", "repeat_customers"}


def assert_close(found: float | None, expected: float | None) -> None:
    assert (found is None) == (expected is None)
    assert found is None or found == pytest.approx(expected, rel=1e-12)


def row_of(frame: pl.DataFrame) -> dict[str, Any]:
    assert frame.height == 1
    return frame.row(0, named=True)


def comparable(data: Dataset, filters: Any, grain: str, bucket: int) -> bool:
    """Whether days of the base, four fifths as many as the bucket has or more, are compared with it."""
    if filters.base is None:
        return False
    own = periods.bucket_of_days(filters.period, grain, data.calendar)["bucket"].to_list().count(bucket)
    mode = filters.comparison.mode
    met = periods.base_bucket_of_days(filters.base, filters.period, mode, grain, data.calendar)["bucket"].to_list()
    return met.count(bucket) * 5 >= own * 4


@given(st.data())
@SLOW
def test_sales_tables(drawn: st.DataObject) -> None:
    data = drawn.draw(datasets())
    filters, grain = drawn.draw(views(data))
    found = pickle.loads(pickle.dumps(sales(data, filters, grain)))

    totals = row_of(found.totals)
    assert totals == twins.page(data, filters, Totals(), grain)[()]

    spine = periods.buckets(filters.period, grain, data.calendar)
    assert found.trend.select(spine.columns).equals(spine)
    by_bucket = twins.page(data, filters, Totals(("bucket",)), grain)
    absent = [name for name in BOTH if totals[name] is None]
    nothing = dict.fromkeys(BOTH, 0) | dict.fromkeys(absent)
    for row in found.trend.iter_rows(named=True):
        expected = by_bucket.get((row["bucket"],), nothing)
        if not comparable(data, filters, grain, row["bucket"]):
            expected = expected | dict.fromkeys(BASES)
        assert {name: row[name] for name in BOTH} == expected

    for name in set(MEASURES) - {"customers", "new_customers", "repeat_customers"} - set(absent):
        assert found.days[name].sum() == totals[name]

    assert set(found.breakdowns) == set(data.members) - set(data.segments)
    for name, frame in found.breakdowns.items():
        chosen = dict(filters.where).keys()
        if not twins_free(name) & chosen:
            for measure in set(MEASURES) - NOT_ADDITIVE - twins.absent_measures(data, filters.where, (name,)):
                assert frame[measure].sum() == totals[measure], (name, measure)

    assert found.ledger.difference == 0
    assert found.ledger.view_revenue * 10_000 == totals["revenue"]
    assert found.ledger.rows_read == found.ledger.lines_kept == data.lines.collect().height


def twins_free(name: str) -> set[str]:
    for hierarchy in (("continent", "country", "region"), ("category", "subcategory", "product")):
        if name in hierarchy:
            return set(hierarchy[hierarchy.index(name) :])
    return {name}


@given(st.data())
@SLOW
def test_heat_map_by_cell(drawn: st.DataObject) -> None:
    data = drawn.draw(datasets())
    filters, grain = drawn.draw(views(data))
    metric = drawn.draw(st.sampled_from(available(data))).name
    found = heatmap(data, filters, metric, sales(data, filters, grain))
    cells = twins.page(data, filters, Totals(("bucket", "weekday"), compared=False), "month")
    absent = twins.absent_measures(data, filters.where, ())
    days = [filters.period.start + timedelta(n) for n in range(filters.period.days)]
    month = dict(periods.bucket_of_days(filters.period, "month", data.calendar).iter_rows())
    assert found.select("bucket", "weekday").rows() == sorted({(month[day], day.weekday()) for day in days})
    for row in found.iter_rows(named=True):
        assert row["days"] == sum((month[d], d.weekday()) == (row["bucket"], row["weekday"]) for d in days)
        measures = cells.get((row["bucket"], row["weekday"]), dict.fromkeys(BOTH, 0) | dict.fromkeys(absent))
        alone = pl.DataFrame([measures], schema=dict.fromkeys(BOTH, pl.Int64))
        assert_close(row["value"], alone.select(value(metric)).item())


@given(st.data())
@SLOW
def test_customer_tables(drawn: st.DataObject) -> None:
    data = drawn.draw(datasets())
    filters, grain = drawn.draw(views(data))
    found = pickle.loads(pickle.dumps(customers(data, filters, grain)))

    totals = row_of(found.totals)
    assert totals == twins.page(data, filters, Totals(), grain)[()]

    buyers = twins.page(data, filters, Totals(("bucket", "buyer")), grain)
    for row in found.trend.iter_rows(named=True):
        for suffix in ("", "_base"):
            if suffix and not comparable(data, filters, grain, row["bucket"]):
                assert all(row[f"{name}_base"] is None for name in BUYER_MEASURES)
                continue
            for name, (measure, kind) in BUYER_MEASURES.items():
                twin = buyers.get((row["bucket"], kind), {}).get(measure + suffix, 0)
                assert row[name + suffix] == twin
            parts = ("new_revenue", "returning_revenue", "unrecorded_revenue")
            assert sum(row[name + suffix] for name in parts) == row["revenue" + suffix]
            assert row["new_customers" + suffix] + row["returning_customers" + suffix] == row["customers" + suffix]

    check_rankings(data, filters, found.top)
    check_segments(data, filters, grain, found.segments)
    if found.country_time.height:
        place = next(name for name in ("country", "continent", "region") if name in data.members)
        twin = twins.page(data, filters, Totals((place, "bucket")), grain)
        got = {(row["place"], row["bucket"]): row for row in found.country_time.iter_rows(named=True)}
        last = periods.buckets(filters.period, grain, data.calendar).height - 1
        inside = {key: row for key, row in twin.items() if key[1] <= last}
        assert {key: {name: row[name] for name in BOTH} for key, row in got.items()} == inside


def check_rankings(data: Dataset, filters: Any, top: dict[str, pl.DataFrame]) -> None:
    place = next((name for name in ("country", "continent", "region") if name in data.members), None)
    people = twins.customers(data, filters, place)
    described = data.customers.to_dicts()
    assert set(top) == {"revenue", "orders", "units"}
    for measure, frame in top.items():
        rows = [(row | described[customer]) for customer, row in people.items()]
        rows.sort(key=lambda row: (-row[measure], row["customer_id"]))
        total, running = sum(row[measure] for row in rows), 0
        assert frame.height == min(TOP, len(rows))
        for rank, (row, twin) in enumerate(zip(frame.iter_rows(named=True), rows, strict=False), start=1):
            running += twin[measure]
            assert row["rank"] == rank
            shown = ["customer_id", "name", "last_day", "revenue", "orders", "units", *(["place"] if place else [])]
            assert {name: row[name] for name in shown} == {name: twin[name] for name in shown}
            assert_close(row["share"], twin[measure] / total if total > 0 else None)
            assert_close(row["cumulative_share"], running / total if total > 0 else None)


def check_segments(data: Dataset, filters: Any, grain: str, segments: pl.DataFrame) -> None:
    for name in data.segments:
        twin = twins.page(data, filters, Totals((name,), (name,)), grain)
        part = segments.filter(pl.col("segment") == name)
        got = {row["member"]: {measure: row[measure] for measure in BOTH} for row in part.iter_rows(named=True)}
        assert got == {NO_CUSTOMER_RECORDED if key[0] is None else key[0]: row for key, row in twin.items()}
        shown = [member for member in (*data.members[name], NO_CUSTOMER_RECORDED) if member in got]
        assert part["member"].to_list() == shown
