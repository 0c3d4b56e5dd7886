"""Purchases, RFM and migration equal plain loops; ties share a score; a cancelled order makes no champion."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics import lines
from analytics.dataset import Dataset
from analytics.tables.segments import rfm as rfm_tables
from tests import customer_twins as twins
from tests.random_data import DAYS, FIRST_DAY, datasets, examples, views
from tests.twins import lines_of

SLOW = examples(60)


@pytest.mark.slow
@given(st.data())
@SLOW
def test_purchases_equal_their_twin(drawn: st.DataObject) -> None:
    data = drawn.draw(datasets(customers=True))
    filters, _ = drawn.draw(views(data))
    until = filters.period.end
    expected = twins.purchases(data, filters.where, until)
    found = lines.purchases(data, filters.where, until)
    got: dict[int, dict[date, dict[str, int]]] = {}
    for row in found.iter_rows(named=True):
        customer, day = row.pop("customer"), row.pop("day")
        got.setdefault(customer, {})[day] = row
    assert got == expected
    assert found.equals(found.sort("customer", "day"))
    for customer in expected:
        alone = lines.purchases(data, filters.where, until, customer=customer)
        assert alone.equals(found.filter(pl.col("customer") == customer))


@pytest.mark.slow
@given(st.data())
@SLOW
def test_first_members_and_buyers_equal_their_twins(drawn: st.DataObject) -> None:
    data = drawn.draw(datasets(customers=True))
    filters, _ = drawn.draw(views(data))
    rows = [row for row in lines_of(data) if row["customer"] is not None]
    for name in data.members:
        firsts = dict(lines.firsts(data, name).iter_rows())
        assert set(firsts) == {row["customer"] for row in rows}
        for customer, member in firsts.items():
            first = min(row["order"] for row in rows if row["customer"] == customer)
            spent: dict[str, int] = {}
            for row in rows:
                if row["order"] == first:
                    spent[row[name]] = spent.get(row[name], 0) + row["revenue"]
            order = list(data.members[name])
            assert member == min(spent, key=lambda one: (-spent[one], order.index(one)))
        group = pl.Series([-1] + [code % 3 - 1 for code in range(1, data.customers.height)]).to_numpy()
        # by an attribute of their own, customers count whatever they bought
        bought = {
            row["customer"] for row in rows
            if row["day"] <= filters.period.end and twins.kept_row(row, filters.where)
        }  # fmt: skip
        group = np.array([side if code in bought else -1 for code, side in enumerate(group.tolist())])
        counted = lines.buyers(data, filters.where, filters.period.end, [name], group)[name]
        expected: dict[tuple[int, str], set[int]] = {}
        for row in rows:
            inside = row["day"] <= filters.period.end and twins.kept_row(row, filters.where)
            if inside and group[row["customer"]] >= 0:
                expected.setdefault((int(group[row["customer"]]), row[name]), set()).add(row["customer"])
        assert {(g, m): n for g, m, n in counted.iter_rows()} == {key: len(who) for key, who in expected.items()}


@pytest.mark.slow
@given(st.data())
@SLOW
def test_scores_groups_and_migration_equal_their_twins(drawn: st.DataObject) -> None:
    data = drawn.draw(datasets(customers=True))
    filters, _ = drawn.draw(views(data))
    until = FIRST_DAY + timedelta(drawn.draw(st.integers(100, DAYS)))
    before = FIRST_DAY + timedelta(drawn.draw(st.integers(0, 100)))
    now, then = (rfm_tables.rfm(lines.purchases(data, filters.where, day), day) for day in (until, before))
    expected = [twins.rfm(twins.purchases(data, filters.where, day), day) for day in (until, before)]
    for found, wanted in zip((now, then), expected, strict=True):
        for row in found.iter_rows(named=True):
            assert {name: row[name] for name in wanted[row["customer"]]} == wanted[row["customer"]]
        assert found.height == len(wanted)
    moves: dict[tuple[str, str], list[int]] = {}
    for customer, row in expected[0].items():
        was = expected[1].get(customer)
        cell = moves.setdefault((was["group"] if was else rfm_tables.NOT_YET, row["group"]), [0, 0])
        cell[0] += 1
        cell[1] += was["recent"] if was else 0
    assert {(a, b): [n, money] for a, b, n, money in rfm_tables.migration(then, now).iter_rows()} == moves
    stayed_away = [c for c, row in expected[1].items() if row["last_day"] == expected[0][c]["last_day"]]
    fell = {c for c in stayed_away if expected[0][c]["r"] <= 2 < expected[1][c]["r"]}
    assert set(rfm_tables.slipped(then, now)["customer"]) == fell


@given(st.data())
@SLOW
def test_row_order_changes_no_score_and_thresholds_tell_the_same(drawn: st.DataObject) -> None:
    data = drawn.draw(datasets(customers=True))
    scored = rfm_tables.rfm(lines.purchases(data), data.last_day)
    mixed = scored.sample(fraction=1.0, shuffle=True, seed=drawn.draw(st.integers(0, 9)))
    again = mixed.with_columns(
        pl.Series("r", rfm_tables.score(mixed["last_day"].to_physical().to_numpy())),
        pl.Series("f", rfm_tables.score(mixed["orders"].to_numpy())),
        pl.Series("m", rfm_tables.score(mixed["money"].to_numpy())),
    ).sort("customer")
    assert again.select("r", "f", "m").equals(scored.select("r", "f", "m"))
    least = rfm_tables.thresholds(scored)
    for row in scored.iter_rows(named=True):
        days = (row["last_day"] - date(1970, 1, 1)).days
        assert [rfm_tables.score_by(least["r"], days), rfm_tables.score_by(least["f"], row["orders"])] == [
            row["r"],
            row["f"],
        ]
        assert rfm_tables.score_by(least["m"], row["money"]) == row["m"]
    cells = rfm_tables.grid(scored)
    assert cells.height == 25
    assert cells["customers"].sum() == scored.height
    assert cells["money"].sum() == rfm_tables.groups(scored)["money"].sum() == scored["money"].sum()


def test_groups_are_the_defined_eleven() -> None:
    for r in range(1, 6):
        for fm in range(1, 6):
            assert rfm_tables.BY_SCORES[r][fm - 1] == twins.group(r, fm)
    assert sorted(rfm_tables.GROUPS) == sorted({name for row in rfm_tables.BY_SCORES.values() for name in row})
    assert set(rfm_tables.ACTIONS) == set(rfm_tables.GROUPS)


def test_ties_share_a_score() -> None:
    assert rfm_tables.score(np.array([1] * 8 + [2, 3])).tolist() == [1] * 8 + [5, 5]
    assert rfm_tables.score(np.array([7])).tolist() == [1]
    assert rfm_tables.score(np.zeros(0)).tolist() == []


def test_online_retail_knows_its_customers(online_retail: Dataset) -> None:
    """A customer whose 168,469.60 order was cancelled minutes later is no champion; nobody is nobody."""
    data = online_retail
    scored = rfm_tables.rfm(lines.purchases(data), data.last_day)
    assert scored.height == 4338
    assert 0 not in scored["customer"].to_list()
    named = scored.join(data.customers.with_row_index("customer"), on="customer")
    for customer_id, money in (("16446", 29_000), ("12346", 0)):
        row = named.filter(pl.col("customer_id") == customer_id).row(0, named=True)
        assert row["money"] == money
        assert row["m"] == 1
        assert row["group"] not in ("Champions", "Loyal", "Can't lose")
    assert named.sort("money").row(-1, named=True)["customer_id"] == "14646"


@pytest.mark.parametrize("as_of", [date(2011, 6, 30), date(2011, 12, 9)])
def test_groups_hold_everyone(online_retail: Dataset, as_of: date) -> None:
    scored = rfm_tables.rfm(lines.purchases(online_retail, (), as_of), as_of)
    table = rfm_tables.groups(scored)
    assert table["group"].to_list() == list(rfm_tables.GROUPS)
    assert table["customers"].sum() == scored.height
