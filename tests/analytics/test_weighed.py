"""Goods that are weighed: what counts parts of a unit equals a loop over exact fractions, on every page."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analytics import formats, lines
from analytics.dataset import MONEY_SCALE, UNIT_SCALES, Dataset
from analytics.evaluation import value
from analytics.filters import Filters
from analytics.lines.requests import DAY, Totals
from analytics.metrics import UNIT_MEASURES
from analytics.periods import Comparison, Period
from analytics.tables import customer as customer_tables
from analytics.tables import customers as customer_page
from analytics.tables import prices
from analytics.tables import returns as return_tables
from analytics.tables.drivers import price_volume
from tests import twins
from tests.random_data import datasets, views

SLOW = settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def weighed(data: Dataset, scale: int, times: int) -> Dataset:
    """The dataset with other quantities, as many parts of a unit: 0.207 kg and the like."""
    lots = pl.col("quantity").cast(pl.Int64) * times
    returns = None if data.returns is None else data.returns.with_columns(lots + 1)
    return replace(data, lines=data.lines.with_columns(lots + pl.col("order") % 7), returns=returns, unit_scale=scale)


@st.composite
def weighed_datasets(draw: st.DrawFn, **kinds: bool) -> Dataset:
    return weighed(draw(datasets(**kinds)), draw(st.sampled_from(UNIT_SCALES[1:])), draw(st.integers(1, 5_000)))


def units(data: Dataset, rows: list[dict[str, Any]]) -> Fraction:
    return Fraction(sum(row["quantity"] for row in rows), data.unit_scale)


def inside(data: Dataset, period: Period, where: tuple[tuple[str, tuple[str, ...]], ...]) -> list[dict[str, Any]]:
    rows = data.lines.collect().to_dicts()
    return [row for row in rows if period.start <= row["day"] <= period.end and twins.kept_row(row, where)]


@given(st.data())
@SLOW
def test_units_leave_the_reductions_as_decimals(draw: st.DataObject) -> None:
    data = draw.draw(weighed_datasets(customers=True))
    filters, grain = draw.draw(views(data))
    whole, products, days = Totals(), Totals(("product",)), Totals((DAY,))
    found = lines.page(data, filters, [whole, products, days], grain=grain)
    mine = inside(data, filters.period, filters.where)
    total = found[whole].row(0, named=True)
    assert total["units"] == float(units(data, mine))
    evaluated = found[whole].select(value("units"), value("units_per_order")).row(0, named=True)
    assert evaluated["units"] == float(units(data, mine))
    orders = len({row["order"] for row in mine})
    if orders:
        assert evaluated["units_per_order"] == pytest.approx(float(units(data, mine) / orders), rel=1e-12)
    if filters.base:
        assert total["units_base"] == float(units(data, inside(data, filters.base, filters.where)))
    for request, name in ((products, "product"), (days, "day")):
        for row in found[request].to_dicts():
            assert row["units"] == float(units(data, [line for line in mine if line[name] == row[name]]))
    summed = {row["product"]: row["units"] for row in lines.sums(data, filters, ["product"]).to_dicts()}
    assert {name: sold for name, sold in summed.items() if sold} == {
        row["product"]: row["units"] for row in found[products].to_dicts() if row["units"]
    }
    listed = lines.rows(data, filters, 10_000)["quantity"].to_list()
    assert listed == [row["quantity"] / data.unit_scale for row in mine]
    on = [data.first_day + timedelta(n) for n in range(3)]
    for row in lines.on_days(data, filters.where, on, ("product",))["product"].to_dicts():
        day = inside(data, Period(row["day"], row["day"]), filters.where)
        assert row["units"] == float(units(data, [line for line in day if line["product"] == row["product"]]))
    people = {row["customer"]: row["units"] for row in lines.customers(data, filters).to_dicts()}
    for code, bought in people.items():
        assert bought == float(units(data, [line for line in mine if line["customer"] == code]))
    ranked = customer_page.customers(data, filters, grain).top["units"]
    assert ranked["units"].to_list() == sorted(people.values(), reverse=True)[: ranked.height]


@given(st.data())
@SLOW
def test_whole_units_stay_as_they_are(draw: st.DataObject) -> None:
    data = draw.draw(datasets())
    filters, grain = draw.draw(views(data))
    found = lines.page(data, filters, [Totals()], grain=grain)[Totals()]
    assert {found.schema[name] for name in UNIT_MEASURES} == {pl.Int64()}
    assert lines.sums(data, filters, []).schema["units"] == pl.Int64
    assert lines.rows(data, filters, 10).schema["quantity"] == pl.Int64


@given(st.data())
@SLOW
def test_prices_are_money_over_decimals(draw: st.DataObject) -> None:
    data = draw.draw(weighed_datasets())
    everything = inside(data, Period(data.first_day, data.last_day), ())
    for month in prices.history(prices.months(data, lines.history(data)), "EUR").to_dicts():
        mine = [row for row in everything if row["day"].replace(day=1) == month["month"]]
        assert month["units"] == float(units(data, mine))
        if units(data, mine) > 0:
            money = Fraction(sum(row["revenue"] for row in mine), MONEY_SCALE)
            assert month["price"] == pytest.approx(float(money / units(data, mine)), rel=1e-12)


@given(st.data())
@SLOW
def test_price_volume_and_mix_in_fractions(draw: st.DataObject) -> None:
    data = draw.draw(weighed_datasets())
    half = data.first_day + (data.last_day - data.first_day) / 2
    now, base = Period(half + timedelta(1), data.last_day + timedelta(1)), Period(data.first_day, half)
    bridge = price_volume.bridge(data, Filters(now, Comparison("custom", base)), ("product",))
    assert bridge.residual == 0
    rows = {}
    for item in bridge.items["item"]:
        then, after = ([r for r in inside(data, p, ()) if r["product"] == item] for p in (base, now))
        money = [Fraction(sum(row["revenue"] for row in part)) for part in (then, after)]
        rows[item] = (units(data, then), units(data, after), *money)
    both = [row for row in rows.values() if row[0] > 0 and row[1] > 0]
    for found in bridge.items.to_dicts():
        q0, q1, r0, r1 = rows[found["item"]]
        assert (found["units_base"], found["units"]) == (float(q0), float(q1))
        if q0 > 0 and q1 > 0:
            growth = sum(row[1] for row in both) / sum(row[0] for row in both)
            # Whole ten-thousandths: half of one is what rounding may take.
            assert abs(found["price"] - (r1 - r0 / q0 * q1)) <= Fraction(1, 2) + Fraction(1, 1000)
            assert abs(found["volume"] - r0 * (growth - 1)) <= Fraction(1, 2) + Fraction(1, 1000)
        assert sum(found[part] for part in price_volume.PARTS) == r1 - r0


@given(st.data())
@SLOW
def test_what_came_back_in_parts_of_a_unit(draw: st.DataObject) -> None:
    data = draw.draw(weighed_datasets(returns=True))
    filters, grain = draw.draw(views(data, where_any=False))
    assert data.returns is not None
    back = [row for row in data.returns.to_dicts() if filters.period.start <= row["day"] <= filters.period.end]
    mine = inside(data, filters.period, ())
    totals = lines.page(data, filters, [Totals()], grain=grain)[Totals()]
    assert totals["returned_units"].item() == float(units(data, back))
    rate = totals.select(value("return_rate")).item()
    if units(data, mine) > 0:
        assert rate == pytest.approx(float(units(data, back) / units(data, mine)), rel=1e-12)
    found = return_tables.returns(data, filters, "EUR")
    assert (found.units, found.sold) == (float(units(data, back)), float(units(data, mine)))
    for row in found.products.to_dicts():
        of = [r for r in back if r["product"] == row["member"]]
        assert row["returned"] == float(units(data, of))
        assert row["sold"] == float(units(data, [r for r in mine if r["product"] == row["member"]]))


def test_a_customers_products_are_summed_without_a_trace_of_binary_fractions() -> None:
    bought = pl.DataFrame(
        {"product": ["Ham"] * 3, "revenue": [1.0] * 3, "quantity": [0.1, 0.2, 0.3], "order": [1, 2, 3]}
    )
    assert customer_tables.spent_on(bought, "product")["units"].to_list() == [0.6]


@pytest.mark.parametrize(
    ("known", "digits"),
    [([12.0, 3.0], 0), ([0.5, 12.0], 1), ([0.45, 1.5], 2), ([1.125, 2.0], 3), ([0.0001, None], 0), ([], 0)],
)
def test_a_column_of_units_has_the_digits_of_its_longest(known: list[float | None], digits: int) -> None:
    assert formats.digits(known) == digits
    assert formats.column("units", values=known) == f"%,.{digits}f"


def test_units_show_the_decimals_that_they_have() -> None:
    assert [formats.text(v, "units") for v in (12, 0.45, 1.125, 1_234.5, 25_200.75)] == [
        "12", "0.45", "1.125", "1,234.5", "25.2K",
    ]  # fmt: skip
    assert formats.text(25_200.75, "units", compact=False) == "25,200.75"
    # What is estimated from whole units is told in whole units, from weighed ones with decimals.
    assert formats.text(12.37, formats.estimate("units", [12.0, 15.0])) == "12"
    assert formats.text(12.37, formats.estimate("units", [12.5, 15.0])) == "12.37"
    assert formats.estimate("money", [1.5]) == "money"


@given(st.data())
@SLOW
def test_squares_of_units_are_of_units_and_not_of_their_parts(draw: st.DataObject) -> None:
    data = draw.draw(weighed_datasets(customers=True))
    filters, _ = draw.draw(views(data))
    if filters.base is None:
        return
    worth = lines.Worth(("units",))
    found = lines.squares(data, filters, [("product",)], worth).by["product",]
    whole = lines.squares(replace(data, unit_scale=1), filters, [("product",)], worth).by["product",]
    for name in lines.MOMENTS:
        assert found[name].to_list() == pytest.approx(
            [amount / data.unit_scale**2 for amount in whole[name].to_list()], rel=1e-12
        )


@given(st.data())
@SLOW
def test_usual_prices_are_of_a_unit_and_not_of_its_parts(draw: st.DataObject) -> None:
    data = draw.draw(weighed_datasets(customers=True))
    period = Period(data.first_day, data.last_day)
    rows = lines.unit_prices(data, Filters(period, Comparison("none", None), ()))
    mine = inside(data, period, ())
    for row in rows.to_dicts():
        sold = [
            line
            for line in mine
            if line["product"] == row["product"]
            and (line["day"].year, line["day"].month) == (row["month"].year, row["month"].month)
        ]
        assert row["units"] == float(units(data, sold))
        each = [
            line["revenue"] * data.unit_scale // line["quantity"]
            for line in sold
            if line["quantity"] > 0 and line["revenue"] > 0
        ]
        assert row["price"] is None or row["price"] in each
