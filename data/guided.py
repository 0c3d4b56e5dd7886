"""Files without a recipe: read, understand, guess, prepare, saying at each step what was understood and why."""

from __future__ import annotations

import re
import tempfile
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from data import prepare, recipes, staging
from data.errors import DataError
from data.guessing import guess as guessing
from data.guessing.guess import Choices, Guess
from data.guessing.understand import Understood, understand


@dataclass(frozen=True)
class Asked:
    """What a person says beforehand; empty where it is to be found out."""

    title: str = ""
    currency: str = ""
    dates: str = ""
    """`%d` or `%m`: what comes first where a date could be either way round."""


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
        return Choices(answers=answers, title=asked.title)

    def guess(self, asked: Asked) -> Guess:
        """What the files are taken for."""
        return guessing.guess(self.found.files, self.choices(asked), self.found.overlaps)

    def recipe(self, asked: Asked) -> str:
        """The recipe that follows."""
        choices = self.choices(asked)
        return recipe_of(guessing.guess(self.found.files, choices, self.found.overlaps), self.found, choices)

    def prepare(self, asked: Asked, *, home: Path, name: str, today: date) -> prepare.Result:
        """Publish the dataset."""
        recipe = recipes.parse(self.recipe(asked), file="guessed recipe", name=name)
        return prepare.prepare(recipe, staging.StagedOrigin(self.tables), home=home, name=name, today=today)

    def said(self, asked: Asked) -> list[str]:
        """What was understood and why, line by line."""
        found = self.guess(asked)
        lines = [f"{one.name}: {one.sentence} Left out." for one in self.refused]
        for one in found.files:
            lines.append(f"{one.file}: {one.role}. {one.evidence}")
            lines += [
                f"    {column} -> {meaning.meaning}: {meaning.evidence}"
                for column, meaning in one.meanings.items()
                if meaning.meaning
            ]
        return [*lines, *found.joins, *found.said, *(f"{one.text} Taken: {one.default}." for one in found.questions)]


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
        inside = sorted(file for file in path.rglob("*") if file.is_file()) if path.is_dir() else [path]
        handed += [staging.Handed(file.name, file) for file in inside if not file.name.startswith(".")]
    with tempfile.TemporaryDirectory(prefix="sales-files-") as folder:
        tables, refused = staging.stage(handed, Path(folder))
        if not tables:
            raise DataError(" ".join(one.sentence for one in refused) or "Expected a file with rows, found none.")
        yield Files(tables, refused, understand(tables))
