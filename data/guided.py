"""Files without a recipe: read, understand, check, prepare, saying at each step what was understood and why."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Final

from data import scratch, staging
from data.building import prepare
from data.checking.rules import findings, months
from data.checking.rules.findings import OPTIONS, Findings
from data.errors import DataError, printable, quoted
from data.recipe import recipes
from data.recipe.policies import POLICIES, Policies
from data.recipe.toml import toml_text
from data.report import money
from data.sources import files_in
from data.understanding import called
from data.understanding.types import Choices, Question, Understanding
from data.understanding.understand import understand

_BY_HAND: Final = (
    'Choose the columns on the Data page, or say --column "NAME=ordered_on", --column "NAME=quantity" and --column '
    '"NAME=revenue" (or unit_price).'
)


@dataclass(frozen=True)
class Asked:
    """What a person says beforehand; empty where it is to be found out."""

    title: str = ""
    currency: str = ""
    dates: str = ""
    """`%d` or `%m`: what comes first where a date could be either way round."""
    numbers: str = ""
    """How money is written where 1.234 could be either, one of `recipes.NUMBERS`."""
    policies: Mapping[str, str] = field(default_factory=dict)
    """Rule -> what happens to its rows."""
    answers: Mapping[str, str] = field(default_factory=dict)
    """Question -> key of an answer."""


@dataclass(frozen=True)
class Files:
    """Files that were read and looked into."""

    tables: Sequence[staging.Staged]
    refused: Sequence[staging.Refused]
    found: Understanding
    by_hand: Choices = field(default_factory=Choices)
    """Meanings of columns that were said beforehand."""

    def choices(self, asked: Asked) -> Choices:
        """What was said, as answers. Raises DataError where something that must be answered stays open."""
        answers = dict(asked.answers)
        for question in self.found.questions:
            if question.key.startswith("dates:") and asked.dates:
                answers[question.key] = _ordered(question, asked.dates)
            if question.key.startswith("numbers:") and asked.numbers:
                answers[question.key] = _styled(question, asked.numbers)
            key = answers.get(question.key)
            if key is not None and key not in question.options:
                known = " or ".join(quoted(one) for one in question.options)
                raise DataError(f"{question.text} Expected {known} as the answer, found {quoted(key)}.")
        if asked.currency:
            answers["currency"] = asked.currency
        unknown = set(asked.answers) - {question.key for question in self.found.questions}
        if unknown:
            raise DataError(f"--answer {sorted(unknown)[0]}: these files leave no such question open.")
        if still_open := self.found.open(answers):
            raise DataError("\n".join(line for question in still_open for line in asking(question)))
        return replace(self.by_hand, answers=answers, title=asked.title, policies=asked.policies)

    def recipe(self, asked: Asked) -> str:
        """The recipe that follows."""
        if not self.found.content:
            raise DataError(f"{self.found.missing} {_BY_HAND}")
        return recipe_text(self.found, self.choices(asked))

    def parsed(self, asked: Asked, *, name: str) -> recipes.Recipe:
        """The recipe, parsed."""
        return recipes.parse(self.recipe(asked), file="recipe", name=name)

    def check(self, asked: Asked, *, today: date) -> Findings:
        """What the rules find, and what each policy is worth."""
        return findings.find(self.parsed(asked, name="check"), staging.StagedOrigin(self.tables), today=today)

    def prepare(self, asked: Asked, *, home: Path, name: str, today: date) -> prepare.Result:
        """Publish the dataset."""
        origin = staging.StagedOrigin(self.tables)
        prepared = prepare.read(self.parsed(asked, name=name), origin, name=name, today=today)
        return prepare.publish(replace(prepared, choices=choices_text(self.choices(asked))), home=home, name=name)

    def said(self, asked: Asked) -> list[str]:
        """What was understood and why, line by line."""
        found = self.found
        lines = [f"{one.name}: {one.sentence} Left out." for one in self.refused]
        for one in found.files:
            role = called.ROLES[one.role].lower()
            rows = f" Its {one.rows:,} rows are left out." if one.role == "unused" else ""
            lines.append(f"{one.file}: {role}. {one.evidence}{rows}")
            lines += [f"    {sentence}" for sentence in one.said]
            lines += [
                f"    {column} = {called.meaning(meaning.meaning).lower()}: {meaning.evidence}"
                for column, meaning in one.meanings.items()
                if meaning.meaning
            ]
        lines += [*found.joins, *found.said]
        for question in found.questions:
            if question.key == "currency":
                if not asked.currency:
                    lines.append(
                        f"No file says which currency the money is in: {found.currency} is taken (--currency)."
                    )
            elif not question.must and question.key not in asked.answers:
                taken = question.answer(question.default)
                lines.append(f"{question.text} Taken: {taken.label.lower()} (--answer {question.key}=...).")
        return lines


def asking(question: Question) -> list[str]:
    """A question on the command line: how to answer it, and for each answer what it comes to."""
    said = question.option or " or ".join(f"--answer {question.key}={key}" for key in question.options)
    lines = [f"{question.text} Say {said}."]
    for answer in question.answers:
        worth = f": {answer.totals.said()}" if answer.totals else ""
        label = called.answer(answer.key) if question.option else answer.label
        lines.append(f"    {label if question.option else f'{answer.key}: {answer.label}'}{worth}")
        if answer.row:
            lines.append(f"        {answer.row}")
    return lines


def _ordered(question: Question, order: str) -> str:
    """The answer that has day or month first."""
    return next((key for key in question.options if _day_first(key) == (order == "%d")), question.default)


def _day_first(form: str) -> bool:
    if "%" not in form:
        return form.startswith("day")
    return form.index("%d") < form.index("%m")


def _styled(question: Question, style: str) -> str:
    """The answer whose numbers have the same sign before decimals."""
    return next((key for key in question.options if key[-3] == style[-3]), question.default)


def said_of(found: Findings, policies: Policies) -> list[str]:
    """What the rules found, line by line: rows, money, what happens to them, and what else could."""
    lines = []
    for one in found.found:
        rows = f"{one.rows:,} row{'s' * (one.rows != 1)}"
        lines.append(f"{one.title} ({one.rule}): {rows}, {money(one.money)}. {one.reason} {one.note}".rstrip())
        first = one.examples[0] if one.examples else {}
        if first:
            cells = ", ".join(f"{name} {value}" for name, value in list(first.items())[2:] if value is not None)
            lines.append(f"    such as {first['file']}, row {first['row']:,}: {cells}")
        options = OPTIONS.get(one.rule)
        if options is None:
            lines.append("    set aside: such rows cannot be counted")
            continue
        now = getattr(policies, one.rule)
        for option in options:
            effect = found.effect(policies, one.rule, option)
            sign = "+" if effect > 0 else ""
            worth = "chosen" if option == now else f"revenue {sign}{money(effect)}" if effect else "revenue as it is"
            lines.append(f"    {option}: {findings.LABELS[option]} ({worth})")
            if moved := months.in_words(option, one.months):
                lines.append(f"        {moved}")
    return lines or ["No rule found anything."]


def recipe_text(found: Understanding, choices: Choices) -> str:
    """What was understood, with what was chosen, as a recipe to be used, downloaded and edited."""
    return toml_text(found.recipe(choices))


def choices_text(choices: Choices) -> str:
    """What was chosen, to be kept with the dataset."""
    return json.dumps(asdict(choices), ensure_ascii=False, sort_keys=True)


def choices_from(text: str) -> Choices:
    """What `choices_text` gave; nothing chosen where it is none of that."""
    try:
        said = json.loads(text or "{}")
        return Choices(
            roles={str(file): str(role) for file, role in said.get("roles", {}).items()},
            meanings={
                str(file): {str(column): str(meaning) for column, meaning in found.items()}
                for file, found in said.get("meanings", {}).items()
            },
            answers={str(key): str(answer) for key, answer in said.get("answers", {}).items()},
            title=str(said.get("title", "")),
            policies={rule: word for rule, word in said.get("policies", {}).items() if word in POLICIES.get(rule, ())},
        )
    except (ValueError, TypeError, AttributeError):
        return Choices()


def _by_hand(tables: Sequence[staging.Staged], columns: Mapping[str, str]) -> Choices:
    """Meanings that were said of columns, for each file that has them."""
    named = {table.name: set(staging.scan(table).collect_schema().names()) for table in tables}
    unknown = sorted(set(columns) - set().union(*named.values()))
    if unknown:
        raise DataError(f"--column {unknown[0]}: expected a column of the files, found none of this name.")
    return Choices(
        meanings={
            file: {column: meaning for column, meaning in columns.items() if column in own}
            for file, own in named.items()
            if own & set(columns)
        }
    )


def name_for(title: str) -> str:
    """A dataset's name from its title: letters, digits and -."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    name = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:50].strip("-")
    return name if name and name != "demo" else "my-sales"


@contextmanager
def understood(paths: Sequence[Path], columns: Mapping[str, str] | None = None) -> Iterator[Files]:
    """Files read into a folder that goes with the block; a folder stands for the files in it.

    `columns` says by hand what columns of the order lines mean.
    """
    handed = []
    for path in paths:
        if not path.exists():
            raise DataError(f"{path}: expected a file, found nothing there.")
        inside = files_in(path) if path.is_dir() else [path]
        handed += [staging.Handed(printable(file.name), file) for file in inside]
    with scratch.folder() as folder:
        tables, refused = staging.stage(handed, folder)
        if not tables:
            raise DataError(" ".join(one.sentence for one in refused) or "Expected a file with rows, found none.")
        by_hand = _by_hand(tables, columns or {})
        yield Files(tables, refused, understand(tables, by_hand), by_hand)
