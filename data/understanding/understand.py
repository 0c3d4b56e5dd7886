"""Understanding files, in order: facts of columns, roles of files, relations, readings, questions, a recipe."""

from __future__ import annotations

import glob
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from data.exports.exports import Export, shipped
from data.staged import Staged
from data.staging import Progress
from data.terms.columns import LOOKUPS
from data.understanding import asking, chosen, known, missing, nogoods, notes
from data.understanding.beside import beside_orders
from data.understanding.byhand import fitting, unused
from data.understanding.changes import changed
from data.understanding.currency import CURRENCIES, currencies_of_answers, currency_of
from data.understanding.dayorder import proven_orders
from data.understanding.doubted import about_sums
from data.understanding.fitting import STRANGERS, fit_together
from data.understanding.kinds import about_kinds
from data.understanding.lines import JoinedLines, lines_of
from data.understanding.readings import readings
from data.understanding.recipe import of_way, table_of
from data.understanding.repeats import repeats
from data.understanding.roles import uses
from data.understanding.spellings import spellings
from data.understanding.stacks import Stack, stacked
from data.understanding.states import about_states, with_states
from data.understanding.structure import buyers_of_orders, structured
from data.understanding.tables import Table, tables_of
from data.understanding.title import title_of
from data.understanding.totals import LineRows, rows_of, totals, with_reductions
from data.understanding.types import Answer, Choices, FileUse, Question, ReadingTotals, Understanding
from data.understanding.ways import MoneyReading


def understand(
    staged: Sequence[Staged], choices: Choices | None = None, progress: Progress | None = None
) -> Understanding:
    """What the tables that were read are taken for; of `choices`, roles and meanings set by hand count."""
    report: Progress = progress or (lambda *_: None)
    return understood(tables_of(staged, lambda share, text: report(0.8 * share, text)), choices)


def understood(
    tables: Sequence[Table], choices: Choices | None = None, exports: Sequence[Export] | None = None
) -> Understanding:
    """What tables are taken for; of known exports those that are shipped, or `exports`, help with words."""
    made = choices or Choices()
    matches = known.recognised(tables, shipped() if exports is None else exports)
    if not matches:
        result = _understood(tables, made, {}, made)
        assert result is not None
        return result
    tables = known.refilled(tables, matches)
    result = _understood(tables, known.helped(made, matches), matches, made)
    if result is not None:
        return known.named(result, matches, made)
    result = _understood(tables, known.helped(made, matches, money=False), matches, made)
    assert result is not None
    return known.doubted(result, matches, made)


def _understood(
    tables: Sequence[Table], made: Choices, exports: known.ExportMatches, person: Choices
) -> Understanding | None:
    """What tables are taken for; None where their numbers contradict the export that they look like."""
    result = beside_orders(tables, uses(tables, made.roles, made.meanings), {*made.roles, *made.meanings})
    stacks, result, sentences = stacked(tables, result, made.roles)
    if "lines" not in stacks:
        return Understanding(
            tuple(result), missing=missing.missing_lines(result), title=title_of([use.file for use in result])
        )
    by_hand = dict(made.meanings.get(stacks["lines"].use.file, {}))
    use, more = structured(stacks["lines"], by_hand, joined="orders" in stacks)
    stacks["lines"] = with_states(replace(stacks["lines"], use=use), by_hand)
    if "orders" in stacks:
        if not use.column("customer_id"):
            orders_by_hand = dict(made.meanings.get(stacks["orders"].use.file, {}))
            buyers = buyers_of_orders(stacks["orders"], orders_by_hand, more)
            stacks["orders"] = replace(stacks["orders"], use=buyers)
        stacks["orders"] = with_states(stacks["orders"], made.meanings.get(stacks["orders"].use.file, {}))
    before = set(stacks)
    stacks, joins, kept = fit_together(stacks)
    # A use that was set by hand stays, for its columns to be set as well; the page says what it lacks.
    result = [
        replace(use, role="unused", evidence=STRANGERS)
        if use.role in before - set(stacks) and use.file not in made.roles
        else use
        for use in result
    ]
    sentences = [*sentences, *more, *kept]
    no_date = missing.missing_date(stacks, result)
    lines = lines_of(stacks)
    ways, of_order = readings(lines.sheet, lines.header)
    own = known.formed(fitting(lines, ways, by_hand), lines, exports)
    if known.contradicted(lines, ways, own, exports, person):
        return None
    ways = own
    if no_date or not ways:
        files = _with_uses(result, stacks)
        return Understanding(
            files,
            missing=no_date or missing.missing_money(lines),
            title=title_of([use.file]),
            joins=tuple(joins),
            sentences=tuple(sentences),
        )
    return _read(result, lines, ways, of_order, joins, sentences, made, exports)


def _read(
    file_uses: Sequence[FileUse],
    lines: JoinedLines,
    ways: Sequence[MoneyReading],
    of_order: Sequence[str],
    joins: Sequence[str],
    evidence: list[str],
    made: Choices,
    exports: known.ExportMatches,
) -> Understanding:
    """The understanding of lines whose money can be read."""
    best = ways[0]
    lines = replace(lines, stack=notes.with_money(lines, best, of_order))
    lines = replace(lines, stack=unused(lines.stack, made.meanings))
    lines = notes.without_currency(lines, best)
    stacks = {**lines.stacks, "lines": lines.stack}
    lines = replace(lines, stacks=stacks)
    content = known.with_rows(_content(stacks), stacks, exports)
    default = "customer_day" if lines.stack.use.column("customer_id") or "customer_id" in _of_orders(stacks) else "row"
    status_role = next((role for role in ("lines", "orders") if _status_of(content, role)), "lines")
    status = _status_of(content, status_role)
    proven = proven_orders(lines)
    _write_dates(content, proven)
    again = repeats(lines)

    def rows_with(states: Mapping[str, Any]) -> LineRows:
        rows = known.with_products(rows_of(lines, proven, states, default), lines, exports)
        return with_reductions(lines, best, replace(rows, sold=rows.sold & ~again))

    every = rows_with(status)
    aside = nogoods.no_goods(lines, best, every)
    rows = nogoods.sold_without(every, aside)
    sources = [lines.source[name] for name in (best.base[-1], *best.base[:1])]
    uses_now = [
        stacks[use.role].use if use.role in stacks and stacks[use.role].use.file == use.file else use
        for use in file_uses
    ]
    currency, why = currency_of(uses_now, stacks, sources[:1])
    content["policies"] = {
        **chosen.policies(lines, best, status, default, again, rows),
        **nogoods.policies(aside),
        **known.policies(lines, exports),
    }
    content = changed({"title": made.title or title_of([part.table.name for part in lines.stack.parts]),
                       "currency": currency or "USD", "reading": "detect", **content}, of_way(lines, best))  # fmt: skip
    content, about_spellings = spellings(content, stacks)

    def came_to(some: LineRows) -> ReadingTotals:
        return totals(lines.sheet, best, some)

    def total(states: Mapping[str, Any]) -> ReadingTotals:
        return came_to(nogoods.sold_without(rows_with(states), aside))

    money = asking.about_money(lines, ways, rows, of_order)
    wanted = [
        currencies_of_answers(money, currency, uses_now, stacks),
        asking.about_units(lines, best, None if money else rows),
        *asking.about_dates(lines, best, rows, proven),
        *asking.about_numbers(lines, best, rows),
        asking.about_orders(lines, default),
        *about_states(status_role, stacks[status_role], status, total),
        about_spellings,
        *about_sums(lines, rows, came_to),
        about_kinds(lines, best, rows, came_to),
        *nogoods.about_no_goods(lines, best, every, aside, came_to),
        None if currency else _about_currency(),
    ]
    questions = known.answered([question for question in wanted if question is not None], stacks, exports)
    for question in questions:
        content = changed(content, question.answer(question.default).changes)
    sentences = [
        *([why] if why else []),
        *(money.answers[0].sentences if money else asking.said(lines, best, rows, of_order)),
        *notes.about_rows(lines, _status_of(content, status_role), again, best, rows),
        nogoods.kept_charges(lines, best, rows, aside),
        *notes.about_columns(lines),
        *evidence,
    ]
    return Understanding(
        files=_with_uses(file_uses, stacks),
        questions=questions,
        title=content["title"],
        currency=content["currency"],
        joins=tuple(joins),
        sentences=tuple(dict.fromkeys(sentence for sentence in sentences if sentence)),
        content=content,
        totals=total(_status_of(content, status_role)),
    )


def _status_of(content: Mapping[str, Any], role: str) -> dict[str, Any]:
    """The status that a role's table has in a recipe, empty where it has none."""
    return dict(content.get(role, {}).get("columns", {}).get("status") or {})


def _write_dates(content: dict[str, Any], proven: Mapping[str, str]) -> None:
    """Write into a recipe what files prove about the order of day and month."""
    names = {glob.escape(file): file for file in proven}
    for role in ("lines", "orders"):
        for spec in content.get(role, {}).get("files", []):
            sheet = str(spec.get("options", {}).get("sheet", ""))
            if name := names.get(spec["file"]) or names.get(f"{spec['file']} · {sheet}"):
                spec["dates"] = proven[name]


def _of_orders(stacks: Mapping[str, Stack]) -> set[str]:
    return {meaning.meaning for meaning in stacks["orders"].use.meanings.values()} if "orders" in stacks else set()


def _content(stacks: Mapping[str, Stack]) -> dict[str, Any]:
    """The tables of the recipe, without the money of the lines."""
    content = {
        role: table_of(role, stacks[role]) for role in ("lines", *LOOKUPS, "returns", "targets") if role in stacks
    }
    use = stacks["lines"].use
    described: dict[str, Any] = {}
    for column, result in use.meanings.items():
        if result.meaning == "name":
            described["name"] = column
        elif result.meaning.startswith("segment:"):
            described[result.meaning.removeprefix("segment:")] = column
    if described and "customers" not in content and use.column("customer_id"):
        content["customers"] = {"columns": described}
    return content


def _about_currency() -> Question:
    answers = tuple(Answer(code, code, None, "", ((("currency",), code),)) for code in CURRENCIES)
    return Question("currency", "Which currency is the money in?", answers, "USD", must=False, option="--currency")


def _with_uses(file_uses: Sequence[FileUse], stacks: Mapping[str, Stack]) -> tuple[FileUse, ...]:
    """The files' uses with what the lines turned out to mean, under each file's own names."""
    result = []
    for use in file_uses:
        stack = stacks.get(use.role)
        part = next((part for part in stack.parts if part.table.name == use.file), None) if stack else None
        if stack is None or part is None:
            result.append(use)
            continue
        own = {name: stack.use.meanings[column] for column, name in part.names.items() if name}
        result.append(replace(use, meanings={**use.meanings, **own}))
    return tuple(result)
