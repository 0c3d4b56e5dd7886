"""What is said to stand out rests on many customers, and on more than that many members were looked at."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl

from analytics import lines
from analytics.dataset import Dataset
from analytics.filters import Filters
from analytics.models.intervals import wilson
from analytics.periods import Comparison, Period, compare
from analytics.sentences import retention as retention_sentences
from analytics.tables import affinity, markets
from analytics.tables import returns as return_tables
from analytics.tables.products import life
from analytics.tables.retention import repurchase
from analytics.tables.segments.profile import profile
from data.building.layout import Tables, build

START = date(2024, 1, 1)


def shop(rows: list[dict[str, Any]], returns: list[dict[str, Any]] | None = None) -> Dataset:
    """Rows of customer, day since the start, product and quantity; each row an order of its own unless it names one, of
    one category and country unless it names them."""

    def named(row: dict[str, Any]) -> dict[str, Any]:
        product, units = row["product"], row.get("quantity", 1)
        return {"customer_id": row["who"], "product_id": product, "product": product, "quantity": units}

    def money(row: dict[str, Any]) -> int:
        return 100_000 * int(row.get("quantity", 1))

    sold = [
        named(row) | {"order_id": str(row.get("order", n)), "ordered_on": START + timedelta(row["day"])}
        | {"category": row.get("category", "All"), "country": row.get("country", "Here"), "revenue": money(row)}
        for n, row in enumerate(rows)
    ]  # fmt: skip
    back = [
        named(row)
        | {"returned_on": START + timedelta(row["day"]), "category": "All", "country": "Here", "amount": money(row)}
        for row in returns or []
    ]
    tables = Tables(pl.DataFrame(sold), None, returns=pl.DataFrame(back) if back else None)
    return build(tables, name="x", title="x", currency="EUR").dataset()


def test_a_product_grows_by_many_customers_not_by_many_lines_of_one() -> None:
    steady = [{"who": f"c{n}", "day": 7 * n + shift, "product": "steady"} for n in range(50) for shift in (0, 366)]
    base = [{"who": f"c{n}", "day": 7 * n, "product": name} for n in range(10) for name in ("many", "one")]
    many = [{"who": f"m{n}", "day": 366 + 8 * n, "product": "many"} for n in range(40)]
    one = [{"who": "regular", "day": 366 + 8 * n, "product": "one"} for n in range(40)]
    data = shop([*steady, *base, *many, *one])
    period = Period(date(2025, 1, 1), date(2025, 12, 17))
    filters = Filters(period, compare(period, "previous_year", START))
    stages = dict(life.product_life(data, filters).select("member", "stage").iter_rows())
    assert {name: stages[name] for name in ("many", "one")} == {"many": "Growing", "one": "Steady"}


def test_a_product_comes_back_from_many_customers_not_from_one() -> None:
    """All three have 75 of 600 units back where the others have 30: from 75 customers, from one, from five."""
    sold = [
        {"who": f"c{n}", "day": n % 90, "product": name, "quantity": 6}
        for n in range(100)
        for name in ("many", "one", "ten", *(f"p{k}" for k in range(6)))
    ]
    back = [{"who": f"c{n}", "day": 90, "product": f"p{k}", "quantity": 1} for k in range(6) for n in range(30)]
    back += [{"who": f"c{n}", "day": 90, "product": "many", "quantity": 1} for n in range(75)]
    back += [{"who": "c1", "day": 90, "product": "one", "quantity": 75}]
    back += [{"who": f"c{n}", "day": 90, "product": "ten", "quantity": 15} for n in range(5)]
    data = shop(sold, back)
    filters = Filters(Period(START, START + timedelta(100)), Comparison("none", None))
    found = return_tables.returns(data, filters, "EUR").products
    shown = {row["member"]: row for row in found.to_dicts()}
    assert {shown[name]["returned"] for name in ("many", "one", "ten")} == {75}
    assert found.filter("beyond")["member"].to_list() == ["many"]
    width = {name: shown[name]["high"] - shown[name]["low"] for name in ("many", "ten", "one")}
    assert width["many"] < width["ten"] / 2 < width["one"] / 2


def test_large_orders_hold_more_of_everything() -> None:
    """A few orders of forty items and many of one: each two items meet far more often than their shares of the orders
    say, and none of them more often than such orders would have it."""
    rng = np.random.default_rng(7)
    sizes = [1] * 1_500 + [40] * 40
    rows = [
        {"who": f"c{n}", "day": 0, "product": f"p{item}", "order": n}
        for n, size in enumerate(sizes)
        for item in rng.choice(100, size, replace=False)
    ]
    data = shop(rows)
    table = affinity.rules(lines.pairs(data, lines.history(data), "product", 5))
    assert (table["least_lift"] > 1).mean() > 0.9
    assert not table["beyond"].any()
    # Two items that thirty further orders hold together
    more = [{"who": f"d{n}", "day": 0, "product": name, "order": 9_000 + n} for n in range(30) for name in ("p1", "p2")]
    data = shop([*rows, *more])
    table = affinity.rules(lines.pairs(data, lines.history(data), "product", 5))
    called = table.filter("beyond").select("item", "offer").rows()
    assert sorted(called) == [("p1", "p2"), ("p2", "p1")]


def test_who_repeats_an_order_says_nothing_new() -> None:
    """Forty orders hold the same two items, others any two of twenty: forty customers made them, then one or two."""
    rng = np.random.default_rng(3)
    baskets = [[1, 2]] * 40 + [rng.choice(20, 2, replace=False).tolist() for _ in range(400)]

    def called(customers: int) -> list[tuple[str, str]]:
        rows = [
            {"who": f"d{n % customers}" if n < 40 else f"c{n}", "day": n % 90, "product": f"p{item}", "order": n}
            for n, basket in enumerate(baskets)
            for item in basket
        ]
        data = shop(rows)
        table = affinity.rules(lines.pairs(data, lines.history(data), "product", 5))
        return sorted(table.filter("beyond").select("item", "offer").rows())

    assert called(40) == [("p1", "p2"), ("p2", "p1")]
    assert called(1) == called(2) == []


def test_a_gap_rests_on_customers_not_on_the_orders_of_one() -> None:
    """Customers of eight countries spend half of their money on tools, those of a ninth none: sixty, then two."""

    def listed(customers: int) -> list[tuple[str, str]]:
        rng = np.random.default_rng(11)
        rows = [
            {"who": f"{place}{n}", "day": n, "product": category, "category": category, "country": f"Country {place}"}
            | {"quantity": int(rng.integers(1, 9))}
            for place in range(8)
            for n in range(60)
            for category in ("Food", "Tools")
        ]
        rows += [
            {"who": f"here{n % customers}", "day": n, "product": "Food", "category": "Food", "quantity": 5}
            for n in range(60)
        ]
        data = shop(rows)
        found = markets.white_space(data, lines.history(data), "country", "category", "EUR")
        return found.select("market", "category").rows()

    assert listed(60) == [("Here", "Tools")]
    assert listed(2) == []


def test_a_profile_of_many_members_calls_what_lies_beyond_the_many() -> None:
    """One of 40 members is 2.4 standard errors off, which some of 40 are by chance; another one 6."""

    def members(odd: dict[str, int]) -> pl.DataFrame:
        names = [*(f"m{n}" for n in range(40))]
        mine = {name: odd.get(name, 30) for name in names}
        return pl.DataFrame(
            {"group": [0] * 40 + [1] * 40, "member": names * 2, "customers": [300] * 40 + list(mine.values())}
        )

    table = profile({"country": members({"m3": 45})}, 1_200, 12_000)
    row = table.filter(pl.col("member") == "m3").row(0, named=True)
    assert row["low"] > 1
    assert not table["tells"].any()
    table = profile({"country": members({"m3": 45, "m8": 75})}, 1_200, 12_000)
    assert table.filter("tells")["member"].to_list() == ["m8"]


def test_the_ends_of_many_groups_lie_apart_by_chance() -> None:
    """Of 24 groups of 200 the best has 76 who came back and the worst 47, where the others have 60: their intervals do
    not overlap, as those of the ends of so many groups seldom do. Then the best has 95."""

    def groups(best: int) -> pl.DataFrame:
        back = [best, 47, *[60] * 22, 9]
        size = [*[200] * 24, 10]
        low, high = wilson(back, size)
        named = pl.Series("group", [f"g{n:02}" for n in range(25)])
        table = pl.DataFrame([named, pl.Series("eligible", size), pl.Series("customers", back)])
        enough = pl.Series("enough", [True] * 24 + [False])
        share = (pl.col("customers") / pl.col("eligible")).alias("share")
        return table.with_columns(share, enough, pl.Series("low", low), pl.Series("high", high))

    table = repurchase.apart(groups(76))
    assert table["low"][0] > table["high"][1]
    assert not table["beyond"].any()
    assert "as far apart by chance" in retention_sentences.first_members(table, "product", 90)
    table = repurchase.apart(groups(95))
    assert table.filter("beyond")["group"].to_list() == ["g00"]  # g24 has too few customers
    assert "by chance" not in retention_sentences.first_members(table, "product", 90)
