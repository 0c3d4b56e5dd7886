"""What must happen to a table before each of its rows is a line: totals, headings, blank cells, months side by side."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import polars as pl

from analytics.formats import count_of
from data.terms.rows import ROW
from data.terms.shaping import TOTAL_WORDS, Reshaping, alone, filled, is_total, shaped, speaks_of_sum
from data.understanding.facts import Fact, profile
from data.understanding.names import is_marked, number_role, text_role
from data.understanding.periods import day_columns, months_aside
from data.understanding.relations import Mask
from data.understanding.sums import Doubt, sums_of

_SMALL: Final = 50_000
"""Rows up to which a whole table is looked through for totals and headings; of a larger one its ends."""


def shape_of(
    frame: pl.LazyFrame, facts: Sequence[Fact], rows: int, around: Sequence[str] = ()
) -> tuple[Reshaping, list[str], tuple[Doubt, ...]]:
    """The shape of a table, a sentence for each part of it, and rows that may have to go; `around` the table stand a
    title and the file's name."""
    sentences: list[str] = []
    names = [fact.name for fact in facts]
    columns: dict[str, Any] = {}
    months, why = months_aside(facts, around)
    sentences += why
    ends = frame if rows <= _SMALL else pl.concat([frame.head(2000), frame.tail(2000)])
    some = ends.collect()
    first = names[0] if names else ""
    heading = some.select(alone(names, first).alias("head"))["head"] if len(names) > 2 else pl.Series([False])
    groups = _group_column(some, facts, heading)
    if groups:
        columns["groups"] = (first, groups)
        text = some.filter(heading)[first][0]
        sentences.append(
            f"{text!r} and the like stand in rows of their own above their lines: they become the {groups.lower()}."
        )
    body = some.filter(~heading) if groups else some
    if rows <= _SMALL:
        body, down, doubts = _without_sums(body, facts, columns, sentences)
    else:
        # Sums need the rows above them, which the ends of a table have not.
        _, down, doubts = _without_sums(
            frame.head(_SMALL).collect(), facts, columns, sentences, f" of the first {_SMALL:,}"
        )
        rules = {part: rule for part, rule in columns.items() if part not in ("groups", "sum_of")}
        body = shaped(body.lazy(), Reshaping(**rules), ROW).collect()
    totals = _totals(body, facts, first if groups else "")
    if totals:
        columns["totals"] = tuple(totals)
        left = body.filter(pl.any_horizontal(is_total(name) for name in totals))
        text = str(next(value for value in left.row(0) if value is not None and re.match(TOTAL_WORDS, str(value))))
        sentences.append(f"{count_of(left.height, 'row')} such as {text!r} add up others and are left out.")
        body = body.filter(~pl.any_horizontal(is_total(name) for name in totals))
    elif sums := _last_row_sums(body, facts):
        columns["sum_rows"] = sums
        sentences.append(f"The last row, {sums[1]!r}, holds the sums of all others and is left out.")
        body = body.head(-1)
    down += [name for name in (_repeated(body, facts) if rows <= _SMALL else []) if name not in down]
    if down:
        columns["fill_down"] = tuple(down)
        sentences.append(f"Blank cells of {', '.join(down)} repeat the row above.")
    columns["days"], why = day_columns(body, facts)
    shape = Reshaping(clean=any(fact.unclean for fact in facts), months=tuple(months), **columns)
    return shape, [*sentences, *why], doubts


# --- Headings and totals ----------------------------------------------------------------------------------------------


def _group_column(some: pl.DataFrame, facts: Sequence[Fact], heading: pl.Series) -> str:
    """What rows with nothing but their first cell are headings of; empty where they are none."""
    count, first = int(heading.sum() or 0), facts[0].name if facts else ""
    if not count or count == some.height or not heading[0]:
        return ""
    body = some.filter(~heading)
    # The lines themselves have nothing in the first column, or the headings would be lines with a gap.
    own = body.select((filled(first).is_not_null() & ~is_total(first)).mean().alias("own"))["own"][0]
    if count > 0.5 * some.height:
        return ""
    if own > 0.2:
        return _outline(some.filter(heading), body, facts)
    if not re.match(r"(?i)column \d+$|unnamed|^$", first):
        return f"{first} (heading)"
    taken = {text_role(fact.name) for fact in facts[1:]}
    return next((word for role, word in _HEADINGS if role not in taken), "Group")


def _outline(headings: pl.DataFrame, body: pl.DataFrame, facts: Sequence[Fact]) -> str:
    """What headings are that stand in the column of what the lines below them are of; empty where they are lines."""
    first, numbers = facts[0].name, [fact.name for fact in facts[1:] if fact.numeric]
    whole = body.select(
        pl.all_horizontal(filled(name).is_not_null() for name in (first, *numbers)).all().alias("whole")
    )
    apart = set(headings[first].cast(pl.String)).isdisjoint(body[first].cast(pl.String))
    if not numbers or not apart or not whole["whole"][0] or facts[0].numeric:
        return ""
    if profile(headings.select(first).lazy(), headings.height)[0].kind == "date":
        return "Date"
    parts = [part.strip() for part in re.split(r"[/|>\\]", first)]
    return parts[0] if len(parts) == 2 and parts[0] not in {fact.name for fact in facts} else f"{first} (heading)"


_HEADINGS: Final = (("customer", "Customer"), ("product", "Product"), ("category", "Category"))
"""What headings are, the first of these that no column is."""


def _totals(body: pl.DataFrame, facts: Sequence[Fact], first: str) -> list[str]:
    """Columns in which rows call themselves a total that they are."""
    result = []
    for fact in facts:
        if fact.kind in ("number", "date", "empty") and fact.name != first:
            continue
        mask = body.select(is_total(fact.name).alias("total"))["total"]
        count = int(mask.sum() or 0)
        if not count or count > max(1, 0.5 * body.height) or fact.name in result:
            continue
        rows = body.filter(mask)
        # A product may be called "Total Care"; a total is short of cells, or says so more than once, or adds up.
        blanks = rows.select(pl.sum_horizontal(filled(f.name).is_null().cast(pl.Int32) for f in facts).alias("n"))["n"]
        again = rows.select(pl.sum_horizontal(is_total(f.name).cast(pl.Int32) for f in facts).alias("n"))["n"]
        if (blanks >= max(2, len(facts) // 3)).all() or (again > 1).all() or _adds_up(body, rows, mask, facts):
            result.append(fact.name)
    return result[:1]


def _adds_up(body: pl.DataFrame, rows: pl.DataFrame, mask: pl.Series, facts: Sequence[Fact]) -> bool:
    """Whether the last of some rows holds the sum of all others in two columns of numbers, or in all there are."""
    numbers = [fact for fact in facts if fact.numeric and number_role(fact.name) not in ("price", "period", "neutral")]
    numbers = [fact for fact in numbers if text_role(fact.name) != "order"]
    fit = 0
    for fact in numbers:
        text = pl.col(fact.name).cast(pl.String).str.replace_all(r"[^\d.\-]", "").cast(pl.Float64, strict=False)
        total, rest = rows.select(text)[fact.name][-1], body.filter(~mask).select(text.sum())[fact.name][0]
        fit += total is not None and abs(total - rest) <= 0.01 * max(1, abs(rest) * 0.001)
    return bool(numbers) and fit >= min(2, len(numbers))


def _last_row_sums(body: pl.DataFrame, facts: Sequence[Fact]) -> tuple[str, ...]:
    """(column, text) of a last row without a date whose numbers are the sums of all others; empty where it is none."""
    if body.height < 4:
        return ()
    last = body.tail(1)
    cells = {fact.name: last.select(filled(fact.name).cast(pl.String))[fact.name][0] for fact in facts}
    days = [fact.name for fact in facts if fact.kind == "date"]
    texts = [fact.name for fact in facts if cells[fact.name] and not fact.numeric]
    if not days or any(cells[day] for day in days) or not texts:
        return ()
    is_last = pl.Series([False] * (body.height - 1) + [True])
    label = str(cells[texts[0]]).strip()
    again = body.select((pl.col(texts[0]).cast(pl.String).str.strip_chars() == label).sum().alias("n"))["n"][0]
    return (texts[0], label) if again == 1 and _adds_up(body, last, is_last, facts) else ()


def _without_sums(
    body: pl.DataFrame, facts: Sequence[Fact], columns: dict[str, Any], sentences: list[str], of: str = ""
) -> tuple[pl.DataFrame, list[str], tuple[Doubt, ...]]:
    """The rows that add up no others, columns that are filled where a block begins for all of its rows, and doubts.

    What tells the sums is written into `columns`, what they come to into `sentences`; `of` says of which rows.
    """
    heads, doubts = list[str](), list[Doubt]()
    for _ in range(_LEVELS):
        found = sums_of(body, facts)
        part = "sums" if found and found.blank else "sum_rows" if found and found.texts else "sum_words"
        if found is None or part in columns:
            break
        if not found.sure:
            numbers = tuple(body[ROW].filter(pl.Series(found.rows)).cast(pl.Int64).to_list())
            doubts.append(Doubt(found.blank, numbers, found.money, found.numbers, found.amount))
            break
        columns[part] = found.blank or ((found.column, *found.texts))
        columns.setdefault("sum_of", (found.money, found.numbers))
        sums = body.filter(pl.Series(found.rows))
        count = count_of(sums.height, "row")
        label = _label(sums, facts, found.column)
        sentences.append(
            f"{count}{of} such as {label} add up others and are left out: {found.amount:,.2f} in {found.money}."
        )
        heads = heads or _heads(body, found.rows, facts)
        body = body.filter(~pl.Series(found.rows))
    return body, heads, tuple(doubts)


_LEVELS: Final = 3
"""Kinds of sums in one table that are looked for, such as of orders and of groups."""


def _label(sums: pl.DataFrame, facts: Sequence[Fact], column: str) -> str:
    """What the first of some sums calls itself, else what stands in its first cell with a text, else its number."""
    cells = [sums[column][0]] if column else [sums[fact.name][0] for fact in facts if not fact.numeric]
    texts = [str(cell).strip() for cell in cells if cell is not None and str(cell).strip()]
    spoken = pl.DataFrame({"text": texts}, schema={"text": pl.String}).filter(speaks_of_sum("text"))["text"].to_list()
    return repr((spoken or texts)[0]) if texts else f"row {sums[ROW][0]:,}"


def _heads(body: pl.DataFrame, sums: Mask, facts: Sequence[Fact]) -> list[str]:
    """Columns whose cell stands on the first row of each block between sums, for all of its rows."""
    begins = (~sums & np.concatenate([[True], sums[:-1]]))[~sums]
    lines = body.filter(~pl.Series(sums))
    names = [fact.name for fact in facts if fact.kind == "text" or (fact.kind != "empty" and not _money(fact))]
    there = {name: lines.select(filled(name).is_not_null().alias(name))[name].to_numpy() for name in names}
    return [name for name, known in there.items() if not known.all() and np.array_equal(known, begins)]


# --- Blank cells ------------------------------------------------------------------------------------------------------


def _repeated(body: pl.DataFrame, facts: Sequence[Fact]) -> list[str]:
    """Columns whose blank cells repeat the row above: several blank on the same rows, one of them a date or order."""
    masks: dict[bytes, list[Fact]] = {}
    for fact in facts:
        blank = body.select(filled(fact.name).is_null().alias("blank"))["blank"]
        count = int(blank.sum() or 0)
        if 0 < count < body.height and not blank[0]:
            masks.setdefault(blank.to_numpy().tobytes(), []).append(fact)
    for members in masks.values():
        order = [fact for fact in members if text_role(fact.name) == "order" and not _money(fact)]
        dates = [fact for fact in members if fact.kind == "date"]
        if len(members) < 2 or not (dates or order):
            continue
        others = [fact for fact in facts if fact not in members and fact.kind != "empty"]
        blank = body.select(filled(members[0].name).is_null().alias("blank"))["blank"]
        rest = body.filter(blank).select(filled(fact.name).is_not_null().mean().alias(fact.name) for fact in others)
        if any(_begins(body, fact, blank) for fact in others):
            continue
        # Rows that go on with an order have a product and numbers of their own.
        if sum((share or 0) > 0.5 for share in rest.row(0)) >= 2:
            return [fact.name for fact in members if not _money(fact)]
    return []


def _begins(body: pl.DataFrame, fact: Fact, blank: pl.Series) -> bool:
    """Whether a column of order numbers says that rows with blank cells begin an order, and go on with none."""
    if text_role(fact.name) != "order" or fact.filled < fact.rows or fact.distinct == fact.rows or _money(fact):
        return False
    anew = body.select((pl.col(fact.name) != pl.col(fact.name).shift()).fill_null(True).alias("anew"))["anew"]
    return bool((anew & blank).any())


def _money(fact: Fact) -> bool:
    """Whether a column holds amounts, which stand once and must not be repeated."""
    key = is_marked(fact.name, "key") or text_role(fact.name) in ("order", "customer", "product")
    return fact.numeric and (fact.kind == "number" or fact.coins or bool(number_role(fact.name)) or not key)


def order_fills(frame: pl.DataFrame, order: str, facts: Sequence[Fact]) -> list[str]:
    """Columns that are filled on the first line of an order only, without amounts."""
    names = [
        fact.name
        for fact in facts
        if fact.name != order
        and 0 < fact.filled < fact.rows
        and not (fact.numeric and _money(fact))
        and text_role(fact.name) not in ("product", "category", "subcategory")
    ]
    if not names:
        return []
    keyed = frame.filter(filled(order).is_not_null()).with_columns(pl.len().over(order).alias("__lines"))
    several = (
        keyed.filter(pl.col("__lines") > 1)
        .group_by(order, maintain_order=True)
        .agg(
            *(filled(name).drop_nulls().n_unique().alias(name) for name in names),
            *(filled(name).first().is_not_null().alias(f"first {name}") for name in names),
            *(filled(name).is_null().any().alias(f"gap {name}") for name in names),
        )
    )
    single = keyed.filter(pl.col("__lines") == 1).select(filled(name).is_not_null().alias(name) for name in names)
    result = []
    for name in names:
        gaps = several.filter(pl.col(f"gap {name}") & (pl.col(name) > 0))
        once = several.height and (several[name] <= 1).all() and (gaps[f"first {name}"].all() if gaps.height else False)
        if once and (not single.height or single[name].mean() > 0.5):  # type: ignore[operator]
            result.append(name)
    return result
