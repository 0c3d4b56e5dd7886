"""The bridge: the worked example, its formula item by item, and that its parts sum to the change exactly."""

from __future__ import annotations

from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics import lines
from analytics.tables.drivers import price_volume as price_volume_tables
from analytics.tables.drivers.price_volume import PARTS, of_items
from tests.random_data import datasets, examples, views

SLOW = examples(50)


def items(rows: list[tuple[str, int, int, int, int]]) -> pl.DataFrame:
    """Item, units, units_base, revenue, revenue_base."""
    names = ("product", "units", "units_base", "revenue", "revenue_base")
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.Int64) | {"product": pl.String}, orient="row")


def test_the_worked_example() -> None:
    found = of_items(
        items([("ABC", 60, 50, 60 * 11_000, 50 * 12_000), ("DEF", 50, 40, 50 * 10_000, 40 * 8_000)]), ("product",)
    )
    parts = {name: round(amount / 10_000, 2) for name, amount in found.parts.items()}
    assert parts == {"price": 4.00, "volume": 20.44, "mix": -0.44, "new": 0.0, "lost": 0.0}
    assert (found.revenue - found.base) / 10_000 == 24.00
    assert found.residual == 0


def test_new_and_lost_items_are_no_part_of_price_volume_or_mix() -> None:
    found = of_items(items([("kept", 1, 1, 100, 100), ("new", 3, 0, 70, 0), ("lost", 0, 2, 0, 40)]), ("product",))
    assert found.parts == {"price": 0, "volume": 0, "mix": 0, "new": 70, "lost": -40}


def test_revenue_without_units_on_one_side_is_new_and_lost() -> None:
    found = of_items(items([("gift", 0, 4, 500, 300)]), ("product",))
    assert found.parts == {"price": 0, "volume": 0, "mix": 0, "new": 500, "lost": -300}


AMOUNT = st.integers(0, 10**13)
UNITS = st.integers(0, 10**6)
ROWS = st.lists(st.tuples(UNITS, UNITS, AMOUNT, AMOUNT), max_size=12)


@given(ROWS)
@SLOW
def test_parts_sum_to_the_change_and_follow_the_formula(rows: list[tuple[int, int, int, int]]) -> None:
    found = of_items(items([(f"i{n}", *row) for n, row in enumerate(rows)]), ("product",))
    assert found.residual == 0
    both = [row for row in rows if row[0] > 0 and row[1] > 0]
    now, base = sum(row[0] for row in both), sum(row[1] for row in both)
    by_item = {row["item"]: row for row in found.items.to_dicts()}
    for number, (units, units_base, revenue, revenue_base) in enumerate(rows):
        shown = by_item.get(f"i{number}")
        if shown is None:
            assert units == units_base == revenue == revenue_base == 0
            continue
        assert sum(shown[name] for name in PARTS) == revenue - revenue_base
        if units > 0 and units_base > 0:
            price = Fraction(revenue) - Fraction(revenue_base, units_base) * units
            volume = Fraction(revenue_base) * (Fraction(now, base) - 1)
            # floats carry 53 bits: amounts up to 1e13 x 1e6 units are told to a few parts in 1e16
            assert abs(shown["price"] - price) <= 1 + abs(revenue_base) * units / units_base * 1e-14
            assert abs(shown["volume"] - volume) <= 1 + abs(revenue_base) * now / base * 1e-14
        else:
            assert (shown["new"], shown["lost"]) == (revenue, -revenue_base)


@given(st.data())
@SLOW
def test_exact_at_every_grain_of_random_data(draw: st.DataObject) -> None:
    data = draw.draw(datasets())
    filters, _ = draw.draw(views(data))
    if filters.base is None:
        with pytest.raises(ValueError, match="compare"):
            price_volume_tables.bridge(data, filters, ("product",))
        return
    whole = lines.sums(data, filters, ()).row(0, named=True)
    for names in price_volume_tables.grains(data).values():
        found = price_volume_tables.bridge(data, filters, names)
        assert found.residual == 0
        assert (found.revenue, found.base) == (whole["revenue"], whole["revenue_base"])


def test_the_waterfall_runs_from_base_to_now() -> None:
    found = of_items(items([("a", 60, 50, 660_000, 600_000), ("b", 0, 5, 0, 90_000)]), ("product",))
    rows = price_volume_tables.waterfall(found, "Base", "Now", "USD")
    assert rows["step"].to_list() == ["base", *PARTS, "now"]
    ends = rows["end"].to_list()
    assert ends[-2:] == [66.0, 66.0]
    for n, (low, high) in enumerate(rows.select("low", "high").iter_rows()):
        assert (low, high) == (
            (0, 66) if n == len(ends) - 1 else (0, ends[0]) if not n else tuple(sorted(ends[n - 1 : n + 1]))
        )
    assert rows["next"].to_list() == [*rows["member"].to_list()[1:], None]
    assert rows["kind"].to_list() == ["total", "fall", "rise", "rise", "rise", "fall", "total"]


def test_a_drill_shows_the_largest_of_both_sides() -> None:
    rows = [(f"up{n}", 0 if n < 0 else 1, 0, n + 1, 0) for n in range(20)] + [("down", 0, 1, 0, 7)]
    found = of_items(items(rows), ("product",))
    shown = price_volume_tables.drill(found, "new", "USD")
    assert shown.height == price_volume_tables.DEAREST_ITEMS
    assert shown["member"][0] == "up19"
    assert price_volume_tables.drill(found, "lost", "USD")["member"].to_list() == ["down"]
