"""Sentences on sales: each one against a hand-written text from numbers small enough to work out."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from analytics import periods
from analytics.dataset import Calendar
from analytics.filters import Filters
from analytics.metrics import METRICS
from analytics.periods import Comparison, Period
from analytics.sentences import sales as sales_sentences
from tests.analytics.measured import ALONE, COMPARED, H1, MONEY, labelled, measures


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
    cells = pl.DataFrame({"month": [date(2022, 1, 1)] * 2, "weekday": [0, 1], "value": [3.0, 1.0]})
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
        "Ghana moved by -$30.00."
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
    assert sales_sentences.movers(risen, "revenue", "USD", "regions") == "A moved by +$1.00."
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
    alike = cells.with_columns(value=pl.lit(1.0))
    assert sales_sentences.heatmap(alike, "units_per_order", "USD", period) == "Alike in all 3 cells: 1.00."
    assert sales_sentences.heatmap(cells.clear(), "revenue", "USD", period) == (
        "No revenue in this view to spread over weekdays and months."
    )


# ---- growth, and what moved it


def test_growth() -> None:
    def said(*changes: float | None, whole: bool = True, metric: str = "revenue") -> str:
        labels = ["Jan", "Feb", "Mar", "Apr"][: len(changes)]
        rows = pl.DataFrame({"label": labels, "change": changes, "whole": [whole] * len(changes)}, strict=False)
        return sales_sentences.growth(rows, metric, "month")

    assert said(0.5, -0.25, None, 0.0) == "1 of 3 whole periods grew. Jan grew most (+50%); Feb fell most (-25%)."
    assert said(0.5, -0.25, None, metric="margin") == (
        "1 of 2 whole periods grew. Jan grew most (+50 pp); Feb fell most (-25 pp)."
    )
    assert said(0.5) == "The only whole period to compare: Jan (+50%)."
    assert said(None) == "No whole period has a comparable base for revenue."
    assert said(None, whole=False) == "No whole month lies in this period."


def test_volume_and_value() -> None:
    total = measures(revenue=[600 * MONEY], orders=[20], revenue_base=[500 * MONEY], orders_base=[25])
    assert sales_sentences.volume_and_value(total, "USD") == (
        "20 orders of $30.00 on average: -20% orders, +50% per order."
    )
    alone = measures(revenue=[600 * MONEY], orders=[20])
    assert sales_sentences.volume_and_value(alone, "USD") == "20 orders of $30.00 on average."
    assert sales_sentences.volume_and_value(measures(orders=[0]), "USD") == "Nothing was ordered in this view."
