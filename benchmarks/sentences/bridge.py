"""Readers of the customer bridge: what became of last period's customers, and what new and returning ones moved."""

from __future__ import annotations

import re
from fractions import Fraction

from analytics.dataset import MONEY_SCALE
from benchmarks.sentences.customers import by_customer, money
from benchmarks.sentences.grammar import A, Case, taken

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


BUYERS = (_NEITHER, "New customers moved", "Returning customers moved", _UNKNOWN)
"""How a sentence on new and returning customers begins."""

ALONE = rf"(?:The base's only buyer (bought again|did not buy again)|None of the base's {A} buyers bought again)"
"""What is said of one buyer, or of none who came again."""

STEPS = {
    "new": "new customers",
    "recovered": "recovered customers",
    "expansion": "customers who spent more",
    "contraction": "customers who spent less",
    "lapsed": "lapsed customers",
}


def step_changes(case: Case) -> dict[str, list[Fraction]]:
    """Step of the customer bridge -> what each of its customers changed."""
    base = case.filters.base
    assert base is not None
    sold = [case.twin.kept(case.twin.lines, case.where, span) for span in (base, case.now)]
    then, now = ({who: money(rows) for who, rows in by_customer(side).items()} for side in sold)
    came = [who for who in now if who not in then]
    both = {who: now[who] - then[who] for who in now if who in then}
    return {
        "new": [now[who] for who in came if case.twin.days[who][0] >= case.now.start],
        "recovered": [now[who] for who in came if case.twin.days[who][0] < case.now.start],
        "expansion": [by for by in both.values() if by > 0],
        "contraction": [by for by in both.values() if by < 0],
        "lapsed": [-then[who] for who in then if who not in now],
        "unchanged": [by for by in both.values() if not by],
    }


def retained(case: Case, text: str) -> None:
    """The customer bridge: what moved revenue, who came again, NRR and GRR."""
    base = case.filters.base
    assert base is not None
    text, left_over, more = text.partition(" is left over.")
    text += left_over
    for start in BUYERS:
        if not left_over and (at := text.find(f" {start}")) >= 0:
            text, more = text[:at], text[at:]
    if more:
        new_and_returning(case, more.strip())
    sold = [case.twin.kept(case.twin.lines, case.where, span) for span in (base, case.now)]
    then, now = ({who: money(rows) for who, rows in by_customer(side).items()} for side in sold)
    if text == "Neither period has revenue.":
        case.claim(not any(map(money, sold)) and not any(any(some) for some in step_changes(case).values()), text)
        return
    changes = step_changes(case)
    steps = {words: changes[step] for step, words in STEPS.items()}
    sums = {name: sum(some, Fraction(0)) for name, some in steps.items()}
    gain, brought, gained, loss, took, lost, buyers, again, _, _, nrr, grr, left = taken(
        rf"(?:(\w[\w ]+?) brought {A} \({A}\)(?:; |\. ))?(?:(\w[\w ]+?) took {A} \({A}\)\. )?"
        rf"(?:(?:Of the base's {A} buyers {A} bought again|{ALONE})\.(?: They brought {A} of their base revenue "
        rf"\(NRR\), {A} without what they added \(GRR\)\.)? )?The bars add up: {A} is left over\.", text
    )  # fmt: skip
    for name, said, count, high in ((gain, brought, gained, True), (loss, took, lost, False)):
        key = name[:1].lower() + name[1:]
        if name:
            case.claim(sums[key] == (max if high else min)(sums.values()), f"{name} did not move most")
            case.number(said, sums[key], name)
            case.number(count, len(steps[key]), f"{name}, how many")
    case.claim(bool(gain) == (max(sums.values()) > 0), "a gain")
    total = sum(then.values(), Fraction(0))
    if found := re.search(ALONE, text):
        case.claim(len(then) == 1 if found[1] else len(then) > 1, "buyers")
        case.claim(any(who in now for who in then) == (found[1] == "bought again"), "bought again")
        case.number(found[2] or "1", len(then), "buyers")
    if buyers:
        case.number(buyers, len(then), "buyers")
        case.number(again, sum(who in now for who in then), "bought again")
    if nrr:
        case.number(nrr, sum((now.get(who, Fraction(0)) for who in then), Fraction(0)) / total, "NRR")
        case.number(grr, sum((min(now.get(who, Fraction(0)), then[who]) for who in then), Fraction(0)) / total, "GRR")
    case.number(left, 0, "left over")
