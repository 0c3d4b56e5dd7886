"""ABC, matrix, product life, prices, returns, markets and targets, by hand and by slow twins."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analytics import lines
from analytics.dataset import MONEY_SCALE, Dataset
from analytics.filters import Filters, where
from analytics.periods import Comparison, Period, compare
from analytics.sentences import outlook as outlook_sentences
from analytics.sentences import targets as targets_sentences
from analytics.tables import markets, prices, unusual
from analytics.tables import returns as return_tables
from analytics.tables.outlook import members, total
from analytics.tables.products import abc as abc_tables
from analytics.tables.products import life
from analytics.tables.products import matrix as matrix_tables
from analytics.tables.targets import progress
from data.building.layout import Tables, build
from tests import twins
from tests.random_data import datasets, views

SLOW = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def items(revenue: dict[str, int], units: int = 1) -> pl.DataFrame:
    return pl.DataFrame(
        [{"product": n, "revenue": r * MONEY_SCALE, "units": units, "lines": 1} for n, r in revenue.items()]
    )


def test_abc_by_hand() -> None:
    table = abc_tables.classes(items({"a": 60, "b": 15, "c": 10, "d": 8, "e": 4, "f": 3, "g": 0, "h": -5}), "product")
    # 60 -> 60 %, b -> 75 %, c crosses 80 %: still A; d -> 93 %, e crosses 95 %: still B; what is not above 0 is C
    assert dict(table.select("member", "abc").iter_rows()) == {
        "a": "A", "b": "A", "c": "A", "d": "B", "e": "B", "f": "C", "g": "C", "h": "C",
    }  # fmt: skip
    classes = {row["abc"]: row for row in abc_tables.by_class(table).to_dicts()}
    assert classes["A"]["share"] == pytest.approx(0.85)
    assert classes["C"]["items"] == 3
    assert abc_tables.curve(table, "USD")["cumulative"][-1] == pytest.approx(1.0)


def test_abc_where_nothing_is_above_zero() -> None:
    assert set(abc_tables.classes(items({"a": 0, "b": -1}), "product")["abc"]) == {"C"}


def test_matrix_by_hand() -> None:
    frame = pl.DataFrame(
        {"product": ["a", "b", "c", "new"], "revenue": [800_000, 150_000, 50_000, 70_000],
         "revenue_base": [700_000, 200_000, 20_000, 0], "cost": [1, 1, 1, 1]}
    )  # fmt: skip
    table = {row["member"]: row for row in matrix_tables.matrix(frame, "product", "USD").to_dicts()}
    assert set(table) == {"a", "b", "c"}
    assert table["a"]["quadrant"] == "Large, gaining"  # +14.3 % against +8.7 % of all three
    assert table["b"]["quadrant"] == "Small, losing"
    assert table["c"]["quadrant"] == "Small, gaining"
    assert table["c"]["drawn"] == pytest.approx(1.5)


def daily(days: dict[str, list[int]], start: date = date(2024, 1, 1)) -> Dataset:
    """Product -> days since the start on which one was sold, at 10 each."""
    rows = [
        {"order_id": f"{name}{day:04d}", "ordered_on": start + timedelta(day),
         "customer_id": f"c{day % 7}", "product_id": name, "product": name, "quantity": 1, "revenue": 100_000}
        for name, some in days.items() for day in some
    ]  # fmt: skip
    return build(Tables(pl.DataFrame(rows), None), name="x", title="x", currency="EUR").dataset()


def test_product_life() -> None:
    data = daily(
        {
            "always": list(range(0, 730, 2)),
            "launched": list(range(500, 730, 5)),
            "gone": list(range(0, 450, 3)),
            "rare": [0, 200, 400, 600],
            "growing": [*range(0, 365, 20), *range(365, 730, 3)],
        }
    )
    period = Period(date(2025, 1, 1), date(2025, 12, 30))
    filters = Filters(period, compare(period, "previous_year", data.first_day))
    stages = dict(life.product_life(data, filters).select("member", "stage").iter_rows())
    assert stages == {
        "always": "Steady", "launched": "Launched", "gone": "Discontinued", "rare": "Steady", "growing": "Growing",
    }  # fmt: skip


def test_price_history_by_hand() -> None:
    data = daily({"a": [0, 1, 40], "b": [2]})
    rows = prices.history(prices.months(data, lines.history(data)), "EUR")
    assert rows.select("label", "price", "units").rows() == [("Jan 2024", 10.0, 3)]  # February is not over


@given(st.data())
@SLOW
def test_returns_tie_to_the_returns(draw: st.DataObject) -> None:
    data = draw.draw(datasets(returns=True))
    filters, _ = draw.draw(views(data))
    why = return_tables.missing(data, filters)
    if why or data.returns is None:
        with pytest.raises(ValueError, match=r"\w"):
            return_tables.returns(data, filters, "EUR")
        return
    found = return_tables.returns(data, filters, "EUR")
    mine = [
        row
        for row in data.returns.to_dicts()
        if filters.period.start <= row["day"] <= filters.period.end and twins.kept_row(row, filters.where)
    ]
    by_product: dict[str, int] = defaultdict(int)
    for row in mine:
        by_product[row["product"]] += row["quantity"]
    assert found.units == sum(by_product.values())
    assert found.amount == pytest.approx(sum(row["amount"] for row in mine) / MONEY_SCALE)
    shown = {row["member"]: row for row in found.products.to_dicts()}
    assert {name: row["returned"] for name, row in shown.items() if row["returned"]} == {
        name: units for name, units in by_product.items() if units
    }
    for row in shown.values():
        if row["rate"] is not None:
            assert row["low"] <= min(row["rate"], 1.0) <= row["high"]


@given(st.data())
@SLOW
def test_scorecard_and_white_space_on_random_data(draw: st.DataObject) -> None:
    data = draw.draw(datasets(geography=True))
    filters, _ = draw.draw(views(data))
    for name in markets.places(data):
        card = markets.scorecard(data, filters, name)
        assert card["member"].n_unique() == card.height
        for column in card.columns:
            if column.endswith("_rank"):
                ranks = card[column].drop_nulls()
                assert ranks.is_empty() or (ranks.min(), ranks.max() <= card.height) == (1, True)
        for level in ("category", "subcategory"):
            if level in data.members:
                gaps = markets.white_space(data, filters, name, level, "EUR")
                assert (gaps["money_low"] > 0).all()
                assert gaps["money"].is_sorted(descending=True)


# --- Outlook ----------------------------------------------------------------------------------------------------------


def test_too_few_months_are_forecast_by_weeks_and_it_says_so() -> None:
    data = daily({"a": list(range(200))})
    found = total.outlook(data, lines.history(data), "revenue", "month")
    assert found.lacking == 27 - 6  # January to June 2024; the 18 days of July are not a whole month
    assert (found.grain, found.seasonal) == ("week", False)
    assert found.drawn is not None
    assert found.ahead.height == found.drawn.steps == 13
    sentence = outlook_sentences.outlook(found, "revenue", "EUR", "month")
    assert sentence.startswith("By week, as a forecast by month needs 21 more whole months of data. ")
    assert "too short to know a season" in sentence


def test_too_short_a_history_says_how_much_is_missing() -> None:
    data = daily({"a": list(range(15))})
    found = total.outlook(data, lines.history(data), "revenue", "month")
    assert (found.drawn, found.lacking, found.grain) == (None, 27, "month")
    assert total.chart_rows(found, "revenue", "EUR")["forecast"].is_null().all()
    assert "27 more whole months" in outlook_sentences.outlook(found, "revenue", "EUR", "month")


def seasonal(months: int = 40) -> Dataset:
    rows = []
    for n in range(months):
        year, month = 2022 + n // 12, n % 12 + 1
        for name, country, share in (("a", "France", 3), ("b", "Spain", 2), ("b", "Italy", 1)):
            for day in (3, 17, 25):
                money = share * (100 + n) * (1.5 if month == 12 else 1.0)
                rows.append(
                    {"order_id": f"{n}-{country}-{day}", "ordered_on": date(year, month, day), "customer_id": country,
                     "product_id": name, "product": name, "country": country, "quantity": 1,
                     "revenue": round(money * MONEY_SCALE)}
                )  # fmt: skip
    return build(Tables(pl.DataFrame(rows), None, targets=_targets()), name="x", title="x", currency="EUR").dataset()


def _targets() -> pl.DataFrame:
    rows = [(date(2025, month, 1), "France", 1_000 * MONEY_SCALE) for month in range(1, 13)]
    rows += [(date(2025, month, 1), None, 9_999 * MONEY_SCALE) for month in (1, 2)]
    return pl.DataFrame(rows, schema={"month": pl.Date, "country": pl.String, "revenue": pl.Int64}, orient="row")


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
    # of April all is in: what a member has sold already is its forecast at least
    first = dict(table.filter(pl.col("step") == 0).select("member", "value").iter_rows())
    assert first == pytest.approx({"France": 9 * 139, "Spain": 6 * 139, "Italy": 3 * 139}, rel=0.02)
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


@pytest.mark.parametrize("grain", ["month", "quarter", "year"])
def test_a_page_has_one_estimate_for_a_running_period(grain: str) -> None:
    """The card of the running period, the forecast's first step and a target's pace, where all has a target."""
    data = seasonal(96)
    targeted = pl.DataFrame(
        [(date(2029, month, 1), country, 500 * MONEY_SCALE) for month in range(1, 13)
         for country in ("France", "Spain", "Italy")],
        schema={"month": pl.Date, "country": pl.Enum(data.members["country"]), "revenue": pl.Int64}, orient="row",
    )  # fmt: skip
    filters = Filters(Period(data.first_day, date(2029, 5, 20)), Comparison("none", None), ())
    found = total.outlook(data, filters, "revenue", grain)
    assert found.drawn is not None
    assert found.grain == grain
    assert found.running is not None
    assert found.drawn.mean[0] == found.running.mean
    assert [end[0] for end in found.drawn.bounds(0.8)] == pytest.approx([found.running.low, found.running.high])
    pace = progress.pace(data, filters, progress.targets(data, filters, targeted), grain)
    assert pace is not None
    assert (pace.expected, pace.low, pace.high) == pytest.approx(
        (found.running.mean, found.running.low, found.running.high)
    )


def test_a_running_months_target_is_that_of_the_days_that_are_over() -> None:
    data = seasonal()
    filters = lines.history(data)
    found = progress.targets(data, filters)
    marks = dict(found.months.select("month", "mark").iter_rows())
    assert marks[date(2025, 3, 1)] == 1_000
    assert marks[date(2025, 4, 1)] == pytest.approx(1_000 * 25 / 30)
    assert marks[date(2025, 5, 1)] == 1_000
    text = targets_sentences.targets(found, date(2025, 1, 1), date(2025, 4, 25), "EUR")
    assert "3 of 3 whole months reached their target. Apr 2025 counts by the 83.3% of its days that are over." in text


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


def test_targets_compare_like_with_like() -> None:
    data = seasonal()
    filters = lines.history(data)
    found = progress.targets(data, filters)
    assert found.dimensions == ("country",)
    assert found.left_out == 2
    january = found.months.row(0, named=True)
    assert january["target"] == 1_000
    assert january["actual"] == pytest.approx(3 * 3 * 136)  # France alone: it alone has a target
    assert january["attainment"] == pytest.approx(9 * 136 / 1_000)
    april = found.months.filter(pl.col("month") == date(2025, 4, 1)).row(0, named=True)
    assert (found.as_of, april["over"]) == (date(2025, 4, 25), pytest.approx(25 / 30))
    assert found.months.filter(pl.col("month") == date(2025, 5, 1))["actual"].item() is None


def test_the_pace_of_a_year() -> None:
    data = seasonal()
    found = progress.targets(data, lines.history(data))
    year = progress.pace(data, lines.history(data), found, "year")
    assert year is not None
    assert (year.target, year.days_left) == (12_000, 250)
    assert year.so_far == pytest.approx(9 * (136 + 137 + 138 + 139))
    assert year.needed == pytest.approx((12_000 - year.so_far) / 250)
    assert year.line["due"][-1] == pytest.approx(12_000)
    assert year.chance is not None
    assert year.chance > 0.9  # about 15,500 are on their way
    month = progress.pace(data, lines.history(data), found, "month")
    assert month is not None
    assert month.chance == 1.0  # 1,251 of 1,000 are in


def test_targets_refuse_what_they_do_not_carry() -> None:
    data = seasonal()
    narrowed = Filters(lines.history(data).period, Comparison("none", None), where({"product": ["a"]}))
    assert "product" in progress.missing(data, narrowed)
    spain = Filters(lines.history(data).period, Comparison("none", None), where({"country": ["Spain"]}))
    assert progress.targets(data, spain).months.is_empty()


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
