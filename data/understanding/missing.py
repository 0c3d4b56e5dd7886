"""What is missing where nothing can be prepared, and which column could be it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from data.understanding.lines import JoinedLines
from data.understanding.names import is_date_name, is_marked, number_role
from data.understanding.stacks import Stack
from data.understanding.types import FileUse


def missing_lines(file_uses: Sequence[FileUse]) -> str:
    """Why no file can be order lines."""
    names = ", ".join(use.file for use in file_uses) or "no file that can be read"
    sentences = [
        "Expected a file with order lines, that is a date, a product, order or customer, and a quantity or amount; "
        f"found {names}."
    ]
    for use in file_uses:
        sentences += [sentence for sentence in use.sentences if sentence.startswith("Months stand in")]
        dated = [fact.name for fact in use.facts if fact.kind == "date"]
        money = money_candidates(use)
        if not dated and (unread := unread_dates(use)):
            sentences += unread
        elif not dated:
            could = f" {_listing(money)} could be the money." if money else ""
            sentences.append(f"{use.file}: no column holds dates{_columns(use)}.{could}")
        elif not money:
            sentences.append(f"{use.file}: no column holds amounts{_columns(use)}.")
        else:
            sentences.append(
                f"{use.file}: {use.evidence} {dated[0]} holds dates, and {_listing(money)} could be the money; "
                "use them?"
            )
    sentences.append("The names are not understood, or the file is of another kind.")
    return " ".join(sentences)


def unread_date_columns(use: FileUse) -> list[str]:
    """Columns that are called a date and hold none."""
    others = ("date", "empty", "number")
    return [fact.name for fact in use.facts if is_date_name(fact.name) and fact.kind not in others]


def unread_dates(use: FileUse) -> list[str]:
    """A sentence for each column that is called a date and whose texts are none that can be read."""
    named = [use.fact(name) for name in unread_date_columns(use)]
    expected = "expected one such as 2024-01-31, 31.01.2024 or a month such as 2024-01"
    return [
        f"{use.file}: {fact.name} is called a date, but {' or '.join(map(repr, fact.examples[:2]))} is no day "
        f"that can be read: {expected}."
        for fact in named
    ]


def money_candidates(use: FileUse) -> list[str]:
    """Columns of numbers that may be money, those that look and are named most like it first."""
    could = [
        fact
        for fact in use.facts
        if fact.numeric
        and not fact.percent
        and not is_marked(fact.name, "key")
        and not (fact.kind == "whole" and fact.unique)
        and number_role(fact.name) not in ("period", "quantity")
    ]
    could.sort(key=lambda fact: (not (fact.coins or fact.kind == "number"), number_role(fact.name) != "amount"))
    return [fact.name for fact in could][:5]


def _listing(names: Sequence[str]) -> str:
    return " or ".join(names)


def _columns(use: FileUse) -> str:
    listing = ", ".join(fact.name for fact in use.facts[:12])
    return f" among the columns {listing}" if listing else ""


def missing_date(stacks: Mapping[str, Stack], file_uses: Sequence[FileUse]) -> str:
    """Why the lines have no date, and where one could be; empty where they have."""
    use = stacks["lines"].use
    header = stacks.get("orders")
    if use.column("ordered_on") or (header is not None and header.use.column("ordered_on")):
        return ""
    dated = [fact.name for fact in use.facts if fact.kind == "date"]
    unread = [f" {sentence.removeprefix(f'{use.file}: ')}" for sentence in unread_dates(use)]
    could = f" '{dated[0]}' holds dates; use it?" if dated else "" if unread else " No column holds dates."
    others = [
        f" {other.file}, which is left out, has dates in '{fact.name}': are its rows the orders of these lines?"
        for other in file_uses
        if other.role == "unused"
        for fact in other.facts
        if fact.kind == "date"
    ]
    return f"{use.file}: no column was taken as the date.{could}{''.join([*unread, *others][:2])}"


def missing_money(lines: JoinedLines) -> str:
    """Why no column is the money."""
    use = lines.stack.use
    numbers = money_candidates(use) or [fact.name for fact in use.facts if fact.numeric]
    could = f" '{numbers[0]}' holds numbers; use it?" if numbers else " No column holds numbers."
    return f"{use.file}: no column was taken as the money.{could}"
