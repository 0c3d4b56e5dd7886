"""Contributions: members sum to the whole change exactly, and what stands out is what was planted."""

from __future__ import annotations

from datetime import timedelta

import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from analytics import lines
from analytics.dataset import MONEY_SCALE, Dataset
from analytics.evaluation import value
from analytics.filters import Filters
from analytics.lines import MOMENTS, PARTS, Squares
from analytics.metrics import METRICS
from analytics.periods import Comparison, Period
from analytics.tables.drivers import contributions as contributions_tables
from analytics.tables.drivers import pairs as pair_tables
from tests import twins
from tests.random_data import datasets, examples, views

SLOW = examples(40)
EXPLAINED = [name for name in METRICS if contributions_tables.metric_for(name)[0] == name]


def test_metrics_that_do_not_add_up_explain_revenue_instead() -> None:
    assert {"revenue", "profit", "margin", "units", "discount_rate"} <= set(EXPLAINED)
    for name in ("customers", "orders", "aov", "return_rate"):
        metric, why = contributions_tables.metric_for(name)
        assert metric == "revenue"
        assert METRICS[name].label in why


def test_a_ratio_of_nothing_has_no_change() -> None:
    """Where all was free in the base its margin was once taken for 0, and members made much of it."""
    some = {"revenue": 100, "cost": 60, "revenue_base": 50, "cost_base": 20}
    assert contributions_tables.metric_for("margin", pl.DataFrame([some])) == ("margin", "")
    for end in ("", "_base"):
        free = pl.DataFrame([some | {f"revenue{end}": 0}])
        assert contributions_tables.metric_for("margin", free) == (
            "revenue",
            "Margin has no value in one of the two periods, so revenue is explained instead.",
        )
    assert contributions_tables.metric_for("revenue", pl.DataFrame([some | {"revenue": 0}])) == ("revenue", "")


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
    pairs = [pair for group in pair_tables.groups_of_pairs(names) for pair in group]
    rates = contributions_tables.rates(whole_frame, metric)
    assert rates == pytest.approx((now, base) if METRICS[metric].per else (0.0, 0.0))
    worth = contributions_tables.worth(metric, rates)
    squares = lines.squares(data, filters, [*((name,) for name in names), *pairs], worth)
    whole = contributions_tables.change(squares, metric)
    assert (whole.now, whole.base) == pytest.approx((now, base))
    by_length = [[keys for keys in squares.by if len(keys) == length] for length in (1, 2)]
    tables = [contributions_tables.contributions(squares, some, metric) for some in by_length]
    for keys, table in [*tables[0].items(), *tables[1].items()]:
        assert table["moved"].sum() == pytest.approx(now - base, abs=1e-6)
        assert table.height == lines.sums(data, filters, keys).height


def members(rows: dict[str, tuple[float, float, int]]) -> pl.DataFrame:
    """Member -> revenue now and in the base (currency units), lines of each side."""
    sides = (("", 0), ("_base", 1))
    made = []
    for name, (*revenue, count) in rows.items():
        row: dict[str, object] = {"place": name}
        for suffix, side in sides:
            row |= {f"{measure}{suffix}": count for measure in ("lines", "units")}
            row |= {f"{measure}{suffix}": 0 for measure in ("discount", "cost")}
            row[f"revenue{suffix}"] = round(revenue[side] * MONEY_SCALE)
        made.append(row)
    return pl.DataFrame(made)


def alike(frame: pl.DataFrame, *keys: tuple[str, ...], metric: str = "revenue") -> Squares:
    """Squares of customers who each bought one line of a period, all lines of it and of its key alike."""
    by, row = {}, METRICS[metric]

    def money(names: tuple[str, ...], suffix: str) -> pl.Expr:
        return sum((pl.col(name + suffix) for name in names), pl.lit(0)) / MONEY_SCALE

    for names in keys:
        part, part_base = (money(row.plus, suffix) - money(row.less, suffix) for suffix in ("", "_base"))
        sums = frame.group_by(names, maintain_order=True).agg(
            part.sum().alias("part"), part_base.sum().alias("part_base"),
            money(row.per, "").sum().alias("per"), money(row.per, "_base").sum().alias("per_base"),
            (part**2 / pl.max_horizontal("lines", 1)).sum().alias("now"),
            (part_base**2 / pl.max_horizontal("lines_base", 1)).sum().alias("base"),
            (pl.col("lines") + pl.col("lines_base")).sum().alias("lines"),
        )  # fmt: skip
        moments = ("now", None, "base", "now", None, "base")
        columns = [(pl.col(m) if m else pl.lit(0.0)).alias(n) for m, n in zip(moments, MOMENTS, strict=True)]
        by[names] = sums.select(*names, *PARTS, *columns, "lines", pl.lit(100, pl.Int64).alias("customers"))
    first = by[keys[0]]
    total = tuple(float(first[name].sum()) for name in PARTS)
    return Squares(by, (float(first["now_now"].sum()), 0.0, float(first["base_base"].sum())), total)


def table_of(frame: pl.DataFrame, metric: str = "revenue", *names: str) -> pl.DataFrame:
    keys = names or ("place",)
    return contributions_tables.contributions(alike(frame, keys, metric=metric), [keys], metric)[keys]


def test_growth_is_seen_against_the_rest() -> None:
    frame = members({"up": (150.0, 100.0, 1_000), "flat": (300.0, 300.0, 1_000), "down": (90.0, 100.0, 1_000)})
    table = {row["member"]: row for row in table_of(frame).to_dicts()}
    assert table["up"]["share_of_change"] == pytest.approx(50 / 40)
    assert table["up"]["growth_rest"] == pytest.approx(390 / 400 - 1)
    assert table["up"]["excess"] == pytest.approx(50 - 100 * (390 / 400 - 1))
    assert table["flat"]["growth"] == 0


def test_a_ratio_is_split_into_rate_and_weight() -> None:
    """Margins of 20 % and 30 %: the better one sells three times as much now, the other earns 25 %."""
    frame = members({"low": (100.0, 100.0, 500), "high": (300.0, 100.0, 500)}).with_columns(
        pl.Series("cost", [750_000, 2_100_000]), pl.Series("cost_base", [800_000, 700_000])
    )
    table = {row["member"]: row for row in table_of(frame, "margin").to_dicts()}
    # 25 % before and 28.75 % now
    assert sum(row["moved"] for row in table.values()) == pytest.approx(0.0375)
    assert table["low"]["by_rate"] == pytest.approx(0.05 * 100 / 400)
    assert table["high"]["by_rate"] == pytest.approx(0)
    assert table["high"]["moved"] == pytest.approx((0.75 - 0.5) * (0.3 - 0.25))
    sums = table_of(frame)
    assert sums["by_rate"].to_list() == [None, None]


def test_pairs_are_compared_with_what_both_members_lead_one_to_expect() -> None:
    rows = [("A", "x", 120.0, 100.0), ("A", "y", 120.0, 100.0), ("B", "x", 100.0, 100.0), ("B", "y", 60.0, 100.0)]
    frame = pl.concat(
        [members({"p": (now, base, 500)}).with_columns(pl.lit(a).alias("place"), pl.lit(b).alias("item"))
         for a, b, now, base in rows]
    )  # fmt: skip
    squares = alike(frame, ("place", "item"), ("place",), ("item",))
    pair = contributions_tables.contributions(squares, [("place", "item")], "revenue")["place", "item"]
    found = pair_tables.pair_excess(pair, ("place", "item"), squares)
    table = {row["member"]: row for row in found.to_dicts()}
    assert table["B × y"]["excess"] == pytest.approx(60 - 100 * 0.8 * 0.9 / 1.0)
    assert sum(row["moved"] for row in table.values()) == pytest.approx(0)


def test_what_chance_makes_is_not_spoken_of() -> None:
    few = members({"a": (130.0, 100.0, 20), "b": (95.0, 100.0, 20), "c": (100.0, 100.0, 20)})
    many = members({"a": (130.0, 100.0, 20_000), "b": (95.0, 100.0, 20_000), "c": (100.0, 100.0, 20_000)})
    for frame, expected in ((few, False), (many, True)):
        table = table_of(frame)
        top = table.sort(pl.col("sure").abs(), descending=True).row(0, named=True)
        assert (abs(top["sure"]) > 3) == expected


@given(st.data())
@SLOW
def test_the_noise_of_an_excess_is_that_of_customers(draw: st.DataObject) -> None:
    """A customer's share of what a member moved beyond the rest, squared and summed over all customers."""
    data = draw.draw(datasets())
    filters, _ = draw.draw(views(data))
    assume(filters.base is not None and filters.base.end < filters.period.start)
    name = draw.draw(st.sampled_from(sorted(set(data.members) - set(data.segments))))
    squares = lines.squares(data, filters, [(name,)], lines.Worth(("revenue",)))
    table = contributions_tables.contributions(squares, [(name,)], "revenue")[(name,)]
    sums: dict[object, dict[str, list[float]]] = {}
    for row in twins.lines_of(data):
        for side, period in enumerate((filters.period, filters.base)):
            if period and period.start <= row["day"] <= period.end and twins.kept_row(row, filters.where):
                who = row["customer"] if row["customer"] is not None else ("order", row["order"])
                mine = sums.setdefault(who, {}).setdefault(str(row[name]), [0.0, 0.0])
                mine[side] += row["revenue"] / MONEY_SCALE
    for row in table.to_dicts():
        rest, rest_base = (table[c].sum() - row[c] for c in ("value", "value_base"))
        g, k = (max(rest / rest_base, 0), row["value_base"] / rest_base) if rest_base > 0 else (1.0, 0.0)
        own = pooled = 0.0
        for bought in sums.values():
            x, y = bought.get(row["member"], [0.0, 0.0])
            every, every_base = (sum(both[side] for both in bought.values()) for side in (0, 1))
            now, base = (1 + k) * x - k * every, (1 + k) * y - k * every_base
            own += (now - g * base) ** 2
            pooled += g * (now**2 + base**2) - 2 * g * now * base
        assert (row["noise"] or 0.0) ** 2 == pytest.approx(max(own, pooled, 0.0), rel=1e-6, abs=1e-3)


def _per_customer(data: Dataset, filters: Filters, name: str) -> dict[object, dict[str, list[list[float]]]]:
    """Of each customer, what each member brought: revenue less cost, and revenue, now and in the base."""
    sums: dict[object, dict[str, list[list[float]]]] = {}
    for row in twins.lines_of(data):
        for side, period in enumerate((filters.period, filters.base)):
            if period and period.start <= row["day"] <= period.end and twins.kept_row(row, filters.where):
                who = row["customer"] if row["customer"] is not None else ("order", row["order"])
                mine = sums.setdefault(who, {}).setdefault(str(row[name]), [[0.0, 0.0], [0.0, 0.0]])
                mine[side][0] += (row["revenue"] - row["cost"]) / MONEY_SCALE
                mine[side][1] += row["revenue"] / MONEY_SCALE
    return sums


@given(st.data())
@SLOW
def test_the_excess_of_a_ratio_is_what_its_distance_from_the_whole_moved(draw: st.DataObject) -> None:
    """w (r - R) now less w0 (r0 - R0) in the base, and the squares of its customers' shares."""
    data = draw.draw(datasets(cost=True))
    half = data.first_day + (data.last_day - data.first_day) // 2
    assume(half < data.last_day)
    now = Period(half + timedelta(1), data.last_day)
    filters = Filters(now, Comparison("custom", Period(data.first_day, half)), ())
    name = draw.draw(st.sampled_from(sorted(set(data.members) - set(data.segments))))
    sums = _per_customer(data, filters, name)
    whole = [[sum(m[side][n] for mine in sums.values() for m in mine.values()) for n in (0, 1)] for side in (0, 1)]
    if min(whole[0][1], whole[1][1]) <= 1:
        return  # No denominator, or one in which ten-thousandths count.
    (n_all, d_all), (n_all_base, d_all_base) = whole
    rates = n_all / d_all, n_all_base / d_all_base
    squares = lines.squares(data, filters, [(name,)], contributions_tables.worth("margin", rates))
    table = contributions_tables.contributions(squares, [(name,)], "margin")[(name,)]
    for row in table.to_dicts():
        mine = [
            [sum(who.get(row["member"], _NONE)[side][n] for who in sums.values()) for n in (0, 1)] for side in (0, 1)
        ]
        gaps = [(n - d * rate) / of[1] for (n, d), rate, of in zip(mine, rates, whole, strict=True)]
        assert row["excess"] == pytest.approx(gaps[0] - gaps[1], rel=1e-6, abs=1e-9)
        weight = (mine[0][1] / d_all + mine[1][1] / d_all_base) / 2
        own = pooled = both = 0.0
        for bought in sums.values():
            part = bought.get(row["member"], _NONE)
            beyond = [[each[s][0] - rates[s] * each[s][1] for each in (part, *bought.values())] for s in (0, 1)]
            u, v = (mine - weight * sum(others) for mine, *others in beyond)
            own += (u / d_all) ** 2 + (v / d_all_base) ** 2
            pooled += (u**2 + v**2) / (d_all + d_all_base) * (1 / d_all + 1 / d_all_base)
            both += 2 * u * v / (d_all * d_all_base)
        truth = max(max(own, pooled) - both, 0.0) + contributions_tables.SHOWN["share"] ** 2
        assert (row["noise"] or 0.0) ** 2 == pytest.approx(truth, rel=1e-4, abs=1e-6)


_NONE = [[0.0, 0.0], [0.0, 0.0]]


def test_a_ratio_that_moves_alike_everywhere_has_no_excess() -> None:
    """Costs of 60 of 100 that fall to 54 everywhere move each margin from 40 to 46 %: nothing stands out."""
    squares = Squares(
        {
            ("place",): pl.DataFrame(
                {
                    "place": ["a", "b"],
                    **{name: [0.0, 0.0] for name in MOMENTS},
                    "part": [46.0, 138.0], "part_base": [40.0, 120.0],
                    "per": [100.0, 300.0], "per_base": [100.0, 300.0],
                    "lines": [50, 50], "customers": [20, 20],
                }
            )
        },
        (1.0, 0.0, 1.0),
        (184.0, 160.0, 400.0, 400.0),
    )  # fmt: skip
    table = contributions_tables.contributions(squares, [("place",)], "margin")[("place",)]
    assert table["moved"].sum() == pytest.approx(0.06)
    assert table["excess"].to_list() == pytest.approx([0.0, 0.0])
    assert table["growth_rest"].to_list() == pytest.approx([0.06, 0.06])


def test_cancelling() -> None:
    frame = members({"a": (200.0, 100.0, 50), "b": (20.0, 110.0, 50), "c": (100.0, 100.0, 50)})

    class Named:
        members = {"country": ("a", "b", "c")}  # noqa: RUF012
        segments = ()
        title = "x"

    table = table_of(frame.rename({"place": "country"}), "revenue", "country")
    data: Dataset = Named()  # type: ignore[assignment]
    found = contributions_tables.cancelling({"country": table}, data).row(0, named=True)
    assert (found["rises"], found["falls"], found["net"]) == pytest.approx((100, -90, 10))
    assert found["cancelled"] == pytest.approx(0.9)
    assert (found["up"], found["down"]) == ("a", "b")
