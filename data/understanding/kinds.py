"""Kinds of rows that a column tells apart and that pay or tax the rest of their order, whatever their words.

Each order's rows of one kind must come to what its other rows come to, or to one rate of it: then it is asked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import numpy as np
import polars as pl

from analytics.formats import count_of
from data.terms import charges
from data.understanding.changes import Path
from data.understanding.lines import JoinedLines
from data.understanding.relations import Mask
from data.understanding.states import state_of
from data.understanding.totals import LineRows, counted
from data.understanding.types import Answer, Question, ReadingTotals
from data.understanding.ways import MoneyReading

_FEW: Final = 12
"""Different values that a column of kinds may have, where its words tell."""

_OFTEN: Final = 0.8
"""Share of the orders that must have a row of the kind."""

_SLACK: Final = 0.02
_HIGHEST_RATE: Final = 0.35
_SAMPLE: Final = 50_000
"""Rows of a large file that are looked at first."""

_NEVER: Final = ("order_id", "customer_id", "ordered_on", "currency", "status")


def about_kinds(
    lines: JoinedLines, way: MoneyReading, rows: LineRows, total: Callable[[LineRows], ReadingTotals]
) -> Question | None:
    """Whether the rows of one kind are sales; None where no column tells such a kind, or the states say it already."""
    use, order = lines.stack.use, lines.sheet.order
    if order is None or use.column("status") or "orders" in lines.stacks:
        return None
    there = counted(lines.sheet, way, rows)
    for fact in use.facts:
        if fact.kind != "text" or not 1 < fact.distinct < fact.rows or use.meanings[fact.name].meaning in _NEVER:
            continue
        texts = lines.stack.texts(fact.name)
        frame = pl.DataFrame([texts.alias("text"), pl.Series("order", order), pl.Series("money", way.revenue)])
        frame = frame.filter(pl.Series(there) & (pl.col("order") >= 0))
        words = fact.distinct <= _FEW and use.meanings[fact.name].meaning not in (*charges.TEXTS, "product_id")
        some = frame.head(_SAMPLE)
        if some.height < frame.height and not _found(some, words=words):
            continue
        if values := _found(frame, words=words):
            again: Mask = texts.is_in(values).fill_null(False).to_numpy() & there
            without, with_them = total(replace(rows, sold=rows.sold & ~again)), total(rows)
            amount = float(np.sum(way.revenue[again]))
            count, listed = count_of(int(again.sum()), "row"), " or ".join(map(repr, values[:5]))
            text = (
                f"{count} whose {fact.name} is {listed} come to {amount:,.2f} and look like payments, tax or charges "
                f"of their orders. Do they count as sales?"
            )
            path: Path = ("lines", "columns", "status")
            answers = (
                Answer("sale", "They are sales like the others", with_them),
                Answer(
                    "no_sale", "They are no sales", without, "", ((path, {"column": fact.name, "no_sale": values}),)
                ),
            )
            return Question(f"rows:{fact.name}", text, answers, "sale")
    return None


def _found(frame: pl.DataFrame, *, words: bool) -> list[str]:
    """The texts of rows that are no sales by what they come to, or by their words."""
    return _again(frame) or _taxes(frame) or (_by_words(frame) if words else [])


def _by_order(frame: pl.DataFrame) -> pl.DataFrame:
    """For each text and order: the money of its rows, and of the order's other rows."""
    own = frame.group_by("text", "order").agg(pl.col("money").sum().alias("own"), pl.len().alias("rows"))
    whole = frame.group_by("order").agg(pl.col("money").sum().alias("whole"), pl.len().alias("all"))
    return own.join(whole, on="order").with_columns(
        (pl.col("whole") - pl.col("own")).alias("rest"), (pl.col("all") - pl.col("rows")).alias("others")
    )


def _again(frame: pl.DataFrame) -> list[str]:
    """Texts whose rows come to what the other rows of their orders come to, in nearly all orders."""
    pairs = _by_order(frame)
    same = (pl.col("own") - pl.col("rest")).abs() <= _SLACK
    kinds = pairs.filter(pl.col("text").is_not_null()).group_by("text").agg(
        same.all().alias("same"), pl.len().alias("orders"), pl.col("rows").sum(), pl.col("others").sum(),
        (pl.col("others") > 1).sum().alias("several"),
    )  # fmt: skip
    # Of two kinds that come to the same, the goods are those with more rows.
    found = kinds.filter(pl.col("same") & (pl.col("rows") < pl.col("others"))).sort("text")
    orders = pairs["order"].n_unique()
    if found["orders"].sum() < max(2, _OFTEN * orders) or not found["several"].sum():
        return []
    return [str(text) for text in found["text"]]


def _taxes(frame: pl.DataFrame) -> list[str]:
    """A text whose rows are one rate of the other rows of their orders, of different amounts."""
    pairs = _by_order(frame).filter(pl.col("text").is_not_null())
    rate = (pl.col("own").sum() / pl.col("rest").sum()).over("text")
    fits = ((pl.col("own") - rate * pl.col("rest")).abs() <= _SLACK) & (pl.col("rest") > 0)
    kinds = pairs.with_columns(rate.alias("rate"), fits.alias("fits")).group_by("text").agg(
        pl.col("fits").all(), pl.col("rate").first(), pl.col("rest").round(2).n_unique().alias("amounts"),
        (pl.col("own").abs() > 2.5 * _SLACK).all().alias("telling"), pl.len().alias("orders"),
    )  # fmt: skip
    often = pl.col("orders") >= max(3, _OFTEN * frame["order"].n_unique())
    usual = pl.col("rate").is_between(0.01, _HIGHEST_RATE) & (pl.col("amounts") > 2) & pl.col("telling")
    found = kinds.filter(pl.col("fits") & usual & often).sort("text")
    return [str(text) for text in found["text"]]


def _by_words(frame: pl.DataFrame) -> list[str]:
    """Texts that speak of payments, tax or charges beside one that speaks of goods, on the same orders."""
    mixed = frame.group_by("order").agg(pl.col("text").n_unique().alias("kinds")).filter(pl.col("kinds") > 1)
    values = frame.filter(pl.col("order").is_in(mixed["order"].implode())).select(pl.col("text").drop_nulls().unique())
    if not values.height:
        return []
    said = values.with_columns(pl.any_horizontal(charges.says(kind, ["text"]) for kind in charges.KINDS).alias("no"))
    goods = [text for text in said.filter(~pl.col("no"))["text"] if state_of(text) == "sale"]
    return sorted(said.filter(pl.col("no"))["text"].to_list()) if goods else []
