"""Sentences on customers: each one against a hand-written text from numbers small enough to work out."""

from __future__ import annotations

from datetime import date

import polars as pl

from analytics import periods
from analytics.dataset import NOT_RECORDED, Calendar
from analytics.periods import Period
from analytics.sentences import customers as customers_sentences
from analytics.sentences import sales as sales_sentences
from tests.analytics.measured import MONEY, labelled, measures


def top(names: list[str | None], units: list[int], total: int) -> pl.DataFrame:
    share = pl.Series(units, dtype=pl.Float64) / total
    return pl.DataFrame(
        {"customer_id": [str(n) for n in range(len(names))], "name": names, "units": units, "orders": units,
         "revenue": [n * MONEY for n in units], "share": share, "cumulative_share": share.cum_sum()},
        schema_overrides={"name": pl.String},
    )  # fmt: skip


def test_ranking() -> None:
    table = top([f"C{n}" for n in range(12)], [20] + [5] * 11, 100)
    assert customers_sentences.ranking(table, "revenue", "USD") == (
        "C0 leads with $20.00, 20.0% of known customers' revenue; the first 10 hold 65.0%."
    )
    assert customers_sentences.ranking(table, "orders", "USD") == "C0 leads with 20 orders."
    assert customers_sentences.ranking(top([None], [4], 4), "units", "USD") == (
        "0 leads with 4, 100% of known customers' products sold."
    )
    assert customers_sentences.ranking(table.clear(), "revenue", "USD") == "No known customers bought in this view."


def mix(new: int, returning: int, unrecorded: int) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "new_revenue": [new * MONEY],
            "returning_revenue": [returning * MONEY],
            "unrecorded_revenue": [unrecorded * MONEY],
        }
    )


def test_new_and_returning() -> None:
    both = pl.concat([mix(10, 20, 0), mix(20, 30, 20)])
    assert customers_sentences.new_and_returning(both, "USD", "month") == (
        "Month by month, new customers brought $30.00 (30.0%) and returning ones $50.00 (50.0%); "
        "$20.00 (20.0%) has no customer recorded."
    )
    assert customers_sentences.new_and_returning(mix(1, 3, 0), "USD", "week") == (
        "Week by week, new customers brought $1.00 (25.0%) and returning ones $3.00 (75.0%)."
    )
    assert customers_sentences.new_and_returning(mix(0, 0, 0), "USD", "week") == "Nothing was sold in this view."
    assert customers_sentences.new_and_returning(mix(0, 0, 5), "USD", "week") == (
        "No customers are recorded on the sales in this view."
    )
    assert "%" not in customers_sentences.new_and_returning(mix(5, -2, 0), "USD", "week")


SEGMENTS = measures(
    revenue=[60 * MONEY, 30 * MONEY, 10 * MONEY, 50 * MONEY, 50 * MONEY, 9000 * MONEY],
    known_revenue=[60 * MONEY, 30 * MONEY, 10 * MONEY, 50 * MONEY, 50 * MONEY, 9000 * MONEY],
    customers=[30, 30, 30, 40, 30, 1],
).with_columns(
    pl.Series("segment", ["gender"] * 3 + ["education"] * 3),
    pl.Series("member", ["F", "M", NOT_RECORDED, "School", "College", "Doctorate"]),
)
LABELS = {"gender": "Gender", "education": "Education"}


def test_segments() -> None:
    assert customers_sentences.segments(SEGMENTS, "revenue", "USD", LABELS) == (
        "Largest by revenue: Gender F ($60.00, 60.0%); Education Doctorate ($9,000, 98.9%)."
    )
    assert customers_sentences.segments(SEGMENTS, "customers", "USD", LABELS) == (
        "Largest by customers: Gender F (30); Education School (40)."
    )
    # the doctorate is one customer: its average is chance
    assert customers_sentences.segments(SEGMENTS, "revenue_per_customer", "USD", LABELS) == (
        "Revenue per customer by Gender, the widest spread of 2 attributes: F $2.00, M $1.00. That may be chance."
    )
    nobody = SEGMENTS.filter(pl.col("member") == NOT_RECORDED)
    assert (
        customers_sentences.segments(nobody, "revenue", "USD", LABELS)
        == "No customer attributes are recorded in this view."
    )
    alone = SEGMENTS.filter(pl.col("member") == "F")
    assert customers_sentences.segments(alone, "revenue_per_customer", "USD", LABELS) == (
        "No attribute has groups of 30 or more customers that differ in revenue per customer."
    )


def test_reach_and_value() -> None:
    total = measures(known_revenue=[600 * MONEY], customers=[20], known_revenue_base=[500 * MONEY], customers_base=[25])
    assert customers_sentences.reach_and_value(total, "EUR") == (
        "20 customers brought €30.00 each: -20% customers, +50% per customer."
    )
    one = measures(known_revenue=[30 * MONEY], customers=[1])
    assert customers_sentences.reach_and_value(one, "EUR") == "1 customer brought €30.00 each."
    assert sales_sentences.volume_and_value(measures(revenue=[30 * MONEY], orders=[1]), "USD") == (
        "1 order of $30.00 on average."
    )
    assert (
        customers_sentences.reach_and_value(measures(customers=[0]), "EUR") == "No known customers bought in this view."
    )


def test_behaviour() -> None:
    """Only June is whole; Malta has too few customers to be compared."""
    period = Period(date(2022, 5, 20), date(2022, 6, 30))
    table = periods.buckets(period, "month", Calendar())
    found = labelled(
        ["France", "France", "Spain", "Malta"], "place",
        revenue=[900 * MONEY, 60 * MONEY, 40 * MONEY, 90 * MONEY], orders=[9, 3, 4, 1], customers=[40, 40, 30, 29],
    ).with_columns(pl.Series("bucket", [0, 1, 1, 1], pl.Int32))  # fmt: skip
    cells = found.join(table, on="bucket", maintain_order="left")
    assert customers_sentences.behaviour(cells, "aov", "USD") == (
        "Average order value in Jun 2022: highest in France ($20.00), lowest in Spain ($10.00), "
        "of the places with 30 customers or more."
    )
    assert customers_sentences.behaviour(cells, "orders", "USD").startswith("Orders in Jun 2022: highest in Spain (4)")
    assert customers_sentences.behaviour(cells.head(2), "aov", "USD") == (
        "Fewer than two places have 30 customers or more in Jun 2022."
    )
    assert customers_sentences.behaviour(cells.head(1), "aov", "USD") == "No whole period to compare places by."
