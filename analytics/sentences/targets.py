"""Takeaways on targets: how they stand, and whether the pace reaches them."""

from __future__ import annotations

from datetime import date

import polars as pl

from analytics.amounts import money, share
from analytics.formats import count_of, numbered
from analytics.tables.targets.progress import Pace, Targets


def targets(targets: Targets, first: date, last: date, currency: str) -> str:
    """How much of what was due in a span has been reached."""
    inside = targets.months.filter(pl.col("month").is_between(first, last) & pl.col("actual").is_not_null())
    due, actual = float(inside["due"].sum()), float(inside["actual"].sum())
    if not due:
        return "No month of this period has a target."
    sentence = f"{money(actual, currency)} of {money(due, currency)} due: {share(actual / due)}."
    whole = inside.filter(pl.col("over") >= 1)
    if whole.height:
        best = whole.filter(pl.col("attainment") >= 1).height
        of = f"{best:,} of {count_of(whole.height, 'whole month')}"
        sentence += f" {of} reached {numbered(whole.height, 'its', 'their')} target."
    running = inside.filter(pl.col("over") < 1)
    if running.height:
        sentence += f" {running['label'][-1]} counts by the {share(running['over'][-1])} of its days that are over."
    return sentence


def pace(pace: Pace, name: str, currency: str) -> str:
    """Where a span stands, what the rest needs, and how likely it is to get there."""
    sentence = f"{name}: {money(pace.so_far, currency)} of {money(pace.target, currency)}"
    if not pace.days_left:
        return f"{sentence}, {share(pace.so_far / pace.target)}."
    ahead = pace.so_far - pace.due
    word = "ahead of" if ahead >= 0 else "behind"
    left = count_of(pace.days_left, "day")
    if pace.so_far >= pace.target > 0:
        return f"{sentence}, {share(pace.so_far / pace.target)}: reached with {left} left."
    sentence += (
        f", {money(abs(ahead), currency)} {word} pace. The {left} left "
        f"{numbered(pace.days_left, 'needs', 'need')} {money(pace.needed, currency)} a day; the last four weeks made "
        f"{money(pace.at_present, currency)} a day."
    )
    if pace.chance is None:
        return f"{sentence} The history is too short to say how likely that is."
    return f"{sentence} Chance to reach it: {chance(pace.chance)}."


def chance(value: float) -> str:
    """A probability, never 0 or 1."""
    return "below 1%" if value < 0.01 else "above 99%" if value > 0.99 else f"{value:.0%}"


def by_target_member(table: pl.DataFrame) -> str:
    """Who is furthest behind and ahead of target."""
    if table.is_empty():
        return "Nothing with a target in this period."
    low, high = table.row(0, named=True), table.row(-1, named=True)
    sentences = []
    if low["gap"] < 0:
        sentences.append(f"{low['member']} is furthest behind ({low['text']}, {low['change_text']})")
    if high["gap"] > 0:
        sentences.append(f"{high['member']} furthest ahead ({high['text']}, {high['change_text']})")
    return "; ".join(sentences) + "." if sentences else "All are exactly on target."
