"""Readers of Segments: scores, groups, who moved between them, and what tells a group apart."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from analytics.dates import day_text
from analytics.dimensions import dimension
from analytics.filters import Where
from analytics.models.intervals import FEW
from benchmarks.sentences.grammar import NAME, A, Case, several, taken
from benchmarks.sentences.retention import until

GROUPS = {
    5: ("New", "Potential", "Potential", "Champions", "Champions"),
    4: ("Promising", "Potential", "Potential", "Loyal", "Champions"),
    3: ("About to sleep", "About to sleep", "Needs attention", "Loyal", "Loyal"),
    2: ("Hibernating", "Hibernating", "At risk", "At risk", "At risk"),
    1: ("Lost", "Lost", "At risk", "Can't lose", "Can't lose"),
}
"""R -> the group by FM from 1 to 5, as the definitions have them."""

NOTHING = Fraction(0)


@dataclass
class Scored:
    """One customer's scores at a day."""

    r: int
    f: int
    m: int
    money: Fraction
    recent: Fraction
    last: date

    @property
    def group(self) -> str:
        """The group by R and the mean of F and M, rounded half up."""
        return GROUPS[self.r][(self.f + self.m + 1) // 2 - 1]


def scored(case: Case, day: date, where: Where | None = None) -> dict[int, Scored]:
    """Every customer's RFM at a day, over the view's members or some others."""
    bought = case.twin.purchases(case.where if where is None else where, day)
    facts = {
        who: (
            max(days),
            sum(len(one.orders) for one in days.values()),
            sum((one.net for one in days.values()), NOTHING),
        )
        for who, days in bought.items()
    }
    if not facts:
        return {}
    days, counts, sums = (sorted(values) for values in zip(*facts.values(), strict=True))
    since = day - timedelta(days=365)
    return {
        who: Scored(
            1 + 5 * bisect_left(days, last) // len(days),
            1 + 5 * bisect_left(counts, orders) // len(counts),
            1 + 5 * bisect_left(sums, money) // len(sums),
            money,
            sum((one.net for on, one in bought[who].items() if on > since), NOTHING),
            last,
        )
        for who, (last, orders, money) in facts.items()
    }


def grid(case: Case, text: str) -> None:
    """The best group's size and share, and the largest group."""
    people = scored(case, until(case))
    if text.startswith("No known customers"):
        case.claim(not people, "somebody bought")
        return
    groups: dict[str, list[Scored]] = defaultdict(list)
    for one in people.values():
        groups[one.group].append(one)
    best, sizes = groups.get("Champions", []), {name: len(some) for name, some in groups.items()}
    if " too few to score " in text:
        of, noun, verb = taken(rf"{A} (customers?) (is|are) too few to score by fifths: the groups say little\.", text)
        case.number(of, len(people), "customers")
        case.claim(len(people) < 5, "there are enough")
        several(case, noun, "customer", len(people))
        several(case, verb, "is", len(people))
        return
    tail = rf"(?:; the largest group is {NAME} with {A}|; the largest groups have {A} each|, the largest group)\."
    if text.startswith("Nobody is"):
        of, noun, largest, count, each = taken(rf"Nobody is a Champion, of {A} (customers?){tail}", text)
        case.claim(not best, "there are Champions")
    else:
        many, champions, share, of, noun, brought, largest, count, each = taken(
            rf"{A} (Champions?) \({A} of {A} (customers?)\) brought {A}(?: of all net revenue)?{tail}", text
        )
        case.number(many, len(best), "Champions")
        several(case, champions, "Champion", len(best))
        case.number(share, Fraction(len(best), len(people)), "Champions' part")
        money = sum((one.money for one in best), Fraction(0))
        total = sum((one.money for one in people.values()), Fraction(0))
        case.number(brought, money / total if "of all net revenue" in text else money, "brought")
    case.number(of, len(people), "customers")
    several(case, noun, "customer", len(people))
    most = [name for name, size in sizes.items() if size == max(sizes.values())]
    case.claim((len(most) > 1) == bool(each), "largest groups")
    if each:
        case.number(each, max(sizes.values()), "largest groups")
    else:
        case.claim(most == [largest or "Champions"], f"{largest} is not the largest")
        case.number(count or str(len(best)), max(sizes.values()), "the largest")


def migration(case: Case, text: str, earlier: date) -> None:
    """Who slipped since an earlier day, what is at risk, who stayed and who is new."""
    then, now = scored(case, earlier), scored(case, until(case))
    if text.startswith("Nobody had bought by"):
        case.claim(not then, "somebody had")
        return
    gone = _slipped(then, now)
    stayed, new = sum(one.group == now[who].group for who, one in then.items()), len(now) - len(then)
    day, none, slipped, of, noun, risk, same, more, verb = taken(
        rf"Since (.+?), (?:(nobody)|(?:none|{A}) of {A} (customers?)) slipped(?:: .+?\. The {A} net that .+? is at "
        rf"risk)?\. {A} stayed in their group(?:; {A} customers? (is|are) new since)?\.", text
    )  # fmt: skip
    case.claim(day == day_text(earlier), "day")
    case.claim(bool(none) == (not gone and len(then) == 1), "nobody slipped")
    case.claim(bool(slipped) == bool(gone), "somebody slipped")
    if slipped:
        case.number(slipped, len(gone), "slipped")
        case.number(risk, sum((then[who].recent for who in gone), Fraction(0)), "at risk")
    if not none:
        case.number(of, len(then), "customers")
        several(case, noun, "customer", len(then))
    case.number(same, stayed, "stayed")
    case.claim(bool(more) == bool(new), "new ones")
    if more:
        case.number(more, new, "new")
        several(case, verb, "is", new)


def _slipped(then: dict[int, Scored], now: dict[int, Scored]) -> list[int]:
    """Who bought lately then and nothing since."""
    return [who for who, one in then.items() if one.r > 2 and now[who].r <= 2 and now[who].last == one.last]


def slipped(case: Case, text: str, earlier: date) -> None:
    """How many customers slipped."""
    then, now = scored(case, earlier), scored(case, until(case))
    gone = len(_slipped(then, now))
    if text == "Nobody slipped.":
        case.claim(not gone, "somebody did")
        return
    count, noun = taken(rf"{A} (customers?)(?:, those who brought most first)?\.", text)
    case.number(count, gone, "slipped")
    several(case, noun, "customer", gone)


def actions(case: Case, text: str, group: str) -> None:
    """A group's size and net revenue."""
    members = [one for one in scored(case, until(case)).values() if one.group == group]
    if text.startswith("Nobody is in"):
        case.claim(not members, "somebody is")
        return
    count, noun, money, _ = taken(rf"{A} (customers?), {A} net revenue so far\. (.+\.)", text)
    case.number(count, len(members), group)
    several(case, noun, "customer", len(members))
    case.number(money, sum((one.money for one in members), Fraction(0)), "net revenue")


def draft(case: Case, text: str, groups: tuple[str, ...]) -> None:
    """How many customers a segment of some groups holds, and what they brought."""
    members = [one for one in scored(case, until(case)).values() if one.group in groups]
    count, noun, money, _ = taken(rf"{A} (customers?), {A} net revenue: (.+)\.", text)
    case.number(count, len(members), "customers")
    several(case, noun, "customer", len(members))
    case.number(money, sum((one.money for one in members), Fraction(0)), "net revenue")


def profile(case: Case, text: str, group: str) -> None:
    """What a group has most and least beside the other customers."""
    people = scored(case, until(case))
    inside = {who for who, one in people.items() if one.group == group}
    if "a comparison would be mostly chance" in text:
        count, noun, few = taken(
            rf"{re.escape(group)} has {A} (customers?), fewer than {A}: a comparison would be mostly chance\.", text
        )
        case.number(count, len(inside), group)
        several(case, noun, "customer", len(inside))
        case.number(few, FEW, "few")
        case.claim(len(inside) < FEW, "it has enough")
        return
    if text.startswith("Nothing tells "):
        case.claim(len(inside) >= FEW or not inside, "too few to say so")
        return
    outside = set(people) - inside
    for way, what, own, others in re.findall(
        rf"most (over|under)-represented is (.+?) \({A} against {A}\)(?=[,.])", text
    ):
        has = _has(case, what)
        one, other = (Fraction(len(has & side), len(side)) for side in (inside, outside))
        case.number(own, one, f"{what} inside")
        case.number(others, other, f"{what} outside")
        case.claim(one > other if way == "over" else one < other, f"{what} is not {way}")
    case.claim("-represented is" in text, "cannot be read")


def _has(case: Case, what: str) -> set[int]:
    """The customers who have an attribute, or ever bought of a member, given as `Label: member`."""
    data = case.twin.data
    for name in data.members:
        label = dimension(name, data).label
        if what.startswith(f"{label}: "):
            member = what.removeprefix(f"{label}: ")
            return {
                row["customer"]
                for row in case.twin.lines
                if row["customer"] and row[name] == member and row["day"] <= until(case)
                and (name in data.segments or all(row[n] in kept for n, kept in case.where))
            }  # fmt: skip
    raise ValueError(what)
