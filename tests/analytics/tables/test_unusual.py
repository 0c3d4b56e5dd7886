"""Unusual days: who made them, and by what they are judged."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from analytics import lines
from analytics.dataset import MONEY_SCALE
from analytics.filters import Filters
from analytics.periods import Comparison, Period
from analytics.tables import unusual
from data.building.layout import Tables, build
from tests.analytics.tables.made_shops import seasonal


def test_an_unusual_day_names_its_maker() -> None:
    rows = []
    for day in range(300):
        for country, share in (("France", 5), ("Spain", 4)):
            quantity = share * 20 + (day * 7 + share) % 5
            if day == 250 and country == "Spain":
                quantity *= 9
            rows.append(
                {"order_id": f"{day}-{country}", "ordered_on": date(2024, 1, 1) + timedelta(day),
                 "customer_id": country, "product_id": "p", "product": "p", "country": country, "quantity": quantity,
                 "revenue": quantity * MONEY_SCALE}
            )  # fmt: skip
    data = build(Tables(pl.DataFrame(rows), None), name="x", title="x", currency="EUR").dataset()
    every = lines.history(data)
    found = unusual.unusual(unusual.days(data, every), every.period, "revenue", data.currency, data.last_day)
    assert found["day"].to_list() == [date(2024, 9, 7)]
    judged, days = unusual.judged_days(unusual.days(data, every), every.period, "revenue", data.last_day)
    assert days == 300
    assert 200 < judged < 280
    first_weeks = Period(data.first_day, data.first_day + timedelta(27))
    sold = unusual.days(data, Filters(first_weeks, Comparison("none", None)))
    assert unusual.judged_days(sold, first_weeks, "revenue", data.last_day) == (0, 28)
    why = unusual.explained(data, every, found, "revenue")
    assert why["why"].item().startswith("mostly country Spain")
    spans = pl.DataFrame({"start": [date(2024, 8, 1), date(2024, 9, 1)], "first": [date(2024, 8, 1), date(2024, 9, 1)],
                          "last": [date(2024, 8, 31), date(2024, 9, 30)]})  # fmt: skip
    rows = spans.select("start", pl.Series("value", [2.0, 1.0]))
    marked = unusual.marked(rows, found, spans)
    assert marked["odd"].to_list() == [None, 1.0]
    assert "7 Sep 2024" in marked["odd_text"][1]
    assert "Spain" not in marked["odd_text"][1]
    assert "mostly country Spain" in unusual.in_words(why, spans)["odd_text"][1]


def test_first_days_of_a_period_are_judged_by_the_days_before_it() -> None:
    data = seasonal()
    every = lines.history(data)
    start = data.first_day + timedelta(400)
    period = Period(start, data.last_day)
    before = unusual.before(data, Filters(period, Comparison("none", None)))
    assert before is not None
    assert (before.period.end, before.period.days) == (start - timedelta(1), unusual.DAYS_BEFORE)
    assert unusual.before(data, every) is None


def test_orders_are_judged_by_orders_and_ratios_by_revenue() -> None:
    assert [unusual.metric_for(name) for name in ("orders", "units", "margin", "customers")] == [
        "orders", "units", "revenue", "revenue",
    ]  # fmt: skip
