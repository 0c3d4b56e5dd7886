"""Cohorts, the wait for the second purchase and the bridge equal plain loops."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics import grains, lines, periods
from analytics.dataset import Calendar, Dataset
from analytics.filters import Filters
from analytics.lines import Totals
from analytics.models.intervals import ratio, wilson
from analytics.models.survival import at, kaplan_meier, reached
from analytics.periods import Comparison, Period
from analytics.tables.retention import bridge, repurchase
from analytics.tables.retention import cohorts as cohorts_tables
from tests import customer_twins as twins
from tests.random_data import datasets, examples, views

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data"
SLOW = examples(60)


def first_on(data: Dataset) -> pl.DataFrame:
    return data.customers.with_row_index("customer").select("customer", "first_on").drop_nulls()


@pytest.mark.slow
@given(st.data())
@SLOW
def test_cohort_cells_equal_their_twin(drawn: st.DataObject) -> None:
    data = drawn.draw(datasets(customers=True))
    filters, _ = drawn.draw(views(data))
    grain = drawn.draw(st.sampled_from(cohorts_tables.COHORTS))
    until = min(max(filters.period.end, data.first_day), data.last_day)
    bought = twins.purchases(data, filters.where, until)
    first = twins.first_days(data)
    group = {customer: customer % 2 for customer in first}
    firsts = first_on(data).with_columns((pl.col("customer") % 2).alias("group"))
    found = cohorts_tables.cells(
        lines.purchases(data, filters.where, until), firsts, data.first_day, until, grain, data.calendar
    )

    def bucket(day: date) -> date:
        return grains.bucket_start(day, grain, data.calendar)

    starts = periods.buckets(Period(data.first_day, until), grain, data.calendar)["start"].to_list()
    expected = {}
    for of in {(group[c], bucket(first[c])) for c in bought}:
        members = [c for c in bought if (group[c], bucket(first[c])) == of]
        for k, start in enumerate(starts[starts.index(of[1]) :]):
            cells = {c: [cell for day, cell in bought[c].items() if bucket(day) == start] for c in members}
            end = grains.next_start(start, grain) - timedelta(days=1)
            expected[(*of, k)] = (
                len(members),
                sum(1 for c in members if cells[c]),
                sum(cell["orders"] for c in members for cell in cells[c]),
                sum(cell["revenue"] for c in members for cell in cells[c]),
                end <= until,
            )
    got = {
        (row["group"], row["start"], row["k"]): tuple(
            row[name] for name in ("size", "customers", "orders", "revenue", "whole")
        )
        for row in found.iter_rows(named=True)
    }
    assert got == expected


def test_cohorts_by_group_pool_what_was_observed() -> None:
    """Hand-worked: two cohorts of one group, the later one not yet observed to the end of its second month."""
    bought = pl.DataFrame(
        {
            "customer": [1, 1, 2, 3],
            "day": [date(2024, 1, 5), date(2024, 2, 9), date(2024, 1, 20), date(2024, 2, 3)],
            "orders": [1, 1, 1, 2],
            "revenue": [100, 50, 200, 300],
            "returned": [0, 0, 0, 0],
        },
        schema_overrides={"customer": pl.UInt32},
    )
    firsts = pl.DataFrame(
        {
            "customer": [1, 2, 3],
            "first_on": [date(2024, 1, 5), date(2024, 1, 20), date(2024, 2, 3)],
            "group": ["a"] * 3,
        },
        schema_overrides={"customer": pl.UInt32},
    )
    found = cohorts_tables.cells(bought, firsts, date(2024, 1, 1), date(2024, 3, 15), "month", Calendar())
    rows = cohorts_tables.by_group(found)
    assert rows.select("k", "eligible", "customers", "retention").rows() == [(0, 3, 3, 1.0), (1, 2, 1, 0.5)]
    assert rows["revenue"].to_list() == pytest.approx([200.0, 225.0])
    assert cohorts_tables.average(found)["retention"].to_list() == [1.0, 0.5]
    table = cohorts_tables.by_cohort(found, date(2024, 2, 1))
    assert table["row"].unique().to_list() == ["Feb 2024"]
    whole = cohorts_tables.by_cohort(found, date(2024, 1, 31)).filter(pl.col("row") == "Jan 2024")
    assert whole["whole"].to_list() == [True, True, False]


def test_online_retail_cohorts(online_retail: Dataset) -> None:
    known = json.loads((SHARED / "ORACLES.json").read_text())["online_retail_2010_2011"]
    expected = known["cohort_customers_sales_with_customer"]
    firsts = first_on(online_retail).with_columns(pl.lit("all").alias("group"))
    bought = lines.purchases(online_retail)
    found = cohorts_tables.cells(
        bought, firsts, online_retail.first_day, online_retail.last_day, "month", online_retail.calendar
    )
    got: dict[str, dict[str, int]] = {}
    for start, k, customers in found.select("start", "k", "customers").iter_rows():
        got.setdefault(f"{start:%Y-%m}", {})[f"{grains.shift_months(start, k):%Y-%m}"] = customers
    for cohort, row in expected.items():
        assert {month: n for month, n in got[cohort].items() if n} == {m: n for m, n in row.items() if n}
    assert list(got["2010-12"].values())[:4] == [885, 324, 286, 340]
    assert found.filter(~pl.col("whole"))["k"].to_list() == list(range(12, -1, -1))


@given(st.lists(st.tuples(st.integers(0, 40), st.booleans()), max_size=40))
def test_kaplan_meier_equals_its_twin(people: list[tuple[int, bool]]) -> None:
    found = kaplan_meier([day for day, _ in people], [happened for _, happened in people])
    expected = twins.survival(people)
    assert found["day"].to_list() == sorted(expected)
    assert found["survival"].to_list() == pytest.approx(list(expected.values()))
    assert found["at_risk"].to_list() == [sum(1 for d, _ in people if d >= day) for day in sorted(expected)]
    ends = found.drop_nulls("low")
    assert ((ends["low"] <= ends["survival"]) & (ends["survival"] <= ends["high"])).all()


def test_kaplan_meier_of_the_textbook() -> None:
    """Weeks in remission under 6-MP (Freireich 1963): published survival, and Greenwood's interval worked by hand."""
    weeks = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
    happened = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
    found = kaplan_meier(weeks, happened)
    for week, share in ((6, 0.857), (7, 0.807), (10, 0.753), (13, 0.690), (16, 0.627), (22, 0.538), (23, 0.448)):
        assert at(found, week)[0] == pytest.approx(share, abs=5e-4)
    assert at(found, 12)[0] == at(found, 11)[0]
    assert at(found, 36) == (None, None, None)
    assert reached(found, 0.5) == 23
    assert reached(found, 0.4) is None
    error = np.sqrt(3 / (21 * 18)) / abs(np.log(18 / 21))
    low, high = (18 / 21) ** np.exp(1.959964 * error), (18 / 21) ** np.exp(-1.959964 * error)
    assert at(found, 6)[1:] == pytest.approx((low, high), rel=1e-6)


@pytest.mark.slow
@given(st.data())
@SLOW
def test_the_wait_equals_its_twin(drawn: st.DataObject) -> None:
    data = drawn.draw(datasets(customers=True))
    filters, _ = drawn.draw(views(data))
    until = filters.period.end
    bought, first = twins.purchases(data, filters.where, until), twins.first_days(data)
    inside = repurchase.started(lines.purchases(data, filters.where, until), first_on(data))
    people = repurchase.seconds(inside, first_on(data), until)
    expected = {}
    for customer, days in bought.items():
        if min(days) != first[customer]:
            continue
        later = [day for day in days if day > first[customer]]
        expected[customer] = (first[customer], min(later) if later else None)
    assert {c: (a, b) for c, a, b in people.iter_rows()} == expected
    table = repurchase.came_back(people.with_columns(pl.lit("all").alias("group")), until, (5, 60))
    for row in table.iter_rows(named=True):
        watched = [c for c, (start, _) in expected.items() if (until - start).days >= row["horizon"]]
        back = [c for c in watched if (second := expected[c][1]) and (second - expected[c][0]).days <= row["horizon"]]
        assert (row["eligible"], row["customers"]) == (len(watched), len(back))
    curve = repurchase.waiting(people, until)
    waits = [((second or until) - start).days for start, second in expected.values()]
    told = twins.survival(list(zip(waits, [second is not None for _, second in expected.values()], strict=True)))
    assert dict(curve.select("day", "survival").iter_rows()) == pytest.approx(told)


@pytest.mark.slow
@given(st.data())
@SLOW
def test_the_bridge_equals_its_twin_and_leaves_nothing(drawn: st.DataObject) -> None:
    data = drawn.draw(datasets())
    filters, _ = drawn.draw(views(data))
    base = filters.base or Period(filters.period.start - timedelta(days=200), filters.period.start - timedelta(days=1))

    def people(period: Period) -> tuple[pl.DataFrame, int]:
        view = Filters(period, Comparison("none", None), filters.where)
        totals = lines.page(data, view, [Totals()], grain="year")[Totals()]
        return lines.customers(data, view), totals["revenue"].item() - totals["known_revenue"].item()

    (now, unknown), (before, unknown_base) = people(filters.period), people(base)
    found = bridge.bridge(now, before, first_on(data), filters.period.start, unknown, unknown_base)
    expected = twins.bridge(data, filters.where, filters.period, base)
    assert dict(found.steps.select("step", "change").iter_rows()) == {n: expected[n] for n in bridge.STEPS}
    assert (found.base, found.now) == (expected["total_base"], expected["total_now"])
    assert found.residual == 0
    assert found.steps["customers"].sum() <= found.customers.height
    if found.grr is not None and found.nrr is not None:
        assert 0 <= found.grr <= min(1, found.nrr)


def test_wilson_and_ratio_are_the_published_ones() -> None:
    """Newcombe (1998), table I: 81/263 gives 0.2553 to 0.3662, 0/20 gives 0 to 0.1611."""
    low, high = wilson([81, 0, 29, 0], [263, 20, 29, 0])
    assert low[:3] == pytest.approx([0.2553, 0.0, 0.8830], abs=5e-5)
    assert high[:3] == pytest.approx([0.3662, 0.1611, 1.0], abs=5e-5)
    assert np.isnan([low[3], high[3]]).all()
    times, low, high = ratio([30], [100], [20], [100])
    error = np.sqrt(1 / 30 - 1 / 100 + 1 / 20 - 1 / 100)
    assert times[0] == pytest.approx(1.5)
    assert [low[0], high[0]] == pytest.approx([1.5 * np.exp(-1.959964 * error), 1.5 * np.exp(1.959964 * error)])
    assert np.isnan(ratio([0], [5], [1], [5])[0]).all()
