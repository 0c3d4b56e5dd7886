"""Takeaways of the forecast: what comes next, and how the running period will end."""

from __future__ import annotations

import polars as pl

from analytics import formats
from analytics.amounts import share
from analytics.grains import GRAINS
from analytics.metrics import METRICS
from analytics.models.forecast import Running
from analytics.tables.outlook import Outlook


def outlook(found: Outlook, metric: str, currency: str, grain: str) -> str:
    """The next whole periods with their interval, or what is missing for a forecast."""
    row, word = METRICS[metric], GRAINS[grain].label.lower()
    if found.cut:
        return f"{row.label} is undefined in some {word}s, where nothing was sold; such a series is not forecast."
    if found.theta is None or found.naive is None:
        more = f"{found.lacking} more whole {word}{'' if found.lacking == 1 else 's'}"
        return f"Too short a history: a forecast by {word} needs {more} of data. Choose smaller time steps."
    (low, high), label = found.theta.bounds(0.8), found.ahead["label"][0]
    mean, low0, high0 = (formats.text(v[0], row.unit, currency) for v in (found.theta.mean, low, high))
    said = f"{label}: {mean} expected, between {low0} and {high0} with a chance of 80 %."
    if found.theta.mase is not None and found.naive.mase is not None:
        better = found.theta.mase < found.naive.mase
        errors = f"error {found.theta.mase:.2f} against {found.naive.mase:.2f}"
        said += f" In {found.theta.origins} tests on the past, " + (
            f"this was closer than taking last season again: {errors}."
            if better
            else f"taking last season again did as well: {errors}."
        )
    if found.intermittent:
        said += f" Many {word}s have no sales at all: take the intervals as rough."
    return said


def running(found: Running, label: str, metric: str, currency: str) -> str:
    """How the period that is not over will end."""
    row = METRICS[metric]
    texts = [formats.text(v, row.unit, currency) for v in (found.so_far, found.mean, found.low, found.high)]
    return (
        f"{label}: {texts[0]} so far, usually {share(found.share)} of a period by now. It should end at about "
        f"{texts[1]}, between {texts[2]} and {texts[3]} with a chance of 80 %."
    )


def members(bars: pl.DataFrame, metric: str, currency: str, steps: str) -> str:
    """Who is expected to bring most and to grow most."""
    if bars.is_empty():
        return "Nothing to forecast."
    row, top = METRICS[metric], bars.row(0, named=True)
    said = f"Over the next {steps}, {top['member']} should bring {formats.text(top['value'], row.unit, currency)}"
    known = bars.drop_nulls("change").sort("change")
    if known.height > 1:
        high, low = known.row(-1, named=True), known.row(0, named=True)
        said += (
            f"; {high['member']} should grow most ({high['change_text']}), {low['member']} least ({low['change_text']})"
        )
    return said + ". Members add up to the total exactly."
