"""Readers of the gap rule: who is active, slipping or lapsed by the days between purchases."""

from __future__ import annotations

from fractions import Fraction
from math import ceil

from benchmarks.sentences.grammar import A, Case, several, taken
from benchmarks.sentences.retention import until
from benchmarks.sentences.value import History, histories


def threshold(case: Case) -> int | None:
    """Days that 90 % of all gaps between purchases do not exceed; None of fewer than 30 gaps."""
    apart = sorted(
        (after - before).days
        for days in case.twin.purchases(case.where, until(case)).values()
        for before, after in zip(list(days), list(days)[1:], strict=False)
    )
    return apart[ceil(Fraction(9, 10) * len(apart)) - 1] if len(apart) >= 30 else None


def states(case: Case) -> dict[str, list[History]]:
    """Everybody by the gap rule."""
    edge = threshold(case)
    assert edge is not None
    out: dict[str, list[History]] = {"active": [], "slipping": [], "lapsed": []}
    for one in histories(case, until(case)).values():
        out["lapsed" if one.since > edge else "slipping" if one.overdue else "active"].append(one)
    return out


def _recent(some: list[History]) -> Fraction:
    return sum((one.recent for one in some), Fraction(0))


def active(case: Case, text: str) -> None:
    """Who is active by the gap rule, and what they brought."""
    by = states(case)
    everybody = sum(map(len, by.values()))
    count, of, noun, verb, money = taken(
        rf"By it {A} of {A} (customers?) (is|are) active; they brought {A} net in the last year\.", text
    )
    case.number(count, len(by["active"]), "active")
    case.number(of, everybody, "customers")
    several(case, noun, "customer", everybody)
    several(case, verb, "is", len(by["active"]))
    case.number(money, _recent(by["active"]), "brought")


def lapsed(case: Case, text: str) -> None:
    """How many are active, slipping and lapsed."""
    if text.startswith("Fewer than"):
        (least,) = taken(rf"Fewer than {A} gaps between purchases are known, too few to say who has lapsed\.", text)
        case.claim(threshold(case) is None and least == "30", "there are enough")
        return
    if text.startswith("No known customer has paid"):
        case.claim(not histories(case, until(case)), "somebody has")
        return
    by = states(case)
    on, noun, is_on, slow, is_slow, money, gone, is_gone, edge, _ = taken(
        rf"By the gap rule {A} (customers?) (is|are) active, {A} (is|are) slipping \({A} in the last year\) and {A} "
        rf"(has|have) lapsed: no purchase for more than {A} (days?), which 90% of all gaps stay below\.", text
    )  # fmt: skip
    for said, verb, one, name in ((on, is_on, "is", "active"), (slow, is_slow, "is", "slipping"),
                                  (gone, is_gone, "has", "lapsed")):  # fmt: skip
        case.number(said, len(by[name]), name)
        several(case, verb, one, len(by[name]))
    several(case, noun, "customer", len(by["active"]))
    case.number(money, _recent(by["slipping"]), "slipping")
    case.number(edge, threshold(case), "edge")
