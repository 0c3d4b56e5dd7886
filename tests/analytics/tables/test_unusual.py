"""Unusual days: who made them, and by what they are judged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import polars as pl

from analytics import lines
from analytics.dataset import MONEY_SCALE, Dataset
from analytics.filters import Filters, Where
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
    # After a step in the level what is usual may lie above a day, and the weeks before below it.
    below = unusual.explained(data, every, found.with_columns((2 * pl.col("value")).alias("usual")), "revenue")
    assert below["why"].item() == ""
    assert "()" not in unusual.in_words(below, spans)["odd_text"][1]
    far = unusual.explained(data, every, found.with_columns((-pl.col("value")).alias("usual")), "revenue")
    assert far["why"].item() == "across the board"


def _daily(sells: Callable[[date, str], bool], years: int = 2) -> Dataset:
    """A shop that sells about the same on every day in two countries, where it `sells`."""
    days = [date(2023, 1, 1) + timedelta(n) for n in range(365 * years)]
    rows = [
        {"order_id": f"{day}-{country}", "ordered_on": day, "customer_id": country, "product_id": "p", "product": "p",
         "country": country, "quantity": (units := 60 + (day.toordinal() * 7 + len(country)) % 11),
         "revenue": units * MONEY_SCALE}
        for day in days
        for country in ("France", "Spain")
        if sells(day, country)
    ]  # fmt: skip
    return build(Tables(pl.DataFrame(rows), None), name="x", title="x", currency="EUR").dataset()


def _judged(data: Dataset, where: Where = ()) -> pl.DataFrame:
    every = lines.history(data)
    sold = unusual.days(data, replace(every, where=where))
    empty = partial(unusual.empty_days, data, unusual.days(data, every))
    return unusual.unusual(sold, every.period, "revenue", data.currency, data.last_day, empty)


def test_a_holiday_of_each_year_is_a_closed_day() -> None:
    data = _daily(lambda day, _: (day.month, day.day) not in ((12, 25), (12, 26)))
    found = _judged(data)
    assert found.filter("closed")["day"].to_list() == [date(year, 12, day) for year in (2024, 2023) for day in (26, 25)]
    assert found.filter(~pl.col("closed")).is_empty()


def test_a_day_without_sales_that_comes_once_is_no_closed_day() -> None:
    found = _judged(_daily(lambda day, _: day != date(2024, 9, 4)))
    assert found.select("day", "closed").rows() == [(date(2024, 9, 4), False)]


def test_a_country_that_sells_nothing_while_another_does_is_not_closed() -> None:
    gone = {date(2024, 3, 6), date(2024, 6, 12), date(2024, 9, 4), date(2024, 11, 20)}
    data = _daily(lambda day, country: country == "France" or day not in gone)
    found = _judged(data, (("country", ("Spain",)),))
    assert set(found["day"]) == gone
    assert not found["closed"].any()


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
