"""Takeaways of Value: what is expected, how sure that is, and who is overdue."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import polars as pl

from analytics import formats
from analytics.dates import day_text
from analytics.formats import count_of, numbered
from analytics.models.intervals import FEW
from analytics.sentences.words import amount, counted, percent
from analytics.tables.concentration import FEWEST_GAPS
from analytics.tables.value.backtest import HoldoutTest
from analytics.tables.value.history import OVERDUE_TIMES
from analytics.tables.value.pace import BuyingPace
from analytics.tables.value.prediction import LEVEL

LEAST_SCALE: Final = 0.02
"""A smaller correction of the money of a purchase day is not remarked upon."""

NO_RULE: Final = f"Fewer than {FEWEST_GAPS} gaps between purchases are known, too few to say who has lapsed."

NOBODY_PAID: Final = "No known customer has paid for anything yet, so there is nobody to tell active or lapsed."

LEAST_PACE: Final = 0.02
"""Days in which customers buy by less more or less than usual are not remarked upon."""

A_YEAR: Final = 365
"""Days that lie in every season alike."""

CLOSE: Final = 0.1
"""Sums that are off by less, as a share of what came, are not remarked upon."""


def backtest(backtest: HoldoutTest, currency: str) -> str:
    """What the model said of the held-out days, what came, and how far both guesses are off for a customer."""
    money = [formats.text(value, "money", currency) for value in (backtest.predicted_value, backtest.actual_value)]
    return (
        f"Shown only what was known on {day_text(backtest.end)}, the model said "
        f"{count_of(backtest.predicted, 'purchase day', compact=True)} and {money[0]} net for the "
        f"{count_of(backtest.days, 'day')} after it, of {count_of(backtest.customers, 'customer', compact=True)}. "
        f"There came {count_of(backtest.actual, 'day', compact=True)}{_off(backtest.predicted, backtest.actual)} and "
        f"{money[1]}{_off(backtest.predicted_value, backtest.actual_value)}. For one customer it is off by "
        f"{backtest.model_error:.2f} purchase days, their own frequency by {backtest.baseline_error:.2f}."
    )


def _off(sentences: float, came: float) -> str:
    return f" (said {formats.change_text(sentences / came - 1, 'count')})" if came else ""


def trusted(backtest: HoldoutTest) -> str:
    """Why the model is used, and by how much its sums were off where it was tested."""
    worse = backtest.baseline_error
    better = percent(1 - backtest.model_error / worse) if worse > 0 else "–"
    sentence = (
        f"Expected values come from a model. Tested on the last {backtest.days:,} days of the history "
        "(below), its error "
        f"for a customer was {better} smaller than that of the customer's own frequency."
    )
    off = [
        f"{percent(abs(by))} too {more if by > 0 else less} {name}"
        for (name, more, less), by in zip(
            (("purchase days", "many", "few"), ("revenue", "much", "little")), _sums_off(backtest), strict=True
        )
        if abs(by) >= CLOSE
    ]
    if off:
        sentence += f" In sum it said {' and '.join(off)}; the ranges of sums are as wide as such errors ask for"
        sentence += f"{_scaled(backtest.calibration.money)}."
        if not backtest.seasonal and backtest.days < A_YEAR:
            sentence += " The test could know no season, as less than two whole years lie before it."
    return sentence


def _scaled(money: float) -> str:
    """What was done about money per purchase day that the model had too high or too low."""
    if abs(money - 1) < LEAST_SCALE:
        return ""
    return f", and the money of a purchase day is expected {percent(abs(money - 1))} {_more(money)} than by the model"


def _more(factor: float) -> str:
    return "higher" if factor > 1 else "lower"


def sums_hold(backtest: HoldoutTest) -> bool:
    """Whether the model's sums of purchase days and revenue were CLOSE to what came in the test."""
    return all(abs(by) < CLOSE for by in _sums_off(backtest))


def _sums_off(backtest: HoldoutTest) -> list[float]:
    sums = ((backtest.predicted, backtest.actual), (backtest.predicted_value, backtest.actual_value))
    return [item / came - 1 if came else 0.0 for item, came in sums]


def told(total: Mapping[str, Any]) -> bool:
    """Whether sums are shown: their intervals leave out that nothing comes. Takes the row of `prediction.by_group`."""
    return bool(total["orders_low"] > 0 and total["value_low"] > 0)


def value(total: Mapping[str, Any], pace: BuyingPace, horizon: int, currency: str) -> str:
    """What all customers together are expected to do. Takes the row of `prediction.by_group`."""
    alive = f"{counted(total['alive'])} of {counted(total['customers'])} customers are expected to be still buying"
    if not told(total):
        return f"{alive}. In the test the model's sums were too far off to say what they will bring together."
    money = [formats.text(total[name], "money", currency) for name in ("value", "value_low", "value_high")]
    return (
        f"{alive}. In the next {count_of(horizon, 'day')} they are expected to buy on "
        f"{count_of(total['orders'], 'day', compact=True)} for {money[0]} net ({LEVEL:.0%} interval {money[1]} to "
        f"{money[2]}).{_season(pace, horizon)}"
    )


def _season(pace: BuyingPace, horizon: int) -> str:
    """What the season of the days ahead makes of the sum."""
    if not pace.known:
        return "" if horizon >= A_YEAR else " What season these days lie in is not in it: that takes two whole years."
    by = pace.faster(horizon)
    if abs(by) < LEAST_PACE:
        return ""
    more = "more" if by > 0 else "less"
    return f" By past years customers buy {percent(abs(by))} {more} in these days than usual, which is in it."


def active(rows: pl.DataFrame, currency: str) -> str:
    """Who is active by the gap rule, and what they brought. Takes `value.lapsed`."""
    state, customers = rows.filter(pl.col("state") == "Active").row(0, named=True), int(rows["customers"].sum())
    return (
        f"By it {counted(state['customers'])} of {count_of(customers, 'customer', compact=True)} "
        f"{numbered(state['customers'], 'is', 'are')} active; they brought {amount(state['recent'], currency)} net in "
        "the last year."
    )


def value_by_group(rows: pl.DataFrame, label: str, currency: str) -> str:
    """The group worth most, and the one with most per customer. Takes `value.by_group`."""
    known = rows.filter("enough")
    if known.is_empty():
        return f"No group has {FEW} customers or more."
    top = known.row(0, named=True)
    each = known.sort("per_customer", "member", descending=[True, False]).row(0, named=True)
    sentence = (
        f"{label} worth most: {top['member']}, {formats.text(top['value'], 'money', currency)} "
        f"({LEVEL:.0%} interval {formats.text(top['value_low'], 'money', currency)} to "
        f"{formats.text(top['value_high'], 'money', currency)})"
    )
    return f"{sentence}; most per customer: {each['member']}, {formats.text(each['per_customer'], 'money', currency)}."


def overdue(rows: pl.DataFrame, people: int, currency: str) -> str:
    """How many are overdue and what they brought in a year. Takes `value.at_risk`."""
    if not people:
        return "No customer has a rhythm of their own yet."
    if rows.is_empty():
        who = count_of(people, "customer", compact=True)
        return f"Of {who} with a rhythm of their own nobody is overdue."
    return (
        f"{counted(rows.height)} of {count_of(people, 'customer', compact=True)} with a rhythm of their own "
        f"{numbered(rows.height, 'has', 'have')} been away for more than {OVERDUE_TIMES:g} times their usual gap; they "
        f"brought {amount(int(rows['recent'].sum()), currency)} in the last year: revenue at risk."
    )


def lapsed(rows: pl.DataFrame, threshold: int, currency: str) -> str:
    """The gap rule's states. Takes `value.lapsed`."""
    states = {row["state"]: row for row in rows.iter_rows(named=True)}
    gone, active, slipping = states["Lapsed"], states["Active"]["customers"], states["Slipping"]["customers"]
    return (
        f"By the gap rule {count_of(active, 'customer', compact=True)} {numbered(active, 'is', 'are')} active, "
        f"{counted(slipping)} {numbered(slipping, 'is', 'are')} slipping "
        f"({amount(states['Slipping']['recent'], currency)} in the last year) and {counted(gone['customers'])} "
        f"{numbered(gone['customers'], 'has', 'have')} lapsed: no purchase for more than {count_of(threshold, 'day')}, "
        "which 90% of all gaps stay below."
    )
