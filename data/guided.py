"""Files without a recipe: read, understand, guess, prepare, saying at each step what was understood and why."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from data import prepare, recipes, scratch, staging
from data.errors import DataError, printable
from data.guessing import called
from data.guessing import guess as guessing
from data.guessing.guess import Choices, Guess
from data.guessing.understand import Understood, understand
from data.policies import Policies
from data.report import money
from data.rules import findings
from data.rules.findings import OPTIONS, Findings
from data.sources import files_in


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


@dataclass(frozen=True)
class Files:
    """Files that were read and looked into."""

    tables: Sequence[staging.Staged]
    refused: Sequence[staging.Refused]
    found: Understood

    def choices(self, asked: Asked) -> Choices:
        """What was said, as answers to what the files leave open. Raises DataError where a date stays open."""
        first = guessing.guess(self.found.files)
        answers = {"currency": asked.currency} if asked.currency else {}
        for question in first.questions:
            if question.key.startswith("dates:"):
                fitting = [option for option in question.options if option.startswith(asked.dates or "?")]
                if not fitting:
                    raise DataError(f"{question.text} Say --day-first or --month-first.")
                answers[question.key] = fitting[0]
            if question.key.startswith("numbers:") and asked.numbers:
                answers[question.key] = asked.numbers
        return Choices(answers=answers, title=asked.title, policies=asked.policies)

    def guess(self, asked: Asked) -> Guess:
        """What the files are taken for."""
        return guessing.guess(self.found.files, self.choices(asked), self.found.overlaps)

    def recipe(self, asked: Asked) -> str:
        """The recipe that follows."""
        choices = self.choices(asked)
        return recipe_of(guessing.guess(self.found.files, choices, self.found.overlaps), self.found, choices)

    def parsed(self, asked: Asked, *, name: str) -> recipes.Recipe:
        """The recipe, parsed."""
        return recipes.parse(self.recipe(asked), file="guessed recipe", name=name)

    def check(self, asked: Asked, *, today: date) -> Findings:
        """What the rules find, and what each policy is worth."""
        return findings.find(self.parsed(asked, name="guess"), staging.StagedOrigin(self.tables), today=today)

    def prepare(self, asked: Asked, *, home: Path, name: str, today: date) -> prepare.Result:
        """Publish the dataset."""
        origin = staging.StagedOrigin(self.tables)
        return prepare.prepare(self.parsed(asked, name=name), origin, home=home, name=name, today=today)

    def said(self, asked: Asked) -> list[str]:
        """What was understood and why, line by line."""
        found = self.guess(asked)
        lines = [f"{one.name}: {one.sentence} Left out." for one in self.refused]
        read = {table.name: table.said for table in self.tables}
        for one in found.files:
            lines.append(f"{one.file}: {called.ROLES[one.role].lower()}. {one.evidence}")
            lines += [f"    {sentence}" for sentence in read[one.file]]
            lines += [
                f"    {column} = {called.meaning(meaning.meaning).lower()}: {meaning.evidence}"
                for column, meaning in one.meanings.items()
                if meaning.meaning
            ]
        lines += [*found.joins, *found.said]
        for question in found.questions:
            if question.key.startswith("numbers:") and not asked.numbers:
                taken = called.answer(question.default).lower()
                lines.append(f"{question.text} Taken for {taken} (--decimal-point or --decimal-comma).")
        if found.of("lines") and not asked.currency and any(one.key == "currency" for one in found.questions):
            lines.append(f"No file says which currency the money is in: {found.currency} is taken (--currency).")
        return lines


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
    return lines or ["No rule found anything."]


def recipe_of(found: Guess, understood: Understood, choices: Choices) -> str:
    """A guess as a recipe; DataError with what is missing where no file can be order lines."""
    if not found.of("lines"):
        names = ", ".join(file.name for file in understood.files) or "no file that can be read"
        raise DataError(
            "Expected a file with order lines, that is a date, a product, order or customer, and a quantity or amount; "
            f"found {names}. Say which file holds the lines and which column is the date."
        )
    return guessing.recipe_text(found, understood.files, choices.answers)


def name_for(title: str) -> str:
    """A dataset's name from its title: letters, digits and -."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    name = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:50].strip("-")
    return name if name and name != "demo" else "my-sales"


@contextmanager
def understood(paths: Sequence[Path]) -> Iterator[Files]:
    """Files read into a folder that goes with the block; a folder stands for the files in it."""
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
        yield Files(tables, refused, understand(tables))
