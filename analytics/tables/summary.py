"""The three-sentence summary of a period: what happened, why, and who made it, from frames that a page has already.

Nothing is asked of the lines: contributions come from the page's breakdowns, and how much of a member's movement may be
chance from the number of its lines and the spread of line revenues in the whole dataset.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from analytics.dataset import MONEY_SCALE, Dataset
from analytics.dimensions import HIERARCHIES, labels
from analytics.evaluation import headline
from analytics.filters import Filters
from analytics.lines import SQUARES, SUMMED
from analytics.sentences import drivers as drivers_sentences
from analytics.sentences import summary as summary_sentences
from analytics.tables.drivers import contributions as contributions_tables
from analytics.tables.drivers import findings as finding_tables
from analytics.tables.drivers.price_volume import of_items


@dataclass(frozen=True)
class SummarySentence:
    """One sentence and the page that shows what it is taken from."""

    text: str
    page: str


def relative_spread(whole: pl.DataFrame) -> float:
    """Mean squared line revenue over the squared mean, of a one-row frame of `lines.sums`: 1 if all lines are alike."""
    row = whole.row(0, named=True)
    mean = row["revenue"] / MONEY_SCALE / row["lines"] if row["lines"] else 0.0
    return row[SQUARES] / row["lines"] / mean**2 if mean else 1.0


def summary(
    data: Dataset,
    filters: Filters,
    metric: str,
    totals: pl.DataFrame,
    breakdowns: Mapping[str, pl.DataFrame],
    spread: float,
) -> list[SummarySentence]:
    """At most three sentences about a view: the metric against its base, what moved revenue, and who stood out.

    `breakdowns` are those of a page, each free of its own dimension's filter; a hierarchy that is filtered is passed
    over, as its breakdowns then show more than the view.
    """
    now, base, change = headline(totals, metric)
    out = [SummarySentence(summary_sentences.headline(metric, now, base, change, filters, data.currency), "drivers")]
    if filters.base is None:
        return out
    products = breakdowns.get("product")
    if products is not None:
        kept = filters.members("product")
        if kept:
            products = products.filter(pl.col("product").cast(pl.String).is_in(kept))
        result = of_items(products, ("product",))
        if result.base > 0:
            out.append(
                SummarySentence(drivers_sentences.bridge(result, data.currency).split(" The parts")[0], "drivers")
            )
    stood_out = who(data, filters, metric, breakdowns, spread)
    if stood_out:
        out.append(SummarySentence(stood_out, "drivers"))
    return out


def who(
    data: Dataset,
    filters: Filters,
    metric: str,
    breakdowns: Mapping[str, pl.DataFrame],
    spread: float,
) -> str:
    """The member that moved most unlike the rest, beyond chance; empty where none did."""
    explained, _ = contributions_tables.metric_for(metric)
    filtered = {
        name for hierarchy in HIERARCHIES.values() if any(filters.members(n) for n in hierarchy) for name in hierarchy
    }
    tables: dict[tuple[str, ...], pl.DataFrame] = {}
    for name, frame in breakdowns.items():
        if name in filtered or filters.members(name) or name == "product" or frame.height < 2:
            continue
        tables[(name,)] = contributions_tables.contributions(_with_squares(frame, spread), [name], explained)
    result = finding_tables.findings(data, tables, most=1)
    return drivers_sentences.finding(result[0], explained, data.currency, labels(data)) if result else ""


def _with_squares(frame: pl.DataFrame, spread: float) -> pl.DataFrame:
    squares = [
        (
            pl.when(pl.col(f"lines{suffix}") > 0)
            .then((pl.col(f"revenue{suffix}") / MONEY_SCALE).pow(2) * spread / pl.col(f"lines{suffix}"))
            .otherwise(0.0)
            .alias(SQUARES + suffix)
        )
        for suffix in ("", "_base")
    ]
    wanted = [name + suffix for suffix in ("", "_base") for name in SUMMED]
    table = frame.with_columns(squares)
    return table.select(*(name for name in table.columns if name not in wanted), *wanted)


def customer_summary(
    data: Dataset,
    filters: Filters,
    totals: pl.DataFrame,
    trend: pl.DataFrame,
    breakdowns: Mapping[str, pl.DataFrame],
    segments: pl.DataFrame,
    spread: float,
) -> list[SummarySentence]:
    """At most three sentences about the customers of a view: how many and what each brought, whether new or returning
    ones moved revenue, and which group or place stood out."""
    now, base, change = headline(totals, "customers")
    out = [
        SummarySentence(summary_sentences.headline("customers", now, base, change, filters, data.currency), "retention")
    ]
    if filters.base is None or not data.has_customers:
        return out
    moved = {
        kind: (int(trend[column].sum()) - int(trend[f"{column}_base"].sum())) / MONEY_SCALE
        for kind, column in (("new", "new_revenue"), ("returning", "returning_revenue"))
    }
    out.append(SummarySentence(summary_sentences.buyers(moved["new"], moved["returning"], data.currency), "retention"))
    frames = dict(breakdowns)
    for name in data.segments:
        if not filters.members(name):
            part = segments.filter(pl.col("segment") == name).drop("segment")
            frames[name] = part.rename({"member": name})
    stood_out = who(data, filters, "revenue", frames, spread)
    if stood_out:
        out.append(SummarySentence(stood_out, "drivers"))
    return out
