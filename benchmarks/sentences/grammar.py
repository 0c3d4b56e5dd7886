"""What a card's reader works with, and how a sentence is taken apart."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from analytics import dimensions, grains
from analytics.filters import Filters, Where
from analytics.metrics import METRICS
from analytics.periods import Period
from benchmarks.sentences.texts import AMOUNT, matches
from benchmarks.sentences.twin import SHARES, Number, Twin, change
from ui.sidebar import View

A: Final = f"({AMOUNT})"
NAME: Final = r"(.+?)"


class UntrueError(Exception):
    """A sentence says what the lines do not."""


@dataclass
class Case:
    """One view of one shop, and how many claims were held against its lines."""

    twin: Twin
    view: View
    claims: int = 0
    sentences: list[str] = field(default_factory=list)

    @property
    def filters(self) -> Filters:
        """The view's filters."""
        return self.view.filters

    @property
    def where(self) -> Where:
        """Its members."""
        return self.filters.where

    @property
    def now(self) -> Period:
        """Its period."""
        return self.filters.period

    def free(self, names: tuple[str, ...]) -> Where:
        """Its members without those of some dimensions."""
        return self.filters.without(names).where

    def unfiltered(self, text: str, names: tuple[str, ...]) -> str:
        """A sentence without its beginning that says which filters on some dimensions are left out of it."""
        labels = [
            dimensions.dimension(name, self.twin.data).label.lower() for name in names if self.filters.members(name)
        ]
        says = f"Without the filter on {' and '.join(labels)}: "
        if labels:
            self.claim(text.startswith(says), f"it does not say that it is {says.lower()}")
        return text.removeprefix(says)

    def claim(self, true: bool, what: str) -> None:
        """Count a claim; UntrueError where it does not hold."""
        self.claims += 1
        if not true:
            raise UntrueError(what)

    def number(self, text: str, truth: Number | int | float, what: str) -> None:
        """Claim that a written number is the truth."""
        self.claim(matches(text, truth), f"{what}: written {text}, the lines say {_shown(truth)}")

    def moved(self, text: str, metric: str, now: Number, base: Number, what: str) -> None:
        """Claim that a written change is the truth, with its sign."""
        self.number(text, change(metric, now, base), what)
        self.claim(text.endswith("pp") == (metric in SHARES) or text == "–", f"{what}: {text} is of the wrong kind")

    def label(self, metric: str = "") -> str:
        """What a metric is called, in small letters."""
        return METRICS[metric or self.view.metric].label.lower()

    def buckets(self, period: Period, *, whole: bool) -> dict[str, Period]:
        """Label -> days of each bucket of a period; of the whole ones, or of all with those that are cut."""
        out: dict[str, Period] = {}
        start = grains.bucket_start(period.start, self.view.grain, self.twin.data.calendar)
        while start <= period.end:
            after = grains.next_start(start, self.view.grain)
            days = Period(max(start, period.start), min(after - grains.ONE_DAY, period.end))
            if not whole or days == Period(start, after - grains.ONE_DAY):
                out[grains.label(start, self.view.grain, self.twin.data.calendar)] = days
            start = after
        return out


def taken(pattern: str, text: str) -> tuple[str, ...]:
    """The parts of a sentence; UntrueError where it is none of that form."""
    found = re.fullmatch(pattern, text)
    if found is None:
        raise UntrueError(f"cannot be read: {text!r}")
    return tuple(part or "" for part in found.groups())


def extreme(values: Mapping[str, Number], name: str, *, high: bool) -> bool:
    """Whether a member has the highest or lowest value of those that have one."""
    known = [value for value in values.values() if value is not None]
    own = values.get(name)
    return own is not None and own == (max(known) if high else min(known))


def parts(text: str, separator: str) -> Iterator[str]:
    """The parts of a sentence without its full stop."""
    yield from text.rstrip(".").split(separator)


def _shown(truth: Number | int | float) -> str:
    return "none" if truth is None else f"{float(Fraction(truth)):,.6f}"


def several(case: Case, word: str, one: str, count: Number | int | float) -> None:
    """Claim that a noun or verb is in the singular where there is one, and only there."""
    case.claim((word == one) == (round(count or 0) == 1), f"{word!r} of {_shown(count)}")
