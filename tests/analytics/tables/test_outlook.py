"""The outlook of a whole and of its members."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import polars as pl
import pytest

from analytics import lines
from analytics.dataset import MONEY_SCALE, Dataset
from analytics.filters import Filters
from analytics.models.forecast import TELLING_ORIGINS
from analytics.periods import Comparison, Period
from analytics.sentences import outlook as outlook_sentences
from analytics.tables.outlook import members, total
from analytics.tables.targets import progress
from data.building.layout import Tables, build
from tests.analytics.tables.made_shops import daily, seasonal


def test_too_few_months_are_forecast_by_weeks_and_it_says_so() -> None:
    data = daily({"a": list(range(200))})
    found = total.outlook(data, lines.history(data), "revenue", "month")
    assert found.lacking == 30 - 6  # January to June 2024; the 18 days of July are not a whole month
    assert (found.grain, found.seasonal) == ("week", False)
    assert found.drawn is not None
    assert found.ahead.height == found.drawn.steps == 13
    sentence = outlook_sentences.outlook(found, "revenue", "EUR", "month")
    assert sentence.startswith(
        "By week, as a forecast by month that can be tested needs 24 more whole months of data. "
    )
    assert "too short to know a season" in sentence


def test_too_short_a_history_says_how_much_is_missing() -> None:
    data = daily({"a": list(range(15))})
    found = total.outlook(data, lines.history(data), "revenue", "month")
    assert (found.drawn, found.lacking, found.grain) == (None, 30, "month")
    assert total.chart_rows(found, "revenue", "EUR")["forecast"].is_null().all()
    assert "30 more whole months" in outlook_sentences.outlook(found, "revenue", "EUR", "month")


def test_twenty_seven_months_are_too_few_to_test_a_forecast_by_month_on() -> None:
    """Three tests on the past say nothing of how close a forecast comes; by week there are enough."""
    data = daily({"a": list(range(0, 822, 2))}, date(2022, 1, 1))  # to the end of March 2024
    found = total.outlook(data, lines.history(data), "revenue", "month")
    assert (found.grain, found.lacking) == ("week", 3)
    assert found.theta is not None
    assert found.theta.origins >= TELLING_ORIGINS
    sentence = outlook_sentences.outlook(found, "revenue", "EUR", "month")
    assert "as a forecast by month that can be tested needs 3 more whole months of data. " in sentence
    later = daily({"a": list(range(0, 913, 2))}, date(2022, 1, 1))
    assert total.outlook(later, lines.history(later), "revenue", "month").grain == "month"


def test_what_came_back_is_not_told_where_the_returns_lack_a_filter() -> None:
    """It once ended the page: the days' sums were none."""
    data = with_returns()
    assert members.dimensions(data, lines.history(data), "revenue") == ["channel"]
    assert members.dimensions(data, lines.history(data), "returned_units") == []
    filters = Filters(lines.history(data).period, Comparison("none", None), (("channel", ("web",)),))
    found = total.outlook(data, filters, "returned_units", "week")
    assert (found.drawn, found.untold) == (None, True)
    assert outlook_sentences.outlook(found, "returned_units", "EUR", "week") == (
        "Units returned cannot be told: the data do not say what it takes under these filters."
    )
    assert total.outlook(data, lines.history(data), "returned_units", "week").drawn is not None


def test_what_the_returns_cannot_tell_is_not_undefined_though_weeks_without_sales_have_none() -> None:
    data = with_returns()
    months = Filters(lines.history(data).period, Comparison("none", None), (("channel", ("web",)), ("product", ("b",))))
    assert total.outlook(data, months, "net_revenue", "week").cut is False  # nothing was sold, nothing is untold
    gap = data.lines.filter(~pl.col("day").is_between(date(2024, 2, 1), date(2024, 3, 1)))
    some = Filters(lines.history(data).period, Comparison("none", None), (("channel", ("web",)),))
    assert total.outlook(replace(data, lines=gap), some, "net_revenue", "week").untold


def test_nothing_sold_or_all_of_it_free_is_no_history_to_forecast_from() -> None:
    """It was once expected to be 0, between 0 and 0, with a chance of 80 %."""
    data = with_returns()
    nothing = Filters(lines.history(data).period, Comparison("none", None), (("product", ("b",)),))
    free = replace(data, lines=data.lines.with_columns(pl.lit(0, pl.Int64).alias("revenue")))
    for found in (total.outlook(data, nothing, "revenue", "week"),
                  total.outlook(free, lines.history(free), "revenue", "week")):  # fmt: skip
        assert (found.drawn, found.empty) == (None, True)
        assert outlook_sentences.outlook(found, "revenue", "EUR", "week") == (
            "No whole week has revenue yet, so there is nothing to forecast from."
        )
    assert total.outlook(free, lines.history(free), "units", "week").drawn is not None


def with_returns() -> Dataset:
    """A sale a day by two channels, of which every tenth comes back; the returns name no channel."""
    rows = [
        {"order_id": f"{n:03d}", "ordered_on": date(2024, 1, 1) + timedelta(n), "customer_id": "c", "product_id": "a",
         "product": "a", "channel": "web" if n % 3 else "shop", "quantity": 1, "revenue": 100_000}
        for n in range(200)
    ]  # fmt: skip
    back = [
        {"returned_on": row["ordered_on"], "product_id": "a", "product": "a", "quantity": 1, "amount": 100_000}
        for row in rows[::10]
    ]
    return build(
        Tables(pl.DataFrame(rows), None, returns=pl.DataFrame(back)), name="x", title="x", currency="EUR"
    ).dataset()


def test_members_add_up_to_the_total_exactly() -> None:
    data = seasonal()
    filters = lines.history(data)
    whole = total.outlook(data, filters, "revenue", "month")
    assert whole.drawn is not None
    assert whole.running is not None
    table = members.members(data, filters, "revenue", "country", whole)
    assert set(table["member"]) == {"France", "Spain", "Italy"}
    sums = table.group_by("step").agg(pl.col("units").sum()).sort("step")["units"].to_list()
    assert sums == [round(v) for v in whole.drawn.mean * MONEY_SCALE]
    assert (table["value"] >= 0).all()
    # of April all is in, as always on its first days: what a member has sold already is its forecast, and little more
    first = dict(table.filter(pl.col("step") == 0).select("member", "value").iter_rows())
    assert first == pytest.approx({"France": 9 * 139, "Spain": 6 * 139, "Italy": 3 * 139}, rel=0.04)
    with pytest.raises(ValueError, match="does not add up"):
        members.members(data, filters, "customers", "country", whole)


def test_a_product_that_is_not_sold_any_more_is_never_expected_below_nothing() -> None:
    """Sold for a year and then no more, by day: the line through it led to as much below nothing."""
    data = daily({"a": [max(40 - n // 5, 0) for n in range(300)]})
    for grain in ("day", "week"):
        found = total.outlook(data, lines.history(data), "revenue", grain)
        assert found.drawn is not None
        rows = total.chart_rows(found, "revenue", "EUR").drop_nulls("forecast")
        assert (rows.select("forecast", "low80", "low95").to_numpy() >= 0).all()
        low, high = found.drawn.bounds(0.8)
        assert (high > low).all()


def test_an_interval_that_begins_with_what_a_running_period_has_is_not_said_to_begin_at_nothing() -> None:
    data = daily({"a": [*(n for n in range(378) if n % 21 < 3), 378, 379]})
    begun = lines.history(data)
    whole = replace(begun, period=Period(data.first_day, data.first_day + timedelta(377)))
    for filters, so_far, words in ((begun, 20, "."), (whole, None, ", so the interval begins at 0.")):
        found = total.outlook(data, filters, "revenue", "week")
        assert found.intermittent
        assert (found.running.so_far if found.running else None) == so_far
        sentence = outlook_sentences.outlook(found, "revenue", "EUR", "week")
        assert sentence.endswith(f" Many weeks have no revenue at all{words}")


@pytest.mark.parametrize("grain", ["month", "quarter", "year"])
def test_a_page_has_one_estimate_for_a_running_period(grain: str) -> None:
    """The card of the running period, the forecast's first step and a target's pace, where all has a target."""
    data = seasonal(132)
    targeted = pl.DataFrame(
        [(date(2032, month, 1), country, 500 * MONEY_SCALE) for month in range(1, 13)
         for country in ("France", "Spain", "Italy")],
        schema={"month": pl.Date, "country": pl.Enum(data.members["country"]), "revenue": pl.Int64}, orient="row",
    )  # fmt: skip
    filters = Filters(Period(data.first_day, date(2032, 5, 20)), Comparison("none", None), ())
    found = total.outlook(data, filters, "revenue", grain)
    assert found.drawn is not None
    assert found.grain == grain
    assert found.running is not None
    assert found.drawn.mean[0] == found.running.mean
    assert [end[0] for end in found.drawn.bounds(0.8)] == pytest.approx([found.running.low, found.running.high])
    targets = progress.targets(data, filters, targeted)
    pace = progress.pace(data, progress.sold_by_day(data, filters, targets), targets, grain)
    assert pace is not None
    assert (pace.expected, pace.low, pace.high) == pytest.approx(
        (found.running.mean, found.running.low, found.running.high)
    )


def test_sums_of_members_do_not_depend_on_the_order_of_rows() -> None:
    amounts = [0.1, 0.2, 0.3, 1e9, -1e9, 0.7]
    table = pl.DataFrame(
        [(name, rank, step, amount, amount) for rank, name in enumerate("ab") for step, amount in enumerate(amounts)],
        schema={"member": pl.String, "rank": pl.Int64, "step": pl.Int64, "value": pl.Float64, "last": pl.Float64},
        orient="row",
    )
    expected = members.member_bars(table, "revenue", "EUR")
    assert expected["member"].to_list() == ["a", "b"]
    for seed in range(20):
        assert members.member_bars(table.sample(fraction=1, shuffle=True, seed=seed), "revenue", "EUR").equals(expected)
