"""Readers of Value: the gate, the test, what is expected, and who is overdue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from math import exp, log
from typing import Any

from analytics.dates import day_text
from benchmarks.sentences.grammar import NAME, A, Case, several, taken
from benchmarks.sentences.retention import until
from benchmarks.sentences.texts import read


@dataclass
class History:
    """One customer up to a day: the days on which something was kept."""

    days: list[date]
    money: list[Fraction]
    recent: Fraction
    since: int

    @property
    def gap(self) -> Fraction | None:
        """Mean days between purchases; None of fewer than two gaps."""
        count = len(self.days) - 1
        return Fraction((self.days[-1] - self.days[0]).days, count) if count >= 2 else None

    @property
    def overdue(self) -> bool:
        """Whether they have been away for more than twice that."""
        return self.gap is not None and self.since > 2 * self.gap


def histories(case: Case, end: date) -> dict[int, History]:
    """Everybody's history up to a day."""
    out = {}
    for who, days in case.twin.purchases(case.where, end).items():
        kept = {day: one.net for day, one in days.items() if one.net > 0}
        if kept:
            last = max(kept)
            recent = sum((net for day, net in kept.items() if day > end - timedelta(365)), Fraction(0))
            out[who] = History(sorted(kept), [kept[day] for day in sorted(kept)], recent, (end - last).days)
    return out


def gate(case: Case, text: str) -> None:
    """What the data lacks for a model, and how much of it there is."""
    people = histories(case, until(case))
    there = {
        "500": len(people),
        "180": max(((until(case) - one.days[0]).days for one in people.values()), default=0),
        "30": sum(len(one.days) >= 3 for one in people.values()),
    }
    least, verb, count = taken(rf"(\d+) [\w ]+ are needed, there (is|are) {A}\.", text)
    case.number(count, there[least], "there")
    several(case, verb, "is", there[least])
    case.claim(there[least] < int(least), "there are enough")


def overdue(case: Case, text: str) -> None:
    """How many are away for longer than their own rhythm, and what they brought in a year."""
    rhythmic = [one for one in histories(case, until(case)).values() if one.gap is not None]
    late = [one for one in rhythmic if one.overdue]
    if text == "No customer has a rhythm of their own yet.":
        case.claim(not rhythmic, "somebody has")
        return
    if text.startswith("Of "):
        of, noun = taken(rf"Of {A} (customers?) with a rhythm of their own nobody is overdue\.", text)
        case.claim(not late, "somebody is")
    else:
        count, of, noun, verb, times, money = taken(
            rf"{A} of {A} (customers?) with a rhythm of their own (has|have) been away for more than {A} times their "
            rf"usual gap; they brought {A} in the last year: revenue at risk\.", text
        )  # fmt: skip
        case.number(count, len(late), "overdue")
        several(case, verb, "has", len(late))
        case.number(times, 2, "times")
        case.number(money, sum((one.recent for one in late), Fraction(0)), "at risk")
    case.number(of, len(rhythmic), "with a rhythm")
    several(case, noun, "customer", len(rhythmic))


def backtest(case: Case, text: str, test: Any) -> None:
    """What came in the held-out days, from the lines; what the model said, as the card's table has it."""
    day, said, _, worth, days, _, people, noun, came, _, off, money, off_money, error, baseline = taken(
        rf"Shown only what was known on (.+?), the model said {A} (purchase days?) and {A} net for the {A} (days?) "
        rf"after it, of {A} (customers?)\. There came {A} (days?)(?: \(said {A}\))? and {A}(?: \(said {A}\))?\. For "
        rf"one customer it is off by {A} purchase days, their own frequency by {A}\.", text
    )  # fmt: skip
    end, last = test.end, until(case)
    case.claim(day == day_text(end), "day")
    case.number(days, (last - end).days, "days held out")
    known = histories(case, end)
    case.number(people, len(known), "customers")
    several(case, noun, "customer", len(known))
    after = {
        who: [one.net for on, one in bought.items() if on > end and one.net > 0]
        for who, bought in case.twin.purchases(case.where, last).items()
        if who in known
    }
    count, brought = sum(map(len, after.values())), sum((sum(nets) for nets in after.values()), Fraction(0))
    case.number(came, count, "came")
    case.number(money, brought, "money that came")
    expected = float((test.by_count["customers"] * test.by_count["predicted"]).sum())
    case.number(said, expected, "said")
    case.number(worth, test.predicted_value, "money said")
    if off:
        case.number(off, expected / count - 1, "off")
    if off_money:
        case.number(off_money, test.predicted_value / float(brought) - 1, "money off")
    case.number(error, test.model_error, "error")
    case.number(baseline, test.baseline_error, "baseline's error")


TOO = {"purchase days": ("many", "few"), "revenue": ("much", "little")}


def trusted(case: Case, text: str, test: Any) -> None:
    """By how much the model was closer than the customer's own frequency, and how far its sums were off."""
    days, better, rest = taken(
        rf"Expected values come from a model\. Tested on the last {A} days of the history \(below\), its error for a "
        rf"customer was {A} smaller than that of the customer's own frequency\.(.*)", text
    )  # fmt: skip
    case.number(days, test.days, "days")
    case.number(better, 1 - test.model_error / test.baseline_error, "better")
    case.claim(test.model_error < test.baseline_error, "it was not")
    case.claim((" could know no season" in rest) <= (not test.seasonal), "it knew one")
    rest = rest.removesuffix(" The test could know no season, as less than two whole years lie before it.")
    sums = {"purchase days": test.predicted / test.actual - 1, "revenue": test.predicted_value / test.actual_value - 1}
    for name, off in sums.items():
        told = f" too {TOO[name][off < 0]} {name}"
        case.claim((told in rest) == (abs(off) >= 0.1), f"{name} were off by {off:+.1%}")
        if told in rest:
            case.number(rest.partition(told)[0].split()[-1], abs(off), name)
    if " is expected " in rest:
        scale, way = taken(
            rf".+, and the money of a purchase day is expected {A} (higher|lower) than by the model\.", rest
        )
        case.number(scale, abs(test.calibration.money - 1), "scale")
        case.claim((way == "higher") == (test.calibration.money > 1), way)


def _expected(model: Any, one: History, end: date, days: float) -> tuple[float, float]:
    """Chance to be still buying and expected purchase days: equations (7) and (10) of Fader, Hardie and Lee (2005)."""
    from scipy.special import hyp2f1

    r, alpha, a, b = model.r, model.alpha, model.a, model.b
    x, seen = len(one.days) - 1, (end - one.days[0]).days
    last = (one.days[-1] - one.days[0]).days
    odds = 0.0 if not x else a / (b + x - 1) * exp((r + x) * log((alpha + seen) / (alpha + last)))
    series = hyp2f1(r + x, b + x, a + b + x - 1, days / (alpha + seen + days))
    rest = 1 - ((alpha + seen) / (alpha + seen + days)) ** (r + x) * series
    return 1 / (1 + odds), (a + b + x - 1) / (a - 1) * rest / (1 + odds)


def expected(case: Case, fitted: Any, days: int) -> dict[int, tuple[float, float, float]]:
    """Customer -> chance to be still buying, purchase days and money expected."""
    end, out = until(case), {}
    spending, worth = fitted.spending, fitted.pace.days(days)
    for who, one in histories(case, end).items():
        alive, orders = _expected(fitted.buying, one, end, worth)
        later = one.money[1:]
        mean = float(sum(later, Fraction(0))) / len(later) if later else 0.0
        each = spending.p * (spending.gamma + len(later) * mean) / (spending.p * len(later) + spending.q - 1)
        out[who] = (alive, orders, orders * each * fitted.calibration.money)
    return out


def value(case: Case, text: str, fitted: Any, total: dict[str, Any], days: int) -> None:
    """What all customers together are expected to do."""
    sums = [sum(values) for values in zip(*expected(case, fitted, days).values(), strict=True)]
    alive, of, verb, rest = taken(rf"{A} of {A} customers (is|are) expected to be still buying\. (.+)", text)
    case.number(alive, sums[0], "still buying")
    case.number(of, len(histories(case, until(case))), "customers")
    several(case, verb, "is", sums[0])
    if rest.startswith("In the test"):
        case.claim(not (total["orders_low"] > 0 and total["value_low"] > 0), "they were not")
        return
    ahead, orders, money, level, low, high, rest = taken(
        rf"In the next {A} days? they are expected to buy on {A} days? for {A} net \({A} interval {A} to {A}\)\.(.*)",
        rest,
    )
    _season(case, rest, fitted.pace, days)
    case.number(ahead, days, "days")
    case.number(orders, sums[1], "purchase days")
    case.number(money, sums[2], "money")
    case.claim(level == "80%", "level")
    _inside(case, low, money, high)
    case.number(low, total["value_low"], "low")
    case.number(high, total["value_high"], "high")


def _months(case: Case) -> int:
    """Whole calendar months since the first purchase that was kept."""
    end = until(case) + timedelta(1)
    first = min(one.days[0] for one in histories(case, until(case)).values())
    return (end.year - first.year) * 12 + end.month - first.month - (first.day > 1)


def _season(case: Case, text: str, pace: Any, days: int) -> None:
    """Whether two years are there to tell a season, and what it makes of the days ahead."""
    case.claim(pace.known == (_months(case) >= 24), f"{_months(case)} months")
    if "is not in it" in text:
        case.claim(not pace.known and days < 365, "it is")
    elif text:
        by, way = taken(
            rf" By past years customers buy {A} (more|less) in these days than usual, which is in it\.", text
        )
        usual = sum(pace.months[(until(case) + timedelta(n)).month - 1] for n in range(1, days + 1)) / days / pace.usual
        case.number(by, abs(usual - 1), "season")
        case.claim((way == "more") == (usual > 1), way)
    else:
        case.claim(days >= 365 if not pace.known else abs(pace.faster(days)) < 0.02, "a season goes unsaid")


def _inside(case: Case, low: str, middle: str, high: str) -> None:
    ends = [read(text) for text in (low, middle, high)]
    values = [one.value for one in ends if one is not None]
    case.claim(values == sorted(values), f"{middle} does not lie between {low} and {high}")


def by_group(case: Case, text: str, fitted: Any, table: Any, days: int, members: dict[int, str]) -> None:
    """The group worth most, and the one with most a customer; takes each customer's group."""
    worth: dict[str, list[float]] = {}
    for who, (_, _, amount) in expected(case, fitted, days).items():
        worth.setdefault(members.get(who, "Not recorded"), []).append(amount)
    enough = {name: some for name, some in worth.items() if len(some) >= 30}
    if text.startswith("No group has"):
        case.claim(not enough, "one has")
        return
    top, money, low, high, each, per = taken(
        rf".+? worth most: {NAME}, {A} \(80% interval {A} to {A}\); most per customer: {NAME}, {A}\.", text
    )
    case.number(money, sum(enough[top]), top)
    case.claim(sum(enough[top]) >= max(map(sum, enough.values())) * (1 - 1e-9), f"{top} is not worth most")
    means = {name: sum(some) / len(some) for name, some in enough.items()}
    case.number(per, means[each], each)
    case.claim(means[each] >= max(means.values()) * (1 - 1e-9), f"{each} has not most")
    _inside(case, low, money, high)
    row = next(row for row in table.to_dicts() if row["member"] == top)
    case.number(low, row["value_low"], "low")
    case.number(high, row["value_high"], "high")
