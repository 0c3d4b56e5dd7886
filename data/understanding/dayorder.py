"""Whether day or month comes first, where other columns of a file, or other files, prove what a column leaves open."""

from __future__ import annotations

import polars as pl

from data.terms.numbers import OR
from data.understanding.lines import JoinedLines
from data.understanding.names import words
from data.understanding.stacks import Part, Stack
from data.understanding.totals import days_of

_LEAST = 8
"""Rows that must stand in order of time for that to prove anything."""


def proven_orders(lines: JoinedLines) -> dict[str, str]:
    """File -> the date format that is proven for it, among the two that its column leaves open."""
    result: dict[str, str] = {}
    for stack in lines.stacks.values():
        column = next((c for m in ("ordered_on", "returned_on", "month") if (c := stack.use.column(m))), None)
        if column is None:
            continue
        for part in stack.parts:
            own = part.names.get(column, "")
            forms = part.table.fact(own).dates if own else ()
            if len(forms) > 1:
                proof = _settled(stack, column, part, forms) or _by_rows(stack, column, part, forms)
                if proof:
                    result[part.table.name] = proof
    return result


def _first(form: str) -> str:
    """ "d" or "m": what a format has first; empty where it has neither before the other."""
    form = form.split(OR)[0]
    if form.startswith(("day first", "month first")):
        return form[0]
    if "%d" not in form or "%m" not in form:
        return ""
    return "" if form.startswith("%Y") else "d" if form.index("%d") < form.index("%m") else "m"


def _settled(stack: Stack, column: str, part: Part, forms: tuple[str, ...]) -> str:
    """What the same column of another file, or another date of this file, leaves no doubt about."""
    others = [
        other.table.fact(other.names[column]) for other in stack.parts if other is not part and other.names[column]
    ]
    others += [fact for fact in part.table.facts if fact.name != part.names[column]]
    orders = {_first(fact.dates[0]) for fact in others if len(fact.dates) == 1} - {""}
    if len(orders) != 1:
        return ""
    return next((form for form in forms if _first(form) in orders), "")


def _by_rows(stack: Stack, column: str, part: Part, forms: tuple[str, ...]) -> str:
    """What a month in another column, days of shipping close by, or rows in order of time prove."""
    ways = {form: _days(stack, column, part, form) for form in forms}
    frame = part.table.frame
    for fact in part.table.facts:
        if fact.kind == "whole" and (fact.low or 0) >= 1 and (fact.high or 99) <= 12 and words(fact.name) in _MONTH:
            month = frame.select(pl.col(fact.name).cast(pl.Int64, strict=False)).collect()[fact.name]
            fit = [form for form, day in ways.items() if ((day.dt.month().cast(pl.Int64) == month).mean() or 0) > 0.95]  # type: ignore[operator]
            if len(fit) == 1:
                return fit[0]
    for fact in part.table.facts:
        if fact.kind == "date" and fact.name != part.names[column] and fact.dates:
            gaps = {
                form: _gap(
                    day,
                    _days_of_own(
                        stack, part, fact.name, fact.dates[forms.index(form)] if len(fact.dates) > 1 else fact.dates[0]
                    ),
                )
                for form, day in ways.items()
            }
            near, far = sorted(gaps, key=lambda form: gaps[form])[:2]
            if gaps[near] * 4 + 3 < gaps[far]:
                return near
    if part.table.rows >= _LEAST:
        steps = {form: _backward(day) for form, day in ways.items()}
        fit = [form for form, back in steps.items() if back == 0]
        if len(fit) == 1 and min(back for form, back in steps.items() if form not in fit) >= 2:
            return fit[0]
    return ""


_MONTH = frozenset(
    {"month", "monat", "mois", "mes", "mese", "maand", "miesiac", "ay", "manad", "month no", "order month"}
)


def _days(stack: Stack, column: str, part: Part, form: str) -> pl.Series:
    return days_of(Stack(stack.use, (part,)), column, {part.table.name: form})


def _days_of_own(stack: Stack, part: Part, own: str, form: str) -> pl.Series:
    alone = Part(part.table, {own: own})
    return days_of(Stack(stack.use, (alone,)), own, {part.table.name: form})


def _gap(first: pl.Series, other: pl.Series) -> float:
    """Usual number of days between two dates of a row."""
    return float((other - first).dt.total_days().abs().mean() or 0)  # type: ignore[arg-type]


def _backward(day: pl.Series) -> int:
    """How often a row's day is before that of the row above; of rows that go back in time, how often after it."""
    step = day.drop_nulls().cast(pl.Int32).diff().drop_nulls()
    return min(int((step < 0).sum()), int((step > 0).sum()))
