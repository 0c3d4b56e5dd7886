"""Returns: how often what is sold comes back, against what its neighbours lead one to expect, and the money lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from analytics import formats, lines
from analytics.dataset import MONEY_SCALE, NO_CUSTOMER, PLACES, Dataset
from analytics.filters import Filters, between
from analytics.lines.conditions import kept
from analytics.models import shrinkage
from analytics.models.discoveries import discoveries, more_often

FEWEST_SOLD: Final = 20
"""Units sold from which a product's rate is compared with its neighbours'."""

SAME: Final = 2
"""Events of one member that say as much of how many units come back together as those of all members do."""

LAGS: Final = ((7, "within a week"), (14, "8–14 days"), (30, "15–30 days"), (60, "31–60 days"), (10**6, "later"))
"""Last day of each span of days between order and return, and its name."""


@dataclass(frozen=True)
class ReturnTables:
    """The section's tables; money in currency units."""

    units: float
    sold: float
    amount: float
    products: pl.DataFrame
    """One row per product with sales or returns: member, sold, returned, rate, low, high (95 %, by customer), expected
    (the rate of the rest of its subcategory, or of everything), beyond (whether more comes back than chance makes of
    that; of all products, the false discovery rate is held), amount, excess (money returned beyond what was expected),
    texts. Largest excess first."""
    places: pl.DataFrame
    """One row per country (or the level there is): member, sold, returned, rate, low, high, expected (all others'),
    beyond (as of products), amount, texts; empty where the returns do not carry it."""
    reasons: pl.DataFrame
    """One row per reason: member, returned, amount, share, text; empty without reasons."""
    lags: pl.DataFrame
    """One row per span of days between order and return: member, returned, share, text; empty where returns name no
    order."""
    median_days: float | None


def missing(data: Dataset, filters: Filters) -> str:
    """Why there is nothing to show, in words; empty where there is."""
    if data.returns is None:
        return "This dataset has no returns. Add a returns table, or keep lines with negative quantities as returns."
    if "product" not in data.returns.columns:
        return "The returns do not name their product."
    uncarried = [name for name, _ in filters.where if name not in data.returns.columns]
    if uncarried:
        return f"The returns do not carry {', '.join(uncarried)}; remove that filter to see them."
    return ""


def returns(data: Dataset, filters: Filters, currency: str) -> ReturnTables:
    """The returns of a view, dated by the return. ValueError where `missing` says why not."""
    if missing(data, filters) or data.returns is None:
        raise ValueError(missing(data, filters))
    condition = kept(filters.where, data.members)
    inside = between(filters.period)
    frame = data.returns.filter(inside if condition is None else inside & condition)
    sold = lines.sums(data, filters, ["product"])
    place = next((n for n in PLACES if data.has(n) and n in frame.columns), None)
    lags, median = _lags(data, frame)
    return ReturnTables(
        units=frame.select(_units_of(data)).item(),
        sold=sold.select(pl.col("units").sum().round(4)).item(),
        amount=int(frame["amount"].sum()) / MONEY_SCALE,
        products=_products(data, frame, sold, currency),
        places=_rates(data, frame, lines.sums(data, filters, [place]), place, currency) if place else pl.DataFrame(),
        reasons=_reasons(data, frame, currency),
        lags=lags,
        median_days=median,
    )


def _alike(data: Dataset, frame: pl.DataFrame, name: str) -> pl.DataFrame:
    """How many units of each member come back together, weighted by units: the member, alike (at least 1), events.

    What one customer returns of it, or one order where no customer is known, is one event, however many its units.
    """
    row = pl.int_range(pl.len(), dtype=pl.Int64)
    order = pl.col("order").cast(pl.Int64).fill_null(-1 - row) if "order" in frame.columns else row
    customer = pl.col("customer").cast(pl.Int64).fill_null(NO_CUSTOMER) if "customer" in frame.columns else NO_CUSTOMER
    units = data.units(pl.col("quantity").cast(pl.Int64)).cast(pl.Float64)
    named = frame.select(name, units, order.alias("order"), customer=customer)
    unknown = pl.col("customer") == NO_CUSTOMER
    events = named.group_by(name, "customer", pl.when(unknown).then("order")).agg(pl.col("quantity").sum())
    squares = pl.col("quantity").pow(2).sum() / pl.col("quantity").sum()
    return events.group_by(name).agg(squares.fill_nan(1.0).clip(1.0).alias("alike"), pl.len().alias("events"))


def _beyond(table: pl.DataFrame) -> pl.Series:
    """Which members have more returned than chance makes of the rate of those they are compared with."""
    alike = pl.col("alike")
    whole = pl.min_horizontal("returned", "sold") / alike
    others = pl.min_horizontal("others_back", "others_sold") / alike
    counts = table.select(
        whole.floor().alias("hits"), (pl.col("sold") / alike).ceil().alias("count"),
        (whole.floor() + others.ceil()).alias("all_hits"),
        ((pl.col("sold") / alike).ceil() + (pl.col("others_sold") / alike).ceil()).alias("all_count"),
        (pl.col("sold") >= FEWEST_SOLD).alias("candidate"),
    )  # fmt: skip
    chances = more_often(*(counts[name].to_numpy() for name in ("hits", "count", "all_hits", "all_count")))
    return pl.Series("beyond", discoveries(np.where(counts["candidate"], chances, np.nan)), pl.Boolean)


def _units_of(data: Dataset) -> pl.Expr:
    return data.units(pl.col("quantity").cast(pl.Int64).sum())


def _counted(data: Dataset, frame: pl.DataFrame, sold: pl.DataFrame, name: str) -> pl.DataFrame:
    back = frame.drop_nulls(name).group_by(name).agg(_units_of(data).alias("returned"), pl.col("amount").sum())
    table = sold.select(name, pl.col("units").alias("sold")).join(back, on=name, how="full", coalesce=True)
    table = table.join(_alike(data, frame, name), on=name, how="left", maintain_order="left")
    # What came back of few units says little of how many come back together, so of all it is looked at, too.
    usual = (pl.col("alike") * pl.col("returned")).sum() / pl.col("returned").filter(pl.col("alike") > 0).sum()
    return table.with_columns(
        pl.col("sold", "returned", "amount").fill_null(0),
        pl.col("alike").fill_null(1.0),
        usual.fill_nan(1.0).alias("usual"),
    )


def _intervals(table: pl.DataFrame) -> pl.DataFrame:
    """With the rate and its 95 % interval, of events: what comes back together says no more than one unit alone."""
    alike, usual, seen = (table[name].to_numpy() for name in ("alike", "usual", "events"))
    together = (seen * alike + SAME * usual) / (seen + SAME)
    events = (table[name].to_numpy() / together for name in ("returned", "sold"))
    low, high = shrinkage.rate_interval(*events)
    rate = pl.when(pl.col("sold") > 0).then(pl.col("returned") / pl.col("sold"))
    return table.with_columns(rate.alias("rate"), pl.Series("low", low), pl.Series("high", high))


def _products(data: Dataset, frame: pl.DataFrame, sold: pl.DataFrame, currency: str) -> pl.DataFrame:
    table = _counted(data, frame, sold, "product")
    level = next((name for name in ("subcategory", "category") if data.has(name)), None)
    if level:
        table = table.join(data.products.select("product", level), on="product", how="left")
    of = [level] if level else [pl.lit(0)]
    near_sold, near_back = (pl.col(column).sum().over(of) - pl.col(column) for column in ("sold", "returned"))
    # Too few neighbours to know from: then everything else sold says what to expect.
    all_sold, all_back = (pl.col(column).sum() - pl.col(column) for column in ("sold", "returned"))
    near = near_sold >= FEWEST_SOLD
    table = table.with_columns(
        pl.when(near).then(near_sold).otherwise(all_sold).alias("others_sold"),
        pl.when(near).then(near_back).otherwise(all_back).alias("others_back"),
    )
    expected = pl.when(pl.col("others_sold") > 0).then(pl.col("others_back") / pl.col("others_sold"))
    table = _intervals(table.with_columns(expected.alias("expected")))
    table = table.with_columns(_beyond(table))
    surplus = pl.when(pl.col("returned") > 0).then(1 - pl.col("expected") * pl.col("sold") / pl.col("returned"))
    table = table.with_columns((pl.col("amount") / MONEY_SCALE * surplus.fill_null(0)).alias("excess"))
    table = table.select(
        pl.col("product").cast(pl.String).alias("member"), *([pl.col(level).cast(pl.String)] if level else []),
        "sold", "returned", "rate", "low", "high", "expected", "beyond",
        pl.col("amount") / MONEY_SCALE, "excess",
    )  # fmt: skip
    order = (pl.col("beyond").cast(pl.Int8), pl.col("excess"))
    return _with_texts(table.sort(*order, "member", descending=[True, True, False], nulls_last=True), currency)


def _rates(data: Dataset, frame: pl.DataFrame, sold: pl.DataFrame, name: str, currency: str) -> pl.DataFrame:
    table = _intervals(_counted(data, frame, sold, name))
    rest_sold, rest_back = (pl.col(column).sum() - pl.col(column) for column in ("sold", "returned"))
    table = table.with_columns(rest_sold.alias("others_sold"), rest_back.alias("others_back"))
    expected = pl.when(pl.col("others_sold") > 0).then(pl.col("others_back") / pl.col("others_sold"))
    table = table.with_columns(expected.alias("expected"))
    table = table.with_columns(_beyond(table))
    table = table.select(
        pl.col(name).cast(pl.String).alias("member"), "sold", "returned", "rate", "low", "high", "expected", "beyond",
        pl.col("amount") / MONEY_SCALE,
    ).filter(pl.col("sold") > 0)  # fmt: skip
    return _with_texts(table.sort("rate", "member", descending=[True, False], nulls_last=True), currency)


def _with_texts(table: pl.DataFrame, currency: str) -> pl.DataFrame:
    ranges = [
        f"{formats.text(low, 'share')} to {formats.text(high, 'share')}"
        for low, high in table.select("low", "high").iter_rows()
    ]
    return table.with_columns(
        pl.Series("text", [formats.text(v, "share") for v in table["rate"]], pl.String),
        pl.Series("range_text", ranges, pl.String),
        pl.Series("expected_text", [formats.text(v, "share") for v in table["expected"]], pl.String),
        pl.Series("amount_text", [formats.text(v, "money", currency) for v in table["amount"]], pl.String),
    )


def _reasons(data: Dataset, frame: pl.DataFrame, currency: str) -> pl.DataFrame:
    if "reason" not in frame.columns:
        return pl.DataFrame()
    table = (
        frame.group_by(pl.col("reason").cast(pl.String).fill_null("Not recorded").alias("member"))
        .agg(_units_of(data).alias("returned"), (pl.col("amount").sum() / MONEY_SCALE))
        .sort("amount", "member", descending=[True, False])
    )
    total = float(table["returned"].sum()) or 1.0
    table = table.with_columns((pl.col("returned") / total).alias("share"), pl.col("amount").alias("value"))
    texts = [
        f"{formats.text(amount, 'money', currency)} · {formats.text(share, 'share')} of units"
        for amount, share in table.select("amount", "share").iter_rows()
    ]
    return table.with_columns(pl.Series("text", texts, pl.String))


def _lags(data: Dataset, frame: pl.DataFrame) -> tuple[pl.DataFrame, float | None]:
    if "order" not in frame.columns:
        return pl.DataFrame(), None
    ordered = lines.order_days(data, frame["order"])
    table = frame.select(pl.col("order").cast(pl.UInt32), "day", pl.col("quantity").cast(pl.Int64))
    days = table.join(ordered, on="order").select(
        (pl.col("day") - pl.col("ordered_on")).dt.total_days().alias("days"), "quantity"
    ).filter(pl.col("days") >= 0)  # fmt: skip
    if days.is_empty():
        return pl.DataFrame(), None
    lag, units = days["days"].to_numpy(), days["quantity"].to_numpy()
    at = np.searchsorted([limit for limit, _ in LAGS], lag)
    counts = np.bincount(at, units, len(LAGS)).astype(np.int64)
    out = pl.DataFrame({"member": [name for _, name in LAGS], "returned": counts})
    out = out.with_columns(
        data.units(pl.col("returned")), (pl.col("returned") / max(int(counts.sum()), 1)).alias("share")
    )
    order = np.argsort(lag, kind="stable")
    half = int(np.searchsorted(np.cumsum(units[order]), units.sum() / 2))
    out = out.with_columns(
        pl.col("share").alias("value"), pl.Series("text", [formats.text(v, "share") for v in out["share"]], pl.String)
    )
    return out, float(lag[order][min(half, lag.size - 1)])
