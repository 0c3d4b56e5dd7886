"""Readers of the pages about customers: who bought, who leads, how it spreads, and what became of last period's."""

from __future__ import annotations

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


def _by_customer(rows: list[dict[str, Any]]) -> dict[int, list[dict[str, Any]]]:
    groups: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        if row["customer"]:
            groups[row["customer"]].append(row)
    return groups


def _money(rows: list[dict[str, Any]]) -> Fraction:
    return Fraction(sum(row["revenue"] for row in rows), MONEY_SCALE)


def per_customer(case: Case, text: str) -> None:
    """How many bought, what each brought, and how both changed."""
    buyers = case.twin.value("customers", case.where, case.now)
    if text == "No known customers bought in this view.":
        case.claim(not buyers, "somebody bought")
        return
    count, noun, each, more, larger = taken(
        rf"{A} (customers?) brought {A} each(?:: {A} customers, {A} per customer)?\.", text
    )
    case.number(count, buyers, "customers")
    case.claim((noun == "customer") == (buyers == 1), "number of the noun")
    case.number(each, case.twin.value("revenue_per_customer", case.where, case.now), "each")
    if more and case.filters.base:
        for said, metric in ((more, "customers"), (larger, "revenue_per_customer")):
            now, then = (case.twin.value(metric, case.where, span) for span in (case.now, case.filters.base))
            case.moved(said, metric, now, then, metric)


def ranking(case: Case, text: str, by: str) -> None:
    """Who leads, with their share and that of the first ten."""
    rows = case.twin.kept(case.twin.lines, case.where, case.now)
    values = {one: case.twin.of(by, some, case.now, None) or Fraction(0) for one, some in _by_customer(rows).items()}
    if text.startswith("No known customers"):
        case.claim(not values, "somebody bought")
        return
    who, amount, share, first, together = taken(
        rf"{NAME} leads with {A}(?: orders?| products sold)?"
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
        case.claim(not total, "something was sold")
        return
    if text.startswith("No customers are recorded"):
        case.claim(not (new or returning), "somebody is recorded")
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
    values = sorted((_money(some) for some in _by_customer(rows).values()), reverse=True)
    if text.startswith("No known customers"):
        case.claim(not values or sum(values) <= 0, "somebody brought something")
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
    groups = _by_customer(case.twin.kept(case.twin.lines, case.where, case.now))
    if text.startswith("No known customers"):
        case.claim(not groups, "somebody bought")
        return
    share, of, brought = taken(
        rf"{A} of {A} customers? ordered once in this view(?: and brought {A} of known revenue)?\.", text
    )
    once = [some for some in groups.values() if len({row["order"] for row in some}) == 1]
    case.number(of, len(groups), "customers")
    case.number(share, Fraction(len(once), len(groups)), "ordered once")
    if brought:
        total = sum((_money(some) for some in groups.values()), Fraction(0))
        case.number(brought, sum((_money(some) for some in once), Fraction(0)) / total, "brought")


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
    if text.endswith(" That may be chance."):
        name, high, most, low, least = taken(
            rf".+? by {NAME}(?:, the widest spread of \d+ attributes)?: {NAME} {A}, {NAME} {A}\. That may be chance\.",
            text,
        )
        key = next(one for one in values if dimension(one, data).label == name)
        for who, said in ((high, most), (low, least)):
            case.number(said, values[key].get(who), who)
        case.claim(metric in RATIOS, "no ratio")
        return
    if text.startswith("All customer attributes are filtered"):
        case.claim(not values, "one is not")
        return
    if text.startswith("No group of customers has"):
        there = [v for some in values.values() for one, v in some.items() if one not in ("", NOT_RECORDED)]
        case.claim(not any(there), "one has")
        return
    case.claim(text.startswith(("No customer attributes", "No attribute has")), text)


def _groups(case: Case, metric: str, name: str) -> dict[str, Number]:
    """Group -> metric; empty text for lines without a customer."""
    split: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in case.twin.kept(case.twin.lines, case.where, case.now):
        split[row[name] if row["customer"] else ""].append(row)
    return {one: case.twin.of(metric, rows, case.now, None) for one, rows in split.items()}


_NEITHER = "Neither new nor returning customers moved revenue."
_UNKNOWN = "The data begins with the compared period"


def new_and_returning(case: Case, text: str) -> None:
    """What new and returning customers made of the change: new are those of whom the first purchase ever is inside."""
    base = case.filters.base
    assert base is not None
    moved = {"new": Fraction(0), "returning": Fraction(0)}
    for span, sign in ((case.now, 1), (base, -1)):
        for row in case.twin.kept(case.twin.lines, case.where, span):
            if row["customer"]:
                kind = "new" if case.twin.days[row["customer"]][0] >= span.start else "returning"
                moved[kind] += sign * Fraction(row["revenue"], MONEY_SCALE)
    if text.startswith(_UNKNOWN):
        case.claim(base.start <= case.twin.data.first_day, "it is known")
        return
    if text == _NEITHER:
        case.claim(not any(moved.values()), "they did")
        return
    first, most, then, least = taken(
        rf"(New|Returning) customers moved revenue most: {A}; (new|returning) ones {A}\.", text
    )
    case.number(most, moved[first.lower()], first)
    case.number(least, moved[then], then)
    case.claim(abs(moved[first.lower()]) >= abs(moved[then]), f"{first} did not move most")


def retained(case: Case, text: str) -> None:
    """The customer bridge: what moved revenue, who came again, NRR and GRR."""
    base = case.filters.base
    assert base is not None
    text, left_over, more = text.partition(" is left over.")
    text += left_over
    for start in (_NEITHER, "New customers moved", "Returning customers moved", _UNKNOWN):
        if not left_over and (at := text.find(f" {start}")) >= 0:
            text, more = text[:at], text[at:]
    if more:
        new_and_returning(case, more.strip())
    sold = [case.twin.kept(case.twin.lines, case.where, span) for span in (base, case.now)]
    then, now = ({who: _money(rows) for who, rows in _by_customer(side).items()} for side in sold)
    if text == "Nothing was sold in either period.":
        case.claim(not any(map(_money, sold)), text)
        return
    steps = {
        "new customers": [(now[w], w) for w in now if w not in then and case.twin.days[w][0] >= case.now.start],
        "recovered customers": [(now[w], w) for w in now if w not in then and case.twin.days[w][0] < case.now.start],
        "customers who spent more": [(now[w] - then[w], w) for w in now if w in then and now[w] > then[w]],
        "customers who spent less": [(now[w] - then[w], w) for w in now if w in then and now[w] < then[w]],
        "lapsed customers": [(-then[w], w) for w in then if w not in now],
    }
    sums = {name: sum((amount for amount, _ in some), Fraction(0)) for name, some in steps.items()}
    gain, brought, gained, loss, took, lost, buyers, again, nrr, grr, left = taken(
        rf"(?:(\w[\w ]+?) brought {A} \({A}\)(?:; |\. ))?(?:(\w[\w ]+?) took {A} \({A}\)\. )?"
        rf"(?:Of the base's {A} buyers? {A} bought again\. They brought {A} of their base revenue \(NRR\), {A} without "
        rf"what they added \(GRR\)\. )?The bars add up: {A} is left over\.", text
    )  # fmt: skip
    for name, said, count, high in ((gain, brought, gained, True), (loss, took, lost, False)):
        key = name[:1].lower() + name[1:]
        if name:
            case.claim(sums[key] == (max if high else min)(sums.values()), f"{name} did not move most")
            case.number(said, sums[key], name)
            case.number(count, len(steps[key]), f"{name}, how many")
    case.claim(bool(gain) == (max(sums.values()) > 0), "a gain")
    if buyers:
        total = sum(then.values(), Fraction(0))
        case.number(buyers, len(then), "buyers")
        case.number(again, sum(who in now for who in then), "bought again")
        case.number(nrr, sum((now.get(who, Fraction(0)) for who in then), Fraction(0)) / total, "NRR")
        case.number(grr, sum((min(now.get(who, Fraction(0)), then[who]) for who in then), Fraction(0)) / total, "GRR")
    case.number(left, 0, "left over")
