"""A saved segment's rule gives its customers, survives storing, and narrows a dataset exactly."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics import lines, segments
from analytics.dataset import Dataset
from analytics.filters import Filters, where
from analytics.lines import Totals
from analytics.periods import Comparison, Period
from analytics.segments import Segment
from analytics.tables.segments import rfm as rfm_tables
from tests.random_data import datasets, examples, views
from tests.twins import lines_of

SLOW = examples(30)


def segment(drawn: st.DataObject, data: Dataset) -> Segment:
    filters, _ = drawn.draw(views(data))
    scores = st.tuples(st.integers(1, 5), st.integers(1, 5)).map(lambda pair: (min(pair), max(pair)))
    groups = drawn.draw(st.lists(st.sampled_from(rfm_tables.GROUPS), max_size=4, unique=True))
    return Segment("some", filters.period.end, filters.where, tuple(groups), *(drawn.draw(scores) for _ in range(3)))


@given(st.data())
@SLOW
def test_a_rule_survives_storing(drawn: st.DataObject) -> None:
    rule = segment(drawn, drawn.draw(datasets(customers=True)))
    assert segments.from_plain("some", segments.to_plain(rule)) == rule


@given(st.data())
@SLOW
def test_a_narrowed_dataset_holds_its_customers_lines(drawn: st.DataObject) -> None:
    data = drawn.draw(datasets(customers=True))
    rule = segment(drawn, data)
    scored = rfm_tables.rfm(lines.purchases(data, rule.where, rule.as_of), rule.as_of)
    inside = segments.inside(scored, rule)
    for row in scored.iter_rows(named=True):
        belongs = all(
            least <= row[name] <= most for name, (least, most) in (("r", rule.r), ("f", rule.f), ("m", rule.m))
        ) and (not rule.groups or row["group"] in rule.groups)
        assert (row["customer"] in inside["customer"].to_list()) == belongs
    customers = inside["customer"].to_list()
    kept = [row for row in lines_of(data) if row["customer"] in customers]
    money = sum(row["revenue"] for row in kept)
    import polars as pl

    frame = data.lines.filter(pl.col("customer").is_in(customers)).collect().lazy()
    part = segments.narrowed(data, rule, frame, customers, len(kept), money)
    view = Filters(Period(data.first_day, data.last_day), Comparison("none", None), where({}))
    totals = lines.page(part, view, [Totals()], grain="year")[Totals()].row(0, named=True)
    assert (totals["lines"], totals["revenue"], totals["customers"]) == (len(kept), money, len(customers))
    counted, before = part.reconciliation, data.reconciliation
    assert counted.lines_kept == len(kept)
    assert counted.lines_kept + sum(rule.rows for rule in counted.set_aside) == before.lines_kept + sum(
        rule.rows for rule in before.set_aside
    )
    assert lines.revenue(part) == counted.revenue
    if part.returns is not None:
        assert set(part.returns["customer"]) <= set(customers)


def test_a_rule_says_itself() -> None:
    from datetime import date

    rule = Segment("x", date(2024, 3, 9), where({"country": ["France"]}), ("Champions",), (4, 5), (3, 3))
    assert segments.describe(rule, {"country": "Country"}) == (
        "Country: France; Champions; R 4 to 5; F 3, as of 9 Mar 2024"
    )
    assert segments.describe(Segment("x", date(2024, 3, 9)), {}) == "every customer, as of 9 Mar 2024"


@pytest.mark.parametrize("spoiled", [{"as_of": "soon"}, {"r": [1]}, {"where": None}, {"groups": 3}])
def test_what_is_no_segment_is_refused(spoiled: dict[str, object]) -> None:
    from datetime import date

    good = segments.to_plain(Segment("x", date(2024, 3, 9)))
    with pytest.raises((KeyError, TypeError, ValueError, AttributeError)):
        segments.from_plain("x", good | spoiled)
