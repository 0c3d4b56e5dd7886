"""What becomes of made files: right, asked with the truth among the answers, or one of the faults."""

from __future__ import annotations

import itertools
import traceback
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import polars as pl

from data import guided, prepare, scratch, staging
from data.building.layout import Prepared
from data.errors import DataError
from data.staged import Staged, StagedOrigin
from data.understanding.types import Answer, Question
from data.understanding.understand import understand
from tests.data.made.base import Files, Truth

OUTCOMES: Final = ("right", "asked", "lost", "refused", "wrong", "crash")
"""`lost` is asked where no answers come to the truth; `wrong` is another number than the truth without a question."""

_MARK: Final = "~"
_MOST_TRIED: Final = 12
"""Sets of answers that are tried, the likeliest first."""


@dataclass(frozen=True)
class Verdict:
    """What became of some made files, and why."""

    made: Files
    outcome: str
    why: str = ""


def judged(made: Sequence[Files]) -> Iterator[Verdict]:
    """Each of some made files through reader, understanding and import; all of them are read by one process."""
    with scratch.folder() as folder, scratch.folder() as tables:
        handed = list[staging.Handed]()
        for number, one in enumerate(made):
            for name, body in one.contents.items():
                path = folder / f"{number:04}-{len(handed)}"
                path.write_bytes(body)
                handed.append(staging.Handed(f"{number:04}{_MARK}{name}", path))
        read, refused = staging.stage(handed, tables)
        for number, one in enumerate(made):
            mark = f"{number:04}{_MARK}"
            own = [replace(t, name=t.name.removeprefix(mark), book=t.book.removeprefix(mark))
                   for t in read if t.name.startswith(mark)]  # fmt: skip
            reasons = [item.sentence for item in refused if item.name.startswith(mark)]
            yield Verdict(one, "refused", " ".join(reasons)) if reasons and not own else _verdict(one, own)


def _verdict(made: Files, tables: Sequence[Staged]) -> Verdict:
    try:
        read = guided.InspectedFiles(tables, [], understand(tables))
        found = read.understood
        if not found.content:
            return Verdict(made, "refused", found.missing)
        questions = found.open({})
        if not questions:
            faults = _faults(made.truth, read, {})
            return Verdict(made, "wrong" if faults else "right", faults)
        texts = " / ".join(question.text for question in questions)
        tried = []
        for answers in _answers(questions, made.truth):
            tried.append(_faults(made.truth, read, answers))
            if not tried[-1]:
                return Verdict(made, "asked", texts)
        return Verdict(made, "lost", f"{texts} {' / '.join(dict.fromkeys(tried))}")
    except DataError as error:
        return Verdict(made, "refused", str(error))
    except Exception:
        return Verdict(made, "crash", traceback.format_exc())


def _answers(questions: Sequence[Question], truth: Truth) -> Iterator[Mapping[str, str]]:
    """An answer for each question, those first that come nearest to the truth by what they say of themselves."""
    ranked = [sorted(question.answers, key=lambda answer: _far(answer, truth)) for question in questions]
    places = itertools.product(*(range(len(answers)) for answers in ranked))
    for chosen in itertools.islice(sorted(places, key=sum), _MOST_TRIED):
        yield {q.key: a[n].key for q, a, n in zip(questions, ranked, chosen, strict=True)}


def _far(answer: Answer, truth: Truth) -> tuple[bool, float, float]:
    total = answer.totals
    if total is None:
        return False, 0.0, 0.0
    days = truth.days is not None and (total.first_day, total.last_day) != truth.days
    return days, round(abs(total.revenue - truth.revenue), 1), abs(total.units - (truth.units or 0))


def _faults(truth: Truth, read: guided.InspectedFiles, answers: Mapping[str, str]) -> str:
    """What of the prepared dataset is not the truth; empty where everything is."""
    options = guided.ImportOptions(currency=truth.currency or "", answers=answers)
    origin = StagedOrigin(read.tables)
    prepared = prepare.read(read.parsed(options, name="made"), origin, name="made", today=date(2026, 1, 1))
    return "; ".join(_compared(truth, prepared, read.understood.currency))


def _compared(truth: Truth, prepared: Prepared, currency: str) -> list[str]:
    lines, faults = prepared.lines, []
    revenue = int(lines["revenue"].sum()) / 10_000
    # A rate is rounded line by line: each may differ by half a cent.
    tolerance = 0.0051 * max(1, lines.height)
    fits = abs(revenue - truth.revenue) <= tolerance
    if not fits and truth.returned is not None:
        fits = abs(revenue - (truth.revenue - truth.returned)) <= tolerance
    if not fits:
        faults.append(f"revenue {revenue} for {truth.revenue}")
    units = float(lines["quantity"].cast(pl.Float64).sum())
    if truth.units is not None and abs(units - truth.units) > 1e-6 and fits and truth.returned is None:
        faults.append(f"units {units} for {truth.units}")
    first, last = prepared.days
    if truth.days and (str(first), str(last)) != truth.days:
        faults.append(f"days {first}..{last} for {truth.days}")
    for name, wanted in (("order", truth.orders), ("product", truth.products), ("customer", truth.customers)):
        if wanted is None or name not in lines.columns:
            continue
        column = lines[name].drop_nulls()
        count = column.filter(column.cast(pl.Int64) != 0).n_unique() if name == "customer" else column.n_unique()
        if count != wanted:
            faults.append(f"{name}s {count} for {wanted}")
    if truth.currency and currency and currency != truth.currency:
        faults.append(f"currency {currency} for {truth.currency}")
    if truth.members is not None:
        names = [name for name, dtype in lines.schema.items() if dtype == pl.Enum]
        own = [{str(member).casefold() for member in lines[name].unique().drop_nulls().to_list()} for name in names]
        if not any({member.casefold() for member in truth.members} == one - {"not recorded"} for one in own):
            faults.append(f"no dimension has {truth.members}")
    return faults
