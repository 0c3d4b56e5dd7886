"""What no sentence may look like, whatever it states."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

FAULTS: Final = {
    "a value that is none": r"\b(?:nan|NaN|inf|NaT|null)\b|\bNone\b(?! (?:of|launched) )",
    "a hole": r"  | [.,;:)]|\( |\(\)|^\s|\s$",
    "two signs": r"[-+]{2}|[-+](?:[€$£])?0(?:\.0+)?(?:%| pp|\b)(?![\d.,])",
    "two stops": r"\.\.|,,|;;|[,;:]\.$",
    "one of several": r"(?<![\d.,/-])1 (?:orders|customers|buyers|days|gaps|months|weeks|quarters|years|products|units"
    r"|lines|tests|items|item-months|champions|places|purchase days|bought of|are|have|were|need|make|lose)\b",
    "several of one": r"(?<![\d.,-])(?:0|[2-9]|\d{2,3}) (?:order|customer|buyer|day|gap|month|week|quarter|product|unit"
    r"|line|test|item-month|is|has|was|needs|makes|loses)\b(?! [a-z]+s\b)",
    "no end": r"[^.]$",
}  # fmt: skip


def faults(text: str, names: Sequence[str] = ()) -> list[str]:
    """What is wrong with a sentence's form; `names` are members' names in it, which may look like anything."""
    for name in names:
        text = text.replace(name, "X")
    return [fault for fault, pattern in FAULTS.items() if re.search(pattern, text)]
