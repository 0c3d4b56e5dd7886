"""The registry of metrics: every row well-formed, every value and change worked out by hand or by a plain loop."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.dataset import MONEY_SCALE, Dataset
from analytics.evaluation import change, value
from analytics.metrics import MEASURES, METRICS, Metric, available, definition, missing

MONEY_MEASURES = {"discount", "revenue", "cost", "known_revenue", "returned_amount"}

PEOPLE = pl.DataFrame({"customer_id": [None, "7"], "name": [None, "Ada"]}, schema_overrides={"customer_id": pl.String})


def dataset(*columns: str, customers: bool = True, returns: pl.DataFrame | None = None, **given: Any) -> Dataset:
    lines = pl.LazyFrame({name: [1] for name in ("quantity", "revenue", *columns)})
    people = PEOPLE if customers else PEOPLE.head(1)
    day = date(2022, 6, 30)
    return Dataset("d", "1", "D", "USD", lines, people, pl.DataFrame(), returns, None, day, day, **given)


def read(name: str, suffix: str = "", **measures: int | None) -> float | None:
    frame = pl.DataFrame(
        {key + suffix: [number] for key, number in measures.items()},
        schema={key + suffix: pl.Int64 for key in measures},
    )
    out = frame.select(value(name, suffix))
    assert out.schema == {name + suffix: pl.Float64}
    return out.item()


def changed(name: str, now: float | None, base: float | None) -> float | None:
    frame = pl.DataFrame({name: [now], f"{name}_base": [base]}, schema={name: pl.Float64, f"{name}_base": pl.Float64})
    return frame.select(change(name)).item()


# ---- rows


@pytest.mark.parametrize("metric", METRICS.values(), ids=list(METRICS))
def test_a_row_is_well_formed(metric: Metric) -> None:
    assert metric.name.isidentifier()
    assert metric.name.islower()
    assert METRICS[metric.name] is metric
    assert metric.label[0].isupper()
    assert metric.sentence.endswith(".")
    assert len(metric.sentence) <= 140
    assert metric.plus
    assert set(metric.measures) <= set(MEASURES)
    assert not set(metric.plus) & set(metric.less)
    assert (metric.kind == "ratio") == bool(metric.per)
    money = set(metric.plus + metric.less) & MONEY_MEASURES
    assert not money or money == set(metric.plus + metric.less), "money is never added to counts"
    if metric.unit == "money":
        assert money
        assert not set(metric.per) & MONEY_MEASURES
    elif metric.unit == "share":
        assert bool(money) == bool(set(metric.per) & MONEY_MEASURES), "a share divides like by like"
    elif metric.unit == "count":
        assert not metric.per
    if metric.kind == "distinct":
        assert set(metric.plus) <= {"orders", "customers", "new_customers"}
    if metric.kind == "sum":
        assert not set(metric.measures) & {"orders", "customers", "new_customers", "repeat_customers", "known_orders"}


@pytest.mark.parametrize("metric", METRICS.values(), ids=list(METRICS))
def test_a_row_needs_what_its_measures_come_from(metric: Metric) -> None:
    sources = {
        "cost": "cost", "discount": "discount", "customers": "customers", "known_revenue": "customers",
        "known_orders": "customers", "new_customers": "customers", "repeat_customers": "customers",
        "returned_units": "returns", "returned_amount": "returns",
    }  # fmt: skip
    assert set(metric.needs) == {sources[name] for name in metric.measures if name in sources}


def test_labels_are_told_apart() -> None:
    assert len({metric.label for metric in METRICS.values()}) == len(METRICS)
    assert len({metric.sentence for metric in METRICS.values()}) == len(METRICS)


def test_the_first_eight_are_the_tiles_of_the_sales_page() -> None:
    tiles = ["revenue", "profit", "margin", "orders", "customers", "units", "aov", "return_rate"]
    assert list(METRICS)[:8] == tiles


# ---- values


WORKED = {
    "lines": 56_046, "units": 84_174, "discount": 0, "revenue": 249_145_868_200, "cost": 144_568_713_900,
    "orders": 25_164, "customers": 17_416, "known_revenue": 249_145_868_200, "known_orders": 25_164,
    "new_customers": 17_416, "repeat_customers": 6_000, "returned_units": 1_828, "returned_amount": 5_000_000_000,
}  # fmt: skip
"""AdventureWorks 2020-2022 as measures; repeat customers and the returned amount are made up."""


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("revenue", 24_914_586.82),
        ("profit", 10_457_715.43),
        ("margin", 0.419743),
        ("orders", 25_164),
        ("customers", 17_416),
        ("units", 84_174),
        ("aov", 990.0885),
        ("return_rate", 0.021717),
        ("gross_sales", 24_914_586.82),
        ("discount", 0),
        ("discount_rate", 0),
        ("net_revenue", 24_414_586.82),
        ("cost", 14_456_871.39),
        ("units_per_order", 3.345017),
        ("revenue_per_customer", 1_430.557351),
        ("orders_per_customer", 1.444878),
        ("repeat_rate", 0.344511),
        ("new_customers", 17_416),
        ("returned_units", 1_828),
        ("return_rate_amount", 0.0200686),
    ],
)
def test_values_of_adventureworks(name: str, expected: float) -> None:
    assert read(name, **WORKED) == pytest.approx(expected, rel=1e-5)
    assert read(name, "_base", **WORKED) == read(name, **WORKED)


def test_every_metric_has_a_worked_value() -> None:
    marked = next(mark for mark in test_values_of_adventureworks.pytestmark if mark.name == "parametrize")
    assert {name for name, _ in marked.args[1]} == set(METRICS)


def test_discounts_are_taken_off_gross_sales() -> None:
    measures = {"revenue": 80 * MONEY_SCALE, "discount": 20 * MONEY_SCALE}
    assert read("gross_sales", **measures) == 100
    assert read("discount_rate", **measures) == 0.2


@pytest.mark.parametrize("name", [metric.name for metric in METRICS.values() if metric.per])
@pytest.mark.parametrize("below", [0, -5])
def test_an_empty_denominator_is_null(name: str, below: int) -> None:
    measures = dict.fromkeys(METRICS[name].measures, 3) | dict.fromkeys(METRICS[name].per, below)
    assert read(name, **measures) is None


@pytest.mark.parametrize("metric", METRICS.values(), ids=list(METRICS))
def test_a_measure_that_is_not_known_makes_the_metric_unknown(metric: Metric) -> None:
    for unknown in metric.measures:
        assert read(metric.name, **(dict.fromkeys(metric.measures, 3) | {unknown: None})) is None


def test_small_integers_do_not_overflow() -> None:
    most = pl.Series([2_000_000_000], dtype=pl.Int32)
    frame = pl.DataFrame({"revenue": most, "discount": most})
    assert frame.select(value("gross_sales")).item() == 400_000.0
    counts = pl.DataFrame({"units": [5], "orders": [4_000_000_000]}, schema_overrides={"orders": pl.UInt32})
    assert counts.select(value("units_per_order")).item() == 5 / 4_000_000_000


@given(st.lists(st.fixed_dictionaries({name: st.none() | st.integers(-9, 9) for name in MEASURES}), max_size=8))
@settings(max_examples=40, deadline=None)
def test_values_equal_a_plain_loop(rows: list[dict[str, int | None]]) -> None:
    frame = pl.DataFrame(rows, schema=dict.fromkeys(MEASURES, pl.Int64))
    found = frame.select(value(name) for name in METRICS)
    for metric in METRICS.values():
        for row, number in zip(rows, found[metric.name], strict=True):
            if any(row[name] is None for name in metric.measures):
                expected = None
            else:
                over = sum(row[n] or 0 for n in metric.plus) - sum(row[n] or 0 for n in metric.less)
                per = sum(row[n] or 0 for n in metric.per) if metric.per else 1
                expected = over / per / (10_000 if metric.unit == "money" else 1) if per > 0 else None
            assert (number is None) == (expected is None)
            assert number is None or (math.isfinite(number) and number == pytest.approx(expected))


# ---- changes


def test_relative_changes() -> None:
    assert changed("orders", 166, 169) == pytest.approx(-0.01775, abs=5e-6)
    assert round(100 * (changed("orders", 166, 169) or 0), 2) == -1.78
    assert changed("revenue", 0, 50) == -1
    assert changed("revenue", 50, 50) == 0


@pytest.mark.parametrize("base", [0, -3.5, None])
def test_no_relative_change_without_a_base_above_nothing(base: float | None) -> None:
    assert changed("revenue", 10, base) is None
    assert changed("aov", 10, base) is None


def test_shares_change_in_percentage_points() -> None:
    assert changed("margin", 0.42, 0.40) == pytest.approx(0.02)
    assert changed("return_rate", 0.02, 0) == pytest.approx(0.02)
    assert changed("margin", -0.01, 0.03) == pytest.approx(-0.04)
    assert changed("margin", 0.42, None) is None
    assert changed("margin", None, 0.42) is None


def test_a_change_is_named_after_its_metric() -> None:
    frame = pl.DataFrame({"orders": [2.0], "orders_base": [1.0]})
    assert frame.select(change("orders")).columns == ["orders_change"]


# ---- what a dataset can show


RETURNS = pl.DataFrame({"day": [date(2022, 1, 1)], "quantity": [1], "country": ["France"]})


def test_everything_is_available_where_nothing_is_missing() -> None:
    assert available(dataset("cost", "discount", returns=RETURNS)) == list(METRICS.values())


def test_a_bare_dataset_shows_what_it_can() -> None:
    names = [metric.name for metric in available(dataset(customers=False))]
    assert names == ["revenue", "orders", "units", "aov", "units_per_order"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("profit", "Profit: the data needs a cost column on the order lines."),
        ("discount", "Discounts: the data needs a discount column on the order lines."),
        ("customers", "Customers: the data needs customer ids on the order lines."),
        ("return_rate", "Return rate: the data needs a returns table or negative quantities."),
        ("revenue", None),
    ],
)
def test_missing_says_what_to_add(name: str, words: str | None) -> None:
    assert missing(METRICS[name], dataset(customers=False)) == words


def test_returns_count_only_where_they_carry_the_dimension() -> None:
    data = dataset(returns=RETURNS)
    assert missing(METRICS["return_rate"], data, ["country"]) is None
    assert missing(METRICS["return_rate"], data, ["country", "gender"]) == (
        "Return rate: the data needs the column 'gender' on the returns."
    )
    assert missing(METRICS["revenue"], data, ["gender"]) is None


def test_returns_valued_at_list_price_are_labelled() -> None:
    valued = dataset(returns=RETURNS, returns_valued="list price")
    assert definition(METRICS["net_revenue"], valued).endswith("Returns are valued at list price.")
    assert definition(METRICS["return_rate"], valued) == METRICS["return_rate"].sentence
    assert definition(METRICS["net_revenue"], dataset(returns=RETURNS)) == METRICS["net_revenue"].sentence
