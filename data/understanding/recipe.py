"""From what was understood to a recipe: one dict, and for each answer to a question what it changes in it."""

from __future__ import annotations

import glob
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from data.terms.columns import DATES, LOOKUPS, NUMERIC
from data.terms.numbers import PLAIN_NUMBERS
from data.understanding.changes import REMOVED, Path
from data.understanding.facts import Fact
from data.understanding.lines import JoinedLines
from data.understanding.names import text_role
from data.understanding.stacks import Part, Stack, values_of
from data.understanding.states import status_spec
from data.understanding.types import FileUse
from data.understanding.ways import MoneyReading

MONEY: Final = ("quantity", "revenue", "unit_price", "discount", "included_tax")
"""Columns of the lines that a reading of the money decides."""

Changes = tuple[tuple[Path, Any], ...]


def table_of(role: str, stack: Stack) -> dict[str, Any]:
    """One role of a recipe: its files, and what their columns mean; for lines without their money."""
    use = stack.use
    table: dict[str, Any] = {"files": [_file(part, use) for part in stack.parts]}
    key = LOOKUPS.get(role)
    if key:
        table["key"] = use.column(key) or ""
    used = [column for column, item in use.meanings.items() if item.meaning]
    marks = {column: use.fact(column).missing for column in used}
    whole = sorted({mark for item in marks.values() for mark in item})
    members = {column for column in used if set(_members(stack, column, whole)) - set(marks[column])}
    if whole:
        table["missing"] = whole
    columns: dict[str, Any] = {}
    for column, result in use.meanings.items():
        name = result.meaning
        if (
            not name
            or name in (key, "first_name", "last_name", "company")
            or (role == "lines" and name in (*MONEY, "name"))
        ):
            continue
        if role in ("lines", "orders") and (name.startswith("segment:") or name == "name"):
            continue
        columns[name.split(":")[-1]] = spec(
            use, column, name, missing=list(marks[column]) if column in members else None
        )
    names = _full_name(use) if role == "customers" else []
    if names:
        columns["name"] = {"column": names}
    _product_key(role, use, columns)
    _person_key(use, columns)
    if "status" in columns:
        columns["status"] = status_spec(stack, use.column("status") or "")
    table["columns"] = columns
    return table


def _members(stack: Stack, column: str, marks: Sequence[str]) -> list[str]:
    """Marks of other columns that are members of this one, such as NA beside EMEA."""
    fact = stack.use.fact(column)
    if fact.kind != "text" or not marks or fact.distinct > 1000:
        return []
    return [value for value in values_of(stack, column) if value in marks]


def spec(use: FileUse, column: str, meaning: str, missing: list[str] | None = None) -> Any:
    """A column as a recipe names it."""
    fact, more = use.fact(column), dict[str, Any]()
    if missing is not None:
        more["missing"] = missing
    if meaning.endswith("_id") and fact.suffixed:
        more["remove_suffix"] = ".0"
    if fact.numeric and meaning in NUMERIC and _otherwise(fact, style_of(use)):
        more["numbers"] = fact.numbers
    if fact.times != 1 and meaning in NUMERIC:
        more["times"] = fact.times
    if meaning == "quantity" and fact.fractions:
        more["decimals"] = True
    if meaning == "amount" and fact.high is not None and fact.high <= 0:
        more["negated"] = True  # Money that was given back may be written below zero.
    return {"column": column, **more} if more else column


_POINT: Final = (PLAIN_NUMBERS, "1,234.56", "1'234.56", "1 234.56")


def _otherwise(fact: Fact, style: str) -> bool:
    """Whether a column writes its numbers another way than most of its file, so that it must be said."""
    if fact.numbers != PLAIN_NUMBERS:
        return fact.numbers != style
    # Digits alone read the same in every style; with a point they do so only among others with a point.
    return bool(fact.vote) and style not in _POINT


def _full_name(use: FileUse) -> list[str]:
    """First and last name, where they name more customers than the column that is taken as the name."""
    parts = [use.column("first_name"), use.column("last_name")]
    if not all(parts):
        return []
    name = use.column("name")
    both = min(use.fact(str(part)).filled for part in parts)
    return [str(part) for part in parts] if name is None or use.fact(name).filled < both else []


def _person_key(use: FileUse, columns: dict[str, Any]) -> None:
    """Customers whose last name stands for their number: first and last name are."""
    last = use.column("customer_id")
    first = next((fact.name for fact in use.facts if text_role(fact.name) == "first_name"), None)
    if last and first and text_role(last) == "last_name":
        columns["customer_id"] = {"column": [first, last]}


def _product_key(role: str, use: FileUse, columns: dict[str, Any]) -> None:
    """Lines without a product number are known by the product's name."""
    number, name = use.column("product_id"), use.column("product")
    if role == "lines" and number and name and use.fact(number).filled < use.fact(number).rows:
        columns["product_id"] = {"column": [number, name], "first": True}


# --- Files ------------------------------------------------------------------------------------------------------------


def style_of(use: FileUse) -> str:
    """How a file writes most of its numbers."""
    used = [fact for fact in use.facts if fact.numeric and (fact.numbers != PLAIN_NUMBERS or fact.vote)]
    styles = [fact.numbers for fact in used if use.meanings[fact.name].meaning in NUMERIC] or [f.numbers for f in used]
    if not styles:
        return PLAIN_NUMBERS
    other = [style for style in styles if style != PLAIN_NUMBERS]
    return max(sorted(set(other)), key=other.count) if other else PLAIN_NUMBERS


def _file(part: Part, use: FileUse) -> dict[str, Any]:
    table, own = part.table, dict(part.names)
    content: dict[str, Any] = {"file": glob.escape(table.book or table.name)}
    dates = [use.column(meaning) for meaning in DATES if use.column(meaning)]
    for column in dates:
        name = own.get(str(column), "")
        fact = table.fact(name) if name else None
        if fact and fact.dates and fact.dates[0] != "%Y-%m-%d":
            content["dates"] = fact.dates[0]
    style = style_of(
        replace(use, facts=tuple(replace(table.fact(o), name=c) for c, o in own.items() if o), meanings=use.meanings)
    )
    if style != PLAIN_NUMBERS:
        content["numbers"] = style
    used = {column for column, item in use.meanings.items() if item.meaning}
    names = tuple((old, new) for old, new in part.renamed.items())
    shape = replace(table.shape, names=names, without=tuple(c for c in part.without if c in used))
    if sentences := shape.as_toml():
        content["shape"] = sentences
    if table.options:
        content["options"] = dict(table.options)
    return content


# --- Money ------------------------------------------------------------------------------------------------------------


def of_way(lines: JoinedLines, way: MoneyReading) -> Changes:
    """A reading of the money as changes to a recipe."""
    use = lines.stack.use
    columns: dict[str, Any] = dict.fromkeys(MONEY, REMOVED)
    policies: dict[str, Any] = {"no_quantity": REMOVED, "discount": REMOVED, "included_tax": REMOVED}

    def own(column: str, meaning: str) -> Any:
        return spec(use, lines.source[column][1], meaning)

    if way.quantity:
        columns["quantity"] = own(way.quantity, "quantity")
    else:
        policies["no_quantity"] = "one_unit"
    money = way.base[-1]
    if len(way.base) == 2:
        if lines.source[money][0] == "lines":
            columns["unit_price"] = own(money, "unit_price")
    else:
        columns["revenue"] = _once(own(money, "revenue"), way)
    if way.discounts:
        if len(way.discounts) > 1:
            result: Any = {"column": [lines.source[discount][1] for discount in way.discounts]}
            times = {use.fact(discount).times for discount in result["column"]}
            result |= {"times": times.pop()} if len(times) == 1 and times != {1} else {}
        else:
            result = own(way.discounts[0], "discount")
        if way.negated:
            result = {**(result if isinstance(result, dict) else {"column": result}), "negated": True}
        columns["discount"] = result
        policies["discount"] = policy_of(way)
    if way.tax:
        columns["included_tax"] = own(way.tax, "included_tax")
        if way.tax_form != "amount":
            policies["included_tax"] = way.tax_form
    changes = [(("lines", "columns", name), value) for name, value in columns.items()]
    return (*changes, *((("policies", name), value) for name, value in policies.items()))


def _once(result: Any, way: MoneyReading) -> Any:
    return {**(result if isinstance(result, dict) else {"column": result}), "once": True} if way.once else result


def policy_of(way: MoneyReading) -> str:
    """The word of a recipe for the form of a discount."""
    if not way.netted:
        return way.form
    return "netted" if way.form == "amount" else f"netted_{way.form}"
