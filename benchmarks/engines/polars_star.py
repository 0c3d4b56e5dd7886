"""Plain polars on a star schema, as its guide would have it: join what a chart needs, filter, group, count distinct.

All frames are held in memory; each chart is one lazy query.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import polars as pl

from analytics.dataset import NO_CUSTOMER
from analytics.filters import Where
from analytics.periods import Period
from benchmarks.engines.engine import TableEngine
from benchmarks.views import RANKINGS, TOP, TableQuery
from data.store import store
from data.store.store import DatasetVersion

KEYS: Final[dict[str, pl.Expr]] = {
    "bucket": pl.col("day").dt.truncate("1mo").alias("bucket"),
    "weekday": (pl.col("day").dt.weekday().cast(pl.Int64) - 1).alias("weekday"),
}
RETURNED: Final = [
    pl.col("quantity").cast(pl.Int64).sum().alias("returned_units"),
    pl.col("amount").sum().alias("returned_amount"),
]


class PolarsStar(TableEngine):
    """Lines with keys, and dimension frames."""

    def __init__(self, entry: DatasetVersion) -> None:
        self.data = store.load(entry.name)
        data = self.data
        known = pl.when(pl.col("customer") != NO_CUSTOMER).then(pl.col("customer")).alias("customer")
        self.place_names = [name for name in ("continent", "country", "region") if name in data.members]
        self.product_names = [name for name in ("category", "subcategory", "product") if name in data.members]
        lines = pl.scan_parquet(store.lines_path(entry.path))
        self.places = lines.select(self.place_names).unique().collect().with_row_index("place_key")
        self.products = lines.select(self.product_names).unique().collect().with_row_index("product_key")
        own = [n for n in data.members if n not in (*self.place_names, *self.product_names, *data.segments)]
        self.sales = (
            lines.join(self.places.lazy(), on=self.place_names)
            .join(self.products.lazy(), on=self.product_names)
            .select("order", "day", known, "place_key", "product_key", *own, "quantity", "revenue", "cost", "discount")
            .sort("day", "order")
            .collect()
        )
        self.people = data.customers.with_row_index("customer").filter(pl.col("customer") != NO_CUSTOMER).select(
            "customer", "customer_id", "name", "first_on", "second_on", *data.segments
        )  # fmt: skip
        self.returns = None if data.returns is None else data.returns.with_columns(known)

    def frame(self, asked: Any) -> pl.DataFrame:
        """Results are polars frames already."""
        return pl.DataFrame(asked)

    def revenue(self) -> int:
        """Revenue of all lines."""
        return int(self.sales["revenue"].sum())

    def rows(self, columns: set[str], where: Where, period: Period) -> pl.LazyFrame:
        """The lines of a view, joined with what has the columns."""
        frame = self.sales.lazy().filter(pl.col("day").is_between(period.start, period.end))
        needed = columns | {name for name, _ in where}
        if needed & set(self.place_names):
            frame = frame.join(self.places.lazy(), on="place_key")
        if needed & set(self.product_names):
            frame = frame.join(self.products.lazy(), on="product_key")
        attributes = [name for name in ("first_on", "second_on", *self.data.segments) if name in needed]
        if attributes:
            frame = frame.join(self.people.lazy().select("customer", *attributes), on="customer", how="left")
        return frame.filter(kept(where))

    def chart(self, chart: TableQuery, period: Period) -> pl.DataFrame:
        """One group-by, and one of the returns."""
        told = {"first_on", "second_on"} if chart.shows == "all" else set()
        frame = self.rows({*chart.by, *told}, chart.where, period)
        keys = [KEYS.get(name, pl.col(name)) for name in chart.by]
        if chart.shows == "revenue":
            return frame.group_by(keys).agg(pl.col("revenue").sum()).collect()
        known = pl.col("customer").is_not_null()
        measures = [*sums(), pl.col("order").n_unique().alias("orders"),
                    pl.col("order").filter(known).n_unique().alias("known_orders")]  # fmt: skip
        if chart.shows == "all":
            new = pl.col("first_on").is_between(period.start, period.end)
            until = pl.lit(period.end)
            if "bucket" in chart.by:
                new = pl.col("first_on").dt.truncate("1mo") == pl.col("day").dt.truncate("1mo")
                until = pl.col("day").dt.month_end()
            buyers: Callable[[pl.Expr], pl.Expr] = lambda which: pl.col("customer").filter(known & which).n_unique()  # noqa: E731
            measures += [
                buyers(pl.lit(True)).alias("customers"),
                buyers(new).alias("new_customers"),
                buyers(pl.col("second_on") <= until).alias("repeat_customers"),
            ]
            if chart.buyers:
                measures += [
                    pl.col("revenue").filter(known & new).sum().alias("new_revenue"),
                    pl.col("revenue").filter(known & ~new).sum().alias("returning_revenue"),
                    pl.col("revenue").filter(~known).sum().alias("unrecorded_revenue"),
                    buyers(~new).alias("returning_customers"),
                ]
        sold = (frame.group_by(keys).agg(measures) if keys else frame.select(measures)).collect()
        if self.returns is None or not set(chart.by) <= {"bucket", "day", *self.returns.columns}:
            return sold
        back = self.returns.lazy().filter(pl.col("day").is_between(period.start, period.end), kept(chart.where))
        returned = (back.group_by(keys).agg(RETURNED) if keys else back.select(RETURNED)).collect()
        if not keys:
            return pl.concat([sold, returned], how="horizontal")
        return sold.join(returned, on=list(chart.by), how="full", coalesce=True).with_columns(
            pl.exclude(*chart.by).fill_null(0)
        )

    def by_customer(self, where: Where, period: Period, *more: pl.Expr) -> pl.LazyFrame:
        """One row per customer, and one for lines without any."""
        orders = pl.col("order").n_unique().cast(pl.Int64).alias("orders")
        return self.rows({"country"}, where, period).group_by("customer").agg(*sums(), orders, *more)

    def segments(self, names: tuple[str, ...], where: Where, period: Period) -> pl.DataFrame:
        """All customer attributes from one pass by customer."""
        people = self.by_customer(where, period).collect().join(self.people, on="customer", how="left")
        known = pl.col("customer").is_not_null()
        new = pl.col("first_on").is_between(period.start, period.end)
        measures = [
            pl.col("lines", "units", "discount", "revenue", "cost", "known_revenue", "orders").sum(),
            pl.col("orders").filter(known).sum().alias("known_orders"),
            known.sum().alias("customers"),
            (known & new).sum().alias("new_customers"),
            (known & (pl.col("second_on") <= period.end)).sum().alias("repeat_customers"),
        ]
        out = []
        for name in names:
            member = pl.col(name).cast(pl.String).alias("member")
            part = people.group_by(member).agg(measures)
            if self.returns is not None and name in self.returns.columns:
                back = self.returns.filter(pl.col("day").is_between(period.start, period.end), kept(where))
                told = pl.when(pl.col("customer").is_not_null()).then(member).alias("member")
                part = part.join(
                    back.group_by(told).agg(RETURNED), on="member", how="full", coalesce=True, nulls_equal=True
                ).with_columns(pl.col("returned_units", "returned_amount").fill_null(0))
            out.append(part.select(pl.lit(name).alias("segment"), pl.all()))
        return pl.concat(out, how="diagonal")

    def rankings(self, where: Where, period: Period) -> pl.DataFrame:
        """The first customers by each measure, ties to the lower customer."""
        place = pl.col("country").sort_by("day", "order").last().cast(pl.String).alias("place")
        people = self.by_customer(where, period, pl.col("day").max().alias("last_day")).collect()
        people = people.filter(pl.col("customer").is_not_null())
        tops = []
        for name in RANKINGS:
            total = people[name].sum()
            best = people.sort(name, "customer", descending=[True, False]).head(TOP)
            best = best.with_columns(
                (pl.col(name) / total).alias("share"), (pl.col(name).cum_sum() / total).alias("cumulative_share")
            )
            tops.append(best.with_row_index("rank", 1).select(pl.lit(name).alias("ranking"), pl.all()))
        top = pl.concat(tops)
        last = (
            self.rows({"country"}, where, period)
            .join(top.lazy().select("customer").unique(), on="customer", how="semi")
            .group_by("customer")
            .agg(place)
            .collect()
        )
        return (
            top.join(last, on="customer", how="left")
            .join(self.people, on="customer", how="left")
            .select(
                "ranking", "rank", "customer_id", "name", "place", "last_day", *RANKINGS, "share", "cumulative_share"
            )
        )


def sums() -> list[pl.Expr]:
    """What adds up over lines."""
    revenue = pl.col("revenue")
    return [
        pl.len().cast(pl.Int64).alias("lines"),
        pl.col("quantity").cast(pl.Int64).sum().alias("units"),
        pl.col("discount").sum(),
        revenue.sum(),
        pl.col("cost").sum(),
        revenue.filter(pl.col("customer").is_not_null()).sum().alias("known_revenue"),
    ]


def kept(where: Where) -> pl.Expr:
    """The rows whose every filtered dimension has one of its members."""
    return pl.all_horizontal(pl.lit(True), *(pl.col(name).is_in(list(members)) for name, members in where))
