"""Sentences on sales where there is little to say: what is level, what only fell, one month, one day."""

from __future__ import annotations

from datetime import date

import polars as pl

from analytics.periods import Period
from analytics.sentences import sales as sales_sentences
from tests.analytics.measured import MONEY, labelled, measures


def test_what_only_fell_grew_nowhere() -> None:
    rows = pl.DataFrame({"label": ["Jan", "Feb"], "change": [-0.1, -0.3], "whole": [True, True]})
    assert sales_sentences.growth(rows, "revenue", "month") == (
        "0 of 2 whole periods grew. Jan fell least (-10%); Feb fell most (-30%)."
    )
    alike = rows.with_columns(pl.lit(-1.0).alias("change"))
    assert sales_sentences.growth(alike, "revenue", "month") == (
        "0 of 2 whole periods grew. The change of each was -100%."
    )


def test_members_that_are_level_do_not_lead() -> None:
    def said(metric: str, *values: int) -> str:
        names = ["Peru", "Chile", "Ghana"][: len(values)]
        table = labelled(names, revenue=[v * MONEY for v in values], orders=[1] * len(values))
        return sales_sentences.breakdown(table, metric, "USD", "countries")

    assert said("aov", 0, 0, 0) == "All 3 countries are level with $0.00."
    assert said("revenue", 2, 2, 1) == "Chile leads with $2.00, level with 1 other, 40.0% of the revenue shown."
    assert said("revenue", 2, 0, 0) == "Peru has all of the revenue shown: $2.00."
    assert said("revenue", -2, -1) == (
        "The revenue of all countries is below 0, nearest to it that of Chile with -$1.00."
    )
    assert said("revenue", 0, 0) == "No countries have revenue in this view."


def test_a_ratio_of_nothing_is_not_had_by_anybody() -> None:
    table = labelled(["Peru", "Chile"], revenue=[0, 0], orders=[0, 0])
    assert sales_sentences.breakdown(table, "aov", "USD", "countries") == (
        "Average order value cannot be told of any of the countries in this view."
    )


def test_a_rise_that_is_written_as_nothing_is_none() -> None:
    table = labelled(["A", "B"], revenue=[1004, 2000], revenue_base=[1000, 2000], orders=[1, 1], orders_base=[1, 1])
    assert "rise" not in sales_sentences.breakdown(table, "aov", "USD", "countries")


def test_what_stayed_the_same_is_as_many_and_as_much() -> None:
    row = measures(revenue=[30 * MONEY], revenue_base=[20 * MONEY], orders=[2], orders_base=[2])
    assert sales_sentences.volume_and_value(row, "USD") == (
        "2 orders of $15.00 on average: as many orders, +50% per order."
    )


def test_one_month_is_not_the_strongest() -> None:
    cells = pl.DataFrame({"month": [date(2022, 2, 1)] * 2, "weekday": [0, 1], "value": [3.0, 1.0]})
    week = Period(date(2022, 2, 7), date(2022, 2, 13))
    assert sales_sentences.heatmap(cells, "revenue", "USD", week) == (
        "Monday is the strongest weekday with $3.00 a day, where any day brings $0.57. Highest cell: Monday in Feb "
        "2022 ($3.00)."
    )
    day = Period(week.start, week.start)
    nothing = cells.with_columns(pl.Series("value", [3.0, 0.0]))
    assert sales_sentences.heatmap(nothing, "revenue", "USD", day) == (
        "All of it falls on one cell: Monday in Feb 2022 ($3.00)."
    )


def test_one_day_is_on_and_several_are_in() -> None:
    day, days = Period(date(2022, 2, 7), date(2022, 2, 7)), Period(date(2022, 2, 7), date(2022, 2, 8))
    assert [one.when() for one in (day, days)] == ["on 7 Feb 2022", "in 7 Feb – 8 Feb 2022"]
