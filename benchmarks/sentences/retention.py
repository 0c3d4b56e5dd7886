"""Readers of Retention: cohorts, second purchases, and the customers in a bar of the bridge."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction
from math import comb

from analytics import grains
from analytics.models.intervals import FEW
from benchmarks.sentences.grammar import NAME, A, Case, extreme, several, taken
from benchmarks.sentences.twin import Number

HORIZONS = (30, 60, 90, 180)
KNOWN_DAYS = (30, 90, 365, 730)
MOST_COHORTS = 24


def until(case: Case) -> date:
    """The day that pages about customers look back from."""
    return min(case.now.end, case.twin.data.last_day)


def _buckets(case: Case, grain: str) -> list[tuple[date, date, str]]:
    """Start, end and label of each time step from the data's first day to the last one looked back on."""
    data, out = case.twin.data, []
    start = grains.bucket_start(data.first_day, grain, data.calendar)
    while start <= until(case):
        after = grains.next_start(start, grain)
        out.append((start, after - grains.ONE_DAY, grains.label(start, grain, data.calendar)))
        start = after
    return out


def _started(case: Case) -> dict[int, list[date]]:
    """Days on which customers bought in the view, of those whose first purchase ever was in it."""
    bought = case.twin.purchases(case.where, until(case)).items()
    return {who: list(days) for who, days in bought if min(days) == case.twin.days[who][0]}


def cohorts(case: Case, text: str, grain: str) -> None:
    """Who bought again so many steps after their first, on average and by cohort."""
    steps, end = _buckets(case, grain), until(case)

    def at(day: date) -> int:
        return next(n for n, (start, last, _) in enumerate(steps) if start <= day <= last)

    came: dict[int, list[set[int]]] = defaultdict(list)
    for who, days in _started(case).items():
        cohort = at(case.twin.days[who][0])
        came[cohort].append({at(day) - cohort for day in days})
    whole = [last <= end for _, last, _ in steps]

    def share(k: int) -> tuple[int, Number]:
        seen = [one for cohort, some in came.items() if cohort + k < len(steps) and whole[cohort + k] for one in some]
        return len(seen), Fraction(sum(k in one for one in seen), len(seen)) if seen else None

    people, after_one = share(1)
    if text.startswith("No cohort has been observed"):
        case.claim(not people, "one has")
        return
    if text.startswith("Only "):
        count, noun, verb, whose = taken(
            rf"Only {A} (customers?) (has|have) been observed for a whole {grain} after (the|their) first\.", text
        )
        case.number(count, people, "customers observed")
        for word, one in ((noun, "customer"), (verb, "has"), (whose, "the")):
            several(case, word, one, people)
        return
    said, of, noun, later, many, later_of, best, most, worst, least = taken(
        rf"On average {A} buy again one {grain} after their first \(of {A} (customers?)\)(?: and {A} after {A} "
        rf"\(of {A}\))?(?:; best was {NAME} \({A}\), lowest {NAME} \({A}\))?\.", text
    )  # fmt: skip
    case.number(said, after_one, "after one")
    case.number(of, people, "customers observed")
    several(case, noun, "customer", people)
    if later:
        seen_later, rate = share(int(many))
        case.number(later, rate, f"after {many}")
        case.number(later_of, seen_later, f"observed after {many}")
    reaching = [n for n in sorted(came) if not _ended(n, sorted(came), steps, case.now.start)][-MOST_COHORTS:]
    values: dict[str, Number] = {
        steps[n][2]: Fraction(sum(1 in one for one in came[n]), len(came[n]))
        for n in reaching
        if n + 1 < len(steps) and whole[n + 1] and len(came[n]) >= FEW
    }
    case.claim(bool(best) == (len(values) > 1), "cohorts to compare")
    for name, rate_said, high in ((best, most, True), (worst, least, False)):
        if name:
            case.number(rate_said, values.get(name), name)
            case.claim(extreme(values, name, high=high), f"{name} is no extreme")


def _ended(cohort: int, known: list[int], steps: list[tuple[date, date, str]], start: date) -> bool:
    """Whether the next cohort with customers had begun by the period's start."""
    later = [n for n in known if n > cohort]
    return bool(later) and steps[later[0]][0] <= start


def waits(case: Case) -> Iterator[tuple[int, int, int | None]]:
    """Customer, days observed since the first purchase ever, and days to the first purchase on a later day."""
    end = until(case)
    for who, days in _started(case).items():
        first = case.twin.days[who][0]
        yield who, (end - first).days, next(((day - first).days for day in days if day > first), None)


def came_back(case: Case, text: str) -> None:
    """Shares who bought again within equal horizons, of those observed so long."""
    known = list(waits(case))
    if text.startswith("Nobody has been observed"):
        case.claim(not any(seen >= HORIZONS[0] for _, seen, _ in known), "somebody has")
        return
    parts = re.findall(rf"{A} within (\d+) days \(of {A}\)", text)
    taken(r"Bought again: .+\.", text)
    case.claim(
        [int(days) for _, days, _ in parts] == [h for h in HORIZONS if any(s >= h for _, s, _ in known)], "horizons"
    )
    for said, days, of in parts:
        eligible = [wait for _, seen, wait in known if seen >= int(days)]
        case.number(of, len(eligible), f"observed for {days} days")
        within = sum(wait is not None and wait <= int(days) for wait in eligible)
        case.number(said, Fraction(within, len(eligible)), f"within {days} days")


def waiting(case: Case, text: str) -> None:
    """Who has come back by some days, those still awaited counted for as long as observed (product-limit)."""
    known = list(waits(case))
    if text.startswith("Nobody has bought a second time"):
        case.claim(all(wait is None for *_, wait in known), "somebody has")
        return
    left, last = Fraction(1), max(seen if wait is None else wait for _, seen, wait in known)
    survival: dict[int, Fraction] = {}
    for day in range(last + 1):
        risk = sum((seen if wait is None else wait) >= day for _, seen, wait in known)
        events = sum(wait == day for *_, wait in known)
        left = left * (risk - events) / risk if risk else left
        survival[day] = left
    reached = next((day for day, share in survival.items() if share <= Fraction(1, 2)), None)
    if text.endswith(" observed, counting those still awaited."):
        days, noun = taken(rf"Fewer than half of all customers come back within the {A} (days?) observed, .+\.", text)
        case.claim(reached is None, "half do")
        case.number(days, last, "observed")
        several(case, noun, "day", last)
        return
    if text.startswith("Half of all customers"):
        (by_day,) = taken(rf"Half of all customers come back by day {A}, counting those still awaited\.", text)
        case.number(by_day, reached, "half")
        case.claim(last < KNOWN_DAYS[0], "more is known")
        return
    body, half = taken(
        r"Came back, counting those still awaited: (.+?)\. (Half do by day [\d,]+|Half never do within what is "
        r"observed)\.", text
    )  # fmt: skip
    parts = re.findall(rf"{A} by day (\d+)", body)
    case.claim([int(day) for _, day in parts] == [day for day in KNOWN_DAYS if day <= last], "days")
    for said, day in parts:
        case.number(said, 1 - survival[int(day)], f"by day {day}")
    if half.startswith("Half do"):
        case.number(half.rpartition(" ")[2], reached, "half")
    else:
        case.claim(reached is None, "half do")


def first_members(case: Case, text: str, name: str, horizon: int) -> None:
    """After which first purchase most and fewest come back."""
    groups: dict[str, list[int | None]] = defaultdict(list)
    firsts = _firsts(case, name)
    for who, seen, wait in waits(case):
        if seen >= horizon:
            groups[firsts[who]].append(wait)
    values: dict[str, Number] = {
        one: Fraction(sum(wait is not None and wait <= horizon for wait in some), len(some))
        for one, some in groups.items()
        if len(some) >= FEW
    }
    if text.startswith("Fewer than two groups"):
        case.claim(len(values) < 2, "there are two")
        return
    high, most, days, low, least, chance = taken(
        rf"First [\w ]+: after {NAME}, {A} buy again within (\d+) days; after {NAME}, {A}"
        r"(; of so many groups some lie as far apart by chance)?\.", text
    )  # fmt: skip
    counts = {one: (sum(w is not None and w <= horizon for w in groups[one]), len(groups[one])) for one in values}
    case.claim(bool(chance) != bool({high, low} & unlike_others(counts)), "chance")
    case.claim(int(days) == horizon, "days")
    for one, said, is_high in ((high, most, True), (low, least, False)):
        case.number(said, values.get(one), one)
        case.claim(extreme(values, one, high=is_high), f"{one} is no extreme")


def unlike_others(counts: dict[str, tuple[int, int]]) -> set[str]:
    """Groups of hits and count whose share is unlike that of all others, by Fisher's exact test and the procedure of
    Benjamini and Hochberg at 5 %."""
    hits, size = (sum(one[n] for one in counts.values()) for n in (0, 1))

    def tail(possible: Iterable[int], n: int) -> Fraction:
        return Fraction(sum(comb(n, k) * comb(size - n, hits - k) for k in possible if hits >= k), comb(size, hits))

    chances = {
        one: min(Fraction(1), 2 * min(tail(range(k, min(n, hits) + 1), n), tail(range(k + 1), n)))
        for one, (k, n) in counts.items()
    }
    ranked = sorted(chances, key=chances.__getitem__)
    last = max((n for n, one in enumerate(ranked, 1) if chances[one] <= Fraction(n, 20 * len(ranked))), default=0)
    return set(ranked[:last])


def _firsts(case: Case, name: str) -> dict[int, str]:
    """Customer -> member of their first order ever, the one with most revenue on it, at a tie the earlier one."""
    orders: dict[int, tuple[tuple[date, int], dict[str, int]]] = {}
    places = {member: n for n, member in enumerate(case.twin.data.members[name])}
    for row in case.twin.lines:
        who, order = row["customer"], (row["day"], row["order"])
        if who and (who not in orders or order <= orders[who][0]):
            if who not in orders or order < orders[who][0]:
                orders[who] = (order, defaultdict(int))
            orders[who][1][row[name]] += row["revenue"]
    return {who: min(spent, key=lambda one: (-spent[one], places[one])) for who, (_, spent) in orders.items()}


def in_step(case: Case, text: str, customers: list[Fraction]) -> None:
    """How many customers are in a bar, and what they changed together. Takes the change of each."""
    if text == "Nobody is in this bar.":
        case.claim(not customers, "somebody is")
        return
    count, noun, together, amount = taken(rf"{A} (customers?), (together )?{A}\.", text)
    case.number(count, len(customers), "customers")
    several(case, noun, "customer", len(customers))
    case.number(amount, sum(customers, Fraction(0)), "change")
    case.claim(bool(together) == (len(customers) > 1), "together")
