"""The cards whose sentences are read back, each with its reader, page by page."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from functools import partial

import polars as pl

from analytics.metrics import METRICS, missing
from analytics.sentences import outlook as outlook_sentences
from analytics.sentences import prices as price_sentences
from analytics.sentences import returns as return_sentences
from analytics.sentences import summary as summary_sentences
from analytics.tables import affinity as affinity_tables
from analytics.tables import markets as market_tables
from analytics.tables import prices as price_tables
from analytics.tables.outlook import members as member_tables
from analytics.tables.targets.progress import HORIZONS
from benchmarks.sentences import (
    bridge,
    customers,
    drivers,
    findings,
    markets,
    members,
    outlook,
    prices,
    products,
    returns,
    sales,
    targets,
    unusual,
)
from benchmarks.sentences.customer_cards import about_customers
from benchmarks.sentences.grammar import Case
from ui.content import affinity as affinity_content
from ui.content import concentration, dashboards, summary
from ui.content import customers as customers_content
from ui.content import drivers as drivers_content
from ui.content import markets as markets_content
from ui.content import outlook as outlook_content
from ui.content import prices as prices_content
from ui.content import products as products_content
from ui.content import returns as returns_content
from ui.content import sales as sales_content
from ui.content import targets as targets_content
from ui.content import unusual as unusual_content
from ui.content.remembered import NotShown

Reader = Callable[[Case, str], None]
Said = Iterator[tuple[str, str, Reader]]


def takeaways(case: Case, draw: random.Random) -> Said:
    """Card, its sentence, and what reads it, for every card that this view has; `draw` makes the choices on a page."""
    yield from _sales(case)
    if case.twin.data.has_customers:
        yield from _customers(case)
        yield from about_customers(case, draw)
    yield from _products(case, draw)
    yield from _prices(case, draw)
    yield from _returns(case)
    yield from _markets(case, draw)
    yield from _outlook(case, draw)
    if case.filters.base:
        yield from _drivers(case, draw)


def _sales(case: Case) -> Said:
    view, data = case.view, case.twin.data
    yield "trend", sales_content.trend(view).takeaway, sales.trend
    yield "growth", sales_content.growth(view).takeaway, sales.growth
    yield "revenue and orders", sales_content.revenue_and_orders(view).takeaway, sales.revenue_and_orders
    for name in dashboards.sales(view).breakdowns:
        text = dashboards.breakdown(view, "sales", name, view.metric).takeaway
        yield f"by {name}", text, partial(members.breakdown, name=name)
    yield "movers", sales_content.movers(view).takeaway, members.movers
    if missing(METRICS[view.metric], data, [name for name, _ in case.where]) is None:
        yield "heat map", sales_content.heatmap(view).takeaway, sales.heatmap
    yield from _summary(case, "sales", view.metric)
    shown, metric = unusual_content.days(view)
    if metric == view.metric:
        yield "marks", unusual_content.trend(view).takeaway, partial(unusual.marks, table=shown.rows)
    yield "unusual days", shown.takeaway, partial(unusual.unusual, metric=metric, table=shown.rows)
    for row in shown.rows.filter(~pl.col("closed") & (pl.col("why") != "")).to_dicts():
        reader = partial(unusual.because, metric=metric, day=row["day"])
        yield "why a day", f"{row['why']}.", reader


def _summary(case: Case, page: str, metric: str) -> Said:
    for one in summary.sentences(case.view, page):
        text, reader = one.text, partial(sales.headline, metric=metric)
        if text.startswith("Revenue moved by"):
            reader = partial(drivers.price_volume, names=("product",))
        elif text.startswith(bridge.BUYERS):
            reader = partial(bridge.new_and_returning)
        elif " came to " not in text and text != summary_sentences.NO_CUSTOMERS:
            reader = partial(findings.finding, metric=drivers_content.contribution_tables(case.view)[1].metric)
        yield f"summary of {page}", text, reader


def _customers(case: Case) -> Said:
    view, data = case.view, case.twin.data
    yield "per customer", customers_content.per_customer(view).takeaway, customers.per_customer
    yield "customer mix", customers_content.customer_mix(view).takeaway, customers.customer_mix
    for by in ("revenue", "orders", "units"):
        yield f"top by {by}", customers_content.top_customers(view, by).takeaway, partial(customers.ranking, by=by)
    yield "lorenz", concentration.lorenz(view).takeaway, customers.lorenz
    yield "orders per customer", concentration.order_counts(view).takeaway, customers.order_counts
    yield "days between", concentration.days_between(view).takeaway, customers.days_between
    if data.segments and "returns" not in METRICS[view.metric].needs:
        yield "attributes", customers_content.segments_takeaway(view), customers.groups
    for metric in ("orders_per_customer", "aov"):
        text = customers_content.behaviour(view, metric).takeaway
        if text and data.place:
            yield "behaviour", text, partial(customers.behaviour, metric=metric, place=data.place)
    yield from _summary(case, "customers", "customers")


def _products(case: Case, draw: random.Random) -> Said:
    view, data = case.view, case.twin.data
    level = draw.choice([name for name in ("category", "subcategory", "product") if name in data.members])
    support = draw.choice(affinity_tables.SUPPORTS)
    losing = next((name for name in ("subcategory", "category", "product") if data.has(name)), "product")
    yield "pareto", products_content.pareto(view, level)[0].takeaway, partial(products.pareto, level=level)
    for name in dict.fromkeys((level, losing)) if data.has("cost") else ():
        yield "profits", products_content.profits(view, name).takeaway, partial(products.profits, level=name)
    if case.filters.base:
        yield "matrix", products_content.growth_matrix(view, level).takeaway, partial(products.matrix, level=level)
    shown, table = products_content.life(view)
    yield "product life", shown.takeaway, partial(products.life, table=table)
    for name in dict.fromkeys((level, "product")):
        text = affinity_content.strongest(view, name, support).takeaway
        yield "bought together", text, partial(prices.together, level=name, support=support)
    rules = affinity_content.rules(view, level, support)[0]
    items = rules["item"].to_list() or [data.members[level][0]]
    for item in dict.fromkeys((items[0], draw.choice(items))):
        text = affinity_content.offers(view, level, support, item).takeaway
        yield "offers", text, partial(prices.offers, level=level, item=item)
    groups = prices_content.elasticities(view, price_tables.Scope("", ""))
    for text in products_content.product_findings(view, support):
        reader = partial(products.finding, level=losing, support=support, groups=groups)
        yield "product finding", text, reader


def _prices(case: Case, draw: random.Random) -> Said:
    view, data = case.view, case.twin.data
    level = draw.choice(["", *(name for name in ("category", "product") if name in data.members)])
    scope = price_tables.Scope(level, draw.choice(data.members[level]) if level else "")
    filters = prices_content.scoped(view, scope)
    yield "prices", prices_content.price_history(view, scope).takeaway, partial(prices.prices, filters=filters)
    fitted, sold = prices_content.elasticity(view, scope), prices_content.sold(view, scope)
    text = price_sentences.elasticity(fitted, scope.member or "Everything in this view")
    yield "elasticity", text, partial(prices.elasticity, fitted=fitted)
    if fitted.usable and sold.revenue > 0:
        by = draw.choice((-30, -10, 5, 20)) / 100
        text = price_sentences.what_if(price_tables.outcome(fitted, by, sold, data.currency), by)
        yield "what if", text, partial(prices.what_if, filters=filters, fitted=fitted, change=by)


def _returns(case: Case) -> Said:
    data, back = case.twin.data, returns_content.returned(case.view)
    if isinstance(back, NotShown):
        return
    yield "returns", return_sentences.returns(back, data.currency), returns.returned
    yield "lags of returns", return_sentences.lags(back), returns.lags
    yield "reasons of returns", return_sentences.reasons(back.reasons, data.currency), returns.reasons
    if back.places.height and data.place:
        text = return_sentences.return_places(back.places)
        yield "places of returns", text, partial(returns.places, name=data.place)


def _markets(case: Case, draw: random.Random) -> Said:
    view, data = case.view, case.twin.data
    places = market_tables.places(data)
    if not places:
        return
    name = draw.choice(places)
    level = next((one for one in ("category", "subcategory") if data.has(one)), None)
    card = markets_content.scorecard(view, name)
    yield "markets", card.takeaway, partial(markets.scorecard, name=name)
    if level:
        gaps = markets_content.white_space(view, name, level)
        yield "white space", gaps.takeaway, partial(markets.white_space, rows=gaps.rows, names=(name, level))
    if card.rows.height > 1:
        first, second = draw.sample(card.rows["member"].to_list(), 2)
        text = markets_content.side_by_side(view, name, first, second).takeaway
        yield "side by side", text, partial(markets.side_by_side, card=card.rows, first=first, second=second, name=name)
    for text in markets_content.market_findings(view, name, level):
        yield "market finding", text, partial(markets.findings, name=name, level=level)


def _outlook(case: Case, draw: random.Random) -> Said:
    view, data = case.view, case.twin.data
    shown, made = outlook_content.forecast(view)
    yield "forecast", shown.takeaway, partial(outlook.forecast, rows=shown.rows, outlook=made)
    yield "horizon", f"The next {outlook_sentences.horizon(made)}.", partial(outlook.horizon, outlook=made)
    if made.drawn is not None:
        yield "closeness", outlook_sentences.closeness(made), partial(outlook.closeness, outlook=made)
        if made.running is not None:
            text = outlook_sentences.running(made.running, made.ahead["label"][0], view.metric, data.currency)
            yield "running period", text, partial(outlook.running, outlook=made, rows=shown.rows)
        by = member_tables.dimensions(data, view.filters, view.metric)
        if METRICS[view.metric].kind == "sum" and by:
            bars, table = outlook_content.forecast_members(view, draw.choice(by))
            yield "forecast of members", bars.takeaway, partial(outlook.members, table=table, outlook=made)
    found = targets_content.target_months(view, "")
    if isinstance(found, NotShown):
        return
    content, known = found
    yield "targets", content.takeaway, targets.months
    for span in HORIZONS:
        if pace := targets_content.target_pace(view, "", span):
            yield "pace", pace[0].takeaway, partial(targets.pace, name=span, made=pace[1])
    for name in known.dimensions:
        text = targets_content.target_members(view, "", name).takeaway
        yield "targets of members", text, partial(targets.by_member, name=name)


def _drivers(case: Case, draw: random.Random) -> Said:
    view, data = case.view, case.twin.data
    names = draw.choice([("product",), *([(data.place, "product")] if data.place else [])])
    yield "bridge", drivers_content.bridge(view, names)[0].takeaway, partial(drivers.price_volume, names=names)
    for part in drivers.WORDS:
        text = drivers_content.drill(view, names, part).takeaway
        yield "drill", text, partial(drivers.drill, names=names, part=part)
    tables, whole, _ = drivers_content.contribution_tables(view)
    singles = [name for (name,) in tables]
    every = drivers_content.findings(view)[1] + drivers_content.pair_findings(
        view, len(drivers_content.pair_steps(view))
    )
    for text in every:
        yield "finding", text, partial(findings.finding, metric=whole.metric)
    for name in singles:
        text = drivers_content.contributions_of(view, name)[0].takeaway
        yield f"contributions of {name}", text, partial(drivers.contributions, name=name, metric=whole.metric)
    text = drivers_content.cancelling(view)[0].takeaway
    yield "cancelling", text, partial(drivers.cancelling, names=singles, metric=whole.metric)
