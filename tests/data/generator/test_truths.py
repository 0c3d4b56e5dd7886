"""What is planted in the demo is there: prices, launches, markets, customers."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import polars as pl
import pytest

from analytics.dataset import NOT_RECORDED
from data.generator import truths
from tests.data.generator.conftest import Demo, year

# --- Products and prices ----------------------------------------------------------------------------------------------


def test_margins(demo: Demo) -> None:
    def margins(level: str) -> dict[str, float]:
        rows = demo.lines.group_by(level).agg(1 - pl.col("cost").sum() / pl.col("revenue").sum())
        return dict(rows.with_columns(pl.col(level).cast(pl.String)).iter_rows())

    categories = sorted(margins("category").values())
    assert all(higher - lower > 0.02 for lower, higher in pairwise(categories))
    subcategories = margins("subcategory")
    assert subcategories.pop(truths.LOSS_MAKING_SUBCATEGORY) < -0.03
    assert min(subcategories.values()) > 0.2


def test_prices_are_those_of_a_shop(demo: Demo) -> None:
    for column in ("revenue", "discount", "cost"):
        assert (demo.lines[column] % 100 == 0).all()
    price = (demo.lines["revenue"] + demo.lines["discount"]) // demo.lines["quantity"]
    assert (price % 10_000 == 9_900).all()
    discounted = (demo.lines["discount"] > 0).mean()
    assert 0.1 < discounted < 0.25  # type: ignore[operator]
    assert demo.lines.filter(pl.col("discount") > 0.36 * (pl.col("revenue") + pl.col("discount"))).is_empty()


@pytest.mark.parametrize(("subcategory", "elasticity"), truths.ELASTICITY.items())
def test_units_answer_to_price_as_planted(large: Demo, subcategory: str, elasticity: float) -> None:
    """Log units on log price with product and month effects, by ordinary least squares."""
    months = (
        large.lines.filter(pl.col("subcategory") == subcategory)
        .group_by("product", pl.col("day").dt.truncate("1mo").alias("month"))
        .agg(pl.col("quantity").cast(pl.Int64).sum(), pl.col("revenue").sum())
        .filter(pl.col("month") < date(2026, 6, 1))
        .sort("product", "month")
    )
    units = np.log(months["quantity"].to_numpy().astype(float))
    price = np.log((months["revenue"] / months["quantity"]).to_numpy())
    effects = [(months[key].rank("dense") - 1).to_numpy() for key in ("product", "month")]
    dummies = [np.eye(int(effect.max()) + 1)[effect.astype(int)] for effect in effects]
    found = np.linalg.lstsq(np.column_stack([price, dummies[0], dummies[1][:, 1:]]), units, rcond=None)[0][0]
    assert found == pytest.approx(elasticity, abs=0.25)


def test_launched_and_discontinued(demo: Demo) -> None:
    sold = demo.lines.group_by(pl.col("product").cast(pl.String)).agg(
        pl.col("day").min().alias("first"), pl.col("day").max().alias("last"), pl.col("revenue").sum()
    )
    rows = {row["product"]: row for row in sold.iter_rows(named=True)}
    launched, discontinued = rows[truths.LAUNCHED], rows[truths.DISCONTINUED]
    assert truths.LAUNCH_DAY <= launched["first"] < truths.LAUNCH_DAY + timedelta(days=21)
    assert truths.DISCONTINUED_DAY - timedelta(days=21) < discontinued["last"] < truths.DISCONTINUED_DAY
    assert min(launched["revenue"], discontinued["revenue"]) > 0.02 * demo.revenue()
    others = sold.filter(~pl.col("product").is_in([truths.LAUNCHED, truths.DISCONTINUED]))
    assert (others["last"] - others["first"]).dt.total_days().quantile(0.1) > 900  # type: ignore[operator]


def test_the_defective_product_comes_back(demo: Demo) -> None:
    sold = demo.lines.group_by("product").agg(pl.col("quantity").cast(pl.Int64).sum().alias("sold"))
    back = demo.returns.group_by("product").agg(pl.col("quantity").cast(pl.Int64).sum().alias("back"))
    rate = sold.join(back, on="product").with_columns(rate=pl.col("back") / pl.col("sold"))
    common = rate.filter(pl.col("sold") >= 100).sort("rate", descending=True)
    assert common["product"][0] == truths.DEFECTIVE
    assert common["rate"][0] > 1.5 * common["rate"][1]
    reasons = demo.returns.filter(pl.col("product") == truths.DEFECTIVE)["reason"]
    assert (reasons == "Defective").mean() > 0.7  # type: ignore[operator]


def test_bought_together(large: Demo) -> None:
    baskets = large.lines.group_by("order").agg(pl.col("product").cast(pl.String))
    for first, companion, _ in truths.BOUGHT_TOGETHER:
        has = {name: pl.col("product").list.contains(name) for name in (first, companion)}
        confidence = baskets.filter(has[first], has[companion]).height / baskets.filter(has[first]).height
        lift = confidence / (baskets.filter(has[companion]).height / baskets.height)
        assert confidence > 0.10
        assert lift > 4


# --- Markets and customers --------------------------------------------------------------------------------------------


def test_one_country_declines_and_one_grows_fastest(demo: Demo) -> None:
    country = pl.col("country").cast(pl.String)
    change = (
        demo.lines.group_by(country)
        .agg(
            before=pl.col("revenue").filter(year() == 2024).sum(),
            after=pl.col("revenue").filter(year() == 2025).sum(),
        )
        .with_columns(change=pl.col("after") - pl.col("before"), growth=pl.col("after") / pl.col("before"))
    )
    growth = dict(change.select("country", "growth").iter_rows())
    assert change.sort("change")["country"][0] == truths.DECLINING_COUNTRY
    assert growth[truths.DECLINING_COUNTRY] < 0.95
    assert growth[truths.GROWING_COUNTRY] > 1.1


def test_growth_of_markets_holds_with_many_lines(large: Demo) -> None:
    months = large.months.with_columns(pl.col("country").cast(pl.String))
    years = months.group_by("country").agg(
        *(pl.col("revenue").filter(pl.col("month") // 12 == part).sum().alias(str(part)) for part in range(2)),
        pl.col("revenue").filter(pl.col("month").is_between(24, 34)).sum().alias("2"),
    )
    years = years.with_columns(growth=pl.col("2") / pl.col("0")).sort("growth")
    assert years["country"][0] == truths.DECLINING_COUNTRY
    assert years["country"][-1] == truths.GROWING_COUNTRY
    assert years["growth"][0] < 0.5
    assert years["growth"][1] > 0.8


def test_white_space(demo: Demo) -> None:
    country, category, factor = truths.WHITE_SPACE
    shares = demo.lines.group_by(pl.col("country").cast(pl.String)).agg(
        share=pl.col("revenue").filter(pl.col("category") == category).sum() / pl.col("revenue").sum(),
        orders=pl.col("order").n_unique(),
    )
    own = shares.filter(pl.col("country") == country)["share"][0]
    peers = shares.filter(pl.col("country") != country, pl.col("orders") > 500)["share"]
    assert own < peers.min()  # type: ignore[operator]
    assert own / peers.mean() == pytest.approx(factor, abs=0.25)  # type: ignore[operator]


def test_income_pays(demo: Demo) -> None:
    spend = (
        demo.lines.filter(pl.col("customer") > 0)
        .group_by("income")
        .agg(pl.col("revenue").sum() / pl.col("customer").n_unique())
    )
    bands = spend.filter(pl.col("income") != NOT_RECORDED).sort("income")["revenue"].to_list()
    assert bands == sorted(bands)
    assert bands[-1] > 2 * bands[0]


@pytest.mark.parametrize(
    ("who", "what"),
    [
        (pl.col("homeowner") == "Yes", pl.col("category") == "Home & Garden"),
        (~pl.col("children").cast(pl.String).is_in(["0", NOT_RECORDED]), pl.col("category") == "Camping & Hiking"),
        (pl.col("age").cast(pl.String).is_in(["55-64", "65+"]), pl.col("subcategory") == "E-Bikes"),
    ],
)
def test_who_favours_what(demo: Demo, who: pl.Expr, what: pl.Expr) -> None:
    known = demo.lines.filter(pl.col("customer") > 0)
    share = [
        known.filter(group).select((pl.col("revenue") * what).sum() / pl.col("revenue").sum()).item()
        for group in (who, ~who)
    ]
    assert share[0] > 1.15 * share[1]


def test_older_customers_buy_less_online(demo: Demo) -> None:
    older = pl.col("age").cast(pl.String).is_in(["55-64", "65+"])
    orders = demo.lines.filter(pl.col("customer") > 0, pl.col("age") != NOT_RECORDED).unique("order")
    online = [(orders.filter(group)["channel"] == "Online").mean() for group in (older, ~older)]
    assert online[0] < online[1] - 0.1  # type: ignore[operator]


@pytest.mark.parametrize(("attribute", "members"), [("gender", 2), ("education", 5)])
def test_gender_and_education_have_no_effect(large: Demo, attribute: str, members: int) -> None:
    spend = (
        large.lines.filter(pl.col("customer") > 0)
        .group_by(attribute)
        .agg(pl.col("revenue").sum() / pl.col("customer").n_unique())
    )
    values = spend.sort(attribute)["revenue"][:members]
    assert values.max() / values.min() < 1.08  # type: ignore[operator]
