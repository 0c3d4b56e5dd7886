"""Affinity: the example of mlxtend's documentation, and counts that 32 bits cannot multiply."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from analytics import lines
from analytics.dataset import Dataset
from analytics.lines import Together
from analytics.tables import affinity
from data.building.layout import Tables, build

BASKETS = (
    ("Milk", "Onion", "Nutmeg", "Kidney Beans", "Eggs", "Yogurt"),
    ("Dill", "Onion", "Nutmeg", "Kidney Beans", "Eggs", "Yogurt"),
    ("Milk", "Apple", "Kidney Beans", "Eggs"),
    ("Milk", "Unicorn", "Corn", "Kidney Beans", "Yogurt"),
    ("Corn", "Onion", "Onion", "Kidney Beans", "Ice cream", "Eggs"),
)
"""The five transactions of mlxtend's user guide to association rules."""


def dataset(baskets: tuple[tuple[str, ...], ...]) -> Dataset:
    rows = [
        {"order_id": f"o{n:07d}", "ordered_on": date(2024, 1, 1), "customer_id": f"c{n}", "product_id": item,
         "product": item, "quantity": 1, "revenue": 10_000}
        for n, basket in enumerate(baskets) for item in basket
    ]  # fmt: skip
    return build(Tables(pl.DataFrame(rows), None), name="x", title="x", currency="EUR").dataset()


def sizes(one: int, two: int) -> pl.DataFrame:
    return pl.DataFrame({"size": [1, 2], "orders": [one, two]})


def rule(table: pl.DataFrame, item: str, offer: str) -> dict[str, float]:
    return table.filter((pl.col("item") == item) & (pl.col("offer") == offer)).row(0, named=True)


def test_the_published_example() -> None:
    data = dataset(BASKETS)
    table = affinity.rules(lines.pairs(data, lines.history(data), "product", 1))
    onion = rule(table, "Onion", "Eggs")
    assert (onion["support"], onion["confidence"], onion["lift"]) == pytest.approx((0.6, 1.0, 1.25))
    assert rule(table, "Kidney Beans", "Eggs")["lift"] == pytest.approx(1.0)
    assert rule(table, "Eggs", "Onion")["confidence"] == pytest.approx(0.75)
    assert onion["both"] == 3  # the second Onion of an order counts once


def test_a_million_baskets_do_not_overflow() -> None:
    orders, both = 1_000_000, 900_000
    items = pl.DataFrame({"product": ["A", "B"], "orders": [950_000, 940_000]})
    pairs = pl.DataFrame({"first": ["A"], "second": ["B"], "orders": [both], "squares": [both]})
    found = rule(affinity.rules(Together(orders, items, pairs, 2, sizes(one=90_000, two=both))), "A", "B")
    assert found["lift"] == pytest.approx(both * orders / (950_000 * 940_000))


def test_counting_a_million_baskets() -> None:
    orders = 1_000_000
    codes = pl.int_range(0, orders, dtype=pl.UInt32, eager=True)
    names = pl.Enum(["A", "B", "C"])
    day = pl.lit(date(2024, 1, 1)).alias("day")
    nobody = pl.lit(0, pl.UInt32).alias("customer")
    one = codes.alias("order").to_frame().with_columns(nobody, day, pl.lit("A").cast(names).alias("product"))
    two = one.with_columns(pl.lit("B").cast(names).alias("product"))
    frame = pl.concat([one, two]).sort("order", "product")
    data = dataset(BASKETS)
    many = Dataset(
        "x", "1", "x", "EUR", frame.lazy(), data.customers, data.products, None, None, date(2024, 1, 1),
        date(2024, 1, 1), members={"product": ("A", "B", "C")},
    )  # fmt: skip
    found = lines.pairs(many, lines.history(many), "product", 2)
    assert found.pairs["orders"].to_list() == [orders]
    assert affinity.rules(found)["lift"].to_list() == [1.0, 1.0]


def test_what_is_sure_comes_first_and_each_pair_once() -> None:
    items = pl.DataFrame({"product": ["A", "B", "C"], "orders": [100, 100, 2]})
    pairs = pl.DataFrame({"first": ["A", "A"], "second": ["B", "C"], "orders": [60, 2], "squares": [60, 2]})
    table = affinity.rules(Together(1_000, items, pairs, 3, sizes(one=938, two=62)))
    shown = affinity.strongest(table)
    assert shown.select("item", "offer").rows() == [("A", "B"), ("C", "A")]  # C's lift of 10 rests on two orders
    assert affinity.offers(table, "A")["offer"].to_list() == ["B", "C"]
    assert affinity.fewest(0.001, 1_000_000) == 1_000
    assert affinity.fewest(0.001, 100) == affinity.FEWEST_ORDERS
