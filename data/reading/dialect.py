"""Which signs separate and protect the cells of a text file.

Every plausible pair of delimiter and quote is tried on a sample. A good one gives most records the same number of
cells, and cells that look like numbers, dates, codes or words; van den Burg, Nazábal and Sutton (2019) call these the
pattern and the type score. Their pattern score halves with the first broken row; here it is the share of records that
have the usual width, so that broken rows cost what they are.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from data.reading import kinds, quoting
from data.reading.records import split_all
from data.reading.signs import Dialect, Record

SAMPLE_LINES: Final = 400
SAMPLE_LENGTH: Final = 200_000

_USUAL: Final = {
    ",": 1.0,
    ";": 1.0,
    "\t": 1.0,
    "|": 1.0,
    " ": 0.75,
    ":": 0.8,
    "^": 0.95,
    "~": 0.95,
    "\x1f": 1.0,
    "\x01": 1.0,
}
_OTHER: Final = 0.85
_SELDOM: Final = 0.5
_NEVER: Final = frozenset("()[]{}<>\"'\r\n\\_./`´‘’“”„")
_LEAST: Final = 0.12
"""Score below which lines are taken as single cells."""


@dataclass(frozen=True)
class Guess:
    """A dialect, and how well it fits."""

    dialect: Dialect
    score: float
    width: int
    share: float
    """Share of the sample's records that have the usual width."""
    runner_up: str = ""
    """The delimiter that fits second best."""
    runner_up_score: float = 0.0

    @property
    def sure(self) -> bool:
        """Whether no other delimiter comes near."""
        return self.runner_up_score < 0.8 * self.score or self.share > 0.97


def _whole_values(sample: Sequence[str], dialect: Dialect) -> bool:
    """Whether lines are single values, such as dates, that a sign inside a value would take apart."""
    if dialect.delimiter in (",", ";", "\t", "|"):
        return False
    below = [line.strip() for line in sample[1:]]
    whole = sum(kinds.kind(line) not in ("words", "other", "empty") for line in below)
    return len(below) > 0 and whole >= 0.8 * len(below)


def sample_of(lines: Sequence[str]) -> list[str]:
    """The lines on which dialects are tried: from the beginning, the middle and the end, without empty ones."""
    third = SAMPLE_LINES // 2
    if len(lines) > 2 * SAMPLE_LINES:
        middle = len(lines) // 2
        lines = [*lines[: 2 * third], *lines[middle : middle + third]]
    chosen, length = [], 0
    for line in lines:
        if line.strip():
            chosen.append(line)
            length += len(line)
            if length > SAMPLE_LENGTH:
                break
    return chosen


def detect(lines: Sequence[str], *, delimiter: str | None = None, quote: str | None = None) -> Guess:
    """The dialect that fits the lines best; a delimiter or quote that is given is kept."""
    sample = sample_of(lines)
    if not sample:
        return Guess(Dialect(delimiter), 0.0, 1, 1.0)
    delimiters = [delimiter] if delimiter is not None else _candidates(sample)
    guesses: dict[str, Guess] = {}
    if delimiter in (None, " ") and sum("  " in line.strip(" ") for line in sample) >= 0.5 * len(sample):
        for run in (1, 2):
            guesses[" " * (run + 1)] = _judged(sample, Dialect(" ", None, None, run=run))
    for sign in delimiters:
        for dialect in quoting.protections(sample, sign, quote):
            guess = _judged(sample, dialect)
            if sign not in guesses or guess.score > guesses[sign].score + 1e-9:
                guesses[sign] = guess
    ranked = sorted(guesses.values(), key=lambda guess: -guess.score)
    poor = not ranked or ranked[0].width < 2 or ranked[0].score < _LEAST
    if not ranked or (delimiter is None and (poor or _whole_values(sample, ranked[0].dialect))):
        single = Dialect(None, _quote_of_single(sample))
        return Guess(single, _LEAST, 1, 1.0, ranked[0].dialect.delimiter or "" if ranked else "", 0.0)
    best = ranked[0]
    if len(ranked) > 1:
        second = ranked[1]
        return Guess(best.dialect, best.score, best.width, best.share, second.dialect.delimiter or "", second.score)
    return best


def _candidates(sample: Sequence[str]) -> list[str]:
    """Signs that may separate cells: those on a good part of the lines, and pairs that only occur together."""
    counts: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for line in sample:
        counter = Counter(sign for sign in line if not sign.isalnum() and sign not in _NEVER)
        counts.update(counter.keys())
        total.update(counter)
    usual = [sign for sign in counts if counts[sign] >= max(1, 0.3 * len(sample)) or sign in _USUAL]
    likely = sorted(usual, key=lambda sign: (-(sign in _USUAL), -counts[sign]))[:14]
    joined = "\n".join(sample)
    pairs = []
    for sign in likely:
        for pair in (sign * 2, sign * 3):
            if (
                sign != " "
                and joined.count(pair) * len(pair) >= 0.9 * total[sign]
                and joined.count(pair) >= len(sample) / 2
            ):
                pairs.append(pair)
    mixed = Counter(re.findall(r"[^\w\s\"'.\\]{2,3}", joined[:50_000]))
    for text, count in mixed.most_common(3):
        if len(set(text)) > 1 and count >= len(sample) and text not in pairs and not set(text) <= set("()[]{}-.:/"):
            pairs.append(text)
    return likely + pairs


def _judged(sample: Sequence[str], dialect: Dialect) -> Guess:
    records = split_all(sample, dialect)
    widths = Counter(len(record.cells) for record in records)
    width, _ = max(widths.items(), key=lambda item: (item[1] * (item[0] - 1) ** 0.25 if item[0] > 1 else 0, item[0]))
    if width == 1:
        return Guess(dialect, 0.0, 1, widths[1] / len(records))
    usual = sum(record.lines for record in records if len(record.cells) == width) / sum(r.lines for r in records)
    # Two tables below each other have two widths, each many times in a row.
    sizes = [len(record.cells) for record in records]
    alike = sum(before == after for before, after in pairwise(sizes)) / max(1, len(sizes) - 1)
    share = max(usual, (usual + alike) / 2) if usual >= 0.3 else usual
    share = max(share, _within(sizes, width))
    table = [record for record in records if len(record.cells) == width]
    odd = sum(1 for record in records if record.odd) / len(records)
    score = share**1.5 * (1 - 1 / width) ** 0.5 * _typed(table) * (1 - 0.6 * odd) * _prior(dialect)
    return Guess(dialect, score, width, usual)


def _within(sizes: Sequence[int], width: int) -> float:
    """Share of the records with the usual width, without titles and notes around them.

    That leaves few records of a small table, which tell the less, the fewer cells they have.
    """
    first, last = sizes.index(width), len(sizes) - sizes[::-1].index(width)
    noisy = sum(size > 1 for size in (*sizes[:first], *sizes[last:]))
    if last - first < 2:
        return 0.0
    return sizes.count(width) / (last - first + noisy) * float(((last - first) / len(sizes)) ** (1 / width))


def _prior(dialect: Dialect) -> float:
    delimiter = dialect.delimiter or ""
    sign = delimiter.strip() or delimiter
    weight = _USUAL.get(sign)
    if weight is None:
        weight = _SELDOM if set(sign) & set("-@()[]{}+*=&%$€£!?<>") and len(sign) == 1 else _OTHER
    if len(set(delimiter)) == 1 and len(delimiter) > 1:
        weight = max(weight, 1.0)
    return weight * {'"': 1.0, None: 0.98, "'": 0.97}.get(dialect.quote, 0.9)


def _typed(records: Sequence[Record]) -> float:
    """How much the cells look like values of a table, column by column: one kind a column is best."""
    if not records:
        return 0.01
    total = 0.0
    columns = list(zip(*(record.cells for record in records[:200]), strict=True))
    for column in columns[:100]:
        counter = Counter(kinds.family(kinds.kind(cell)) for cell in column)
        empty = counter.pop("empty", 0)
        if not counter:
            total += 0.35
            continue
        filled = len(column) - empty
        weights = {
            "number": 1.0,
            "date": 1.0,
            "time": 1.0,
            "truth": 1.0,
            "link": 1.0,
            "missing": 0.9,
            "code": 0.9,
            "words": 0.85,
        }
        of_type = sum(count * weights.get(name, 0.3) for name, count in counter.items()) / filled
        pure = max(counter.values()) / filled
        total += of_type * (0.7 + 0.3 * pure)
    return max(0.01, total / min(len(columns), 100))


def _quote_of_single(sample: Sequence[str]) -> str | None:
    quoted = sum(
        line.strip().startswith('"') and line.strip().endswith('"') and len(line.strip()) > 1 for line in sample
    )
    return '"' if quoted >= 0.5 * len(sample) else None
