"""Takeaways of the forecast: what comes next, and how the running period will end."""

from __future__ import annotations

import polars as pl

from analytics import formats
from analytics.amounts import share
from analytics.formats import count_of
from analytics.grains import GRAINS
from analytics.metrics import METRICS
from analytics.models.running import Running
from analytics.sentences import words
from analytics.tables.outlook.total import Outlook


def outlook(outlook: Outlook, metric: str, currency: str, grain: str) -> str:
    """The next whole periods with their interval, or what is missing for a forecast."""
    row, word = METRICS[metric], steps_word(grain)
    if outlook.untold:
        return f"{row.label} cannot be told: the data do not say what it takes under these filters."
    if outlook.cut:
        used = steps_word(outlook.grain)
        return f"{row.label} is undefined in some {used}s, where nothing was sold; such a series is not forecast."
    if outlook.empty:
        return (
            f"No whole {steps_word(outlook.grain)} has {row.label.lower()} yet, so there is nothing to forecast from."
        )
    more = count_of(outlook.lacking, f"more whole {word}")
    drawn, beside = outlook.drawn, outlook.beside
    if drawn is None or beside is None:
        return f"Too short a history: a forecast by {word} needs {more} of data."
    (low, high), label = drawn.bounds(0.8), outlook.ahead["label"][0]
    unit = formats.estimate(row.unit, outlook.history["value"])
    low0, high0, mean = formats.interval(low[0], high[0], drawn.mean[0], unit=unit, currency=currency)
    sentence = f"{label}: {mean} expected, between {low0} and {high0} with a chance of 80%."
    if outlook.grain != grain:
        by = f"By {steps_word(outlook.grain)}, as a forecast by {word} that can be tested needs {more} of data."
        sentence = f"{by} {sentence}"
    sentence += f" {closeness(outlook)}"
    if outlook.shifted:
        sentence += f" Since {outlook.shifted} the level is another one; what lies before is brought to it."
    if not outlook.seasonal:
        sentence += " The history is too short to know a season."
    if outlook.intermittent:
        steps, label = f"{steps_word(outlook.grain)}s", row.label.lower()
        sentence += f" Many {steps} have no {label} at all"
        # A running period has something already, and more may come back than is sold.
        sentence += ", so the interval begins at 0." if low[0] == 0 else "."
    return sentence


def steps_word(grain: str) -> str:
    """One of a grain's time steps: `retail month`."""
    return GRAINS[grain].label.lower()


def horizon(outlook: Outlook) -> str:
    """How far ahead is looked: `12 months`."""
    return count_of(outlook.ahead.height, steps_word(outlook.grain))


def closeness(outlook: Outlook) -> str:
    """Which method was closer in the past, where that can be told."""
    theta, naive = outlook.theta, outlook.naive
    if theta is None or naive is None or theta.mase is None or naive.mase is None:
        return "The past repeats itself exactly."
    tests = count_of(theta.origins, "test on the past", "tests on the past")
    again = "last season again" if outlook.seasonal else "the last value again"
    of_theta, of_naive = f"{theta.mase:.2f}", f"{naive.mase:.2f}"
    if outlook.closer == "seasonal_naive":
        return f"In {tests}, {again} was closer than Theta and is drawn: error {of_naive} against {of_theta}."
    if outlook.closer == "theta":
        return f"In {tests}, this was closer than {again}: error {of_theta} against {of_naive}."
    return f"In {tests}, this and {again} were alike as far as chance goes: error {of_theta} against {of_naive}."


def running(running: Running, label: str, metric: str, currency: str) -> str:
    """How the period that is not over will end."""
    unit = formats.estimate(METRICS[metric].unit, [running.so_far])
    low, high, mean, so_far = formats.interval(
        *running.bounds(0.8), running.mean, running.so_far, unit=unit, currency=currency
    )
    usual = "" if running.share is None else f", usually {share(running.share)} of a period by now"
    return (
        f"{label}: {so_far} so far{usual}. It should end at about {mean}, between {low} and {high} "
        "with a chance of 80%."
    )


def members(bars: pl.DataFrame, metric: str, currency: str, steps: str) -> str:
    """Who is expected to bring most and to grow most."""
    row, top = METRICS[metric], bars.row(0, named=True)
    sentence = f"Over the next {steps}, {top['member']} should bring {formats.text(top['value'], row.unit, currency)}"
    known = bars.drop_nulls("change").sort("change")
    if known.height > 1:
        high, low = known.row(-1, named=True), known.row(0, named=True)
        sentence += (
            f"; {high['member']} should {words.highest(high['change'], words.GROW)}, "
            f"{low['member']} {words.lowest(low['change'], words.GROW)}"
        )
    return sentence + ". Members add up to the total exactly."
