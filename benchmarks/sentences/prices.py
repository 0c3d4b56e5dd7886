"""Readers of the price cards and of what is bought together."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date
from fractions import Fraction
from math import ceil
from typing import Any

from analytics.dataset import MONEY_SCALE
from analytics.dates import month_text
from analytics.filters import Filters
from analytics.grains import ONE_DAY, next_start
from analytics.periods import Period
from benchmarks.sentences.grammar import NAME, A, Case, several, taken

TIMES = r"([\d,]+\.\d+)"


def prices(case: Case, text: str, filters: Filters) -> None:
    """What was paid a unit in the first and last whole month with sales, and how deep discounts were."""
    data = case.twin.data
    sold: dict[date, dict[str, list[Fraction]]] = defaultdict(dict)
    end = max(filters.period.end, data.first_day)
    for row in case.twin.kept(case.twin.lines, filters.where, Period(data.first_day, end)):
        month = row["day"].replace(day=1)
        if next_start(month, "month") - ONE_DAY <= end and month >= data.first_day:
            sums = sold[month].setdefault(row["product"], [Fraction(0)] * 3)
            sums[0] += row["quantity"] if data.unit_scale == 1 else Fraction(row["quantity"], data.unit_scale)
            sums[1] += Fraction(row["revenue"], MONEY_SCALE)
            sums[2] += Fraction(row.get("discount") or 0, MONEY_SCALE)
    months = {
        month: [sum(values, Fraction(0)) for values in zip(*by.values(), strict=True)] for month, by in sold.items()
    }
    priced = sorted(month for month, (units, *_) in months.items() if units > 0)
    if text.startswith("Too few whole months with sales "):
        case.claim(len(priced) < 2, "there are two")
        return
    priced = [month for month in priced if months[month][1] > 0]
    if text.startswith("Too few whole months have sales at a price"):
        case.claim(len(priced) < 2, "there are two")
        return
    average, one, then, other, now, by, rest = taken(
        rf"Paid a unit( on average, whatever was sold)?: {A} in {NAME}, {A} in {NAME} \((?:{A}|unchanged)\)(.*)\.", text
    )
    first, last = priced[0], priced[-1]
    case.claim((then, other and now) == (month_text(first), month_text(last)), "months")
    paid = [months[month][1] / months[month][0] for month in (first, last)]
    case.number(one, paid[0], then)
    case.number(other, paid[1], now)
    case.number(by or "0%", paid[1] / paid[0] - 1, "change")
    products = {product for some in sold.values() for product in some}
    case.claim(bool(average) == (len(products) > 1), "an average")
    if found := re.search(rf"the prices of {A} (products?) sold in both: (?:{A}|unchanged)", rest):
        ends = sorted(month for month, some in sold.items() if any(u > 0 and m > 0 for u, m, _ in some.values()))
        a, b = sold[ends[0]], sold[ends[-1]]
        both = [name for name in a if name in b and min(a[name][0], b[name][0], a[name][1], b[name][1]) > 0]
        case.number(found[1], len(both), "products in both")
        several(case, found[2], "product", len(both))
        cost = [sum((side[n][1] / side[n][0] * (a[n][0] + b[n][0]) for n in both), Fraction(0)) for side in (a, b)]
        case.number(found[3] or "0%", cost[1] / cost[0] - 1, "same prices")
    if found := re.search(rf"deepest discount {A} in (.+)$", rest):
        rates = {
            month_text(month): discount / (money + discount)
            for month, (units, money, discount) in months.items()
            if money + discount > 0 and units > 0
        }
        case.number(found[1], rates.get(found[2]), found[2])
        case.claim(rates[found[2]] == max(rates.values()), "there is a deeper one")


def elasticity(case: Case, text: str, fitted: Any) -> None:
    """How units answer to price as the card's table has it, and a verdict that follows from the interval told."""
    if "not identifiable" in text:
        case.claim(fitted.value is None, "it is")
        return
    if "units rose with the price" in text:
        low, high = taken(r".+?: units rose with the price \(([\d.]+) to ([\d.]+)\)\. .+", text)
        case.claim(fitted.low > 0, "they did not")
        case.claim((low, high) == (f"{fitted.low:.1f}", f"{fitted.high:.1f}"), "interval")
        return
    if "no clear answer" in text:
        low, high, count, noun = taken(
            rf".+?: no clear answer to price; the elasticity lies between (-[\d.]+) and (-?[\d.]+) \(from {A} "
            r"(item-months?)\)\.", text
        )  # fmt: skip
        case.claim(fitted.low <= 0 <= fitted.high, "there is one")
        case.claim((low, high) == (f"{fitted.low:.1f}", f"{fitted.high:.1f}"), "interval")
    else:
        by, low, high, count, noun, kind = taken(
            rf".+?: a price 1% higher sells ([\d.]+)% fewer units \(95% interval ([\d.]+) to ([\d.]+), from {A} "
            r"(item-months?)\); demand is (.+)\.", text
        )  # fmt: skip
        case.claim(float(low) <= float(by) <= float(high), "the value lies outside")
        for said, truth in ((by, -fitted.value), (low, -fitted.high), (high, -fitted.low)):
            case.claim(said == f"{truth:.1f}", f"{said} of {truth}")
        kinds = {"elastic": float(low) >= 1, "inelastic": float(high) <= 1}
        case.claim(kinds.get(kind, float(low) <= 1 <= float(high)), f"{kind} between {low} and {high}")
    case.number(count, fitted.observations, "item-months")
    several(case, noun, "item-month", fitted.observations)


def what_if(case: Case, text: str, filters: Filters, fitted: Any, change: float) -> None:
    """What another price brings at both ends of the elasticity's interval, units answering with it."""
    data = case.twin.data
    said, measure, low, high, now, verdict = taken(
        rf"Prices {A}: (revenue|profit) between {A} and {A} \(now {A}\), (.+)\.", text
    )
    case.number(said, change, "price")
    revenue, profit = (
        float(case.twin.value(name, filters.where, filters.period) or 0)
        if name == "revenue" or data.has("cost")
        else None
        for name in ("revenue", "profit")
    )
    assert revenue is not None
    cost = 0.0 if profit is None else revenue - profit
    case.claim((measure == "profit") == (profit is not None), "measure")
    ends = sorted((revenue * (1 + change) - cost) * (1 + change) ** power for power in (fitted.low, fitted.high))
    today = revenue - cost
    case.number(low, ends[0], "low")
    case.number(high, ends[1], "high")
    case.number(now, today, "now")
    if verdict.startswith("which may be"):
        case.claim(ends[0] <= today <= ends[1], "it is sure")
    else:
        case.claim(ends[0] > today if verdict.startswith("more") else ends[1] < today, verdict)


def _baskets(case: Case, level: str) -> list[set[str]]:
    orders: dict[int, set[str]] = defaultdict(set)
    for row in case.twin.kept(case.twin.lines, case.where, case.now):
        orders[row["order"]].add(row[level])
    return list(orders.values())


def together(case: Case, text: str, level: str, support: float) -> None:
    """The pair that is on the same orders most beyond chance."""
    baskets = _baskets(case, level)
    least = max(10, ceil(support * len(baskets)))
    if " too few to say what is bought together" in text:
        of, verb, few = taken(rf"{A} orders? (is|are) too few to say what is bought together: a pair needs {A}\.", text)
        case.number(of, len(baskets), "orders")
        several(case, verb, "is", len(baskets))
        case.number(few, least, "least")
        case.claim(len(baskets) < least, "there are enough")
        return
    if text.startswith("No two "):
        few, of = taken(
            rf"No two are on the same order more often than chance, of those on {A} of {A} orders or more\.", text
        )
        case.number(few, least, "least")
        case.number(of, len(baskets), "orders")
        return
    item, share, offer, lift, both, noun = taken(
        rf"Of the orders with {NAME}, {A} hold {NAME} as well, {TIMES} times the share of all orders \({A} (orders?) "
        r"with both\)\.", text
    )  # fmt: skip
    of_both = _pair(case, baskets, item, offer, lift)
    case.number(share, Fraction(of_both, sum(item in one for one in baskets)), "confidence")
    case.number(both, of_both, "both")
    several(case, noun, "order", of_both)
    case.claim(of_both >= least, "too few")


def pair(case: Case, item: str, offer: str, lift: str, share: str, level: str, support: float) -> None:
    """How often two are on one order, at a smallest share of all orders."""
    baskets = _baskets(case, level)
    both = _pair(case, baskets, item, offer, lift)
    case.number(share, Fraction(both, sum(item in one for one in baskets)), f"{offer} with {item}")
    case.claim(both >= max(10, ceil(support * len(baskets))), "too few")


def _pair(case: Case, baskets: list[set[str]], item: str, offer: str, lift: str) -> int:
    both = sum(item in one and offer in one for one in baskets)
    of_item, of_offer = (sum(name in one for one in baskets) for name in (item, offer))
    truth = Fraction(both * len(baskets), of_item * of_offer)
    case.number(lift, truth, f"{item} and {offer}")
    case.claim(truth > 1, "no more often than chance")
    return both


def offers(case: Case, text: str, level: str, item: str) -> None:
    """What to offer with an item, by lift."""
    baskets = _baskets(case, level)
    if text.startswith("Nothing "):
        case.claim(item in text, "another item")
        return
    named = re.findall(rf"(.+?) \({TIMES}×\)(?:, |\.$)", text.removeprefix(f"With {item}, offer "))
    case.claim(bool(named) and text.startswith(f"With {item}, offer ") and text.endswith("."), "cannot be read")
    for name, lift in named:
        _pair(case, baskets, item, name, lift)
