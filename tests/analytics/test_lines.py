"""The reductions equal slow plain loops on random data under random filters."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analytics import lines
from analytics.dataset import GEOGRAPHY, PRODUCT_LEVELS, Dataset
from analytics.lines import Totals
from analytics.metrics import MEASURES
from tests import twins
from tests.random_data import datasets, views

SLOW = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def requests_for(data: Dataset) -> list[Totals]:
    """Every kind of request that a page makes."""
    single = [Totals(), Totals(("bucket",)), Totals(("day",)), Totals(("bucket", "buyer"))]
    single += [Totals(("bucket", "weekday"), compared=False)]
    for name in data.members:
        single += [Totals((name,)), Totals((name, "bucket")), Totals((name,), (name,))]
    dims = sorted(data.members)
    single += [Totals((dims[0], dims[-1])), Totals((dims[-1], dims[len(dims) // 2]), (dims[0],))]
    return [request for request in single if len(set(request.by)) == len(request.by)]


def as_dict(frame: pl.DataFrame, by: tuple[str, ...]) -> dict[tuple[Any, ...], dict[str, Any]]:
    out = {}
    for row in frame.iter_rows(named=True):
        key = tuple(row.pop(name) for name in by)
        assert key not in out, "a member has two rows"
        out[key] = row
    return out


@given(st.data())
@SLOW
def test_every_measure_equals_its_twin(drawn: st.DataObject) -> None:
    data = drawn.draw(datasets())
    filters, grain = drawn.draw(views(data))
    wanted = requests_for(data)
    wanted = drawn.draw(st.lists(st.sampled_from(wanted), min_size=1, max_size=8, unique=True))
    found = lines.page(data, filters, wanted, grain=grain)
    assert set(found) == set(wanted)
    for request in wanted:
        frame = found[request]
        expected = twins.page(data, filters, request, grain)
        got = as_dict(frame, request.by)
        if request.by == ("day",):
            additive = set(MEASURES) - {"customers", "new_customers", "repeat_customers"}
            expected = {key: {name: row[name] for name in additive} for key, row in expected.items()}
        assert got == expected, request
        assert all(frame[name].dtype == pl.Int64 for name in frame.columns if name not in request.by)


@given(st.data())
@SLOW
def test_customers_equal_their_twin(drawn: st.DataObject) -> None:
    data = drawn.draw(datasets())
    filters, _ = drawn.draw(views(data))
    place = next((name for name in ("country", "continent", "region") if data.has(name)), None)
    found = lines.customers(data, filters)
    assert found["customer"].is_sorted()
    assert {row.pop("customer"): row for row in found.to_dicts()} == twins.customers(data, filters, place)


@given(st.data())
@SLOW
def test_members_narrow_each_other(drawn: st.DataObject) -> None:
    data = drawn.draw(datasets())
    filters, _ = drawn.draw(views(data))
    for name in data.members:
        assert lines.members(data, filters.where, name) == twins.members(data, filters.where, name)


@given(st.data())
@SLOW
def test_rows_are_the_lines_of_the_view(drawn: st.DataObject) -> None:
    data = drawn.draw(datasets())
    filters, _ = drawn.draw(views(data))
    limit = drawn.draw(st.integers(0, 50))
    found = lines.rows(data, filters, limit).to_dicts()
    people, products = data.customers.to_dicts(), data.products.to_dicts()
    expected = []
    for row in data.lines.collect().to_dicts():
        inside = filters.period.start <= row["day"] <= filters.period.end
        if inside and twins.kept_row(row, filters.where) and len(expected) < limit:
            person = people[row["customer"]]
            money = {n: row[n] / 10_000 for n in ("revenue", "discount", "cost") if n in row}
            product = next(p["product_id"] for p in products if p["product"] == row["product"])
            expected.append(
                {"order": row["order"], "day": row["day"], "customer_id": person["customer_id"], "name": person["name"]}
                | {"product_id": product, "quantity": row["quantity"]}
                | {n: row[n] for n in data.members}
                | money
            )
    assert found == expected
