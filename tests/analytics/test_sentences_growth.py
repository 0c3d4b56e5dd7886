"""Sentences of the growth pages say what the figures say, in plain words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from statistics import NormalDist

import numpy as np
import polars as pl
import pytest

from analytics import formats
from analytics.filters import Filters
from analytics.formats import count_of, numbered
from analytics.models.elasticity import Elasticity
from analytics.models.running import Running
from analytics.models.spread import Spread
from analytics.periods import Period, compare
from analytics.sentences import affinity as affinity_sentences
from analytics.sentences import drivers as drivers_sentences
from analytics.sentences import markets as markets_sentences
from analytics.sentences import outlook as outlook_sentences
from analytics.sentences import prices as prices_sentences
from analytics.sentences import products as products_sentences
from analytics.sentences import retention as retention_sentences
from analytics.sentences import summary as summary_sentences
from analytics.sentences import targets as targets_sentences
from analytics.sentences import unusual as unusual_sentences
from analytics.sentences.words import grew
from analytics.tables.drivers.findings import Mover
from analytics.tables.drivers.price_volume import of_items
from analytics.tables.retention.bridge import RevenueBridge
from analytics.tables.targets.progress import Pace

LABELS = {"country": "Country", "category": "Category"}


def test_bridge() -> None:
    frame = pl.DataFrame(
        {"product": ["ABC", "DEF"], "units": [60, 50], "units_base": [50, 40],
         "revenue": [660_000, 500_000], "revenue_base": [600_000, 320_000]}
    )  # fmt: skip
    found = of_items(frame, ("product",))
    assert drivers_sentences.bridge(found, "USD") == (
        "Revenue moved by +$24.00: volume added most (+$20.44); the mix took most (-$0.44). "
        "The parts add up to it exactly."
    )
    assert "DEF (+$10.00)" in drivers_sentences.drill(found, "price", "products", "USD")


def finding(**changes: object) -> Mover:
    values = {
        "dimensions": ("country",), "members": ("France",), "value": 95.0, "base": 181.0, "moved": -86.0,
        "share_of_change": -0.136, "growth": -0.4751, "growth_rest": 0.195, "excess": -121.0, "sure": -5.9,
    }  # fmt: skip
    return Mover(**{**values, **changes})  # type: ignore[arg-type]


def test_findings_in_plain_words() -> None:
    text = drivers_sentences.finding(finding(), "revenue", "USD", LABELS)
    assert text == (
        "France (country) fell 47.5% while all others grew 19.5%: $121.00 less than had it kept pace. It made -$86.00."
    )
    same = drivers_sentences.finding(finding(share_of_change=0.136), "revenue", "USD", LABELS)
    assert same.endswith("It made -$86.00, 13.6% of the whole change.")
    tiny = drivers_sentences.finding(finding(share_of_change=3.54), "revenue", "USD", LABELS)
    assert tiny.endswith("It made -$86.00.")
    beside_many_times_more = finding(
        value=15.6e6, base=6.58e6, moved=9.02e6, growth=1.37, growth_rest=42.55, excess=-253e6, share_of_change=None
    )
    text = drivers_sentences.finding(beside_many_times_more, "revenue", "USD", LABELS)
    assert text.endswith("grew 137% while all others grew 4,255%. It made +$9.02M.")
    new = drivers_sentences.finding(finding(base=0.0, growth=None, moved=95.0), "revenue", "USD", LABELS)
    assert "is new" in new
    pair = finding(dimensions=("country", "category"), members=("France", "Bikes"), growth=0.0, excess=20.0)
    text = drivers_sentences.finding(pair, "revenue", "USD", LABELS)
    assert "France (country) × Bikes (category) stood still: $20.00 more than both lead one to expect" in text
    ratio = drivers_sentences.finding(
        finding(value=0.4, base=0.5, moved=-0.02, growth=-0.1, growth_rest=None), "margin", "USD", LABELS
    )
    assert "went from 50.0% to 40.0%" in ratio
    assert "-2 pp" in ratio
    weight = finding(value=-0.0632, base=-0.0658, moved=0.02, growth=0.0026, growth_rest=None, by_rate=0.001)
    assert drivers_sentences.finding(weight, "margin", "USD", LABELS).endswith(
        " Mostly its weight moved: +1.9 pp, its own margin +0.1 pp."
    )
    rate = finding(value=0.4, base=0.5, moved=-0.03, growth=-0.1, growth_rest=None, by_rate=-0.02)
    assert drivers_sentences.finding(rate, "margin", "USD", LABELS).endswith(
        " Mostly its own margin moved: -2 pp, its weight -1 pp."
    )


@pytest.mark.parametrize(
    ("low", "high", "sentence"),
    [
        (0.02, 0.3, "Lyon grew most (+30%); Ghent grew least (+2%)"),
        (-0.56, 0.3, "Lyon grew most (+30%); Ghent fell most (-56%)"),
        (-0.8, -0.56, "Lyon fell least (-56%); Ghent fell most (-80%)"),
        (-0.8, 0.0, "Lyon stood still (0%); Ghent fell most (-80%)"),
    ],
)
def test_nobody_grows_by_falling(low: float, high: float, sentence: str) -> None:
    card = pl.DataFrame({"member": ["Lyon", "Ghent"], "revenue": [3.0, 2.0], "growth": [high, low], "few": [False] * 2})
    assert sentence in markets_sentences.scorecard(card, "cities", "EUR")
    bars = pl.DataFrame(
        {"member": ["Lyon", "Ghent"], "value": [3.0, 2.0], "change": [high, low], "change_text": ["", ""]}
    )
    expected = sentence.replace("grew", "grow").replace("fell", "fall").replace("stood", "stand").replace("; ", ", ")
    expected = expected.replace("Lyon ", "Lyon should ")
    assert expected in outlook_sentences.members(bars, "revenue", "EUR", "3 months")


def test_a_target_that_is_reached_needs_nothing_more() -> None:
    pace = Pace(
        date(2025, 3, 1), date(2025, 3, 31), 100.0, 120.0, 50.0, 15, needed=0.0, at_present=4.0, expected=None,
        low=None, high=None, chance=None, line=pl.DataFrame(),
    )  # fmt: skip
    assert targets_sentences.pace(pace, "This month", "EUR") == (
        "This month: €120.00 of €100.00, 120%: reached with 15 days left."
    )
    behind = replace(pace, so_far=40.0, needed=4.0)
    assert targets_sentences.pace(behind, "This month", "EUR") == (
        "This month: €40.00 of €100.00, €10.00 behind pace. The 15 days left need €4.00 a day; the last four weeks "
        "made €4.00 a day. The history is too short to say how likely that is."
    )


def test_the_base_s_buyers_are_one_none_or_several() -> None:
    steps = pl.DataFrame({"step": ["new", "lapsed"], "customers": [0, 0], "change": [50_000, 0]})

    def said(before: int, again: int) -> str:
        found = RevenueBridge(100_000, 150_000, steps, pl.DataFrame(), before, again, 100_000, 150_000, 100_000)
        return retention_sentences.bridge(found, "EUR").partition("(0). ")[2].partition(" The bars")[0]

    brought = "They brought 150% of their base revenue (NRR), 100% without what they added (GRR)."
    assert said(3, 2) == f"Of the base's 3 buyers 2 bought again. {brought}"
    assert said(1, 1) == f"The base's only buyer bought again. {brought}"
    assert said(1, 0) == "The base's only buyer did not buy again."
    assert said(3, 0) == "None of the base's 3 buyers bought again."
    nothing = RevenueBridge(0, 0, steps.with_columns(pl.lit(0).alias("change")), pl.DataFrame(), 3, 3, 0, 0, 0)
    assert retention_sentences.bridge(nothing, "EUR") == "Neither period has revenue."


def test_markets_without_revenue_have_no_largest() -> None:
    card = pl.DataFrame({"member": ["Lyon", "Ghent"], "revenue": [0.0, -2.0], "few": [True] * 2})
    assert markets_sentences.scorecard(card, "cities", "EUR") == "None of the cities has revenue above 0 in this view."


def test_a_gap_is_little_or_nothing_and_says_which_filters_it_leaves_out() -> None:
    gap = {"market": "Spain", "category": "Wine", "share_text": "0.00%", "peers_text": "9.00%", "text": "€5.00"}
    gaps = pl.DataFrame([gap | {"share": 0.0}, gap | {"share": 0.01, "share_text": "1.00%"}])
    assert markets_sentences.market_findings(gaps, [], "EUR", let_go=["country", "product"]) == [
        "Without the filter on country and product: Spain buys no Wine: 0.00% of its revenue, peers 9.00%; €5.00 at "
        "stake.",
        "Without the filter on country and product: Spain buys less Wine: 1.00% of its revenue, peers 9.00%; €5.00 "
        "at stake.",
    ]


def test_one_is_not_several() -> None:
    assert [formats.count_of(n, "gap lies", "gaps lie") for n in (0, 1, 1_204)] == [
        "0 gaps lie", "1 gap lies", "1,204 gaps lie",
    ]  # fmt: skip
    assert formats.count_of(1, "order") == "1 order"


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (-2.5, -1.5, "demand is elastic"),
        (-0.9, -0.2, "demand is inelastic"),
        (-1.5, -0.5, "neither clearly"),
        (-1.0, 0.3, "no clear answer"),
        (0.2, 1.4, "do not reckon with it"),
    ],
)
def test_elasticity(low: float, high: float, words: str) -> None:
    found = Elasticity((low + high) / 2, low, high, 40, 0.1)
    assert words in prices_sentences.elasticity(found, "Socks")


def test_not_identifiable_gives_its_reason() -> None:
    found = Elasticity(None, None, None, 3, 0.0, "prices hardly varied")
    assert prices_sentences.elasticity(found, "Socks") == "Socks: not identifiable. Prices hardly varied."


def test_running_period() -> None:
    spread = Spread(np.array([50 / NormalDist().inv_cdf(0.9)]), np.inf, True, normal=True)
    found = Running(200.0, 0.5, 400.0, spread)
    ends = "It should end at about $400.00, between $350.00 and $450.00 with a chance of 80%."
    assert outlook_sentences.running(found, "Jun 2026", "revenue", "USD") == (
        f"Jun 2026: $200.00 so far, usually 50.0% of a period by now. {ends}"
    )
    assert (
        outlook_sentences.running(replace(found, share=None), "Q2", "revenue", "USD") == f"Q2: $200.00 so far. {ends}"
    )


def test_chances_are_never_certain() -> None:
    chances = [targets_sentences.chance(value) for value in (0.0, 0.004, 0.42, 0.998)]
    assert chances == [
        "below 1%",
        "below 1%",
        "42%",
        "above 99%",
    ]


def test_headline() -> None:
    period = Period(date(2025, 1, 1), date(2025, 6, 30))
    filters = Filters(period, compare(period, "previous_year", date(2020, 1, 1)))
    text = summary_sentences.headline("revenue", 110.0, 100.0, 0.1, filters, "USD")
    assert text == ("Revenue came to $110.00 in 1 Jan – 30 Jun 2025, +10% on $100.00 in 1 Jan – 30 Jun 2024.")
    alone = Filters(period, compare(period, "none", date(2020, 1, 1)))
    assert summary_sentences.headline("revenue", 110.0, None, None, alone, "USD").endswith("2025.")


def test_empty_tables_have_words_too() -> None:
    empty = pl.DataFrame(schema={"beyond": pl.Boolean, "gap": pl.Float64})
    assert "No two are on the same order" in affinity_sentences.affinity(empty, 10, 2)
    assert "Nothing with a target" in targets_sentences.by_target_member(empty)
    assert "No market buys less" in markets_sentences.white_space(empty)
    assert unusual_sentences.unusual(empty, "revenue", 30, 30) == "No day of this period fell out of line in revenue."


def test_a_day_that_could_not_be_judged_is_not_called_usual() -> None:
    none = pl.DataFrame(schema={"z": pl.Float64})
    assert unusual_sentences.unusual(none, "revenue", 0, 1) == (
        "No day of this period could be judged in revenue: too few weeks with sales on most days lie before it."
    )
    assert unusual_sentences.unusual(none, "revenue", 9, 1_200) == (
        "Of the 9 of 1,200 days that could be judged, none fell out of line in revenue."
    )
    one = _days([("Mon 1 Jan 2024", 5.0, "€9", "€1")])
    assert unusual_sentences.unusual(one, "revenue", 9, 30) == (
        "1 day fell out of line, of the 9 of 30 that could be judged. Most of all Mon 1 Jan 2024: €9, usually €1."
    )


def _days(rows: list[tuple[str, float | None, str, str]]) -> pl.DataFrame:
    """Unusual days; those without a z are closed."""
    columns = {"label": pl.String, "z": pl.Float64, "text": pl.String, "usual_text": pl.String}
    table = pl.DataFrame(rows, schema=columns, orient="row").with_row_index("day")
    return table.with_columns(pl.col("z").is_null().alias("closed"), pl.lit("").alias("why"))


def test_closed_days_are_named_and_never_the_strangest() -> None:
    typo = ("Tue 5 Mar 2024", 6.1, "€6,500", "€65")
    closed = [(f"Wed {day} May 2024", None, "€0", "€60") for day in (1, 8, 15, 22)]
    assert unusual_sentences.unusual(_days([*closed, typo]), "revenue", 90, 90) == (
        "1 day fell out of line. Most of all Tue 5 Mar 2024: €6,500, usually €65. 4 closed days without any "
        "sales are not counted: Wed 1 May 2024, Wed 8 May 2024, Wed 15 May 2024 and 1 more."
    )
    assert unusual_sentences.unusual(_days(closed[:1]), "revenue", 90, 90) == (
        "No day of this period fell out of line in revenue. 1 closed day without any sales is not counted: "
        "Wed 1 May 2024."
    )
    assert unusual_sentences.marks(_days(closed), "revenue") == ""
    assert "One day fell out of line in revenue: Tue 5 Mar 2024" in unusual_sentences.marks(
        _days([*closed, typo]), "revenue"
    )


def test_one_is_not_spoken_of_as_several() -> None:
    classes = pl.DataFrame(
        {"abc": ["A", "B", "C"], "items": [1, 0, 0], "share": [1.0, 0, 0], "items_share": [1.0, 0.0, 0.0]}
    )
    assert products_sentences.abc(classes, "products") == (
        "Only one of the products was sold in this view: all revenue is its own."
    )
    two = classes.with_columns(pl.Series("items", [1, 0, 1]), pl.Series("items_share", [0.5, 0.0, 0.5]))
    assert products_sentences.abc(two, "products") == (
        "1 of 2 products (50.0%) makes 100% of the revenue; the 1 in class C makes 0.00%."
    )
    card = pl.DataFrame({"member": ["Peru"], "revenue": [5.0], "few": [True]})
    assert markets_sentences.scorecard(card, "countries", "USD") == (
        "Peru is the only one of the countries ($5.00). 1 with fewer than 30 customers is not ranked by rates."
    )
    assert (count_of(1, "gap"), count_of(1_204, "gap"), count_of(0, "gap")) == ("1 gap", "1,204 gaps", "0 gaps")
    assert count_of(25_240, "gap", compact=True) == "25.2K gaps"
    assert [numbered(number, "is", "are") for number in (0, 1, 2)] == ["are", "is", "are"]


@pytest.mark.parametrize(
    ("growth", "words"),
    [(0.12, "grew 12%"), (-0.031, "fell 3.1%"), (0.00001, "stood still"), (-0.00001, "stood still")],
)
def test_up_down_and_neither_are_said_in_one_way(growth: float, words: str) -> None:
    assert grew(growth) == words
