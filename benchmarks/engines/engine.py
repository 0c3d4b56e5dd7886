"""What an engine is: asked for a page it answers all its tables; only that is timed, not the comparison."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, Protocol

import polars as pl

from analytics.dataset import Dataset
from analytics.filters import Filters, Where
from analytics.periods import Period
from analytics.tables.customers import NO_CUSTOMER_RECORDED
from benchmarks.answers import Answers, tidy
from benchmarks.views import RANKINGS, TableQuery, charts, segments


class Engine(Protocol):
    """Answers pages from tables that it has loaded."""

    data: Dataset

    def ask(self, page: str, filters: Filters) -> Any:
        """All tables of a page, in the engine's own form. This is what is timed."""

    def answers(self, page: str, filters: Filters, asked: Any) -> Answers:
        """The same tables in the common form."""


class TableEngine(ABC):
    """An engine that is asked one query per chart and period: DuckDB, polars, pandas."""

    data: Dataset

    @abstractmethod
    def chart(self, chart: TableQuery, period: Period) -> Any:
        """The chart's keys and measures in one period."""

    @abstractmethod
    def segments(self, names: tuple[str, ...], where: Where, period: Period) -> Any:
        """segment, member and measures by customer attribute; member is null for lines without a customer."""

    @abstractmethod
    def rankings(self, where: Where, period: Period) -> Any:
        """ranking, rank and the columns of the first customers by each of RANKINGS."""

    @abstractmethod
    def revenue(self) -> int:
        """Revenue of all lines."""

    @abstractmethod
    def frame(self, asked: Any) -> pl.DataFrame:
        """A result as a polars frame."""

    def ask(self, page: str, filters: Filters) -> dict[tuple[str, str], Any]:
        """(Table, "" or "_base") -> result."""
        out: dict[tuple[str, str], Any] = {}
        for suffix, period in (("", filters.period), ("_base", filters.base)):
            if period is None:
                continue
            for chart in charts(page, self.data, filters):
                if chart.compared or not suffix:
                    out[chart.table, suffix] = self.chart(chart, period)
            if page == "customers":
                for n, (where, names) in enumerate(segments(self.data, filters).items()):
                    out[f"segments {n}", suffix] = self.segments(names, where, period)
        if page == "customers":
            out["rankings", ""] = self.rankings(filters.where, filters.period)
        else:
            out["ledger", ""] = self.revenue()
        return out

    def answers(self, page: str, filters: Filters, asked: dict[tuple[str, str], Any]) -> Answers:
        """The tables with their bases joined."""
        out: Answers = {}
        for chart in charts(page, self.data, filters):
            out[chart.table] = self._joined(asked, chart.table, chart.by, filters)
        if page == "sales":
            return out | {"ledger": pl.DataFrame({"revenue": [asked["ledger", ""]]})}
        names = [name for name, suffix in asked if name.startswith("segments") and not suffix]
        parts = [self._joined(asked, name, ("segment", "member"), filters) for name in names]
        nobody = pl.col("member").fill_null(NO_CUSTOMER_RECORDED)
        out["segments"] = tidy(pl.concat(parts, how="diagonal").with_columns(nobody), ("segment", "member"))
        rankings = self.frame(asked["rankings", ""])
        for name in RANKINGS:
            out[f"top {name}"] = tidy(rankings.filter(pl.col("ranking") == name).drop("ranking"), ("rank",))
        return out

    def _joined(
        self, asked: dict[tuple[str, str], Any], name: str, by: tuple[str, ...], filters: Filters
    ) -> pl.DataFrame:
        now = self._months_counted(self.frame(asked[name, ""]), filters.period)
        if (name, "_base") in asked and filters.base:
            base = self._months_counted(self.frame(asked[name, "_base"]), filters.base)
            base = base.rename({column: f"{column}_base" for column in base.columns if column not in by})
            now = (
                now.join(base, on=list(by), how="full", coalesce=True, nulls_equal=True)
                if by
                else pl.concat([now, base], how="horizontal")
            )
        return tidy(now, by)

    def _months_counted(self, frame: pl.DataFrame, period: Period) -> pl.DataFrame:
        """Months as numbers from the period's first, so that a month meets the one of the base."""
        if "bucket" not in frame.columns:
            return frame
        month = pl.col("bucket").dt.year().cast(pl.Int64) * 12 + pl.col("bucket").dt.month().cast(pl.Int64)
        return frame.with_columns((month - (period.start.year * 12 + period.start.month)).alias("bucket"))
