"""Rows that add up rows above or below them, such as subtotals: known by their arithmetic, and by what they lack.

A row may name no product and no day, or say a word for total somewhere: alone that proves nothing. Its numbers must be
the sums of the rows since the last such row, or since an earlier one where totals are nested.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from data.terms.numbers import styled
from data.terms.shaping import filled, speaks_of_sum
from data.terms.sums import near
from data.understanding.facts import Fact
from data.understanding.names import is_marked, number_role, text_role
from data.understanding.relations import Mask, Numbers

_NO_SUMS: Final = ("period", "neutral")
"""Roles of numbers that no total adds up."""

_PATTERNS: Final = 40
"""Sets of blank columns that are tried, the most frequent first."""

_NOTHING: Final = 0.005
_WORK: Final = 50_000_000
"""Pairs of rows up to which an earlier start of a sum is looked for."""


@dataclass(frozen=True, eq=False)
class SumRows:
    """Rows that add up others, and how they are told from lines."""

    rows: Mask
    blank: tuple[str, ...] = ()
    """Columns that are blank on all of them and on no line; empty where a text tells them."""
    column: str = ""
    texts: tuple[str, ...] = ()
    """Texts of `column` that tell them; empty where any word for total does."""
    money: str = ""
    numbers: str = ""
    """A column of money that they add up, and how it writes its numbers."""
    amount: float = 0.0
    """What they come to in it."""
    sure: bool = True
    """Whether a word or several blocks of rows confirm it; one block without a word may be chance."""


@dataclass(frozen=True)
class Doubt:
    """Rows that may add up others: one block of rows says so, which may be chance."""

    blank: tuple[str, ...]
    """Columns that they lack."""
    rows: tuple[int, ...]
    """Their numbers in the file."""
    money: str
    numbers: str
    amount: float


@dataclass(frozen=True, eq=False)
class _Sheet:
    frame: pl.DataFrame
    numbers: dict[str, Numbers]
    """Columns that a total may add up."""
    styles: dict[str, str]
    """How they write their numbers."""
    money: frozenset[str]
    blank: dict[str, Mask]
    """Columns that say what a row is -> where they are blank."""
    named: Mask
    """Rows with a word for total at the beginning or end of a cell."""


@dataclass(frozen=True, eq=False)
class _Proof:
    columns: tuple[str, ...]
    blocks: int
    """Blocks of two rows and more whose sums stand in one of the rows."""


def sums_of(body: pl.DataFrame, facts: Sequence[Fact]) -> SumRows | None:
    """The rows of a table that add up others; None where there are none, or nothing proves it."""
    sheet = _sheet(body, facts)
    if not sheet.money or body.height < 3:
        return None
    return _short_of_cells(sheet, facts) or _by_word(sheet, facts) or _by_text(sheet, facts)


def _sheet(body: pl.DataFrame, facts: Sequence[Fact]) -> _Sheet:
    sums = [fact for fact in facts if fact.numeric and number_role(fact.name) not in _NO_SUMS and not _names(fact)]
    numbers = {fact.name: body.select(_number(fact))[fact.name].fill_null(np.nan).to_numpy() for fact in sums}
    money = frozenset(
        fact.name for fact in sums if fact.coins or fact.kind == "number" or number_role(fact.name) == "amount"
    )
    telling = [fact for fact in facts if fact.name not in numbers and not (fact.numeric and number_role(fact.name))]
    blank = {
        fact.name: body.select(filled(fact.name).is_null().alias("blank"))["blank"].to_numpy()
        for fact in telling
        if fact.kind != "empty"
    }
    words = [speaks_of_sum(fact.name) for fact in telling if not fact.numeric or fact.odd]
    named = body.select(pl.any_horizontal(pl.lit(False), *words).alias("named"))["named"]
    styles = {fact.name: fact.numbers for fact in sums}
    return _Sheet(body, numbers, styles, money, blank, np.resize(named.to_numpy(), body.height))


def _names(fact: Fact) -> bool:
    """Whether numbers name something, such as an order."""
    if fact.coins or fact.kind == "number":
        return False
    return is_marked(fact.name, "key") or text_role(fact.name) in ("order", "customer", "product")


def _number(fact: Fact) -> pl.Expr:
    return styled(pl.col(fact.name).cast(pl.String), fact.numbers).cast(pl.Float64, strict=False).alias(fact.name)


# --- How they are told ------------------------------------------------------------------------------------------------


def _short_of_cells(sheet: _Sheet, facts: Sequence[Fact]) -> SumRows | None:
    """Sums that lack cells that lines have, such as the day and the product."""
    often = [name for name, blank in sheet.blank.items() if 0 < blank.mean() <= 0.5]
    if not often:
        return None
    there = _there(sheet)
    patterns = sheet.frame.select(filled(name).is_null().alias(name) for name in often).filter(pl.Series(there))
    counts = patterns.group_by(often).len().sort("len", *often, descending=True).head(_PATTERNS)
    kept: list[tuple[str, ...]] = []
    for row in counts.iter_rows():
        lacking = tuple(name for name, blank in zip(often, row, strict=False) if blank)
        if lacking:
            kept.append(lacking)
    # Rows with a word say best what all of them lack, even if one of them lacks more than the others.
    if sheet.named.any():
        both = tuple(name for name in often if sheet.blank[name][sheet.named].all())
        kept = [*([both] if both else []), *kept]
    found = []
    for lacking in dict.fromkeys(kept):
        rows = np.logical_and.reduce([sheet.blank[name] for name in lacking]) & there
        if rows.mean() > 0.5:
            continue
        worded = bool(sheet.named[rows].all())
        if not worded and not _lacks_much(lacking, facts):
            continue
        for below in (True, False):
            proof = _proof(sheet, rows, below=below)
            if proof is not None and (worded or proof.blocks):
                sure = worded or proof.blocks > 1
                found.append((sure, int(rows.sum()), _result(sheet, rows, proof, blank=lacking, sure=sure)))
                break
    return max(found, key=lambda item: item[:2])[2] if found else None


def _lacks_much(lacking: Sequence[str], facts: Sequence[Fact]) -> bool:
    """Whether rows without some cells can hardly be lines: they have no product, or no day and nothing of two kinds."""
    own = [fact for fact in facts if fact.name in lacking]
    if any(text_role(fact.name) == "product" for fact in own):
        return True
    return len(own) > 1 and any(fact.kind == "date" for fact in own)


def _by_word(sheet: _Sheet, facts: Sequence[Fact]) -> SumRows | None:
    """Sums that have all cells that lines have, one of them with a word for total."""
    for fact in facts:
        if fact.name not in sheet.blank or fact.numeric:
            continue
        rows = sheet.frame.select(speaks_of_sum(fact.name).alias("named"))["named"].to_numpy() & _there(sheet)
        if not rows.any() or rows.mean() > 0.5:
            continue
        for below in (True, False):
            proof = _proof(sheet, rows, below=below)
            if proof is not None and proof.blocks:
                return _result(sheet, rows, proof, column=fact.name, sure=True)
    return None


def _by_text(sheet: _Sheet, facts: Sequence[Fact]) -> SumRows | None:
    """Sums that one text tells, in whatever language: each row with it adds up the rows since the last."""
    height = sheet.frame.height
    texts = [fact for fact in facts if fact.kind == "text" and fact.name in sheet.blank and fact.distinct < fact.filled]
    for fact in texts:
        frame = pl.DataFrame(
            {
                "text": sheet.frame[fact.name].cast(pl.String).str.strip_chars(),
                "at": np.arange(height),
                **{name: np.nan_to_num(values) for name, values in sheet.numbers.items()},
            }
        ).filter(pl.col("text").is_not_null() & (pl.col("text") != ""))
        before = pl.col("at").shift(fill_value=-1).over("text")
        rows = frame.with_columns((pl.col("at") - before - 1).alias("size"), before.alias("before"))
        fits = []
        for name, values in sheet.numbers.items():
            prefix = np.concatenate([[0.0], np.cumsum(np.nan_to_num(values))])
            block = prefix[rows["at"].to_numpy()] - prefix[rows["before"].to_numpy() + 1]
            fits.append(pl.Series(name, near(rows[name].to_numpy(), block) & np.isfinite(values[rows["at"]])))
        fit = rows.select("text", "size").with_columns(fits)
        told = [pl.Series(np.abs(np.nan_to_num(sheet.numbers[name])) > _NOTHING) for name in sorted(sheet.money)]
        fit = fit.with_columns(pl.Series("told", np.any(told, axis=0)[rows["at"].to_numpy()]))
        whole = fit.group_by("text", maintain_order=True).agg(
            pl.len(),
            ((pl.col("size") > 1) & pl.col("told")).sum().alias("blocks"),
            *(pl.col(item.name).all() for item in fits),
        )
        for row in whole.filter((pl.col("blocks") > 1) & (pl.col("len") <= 0.5 * height)).iter_rows(named=True):
            columns = tuple(name for name in sheet.numbers if row[name])
            wrong = [name for name in sheet.numbers if not row[name] and number_role(name) in ("amount", "quantity")]
            if wrong or not set(columns) & sheet.money or (len(columns) < 2 and row["blocks"] < 3):
                continue
            mask = (sheet.frame[fact.name].cast(pl.String).str.strip_chars() == row["text"]).fill_null(False)
            proof = _Proof(columns, row["blocks"])
            return _result(sheet, mask.to_numpy(), proof, column=fact.name, texts=(row["text"],))
    return None


def _result(
    sheet: _Sheet,
    rows: Mask,
    proof: _Proof,
    *,
    blank: tuple[str, ...] = (),
    column: str = "",
    texts: tuple[str, ...] = (),
    sure: bool = True,
) -> SumRows:
    money = next(name for name in reversed(proof.columns) if name in sheet.money)
    amount = float(np.nansum(sheet.numbers[money][rows]))
    return SumRows(rows, blank, column, texts, money, sheet.styles[money], amount, sure)


# --- Arithmetic -------------------------------------------------------------------------------------------------------


def _there(sheet: _Sheet) -> Mask:
    """Rows with any number: blank ones add up nothing."""
    return np.asarray(np.any([np.isfinite(values) for values in sheet.numbers.values()], axis=0))


def _proof(sheet: _Sheet, rows: Mask, *, below: bool) -> _Proof | None:
    """How it is proved that each of some rows holds the sums of lines above it (`below` them), or under it."""
    step = 1 if below else -1
    marked = rows[::step]
    at = np.flatnonzero(marked)
    lines = np.concatenate([[0], np.cumsum(~marked & _there(sheet)[::step])])
    prefixes = {}
    own = {}
    for name, values in sheet.numbers.items():
        turned = values[::step]
        if np.isfinite(turned[at]).any():
            prefixes[name] = np.concatenate([[0.0], np.cumsum(np.where(marked, 0.0, np.nan_to_num(turned)))])
            own[name] = turned[at]
    starts = np.concatenate([[0], at[:-1]])
    size = lines[at] - lines[starts]
    direct = {name: near(own[name], prefix[at] - prefix[starts]) & (size > 0) for name, prefix in prefixes.items()}

    def earlier(number: int, names: Sequence[str]) -> bool:
        """Whether one of some rows holds the sums of all lines since an earlier one of them."""
        before = np.concatenate([[0], at[:number]])
        fit = lines[at[number]] > lines[before]
        for name in names:
            if np.isfinite(own[name][number]):
                fit &= near(own[name][number], prefixes[name][at[number]] - prefixes[name][before])
        return bool(fit.any())

    def all_fit(names: Sequence[str]) -> Mask | None:
        """Where some columns add up what is directly above; None unless all rows add up something."""
        fit = np.logical_and.reduce([direct[name] | ~np.isfinite(own[name]) for name in names]) & (size > 0)
        left = np.flatnonzero(~fit)
        if len(left) * len(at) > _WORK:
            return None
        return fit if all(earlier(int(number), names) for number in left) else None

    columns = tuple(name for name in direct if all_fit([name]) is not None)
    # Prices of one unit fit here and there only; where they are money of the line, they fit as other money does.
    most = max((int(direct[name].sum()) for name in columns), default=0)
    columns = tuple(name for name in columns if number_role(name) != "price" or direct[name].sum() == most)
    wrong = [name for name in direct if name not in columns and number_role(name) == "amount"]
    if wrong or not set(columns) & sheet.money:
        return None
    fit = all_fit(columns)
    # Sums of nothing prove nothing.
    told = np.any([np.abs(np.nan_to_num(own[name])) > _NOTHING for name in columns if name in sheet.money], axis=0)
    return None if fit is None else _Proof(columns, int((fit & told & (size > 1)).sum()))
