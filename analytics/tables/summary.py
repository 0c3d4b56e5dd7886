"""The three-sentence summary of a period: what happened, why, and who made it, from frames that a page has already.

A summary finds nothing of its own: who stood out is the first finding of the page that the sentence links to, in that
page's words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from analytics.dataset import Dataset
from analytics.evaluation import headline
from analytics.filters import Filters
from analytics.sentences import drivers as drivers_sentences
from analytics.sentences import summary as summary_sentences
from analytics.tables.drivers.price_volume import of_items


@dataclass(frozen=True)
class SummarySentence:
    """One sentence and the page that shows what it is taken from."""

    text: str
    page: str


def summary(
    data: Dataset,
    filters: Filters,
    metric: str,
    totals: pl.DataFrame,
    products: pl.DataFrame | None,
    findings: Sequence[str],
) -> list[SummarySentence]:
    """At most three sentences about a view: the metric against its base, what moved revenue, and who stood out.

    `products` are sums by product, free of the product's own filter; `findings` are those of Drivers, first things
    first.
    """
    now, base, change = headline(totals, metric)
    out = [SummarySentence(summary_sentences.headline(metric, now, base, change, filters, data.currency), "drivers")]
    if filters.base is None:
        return out
    if products is not None:
        kept = filters.members("product")
        if kept:
            products = products.filter(pl.col("product").cast(pl.String).is_in(kept))
        result = of_items(products, ("product",))
        if result.base > 0:
            out.append(SummarySentence(drivers_sentences.moved_most(result, data.currency), "drivers"))
    return out + [SummarySentence(text, "drivers") for text in findings[:1]]


def customer_summary(
    data: Dataset, filters: Filters, totals: pl.DataFrame, buyers: str, findings: Sequence[str]
) -> list[SummarySentence]:
    """At most three sentences about the customers of a view: how many there were, whether new or returning ones moved
    revenue (`buyers`, in Retention's words), and who stood out."""
    now, base, change = headline(totals, "customers")
    if not now and not base:
        return [SummarySentence(summary_sentences.NO_CUSTOMERS, "retention")]
    out = [
        SummarySentence(summary_sentences.headline("customers", now, base, change, filters, data.currency), "retention")
    ]
    if filters.base is None or not data.has_customers:
        return out
    return [*out, SummarySentence(buyers, "retention"), *(SummarySentence(text, "drivers") for text in findings[:1])]
