"""Sentences of the growth pages: why revenue moved, what to sell where and at what price, and what comes next.

Like `analytics.sentences`: plain text composed by rules from the figures shown; whoever shows it in Markdown passes it
through `formats.plain`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

import polars as pl

from analytics import formats
from analytics.dataset import MONEY_SCALE
from analytics.filters import Filters
from analytics.metrics import METRICS, Metric
from analytics.models.elasticity import Elasticity
from analytics.models.forecast import Running
from analytics.tables.contributions import CANCELS, Change, Finding
from analytics.tables.markets import FEWEST_CUSTOMERS
from analytics.tables.outlook import Outlook
from analytics.tables.price_volume import MEANINGS, PARTS, Bridge
from analytics.tables.returns import Returns
from analytics.tables.targets import Pace, Targets

PART_WORDS: Final = {
    "price": "prices",
    "volume": "volume",
    "mix": "the mix",
    "new": "new items",
    "lost": "lost items",
}


def money(amount: float, currency: str) -> str:
    """An amount, short."""
    return formats.text(amount, "money", currency)


def signed(amount: float, currency: str) -> str:
    """A difference of money, short."""
    return formats.signed_text(amount, "money", currency)


def share(part: float | None) -> str:
    """A share of a change: `56.0%`."""
    return formats.text(part, "share")


# --- Drivers ----------------------------------------------------------------------------------------------------------


def bridge(found: Bridge, currency: str) -> str:
    """What moved revenue most, up and down, and that the parts add up."""
    parts = {name: amount / MONEY_SCALE for name, amount in found.parts.items()}
    change = (found.revenue - found.base) / MONEY_SCALE
    if not change and not any(parts.values()):
        return "Revenue did not change."
    up = [name for name in parts if parts[name] > 0]
    down = [name for name in parts if parts[name] < 0]
    said = []
    for names, word in ((up, "added most"), (down, "took most")):
        if names:
            name = max(names, key=lambda n: abs(parts[n]))
            said.append(f"{PART_WORDS[name]} {word} ({signed(parts[name], currency)})")
    joined = "; ".join(said)
    return f"Revenue moved by {signed(change, currency)}: {joined}. The parts add up to it exactly."


def drill(found: Bridge, part: str, plural: str, currency: str) -> str:
    """What makes up one bar."""
    amount = found.parts[part] / MONEY_SCALE
    rows = found.items.filter(pl.col(part) != 0).sort(pl.col(part).abs(), "item", descending=[True, False])
    if rows.is_empty():
        return f"{PARTS[part]} is {money(0, currency)}: {MEANINGS[part]}."
    top = rows.row(0, named=True)
    return (
        f"{PARTS[part]} {signed(amount, currency)}, over {rows.height:,} {plural}: {MEANINGS[part]}. "
        f"Largest: {top['item']} ({signed(top[part] / MONEY_SCALE, currency)})."
    )


def _amount(value: float, row: Metric, currency: str) -> str:
    return formats.signed_text(value, row.unit, currency)


def finding(found: Finding, metric: str, currency: str, labels: Mapping[str, str], whole: Change) -> str:
    """One finding in plain words: who moved, against its own past and the rest, and its share of the whole change."""
    row = METRICS[metric]
    names = " × ".join(
        f"{member} ({labels[name].lower()})" for name, member in zip(found.dimensions, found.members, strict=True)
    )
    part = ""
    if found.share_of_change is not None and abs(found.share_of_change) < 10:
        part = f", {share(found.share_of_change)} of the whole change"
    they = "It" if len(found.dimensions) == 1 else "Together they"
    made = f"{they} made {_amount(found.moved, row, currency)}{part}."
    if row.unit == "share" or found.growth is None:
        if found.value and not found.base:
            return f"{names} is new. {made}"
        then, now = (formats.text(v, row.unit, currency) for v in (found.base, found.value))
        return f"{names} went from {then} to {now}. {made}"
    own = _grew(found.growth)
    if len(found.dimensions) == 2:
        return f"{names} {own}: {_beside(found, row, currency)} than both lead one to expect. {made}"
    if found.growth_rest is None:
        return f"{names} {own}. {made}"
    return (
        f"{names} {own} while all others {_grew(found.growth_rest)}: {_beside(found, row, currency)} than had it kept "
        f"pace. {made}"
    )


def _grew(growth: float) -> str:
    size = formats.change_text(abs(growth), "count").lstrip("+")
    return "stood still" if size == "0%" else f"{'grew' if growth > 0 else 'fell'} {size}"


def _beside(found: Finding, row: Metric, currency: str) -> str:
    return f"{formats.text(abs(found.excess), row.unit, currency)} {'more' if found.excess > 0 else 'less'}"


def contributions(table: pl.DataFrame, whole: Change, currency: str, plural: str) -> str:
    """Which members of one dimension gave and took most, and how much of the change the first made."""
    row = METRICS[whole.metric]
    moved = table.filter(pl.col("moved") != 0)
    if moved.is_empty():
        return f"No {plural} moved."
    up, down = moved.filter(pl.col("moved") > 0), moved.filter(pl.col("moved") < 0)
    said = [f"Of {table.height:,} {plural}, {up.height:,} rose and {down.height:,} fell"]
    if up.height:
        top = up.sort("moved", descending=True).row(0, named=True)
        said.append(f"{top['member']} added most ({_amount(top['moved'], row, currency)})")
    if down.height:
        low = down.sort("moved").row(0, named=True)
        said.append(f"{low['member']} took most ({_amount(low['moved'], row, currency)})")
    return "; ".join(said) + "."


def cancelling(table: pl.DataFrame, metric: str, currency: str) -> str:
    """Whether a small change hides large ones, and where most."""
    if table.is_empty():
        return "In no dimension did some members rise and others fall."
    row, first = METRICS[metric], table.row(0, named=True)
    said = (
        f"By {first['dimension'].lower()}, rises of {_amount(first['rises'], row, currency)} and falls of "
        f"{_amount(first['falls'], row, currency)} leave {_amount(first['net'], row, currency)}"
    )
    if first["cancelled"] < CANCELS:
        return f"Little cancels out. Most does {said[0].lower()}{said[1:]}."
    return (
        f"{said}: {first['up']} ({_amount(first['up_moved'], row, currency)}) and {first['down']} "
        f"({_amount(first['down_moved'], row, currency)}) pull apart most."
    )


# --- Products and pricing ---------------------------------------------------------------------------------------------


def abc(classes: pl.DataFrame, plural: str) -> str:
    """How few items make most of the revenue."""
    by = {row["abc"]: row for row in classes.to_dicts()}
    items = int(classes["items"].sum())
    if not items:
        return "Nothing was sold in this view."
    first, last = by["A"], by["C"]
    return (
        f"{first['items']:,} of {items:,} {plural} ({share(first['items_share'])}) make {share(first['share'])} of the "
        f"revenue; the {last['items']:,} in class C make {share(last['share'])}."
    )


def matrix(table: pl.DataFrame, plural: str, currency: str) -> str:
    """The largest that gains and the largest that loses on the rest."""
    if table.is_empty():
        return f"No {plural} were sold in both periods."
    said = []
    for word, rows in (("gains", table.filter(pl.col("gain") > 0)), ("loses", table.filter(pl.col("gain") <= 0))):
        if rows.height:
            top = rows.row(0, named=True)
            shown = f"{money(top['revenue'], currency)}, {top['change_text']}"
            said.append(f"{top['member']} ({shown}) is the largest that {word}")
    return "; ".join(said) + " on the rest."


def profit(table: pl.DataFrame, plural: str, currency: str) -> str:
    """What sells below cost, or the thinnest margin where nothing does."""
    if table.is_empty():
        return "Nothing was sold in this view."
    losing = table.filter(pl.col("profit") < 0)
    if losing.is_empty():
        thin = table.drop_nulls("margin").sort("margin")
        if thin.is_empty():
            return f"None of the {plural} loses money."
        low = thin.row(0, named=True)
        return f"None of the {plural} loses money; {low['member']} has the thinnest margin ({share(low['margin'])})."
    top, lost = losing.row(0, named=True), money(-float(losing["profit"].sum()), currency)
    return (
        f"{losing.height:,} of {table.height:,} {plural} lose money, {lost} in all. "
        f"Most: {top['member']} ({money(top['profit'], currency)} on {money(top['revenue'], currency)})."
    )


def product_life(stages: pl.DataFrame, life: pl.DataFrame, currency: str) -> str:
    """How many products were launched and discontinued, with the largest of each."""
    counts = dict(stages.select("stage", "items").iter_rows())
    said = []
    for row in _largest(life, "Launched", "revenue"):
        brought = f"{row['member']} brought {money(row['revenue'], currency)} (first sold {_day(row['first_day'])})"
        said.append(f"{counts['Launched']:,} launched: {brought}")
    for row in _largest(life, "Discontinued", "revenue_base"):
        lost = f" brought {money(row['revenue_base'], currency)} in the base period" if row["revenue_base"] else ""
        ended = f"{row['member']}{lost} (last sold {_day(row['last_day'])})"
        said.append(f"{counts['Discontinued']:,} discontinued: {ended}")
    said = said or ["none launched or discontinued"]
    told = "; ".join(said)
    beyond = f"{counts['Growing']:,} grow and {counts['Declining']:,} decline beyond chance"
    return f"{told[0].upper()}{told[1:]}. {beyond}."


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


def affinity(table: pl.DataFrame, orders: int, least: int) -> str:
    """The pair that is bought together most beyond chance."""
    known = table.filter(pl.col("least_lift") > 1)
    if known.is_empty():
        return (
            f"No two are on the same order more often than chance, of those on {least:,} of {orders:,} orders or more."
        )
    top = known.row(0, named=True)
    return (
        f"Who buys {top['item']} takes {top['offer']} along on {share(top['confidence'])} of orders, "
        f"{top['lift']:,.1f} times as often as others do ({top['both']:,} orders with both)."
    )


def offers(table: pl.DataFrame, item: str) -> str:
    """What to offer with one item."""
    known = table.filter(pl.col("least_lift") > 1)
    if table.is_empty():
        return f"Nothing is often enough on the same order as {item} to say. Ask for a smaller share of orders."
    if known.is_empty():
        return f"Nothing goes with {item} beyond chance."
    named = ", ".join(f"{row['offer']} ({row['lift']:,.1f}×)" for row in known.head(3).to_dicts())
    return f"With {item}, offer {named}."


def prices(history: pl.DataFrame, currency: str) -> str:
    """What was paid a unit at both ends, and how deep discounts were."""
    known = history.drop_nulls("price")
    if known.height < 2:
        return "Too few whole months with sales to show prices over time."
    first, last = known.row(0, named=True), known.row(-1, named=True)
    change = last["price"] / first["price"] - 1 if first["price"] else None
    said = (
        f"Paid a unit: {money(first['price'], currency)} in {first['label']}, {money(last['price'], currency)} in "
        f"{last['label']} ({formats.change_text(change, 'count')})"
    )
    depth = known.drop_nulls("discount_rate")
    if depth.is_empty():
        return said + "."
    deep = depth.sort("discount_rate").row(-1, named=True)
    return f"{said}; deepest discount {share(deep['discount_rate'])} in {deep['label']}."


def elasticity(found: Elasticity, name: str) -> str:
    """How units answer to price, or why that cannot be told."""
    if found.value is None or found.low is None or found.high is None:
        return f"{name}: not identifiable. {found.reason[:1].upper()}{found.reason[1:]}."
    if found.low > 0:
        return (
            f"{name}: units rose with the price ({found.low:.1f} to {found.high:.1f}). Demand does not do that; "
            f"something else moved both, so do not reckon with it."
        )
    if found.high >= 0:
        return f"{name}: no clear answer to price; the elasticity lies between {found.low:.1f} and {found.high:.1f}."
    kind = (
        "elastic"
        if found.high < -1
        else "inelastic"
        if found.low > -1
        else "neither clearly elastic nor clearly inelastic"
    )
    return (
        f"{name}: a price 1% higher sells {abs(found.value):.1f}% fewer units (95 % interval {abs(found.high):.1f} to "
        f"{abs(found.low):.1f}); demand is {kind}."
    )


def what_if(outcome: pl.DataFrame, change: float, currency: str) -> str:
    """What another price would bring, always as a range."""
    by = {row["measure"]: row for row in outcome.to_dicts()}
    target = by.get("Profit", by["Revenue"])
    sure = target["low"] > target["now"] or target["high"] < target["now"]
    way = "more" if target["expected"] > target["now"] else "less"
    verdict = f"{way} than now anywhere inside that" if sure else "which may be more or less than now"
    return (
        f"Prices {formats.change_text(change, 'count')}: {target['measure'].lower()} between {target['low_text']} and "
        f"{target['high_text']} (now {target['now_text']}), {verdict}."
    )


def returns(found: Returns, currency: str) -> str:
    """How much came back, and which product does beyond what its neighbours lead one to expect."""
    if not found.units:
        return "Nothing was returned in this view."
    rate = share(found.units / found.sold) if found.sold else "–"
    said = f"{found.units:,} units came back, {rate} of those sold, worth {money(found.amount, currency)}."
    beyond = found.products.filter("beyond")
    if beyond.is_empty():
        return f"{said} No product comes back more than its neighbours beyond chance."
    top = beyond.row(0, named=True)
    return (
        f"{said} {top['member']} stands out: {top['text']} come back where {top['expected_text']} would be expected, "
        f"{money(top['excess'], currency)} lost beyond that."
    )


def lags(found: Returns) -> str:
    """How long it takes until goods come back."""
    if found.median_days is None:
        return "The returns do not name their orders, so the time until they came back is not known."
    return f"Half of the units came back within {found.median_days:,.0f} days."


def reasons(table: pl.DataFrame, currency: str) -> str:
    """The reason that costs most."""
    if table.is_empty():
        return "The returns give no reasons."
    top = table.row(0, named=True)
    return f"{top['member']} costs most: {money(top['amount'], currency)}, {share(top['share'])} of the units returned."


def return_places(table: pl.DataFrame) -> str:
    """Where more comes back than elsewhere, beyond chance."""
    beyond = table.filter(pl.col("low") > pl.col("expected"))
    if beyond.is_empty():
        return "No place returns more than the others beyond chance."
    top = beyond.row(0, named=True)
    return f"{top['member']} returns {top['text']}, where all others return {top['expected_text']}."


def product_findings(
    losing: pl.DataFrame,
    life: pl.DataFrame,
    found: Returns | None,
    pairs: pl.DataFrame,
    groups: pl.DataFrame,
    currency: str,
) -> list[str]:
    """At most five findings, one of each kind, those with the most money first: what loses money, was launched, ended,
    comes back, answers to price, is bought together. Each frame has its largest first."""
    said: list[tuple[float, str]] = []
    for row in losing.filter(pl.col("profit") < 0).sort("profit").head(1).to_dicts():
        lost = f"{row['member']} sells below cost: {money(row['revenue'], currency)} of revenue lost"
        said.append((-row["profit"], f"{lost} {money(-row['profit'], currency)}."))
    for row in _largest(life, "Launched", "revenue"):
        amount = money(row["revenue"], currency)
        launched = f"{row['member']} was launched: first sold {_day(row['first_day'])}, {amount} since."
        said.append((row["revenue"], launched))
    for row in _largest(life, "Discontinued", "revenue_base"):
        lost = row["revenue_base"]
        tail = f", {money(lost, currency)} in the compared period" if lost else ""
        said.append((lost or 0.0, f"{row['member']} is no longer sold: last on {_day(row['last_day'])}{tail}."))
    if found is not None:
        for row in found.products.filter("beyond").head(1).to_dicts():
            rate = (
                f"{row['member']} comes back too often: {row['text']} of units, where its neighbours' rate leads one to"
            )
            said.append(
                (row["excess"], f"{rate} expect {row['expected_text']}; {money(row['excess'], currency)} lost.")
            )
    said.sort(key=lambda item: -item[0])
    out = [text for _, text in said]
    for row in pairs.filter(pl.col("least_lift") > 1).head(1).to_dicts():
        out.append(
            f"Offer {row['offer']} with {row['item']}: {share(row['confidence'])} of its orders take it along, "
            f"{row['lift']:,.1f} times the usual."
        )
    for row in groups.filter(pl.col("high") < -1).head(1).to_dicts():
        out.append(f"{row['member']} answers to price most surely: elasticity {row['text']}.")
    return out[:5]


def _largest(life: pl.DataFrame, stage: str, column: str) -> list[dict[str, Any]]:
    rows = life.filter(pl.col("stage") == stage).sort(column, "member", descending=[True, False], nulls_last=True)
    return rows.head(1).to_dicts()


# --- Markets ----------------------------------------------------------------------------------------------------------


def scorecard(card: pl.DataFrame, plural: str, currency: str) -> str:
    """The largest market, the fastest and the slowest of those with enough customers."""
    if card.is_empty():
        return "Nothing was sold in this view."
    top = card.row(0, named=True)
    said = [f"{top['member']} is the largest of {card.height:,} {plural} ({money(top['revenue'], currency)})"]
    if "growth" in card.columns:
        known = card.filter(~pl.col("few")).drop_nulls("growth").sort("growth")
        if known.height > 1:
            low, high = known.row(0, named=True), known.row(-1, named=True)
            said.append(f"{high['member']} grew most ({formats.change_text(high['growth'], 'count')})")
            said.append(f"{low['member']} least ({formats.change_text(low['growth'], 'count')})")
    few = int(card["few"].sum())
    tail = f" {few:,} with fewer than {FEWEST_CUSTOMERS} customers are not ranked by rates." if few else ""
    return "; ".join(said) + "." + tail


def white_space(gaps: pl.DataFrame, currency: str) -> str:
    """The gap with the most money at stake."""
    if gaps.is_empty():
        return "No market buys less of a category than its peers beyond chance."
    top = gaps.row(0, named=True)
    return (
        f"{top['market']} spends {top['share_text']} on {top['category']} where its peers spend {top['peers_text']}: "
        f"{top['text']} at stake in this period ({top['range_text']}). {gaps.height:,} gaps lie beyond chance."
    )


def side_by_side(rows: pl.DataFrame, first: str, second: str) -> str:
    """Where two markets differ in rank most."""
    known = rows.drop_nulls(["first_rank", "second_rank"])
    if known.is_empty():
        return f"{first} beside {second}."
    known = known.with_columns((pl.col("first_rank") - pl.col("second_rank")).alias("apart"))
    top = known.sort(pl.col("apart").abs(), descending=True).row(0, named=True)
    return (
        f"They lie furthest apart in {top['score'].lower()}: {first} {top['first_text']} (rank {top['first_rank']}), "
        f"{second} {top['second_text']} (rank {top['second_rank']})."
    )


def market_findings(card: pl.DataFrame, gaps: pl.DataFrame, found: Sequence[Finding], currency: str) -> list[str]:
    """At most five findings: markets that moved unlike the rest beyond chance, the two widest gaps, the best margin."""
    out = []
    for one in found:
        rest = formats.change_text(one.growth_rest, "count")
        word = "shrinks" if one.moved < 0 else "falls behind" if one.excess < 0 else "outgrows the others"
        out.append(
            f"{one.members[0]} {word}: {formats.change_text(one.growth, 'count')} ({signed(one.moved, currency)}), "
            f"all others {rest}."
        )
    for row in gaps.head(2).to_dicts():
        out.append(
            f"{row['market']} buys little {row['category']}: {row['share_text']} of its revenue, peers "
            f"{row['peers_text']}; {row['text']} at stake."
        )
    return out[:5]


# --- Outlook ----------------------------------------------------------------------------------------------------------


def outlook(found: Outlook, metric: str, currency: str, grain: str) -> str:
    """The next whole periods with their interval, or what is missing for a forecast."""
    row, word = METRICS[metric], grain.replace("_", " ")
    if found.cut:
        return f"{row.label} is undefined in some {word}s, where nothing was sold; such a series is not forecast."
    if found.theta is None or found.naive is None:
        more = f"{found.lacking} more whole {word}{'' if found.lacking == 1 else 's'}"
        return f"Too short a history: a forecast by {word} needs {more} of data. Choose smaller time steps."
    (low, high), label = found.theta.bounds(0.8), found.ahead["label"][0]
    mean, low0, high0 = (formats.text(v[0], row.unit, currency) for v in (found.theta.mean, low, high))
    said = f"{label}: {mean} expected, between {low0} and {high0} with a chance of 80 %."
    if found.theta.mase is not None and found.naive.mase is not None:
        better = found.theta.mase < found.naive.mase
        said += (
            f" In {found.theta.origins} tests on the past, Theta's error was {found.theta.mase:.2f} and seasonal "
            f"naive's {found.naive.mase:.2f}{'' if better else ': last season again has done as well here'}."
        )
    if found.intermittent:
        said += f" Many {word}s have no sales at all: take the intervals as rough."
    return said


def running(found: Running, label: str, metric: str, currency: str) -> str:
    """How the period that is not over will end."""
    row = METRICS[metric]
    texts = [formats.text(v, row.unit, currency) for v in (found.so_far, found.mean, found.low, found.high)]
    return (
        f"{label}: {texts[0]} so far, usually {share(found.share)} of a period by now. It should end at about "
        f"{texts[1]}, between {texts[2]} and {texts[3]} with a chance of 80 %."
    )


def members(bars: pl.DataFrame, metric: str, currency: str, steps: str) -> str:
    """Who is expected to bring most and to grow most."""
    if bars.is_empty():
        return "Nothing to forecast."
    row, top = METRICS[metric], bars.row(0, named=True)
    said = f"Over the next {steps}, {top['member']} should bring {formats.text(top['value'], row.unit, currency)}"
    known = bars.drop_nulls("change").sort("change")
    if known.height > 1:
        high, low = known.row(-1, named=True), known.row(0, named=True)
        said += (
            f"; {high['member']} should grow most ({high['change_text']}), {low['member']} least ({low['change_text']})"
        )
    return said + ". Members add up to the total exactly."


def targets(found: Targets, first: date, last: date, currency: str) -> str:
    """How much of what was due in a span has been reached."""
    inside = found.months.filter(pl.col("month").is_between(first, last) & pl.col("actual").is_not_null())
    due, actual = float(inside["due"].sum()), float(inside["actual"].sum())
    if not due:
        return "No month of this period has a target."
    best = inside.filter(pl.col("attainment") >= 1).height
    return (
        f"{money(actual, currency)} of {money(due, currency)} due: {share(actual / due)}. {best:,} of "
        f"{inside.height:,} months reached their target."
    )


def pace(found: Pace, name: str, currency: str) -> str:
    """Where a span stands, what the rest needs, and how likely it is to get there."""
    said = f"{name}: {money(found.so_far, currency)} of {money(found.target, currency)}"
    if not found.days_left:
        return f"{said}, {share(found.so_far / found.target)}."
    ahead = found.so_far - found.due
    word = "ahead of" if ahead >= 0 else "behind"
    said += (
        f", {money(abs(ahead), currency)} {word} pace. The {found.days_left:,} days left need "
        f"{money(found.needed, currency)} a day; the last four weeks made {money(found.at_present, currency)}."
    )
    if found.chance is None:
        return f"{said} The history is too short to say how likely that is."
    return f"{said} Chance to reach it: {chance(found.chance)}."


def chance(value: float) -> str:
    """A probability, never 0 or 1."""
    return "below 1%" if value < 0.01 else "above 99%" if value > 0.99 else f"{value:.0%}"


def by_target_member(table: pl.DataFrame, currency: str) -> str:
    """Who is furthest behind and ahead of target."""
    if table.is_empty():
        return "Nothing with a target in this period."
    low, high = table.row(0, named=True), table.row(-1, named=True)
    said = []
    if low["gap"] < 0:
        said.append(f"{low['member']} is furthest behind ({low['text']}, {low['change_text']})")
    if high["gap"] > 0:
        said.append(f"{high['member']} furthest ahead ({high['text']}, {high['change_text']})")
    return "; ".join(said) + "." if said else "All are exactly on target."


def unusual(table: pl.DataFrame, metric: str) -> str:
    """How many days fell out of line, and the one that did most."""
    label = METRICS[metric].label.lower()
    if table.is_empty():
        return f"No day of this period fell out of line in {label}."
    top = table.sort(pl.col("z").abs(), descending=True).row(0, named=True)
    count = f"{table.height:,} day{'' if table.height == 1 else 's'} fell out of line"
    why = f"; {top['why']}" if top["why"] else ""
    return f"{count}. Most of all {top['label']}: {top['text']} where {top['usual_text']} was usual{why}."


# --- The summary of a period ------------------------------------------------------------------------------------------


def headline(
    metric: str, now: float | None, base: float | None, change: float | None, filters: Filters, currency: str
) -> str:
    """The first sentence of a summary: what the metric was, and against what."""
    row = METRICS[metric]
    shown = formats.text(now, row.unit, currency)
    if not filters.base or change is None:
        return f"{row.label} came to {shown} in {filters.period.describe()}."
    word = formats.change_text(change, row.unit)
    moved = f"{word} on" if word[0] in "+-" else "unchanged from"
    return (
        f"{row.label} came to {shown} in {filters.period.describe()}, {moved} {formats.text(base, row.unit, currency)} "
        f"in {filters.base.describe()}."
    )


def buyers(new: float, returning: float, currency: str) -> str:
    """Whether first-time buyers or those who came back moved revenue."""
    if abs(new) >= abs(returning):
        return (
            f"New customers moved revenue most: {signed(new, currency)}; returning ones {signed(returning, currency)}."
        )
    return f"Returning customers moved revenue most: {signed(returning, currency)}; new ones {signed(new, currency)}."
