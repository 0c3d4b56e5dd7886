"""The app: the cached queries that the pages call, with nothing remembered from before."""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from analytics.dataset import MONEY_SCALE
from analytics.filters import Filters
from analytics.metrics import MEASURES
from analytics.tables.customers import BUYER_MEASURES, CustomerTables
from analytics.tables.sales import SalesTables
from benchmarks.answers import Answers, tidy
from benchmarks.views import GRAIN
from data.store.store import DatasetVersion
from ui import caching, queries

MEASURED = [name + suffix for suffix in ("", "_base") for name in MEASURES]


class SalesPage(NamedTuple):
    """What the Sales performance page asks for."""

    tables: SalesTables
    heatmap: pl.DataFrame


class App:
    """Sales Insights itself."""

    def __init__(self, entry: DatasetVersion) -> None:
        self.source = queries.VersionKey(entry.name, entry.version)
        self.data = queries.dataset(self.source)

    def ask(self, page: str, filters: Filters) -> SalesPage | CustomerTables:
        """Exactly the calls that the page's script makes."""
        caching.ANSWERS.forget()
        if page == "sales":
            tables = queries.sales(self.source, filters, GRAIN)
            return SalesPage(tables, queries.heatmap(self.source, filters, GRAIN, "revenue"))
        return queries.customers(self.source, filters, GRAIN)

    def answers(self, page: str, filters: Filters, asked: SalesPage | CustomerTables) -> Answers:
        """The page's tables in the common form."""
        if isinstance(asked, SalesPage):
            sales, heat = asked
            revenue = (pl.col("value").fill_null(0) * MONEY_SCALE).round().cast(pl.Int64).alias("revenue")
            return {
                **_shared(sales.totals, sales.trend, sales.breakdowns),
                "days": tidy(
                    sales.days.drop([name for name in sales.days.columns if name.endswith("_base")]), ("day",)
                ),
                "heatmap": tidy(heat.select("bucket", "weekday", revenue), ("bucket", "weekday")),
                "ledger": pl.DataFrame({"revenue": [int(sales.ledger.revenue * MONEY_SCALE)]}),
            }
        buyers = [name + suffix for suffix in ("", "_base") for name in BUYER_MEASURES]
        over_time = asked.country_time.select(pl.col("place").alias("country"), "bucket", *MEASURED)
        return {
            **_shared(asked.totals, asked.trend, asked.breakdowns, buyers),
            "country_time": tidy(over_time, ("country", "bucket")),
            "segments": tidy(asked.segments, ("segment", "member")),
            **{f"top {name}": tidy(frame, ("rank",)) for name, frame in asked.top.items()},
        }


def _shared(
    totals: pl.DataFrame, trend: pl.DataFrame, breakdowns: dict[str, pl.DataFrame], more: list[str] | None = None
) -> Answers:
    return {
        "totals": tidy(totals, ()),
        "trend": tidy(trend.select("bucket", *MEASURED, *(more or [])), ("bucket",)),
        **{name: tidy(frame, (name,)) for name, frame in breakdowns.items()},
    }
