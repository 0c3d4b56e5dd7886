"""Sentences of the Outlook page: what comes next, how targets stand, which days fell out of line."""

from __future__ import annotations

from datetime import date

import polars as pl

from analytics import formats
from analytics.amounts import money, share
from analytics.metrics import METRICS
from analytics.models.forecast import Running
from analytics.tables.outlook import Outlook
from analytics.tables.targets import Pace, Targets


def outlook(found: Outlook, metric: str, currency: str, grain: str) -> str:
    """The next whole periods with their interval, or what is missing for a forecast."""
    row, word = METRICS[metric], grain.replace("_", " ")
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


def targets(found: Targets, first: date, last: date, currency: str) -> str:
    """How much of what was due in a span has been reached."""
    inside = found.months.filter(pl.col("month").is_between(first, last) & pl.col("actual").is_not_null())
    due, actual = float(inside["due"].sum()), float(inside["actual"].sum())
    if not due:
        return "No month of this period has a target."
    best = inside.filter(pl.col("attainment") >= 1).height
    return (
        f"{money(actual, currency)} of {money(due, currency)} due: {share(actual / due)}. {best:,} of "
        f"{inside.height:,} months reached their target."
    )


def pace(found: Pace, name: str, currency: str) -> str:
    """Where a span stands, what the rest needs, and how likely it is to get there."""
    said = f"{name}: {money(found.so_far, currency)} of {money(found.target, currency)}"
    if not found.days_left:
        return f"{said}, {share(found.so_far / found.target)}."
    ahead = found.so_far - found.due
    word = "ahead of" if ahead >= 0 else "behind"
    said += (
        f", {money(abs(ahead), currency)} {word} pace. The {found.days_left:,} days left need "
        f"{money(found.needed, currency)} a day; the last four weeks made {money(found.at_present, currency)}."
    )
    if found.chance is None:
        return f"{said} The history is too short to say how likely that is."
    return f"{said} Chance to reach it: {chance(found.chance)}."


def chance(value: float) -> str:
    """A probability, never 0 or 1."""
    return "below 1%" if value < 0.01 else "above 99%" if value > 0.99 else f"{value:.0%}"


def by_target_member(table: pl.DataFrame, currency: str) -> str:
    """Who is furthest behind and ahead of target."""
    if table.is_empty():
        return "Nothing with a target in this period."
    low, high = table.row(0, named=True), table.row(-1, named=True)
    said = []
    if low["gap"] < 0:
        said.append(f"{low['member']} is furthest behind ({low['text']}, {low['change_text']})")
    if high["gap"] > 0:
        said.append(f"{high['member']} furthest ahead ({high['text']}, {high['change_text']})")
    return "; ".join(said) + "." if said else "All are exactly on target."


def marks(table: pl.DataFrame, metric: str) -> str:
    """The unusual days of a trend; empty where there are none."""
    if table.is_empty():
        return ""
    top = table.sort(pl.col("z").abs(), descending=True).row(0, named=True)
    what = f"{top['label']} ({top['text']}, usually {top['usual_text']})"
    if table.height == 1:
        return f"One day fell out of line in {METRICS[metric].label.lower()}: {what}."
    return f"{table.height:,} days fell out of line in {METRICS[metric].label.lower()}, most of all {what}."


def unusual(table: pl.DataFrame, metric: str) -> str:
    """How many days fell out of line, and the one that did most."""
    label = METRICS[metric].label.lower()
    if table.is_empty():
        return f"No day of this period fell out of line in {label}."
    top = table.sort(pl.col("z").abs(), descending=True).row(0, named=True)
    count = f"{table.height:,} day{'' if table.height == 1 else 's'} fell out of line"
    why = f"; {top['why']}" if top["why"] else ""
    return f"{count}. Most of all {top['label']}: {top['text']} where {top['usual_text']} was usual{why}."
