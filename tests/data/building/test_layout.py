"""The layout on random tables, against plain Python loops over the same rows."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analytics.dataset import NO_CUSTOMER, NOT_RECORDED
from data.building.layout import Prepared, Tables, build
from data.errors import DataError

Row = dict[str, Any]

# Few values, so that names repeat under several parents, and some that look like labels made by the layout.
NAMES = st.sampled_from(["A", "a", "B", "A · B", "A · #1", NOT_RECORDED, None])
IDS = st.sampled_from(["1", "2", "3", "01", "A"])

ROW = st.fixed_dictionaries(
    {
        "order_id": st.sampled_from([f"O{number}" for number in range(8)]),
        "ordered_on": st.integers(0, 3).map(lambda days: date(2024, 2, 27) + timedelta(days)),
        "customer_id": st.one_of(st.none(), IDS),
        "product_id": IDS,
        "product": NAMES,
        "category": NAMES,
        "subcategory": NAMES,
        "continent": NAMES,
        "country": NAMES,
        "channel": NAMES,
        "quantity": st.integers(1, 40_000),
        "revenue": st.integers(-(10**12), 10**12),
        "cost": st.integers(0, 10**12),
    }
)
SCHEMA = {
    **dict.fromkeys(
        (
            "order_id",
            "customer_id",
            "product_id",
            "product",
            "category",
            "subcategory",
            "continent",
            "country",
            "channel",
        ),
        pl.String,
    ),
    "ordered_on": pl.Date,
    "quantity": pl.Int64,
    "revenue": pl.Int64,
    "cost": pl.Int64,
}
CUSTOMERS = pl.DataFrame(
    {
        "customer_id": ["1", "2", "9"],
        "name": ["Ada", None, "Ola"],
        "age": ["10", "9", None],
        "channel": ["x", "y", "z"],
        "region": ["n", None, "s"],
    }
)


def _build(rows: list[Row], *, split_days: bool = False, **tables: Any) -> Prepared:
    lines = pl.DataFrame(rows, schema=SCHEMA)
    return build(Tables(lines=lines, **tables), name="random", title="Random", currency="EUR", split_days=split_days)


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


ROWS = st.lists(ROW, min_size=1, max_size=30)
THOROUGH = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@THOROUGH
@given(ROWS, st.booleans())
def test_no_line_is_lost_or_changed(rows: list[Row], split_days: bool) -> None:
    prepared = _build(rows, split_days=split_days, customers=CUSTOMERS)
    of_order = _customer_of_order(rows)
    keys = ("order_id", "product_id", "quantity", "revenue", "cost")
    expected = Counter((*(row[key] for key in keys), _source_customer(row, of_order)) for row in rows)
    assert Counter((*(line[key] for key in keys), line["customer_id"]) for line in _plain(prepared)) == expected
    assert prepared.reconciliation.revenue == sum(row["revenue"] for row in rows)


@THOROUGH
@given(ROWS)
def test_every_member_holds_the_money_of_its_source_value(rows: list[Row]) -> None:
    lines = _plain(_build(rows))
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
    prepared = _build(rows, split_days=split_days)
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
    lines = _plain(_build(rows))
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
    prepared = _build(rows, customers=CUSTOMERS)
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
    dataset = _build(rows, customers=CUSTOMERS).dataset()
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
    ours, theirs = _build(rows, customers=CUSTOMERS), _build(shuffled, customers=CUSTOMERS)
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
    prepared = _build(rows, returns=returns, customers=CUSTOMERS)
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


def test_hierarchy_labels_by_hand() -> None:
    places = [("Europe", "Georgia"), ("America", "Georgia"), ("Europe", None), ("America", None), (None, None)]
    base = {"ordered_on": date(2024, 1, 1), "product_id": "1", "quantity": 1, "revenue": 1, "cost": 0}
    rows = [
        {**dict.fromkeys(SCHEMA), **base, "order_id": str(number), "continent": continent, "country": country}
        for number, (continent, country) in enumerate(places)
    ]
    members = _build(rows).dataset().members
    assert members["continent"] == ("America", "Europe", NOT_RECORDED)
    assert members["country"] == (
        *("Georgia · America", "Not recorded · America", "Georgia · Europe", "Not recorded · Europe", NOT_RECORDED),
    )
    assert members["product"] == ("1",)


def test_same_product_name_gets_its_number() -> None:
    base = {**dict.fromkeys(SCHEMA), "ordered_on": date(2024, 1, 1), "quantity": 1, "revenue": 1, "cost": 0}
    rows = [{**base, "order_id": "1", "product_id": number, "product": "Cup"} for number in ("7", "8")]
    assert _build(rows).dataset().members["product"] == ("Cup · #7", "Cup · #8")


def test_a_returned_place_that_could_be_two_is_an_error() -> None:
    base = {**dict.fromkeys(SCHEMA), "ordered_on": date(2024, 1, 1), "quantity": 1, "revenue": 1, "cost": 0}
    rows = [
        {**base, "order_id": place, "product_id": "1", "continent": place, "country": "Georgia"} for place in ("E", "A")
    ]
    returns = pl.DataFrame(
        {"returned_on": [date(2024, 1, 2)], "product_id": ["1"], "quantity": [1], "amount": [1], "country": ["Georgia"]}
    )
    with pytest.raises(DataError, match="The returns name Georgia, which lies in several places of the lines"):
        _build(rows, returns=returns)


def test_without_lines_there_is_no_dataset() -> None:
    with pytest.raises(DataError, match="No order lines are left to show"):
        _build([])
