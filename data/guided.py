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

from analytics.formats import count_of
from data import findings, prepare, scratch, staged, staging
from data.errors import DataError, printable, quoted
from data.findings import Findings
from data.recipe import recipes
from data.recipe.toml import toml_text
from data.rules import months
from data.rules.policies import LABELS, POLICIES, Policies
from data.rules.table import RULES
from data.sources import files_in
from data.terms.texts import money
from data.understanding import called
from data.understanding.types import Choices, Question, Understanding
from data.understanding.understand import understand

_BY_HAND: Final = (
    'Choose the columns on the Data page, or say --column "NAME=ordered_on", --column "NAME=quantity" and --column '
    '"NAME=revenue" (or unit_price).'
)


@dataclass(frozen=True)
class ImportOptions:
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
class InspectedFiles:
    """Files that were read and looked into."""

    tables: Sequence[staged.Staged]
    refused: Sequence[staging.RefusedFile]
    understood: Understanding
    by_hand: Choices = field(default_factory=Choices)
    """Meanings of columns that were said beforehand."""

    def choices(self, wanted: ImportOptions) -> Choices:
        """What was said, as answers. Raises DataError where something that must be answered stays open."""
        answers = dict(wanted.answers)
        for question in self.understood.questions:
            if question.key.startswith("dates:") and wanted.dates:
                answers[question.key] = _ordered(question, wanted.dates)
            if question.key.startswith("numbers:") and wanted.numbers:
                answers[question.key] = _styled(question, wanted.numbers)
            key = answers.get(question.key)
            if key is not None and key not in question.options:
                known = " or ".join(quoted(option) for option in question.options)
                raise DataError(f"{question.text} Expected {known} as the answer, found {quoted(key)}.")
        if wanted.currency:
            answers["currency"] = wanted.currency
        unknown = set(wanted.answers) - {question.key for question in self.understood.questions}
        if unknown:
            raise DataError(f"--answer {sorted(unknown)[0]}: these files leave no such question open.")
        if still_open := self.understood.open(answers):
            raise DataError("\n".join(line for question in still_open for line in asking(question)))
        questions = {question.key: question for question in self.understood.questions}
        labels = {key: questions[key].answer(answer).label for key, answer in answers.items() if key in questions}
        return replace(self.by_hand, answers=answers, labels=labels, title=wanted.title, policies=wanted.policies)

    def recipe(self, wanted: ImportOptions) -> str:
        """The recipe that follows."""
        if not self.understood.content:
            raise DataError(f"{self.understood.missing} {_BY_HAND}")
        return recipe_text(self.understood, self.choices(wanted))

    def parsed(self, wanted: ImportOptions, *, name: str) -> recipes.Recipe:
        """The recipe, parsed."""
        return recipes.parse(self.recipe(wanted), file="recipe", name=name)

    def check(self, wanted: ImportOptions, *, today: date) -> Findings:
        """What the rules find, and what each policy is worth."""
        return findings.find(self.parsed(wanted, name="check"), staged.StagedOrigin(self.tables), today=today)

    def prepare(self, wanted: ImportOptions, *, home: Path, name: str, today: date) -> prepare.PublishedDataset:
        """Publish the dataset."""
        origin = staged.StagedOrigin(self.tables)
        prepared = prepare.read(self.parsed(wanted, name=name), origin, name=name, today=today)
        return prepare.publish(replace(prepared, choices=choices_text(self.choices(wanted))), home=home, name=name)

    def summary(self, wanted: ImportOptions) -> list[str]:
        """What was understood and why, line by line."""
        result = self.understood.answered(wanted.answers)
        lines = [f"{item.name}: {item.sentence} Left out." for item in self.refused]
        for file in result.files:
            role = called.ROLES[file.role].lower()
            rows = f" Its {file.rows:,} rows are left out." if file.role == "unused" else ""
            lines.append(f"{file.file}: {role}. {file.evidence}{rows}")
            lines += [f"    {sentence}" for sentence in file.sentences]
            lines += [
                f"    {column} = {called.meaning(meaning.meaning).lower()}: {meaning.evidence}"
                for column, meaning in file.meanings.items()
                if meaning.meaning
            ]
        lines += [*result.joins, *result.sentences]
        for question in result.questions:
            if question.key == "currency":
                if not wanted.currency:
                    lines.append(
                        f"No file says which currency the money is in: {result.currency} is taken (--currency)."
                    )
            elif not question.must and question.key not in wanted.answers:
                taken = question.answer(question.default)
                lines.append(f"{question.text} Taken: {taken.label.lower()} (--answer {question.key}=...).")
        return lines


def asking(question: Question) -> list[str]:
    """A question on the command line: how to answer it, and for each answer what it comes to."""
    sentences = question.option or " or ".join(f"--answer {question.key}={key}" for key in question.options)
    lines = [f"{question.text} Say {sentences}."]
    for answer in question.answers:
        worth = f": {answer.totals.sentence()}" if answer.totals else ""
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


def describe_findings(findings: Findings, policies: Policies) -> list[str]:
    """What the rules found, line by line: rows, money, what happens to them, and what else could."""
    lines = []
    for item in findings.by_rule:
        rows = count_of(item.rows, "row")
        lines.append(f"{item.title} ({item.rule}): {rows}, {money(item.money)}. {item.reason} {item.note}".rstrip())
        first = item.examples[0] if item.examples else {}
        if first:
            cells = ", ".join(f"{name} {value}" for name, value in list(first.items())[2:] if value is not None)
            lines.append(f"    such as {first['file']}, row {first['row']:,}: {cells}")
        options = RULES[item.rule].offered if item.rule in RULES else ()
        if not options:
            lines.append("    set aside: such rows cannot be counted")
            continue
        now = policies[item.rule]
        for option in options:
            effect = findings.effect(policies, item.rule, option)
            sign = "+" if effect > 0 else ""
            worth = "chosen" if option == now else f"revenue {sign}{money(effect)}" if effect else "revenue as it is"
            lines.append(f"    {option}: {LABELS[option]} ({worth})")
            if moved := months.in_words(option, item.months):
                lines.append(f"        {moved}")
    return lines or ["Nothing: every row can be counted."]


def recipe_text(understanding: Understanding, choices: Choices) -> str:
    """What was understood, with what was chosen, as a recipe to be used, downloaded and edited."""
    return toml_text(understanding.recipe(choices))


def choices_text(choices: Choices) -> str:
    """What was chosen, to be kept with the dataset."""
    return json.dumps(asdict(choices), ensure_ascii=False, sort_keys=True)


def with_policies(text: str, policies: Mapping[str, str]) -> str:
    """What `choices_text` gave, with other policies of some rules."""
    choices = choices_from(text)
    return choices_text(replace(choices, policies={**choices.policies, **policies}))


def choices_from(text: str) -> Choices:
    """What `choices_text` gave; nothing chosen where it is none of that."""
    try:
        kept = json.loads(text or "{}")
        return Choices(
            roles={str(file): str(role) for file, role in kept.get("roles", {}).items()},
            meanings={
                str(file): {str(column): str(meaning) for column, meaning in columns.items()}
                for file, columns in kept.get("meanings", {}).items()
            },
            answers={str(key): str(answer) for key, answer in kept.get("answers", {}).items()},
            labels={str(key): str(label) for key, label in kept.get("labels", {}).items()},
            title=str(kept.get("title", "")),
            policies={rule: word for rule, word in kept.get("policies", {}).items() if word in POLICIES.get(rule, ())},
        )
    except (ValueError, TypeError, AttributeError):
        return Choices()


def _by_hand(tables: Sequence[staged.Staged], columns: Mapping[str, str]) -> Choices:
    """Meanings that were said of columns, for each file that has them."""
    named = {table.name: set(staged.scan(table).collect_schema().names()) for table in tables}
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
def understood(paths: Sequence[Path], columns: Mapping[str, str] | None = None) -> Iterator[InspectedFiles]:
    """Files read into a folder that goes with the block; a folder stands for the files in it.

    `columns` says by hand what columns of the order lines mean.
    """
    handed = []
    for path in paths:
        if not path.exists():
            raise DataError(f"{path}: expected a file, found nothing there.")
        if not (path.is_dir() or path.is_file()):
            raise DataError(f"{path}: expected a file, found a pipe or a device. Save what it gives as a file first.")
        inside = files_in(path) if path.is_dir() else [path]
        handed += [staging.Handed(printable(file.name), file) for file in inside]
    with scratch.folder() as folder:
        tables, refused = staging.stage(handed, folder)
        if not tables:
            raise DataError(" ".join(item.sentence for item in refused) or "Expected a file with rows, found none.")
        by_hand = _by_hand(tables, columns or {})
        yield InspectedFiles(tables, refused, understand(tables, by_hand), by_hand)
