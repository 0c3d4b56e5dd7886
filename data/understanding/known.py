"""Known exports: recognised by their headers, taken as if set by hand, never against the numbers.

What an export says ends in `Choices`, below what a person chose, so that everything can be changed and the same
relations are tried on all rows. Where they prove that a column is other money than the export says, the export loses.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from data.exports.exports import Export, Layout, folded
from data.terms.columns import DATES, NUMERIC
from data.understanding.byhand import meaning_in
from data.understanding.facts import Fact
from data.understanding.lines import JoinedLines
from data.understanding.meanings import BY_HAND
from data.understanding.recipe import MONEY, policy_of
from data.understanding.stacks import Stack, values_of
from data.understanding.tables import Table, filled_by_order
from data.understanding.totals import LineRows
from data.understanding.types import Choices, FileUse, Meaning, Question, Understanding, with_meanings
from data.understanding.ways import MoneyReading


@dataclass(frozen=True)
class ExportMatch:
    """A file that looks like a table of an export."""

    export: Export
    layout: Layout
    columns: Mapping[str, str]
    """Column of the file -> meaning, empty for one that is not counted."""
    apart: Mapping[str, str]
    """Column of the file that is not counted -> what it is."""


ExportMatches = Mapping[str, ExportMatch]
"""File -> the export that it looks like."""


def recognised(tables: Sequence[Table], exports: Sequence[Export]) -> dict[str, ExportMatch]:
    """The files that look like one export, and like one alone."""
    matches = {}
    for table in tables:
        names = {folded(fact.name): fact.name for fact in table.facts}
        fits = [
            (export, layout)
            for export in exports
            for layout in export.layouts
            if layout.needs <= names.keys() and _holds(layout, [*table.facts], names)
        ]
        if len(fits) == 1:
            export, layout = fits[0]
            apart = {names[column]: what for column, what in layout.apart.items() if column in names}
            columns = {names[column]: meaning for column, meaning in layout.columns.items() if column in names}
            matches[table.name] = ExportMatch(export, layout, {**columns, **dict.fromkeys(apart, "")}, apart)
    return matches


def _holds(layout: Layout, facts: Sequence[Fact], names: Mapping[str, str]) -> bool:
    """Whether the columns that an export takes for days and numbers hold such."""
    by_name = {fact.name: fact for fact in facts}
    for column, meaning in layout.columns.items():
        fact = by_name.get(names.get(column, ""))
        if fact is None or fact.kind == "empty":
            continue
        if (meaning in DATES and fact.kind != "date") or (meaning in NUMERIC and not fact.numeric):
            return False
    return True


def refilled(tables: Sequence[Table], matches: ExportMatches) -> list[Table]:
    """The tables, of which those of an export are filled by its order number."""
    result = []
    for table in tables:
        known = matches.get(table.name)
        order = next((c for c, meaning in known.columns.items() if meaning == "order_id"), "") if known else ""
        whole = bool(order) and table.fact(order).filled == table.rows
        result.append(filled_by_order(table, order) if whole else table)
    return result


def helped(made: Choices, matches: ExportMatches, *, money: bool = True) -> Choices:
    """A person's choices with those of the exports below them; without `money`, with the words alone."""
    roles, meanings, title = dict(made.roles), {file: dict(own) for file, own in made.meanings.items()}, made.title
    for file, known in matches.items():
        role = known.layout.role
        if made.roles.get(file, role) != role:
            continue
        roles[file] = role
        person = made.meanings.get(file, {})
        taken = {meaning for meaning in person.values() if meaning}
        if taken & {"revenue", "unit_price"}:
            taken |= {"revenue", "unit_price"}
        own = {column: meaning for column, meaning in known.columns.items() if meaning not in taken}
        if not money:
            own = {column: meaning for column, meaning in own.items() if meaning not in ("", *MONEY)}
        meanings[file] = {**own, **person}
        title = title or (known.export.title if role == "lines" else "")
    return replace(made, roles=roles, meanings=meanings, title=title)


def contradicted(
    lines: JoinedLines, ways: Sequence[MoneyReading], own: Sequence[MoneyReading], matches: ExportMatches, made: Choices
) -> bool:
    """Whether equations prove that a column is other money than the export says, whose readings are `own`."""
    known = matches.get(lines.stack.use.file)
    if known is None or set(made.meanings.get(lines.stack.use.file, {}).values()) & set(MONEY):
        return False
    if not ways or not own:
        return bool(ways)
    best = ways[0]
    if not best.proven or own[0].proven:
        return False
    source = {column: name for name, (role, column) in lines.source.items() if role == "lines"}
    meanings = {source[column]: meaning for column, meaning in known.columns.items() if column in source}
    money = {name: meaning for name, meaning in meanings.items() if meaning in MONEY}
    return any(meaning_in(best, name) not in ("", meaning) for name, meaning in money.items())


def formed(ways: Sequence[MoneyReading], lines: JoinedLines, matches: ExportMatches) -> list[MoneyReading]:
    """The readings whose discount has the form that the export of the lines writes, where it says one."""
    known = matches.get(lines.stack.use.file)
    form = (known.export.policies or {}).get("discount") if known else None
    fit = [way for way in ways if not form or not way.has_discount or policy_of(way) == form]
    return fit or list(ways)


# --- Recipe and questions ---------------------------------------------------------------------------------------------


def with_rows(content: Mapping[str, Any], stacks: Mapping[str, Stack], matches: ExportMatches) -> dict[str, Any]:
    """A recipe in which the values of a status are what the export says."""
    result = dict(content)
    for role in ("lines", "orders"):
        stack = stacks.get(role)
        known = matches.get(stack.use.file) if stack else None
        column = stack.use.column("status") if stack else None
        if stack is None or known is None or column is None or known.columns.get(column) != "status":
            continue
        layout, status = known.layout, dict(result[role]["columns"]["status"])
        named = {key: set(map(folded, getattr(layout, key))) for key in ("sales", "returns", "no_sale")}
        listed = set().union(*named.values())
        values = values_of(stack, column)
        kept = {key: [v for v in status.get(key, []) if folded(v) not in listed] for key in ("returns", "no_sale")}
        if layout.others:
            kept = {"returns": [], "no_sale": [v for v in values if folded(v) not in listed]}
        for key, own in kept.items():
            status[key] = sorted({*own, *(value for value in values if folded(value) in named[key])})
            if not status[key]:
                del status[key]
        result[role] = {**result[role], "columns": {**result[role]["columns"], "status": status}}
    return result


def policies(lines: JoinedLines, matches: ExportMatches) -> dict[str, str]:
    """What happens to rows, where the export of the lines says it."""
    known = matches.get(lines.stack.use.file)
    return {rule: word for rule, word in ((known.export.policies or {}) if known else {}).items() if rule != "discount"}


def with_products(rows: LineRows, lines: JoinedLines, matches: ExportMatches) -> LineRows:
    """The lines' rows, of which those that name no product are no sale where the export of the lines says so."""
    if policies(lines, matches).get("missing_product") != "set_aside":
        return rows
    use, named = lines.stack.use, np.zeros(len(rows.sold), dtype=bool)
    for column in filter(None, (use.column("product_id"), use.column("product"))):
        named |= (lines.stack.texts(column).fill_null("") != "").to_numpy()
    return replace(rows, sold=rows.sold & named)


def answered(
    questions: Sequence[Question], stacks: Mapping[str, Stack], matches: ExportMatches
) -> tuple[Question, ...]:
    """The questions, of which the export of the lines answers some beforehand; its words for states are not asked."""
    known = matches.get(stacks["lines"].use.file)
    answers = (known.export.answers or {}) if known else {}
    return tuple(
        replace(question, default=answers[question.key], must=False)
        if answers.get(question.key) in question.options
        else question
        for question in questions
        if not _listed(question, stacks, matches)
    )


def _listed(question: Question, stacks: Mapping[str, Stack], matches: ExportMatches) -> bool:
    """Whether a question is about values of a status of which an export says what they are."""
    for role in ("lines", "orders"):
        known = matches.get(stacks[role].use.file) if role in stacks else None
        changes = [change for answer in question.answers for change in answer.changes]
        values = {folded(str(value)) for path, value in changes if path[:3] == (role, "columns", "status")}
        if known is not None and values:
            layout = known.layout
            own = {*map(folded, layout.sales), *map(folded, layout.returns), *map(folded, layout.no_sale)}
            return bool(layout.others) or values <= own
    return False


# --- Said to people ---------------------------------------------------------------------------------------------------


def named(result: Understanding, matches: ExportMatches, made: Choices) -> Understanding:
    """An understanding that names the exports, in its sentences and as the reason of each meaning."""
    files = tuple(_use(use, matches.get(use.file), made) for use in result.files)
    sentences: list[str] = []
    for export in {known.export.name: known.export for known in matches.values()}.values():
        names = ", ".join(file for file, known in matches.items() if known.export is export)
        sentences += [f"This looks like {export.says}: {names}.", *export.notes]
    unknown = {f"{column} is not used: {_UNKNOWN}" for known in matches.values() for column in known.apart}
    sentences += [sentence for sentence in result.sentences if not any(sentence.startswith(start) for start in unknown)]
    return replace(result, files=files, sentences=tuple(sentences))


_UNKNOWN: Final = "nothing says what it is"
"""What is said of a column of numbers that no reading explains; an export knows better."""


def _use(use: FileUse, known: ExportMatch | None, made: Choices) -> FileUse:
    if known is None or made.roles.get(use.file, known.layout.role) != known.layout.role:
        return use
    person = made.meanings.get(use.file, {})
    changed = {}
    for column, meaning in use.meanings.items():
        if column in person or (known.columns.get(column) != meaning.meaning and BY_HAND not in meaning.evidence):
            continue
        if column in known.apart:
            changed[column] = Meaning("", f"{known.apart[column]}. Not counted.")
        else:
            changed[column] = Meaning(meaning.meaning, f"So it is called in {known.export.says}.", 1.0)
    evidence = f"This looks like {known.export.says}."
    return replace(with_meanings(use, changed), evidence=evidence if use.role == known.layout.role else use.evidence)


def doubted(result: Understanding, matches: ExportMatches, made: Choices) -> Understanding:
    """An understanding whose money was read by numbers alone, because they contradict what the export says."""
    files = tuple(_use(use, matches.get(use.file), made) for use in result.files)
    sentences = [
        f"{file} has the headers of {known.export.says}, but its numbers say otherwise: they decide what its money is."
        for file, known in matches.items()
    ]
    return replace(result, files=files, sentences=(*sentences, *result.sentences))
