"""Reads the sentences of random views of random shops until there are enough."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from benchmarks.sentences import cards, shops
from benchmarks.sentences.grammar import Case, UntrueError
from benchmarks.sentences.twin import Twin

VIEWS: Final = 4
"""Views of one shop."""


@dataclass
class Result:
    """What was read."""

    sentences: int = 0
    claims: int = 0
    by_card: Counter[str] = field(default_factory=Counter)
    """Sentences by card."""
    untrue: list[str] = field(default_factory=list)
    """What was not so, with the sentence and how to see it again."""


def run(home: Path, *, wanted: int, seed: int = 0) -> Result:
    """Read so many sentences; `home` takes the shops' datasets and is what SALES_HOME says."""
    result = Result()
    number = seed
    while result.sentences < wanted:
        source, data = shops.published(number, home)
        twin, draw = Twin(data), random.Random(f"views of {number}")
        for turn in range(VIEWS):
            case = Case(twin, shops.view(source, data, draw))
            for card, text, reader in cards.takeaways(case):
                result.sentences += 1
                result.by_card[card.partition(" of ")[0].partition(" by ")[0]] += 1
                try:
                    reader(case, text)
                except UntrueError as error:
                    result.untrue.append(f"shop {number}, view {turn}, {card}: {error}\n    {text}\n    {case.view}")
            result.claims += case.claims
        number += 1
    return result
