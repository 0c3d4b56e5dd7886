"""Markets: how each compares with its peers, and where one buys less of something than they do."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics import formats, lines
from analytics.dataset import GEOGRAPHY, NOT_RECORDED, Dataset
from analytics.dimensions import set_free_by
from analytics.evaluation import value
from analytics.filters import Filters
from analytics.lines import Totals
from analytics.metrics import METRICS, missing
from analytics.models import shrinkage
from analytics.models.discoveries import discoveries

Array = NDArray[Any]

FEWEST_CUSTOMERS: Final = 30
"""Customers (or orders, where no customers are known) from which a market's ratios are ranked."""

SCORES: Final = (
    "revenue",
    "growth",
    "margin",
    "aov",
    "customers",
    "new_customers",
    "repeat_rate",
    "return_rate",
    "concentration",
)
"""Columns of the scorecard, as far as the data has them."""

SCORE_LABELS: Final = {"growth": "Growth", "concentration": "Best tenth"}
"""Labels of the scores that are no metric."""

SHORT_LABELS: Final = {"aov": "Order value", "repeat_rate": "Repeat rate"}
"""Labels that are too long for a narrow column, shortened; the definition stays on hover."""

SCORE_SENTENCES: Final = {
    "growth": "Revenue against the comparison.",
    "concentration": "Share of known customers' revenue that the best tenth of the market's customers brought.",
}

LESS_IS_BETTER: Final = frozenset({"return_rate", "concentration"})
NOT_RANKED_BY_SIZE: Final = frozenset({"revenue", "customers", "new_customers"})
"""Scores that are counts: small is small, however few the customers."""

TOP_SHARE: Final = 0.1


def places(data: Dataset) -> list[str]:
    """The dimensions by which markets can be told apart: places, then others such as a channel, then segments."""
    names = [name for name in dict.fromkeys(("country", *reversed(GEOGRAPHY))) if data.has(name)]
    return [*names, *(name for name in data.segments if len(data.members[name]) > 2)]


def unit(score: str) -> str:
    """The unit of a score."""
    return "share" if score in SCORE_LABELS else METRICS[score].unit


def label(score: str) -> str:
    """What a score is called."""
    return SCORE_LABELS.get(score) or SHORT_LABELS.get(score) or METRICS[score].label


# --- Scorecard --------------------------------------------------------------------------------------------------------


def scorecard(data: Dataset, filters: Filters, dimension: str) -> pl.DataFrame:
    """One row per market, most revenue first: member, SCORES (as far as the data has them), the rank of each in
    `<score>_rank` (1 is best; null where too few customers bought to compare), few (bool).

    Rates are ranked after being drawn towards the rate of all markets, as far as their size lets chance explain them;
    the number shown is the market's own.
    """
    request = Totals((dimension,), set_free_by(dimension))
    frame = lines.page(data, filters, [request], grain="year")[request].filter(pl.col("lines") > 0)
    frame = frame.filter(pl.col(dimension).is_not_null())
    table = frame.with_columns(
        pl.col(dimension).cast(pl.String).alias("member"),
        pl.when(pl.col("revenue_base") > 0).then(pl.col("revenue") / pl.col("revenue_base") - 1).alias("growth"),
    )
    names = [
        name
        for name in SCORES
        if name in SCORE_LABELS or missing(METRICS[name], data, [dimension, *(n for n, _ in filters.where)]) is None
    ]
    measures = {name: table.select(value(name)).to_series() for name in names if name not in SCORE_LABELS}
    counted = table["customers"] if data.has_customers else table["orders"]
    out = pl.DataFrame([table["member"], table["growth"], (counted < FEWEST_CUSTOMERS).alias("few")])
    out = out.with_columns(series.alias(name) for name, series in measures.items())
    if data.has_customers and dimension == data.place:
        out = out.join(_concentration(data, filters.without(request.without)), on="member", how="left")
    else:
        names = [name for name in names if name != "concentration"]
    if filters.base is None:
        names = [name for name in names if name != "growth"]
    fair = {
        "repeat_rate": ("repeat_customers", "customers"),
        "return_rate": ("returned_units", "units"),
    }
    ranks = []
    for name in names:
        series = out[name]
        if name in fair:
            hits, count = (table[column].fill_null(0).to_numpy() for column in fair[name])
            series = pl.Series(name, shrinkage.towards_pool(np.minimum(hits, count), count)).fill_nan(None)
        enough = pl.lit(True) if name in NOT_RANKED_BY_SIZE else ~pl.col("few")
        ranks.append(
            out.with_columns(series.alias("_"))
            .select(pl.when(enough).then(pl.col("_")).rank("min", descending=name not in LESS_IS_BETTER).cast(pl.Int64))
            .to_series()
            .alias(f"{name}_rank")
        )
    out = out.select("member", "few", *names).with_columns(ranks)
    return out.sort("revenue", "member", descending=[True, False])


def _concentration(data: Dataset, filters: Filters) -> pl.DataFrame:
    """Share of a market's known revenue that its best tenth of customers brought; a customer counts where they bought
    last."""
    people = lines.customers(data, filters)
    if "place" not in people.columns:
        return pl.DataFrame(schema={"member": pl.String, "concentration": pl.Float64})
    best = (pl.len() * TOP_SHARE).ceil().cast(pl.Int64)
    result = people.group_by(pl.col("place").cast(pl.String).alias("member")).agg(
        (pl.col("revenue").sort(descending=True).head(best).sum() / pl.col("revenue").sum()).alias("concentration")
    )
    return result


def profile(card: pl.DataFrame, first: str, second: str, currency: str) -> pl.DataFrame:
    """Two markets side by side: one row per score with score, label, first, second (numbers), texts and ranks."""
    rows = []
    by_member = {row["member"]: row for row in card.to_dicts()}
    for name in card.columns:
        if name in ("member", "few") or name.endswith("_rank"):
            continue
        a, b = by_member[first], by_member[second]
        visible = [formats.text(row[name], unit(name), currency) for row in (a, b)]
        ranks = [row[f"{name}_rank"] for row in (a, b)]
        rows.append((label(name), a[name], b[name], *visible, *ranks))
    schema = {
        "score": pl.String, "first": pl.Float64, "second": pl.Float64, "first_text": pl.String,
        "second_text": pl.String, "first_rank": pl.Int64, "second_rank": pl.Int64,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row", strict=False)


def mix(data: Dataset, filters: Filters, dimension: str, level: str, members: tuple[str, str]) -> pl.DataFrame:
    """What two markets buy: one row per market and category with member, kind (the category), value (share of the
    market's revenue), text."""
    frame = lines.sums(data, filters.without(set_free_by(dimension)), [dimension, level])
    frame = frame.with_columns(pl.col(dimension, level).cast(pl.String)).filter(pl.col(dimension).is_in(members))
    share = pl.col("revenue") / pl.col("revenue").sum().over(dimension)
    table = frame.select(
        pl.col(dimension).alias("member"), pl.col(level).alias("kind"), share.fill_nan(0).alias("value")
    )
    return table.with_columns(pl.Series("text", [formats.text(v, "share") for v in table["value"]], pl.String)).sort(
        pl.col("member") != members[0], "kind"
    )


# --- White space ------------------------------------------------------------------------------------------------------


def white_space(data: Dataset, filters: Filters, dimension: str, level: str, currency: str) -> pl.DataFrame:
    """Where markets buy less of a category than their peers, beyond chance; most money first.

    One row per market and category whose gap's 90 % interval excludes 0 and which is called beyond chance among all
    markets and categories, see `discoveries`: market, category, member (both), share (of the market's revenue), peers
    (the others' pooled share), shrunk, gap, money (gap x the market's revenue of the period, currency units),
    money_low, money_high, orders, texts.
    """
    table = gaps(data, filters, dimension, level)
    called = pl.Series(discoveries(table["chance"].to_numpy()), dtype=pl.Boolean)
    return _with_money(table.filter(called & (table["gap_low"] > 0)).drop("chance"), currency)


def gaps(data: Dataset, filters: Filters, dimension: str, level: str) -> pl.DataFrame:
    """One row per market and category with market, category, share, peers, shrunk, gap, gap_low, gap_high (its 90 %
    interval), chance (of one as large, see `shrinkage`), whole (revenue, currency units) and orders."""
    free = filters.without([*set_free_by(dimension), *set_free_by(level)])
    table = lines.baskets(data, free, dimension, level)
    table = table.filter(pl.col(dimension).cast(pl.String) != NOT_RECORDED)
    parts = [pl.DataFrame(schema=GAPS)]
    for (category,), part in table.partition_by(level, as_dict=True).items():
        sums = {name: part[name].to_numpy() for name in ("part", "whole", "squares", "cross", "whole_squares")}
        orders = part["orders"].to_numpy()
        variance = _smoothed(shrinkage.ratio_variance(*sums.values()), orders, sums["part"])
        people = np.minimum(part["customers"].to_numpy(), _peers_worth(sums["part"], sums["squares"]))
        found = shrinkage.shrink(sums["part"], sums["whole"], orders, variance, people)
        numbers = (found.share, found.peers, found.shrunk, found.gap, found.low, found.high, found.chance)
        market, name = part[dimension].cast(pl.String), pl.Series([str(category)] * part.height, dtype=pl.String)
        parts.append(pl.DataFrame([market, name, *map(pl.Series, numbers), part["whole"], part["orders"]], list(GAPS)))
    columns = [name for name, dtype in GAPS.items() if dtype == pl.Float64]
    return pl.concat(parts).filter(pl.all_horizontal(pl.col(columns).is_finite()))


GAPS: Final = {
    "market": pl.String,
    "category": pl.String,
    **dict.fromkeys(("share", "peers", "shrunk", "gap", "gap_low", "gap_high", "chance", "whole"), pl.Float64),
    "orders": pl.Int64,
}
"""Columns of `gaps`."""


def _peers_worth(part: Array, squares: Array) -> Array:
    """On how many customers alike what the others spent on a category would rest as much as on theirs."""
    others, their_squares = part.sum() - part, squares.sum() - squares
    return np.asarray(np.where(their_squares > 0, others**2 / np.where(their_squares > 0, their_squares, 1), 0))


def _smoothed(variance: Array, orders: Array, part: Array) -> Array:
    """A market without a single sale of a category shows no variance; it then gets the pooled one of its size."""
    seen = (part > 0) & (orders > 0)
    pooled = float((variance[seen] * orders[seen]).mean()) if seen.any() else 0.0
    return np.where(part > 0, variance, pooled / np.maximum(orders, 1))


def _with_money(table: pl.DataFrame, currency: str) -> pl.DataFrame:
    table = table.with_columns(
        pl.concat_str("market", pl.lit(" · "), "category").alias("member"),
        *(
            (pl.col(gap) * pl.col("whole")).alias(money)
            for gap, money in (("gap", "money"), ("gap_low", "money_low"), ("gap_high", "money_high"))
        ),
    )
    table = table.drop("gap_low", "gap_high", "whole").sort("money", "member", descending=[True, False])
    return table.with_columns(
        pl.Series("text", [formats.text(v, "money", currency) for v in table["money"]], pl.String),
        pl.Series(
            "range_text",
            [f"{formats.text(a, 'money', currency)} to {formats.text(b, 'money', currency)}"
             for a, b in table.select("money_low", "money_high").iter_rows()],
            pl.String,
        ),
        pl.Series("share_text", [formats.text(v, "share") for v in table["share"]], pl.String),
        pl.Series("peers_text", [formats.text(v, "share") for v in table["peers"]], pl.String),
    )  # fmt: skip
