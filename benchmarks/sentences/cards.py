"""The cards whose takeaways are read back, each with its reader."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from analytics import dimensions
from analytics.metrics import METRICS, missing
from analytics.sentences import returns as return_sentences
from benchmarks.sentences import customers, products, sales
from benchmarks.sentences.grammar import Case
from ui.content import concentration, dashboards, summary
from ui.content import customers as customers_content
from ui.content import drivers as drivers_content
from ui.content import markets as markets_content
from ui.content import products as products_content
from ui.content import retention as retention_content
from ui.content import returns as returns_content
from ui.content import sales as sales_content
from ui.content.remembered import NotShown

Reader = Callable[[Case, str], None]


def takeaways(case: Case) -> Iterator[tuple[str, str, Reader]]:
    """Card, its sentence, and what reads it, for every card that this view has."""
    yield from _sales(case)
    if case.twin.data.has_customers:
        yield from _customers(case)
    yield from _products(case)


def _sales(case: Case) -> Iterator[tuple[str, str, Reader]]:
    view, data = case.view, case.twin.data
    yield "trend", sales_content.trend(view).takeaway, sales.trend
    yield "growth", sales_content.growth(view).takeaway, sales.growth
    yield "revenue and orders", sales_content.revenue_and_orders(view).takeaway, sales.revenue_and_orders
    for name in dashboards.sales(view).breakdowns:
        said = dashboards.breakdown(view, "sales", name, view.metric).takeaway
        yield f"by {name}", said, partial(sales.breakdown, name=name)
    yield "movers", sales_content.movers(view).takeaway, sales.movers
    if missing(METRICS[view.metric], data, [name for name, _ in case.where]) is None:
        yield "heat map", sales_content.heatmap(view).takeaway, sales.heatmap
    three = [one.text for one in summary.sentences(view, "sales")]
    yield "summary", three[0], partial(sales.headline, metric=view.metric)
    if len(three) > 1 and three[1].startswith("Revenue moved by"):
        yield "summary's bridge", three[1], partial(products.price_volume, names=("product",))


def _customers(case: Case) -> Iterator[tuple[str, str, Reader]]:
    view, data = case.view, case.twin.data
    yield "per customer", customers_content.per_customer(view).takeaway, customers.per_customer
    yield "customer mix", customers_content.customer_mix(view).takeaway, customers.customer_mix
    for by in ("revenue", "orders", "units"):
        yield f"top by {by}", customers_content.top_customers(view, by).takeaway, partial(customers.ranking, by=by)
    yield "lorenz", concentration.lorenz(view).takeaway, customers.lorenz
    yield "orders per customer", concentration.order_counts(view).takeaway, customers.order_counts
    yield "days between", concentration.days_between(view).takeaway, customers.days_between
    returns = "returns" in METRICS[view.metric].needs
    if data.segments and not returns:
        yield "attributes", customers_content.segments_takeaway(view), customers.groups
    found = retention_content.bridge(view) if case.filters.base else None
    if found is not None:
        yield "customer bridge", found.takeaway, customers.retained


def _products(case: Case) -> Iterator[tuple[str, str, Reader]]:
    view, data = case.view, case.twin.data
    level = next(name for name in ("subcategory", "product") if name in data.members)
    yield "pareto", products_content.pareto(view, level)[0].takeaway, partial(products.pareto, level=level)
    if data.has("cost"):
        yield "profits", products_content.profits(view, level).takeaway, partial(products.profits, level=level)
    back = returns_content.returned(view)
    if not isinstance(back, NotShown):
        yield "returns", return_sentences.returns(back, data.currency), products.returned
    if data.has("country"):
        said = markets_content.scorecard(view, "country").takeaway
        yield "markets", said, partial(products.scorecard, name="country")
    if not case.filters.base:
        return
    said = drivers_content.bridge(view, ("product",))[0].takeaway
    yield "bridge", said, partial(products.price_volume, names=("product",))
    tables, whole, _ = drivers_content.contribution_tables(view)
    for text in drivers_content.findings(view)[1]:
        yield "finding", text, partial(products.finding, metric=whole.metric)
    if whole.metric in ("revenue", "units", "profit"):
        for (name,) in tables:
            if name in (*dimensions.levels(data, "product"), *dimensions.levels(data, "geography")):
                said = drivers_content.contributions_of(view, name)[0].takeaway
                yield f"contributions of {name}", said, partial(products.contributions, name=name, metric=whole.metric)
