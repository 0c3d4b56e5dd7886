"""Rows among the lines that are no goods, such as tax, payments and postage: said with their money, else asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

import numpy as np
import polars as pl

from analytics.formats import count_of
from data.terms import charges
from data.understanding.lines import JoinedLines
from data.understanding.relations import Mask, Numbers
from data.understanding.totals import LineRows
from data.understanding.types import Answer, Question, ReadingTotals
from data.understanding.ways import MoneyReading

_CENT: Final = 0.01

_HIGHEST_RATE: Final = 0.35
"""Above any rate of tax on sales."""

_LITTLE: Final = 0.03
"""Share of the revenue below which charges are said and not asked about."""

_SET_ASIDE: Final = "set_aside"
"""The policy under which rows do not count."""

_WORDS: Final[Mapping[str, str]] = {
    charges.TAX: "tax",
    charges.PAYMENT: "payments",
    charges.CHARGE: "a charge such as postage, a tip, a deposit or a fee",
}


def no_goods(lines: JoinedLines, way: MoneyReading, rows: LineRows) -> dict[str, Mask]:
    """Rule -> the rows that its policy sets aside; no rule where it finds none, or nothing else is sold."""
    frame = _frame(lines, way, rows)
    if frame.width == 2:
        return {}
    found = frame.select(
        charges.is_no_goods(kind, frame.columns[2:], "money", "order", _CENT).alias(kind) for kind in charges.KINDS
    )
    masks = {kind: found[kind].to_numpy() & np.isfinite(way.revenue) for kind in charges.KINDS}
    charged, money = masks[charges.CHARGE], np.nan_to_num(way.revenue) * rows.sold
    alone = not any(masks[kind].any() for kind in charges.KINDS if kind != charges.CHARGE)
    if alone and abs(money[charged].sum()) < _LITTLE * abs(money.sum()):
        del masks[charges.CHARGE]  # It counts, and that is said.
    every = np.logical_or.reduce(list(masks.values()))
    return {kind: mask for kind, mask in masks.items() if mask.any() and not every.all()}


def _frame(lines: JoinedLines, way: MoneyReading, rows: LineRows) -> pl.DataFrame:
    """Money, order and the texts that may say what a row is, null where they say nothing of the kind."""
    meanings = lines.stack.use.meanings
    texts = [name for name, item in meanings.items() if item.meaning in charges.TEXTS]
    if not any(meanings[name].meaning == "product" for name in texts):
        texts += [name for name, item in meanings.items() if item.meaning == "product_id"]
    return pl.DataFrame(
        [
            pl.Series("money", way.revenue).fill_nan(None),
            pl.Series("order", rows.order).replace(-1, None),
            *_speaking(lines, texts),
        ]
    )


def _speaking(lines: JoinedLines, names: list[str]) -> list[pl.Series]:
    """Columns of texts of which some speak of tax, payments or charges: those alone, looked at once each."""
    result = []
    for number, name in enumerate(names):
        texts = lines.stack.texts(name)
        few = charges.speaking(texts.unique().drop_nulls())
        if few.len():
            result.append(texts.set(~texts.is_in(few.implode()).fill_null(False), None).alias(f"text {number}"))
    return result


def kept_charges(lines: JoinedLines, way: MoneyReading, rows: LineRows, masks: Mapping[str, Mask]) -> str:
    """A sentence about charges that count as what was sold, alone on their orders or little; empty for none."""
    frame = _frame(lines, way, rows)
    if frame.width == 2:
        return ""
    named = frame.select(charges.says(charges.CHARGE, frame.columns[2:]).alias("named"))["named"].to_numpy()
    kept = named & rows.sold & (np.nan_to_num(way.revenue) > 0)
    for mask in masks.values():
        kept &= ~mask
    if not kept.any():
        return ""
    amount = float(np.sum(way.revenue[kept]))
    what = f"{count_of(int(kept.sum()), 'row')} such as {_example(lines, kept)!r} look like {_WORDS[charges.CHARGE]}"
    beside = np.isin(rows.order[kept], rows.order[rows.sold & ~kept]).any()
    if charges.CHARGE in masks or not beside:
        return f"{what}, and count as sales, because nothing else is on their orders: {amount:,.2f}."
    return f"{what}, and count as sales: {amount:,.2f}. The policy charge_rows = set_aside leaves them out."


def sold_without(rows: LineRows, masks: Mapping[str, Mask], *, kept: str = "") -> LineRows:
    """The lines' rows without those that are no goods, but for those of the rule `kept`."""
    aside = [mask for kind, mask in masks.items() if kind != kept]
    return replace(rows, sold=rows.sold & ~np.logical_or.reduce(aside)) if aside else rows


def policies(masks: Mapping[str, Mask]) -> dict[str, str]:
    """What the recipe says of such rows."""
    return dict.fromkeys(masks, _SET_ASIDE)


def about_no_goods(
    lines: JoinedLines,
    way: MoneyReading,
    rows: LineRows,
    masks: Mapping[str, Mask],
    total: Callable[[LineRows], ReadingTotals],
) -> list[Question]:
    """Whether rows that are no goods by their text count; `rows` has them all, and `total` says what rows come to.

    It must be answered unless the arithmetic proves them: tax at one rate of the other rows of each order, payments of
    what they come to.
    """
    result = []
    for kind, mask in masks.items():
        aside, kept = total(sold_without(rows, masks)), total(sold_without(rows, masks, kept=kind))
        amount = float(np.sum(way.revenue[mask]))
        count = count_of(int(mask.sum()), "row")
        text = (
            f"{count} such as {_example(lines, mask)!r} look like {_WORDS[kind]}, no goods, and come to {amount:,.2f}."
        )
        answers = (
            Answer(_SET_ASIDE, "They are no goods and set aside", aside, "", ((("policies", kind), _SET_ASIDE),)),
            Answer("keep", "They are sales like the others", kept, "", ((("policies", kind), "keep"),)),
        )
        must = kept.revenue != aside.revenue and not _proven(kind, way.revenue, rows, masks)
        result.append(Question(kind, f"{text} Do they count as sales?", answers, _SET_ASIDE, must=must))
    return result


def _example(lines: JoinedLines, mask: Mask) -> str:
    use = lines.stack.use
    names = [use.column(meaning) for meaning in (*charges.TEXTS, "product_id")]
    texts = [lines.stack.texts(name).filter(pl.Series(mask)).drop_nulls() for name in names if name]
    return next((str(text[0]) for text in texts if text.len()), "")


def _proven(kind: str, money: Numbers, rows: LineRows, masks: Mapping[str, Mask]) -> bool:
    """Whether what such rows come to follows from the other rows of their orders."""
    mask = masks[kind]
    every = np.logical_or.reduce(list(masks.values()))
    there = np.isfinite(money) & (rows.order >= 0)
    if (mask & ~there).any() or kind == charges.CHARGE:
        return False
    size = int(rows.order.max(initial=-1)) + 1
    own = np.bincount(rows.order[mask], weights=money[mask], minlength=size)
    others = there & (~mask if kind == charges.PAYMENT else ~every)
    rest = np.bincount(rows.order[others], weights=money[others], minlength=size)
    orders = np.unique(rows.order[mask])
    own, rest = own[orders], rest[orders]
    if len(orders) < 2 or (rest <= 0).any():
        return False
    if kind == charges.PAYMENT:
        return bool((np.abs(own - rest) <= 2 * _CENT).all())
    rate = float(np.sum(own) / np.sum(rest))
    return 0 < rate < _HIGHEST_RATE and bool((np.abs(own - rate * rest) <= 2 * _CENT).all())
