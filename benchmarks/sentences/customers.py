"""Readers of the pages about customers: who bought, who leads, how it spreads, and what became of last period's."""

from __future__ import annotations

import re
from collections import defaultdict
from fractions import Fraction
from typing import Any

from analytics.dataset import MONEY_SCALE, NOT_RECORDED
from analytics.dimensions import dimension
from analytics.periods import Period
from benchmarks.sentences.grammar import NAME, A, Case, extreme, taken
from benchmarks.sentences.twin import RATIOS, SUMS, Number

FEW = 30
"""Customers of a group from which its ratios are compared; gaps from which a lapse rule is made."""


def by_customer(rows: list[dict[str, Any]]) -> dict[int, list[dict[str, Any]]]:
    """Known customer -> their lines."""
    groups: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        if row["customer"]:
            groups[row["customer"]].append(row)
    return groups


def money(rows: list[dict[str, Any]]) -> Fraction:
    """Revenue of some lines."""
    return Fraction(sum(row["revenue"] for row in rows), MONEY_SCALE)


def per_customer(case: Case, text: str) -> None:
    """How many bought, what each brought, and how both changed."""
    buyers = case.twin.value("customers", case.where, case.now)
    if text == "No known customers bought in this view.":
        case.claim(not buyers, "somebody bought")
        return
    count, noun, each, more, larger = taken(
        rf"{A} (customers?) brought {A}(?: each)?(?:: (?:{A}|as many) customers, (?:{A}|as much) per customer)?\.", text
    )
    case.claim((" each" in text) == (buyers != 1), "each")
    case.number(count, buyers, "customers")
    case.claim((noun == "customer") == (buyers == 1), "number of the noun")
    case.number(each, case.twin.value("revenue_per_customer", case.where, case.now), "each")
    if ": " in text and case.filters.base:
        for said, metric in ((more, "customers"), (larger, "revenue_per_customer")):
            now, then = (case.twin.value(metric, case.where, span) for span in (case.now, case.filters.base))
            case.moved(said or "0%", metric, now, then, metric)


def ranking(case: Case, text: str, by: str) -> None:
    """Who leads, with their share and that of the first ten."""
    rows = case.twin.kept(case.twin.lines, case.where, case.now)
    values = {one: case.twin.of(by, some, case.now, None) or Fraction(0) for one, some in by_customer(rows).items()}
    if text.startswith("No known customers"):
        case.claim(not values, "somebody bought")
        return
    if text.startswith("No known customer has "):
        case.claim(bool(values) and max(values.values()) <= 0, "somebody has")
        return
    if " is the only known customer " in text:
        who, amount = taken(
            rf"{NAME} is the only known customer in this view, with {A}(?: orders?| products? sold)?\.", text
        )
        case.claim([case.twin.names[one] for one in values] == [who], "there are others")
        case.number(amount, max(values.values()), who)
        return
    who, amount, share, first, together = taken(
        rf"{NAME} leads with {A}(?: orders?| products? sold)?"
        rf"(?:, {A} of known customers' [a-z ]+)?(?:; the first {A} hold {A})?\.", text
    )  # fmt: skip
    best = max(values.values())
    case.claim(any(case.twin.names[one] == who and values[one] == best for one in values), f"{who} does not lead")
    case.number(amount, best, who)
    total = sum(values.values(), Fraction(0))
    if share:
        case.number(share, best / total, "share")
    if first:
        ten = sorted(values.values(), reverse=True)[:10]
        case.number(first, len(ten), "first")
        case.number(together, sum(ten, Fraction(0)) / total, "together")


def customer_mix(case: Case, text: str) -> None:
    """What new customers brought in the bucket of their first purchase, what others, and what nobody."""
    new = returning = unrecorded = Fraction(0)
    for days in case.buckets(case.now, whole=False).values():
        for row in case.twin.kept(case.twin.lines, case.where, days):
            money = Fraction(row["revenue"], MONEY_SCALE)
            if not row["customer"]:
                unrecorded += money
            elif case.twin.days[row["customer"]][0] >= days.start:
                new += money
            else:
                returning += money
    total = new + returning + unrecorded
    if text == "Nothing was sold in this view.":
        case.claim(not case.twin.kept(case.twin.lines, case.where, case.now), "something was sold")
        return
    if text == "There is no revenue in this view.":
        case.claim(not (new or returning or unrecorded), "there is some")
        return
    if text.startswith("No revenue in this view has a customer"):
        case.claim(not (new or returning), "some has")
        return
    part = rf"{A}(?: \({A}\))?"
    found = taken(
        rf"[\w ]+ by [\w ]+, new customers brought {part} and returning ones {part}"
        rf"(?:; {part} has no customer recorded)?\.",
        text,
    )
    for (amount, share), truth in zip(
        zip(found[::2], found[1::2], strict=True), (new, returning, unrecorded), strict=True
    ):
        if amount:
            case.number(amount, truth, "part")
        if share:
            case.number(share, truth / total, "part's share")
    case.claim(bool(found[4]) == bool(unrecorded), "what nobody brought")


def lorenz(case: Case, text: str) -> None:
    """Shares of the best customers, the Gini coefficient, and the number of equal ones."""
    rows = case.twin.kept(case.twin.lines, case.where, case.now)
    values = sorted((money(some) for some in by_customer(rows).values()), reverse=True)
    if text.startswith("No known customers"):
        case.claim(not values, "somebody bought")
        return
    if text.startswith("Known customers brought nothing"):
        case.claim(bool(values) and (sum(values) <= 0 or min(values) < 0), "there are shares")
        return
    if text.startswith("Only one known customer"):
        case.claim(len(values) == 1, "there are others")
        return
    found = taken(
        rf"Of {A} customers?, top 1%: {A}, top 5%: {A}, top 10%: {A}, top 20%: {A} of known revenue\. Gini {A}; "
        rf"as concentrated as {A} (customers?) of equal size\.", text
    )  # fmt: skip
    case.number(found[0], len(values), "customers")
    total = sum(values, Fraction(0))
    worth = sum(((2 * rank - len(values) - 1) * one for rank, one in enumerate(sorted(values), start=1)), Fraction(0))
    case.number(found[5], worth / (len(values) * total), "Gini")
    alike = 1 / float(sum((one / total) ** 2 for one in values))
    case.number(found[6], round(alike), "equal customers")
    case.claim((found[7] == "customer") == (round(alike) == 1), "number of the noun")


def order_counts(case: Case, text: str) -> None:
    """How many ordered once, and what those brought."""
    groups = by_customer(case.twin.kept(case.twin.lines, case.where, case.now))
    if text.startswith("No known customers"):
        case.claim(not groups, "somebody bought")
        return
    if text.startswith("The only known customer"):
        (times,) = taken(r"The only known customer ordered (once|more than once) in this view\.", text)
        orders = [len({row["order"] for row in some}) for some in groups.values()]
        case.claim(len(orders) == 1 and (orders[0] == 1) == (times == "once"), "orders")
        return
    share, of, brought = taken(
        rf"{A} of {A} customers? ordered once in this view(?: and brought {A} of known revenue)?\.", text
    )
    once = [some for some in groups.values() if len({row["order"] for row in some}) == 1]
    case.number(of, len(groups), "customers")
    case.number(share, Fraction(len(once), len(groups)), "ordered once")
    if brought:
        total = sum((money(some) for some in groups.values()), Fraction(0))
        case.number(brought, sum((money(some) for some in once), Fraction(0)) / total, "brought")


def days_between(case: Case, text: str) -> None:
    """The median and the 90th percentile of the days between purchases."""
    until = Period(case.twin.data.first_day, min(case.now.end, case.twin.data.last_day))
    days: dict[int, set[Any]] = defaultdict(set)
    for row in case.twin.kept(case.twin.lines, case.where, until):
        if row["customer"]:
            days[row["customer"]].add(row["day"])
    apart = sorted(
        (after - before).days
        for some in days.values()
        for before, after in zip(sorted(some), sorted(some)[1:], strict=False)
        if after >= case.now.start
    )
    if text.startswith("Nobody bought on two days"):
        case.claim(not apart, "somebody did")
        return
    if "too few" in text:
        count, noun, verb = taken(rf"{A} (gaps?) between purchases (is|are) too few to say .+\.", text)
        case.number(count, len(apart), "gaps")
        case.claim((noun == "gap") == (verb == "is") == (len(apart) == 1) and len(apart) < FEW, "too few")
        return
    count, middle, lapse, again = taken(
        rf"Half of {A} gaps are {A} days? or shorter and 90% are {A} or shorter: a customer away for more than "
        rf"{A} days? counts as lapsed\.", text
    )  # fmt: skip
    case.number(count, len(apart), "gaps")
    for said, share in ((middle, Fraction(1, 2)), (lapse, Fraction(9, 10)), (again, Fraction(9, 10))):
        least = next(n for n, _ in enumerate(apart, start=1) if n >= share * len(apart))
        case.number(said, apart[least - 1], "gap")


def groups(case: Case, text: str) -> None:
    """The largest group of each attribute, or for ratios the attribute whose groups lie furthest apart."""
    metric, data = case.view.metric, case.twin.data
    values = {name: _groups(case, metric, name) for name in data.segments if not case.filters.members(name)}
    if text.startswith("Largest by"):
        for part in text.partition(": ")[2].rstrip(".").split("; "):
            for name in values:
                label = dimension(name, data).label
                if part.startswith(f"{label} "):
                    who, amount, share = taken(rf"{label} {NAME} \({A}(?:, {A})?\)", part)
                    known = {one: v for one, v in values[name].items() if one not in ("", NOT_RECORDED)}
                    case.claim(extreme(known, who, high=True), f"{who} is not the largest")
                    case.number(amount, known.get(who), who)
                    if share:
                        case.claim(metric in SUMS, "no sum")
                        total = sum((v for v in values[name].values() if v), Fraction(0))
                        case.number(share, (known[who] or 0) / total, "share")
                    break
            else:
                case.claim(False, f"no attribute of {part!r}")
        return
    if "cannot be tested here" in text or " beyond chance" in text:
        case.claim(metric in RATIOS, "no ratio")
        case.claim(
            ("cannot be tested" in text) == (metric in ("return_rate", "return_rate_amount")), "it can be tested"
        )
        if found := re.fullmatch(
            rf".+? by {NAME}, (?:beyond chance|the widest of \d+ spreads beyond chance): {NAME} {A}, {NAME} {A}\.", text
        ):
            key = next(one for one in values if dimension(one, data).label == found[1])
            enough = _groups(case, "customers", key)
            known = {n: v for n, v in values[key].items() if v and v > 0 and (enough.get(n) or 0) >= FEW and n}
            known.pop(NOT_RECORDED, None)
            for who, said, is_high in ((found[2], found[3], True), (found[4], found[5], False)):
                case.number(said, known.get(who), who)
                case.claim(extreme(known, who, high=is_high), f"{who} is no extreme")
        return
    if text.startswith("All customer attributes are filtered"):
        case.claim(not values, "one is not")
        return
    if text.startswith("No group of customers has"):
        there = [v for some in values.values() for one, v in some.items() if one not in ("", NOT_RECORDED)]
        case.claim(not any(v and v > 0 for v in there), "one has")
        return
    case.claim(text.startswith("No customer attributes"), text)


def _groups(case: Case, metric: str, name: str) -> dict[str, Number]:
    """Group -> metric; empty text for lines without a customer."""
    split: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in case.twin.kept(case.twin.lines, case.where, case.now):
        split[row[name] if row["customer"] else ""].append(row)
    return {one: case.twin.of(metric, rows, case.now, None) for one, rows in split.items()}


def behaviour(case: Case, text: str, metric: str, place: str) -> None:
    """The places with the highest and the lowest figure in the latest whole time step."""
    whole = case.buckets(case.now, whole=True)
    there = [name for name, days in whole.items() if case.twin.value("customers", case.where, days)]
    if text.startswith("No whole period"):
        case.claim(not there, "there is one")
        return
    latest = there[-1]
    people = case.twin.members("customers", place, case.where, whole[latest])
    values = {
        name: value
        for name, value in case.twin.members(metric, place, case.where, whole[latest]).items()
        if (people.get(name) or 0) >= FEW and value is not None
    }
    if text.startswith("Fewer than two places"):
        (label,) = taken(rf"Fewer than two places have {FEW} customers or more in {NAME}\.", text)
        case.claim(len(values) < 2 and label == latest, "there are two")
        return
    label, high, most, low, least = taken(
        rf".+? in {NAME}: highest in {NAME} \({A}\), lowest in {NAME} \({A}\), of the places with {FEW} customers or "
        r"more\.", text
    )  # fmt: skip
    case.claim(label == latest, f"the latest is {latest}")
    for name, said, is_high in ((high, most, True), (low, least, False)):
        case.number(said, values.get(name), name)
        case.claim(extreme(values, name, high=is_high), f"{name} is no extreme")
