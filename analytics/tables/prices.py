"""Prices: what was paid and discounted over time, how units answer to price, and what another price would bring."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import numpy as np
import polars as pl

from analytics import formats, lines, periods
from analytics.dataset import MONEY_SCALE, Dataset
from analytics.dates import month_texts
from analytics.filters import Filters, Where, where
from analytics.models import elasticity
from analytics.models.discoveries import discoveries
from analytics.models.elasticity import Elasticity
from analytics.periods import Comparison, Period

MOST_ITEMS: Final = 60
"""Products of a scope whose own elasticity is estimated: those with the most revenue."""


@dataclass(frozen=True)
class Scope:
    """What a price question is about: a product, a subcategory, a category, or everything in the view."""

    level: str
    """Dimension of the member; empty for everything in the view."""
    member: str

    @property
    def where(self) -> Where:
        """As a filter."""
        return where({self.level: [self.member]}) if self.level else ()


def narrowed(filters: Filters, scope: Scope) -> Filters:
    """The view's filters with the scope's own member."""
    kept = dict(filters.without([scope.level] if scope.level else []).where)
    return Filters(filters.period, filters.comparison, where({**kept, **dict(scope.where)}))


@dataclass(frozen=True, eq=False)
class Months:
    """What products sold by month."""

    rows: pl.DataFrame
    """One row per product and whole month with sales: product (Enum), month (Date), units, revenue, discount,
    price (Int64: the usual price of one; see `lines.unit_prices`)."""
    first: date
    last: date
    """First and last whole month, with sales or without."""


def months(data: Dataset, filters: Filters) -> Months:
    """What was sold over the whole history up to the period's end, under the view's filters."""
    end = filters.period.end
    past = Filters(Period(data.first_day, max(end, data.first_day)), Comparison("none", None), filters.where)
    whole = periods.buckets(past.period, "month", data.calendar).filter("whole")["start"]
    rows = lines.unit_prices(data, past).filter(pl.col("month").is_in(whole.implode()))
    return Months(rows, whole.min() or past.period.start, whole.max() or past.period.start)  # type: ignore[arg-type]


@dataclass(frozen=True)
class SamePrices:
    """How prices moved between two months of what was sold in both, so that no other mix has a part in it."""

    products: int
    change: float
    """0.05 is +5 %: what the units of both months cost at the later prices over what they cost at the earlier ones
    (the index of Marshall and Edgeworth)."""


def same_products(sold: Months) -> SamePrices | None:
    """The prices of what the first and the last month with sales share; None where they share nothing."""
    paid = sold.rows.filter((pl.col("units") > 0) & (pl.col("revenue") > 0)).sort("month")
    if paid["month"].n_unique() < 2:
        return None
    one, other = (paid.filter(pl.col("month") == month) for month in (paid["month"][0], paid["month"][-1]))
    both = one.join(other, on="product", suffix="_last")
    units = pl.col("units") + pl.col("units_last")
    then, now = (
        float(both.select((pl.col("revenue" + end) / pl.col("units" + end) * units).sum()).item())
        for end in ("", "_last")
    )
    return SamePrices(both.height, now / then - 1) if both.height else None


def history(sold: Months, currency: str) -> pl.DataFrame:
    """One row per month: month, label, price (paid per unit), list_price (before discounts, null without discounts),
    discount_rate, units, revenue (currency units), texts."""
    result = sold.rows.group_by("month").agg(
        pl.col("units").sum().round(4),
        pl.col("revenue").sum(),
        pl.when(pl.col("discount").is_not_null().any()).then(pl.col("discount").sum()),
    )
    units = pl.when(pl.col("units") > 0).then(pl.col("units"))
    gross = pl.col("revenue") + pl.col("discount")
    result = result.sort("month").select(
        "month",
        month_texts("month").alias("label"),
        (pl.col("revenue") / units / MONEY_SCALE).alias("price"),
        (gross / units / MONEY_SCALE).alias("list_price"),
        pl.when(gross > 0).then(pl.col("discount") / gross).alias("discount_rate"),
        "units",
        (pl.col("revenue") / MONEY_SCALE).alias("revenue"),
    )
    return result.with_columns(
        pl.Series("price_text", [formats.text(v, "money", currency) for v in result["price"]], pl.String),
        pl.Series("list_text", [formats.text(v, "money", currency) for v in result["list_price"]], pl.String),
        pl.Series("discount_text", [formats.text(v, "share") for v in result["discount_rate"]], pl.String),
        pl.Series("units_text", [formats.text(v, "units") for v in result["units"]], pl.String),
    )


def fit(sold: Months) -> Elasticity:
    """The own-price elasticity of the products, pooled."""
    known = sold.rows.filter((pl.col("units") > 0) & (pl.col("revenue") > 0))
    month = (known["month"].dt.year().cast(pl.Int64) * 12 + known["month"].dt.month().cast(pl.Int64) - 1).to_numpy()
    item = known["product"].to_physical().to_numpy().astype(np.int64)
    price = known["price"].cast(pl.Float64).fill_null(float("nan")).to_numpy()
    span = (_number(sold.first), _number(sold.last))
    return elasticity.fit(known["units"].to_numpy().astype(float), price, item, month, span)


def _number(month: date) -> int:
    return month.year * 12 + month.month - 1


def by_group(data: Dataset, sold: Months) -> pl.DataFrame:
    """Elasticities by subcategory (or category): the columns of `ranked`. Empty without either level."""
    level = next((name for name in ("subcategory", "category") if data.has(name)), None)
    if level is None:
        return ranked([])
    inside = data.products.select(pl.col("product").cast(pl.String), pl.col(level).cast(pl.String).alias("group"))
    names = sold.rows.select(pl.col("product").cast(pl.String)).join(inside, on="product", how="left")
    return _each(sold, sold.rows.with_columns(names["group"]), "group")


def by_product(sold: Months) -> pl.DataFrame:
    """Elasticities of the products with the most revenue: the columns of `ranked`."""
    first = sold.rows.group_by("product").agg(pl.col("revenue").sum()).sort("revenue", descending=True).head(MOST_ITEMS)
    return _each(sold, sold.rows.join(first.select("product"), on="product", how="semi"), "product")


def _each(sold: Months, rows: pl.DataFrame, by: str) -> pl.DataFrame:
    parts = rows.partition_by(by, as_dict=True)
    return ranked(
        [(str(name[0]), fit(replace(sold, rows=part)), int(part["revenue"].sum())) for name, part in parts.items()]
    )


def ranked(result: list[tuple[str, Elasticity, int]]) -> pl.DataFrame:
    """member, value, low, high, observations, variation, reason, revenue (currency units of the history), text, chance
    (of an estimate so far from ELASTIC), elastic (beyond it, and of all rows more than chance). Those with a value
    first, the most elastic at the top."""
    rows = [
        (name, item.value, item.low, item.high, item.observations, item.variation, item.reason, revenue / MONEY_SCALE,
         text(item), item.chance)
        for name, item, revenue in result
    ]  # fmt: skip
    schema = {
        "member": pl.String, "value": pl.Float64, "low": pl.Float64, "high": pl.Float64, "observations": pl.Int64,
        "variation": pl.Float64, "reason": pl.String, "revenue": pl.Float64, "text": pl.String,
        "chance": pl.Float64,
    }  # fmt: skip
    table = pl.DataFrame(rows, schema=schema, orient="row")
    beyond = pl.Series(discoveries(table["chance"].fill_null(float("nan")).to_numpy()), dtype=pl.Boolean)
    table = table.with_columns((beyond & (table["value"] < elasticity.ELASTIC)).fill_null(value=False).alias("elastic"))
    return table.sort("value", "revenue", "member", descending=[False, True, False], nulls_last=True)


def text(elasticity: Elasticity) -> str:
    """An elasticity with its interval: `-1.8 (-2.1 to -1.5)`."""
    if elasticity.value is None or elasticity.low is None or elasticity.high is None:
        return "not identifiable"
    return f"{short(elasticity.value)} ({short(elasticity.low)} to {short(elasticity.high)})"


def short(value: float) -> str:
    """An elasticity with one digit, never `-0.0`."""
    return f"{round(value, 1) + 0.0:.1f}"


@dataclass(frozen=True)
class CurrentSales:
    """What a scope sold in the period, in currency units."""

    revenue: float
    units: float
    cost: float | None
    discount: float | None

    @property
    def discount_rate(self) -> float:
        """Discounts over gross sales."""
        gross = self.revenue + (self.discount or 0.0)
        return (self.discount or 0.0) / gross if gross > 0 else 0.0


def now(data: Dataset, filters: Filters) -> CurrentSales:
    """Sales of a scope in its period."""
    row = lines.sums(data, Filters(filters.period, Comparison("none", None), filters.where), ()).row(0, named=True)
    cost, discount = row["cost"], row["discount"]
    return CurrentSales(
        row["revenue"] / MONEY_SCALE,
        float(row["units"]),
        None if cost is None else cost / MONEY_SCALE,
        None if discount is None else discount / MONEY_SCALE,
    )


def outcome(result: Elasticity, change: float, sold: CurrentSales, currency: str) -> pl.DataFrame:
    """One row per number of a what-if: measure, now, expected, low, high, change (relative), texts."""
    made = elasticity.what_if(result, change, revenue=sold.revenue, units=sold.units, cost=sold.cost)
    rows = []
    for name, item in made.items():
        unit = formats.estimate("units", [sold.units]) if name == "units" else "money"
        rows.append(
            (name.capitalize(), item.now, item.expected, item.low, item.high,
             item.expected / item.now - 1 if item.now > 0 else None,
             *(formats.text(v, unit, currency) for v in (item.now, item.expected, item.low, item.high)))
        )  # fmt: skip
    numbers = ("now", "expected", "low", "high", "change")
    texts = ("now_text", "expected_text", "low_text", "high_text")
    schema = {"measure": pl.String, **dict.fromkeys(numbers, pl.Float64), **dict.fromkeys(texts, pl.String)}
    return pl.DataFrame(rows, schema=schema, orient="row")
