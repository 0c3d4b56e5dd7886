"""Takeaways of the forecast: what comes next, and how the running period will end."""

from __future__ import annotations

import polars as pl

from analytics import formats
from analytics.amounts import share
from analytics.grains import GRAINS
from analytics.metrics import METRICS
from analytics.models.forecast import Running
from analytics.tables.outlook import Outlook


def outlook(outlook: Outlook, metric: str, currency: str, grain: str) -> str:
    """The next whole periods with their interval, or what is missing for a forecast."""
    row, word = METRICS[metric], GRAINS[grain].label.lower()
    if outlook.cut:
        return f"{row.label} is undefined in some {word}s, where nothing was sold; such a series is not forecast."
    if outlook.theta is None or outlook.naive is None:
        more = f"{outlook.lacking} more whole {word}{'' if outlook.lacking == 1 else 's'}"
        return f"Too short a history: a forecast by {word} needs {more} of data. Choose smaller time steps."
    (low, high), label = outlook.theta.bounds(0.8), outlook.ahead["label"][0]
    mean, low0, high0 = (formats.text(v[0], row.unit, currency) for v in (outlook.theta.mean, low, high))
    sentence = f"{label}: {mean} expected, between {low0} and {high0} with a chance of 80 %."
    if outlook.theta.mase is not None and outlook.naive.mase is not None:
        better = outlook.theta.mase < outlook.naive.mase
        errors = f"error {outlook.theta.mase:.2f} against {outlook.naive.mase:.2f}"
        sentence += f" In {outlook.theta.origins} tests on the past, " + (
            f"this was closer than taking last season again: {errors}."
            if better
            else f"taking last season again did as well: {errors}."
        )
    if outlook.intermittent:
        sentence += f" Many {word}s have no sales at all: take the intervals as rough."
    return sentence


def running(running: Running, label: str, metric: str, currency: str) -> str:
    """How the period that is not over will end."""
    row = METRICS[metric]
    texts = [formats.text(v, row.unit, currency) for v in (running.so_far, running.mean, running.low, running.high)]
    return (
        f"{label}: {texts[0]} so far, usually {share(running.share)} of a period by now. It should end at about "
        f"{texts[1]}, between {texts[2]} and {texts[3]} with a chance of 80 %."
    )


def members(bars: pl.DataFrame, metric: str, currency: str, steps: str) -> str:
    """Who is expected to bring most and to grow most."""
    if bars.is_empty():
        return "Nothing to forecast."
    row, top = METRICS[metric], bars.row(0, named=True)
    sentence = f"Over the next {steps}, {top['member']} should bring {formats.text(top['value'], row.unit, currency)}"
    known = bars.drop_nulls("change").sort("change")
    if known.height > 1:
        high, low = known.row(-1, named=True), known.row(0, named=True)
        sentence += (
            f"; {high['member']} should grow most ({high['change_text']}), {low['member']} least ({low['change_text']})"
        )
    return sentence + ". Members add up to the total exactly."
