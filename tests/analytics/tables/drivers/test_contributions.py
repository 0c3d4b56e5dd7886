"""Contributions: members sum to the whole change exactly, and what stands out is what was planted."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from analytics import lines
from analytics.evaluation import value
from analytics.metrics import METRICS
from analytics.tables.drivers import contributions as contributions_tables
from tests.random_data import datasets, examples, views

SLOW = examples(40)
EXPLAINED = [name for name in METRICS if contributions_tables.metric_for(name)[0] == name]


def test_metrics_that_do_not_add_up_explain_revenue_instead() -> None:
    assert {"revenue", "profit", "margin", "units", "discount_rate"} <= set(EXPLAINED)
    for name in ("customers", "orders", "aov", "return_rate"):
        metric, why = contributions_tables.metric_for(name)
        assert metric == "revenue"
        assert METRICS[name].label in why


@given(st.data())
@SLOW
def test_members_and_pairs_sum_to_the_whole_change(draw: st.DataObject) -> None:
    data = draw.draw(datasets())
    filters, _ = draw.draw(views(data))
    assume(filters.base is not None)
    metric = draw.draw(st.sampled_from(EXPLAINED))
    whole_frame = lines.sums(data, filters, ())
    if whole_frame.select(value(metric), value(metric, "_base")).row(0).count(None):
        return  # a measure is not there, or a ratio has no denominator
    now, base = whole_frame.select(value(metric), value(metric, "_base")).row(0)
    names = list(data.members)
    found = contributions_tables.members_of(data, filters, names)
    for name, frame in found.items():
        table = contributions_tables.contributions(frame, [name], metric)
        assert table["moved"].sum() == pytest.approx(now - base, abs=1e-6)
        whole = contributions_tables.change(frame, metric)
        assert (whole.now, whole.base) == pytest.approx((now, base))
    for keys, wanted in contributions_tables.groups_of_pairs(data, names):
        for pair, frame in contributions_tables.pairs_of(data, filters, keys, wanted).items():
            direct = lines.sums(data, filters, pair)
            assert frame["revenue"].sum() == direct["revenue"].sum()
            assert frame.height == direct.height
            assert contributions_tables.contributions(frame, pair, metric)["moved"].sum() == pytest.approx(
                now - base, abs=1e-6
            )


def members(rows: dict[str, tuple[float, float, int]]) -> pl.DataFrame:
    """Member -> revenue now and in the base (currency units), lines of each side."""
    return pl.DataFrame(
        [
            {
                "place": name,
                **{f"{n}{s}": v for s, money in (("", now), ("_base", base)) for n, v in {
                    "lines": count, "units": count, "discount": 0, "revenue": round(money * 10_000), "cost": 0,
                    "revenue_squares": money**2 / count}.items()},
            }
            for name, (now, base, count) in rows.items()
        ]
    )  # fmt: skip


def test_growth_is_seen_against_the_rest() -> None:
    frame = members({"up": (150.0, 100.0, 1_000), "flat": (300.0, 300.0, 1_000), "down": (90.0, 100.0, 1_000)})
    table = {row["member"]: row for row in contributions_tables.contributions(frame, ["place"], "revenue").to_dicts()}
    assert table["up"]["share_of_change"] == pytest.approx(50 / 40)
    assert table["up"]["growth_rest"] == pytest.approx(390 / 400 - 1)
    assert table["up"]["excess"] == pytest.approx(50 - 100 * (390 / 400 - 1))
    assert table["flat"]["growth"] == 0


def test_a_ratio_is_split_into_rate_and_weight() -> None:
    """Margins of 20 % and 30 %: the better one sells three times as much now, the other earns 25 %."""
    frame = members({"low": (100.0, 100.0, 500), "high": (300.0, 100.0, 500)}).with_columns(
        pl.Series("cost", [750_000, 2_100_000]), pl.Series("cost_base", [800_000, 700_000])
    )
    table = {row["member"]: row for row in contributions_tables.contributions(frame, ["place"], "margin").to_dicts()}
    # 25 % before and 28.75 % now
    assert sum(row["moved"] for row in table.values()) == pytest.approx(0.0375)
    assert table["low"]["by_rate"] == pytest.approx(0.05 * 100 / 400)
    assert table["high"]["by_rate"] == pytest.approx(0)
    assert table["high"]["moved"] == pytest.approx((0.75 - 0.5) * (0.3 - 0.25))
    sums = contributions_tables.contributions(frame, ["place"], "revenue")
    assert sums["by_rate"].to_list() == [None, None]


def test_pairs_are_compared_with_what_both_members_lead_one_to_expect() -> None:
    rows = [("A", "x", 120.0, 100.0), ("A", "y", 120.0, 100.0), ("B", "x", 100.0, 100.0), ("B", "y", 60.0, 100.0)]
    frame = pl.concat(
        [members({"p": (now, base, 500)}).with_columns(pl.lit(a).alias("place"), pl.lit(b).alias("item"))
         for a, b, now, base in rows]
    )  # fmt: skip
    whole = contributions_tables.change(frame, "revenue")
    first, second = (
        contributions_tables.contributions(
            frame.group_by(name).agg(pl.exclude("place", "item").sum()), [name], "revenue"
        )
        for name in ("place", "item")
    )
    pair = contributions_tables.contributions(frame, ["place", "item"], "revenue")
    table = {row["member"]: row for row in contributions_tables.pair_excess(pair, first, second, whole).to_dicts()}
    assert table["B × y"]["excess"] == pytest.approx(60 - 100 * 0.8 * 0.9 / 1.0)
    assert sum(row["moved"] for row in table.values()) == pytest.approx(0)


def test_what_chance_makes_is_not_spoken_of() -> None:
    few = members({"a": (130.0, 100.0, 20), "b": (95.0, 100.0, 20), "c": (100.0, 100.0, 20)})
    many = members({"a": (130.0, 100.0, 20_000), "b": (95.0, 100.0, 20_000), "c": (100.0, 100.0, 20_000)})
    for frame, expected in ((few, False), (many, True)):
        table = contributions_tables.contributions(frame, ["place"], "revenue")
        top = table.sort(pl.col("sure").abs(), descending=True).row(0, named=True)
        assert (abs(top["sure"]) > 3) == expected


def test_cancelling() -> None:
    frame = members({"a": (200.0, 100.0, 50), "b": (20.0, 110.0, 50), "c": (100.0, 100.0, 50)})
    from analytics.dataset import Dataset  # the label alone is read of it

    class Named:
        members = {"country": ("a", "b", "c")}  # noqa: RUF012
        segments = ()
        title = "x"

    table = contributions_tables.contributions(frame.rename({"place": "country"}), ["country"], "revenue")
    data: Dataset = Named()  # type: ignore[assignment]
    found = contributions_tables.cancelling({"country": table}, data).row(0, named=True)
    assert (found["rises"], found["falls"], found["net"]) == pytest.approx((100, -90, 10))
    assert found["cancelled"] == pytest.approx(0.9)
    assert (found["up"], found["down"]) == ("a", "b")
