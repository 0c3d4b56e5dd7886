"""`python -m tests.data.made_kinds --count 5`: files of each kind, through reader and import, and what comes out."""

from __future__ import annotations

import argparse
import sys
import tempfile
import traceback
from collections import Counter
from datetime import date
from pathlib import Path

import polars as pl

from data import guided
from data.errors import DataError
from data.understanding.types import Understanding
from tests.data.made_kinds import cells, files, orders  # noqa: F401  (they register their kinds)
from tests.data.made_kinds.base import KINDS, Files, Maker, Truth


def verdict(made: Files, folder: Path) -> tuple[str, str]:
    """`right`, `asked`, `needless` (asked though nothing is open), `lost`, `refused`, `wrong` or `crash`; and why."""
    paths = []
    for name, body in made.contents.items():
        (folder / name).write_bytes(body)
        paths.append(folder / name)
    truth = made.truth
    try:
        with guided.understood(paths) as read:
            found = read.understood
            if not found.content:
                return "refused", found.missing
            if asked := found.open({}):
                texts = " / ".join(question.text for question in asked)
                if not _among(truth, found):
                    return "lost", texts
                return ("needless" if truth.must_prepare else "asked"), texts
            options = guided.ImportOptions(currency=truth.currency or "EUR")
            made_set = read.prepare(options, home=folder / "home", name="made", today=date(2026, 1, 1))
    except DataError as error:
        return "refused", str(error)
    except Exception:
        return "crash", traceback.format_exc()
    return _compare(truth, made_set.prepared, found.currency)


def _among(truth: Truth, found: Understanding) -> bool:
    """Whether some answer of each question about money comes to the truth."""
    for question in found.open({}):
        totals = [answer.totals for answer in question.answers if answer.totals is not None]
        if question.key == "money" and not any(abs(one.revenue - truth.revenue) < 0.06 for one in totals):
            return False
    return True


def _compare(truth: Truth, prepared: object, currency: str) -> tuple[str, str]:
    lines: pl.DataFrame = prepared.lines  # type: ignore[attr-defined]
    faults = []
    revenue = int(lines["revenue"].sum()) / 10_000
    returns = getattr(prepared, "returns", None)
    given = returns["amount"].fill_null(0).sum() if returns is not None and "amount" in returns.columns else 0
    returned = int(given) / 10_000
    tolerance = 0.0051 * max(1, lines.height)
    fits = abs(revenue - truth.revenue) <= tolerance
    if not fits and truth.returned is not None:
        fits = abs(revenue - (truth.revenue - truth.returned)) <= tolerance
    if not fits:
        faults.append(f"revenue {revenue} for {truth.revenue} (returned {returned})")
    units = int(lines["quantity"].cast(int).sum())
    if truth.units is not None and units != truth.units and fits and truth.returned is None:
        faults.append(f"units {units} for {truth.units}")
    first, last = prepared.days  # type: ignore[attr-defined]
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
    return ("wrong", "; ".join(faults)) if faults else ("right", "")


def main(arguments: list[str] | None = None) -> int:
    """Print the counts per kind; 1 where any is wrong, lost or ends in a crash."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=3)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--kind", action="append", choices=sorted(KINDS))
    parser.add_argument("--keep", type=Path, help="folder for the files that did not come out right")
    given = parser.parse_args(arguments)
    every: Counter[str] = Counter()
    for name in given.kind or KINDS:
        counts: Counter[str] = Counter()
        words: list[str] = []
        for seed in range(given.first, given.first + given.count):
            made = KINDS[name](Maker(name, seed))
            with tempfile.TemporaryDirectory() as folder:
                result, why = verdict(made, Path(folder))
            counts[result] += 1
            if result not in ("right", "asked"):
                words.append(f"    {seed}: {result}: {why[-1500:]}")
                if given.keep:
                    place = given.keep / f"{name}-{seed}"
                    place.mkdir(parents=True, exist_ok=True)
                    for file, body in made.contents.items():
                        (place / file).write_bytes(body)
        every += counts
        print(f"{name:28} {dict(counts)}", *words, sep="\n", flush=True)
    print(dict(every))
    return int(every["wrong"] + every["lost"] + every["crash"] > 0)


if __name__ == "__main__":
    sys.exit(main())
