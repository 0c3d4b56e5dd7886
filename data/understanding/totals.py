"""What a reading comes to, and one of its rows in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from data.terms import reductions
from data.terms.rows import ROW
from data.terms.specs import ColumnSpec, FileSpec, TableSpec
from data.terms.values import value
from data.understanding.lines import JoinedLines, codes
from data.understanding.relations import Mask, Numbers, Sheet
from data.understanding.stacks import Stack
from data.understanding.types import ReadingTotals
from data.understanding.ways import MoneyReading


@dataclass(frozen=True, eq=False)
class LineRows:
    """What totals need of each line beside its money."""

    number: npt.NDArray[np.int64]
    """Its row in its file."""
    day: pl.Series
    sold: Mask
    """Whether nothing says that it is a return or no sale."""
    order: npt.NDArray[np.int64]
    """The order as a number, -1 where it has none."""
    off: Mask
    """Whether it is a discount on the other rows of its order: money without units."""


def days_of(stack: Stack, column: str, formats: Mapping[str, str]) -> pl.Series:
    """The days of a column of all files of a stack; `formats` overrules how a file writes them."""
    parts = []
    for part in stack.parts:
        own = part.names.get(column, "")
        if not own:
            parts.append(pl.Series("day", [None] * part.table.rows, dtype=pl.Date))
            continue
        fact = part.table.fact(own)
        form = formats.get(part.table.name) or (fact.dates[0] if fact.dates else "%Y-%m-%d")
        spec = ColumnSpec((own,))
        table, file = TableSpec("lines", (), "", {}), FileSpec(part.table.name, dates=form)
        day = value("ordered_on", spec, part.table.frame.collect_schema(), table, file)
        parts.append(part.table.frame.select(day.alias("day")).collect()["day"])
    return pl.concat(parts)


def rows_of(lines: JoinedLines, formats: Mapping[str, str], status: Mapping[str, object], no_order: str) -> LineRows:
    """The lines' rows; `status` is the recipe's, with the values that make a row a return or no sale."""
    stack = lines.stack
    number = pl.concat([part.table.frame.select(ROW).collect()[ROW] for part in stack.parts])
    dated, key = stack.use.column("ordered_on"), stack.use.column("order_id")
    header = lines.stacks.get("orders")
    if dated:
        day = days_of(stack, dated, formats)
    elif header is not None and key and (theirs := header.use.column("ordered_on")):
        day = _joined(stack, key, header, days_of(header, theirs, formats))
    else:
        day = pl.Series("day", [None] * len(number), dtype=pl.Date)
    sold = np.ones(len(number), dtype=bool)
    named = stack.use.column("status")
    kinds = [*_listed(status.get("returns")), *_listed(status.get("no_sale"))]
    if named and kinds:
        sold = ~stack.texts(named).is_in(kinds).fill_null(False).to_numpy()
    elif header is not None and key and kinds and (theirs := header.use.column("status")):
        sold = ~_joined(stack, key, header, header.texts(theirs)).is_in(kinds).fill_null(False).to_numpy()
    if lines.sheet.order is not None:
        order = lines.sheet.order
    else:
        customer = stack.use.column("customer_id")
        if no_order == "customer_day" and customer:
            texts = pl.select(pl.format("{} {}", stack.texts(customer), day.cast(pl.String)).alias("order")).to_series()
            order = codes(texts)
        else:
            order = np.arange(len(number))
    return LineRows(number.cast(pl.Int64).to_numpy(), day, sold, order, np.zeros(len(number), dtype=bool))


def _listed(result: object) -> list[str]:
    return [str(item) for item in result] if isinstance(result, list) else []


def _joined(stack: Stack, key: str, header: Stack, values: pl.Series) -> pl.Series:
    """The value of each line's order."""
    own = header.texts(header.use.column("order_id") or "").alias("key")
    table = pl.DataFrame([own, values.alias("value")]).filter(pl.col("key").is_not_null()).unique("key", keep="first")
    return stack.texts(key).alias("key").to_frame().join(table, on="key", how="left", maintain_order="left")["value"]


def counted(sheet: Sheet, way: MoneyReading, rows: LineRows) -> Mask:
    """The rows that a reading counts as sales."""
    units = way.units(sheet)
    there = rows.day.is_not_null().to_numpy() & np.isfinite(way.revenue) & rows.sold
    if sheet.order is not None:
        there = there & (sheet.order >= 0)
    if units is not None:
        there = there & np.isfinite(units) & (units > 0)
    return np.asarray(there & (np.nan_to_num(way.revenue) >= 0) & ~rows.off)


_SPEAKING: Final = ("product", "product_id", "category", "subcategory", "status")


def with_reductions(lines: JoinedLines, way: MoneyReading, rows: LineRows) -> LineRows:
    """The lines' rows, of which some are discounts on the others of their order by their texts and money."""
    meanings = lines.stack.use.meanings
    texts = [name for name, item in meanings.items() if item.meaning in _SPEAKING or ":" in item.meaning]
    frame = pl.DataFrame(
        [
            pl.Series("money", way.revenue).fill_nan(None),
            pl.Series("order", rows.order).replace(-1, None),
            *(lines.stack.texts(name).alias(f"text {number}") for number, name in enumerate(texts)),
        ]
    )
    if not (frame["money"] < 0).any():
        return rows
    off = frame.select(reductions.reduces(frame.columns[2:], "money", "order").alias("off"))["off"]
    return replace(rows, off=off.to_numpy())


def totals(sheet: Sheet, way: MoneyReading, rows: LineRows) -> ReadingTotals:
    """What a reading comes to."""
    there = counted(sheet, way, rows)
    units = way.units(sheet)
    days = rows.day.filter(pl.Series(there))
    paid = there | (rows.off & rows.sold & (np.nan_to_num(way.revenue) < 0))
    return ReadingTotals(
        rows=int(paid.sum()),
        revenue=round(float(np.sum(way.revenue[paid])), 2),
        units=round(float(np.sum(units[there])) if units is not None else float(there.sum()), 4),
        orders=int(np.count_nonzero(np.bincount(rows.order[there][rows.order[there] >= 0]))),
        first_day=str(days.min() or ""),
        last_day=str(days.max() or ""),
    )


def telling_row(sheet: Sheet, way: MoneyReading, rows: LineRows, other: MoneyReading | None = None) -> int | None:
    """A row that shows a reading best: where it differs from another, else where each of its parts tells."""
    there = counted(sheet, way, rows)
    if other is not None:
        apart = there & np.isfinite(other.revenue) & (np.abs(np.nan_to_num(way.revenue - other.revenue)) > 0.005)
        if not apart.any():
            return None
        there = apart
    units = way.units(sheet)
    best = there & (np.abs(way.off) > 0.005)
    many = there & (np.abs(np.nan_to_num(units) - 1) > 1e-9) if units is not None else there
    for choice in (best & many, best, many, there):
        if choice.any():
            return int(np.flatnonzero(choice)[0])
    return None


def in_words(sheet: Sheet, way: MoneyReading, rows: LineRows, at: int | None) -> str:
    """A row read in one way, such as "Row 12: 2 x 24.00 - 10 % = 43.20 = Total"."""
    if at is None:
        return ""
    parts = [
        _number(sheet.columns[name][at], name in sheet.coins or number > 0) for number, name in enumerate(way.base)
    ]
    if len(way.base) == 1:
        parts = [_money(sheet.columns[way.base[0]][at])]
    text = " x ".join(parts)
    if way.tax:
        tax = _number(sheet.columns[way.tax][at], way.tax_form == "amount")
        text += f" - {way.tax} {tax}{_PERCENT.get(way.tax_form, '')}"
    if way.discounts and not way.netted:
        for name in way.discounts:
            text += f" - {_discount(sheet.columns[name][at], way.form)}"
    elif way.discounts:
        off = _discount(sheet.columns[way.discounts[0]][at], way.form)
        text = f"{_money(way.gross[at])} - {off} = {text}"
    alone = len(way.base) == 1 and not way.tax and (way.netted or not way.discounts)
    text += "" if alone else f" = {_money(way.revenue[at])}"
    same = [
        name
        for name, item in way.explained.items()
        if item.startswith(f"{way.formula} = ") and _is(sheet, name, at, way)
    ]
    if alone:
        same = [way.base[0]]
    return f"Row {rows.number[at]:,}: {text}{''.join(f' = {name}' for name in same[:1])}"


_PERCENT = {"percent": " %"}


def _is(sheet: Sheet, name: str, at: int, way: MoneyReading) -> bool:
    return bool(abs(sheet.columns[name][at] - way.revenue[at]) < 0.006)


def _discount(written: float, form: str) -> str:
    written = abs(0.0 if np.isnan(written) else written)
    if form == "percent":
        return f"{written:.10g} %"
    if form == "rate":
        return f"{100 * written:.10g} %"
    return f"{written:,.2f}{' a unit' if form == 'per_unit' else ''}"


def _money(amount: float) -> str:
    return f"{amount:,.2f}"


def _number(number: float, money: bool) -> str:
    return _money(number) if money else f"{number:,.10g}"


def alternative(sheet: Sheet, columns: Mapping[str, Numbers]) -> Sheet:
    """A sheet with other numbers in some columns."""
    return replace(sheet, columns={**sheet.columns, **columns})
