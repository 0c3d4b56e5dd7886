"""The reductions equal slow plain loops on random data under random filters."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from analytics import lines
from analytics.dataset import Dataset
from analytics.lines import Totals, accumulators, batch, shape
from analytics.metrics import MEASURES
from tests import twins
from tests.random_data import datasets, examples, views

SLOW = examples(60)


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


@contextmanager
def small_pieces(drawn: st.DataObject) -> Iterator[None]:
    """Partitions, batches and keys of a few lines, so that small data meets every edge of them."""
    with pytest.MonkeyPatch.context() as patch:
        if drawn.draw(st.booleans()):
            patch.setattr(shape, "SLICE_ROWS", drawn.draw(st.integers(1, 12)))
            patch.setattr(shape, "SLICE_ROWS_HELD", drawn.draw(st.integers(1, 12)))
            patch.setattr(batch, "BATCH_ROWS", drawn.draw(st.integers(1, 6)))
            patch.setattr(accumulators, "KEYS", drawn.draw(st.sampled_from((1, 10, 100))))
        yield


@pytest.mark.slow
@given(st.data())
@SLOW
def test_every_measure_equals_its_twin(drawn: st.DataObject) -> None:
    data = drawn.draw(datasets())
    filters, grain = drawn.draw(views(data))
    wanted = drawn.draw(st.lists(st.sampled_from(requests_for(data)), min_size=1, max_size=8, unique=True))
    with small_pieces(drawn):
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
        if request.by:
            assert frame.select(request.by).equals(frame.select(request.by).sort(request.by, nulls_last=True))


@pytest.mark.slow
@given(st.data())
@SLOW
def test_a_scan_answers_as_held_lines_do(drawn: st.DataObject) -> None:
    data = drawn.draw(datasets(customers=True, geography=True))
    filters, grain = drawn.draw(views(data))
    wanted = requests_for(data)[:12]
    with TemporaryDirectory() as folder:
        data.lines.collect().write_parquet(f"{folder}/lines.parquet", row_group_size=3)
        scanned = replace(data, lines=pl.scan_parquet(f"{folder}/lines.parquet"), held=False)
        with small_pieces(drawn):
            found = lines.page(scanned, filters, wanted, grain=grain)
    for request, frame in lines.page(data, filters, wanted, grain=grain).items():
        assert_frame_equal(found[request], frame)


@given(st.data())
@SLOW
def test_customers_equal_their_twin(drawn: st.DataObject) -> None:
    data = drawn.draw(datasets())
    filters, _ = drawn.draw(views(data))
    place = next((name for name in ("country", "continent", "region") if data.has(name)), None)
    with small_pieces(drawn):
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


@pytest.mark.slow
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


def test_slices_split_no_customer_and_no_order() -> None:
    frame = pl.DataFrame(
        {
            "customer": pl.Series([0, 0, 0, 0, 1, 1, 1, 2, 3, 3], dtype=pl.UInt32),
            "order": pl.Series([0, 0, 1, 1, 2, 3, 3, 4, 5, 5], dtype=pl.UInt32),
        }
    )
    found = shape.cuts(frame.lazy(), 1, 1)
    assert [(cut.start, cut.rows, cut.known) for cut in found] == [
        (0, 2, False),
        (2, 2, False),
        (4, 3, True),
        (7, 1, True),
        (8, 2, True),
    ]
    assert [cut.rows for cut in shape.cuts(frame.lazy(), 100, 100)] == [4, 6]
    assert shape.cuts(frame.clear().lazy(), 5, 5) == ()
