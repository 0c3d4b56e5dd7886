"""The layout on random tables, against plain Python loops over the same rows."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from typing import Any

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analytics.dataset import NO_CUSTOMER, NOT_RECORDED
from data.building.layout import Prepared
from tests.data.building.random_rows import CUSTOMERS, ROWS, SCHEMA, Row, built


def _plain(prepared: Prepared) -> list[Row]:
    """The prepared lines with the texts that their codes stand for."""
    lines = prepared.lines.with_columns(pl.col(pl.Enum).cast(pl.String)).rows(named=True)
    product_code = prepared.lines["product"].to_physical().to_list()
    for line, code in zip(lines, product_code, strict=True):
        line["product_code"] = code
        line["product_id"] = prepared.products["product_id"][code]
        line["order_id"] = prepared.orders["order_id"][line["order"]]
        line["customer_id"] = prepared.customers["customer_id"][line["customer"]]
    return lines


def _customer_of_order(rows: list[Row]) -> dict[str, str | None]:
    """The customer of the lines that name none: the order's, where the other lines name exactly one."""
    known: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        if row["customer_id"] is not None:
            known[row["order_id"]].add(row["customer_id"])
    return {order: next(iter(ids)) if len(ids) == 1 else None for order, ids in known.items()}


def _source_customer(row: Row, of_order: dict[str, str | None]) -> str | None:
    return row["customer_id"] if row["customer_id"] is not None else of_order.get(row["order_id"])


THOROUGH = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@THOROUGH
@given(ROWS, st.booleans())
def test_no_line_is_lost_or_changed(rows: list[Row], split_days: bool) -> None:
    prepared = built(rows, split_days=split_days, customers=CUSTOMERS)
    of_order = _customer_of_order(rows)
    keys = ("order_id", "product_id", "quantity", "revenue", "cost")
    expected = Counter((*(row[key] for key in keys), _source_customer(row, of_order)) for row in rows)
    assert Counter((*(line[key] for key in keys), line["customer_id"]) for line in _plain(prepared)) == expected
    assert prepared.reconciliation.revenue == sum(row["revenue"] for row in rows)


@THOROUGH
@given(ROWS)
def test_every_member_holds_the_money_of_its_source_value(rows: list[Row]) -> None:
    lines = _plain(built(rows))
    for levels in (("category", "subcategory"), ("continent", "country"), ("channel",)):
        source: dict[Any, int] = defaultdict(int)
        for row in rows:
            source[tuple(NOT_RECORDED if row[level] is None else row[level] for level in levels)] += row["revenue"]
        shown: dict[Any, int] = defaultdict(int)
        for line in lines:
            shown[tuple(line[level] for level in levels)] += line["revenue"]
        assert sorted(source.values()) == sorted(shown.values())
        if len(levels) == 1:
            assert source == shown
        # A label begins with the name it stands for, and has one parent.
        names = {path[-1] for path in source}
        assert all(any(labels[-1].startswith(name) for name in names) for labels in shown)
        assert len({labels[-1] for labels in shown}) == len(shown)


@THOROUGH
@given(ROWS, st.booleans())
def test_the_order_of_lines_makes_run_counts_exact(rows: list[Row], split_days: bool) -> None:
    prepared = built(rows, split_days=split_days)
    lines = _plain(prepared)
    position = [(line["customer"], line["day"], line["order"], line["product_code"]) for line in lines]
    assert position == sorted(position)
    orders = [line["order"] for line in lines]
    assert orders == sorted(orders)
    assert set(orders) == set(range(prepared.orders.height))
    for order in set(orders):
        facts = {
            (line["day"], line["customer"], line["continent"], line["country"])
            for line in lines
            if line["order"] == order
        }
        assert len(facts) == 1
    codes = prepared.lines.select(pl.col("category", "subcategory", "product").to_physical()).rows()
    assert sorted(codes) == sorted(codes, key=lambda row: row[2])
    places = prepared.lines.select(pl.col("continent", "country").to_physical()).unique().rows()
    assert sorted(places) == sorted(places, key=lambda row: row[1])


@THOROUGH
@given(ROWS)
def test_orders_and_days_follow_the_stated_rules(rows: list[Row]) -> None:
    lines = _plain(built(rows))
    of_order = _customer_of_order(rows)
    several_customers = {
        order
        for order in {row["order_id"] for row in rows}
        if len({row["customer_id"] for row in rows if row["order_id"] == order} - {None}) > 1
    }
    several_places = {
        order
        for order in {row["order_id"] for row in rows}
        if len({_place(row) for row in rows if row["order_id"] == order}) > 1
    }
    expected = set()
    for row in rows:
        customer = _source_customer(row, of_order) if several_customers else of_order.get(row["order_id"])
        expected.add((row["order_id"], customer, _place(row) if several_places else None))
    assert len({line["order"] for line in lines}) == len(expected)
    first: dict[Any, date] = {}
    for row in rows:
        key = (row["order_id"], _source_customer(row, of_order), _place(row))
        first[key] = min(first.get(key, row["ordered_on"]), row["ordered_on"])
    assert sorted((key[0], str(key[1]), day) for key, day in first.items()) == sorted(
        {line["order"]: (line["order_id"], str(line["customer_id"]), line["day"]) for line in lines}.values()
    )


def _place(row: Row) -> tuple[str, str]:
    return row["continent"] or NOT_RECORDED, row["country"] or NOT_RECORDED


@THOROUGH
@given(ROWS)
def test_customers(rows: list[Row]) -> None:
    prepared = built(rows, customers=CUSTOMERS)
    people = prepared.customers
    ids = people["customer_id"].to_list()
    assert ids[NO_CUSTOMER] is None
    assert len(ids) == len(set(ids))
    assert set(ids) == {row["customer_id"] for row in rows} | {"1", "2", "9", None}
    days: dict[str, list[date]] = defaultdict(list)
    seen = set()
    for line in _plain(prepared):
        if line["customer_id"] is not None and line["order"] not in seen:
            seen.add(line["order"])
            days[line["customer_id"]].append(line["day"])
    for person in people.rows(named=True):
        bought = sorted(days.get(person["customer_id"], []))
        assert (person["first_on"], person["second_on"]) == ((*bought, None, None)[0], (*bought, None, None)[1])
    # `channel` is a dimension of the lines and `region` a place, so the customers' own get a prefix.
    assert prepared.segments == ("age", "customer_channel", "customer_region")
    assert [member for member in ("9", "10") if member in prepared.lines.schema["age"].categories] == ["9", "10"]


@THOROUGH
@given(ROWS)
def test_labels_are_unique_and_types_narrow(rows: list[Row]) -> None:
    dataset = built(rows, customers=CUSTOMERS).dataset()
    schema = dataset.lines.collect_schema()
    for name, members in dataset.members.items():
        assert len(members) == len(set(members)), name
        assert schema[name] == pl.Enum(members)
        if name in ("channel", "age"):
            assert NOT_RECORDED not in members[:-1]
    assert schema["customer"] == schema["order"] == pl.UInt32
    assert schema["day"] == pl.Date
    assert schema["quantity"] in (pl.Int16, pl.Int32)
    assert dataset.lines.collect().null_count().sum_horizontal().item() == 0
    assert (dataset.first_day, dataset.last_day) == (
        dataset.lines.collect()["day"].min(),
        dataset.lines.collect()["day"].max(),
    )


@THOROUGH
@given(ROWS, st.randoms(use_true_random=False))
def test_the_order_of_the_source_rows_decides_nothing_but_ties(rows: list[Row], random: Any) -> None:
    shuffled = random.sample(rows, len(rows))
    ours, theirs = built(rows, customers=CUSTOMERS), built(shuffled, customers=CUSTOMERS)
    by = ["order", "product", "quantity", "revenue", "cost", "channel"]
    assert ours.lines.sort(by).equals(theirs.lines.sort(by))
    assert ours.customers.equals(theirs.customers)
    assert ours.products.equals(theirs.products)
    assert ours.orders.equals(theirs.orders)


@THOROUGH
@given(ROWS, ROWS)
def test_returns_carry_the_members_of_the_lines(rows: list[Row], back: list[Row]) -> None:
    returns = pl.DataFrame(back, schema=SCHEMA).select(
        pl.col("ordered_on").alias("returned_on"),
        *("product_id", "category", "subcategory", "product", "continent", "country", "customer_id", "quantity"),
        pl.col("revenue").alias("amount"),
    )
    prepared = built(rows, returns=returns, customers=CUSTOMERS)
    coded = prepared.returns
    assert coded is not None
    assert coded["amount"].sum() == sum(row["revenue"] for row in back)
    assert coded["day"].is_sorted()
    for level in ("category", "subcategory", "product", "continent", "country", "age"):
        assert coded.schema[level] == prepared.lines.schema[level]
        assert coded[level].null_count() == 0
    money: dict[Any, int] = defaultdict(int)
    for row in back:
        money[row["customer_id"]] += row["revenue"]
    shown: dict[Any, int] = defaultdict(int)
    for code, amount in coded.select("customer", "amount").rows():
        shown[prepared.customers["customer_id"][code]] += amount
    assert money == shown
