"""Sentences on customers: each one against a hand-written text from numbers small enough to work out."""

from __future__ import annotations

from datetime import date

import polars as pl

from analytics import periods
from analytics.dataset import NOT_RECORDED, Calendar
from analytics.models.survival import kaplan_meier, reached
from analytics.periods import Period
from analytics.sentences import concentration as concentration_sentences
from analytics.sentences import customer as customer_sentences
from analytics.sentences import customers as customers_sentences
from analytics.sentences import retention as retention_sentences
from analytics.sentences import returns as return_sentences
from analytics.sentences import sales as sales_sentences
from analytics.sentences import segments as segment_sentences
from analytics.sentences import value as value_sentences
from analytics.tables import concentration
from analytics.tables.returns import ReturnTables
from analytics.tables.segments import rfm
from analytics.tables.value import history
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
    assert customers_sentences.ranking(top(["C0"], [1], 1), "orders", "USD") == (
        "C0 is the only known customer in this view, with 1 order."
    )
    assert customers_sentences.ranking(top([None], [4], 4), "units", "USD") == (
        "0 is the only known customer in this view, with 4 products sold."
    )
    assert customers_sentences.ranking(top(["C0", "C1"], [0, 0], 1), "revenue", "USD") == (
        "No known customer has revenue above 0 in this view."
    )
    assert customers_sentences.ranking(table.clear(), "revenue", "USD") == "No known customers bought in this view."


def mix(new: int, returning: int, unrecorded: int, lines: int = 3) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "new_revenue": [new * MONEY],
            "returning_revenue": [returning * MONEY],
            "unrecorded_revenue": [unrecorded * MONEY],
            "lines": [lines],
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
    said = [customers_sentences.new_and_returning(mix(0, 0, 0, lines), "USD", "week") for lines in (0, 3)]
    assert said == ["Nothing was sold in this view.", "There is no revenue in this view."]
    assert customers_sentences.new_and_returning(mix(0, 0, 5), "USD", "week") == (
        "No revenue in this view has a customer recorded."
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
    told = {}
    for apart in ((), ("gender",), ("gender", "education"), None):
        told[apart] = customers_sentences.segments(SEGMENTS, "revenue_per_customer", "USD", LABELS, apart=apart)
    assert told == {
        (): "No attribute has groups of 30 or more customers that differ in revenue per customer beyond chance.",
        ("gender",): "Revenue per customer by Gender, beyond chance: F $2.00, M $1.00.",
        ("gender", "education"): (
            "Revenue per customer by Gender, the widest of 2 spreads beyond chance: F $2.00, M $1.00."
        ),
        None: "Revenue per customer of each group; whether groups differ by more than chance cannot be tested here.",
    }
    nobody = SEGMENTS.filter(pl.col("member") == NOT_RECORDED)
    assert (
        customers_sentences.segments(nobody, "revenue", "USD", LABELS)
        == "No customer attributes are recorded in this view."
    )
    alone = SEGMENTS.filter(pl.col("member") == "F")
    assert customers_sentences.segments(alone, "revenue_per_customer", "USD", LABELS, apart=("gender",)) == (
        "No attribute has groups of 30 or more customers that differ in revenue per customer beyond chance."
    )


def test_reach_and_value() -> None:
    total = measures(known_revenue=[600 * MONEY], customers=[20], known_revenue_base=[500 * MONEY], customers_base=[25])
    assert customers_sentences.reach_and_value(total, "EUR") == (
        "20 customers brought €30.00 each: -20% customers, +50% per customer."
    )
    one = measures(known_revenue=[30 * MONEY], customers=[1])
    assert customers_sentences.reach_and_value(one, "EUR") == "1 customer brought €30.00."
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


def test_one_customer_s_sentences_know_one_from_several() -> None:
    months = pl.DataFrame(
        {"start": [date(2024, 1, 1), date(2024, 2, 1)], "orders": [1, 0], "revenue": [5.0, 0.0]}
    )  # fmt: skip
    assert customer_sentences.over_time(months, "month", Calendar(), "EUR") == (
        "Bought in 1 of 2 months; most in Jan 2024 (€5.00)."
    )
    assert customer_sentences.over_time(months.head(1), "month", Calendar(), "EUR") == (
        "Bought in the only month there is, Jan 2024, for €5.00."
    )
    spent = pl.DataFrame({"member": ["Bikes", "Locks"], "revenue": [3.0, 1.0]})
    assert customer_sentences.spent_on(spent, "categories", "EUR") == (
        "Bikes leads with €3.00, 75.0% of their revenue, of 2 categories."
    )
    assert customer_sentences.spent_on(spent.head(1), "categories", "EUR") == (
        "Bikes is the only one of the categories they bought, for €3.00."
    )
    given_back = pl.DataFrame({"member": ["Bikes", "Locks"], "revenue": [3.0, -1.0]})
    assert "% of their" not in customer_sentences.spent_on(given_back, "categories", "EUR")
    assert customer_sentences.rhythm([4, 8], 1) == (
        "Bought again after 6 days on average, from 4 to 8. Now 1 day away, 0.2 times the usual."
    )
    assert customer_sentences.rhythm([1], 3) == "Bought on two days, 1 day apart. Now 3 days away, 3.0 times the usual."
    assert customer_sentences.rhythm([5, 5], 0).startswith("Bought again after 5 days each time. Now 0 days away")
    assert customer_sentences.order_lines(1, 500) == "1 line, latest first."
    assert customer_sentences.order_lines(501, 500) == "501 lines, latest first. Shown are 500; the CSV has all."


def test_lists_of_customers_know_one_from_several() -> None:
    assert retention_sentences.in_step(1, -3.0, "EUR") == "1 customer, -€3.00."
    assert retention_sentences.in_step(2, 3.0, "EUR") == "2 customers, together +€3.00."
    assert retention_sentences.in_step(0, 0.0, "EUR") == "Nobody is in this bar."
    said = [segment_sentences.slipped(count) for count in (0, 1, 2)]
    assert said == ["Nobody slipped.", "1 customer.", "2 customers, those who brought most first."]
    assert segment_sentences.draft(1, 50_000, "group Lost", "EUR") == "1 customer, €5.00 net revenue: group Lost."


def test_half_that_come_back_before_any_day_told() -> None:
    curve = kaplan_meier([1, 2, 3], [True, True, True])
    assert retention_sentences.waiting(curve) == (
        "Half of all customers come back by day 2, counting those still awaited."
    )
    few = kaplan_meier([1, 4, 4], [True, False, False])
    assert retention_sentences.waiting(few) == (
        "Fewer than half of all customers come back within the 4 days observed, counting those still awaited."
    )


def test_half_of_many_fractions_is_half() -> None:
    """Products of fractions are off by a bit of their last digit."""
    for half in range(1, 30):
        curve = kaplan_meier([*range(1, half + 1), *[99] * half], [True] * half + [False] * half)
        assert reached(curve, 0.5) == half


def groups_of(**customers: int) -> pl.DataFrame:
    names = pl.Series("group", list(customers), rfm.GROUP)
    return pl.DataFrame([names]).with_columns(customers=pl.Series(list(customers.values())), money=pl.lit(10_000))


def test_a_shop_without_a_champion_has_none() -> None:
    assert segment_sentences.grid(groups_of(Champions=0, Loyal=4, Lost=2), "EUR") == (
        "Nobody is a Champion, of 6 customers; the largest group is Loyal with 4."
    )


def test_the_largest_group_is_one_alone() -> None:
    assert segment_sentences.grid(groups_of(Champions=3, Loyal=3), "EUR") == (
        "3 Champions (50.0% of 6 customers) brought 50.0% of all net revenue; the largest groups have 3 each."
    )
    assert segment_sentences.grid(groups_of(Champions=4, Loyal=2), "EUR") == (
        "4 Champions (66.7% of 6 customers) brought 50.0% of all net revenue, the largest group."
    )
    assert segment_sentences.grid(groups_of(Champions=0, Lost=1), "EUR") == (
        "1 customer is too few to score by fifths: the groups say little."
    )


def test_one_customer_is_spoken_of_as_one() -> None:
    one = concentration.concentration(pl.Series([30_000]))
    assert concentration_sentences.concentration(one) == (
        "Only one known customer bought in this view: all known revenue is theirs."
    )
    counts = concentration.orders_per_customer(pl.Series([2]), pl.Series([30_000]))
    assert concentration_sentences.orders_per_customer(counts) == (
        "The only known customer ordered more than once in this view."
    )
    free = concentration.concentration(pl.Series([0, 0]))
    assert concentration_sentences.concentration(free) == (
        "Known customers brought nothing, or some less than nothing, in this view, so there are no shares of it."
    )


def test_nobody_has_a_rhythm() -> None:
    late = pl.DataFrame(schema={"recent": pl.Int64})
    assert value_sentences.overdue(late, 0, "EUR") == "No customer has a rhythm of their own yet."
    assert value_sentences.overdue(late, 1, "EUR") == ("Of 1 customer with a rhythm of their own nobody is overdue.")


def test_who_slipped_has_bought_nothing_since() -> None:
    moves = pl.DataFrame(
        {"from": ["Loyal", "New"], "to": ["At risk", "New"], "customers": [1, 2], "recent": [30_000, 0]}
    )
    fell = pl.DataFrame({"recent": [30_000]})
    said = segment_sentences.migration(moves, fell, date(2024, 3, 31), "EUR")
    assert said == (
        "Since 31 Mar 2024, 1 of 3 customers slipped: they were among those who bought lately then, and have bought "
        "nothing since. The €3.00 net that they brought in the year before is at risk. 2 stayed in their group."
    )
    nobody = segment_sentences.migration(moves.tail(1), fell.clear(), date(2024, 3, 31), "EUR")
    assert nobody == "Since 31 Mar 2024, none of 2 customers slipped. 2 stayed in their group."


def test_units_that_came_back_where_none_were_sold() -> None:
    table = pl.DataFrame({"beyond": [False]})
    back = ReturnTables(2.0, 0.0, 5.0, table, pl.DataFrame(), pl.DataFrame(), pl.DataFrame(), None)
    assert return_sentences.returns(back, "EUR").startswith("2 units came back, worth €5.00. ")


def test_what_the_data_lacks_is_counted_in_one_and_several() -> None:
    people = pl.DataFrame({"T": [1], "x": [2]})
    assert [one.rpartition(", ")[2] for one in history.gate(people)] == ["there is 1."] * 3


def test_few_things_a_day_are_not_none_a_day() -> None:
    cells = pl.DataFrame(
        {"month": [date(2024, 1, 1)] * 2, "weekday": [0, 1], "value": [3.0, 1.0]},
        schema_overrides={"weekday": pl.Int32},
    )
    said = sales_sentences.heatmap(cells, "returned_units", "EUR", Period(date(2024, 1, 1), date(2024, 1, 28)))
    assert said.startswith("Monday is the strongest weekday with 0.75 a day, where any day brings 0.14.")
