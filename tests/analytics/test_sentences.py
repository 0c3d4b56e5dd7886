"""Sentences: each one against a hand-written text from numbers small enough to work out."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from analytics import periods
from analytics.dataset import MONEY_SCALE, NOT_RECORDED, Calendar
from analytics.filters import Filters
from analytics.metrics import MEASURES, METRICS
from analytics.periods import Comparison, Period
from analytics.sentences import customers as customers_sentences
from analytics.sentences import sales as sales_sentences

H1 = Period(date(2022, 1, 1), date(2022, 6, 30))
BASE = Period(date(2021, 1, 1), date(2021, 6, 30))
COMPARED = Filters(H1, Comparison("previous_year", BASE))
ALONE = Filters(H1, Comparison("none", None))
MONEY = MONEY_SCALE


def measures(**columns: list[int | None]) -> pl.DataFrame:
    """A frame of measures with their base: what is not given is 0, or null for a base where none is given."""
    height = len(next(iter(columns.values())))
    based = any(name.endswith("_base") for name in columns)
    out = {}
    for name in MEASURES:
        out[name] = pl.Series(columns.get(name, [0] * height), dtype=pl.Int64)
        out[f"{name}_base"] = pl.Series(columns.get(f"{name}_base", [0 if based else None] * height), dtype=pl.Int64)
    return pl.DataFrame(out)


def labelled(names: list[str], column: str = "member", **columns: list[int | None]) -> pl.DataFrame:
    return measures(**columns).with_columns(pl.Series(column, names, pl.Enum(list(dict.fromkeys(names)))))


def months(period: Period, revenue: list[int], **more: list[int]) -> pl.DataFrame:
    table = periods.buckets(period, "month", Calendar())
    return pl.concat([table, measures(revenue=[r * MONEY for r in revenue], **more)], how="horizontal")


# ---- trend


def totals(now: int, before: int | None = None) -> pl.DataFrame:
    base = {} if before is None else {"revenue_base": [before * MONEY], "lines_base": [1]}
    return measures(lines=[9 if now else 0], revenue=[now * MONEY], **base)


def test_trend_names_both_ranges_and_the_highest_and_lowest_month() -> None:
    table = months(H1, [10, 20, 90, 40, 50, 60])
    assert sales_sentences.trend(totals(270, 90), table, "revenue", "USD", COMPARED, "month") == (
        "Revenue: $270.00 in 1 Jan – 30 Jun 2022 (181 days), +200% on 1 Jan – 30 Jun 2021 (181 days). "
        "Highest month: Mar 2022 ($90.00); lowest: Jan 2022 ($10.00)."
    )


def test_trend_leaves_out_months_that_are_cut() -> None:
    period = Period(date(2022, 1, 1), date(2022, 3, 4))
    view = Filters(period, Comparison("none", None))
    assert sales_sentences.trend(totals(33), months(period, [10, 20, 3]), "revenue", "USD", view, "month") == (
        "Revenue: $33.00 in 1 Jan – 4 Mar 2022 (63 days). "
        "Highest whole month: Feb 2022 ($20.00); lowest: Jan 2022 ($10.00)."
    )


@pytest.mark.parametrize(
    ("period", "revenue"),
    [
        (Period(date(2022, 6, 1), date(2022, 6, 30)), [33]),  # one month
        (Period(date(2022, 5, 9), date(2022, 6, 9)), [30, 3]),  # none whole
        (Period(date(2022, 5, 1), date(2022, 6, 30)), [11, 11]),  # all the same
    ],
)
def test_trend_without_months_to_compare(period: Period, revenue: list[int]) -> None:
    view = Filters(period, Comparison("none", None))
    found = sales_sentences.trend(totals(33), months(period, revenue), "revenue", "USD", view, "month")
    assert found == f"Revenue: $33.00 in {period.describe_days()}."


def test_trend_says_why_nothing_is_compared() -> None:
    one = months(H1, [1] * 6)
    refused = periods.compare(H1, "previous_year", date(2021, 3, 1))
    assert sales_sentences.trend(totals(6), one, "revenue", "USD", Filters(H1, refused), "month") == (
        "Revenue: $6.00 in 1 Jan – 30 Jun 2022 (181 days). "
        "No comparable base: 1 Jan – 30 Jun 2021 starts before the data does (1 Mar 2021)."
    )
    assert sales_sentences.trend(totals(6, 0), one, "revenue", "USD", COMPARED, "month") == (
        "Revenue: $6.00 in 1 Jan – 30 Jun 2022 (181 days), "
        "with no comparable base in 1 Jan – 30 Jun 2021 (181 days) ($0.00)."
    )
    assert "unchanged from 1 Jan – 30 Jun 2021 (181 days)." in (
        sales_sentences.trend(totals(6, 6), one, "revenue", "USD", COMPARED, "month")
    )


def test_trend_of_a_share_in_percentage_points() -> None:
    total = measures(
        lines=[1], revenue=[100 * MONEY], cost=[58 * MONEY], revenue_base=[100 * MONEY], cost_base=[60 * MONEY]
    )
    found = sales_sentences.trend(total, months(H1, [1] * 6), "margin", "USD", COMPARED, "month")
    assert found.startswith("Margin: 42.0% in 1 Jan – 30 Jun 2022 (181 days), +2 pp on 1 Jan – 30 Jun 2021")


@pytest.mark.parametrize("metric", ["revenue", "aov", "customers"])
def test_trend_of_nothing(metric: str) -> None:
    found = sales_sentences.trend(totals(0), months(H1, [0] * 6), metric, "USD", ALONE, "month")
    assert found == (
        f"Nothing was sold in 1 Jan – 30 Jun 2022 (181 days), so there is no {METRICS[metric].label.lower()} to show."
    )


# ---- breakdown and movers


COUNTRIES = labelled(
    ["France", "Germany", "Spain"], "country",
    revenue=[30 * MONEY, 60 * MONEY, 10 * MONEY], revenue_base=[20 * MONEY, 75 * MONEY, 10 * MONEY],
    orders=[3, 3, 2], orders_base=[2, 3, 2],
)  # fmt: skip


def test_breakdown_of_what_adds_up() -> None:
    assert sales_sentences.breakdown(COUNTRIES, "revenue", "USD", "countries", member="country") == (
        "Germany leads with $60.00, 60.0% of the revenue shown. "
        "Biggest rise: France (+$10.00); biggest fall: Germany (-$15.00)."
    )


@pytest.mark.parametrize("metric", [name for name, row in METRICS.items() if row.kind != "sum"])
def test_no_share_of_what_does_not_add_up(metric: str) -> None:
    table = pl.DataFrame({"member": ["a", "b"], "value": [0.3, 0.1]})
    found = sales_sentences.breakdown(table, metric, "USD", "groups")
    assert found.startswith("a leads the groups with ")
    assert " of the " not in found
    cells = pl.DataFrame({"month": [date(2022, 1, 1)] * 2, "weekday": [0, 1], "value": [0.3, 0.1]})
    assert sales_sentences.heatmap(cells, metric, "USD", Period(date(2022, 1, 1), date(2022, 1, 31))).startswith(
        "Highest: Monday in Jan 2022 ("
    )


def test_breakdown_of_a_ratio() -> None:
    assert sales_sentences.breakdown(COUNTRIES, "aov", "USD", "countries", member="country") == (
        "Germany leads the countries with $20.00. Biggest fall: Germany (-$5.00)."
    )


def test_breakdown_with_losses_states_no_share() -> None:
    table = labelled(["A", "B"], revenue=[30 * MONEY, 10 * MONEY], cost=[10 * MONEY, 15 * MONEY])
    assert sales_sentences.breakdown(table, "profit", "EUR", "categories") == "A leads the categories with €20.00."


def test_breakdown_of_one_and_of_none() -> None:
    one = labelled(["A"], revenue=[30 * MONEY])
    assert sales_sentences.breakdown(one, "revenue", "USD", "categories") == (
        "A is the only one of the categories in this view, with $30.00."
    )
    for empty in (one.clear(), labelled(["A", "B"], revenue=[0, 0])):
        assert (
            sales_sentences.breakdown(empty, "revenue", "USD", "categories")
            == "No categories have revenue in this view."
        )
    unknown = labelled(["A"], revenue=[None])
    assert (
        sales_sentences.breakdown(unknown, "revenue", "USD", "categories") == "No categories have revenue in this view."
    )


def test_members_that_are_gone_or_new() -> None:
    table = labelled(
        ["Old", "New"], revenue=[0, 5 * MONEY], revenue_base=[8 * MONEY, 0], orders=[0, 1], orders_base=[1, 0]
    )
    assert sales_sentences.breakdown(table, "revenue", "USD", "products").endswith(
        "Biggest rise: New (+$5.00); biggest fall: Old (-$8.00)."
    )
    # an average that is gone has not fallen, it is unknown
    assert sales_sentences.breakdown(table, "aov", "USD", "products") == (
        "New is the only one of the products whose average order value can be told: $5.00."
    )


def chosen(members: dict[str, tuple[int, int]], kept: set[str]) -> pl.DataFrame:
    """Members with revenue and its base, as a filter marks those that it keeps."""
    table = labelled(
        list(members),
        revenue=[now * MONEY for now, _ in members.values()],
        revenue_base=[base * MONEY for _, base in members.values()],
    )
    return table.with_columns(pl.col("member").cast(pl.String).is_in(sorted(kept)).alias("selected"))


def test_breakdown_under_its_own_filter_speaks_of_what_it_keeps() -> None:
    members = {"Norway": (300, 100), "Ghana": (60, 90), "Chile": (40, 40)}
    said = sales_sentences.breakdown(chosen(members, {"Ghana"}), "revenue", "USD", "countries")
    assert said == (
        "Ghana comes to $60.00, 15.0% of the revenue of all countries; of all, Norway leads with $300.00. "
        "Biggest fall: Ghana (-$30.00)."
    )
    said = sales_sentences.breakdown(chosen(members, {"Ghana", "Norway"}), "revenue", "USD", "countries")
    assert said == (
        "Of the 2 chosen countries, Norway leads with $300.00, 75.0% of the revenue of all countries. "
        "Biggest rise: Norway (+$200.00); biggest fall: Ghana (-$30.00)."
    )
    assert sales_sentences.breakdown(chosen({"Norway": (1, 0)}, {"Peru"}), "revenue", "USD", "countries") == (
        "None of the chosen countries have revenue in this view."
    )
    said = sales_sentences.breakdown(chosen(members, set(members)), "revenue", "USD", "countries", let_go=["region"])
    assert said.startswith("Without the filter on region: Norway leads with $300.00, 75.0% of the revenue shown.")


def test_movers_under_their_own_filter() -> None:
    members = {"Norway": (300, 100), "Ghana": (60, 90), "Chile": (40, 40)}
    said = sales_sentences.movers(chosen(members, {"Ghana", "Chile"}), "revenue", "USD", "products")
    assert said == "Of 2 products 0 rose and 1 fell. Biggest fall: Ghana (-$30.00)."


def test_what_the_filters_hide_is_not_called_nothing_sold() -> None:
    row = totals(5).with_columns(pl.lit(3, pl.Int64).alias("lines"), pl.lit(None, pl.Int64).alias("returned_units"))
    said = sales_sentences.trend(row, months(H1, [1, 1, 1, 1, 1, 0]), "return_rate", "USD", ALONE, "month")
    assert said == (
        "Return rate cannot be told in 1 Jan – 30 Jun 2022 (181 days): the data do not say what it takes under these "
        "filters."
    )


def test_movers() -> None:
    assert sales_sentences.movers(COUNTRIES, "revenue", "USD", "countries", member="country") == (
        "Of 3 countries 1 rose and 1 fell. Biggest rise: France (+$10.00); biggest fall: Germany (-$15.00)."
    )
    same = labelled(["A"], revenue=[MONEY], revenue_base=[MONEY])
    assert sales_sentences.movers(same, "revenue", "USD", "regions") == "No regions changed."
    risen = labelled(["A"], revenue=[2 * MONEY], revenue_base=[MONEY])
    assert sales_sentences.movers(risen, "revenue", "USD", "regions") == "Biggest rise: A (+$1.00)."
    alone = labelled(["A"], revenue=[MONEY])
    assert sales_sentences.movers(alone, "revenue", "USD", "regions") == (
        "Nothing can be compared: no regions have a base for revenue."
    )


def test_ready_values_read_like_measures() -> None:
    ready = pl.DataFrame({"member": ["France", "Germany", "Spain"], "value": [30, 60, 10], "value_base": [20, 75, 10]})
    asked = ("revenue", "USD", "countries")
    assert sales_sentences.breakdown(ready, *asked) == sales_sentences.breakdown(COUNTRIES, *asked, member="country")
    assert sales_sentences.movers(ready, *asked) == sales_sentences.movers(COUNTRIES, *asked, member="country")


# ---- heat map


def test_heatmap_of_what_adds_up() -> None:
    cells = pl.DataFrame(
        {
            "month": [date(2021, 11, 1), date(2021, 11, 1), date(2021, 12, 1)],
            "weekday": [0, 4, 4],
            "value": [50.0, 30.0, 40.0],
        }
    )
    # Two Mondays, but three Fridays: these bring more in all, and less a day.
    period = Period(date(2021, 11, 26), date(2021, 12, 10))
    assert sales_sentences.heatmap(cells, "revenue", "USD", period) == (
        "Monday is the strongest weekday with $25.00 a day, where any day brings $8.00; Nov 2021 is the strongest "
        "month with 66.7% of the revenue shown. Highest cell: Monday in Nov 2021 ($50.00)."
    )
    assert sales_sentences.heatmap(cells, "aov", "USD", period) == (
        "Highest: Monday in Nov 2021 ($50.00); lowest: Friday in Nov 2021 ($30.00)."
    )
    assert (
        sales_sentences.heatmap(cells.head(1), "revenue", "USD", period)
        == "All of it falls on one cell: Monday in Nov 2021 ($50.00)."
    )
    assert sales_sentences.heatmap(cells.clear(), "revenue", "USD", period) == (
        "No revenue in this view to spread over weekdays and months."
    )


# ---- customers


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


# ---- growth, and what moved it


def test_growth() -> None:
    rows = pl.DataFrame({"label": ["Jan", "Feb", "Mar", "Apr"], "change": [0.5, -0.25, None, 0.0]})
    assert sales_sentences.growth(rows, "revenue") == "1 of 3 whole periods grew. Most: Jan (+50%); least: Feb (-25%)."
    assert (
        sales_sentences.growth(rows, "margin") == "1 of 3 whole periods grew. Most: Jan (+50 pp); least: Feb (-25 pp)."
    )
    assert sales_sentences.growth(rows.head(1), "revenue") == "The only whole period to compare: Jan (+50%)."
    assert sales_sentences.growth(rows.clear(), "revenue") == "No whole period has a comparable base for revenue."


def test_volume_and_value() -> None:
    total = measures(revenue=[600 * MONEY], orders=[20], revenue_base=[500 * MONEY], orders_base=[25])
    assert sales_sentences.volume_and_value(total, "USD") == (
        "20 orders of $30.00 on average: -20% orders, +50% per order."
    )
    alone = measures(revenue=[600 * MONEY], orders=[20])
    assert sales_sentences.volume_and_value(alone, "USD") == "20 orders of $30.00 on average."
    assert sales_sentences.volume_and_value(measures(orders=[0]), "USD") == "Nothing was ordered in this view."


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
