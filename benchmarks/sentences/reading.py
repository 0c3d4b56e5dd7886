"""Reads the sentences of random views of random shops until there are enough."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from analytics.dataset import Dataset
from benchmarks.sentences import cards, form, register, shops
from benchmarks.sentences.grammar import Case, UntrueError
from benchmarks.sentences.large import large
from benchmarks.sentences.twin import Twin
from ui.queries import VersionKey

VIEWS: Final = 4
"""Views of one shop."""

FEW_VIEWS: Final = 2
"""Views of a thin shop."""


FAILURES: Final = (UntrueError, ArithmeticError, LookupError, ValueError, AssertionError, StopIteration)
"""How a sentence fails its reader: it is untrue, or names what the lines do not have."""


@dataclass
class Result:
    """What was read."""

    sentences: int = 0
    claims: int = 0
    by_card: Counter[str] = field(default_factory=Counter)
    """Sentences by card."""
    by_function: Counter[str] = field(default_factory=Counter)
    """Sentences by the function that made them."""
    untrue: list[str] = field(default_factory=list)
    """What was not so, with the sentence and how to see it again."""


def run(home: Path, *, wanted: int, seed: int = 0, others: Sequence[str] = ()) -> Result:
    """Read so many sentences; `home` takes the shops' datasets and is what SALES_HOME says.

    First come those of `others` (the demo, public shops), a thin shop of each kind and one that is large enough for
    every claim, then small ones.
    """
    result = Result()
    for name in others:
        read_views(result, *shops.prepared(name, home), views=VIEWS)
    for kind in shops.THIN:
        read_views(result, *shops.published(shops.thin(kind, seed), home), views=FEW_VIEWS)
    read_views(result, *shops.published(large(seed), home), views=VIEWS)
    number = seed
    while result.sentences < wanted:
        read_views(result, *shops.published(shops.shop(number), home), views=VIEWS)
        number += 1
    return result


def read_views(result: Result, source: VersionKey, data: Dataset, *, views: int) -> None:
    """Read every sentence of some views of a dataset, of which the first is the one that it opens with."""
    twin, draw = Twin(data), random.Random(f"views of {source.name}")
    for turn in range(views):
        shown = shops.opening(source, data) if turn == 0 else shops.view(source, data, draw)
        read_view(result, Case(twin, shown), f"{source.name}, view {turn}")


def read_view(result: Result, case: Case, where: str) -> None:
    """Read every sentence of one view; `where` says how to see it again."""
    texts: list[str] = []
    every = names(case)
    with register.heard() as made:
        for card, text, reader in cards.takeaways(case, random.Random(f"choices of {where}")):
            texts.append(text)
            result.sentences += 1
            result.by_card[card.partition(" of ")[0].partition(" by ")[0]] += 1
            wrong = [f"form: {fault}" for fault in form.faults(text, every)]
            try:
                reader(case, text)
            except FAILURES as error:
                wrong.append(str(error) if isinstance(error, UntrueError) else f"cannot be held: {error!r}")
            for why in wrong:
                result.untrue.append(f"{where}, {card}: {why}\n    {text}\n    {case.view}")
    result.claims += case.claims
    for function, text in dict.fromkeys(made):
        result.by_function[function] += 1
        if text and function not in register.NO_NUMBER and not any(text in one for one in texts):
            result.untrue.append(f"{where}: nobody reads {function}\n    {text}\n    {case.view}")


def names(case: Case) -> list[str]:
    """Names of a shop's own, which may look like anything, the longest first."""
    every = {*case.twin.names.values(), *(name for members in case.twin.data.members.values() for name in members)}
    # A member that is called 2 or No is found in many a word that is not its name.
    return sorted((name for name in every if len(name) > 3), key=len, reverse=True)
