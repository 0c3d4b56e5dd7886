"""The cards of Retention, Segments, Value and of one customer, whose sentences are read back."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from functools import partial

import polars as pl

from analytics.sentences import customer as customer_sentences
from analytics.sentences import retention as retention_sentences
from analytics.sentences import segments as segment_sentences
from analytics.sentences import value as value_sentences
from analytics.tables import customer as customer_tables
from analytics.tables.retention.bridge import STAYED, STEPS
from analytics.tables.segments import rfm as rfm_tables
from benchmarks.sentences import bridge, customer, lapsed, retention, segments, value
from benchmarks.sentences.grammar import Case
from ui.content import customer as customer_content
from ui.content import purchases
from ui.content import retention as retention_content
from ui.content import segments as segments_content
from ui.content import value as value_content

Said = Iterator[tuple[str, str, Callable[[Case, str], None]]]


def about_customers(case: Case, draw: random.Random) -> Said:
    """Card, its sentence, and what reads it."""
    if purchases.anybody(case.view):
        yield from _retention(case, draw)
        yield from _segments(case, draw)
        yield from _value(case, draw)
    yield from _one(case, draw)


def _retention(case: Case, draw: random.Random) -> Said:
    view, data = case.view, case.twin.data
    found = retention_content.bridge(view)
    if found is not None:
        yield "customer bridge", found.takeaway, bridge.retained
        for step in (*STEPS[:-1], STAYED):
            shown = retention_content.bridge_customers(view, step)
            text = retention_sentences.in_step(shown.count, shown.change, data.currency)
            yield "in a bar", text, partial(retention.in_step, customers=bridge.step_changes(case)[step])
    grain = retention_content.cohort_grain(view)
    text = retention_content.cohort_grid(view, "", "retention").takeaway
    yield "cohorts", text, partial(retention.cohorts, grain=grain)
    yield "came back", retention_content.came_back(view).takeaway, retention.came_back
    yield "waiting", retention_content.waiting(view, "").takeaway, retention.waiting
    names = [name for name in data.members if len(data.members[name]) <= 40]
    if names:
        name, horizon = draw.choice(names), draw.choice(retention.HORIZONS)
        text = retention_content.first_members(view, name, horizon).takeaway
        yield "first members", text, partial(retention.first_members, name=name, horizon=horizon)


def _segments(case: Case, draw: random.Random) -> Said:
    view, data = case.view, case.twin.data
    yield "RFM grid", segments_content.grid(view, "customers").takeaway, segments.grid
    moved = segments_content.moves(view)
    if moved is not None:
        yield "migration", moved.takeaway, partial(segments.migration, earlier=moved.earlier)
        yield "slipped", segment_sentences.slipped(moved.count), partial(segments.slipped, earlier=moved.earlier)
    scored = segments_content.scored(view)
    sizes = scored["group"].cast(pl.String).value_counts().sort("count", "group", descending=[True, False])
    for group in dict.fromkeys((sizes["group"][0], draw.choice(rfm_tables.GROUPS))):
        text = segments_content.group_customers(view, group).takeaway
        yield "actions", text, partial(segments.actions, group=group)
        yield "profile", segments_content.profile(view, group).takeaway, partial(segments.profile, group=group)
        inside = scored.filter(pl.col("group").cast(pl.String) == group)
        text = segment_sentences.draft(inside.height, int(inside["money"].sum()), f"group {group}", data.currency)
        yield "draft of a segment", text, partial(segments.draft, groups=(group,))


def _value(case: Case, draw: random.Random) -> Said:
    view, data = case.view, case.twin.data
    fit = value_content.fit(view)
    for text in fit.lacking:
        yield "gate", text, value.gate
    yield "overdue", value_content.overdue(view).takeaway, value.overdue
    yield "lapsed", value_content.lapsed(view).takeaway, lapsed.lapsed
    if text := value_content.active(view):
        yield "active", text, lapsed.active
    if fit.backtest:
        yield "backtest", value_content.tested(view).takeaway, partial(value.backtest, test=fit.backtest)
    if not fit.models or not fit.backtest:
        return
    yield "trusted", value_sentences.trusted(fit.backtest), partial(value.trusted, test=fit.backtest)
    days = draw.choice(value_content.horizons(view))
    total = value_content.expected(view, days)
    yield "value", total.takeaway, partial(value.value, fitted=fit.models, total=total.total, days=days)
    name = draw.choice(["group", *data.segments])
    shown, table = value_content.value_by(view, days, name)
    members = (
        {who: one.group for who, one in segments.scored(case, retention.until(case)).items()}
        if name == "group"
        else {n: str(row[name]) for n, row in enumerate(data.customers.to_dicts())}
    )
    reader = partial(value.by_group, fitted=fit.models, table=table, days=days, members=members)
    yield "value by group", shown.takeaway, reader


def _one(case: Case, draw: random.Random) -> Said:
    source, data = case.view.source, case.twin.data
    who = draw.choice(sorted(case.twin.days)) if case.twin.days else 0
    if not who:
        return
    of = customer_content.customer_lines(source, who)
    grain, every = ("quarter", "1q") if (data.last_day - min(case.twin.days[who])).days > 1200 else ("month", "1mo")
    table = customer_tables.orders_over_time(of, every, data.last_day)
    text = customer_sentences.over_time(table, grain, data.calendar, data.currency)
    yield "customer over time", text, partial(customer.over_time, customer=who, grain=grain)
    level = next(name for name in ("category", "subcategory", "product") if data.has(name))
    spent = customer_tables.spent_on(of, level)
    text = customer_sentences.spent_on(spent, customer.plural(case, level), data.currency)
    yield "customer spent on", text, partial(customer.spent_on, customer=who, level=level)
    days = customer_content.customer_purchases(source, who, data.last_day)["day"]
    gaps = days.diff().dt.total_days().drop_nulls().to_list()
    if gaps:
        text = customer_sentences.rhythm(gaps, (data.last_day - days[-1]).days)
        yield "customer rhythm", text, partial(customer.rhythm, customer=who)
    text = customer_sentences.order_lines(of.height, 500)
    yield "customer lines", text, partial(customer.order_lines, customer=who)
    known = [
        (day, customer_tables.facts(customer_content.customer_purchases(source, who, day), day))
        for day in customer_tables.scored_days(data.first_day, data.last_day)
    ]
    least = {day: customer_content.thresholds(source, day) for day, facts in known if facts}
    text = customer_sentences.scores(customer_tables.scores(known, least))
    yield "customer scores", text, partial(customer.scores, customer=who)
