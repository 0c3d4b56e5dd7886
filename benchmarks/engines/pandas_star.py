"""Plain pandas on a star schema: merge what a chart needs, filter, group, `nunique`; dimensions are categoricals."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
import polars as pl

from analytics.dataset import NO_CUSTOMER
from analytics.filters import Where
from analytics.periods import Period
from benchmarks.engines.engine import TableEngine
from benchmarks.views import RANKINGS, TOP, TableQuery
from data.store import store
from data.store.store import DatasetVersion

SUMS: Final = {
    "lines": ("order", "size"),
    "units": ("quantity", "sum"),
    "discount": ("discount", "sum"),
    "revenue": ("revenue", "sum"),
    "cost": ("cost", "sum"),
}
RETURNED: Final = {"returned_units": ("quantity", "sum"), "returned_amount": ("amount", "sum")}


class PandasStar(TableEngine):
    """Lines with keys, and dimension frames."""

    def __init__(self, entry: DatasetVersion) -> None:
        self.data = store.load(entry.name)
        data = self.data
        known = pl.when(pl.col("customer") != NO_CUSTOMER).then(pl.col("customer")).alias("customer")
        place_names = [name for name in ("continent", "country", "region") if name in data.members]
        product_names = [name for name in ("category", "subcategory", "product") if name in data.members]
        lines = pl.scan_parquet(store.lines_path(entry.path))
        places = lines.select(place_names).unique().collect().with_row_index("place_key")
        products = lines.select(product_names).unique().collect().with_row_index("product_key")
        own = [n for n in data.members if n not in (*place_names, *product_names, *data.segments)]
        sales = (
            lines.join(places.lazy(), on=place_names)
            .join(products.lazy(), on=product_names)
            .select("order", "day", known, "place_key", "product_key", *own, "quantity", "revenue", "cost", "discount")
            .sort("day", "order")
            .collect()
        )
        people = data.customers.with_row_index("customer").select(
            "customer", "customer_id", "name", "first_on", "second_on", *data.segments
        )
        self.sales = to_pandas(sales)
        self.tables = {
            "place_key": to_pandas(places),
            "product_key": to_pandas(products),
            "customer": to_pandas(people.filter(pl.col("customer") != NO_CUSTOMER)),
        }
        self.returns = None if data.returns is None else to_pandas(data.returns.with_columns(known))

    def frame(self, asked: Any) -> pl.DataFrame:
        """A pandas frame as a polars frame."""
        frame = pl.from_pandas(asked)
        dates = [pl.col(name).dt.date() for name, kind in frame.schema.items() if isinstance(kind, pl.Datetime)]
        texts = [pl.col(name).cast(pl.String) for name, kind in frame.schema.items() if kind == pl.Categorical]
        counts = [
            pl.col(name).cast(pl.Int64)
            for name, kind in frame.schema.items()
            if kind.is_float() and "share" not in name
        ]
        return frame.with_columns(*dates, *texts, *counts)

    def revenue(self) -> int:
        """Revenue of all lines."""
        return int(self.sales["revenue"].sum())

    def rows(self, columns: set[str], where: Where, period: Period) -> pd.DataFrame:
        """The lines of a view, merged with what has the columns."""
        frame = self.sales[self.sales["day"].between(pd.Timestamp(period.start), pd.Timestamp(period.end))]
        conditions = dict(where)
        for key, table in self.tables.items():
            filtered = [name for name in table.columns if name in conditions]
            shown = [name for name in table.columns if name in columns and name != key]
            if filtered:
                kept = table[[key, *dict.fromkeys(shown + filtered)]]
                for name in filtered:
                    kept = kept[kept[name].isin(conditions[name])]
                frame = frame.merge(kept, on=key)
            elif shown:
                frame = frame.merge(table[[key, *shown]], on=key, how="left")
        for name, members in where:
            if name in self.sales.columns:
                frame = frame[frame[name].isin(members)]
        return frame

    def chart(self, chart: TableQuery, period: Period) -> pd.DataFrame:
        """One group-by for the sums, one nunique for each distinct count, one group-by of the returns."""
        told = {"first_on", "second_on"} if chart.shows == "all" else set()
        frame = with_keys(self.rows({*chart.by, *told}, chart.where, period), chart.by)
        by = list(chart.by)
        if chart.shows == "revenue":
            return grouped(frame, by)["revenue"].sum().reset_index()
        known = frame[frame["customer"].notna()]
        parts = [
            grouped(frame, by).agg(**SUMS),
            grouped(frame, by)["order"].nunique(),
            grouped(known, by).agg(known_revenue=("revenue", "sum"), known_orders=("order", "nunique")),
        ]
        parts[1].name = "orders"
        if chart.shows == "all":
            new = known["first_on"].between(pd.Timestamp(period.start), pd.Timestamp(period.end))
            repeating = known["second_on"] <= pd.Timestamp(period.end)
            if "bucket" in chart.by:
                months = known["first_on"].dt.to_period("M").dt.to_timestamp()
                new = months == known["bucket"]
                repeating = known["second_on"] < known["bucket"] + pd.offsets.MonthBegin(1)
            buyers = {"customers": known, "new_customers": known[new], "repeat_customers": known[repeating]}
            if chart.buyers:
                buyers["returning_customers"] = known[~new]
                parts.append(grouped(known[new], by)["revenue"].sum().rename("new_revenue"))
                parts.append(grouped(known[~new], by)["revenue"].sum().rename("returning_revenue"))
                unrecorded = frame[frame["customer"].isna()]
                parts.append(grouped(unrecorded, by)["revenue"].sum().rename("unrecorded_revenue"))
            parts += [grouped(rows, by)["customer"].nunique().rename(name) for name, rows in buyers.items()]
        if self.returns is not None and set(chart.by) <= {"bucket", "day", *self.returns.columns}:
            parts.append(grouped(with_keys(self.returned(chart.where, period), chart.by), by).agg(**RETURNED))
        return (
            pd.concat(parts, axis=1, sort=True).fillna(0).reset_index()
            if by
            else pd.concat(parts, axis=1, sort=True).fillna(0)
        )

    def returned(self, where: Where, period: Period) -> pd.DataFrame:
        """The returns of a view."""
        assert self.returns is not None
        frame = self.returns[self.returns["day"].between(pd.Timestamp(period.start), pd.Timestamp(period.end))]
        for name, members in where:
            frame = frame[frame[name].isin(members)]
        return frame

    def by_customer(self, where: Where, period: Period) -> pd.DataFrame:
        """One row per customer, and one for lines without any."""
        rows = self.rows(set(), where, period)
        return rows.groupby("customer", dropna=False).agg(
            **SUMS, orders=("order", "nunique"), last_day=("day", "max")
        ).reset_index()  # fmt: skip

    def segments(self, names: tuple[str, ...], where: Where, period: Period) -> pd.DataFrame:
        """All customer attributes from one pass by customer."""
        people = (
            self.by_customer(where, period)
            .drop(columns="last_day")
            .merge(self.tables["customer"], on="customer", how="left")
        )
        known = people["customer"].notna()
        new = people["first_on"].between(pd.Timestamp(period.start), pd.Timestamp(period.end))
        repeating = people["second_on"] <= pd.Timestamp(period.end)
        people = people.assign(
            known_revenue=people["revenue"].where(known, 0), known_orders=people["orders"].where(known, 0),
            customers=known.astype(int), new_customers=(known & new).astype(int),
            repeat_customers=(known & repeating).astype(int),
        )  # fmt: skip
        measures = [*SUMS, "orders", "known_revenue", "known_orders", "customers", "new_customers", "repeat_customers"]
        out = []
        for name in names:
            part = people.groupby(name, dropna=False, observed=True)[measures].sum()
            if self.returns is not None and name in self.returns.columns:
                back = self.returned(where, period)
                told = back[name].where(back["customer"].notna())
                part = pd.concat(
                    [part, back.groupby(told, dropna=False, observed=True).agg(**RETURNED)], axis=1, sort=True
                )
            out.append(
                part.fillna(0).rename_axis("member").reset_index().astype({"member": object}).assign(segment=name)
            )
        return pd.concat(out)

    def rankings(self, where: Where, period: Period) -> pd.DataFrame:
        """The first customers by each measure, ties to the lower customer."""
        people = self.by_customer(where, period)
        people = people[people["customer"].notna()]
        tops = []
        for name in RANKINGS:
            total = people[name].sum()
            best = people.sort_values([name, "customer"], ascending=[False, True]).head(TOP)
            share = best[name] / total
            tops.append(
                best.assign(ranking=name, rank=range(1, len(best) + 1), share=share, cumulative_share=share.cumsum())
            )
        top = pd.concat(tops)
        rows = self.rows({"country"}, where, period)
        rows = rows[rows["customer"].isin(top["customer"])].sort_values(["day", "order"])
        last = rows.groupby("customer")["country"].last().rename("place").reset_index()
        named = top.merge(last, on="customer").merge(self.tables["customer"], on="customer")
        return named[
            ["ranking", "rank", "customer_id", "name", "place", "last_day", *RANKINGS, "share", "cumulative_share"]
        ]


class _Whole:
    """A frame as one group, with the same methods as a group-by."""

    def __init__(self, frame: pd.DataFrame | pd.Series) -> None:
        self.frame = frame

    def __getitem__(self, name: str) -> _Whole:
        return _Whole(self.frame[name])

    def agg(self, **measures: tuple[str, str]) -> pd.DataFrame:
        """Named aggregations as one row."""
        return pd.DataFrame({name: [self._value(self.frame[column], how)] for name, (column, how) in measures.items()})

    def sum(self) -> pd.Series:
        """The sum, as a row."""
        return pd.Series([self.frame.sum()], name=self.frame.name)

    def nunique(self) -> pd.Series:
        """The distinct values, as a row."""
        return pd.Series([self.frame.nunique()], name=self.frame.name)

    def _value(self, values: pd.Series, how: str) -> int:
        return int(len(values) if how == "size" else getattr(values, how)())


def grouped(frame: pd.DataFrame, by: list[str]) -> Any:
    """A group-by, also by nothing."""
    return frame.groupby(by, observed=True) if by else _Whole(frame)


def with_keys(frame: pd.DataFrame, by: tuple[str, ...]) -> pd.DataFrame:
    """The keys that are computed, as columns."""
    if "bucket" in by:
        frame = frame.assign(bucket=frame["day"].dt.to_period("M").dt.to_timestamp())
    if "weekday" in by:
        frame = frame.assign(weekday=frame["day"].dt.day_of_week.astype("int64"))
    return frame


def to_pandas(frame: pl.DataFrame) -> pd.DataFrame:
    """A polars frame as pandas holds it: days as datetime64, dimensions as categoricals."""
    days = [pl.col(name).cast(pl.Datetime("us")) for name, kind in frame.schema.items() if kind == pl.Date]
    return frame.with_columns(days).to_pandas()
