"""Readers of Outlook: what the next periods bring, how good such forecasts were, and how the running one will end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import polars as pl

from analytics import grains
from analytics.grains import GRAINS, ONE_DAY
from analytics.metrics import METRICS
from analytics.periods import Period
from benchmarks.sentences.grammar import NAME, A, Case, extreme, several, taken
from benchmarks.sentences.texts import read
from benchmarks.sentences.twin import RATIOS, Number

HOW = "(?:grow|fall) (?:most|least)|stand still"

STEADY = 0.0005
"""A change below it stands still."""


def _steps(case: Case, grain: str) -> list[tuple[Period, bool, Number]]:
    """Days, whether they are over, and value of each time step from the data's first day to the view's last."""
    data, metric = case.twin.data, case.view.metric
    end = min(max(case.now.end, data.first_day), data.last_day)
    out, start = [], grains.bucket_start(data.first_day, grain, data.calendar)
    while start <= end:
        after = grains.next_start(start, grain)
        days = Period(max(start, data.first_day), min(after - ONE_DAY, end))
        value = case.twin.value(metric, case.where, days)
        value = Fraction(0) if value is None and metric not in RATIOS else value
        out.append((days, days == Period(start, after - ONE_DAY), value))
        start = after
    return out


def forecast(case: Case, text: str, rows: pl.DataFrame, outlook: Any) -> None:
    """The next period's forecast and interval as drawn, and how good such forecasts were."""
    grain = outlook.grain
    word = GRAINS[grain].label.lower()
    steps = _steps(case, grain)
    whole = [value for _, over, value in steps if over]
    drawn = [] if outlook.cut else rows.filter(pl.col("value").is_not_null())["value"].to_list()
    if text.endswith(" cannot be told: the data do not say what it takes under these filters."):
        case.claim(not any(whole), "it can be told")
        return
    for one, truth in zip(drawn, whole[len(whole) - len(drawn) :], strict=True):
        case.claim(truth is None or abs(one - float(truth)) <= 1e-6 * max(1.0, abs(one)), f"drawn {one}, sold {truth}")
    if " is undefined in some " in text:
        case.claim(None in whole, "it is defined in all")
        return
    if " yet, so there is nothing to forecast from." in text:
        case.claim(bool(whole) and not any(whole), "there has been some")
        return
    if text.startswith("Too short a history"):
        lacking(
            case, taken(rf"Too short a history: a forecast by [\w -]+ needs {A} more whole [\w -]+ of data\.", text)[0]
        )
        return
    if text.startswith("By "):
        used, more, text = taken(
            rf"By ([\w -]+), as a forecast by [\w -]+ that can be tested needs {A} more whole [\w -]+ of data\. (.+)",
            text,
        )
        case.claim(used == word, "another time step")
        lacking(case, more)
    label, mean, low, high, rest = taken(
        rf"{NAME}: {A} expected, between {A} and {A} with a chance of 80%\. (.+)", text
    )
    ahead = rows.filter(pl.col("forecast").is_not_null() & pl.col("value").is_null()).row(0, named=True)
    case.claim(label == ahead["label"], f"the first is {ahead['label']}")
    for said, name in ((mean, "forecast"), (low, "low80"), (high, "high80")):
        case.number(said, ahead[name], name)
    ends = [one.value for one in map(read, (low, mean, high)) if one]
    case.claim(ends == sorted(ends), "the forecast lies outside")
    if METRICS[case.view.metric].kind != "ratio" and all((value or 0) >= 0 for value in whole):
        case.claim(ends[0] >= 0, "below nothing")
    closeness(case, rest, outlook)
    shares = sum(not value for value in whole) / len(whole)
    case.claim((f"have no {case.label()} at all" in rest) == (shares > 0.3), "periods without any")
    case.claim("the interval begins at 0" not in rest or ends[0] == 0, "it begins above")


def lacking(case: Case, more: str) -> None:
    """How many whole periods of the view's time steps are missing before a forecast by them can be tested."""
    grain = case.view.grain
    season = GRAINS[grain].season
    needed = 12 if grain == "week" else max(2 * season, 3) + 6
    there = sum(over for _, over, _ in _steps(case, grain))
    case.number(more, needed - there, "missing")


def closeness(case: Case, text: str, outlook: Any) -> None:
    """How far off both methods were in tests on the past; seasonal naive is tried anew."""
    values = [float(value or 0) for _, over, value in _steps(case, outlook.grain) if over]
    if outlook.shifted:
        return  # the past is brought to the new level first, by the model
    season = 1 if outlook.grain == "week" and len(values) < 110 else GRAINS[outlook.grain].season
    first = max(2 * season, 3, len(values) - 24)
    errors = [
        abs(values[at + step] - values[at - season + step % season])
        for at in range(first, len(values))
        for step in range(min(outlook.ahead.height, len(values) - at))
    ]
    usual = [abs(after - before) for before, after in zip(values, values[season:], strict=False)]
    scale = sum(usual) / len(usual)
    if text.startswith("The past repeats itself"):
        case.claim(not scale, "it does not")
        return
    tests, noun, how, one, other = taken(rf"In {A} (tests?) on the past, (.+?): error {A} against {A}\.(?: .+)?", text)
    case.number(tests, len(values) - first, "tests")
    several(case, noun, "test", len(values) - first)
    naive = sum(errors) / len(errors) / scale
    if "was closer than Theta and is drawn" in how:
        case.number(one, naive, "error of the last season")
        case.number(other, outlook.theta.mase, "error of Theta")
    else:
        case.number(other, naive, "error of the last season")
        case.number(one, outlook.theta.mase, "error of Theta")
    if "closer" in how:
        case.claim(float(one) <= float(other), "it was not closer")


def horizon(case: Case, text: str, outlook: Any) -> None:
    """How far ahead is looked."""
    count, noun = taken(rf"The next {A} ([\w -]+)\.", text)
    case.number(count, outlook.ahead.height, "steps")
    word = GRAINS[outlook.grain].label.lower()
    case.claim(noun == (word if outlook.ahead.height == 1 else f"{word}s"), noun)


def running(case: Case, text: str, outlook: Any, rows: pl.DataFrame) -> None:
    """What a running period has brought, how much that usually is, and the estimate drawn in the forecast."""
    steps = _steps(case, outlook.grain)
    now, _, so_far = steps[-1]
    label, sold, usual, mean, low, high = taken(
        rf"{NAME}: {A} so far(?:, usually {A} of a period by now)?\. It should end at about {A}, between {A} and {A} "
        r"with a chance of 80%\.", text
    )  # fmt: skip
    case.claim(label == grains.label(grains.bucket_start(now.start, outlook.grain, case.twin.data.calendar),
                                     outlook.grain, case.twin.data.calendar), "another period")  # fmt: skip
    case.number(sold, so_far, "so far")
    if usual:
        case.number(usual, _usual_share(case, outlook.grain, steps), "usual share")
    ahead = rows.filter(pl.col("forecast").is_not_null() & pl.col("value").is_null()).row(0, named=True)
    for said, name in ((mean, "forecast"), (low, "low80"), (high, "high80")):
        case.number(said, ahead[name], f"{name} of the forecast")


def _usual_share(case: Case, grain: str, steps: list[tuple[Period, bool, Number]]) -> float:
    """The mean of what part of the last 24 whole periods was in by now, those that sold, and half a one that does so
    evenly."""
    now = steps[-1][0]
    start = grains.bucket_start(now.start, grain, case.twin.data.calendar)
    length = (grains.next_start(start, grain) - start).days
    elapsed = (now.end - now.start).days + 1
    shares = []
    for days, over, value in [step for step in steps if step[1]][-24:]:
        if over and value and value > 0:
            at = min(days.days, round(elapsed * days.days / length))
            by_then = case.twin.value(case.view.metric, case.where, Period(days.start, days.start + (at - 1) * ONE_DAY))
            shares.append(min(max(float((by_then or 0) / value), 0.0), 1.0) if at else 0.0)
    return (sum(shares) + elapsed / length / 2) / (len(shares) + 0.5)


def members(case: Case, text: str, table: pl.DataFrame, outlook: Any) -> None:
    """Who is expected to bring most, grow most and least, from the card's table of every step."""
    if text == "Nothing to forecast.":
        case.claim(table.is_empty(), "there is")
        return
    _, who, amount, up, how_up, by_up, down, how_down, by_down = taken(
        rf"Over the next (.+?), {NAME} should bring {A}(?:; {NAME} should ({HOW}) \({A}\), {NAME} ({HOW}) \({A}\))?"
        r"\. Members add up to the total exactly\.", text
    )  # fmt: skip
    sums: dict[str, float] = defaultdict(float)
    lasts: dict[str, list[float | None]] = defaultdict(list)
    for row in table.to_dicts():
        sums[row["member"]] += row["value"]
        lasts[row["member"]].append(row["last"])
    case.number(amount, sums.get(who), who)
    whole = float(outlook.drawn.mean.sum())
    case.claim(abs(sum(sums.values()) - whole) <= 0.51 * len(table) + 1e-9 * abs(whole), "members do not add up")
    before = {name: sum(v for v in some if v is not None) for name, some in lasts.items() if None not in some}
    grown: Mapping[str, Number] = {
        name: Fraction(sums[name] / was - 1).limit_denominator(10**9) for name, was in before.items() if was > 0
    }
    case.claim(bool(up) == (len(grown) > 1), "growth")
    for name, how, by, high in ((up, how_up, by_up, True), (down, how_down, by_down, False)):
        if name:
            truth = grown.get(name)
            case.number(by, truth, name)
            assert truth is not None
            case.claim(extreme(grown, name, high=high), f"{name} is no extreme")
            verb = "stand still" if abs(truth) < STEADY else "grow" if truth > 0 else "fall"
            case.claim(how.startswith(verb) or abs(abs(truth) - STEADY) < 1e-4, f"{name} does not {how}")
