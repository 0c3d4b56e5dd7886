"""What the files leave open, as questions with what each answer comes to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import polars as pl

from data.terms.numbers import PLAIN_NUMBERS, styled
from data.understanding import notes, sidebyside
from data.understanding.bases import NO_MONEY
from data.understanding.changes import Path
from data.understanding.explaining import NAMED_MONEY
from data.understanding.lines import JoinedLines
from data.understanding.readings import UNSURE, money_of
from data.understanding.recipe import of_way
from data.understanding.relations import Sheet
from data.understanding.totals import LineRows, alternative, days_of, in_words, telling_row, totals
from data.understanding.types import Answer, Question, ReadingTotals
from data.understanding.ways import MoneyReading

NEAR: Final = 0.8
"""By how much less may speak for another reading that it is asked about."""

NEAR_PROVEN: Final = 0.5
"""The same, where equations prove the best reading and explain every column."""

NEAR_UNSURE: Final = 2.0
"""The same, where neither names nor equations speak for the best reading."""

_MOST: Final = 8
"""Readings that are asked about."""


def about_money(
    lines: JoinedLines, ways: Sequence[MoneyReading], rows: LineRows, of_order: Sequence[str]
) -> Question | None:
    """Which of several readings of the money is right, where the file cannot tell."""
    rivals = near(lines, ways, rows)
    side = sidebyside.columns_of(lines, rivals[0])
    if len(rivals) < 2 and not side:
        return None
    sheet, best = lines.sheet, rivals[0]
    answers = [sidebyside.answer(lines, side, rows)] if side else []
    for number, way in enumerate(rivals, start=len(answers) + 1):
        at = telling_row(sheet, best, rows, rivals[1] if way is best else way)
        row = in_words(sheet, way, rows, at if at is not None else telling_row(sheet, way, rows))
        units = "" if len(way.base) == 2 else f", {way.quantity} the units" if way.quantity else ", one unit a line"
        label = f"{way.formula}{units}"
        changes = (*of_way(lines, way), *(sidebyside.undone(lines) if side else ()))
        answers.append(
            Answer(str(number), label, totals(sheet, way, rows), row, changes, said(lines, way, rows, of_order))
        )
    used = list(dict.fromkeys(name for way in rivals for name in way.used))
    listed = f"{', '.join(used[:-1])} and {used[-1]}" if len(used) > 1 else used[0]
    text = f"Which is the money of a line, of {listed}? Nothing in the file says which of these is."
    return Question("money", text, tuple(answers), "1")


def near(lines: JoinedLines, ways: Sequence[MoneyReading], rows: LineRows) -> list[MoneyReading]:
    """The best reading and those that the file cannot tell from it, though they come to other money."""
    sheet, best = lines.sheet, ways[0]
    sure = best.proven and not any(weight >= 0.8 for weight in best.unexplained.values())
    margin = NEAR_PROVEN if sure else NEAR
    if best.score < UNSURE and not sure:
        margin = NEAR_UNSURE
    result, seen = [best], [totals(sheet, best, rows)]
    for way in ways[1:]:
        if len(result) == _MOST:
            break
        behind = best.score - way.score
        if (behind >= margin or (behind >= NEAR and _is_odd(sheet, way))) and not _contradicts(best, way):
            continue
        total = totals(sheet, way, rows)
        if any(_same(total, other) for other in seen):
            continue
        if abs(total.revenue - seen[0].revenue) > 0.005 and telling_row(sheet, best, rows, way) is None:
            continue  # They differ in cells that cannot be read only.
        result.append(way)
        seen.append(total)
    return result


def _contradicts(best: MoneyReading, way: MoneyReading) -> bool:
    """Whether a column that is named as a line's money is that of the best reading on most rows, but not on all.

    A tax or discount that is misunderstood leaves such a column.
    """
    name = way.base[0]
    if len(way.base) > 1 or way.discounts or way.tax or best.unexplained.get(name, 0.0) < NAMED_MONEY:
        return False
    known = np.isfinite(way.revenue) & np.isfinite(best.revenue)
    return bool(known.any() and np.mean(np.abs(way.revenue[known] - best.revenue[known]) <= 0.01) >= 0.5)


def _is_odd(sheet: Sheet, way: MoneyReading) -> bool:
    """Whether names speak against a reading: an amount times a quantity, a discount named as other money."""
    if len(way.base) == 2 and sheet.roles[way.base[1]] == "amount":
        return True
    return any(sheet.roles[name] in NO_MONEY for name in (*way.discounts, *way.base))


def _same(first: ReadingTotals, other: ReadingTotals) -> bool:
    money = abs(first.revenue - other.revenue) <= 1e-4 * max(abs(first.revenue), abs(other.revenue), 1)
    return money and first.units == other.units


def about_units(lines: JoinedLines, way: MoneyReading, rows: LineRows | None) -> Question | None:
    """Whether each line is one unit, where no column says how many; without rows while the money itself is open."""
    if way.quantity:
        return None
    sheet = lines.sheet
    answers = [Answer("one", "Each line counts as one unit", totals(sheet, way, rows) if rows else None)]
    for name, values in sheet.columns.items():
        if _could_be_units(lines, way, name, values[np.isfinite(values)]):
            changes: tuple[tuple[Path, object], ...] = (
                (("lines", "columns", "quantity"), lines.source[name][1]),
                (("policies", "no_quantity"), "error"),
            )
            answers.append(Answer(name, f"{name} is the number of units", None, "", changes))
    text = "No column says how many units a line has: does each line count as one? Nothing else in the file says."
    return Question("units", text, tuple(answers), "one", must=True)


def _could_be_units(lines: JoinedLines, way: MoneyReading, name: str, known: np.ndarray) -> bool:
    """Whether a column of the lines that is nothing else holds whole numbers that may be units."""
    other = name in way.used or name in lines.sheet.coins or lines.sheet.roles[name] in ("tax", "discount", "period")
    if other or lines.source[name][0] != "lines" or not known.size:
        return False
    return bool(np.mean(np.round(known) == known) > 0.95 and known.min() >= 0)


def about_orders(lines: JoinedLines, default: str) -> Question | None:
    """What is an order, where there are no order numbers."""
    use = lines.stack.use
    if use.column("order_id"):
        return None
    words = {
        "customer_day": "What a customer bought on one day is one order",
        "row": "Each row is one order",
        "day": "Each day is one order",
    }
    keys = [key for key in words if key != "customer_day" or use.column("customer_id")]
    answers = tuple(Answer(key, words[key], None, "", ((("policies", "no_order"), key),)) for key in keys)
    text = f"There is no order number: {words[default].lower()}. Which is right?"
    return Question("orders", text, answers, default, must=False)


# --- Dates and numbers ------------------------------------------------------------------------------------------------


def about_dates(
    lines: JoinedLines, way: MoneyReading | None, rows: LineRows, proven: Mapping[str, str]
) -> list[Question]:
    """Whether day or month comes first, for each role whose files leave it open; `proven` says file -> format."""
    result = []
    for role, stack in lines.stacks.items():
        column = next((c for m in ("ordered_on", "returned_on", "month") if (c := stack.use.column(m))), None)
        if column is None:
            continue
        doubtful = []
        for number, part in enumerate(stack.parts):
            own = part.names.get(column, "")
            fact = part.table.fact(own) if own else None
            if fact is not None and len(fact.dates) > 1 and part.table.name not in proven:
                doubtful.append((number, part.table.name, fact))
        if not doubtful:
            continue
        _, file, fact = doubtful[0]
        answers = []
        for place, form in enumerate(fact.dates):
            changes = tuple(((role, "files", number, "dates"), item.dates[place]) for number, _, item in doubtful)
            total, row = None, ""
            if role in ("lines", "orders") and way is not None:
                day = days_of(stack, column, {name: item.dates[place] for _, name, item in doubtful} | dict(proven))
                if role == "lines":
                    total = totals(lines.sheet, way, replace(rows, day=day))
                row = f"{fact.examples[0]} is {day.drop_nulls()[0] if day.drop_nulls().len() else '?'}"
                row = _example(day, stack.texts(column)) or row
            answers.append(Answer(form, form, total, row, changes))
        text = f"{file}: is {column} written with the day or the month first? An example is {fact.examples[0]}."
        result.append(
            Question(
                f"dates:{file}:{column}", text, tuple(answers), fact.dates[0], True, "--day-first or --month-first"
            )
        )
    return result


def _example(day: pl.Series, texts: pl.Series) -> str:
    """A day whose two numbers differ, as it is written and as it is read."""
    both = pl.DataFrame([texts.alias("text"), day.alias("day")]).drop_nulls()
    both = both.filter(pl.col("day").dt.day() != pl.col("day").dt.month())
    return f"{both['text'][0]} is {both['day'][0]}" if both.height else ""


def about_numbers(lines: JoinedLines, way: MoneyReading, rows: LineRows) -> list[Question]:
    """Whether a sign stands before thousands or decimals, for each file whose money leaves it open."""
    use, sheet = lines.stack.use, lines.sheet
    result = []
    for number, part in enumerate(lines.stack.parts):
        open_columns = {}
        for name in way.used:
            role, column = lines.source[name]
            own = part.names.get(column, "") if role == "lines" else ""
            if own and part.table.fact(own).open_mark:
                open_columns[name] = own
        money = [name for name in open_columns if name in (way.base[-1], *way.discounts, way.tax)]
        if not open_columns or (not money and way.quantity not in open_columns):
            continue
        name, own = next(iter((n, o) for n, o in open_columns.items() if n in money or not money))
        fact = part.table.fact(own)
        visible = fact.open_mark
        comma = "," in visible
        little = "1.234,56" if comma else PLAIN_NUMBERS
        large = "1,234.56" if comma else "1.234,56"
        # Numbers without a sign stand among the others where the sign marks thousands: 950, 1.234.
        every = part.table.frame.select(pl.col(own).cast(pl.String).str.contains(r"[.,]").all()).collect().item()
        default = little if every else large
        answers = []
        for style in dict.fromkeys((default, little, large)):
            other = alternative(sheet, {n: _restyled(lines, n, number, style) for n in open_columns})
            again = _copied(way, other)
            row = in_words(other, again, rows, telling_row(other, again, rows))
            label = "three decimals" if style == little else "thousands"
            changes = (((("lines", "files", number, "numbers")), style),)
            answers.append(Answer(style, f"{visible} has {label}", totals(other, again, rows), row, changes))
        text = f"{use.file if number == 0 else part.table.name}: is {visible} in {own} thousands, or three decimals?"
        result.append(
            Question(
                f"numbers:{part.table.name}:{own}",
                text,
                tuple(answers),
                default,
                True,
                "--decimal-point or --decimal-comma",
            )
        )
    return result


def _restyled(lines: JoinedLines, name: str, number: int, style: str) -> np.ndarray:
    """A column of the sheet with one file read in another style."""
    column, arrays = lines.source[name][1], []
    for place, part in enumerate(lines.stack.parts):
        own = part.names[column]
        used = style if place == number else part.table.fact(own).numbers
        text = styled(pl.col(own).cast(pl.String), used).cast(pl.Float64, strict=False).alias("n")
        arrays.append(part.table.frame.select(text).collect()["n"].fill_null(float("nan")).to_numpy())
    return np.concatenate(arrays).astype(np.float64)


def _copied(way: MoneyReading, sheet: Sheet) -> MoneyReading:
    money = money_of(sheet, way)
    return replace(way, gross=money["gross"], revenue=money["revenue"], off=money["off"])


def said(lines: JoinedLines, way: MoneyReading, rows: LineRows, of_order: Sequence[str]) -> tuple[str, ...]:
    """What is said of a reading of the money, the last of it one row."""
    row = in_words(lines.sheet, way, rows, telling_row(lines.sheet, way, rows))
    return (*notes.about_money(lines, way, of_order), row)
