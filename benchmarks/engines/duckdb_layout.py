"""DuckDB given the app's own layout: lines in the app's order, and stored marks in place of distinct counts.

For each line the table keeps the day on which the same customer last bought the same thing (at all, in the same
country, of the same category, ...), and whether it is the first line of its order (at all, of a category, ...). A
customer then counts where that earlier day lies before the period, an order where its first line is: one linear pass,
no hash set. That is exact as long as the filters beside the period and customer attributes lie in the chart's own
hierarchy; where they cut across it, the plain distinct counts of the wide table are used. So one sees what the design
brings and what the engine.
"""

from __future__ import annotations

from typing import Any

import polars as pl

from analytics.dataset import GEOGRAPHY, PRODUCT_LEVELS
from analytics.filters import Where
from analytics.periods import Period
from benchmarks.engines.duckdb_sql import RETURNED, SUMS, Wide, by_key_sql, kept_sql, keys_sql
from benchmarks.engines.duckdb_tables import flat, load_companions
from benchmarks.views import TableQuery
from data.store import store
from data.store.store import DatasetVersion


class SameLayout(Wide):
    """The wide table in the app's order, with marks."""

    order_count = "count(*) FILTER (first_of_order)"

    def load(self, entry: DatasetVersion) -> None:
        """Fill the tables; the lines come in the app's order, so that a shift makes the marks."""
        self.returns_by = load_companions(self.con, entry, enums=True)
        told = [name for name in self.data.members if name not in self.data.segments]
        levels = [name for name in PRODUCT_LEVELS if name in told]
        day = pl.col("day")
        marks = {"before": day.shift(1).over("customer")}
        marks |= {f"before_{name}": day.shift(1).over(_pair("customer", name)) for name in told}
        marks |= {"first_of_order": pl.col("order").is_first_distinct()}
        marks |= {f"first_of_order_{name}": _pair("order", name).is_first_distinct() for name in levels}
        lines = pl.scan_parquet(store.lines_path(entry.path)).collect()
        marked = lines.with_columns(**{name: lines.select(made).to_series() for name, made in marks.items()})
        self.con.register("marked", marked.to_arrow())
        more = "".join(f", l.{mark}" for mark in marks)
        self.con.execute(
            f"""CREATE TABLE wide AS {flat(self.data, "marked", more)}
            ORDER BY l.customer, l.day, l."order", l.product"""
        )
        self.con.unregister("marked")

    def chart(self, chart: TableQuery, period: Period) -> Any:
        """One pass where the marks are exact."""
        marks = self.marks(chart)
        if chart.shows == "revenue" or marks is None:
            return super().chart(chart, period)
        before, first = marks
        start = (
            f"greatest(date_trunc('month', day), DATE '{period.start}')"
            if "bucket" in chart.by
            else f"DATE '{period.start}'"
        )
        end = f"least(last_day(day), DATE '{period.end}')" if "bucket" in chart.by else f"DATE '{period.end}'"
        counted = f"customer IS NOT NULL AND ({before} IS NULL OR {before} < {start})"
        new = f"first_on BETWEEN {start} AND {end}"
        measures = [SUMS, f"count(*) FILTER ({first}) AS orders",
                    f"count(*) FILTER ({first} AND customer IS NOT NULL) AS known_orders"]  # fmt: skip
        if chart.shows == "all":
            measures += [
                f"count(*) FILTER ({counted}) AS customers",
                f"count(*) FILTER ({counted} AND {new}) AS new_customers",
                f"count(*) FILTER ({counted} AND second_on <= {end}) AS repeat_customers",
            ]
        if chart.buyers:
            measures += [
                f"sum(revenue) FILTER ({new}) AS new_revenue",
                f"sum(revenue) FILTER (customer IS NOT NULL AND NOT {new}) AS returning_revenue",
                "sum(revenue) FILTER (customer IS NULL) AS unrecorded_revenue",
                f"count(*) FILTER ({counted} AND NOT {new}) AS returning_customers",
            ]
        kept = kept_sql(chart.where, period)
        parts = [f"SELECT {keys_sql(chart.by)} {', '.join(measures)} FROM wide WHERE {kept} GROUP BY ALL"]
        if set(chart.by) <= {"bucket", "day", *self.returns_by}:
            parts.append(f"SELECT {keys_sql(chart.by)} {RETURNED} FROM returns WHERE {kept} GROUP BY ALL")
        return self.query(by_key_sql(parts, chart.by))

    def marks(self, chart: TableQuery) -> tuple[str, str] | None:
        """The columns to count customers and orders by; None where only distinct counts are exact.

        A filter on one member of a wider or narrower level changes nothing: what was last bought there was last bought
        of the narrower of the two.
        """
        if any(len(members) > 1 for _, members in chart.where):
            return None
        names = {name for name in (*chart.by, *(name for name, _ in chart.where)) if name in self.data.members}
        names -= set(self.data.segments)
        products = [name for name in PRODUCT_LEVELS if name in names]
        order = f"first_of_order_{products[-1]}" if products else "first_of_order"
        if not names:
            return "before", order
        for hierarchy in (GEOGRAPHY, PRODUCT_LEVELS, tuple(names)[:1]):
            if names <= set(hierarchy):
                return f"before_{[name for name in hierarchy if name in names][-1]}", order
        return None

    def people(self, where: Where, period: Period, more: str = "") -> str:
        """One row per customer; a product filter needs the mark of its level."""
        first = self.marks(TableQuery("people", (), tuple(item for item in where if item[0] in PRODUCT_LEVELS)))
        if first is None:
            return super().people(where, period, more).replace(self.order_count, Wide.order_count)
        return super().people(where, period, more).replace(self.order_count, f"count(*) FILTER ({first[1]})")


def _pair(code: str, dimension: str) -> pl.Expr:
    """A code and a dimension's member as one number."""
    return pl.col(code).cast(pl.UInt64) * (1 << 32) + pl.col(dimension).to_physical()
