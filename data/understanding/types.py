"""What understanding gives: the use of each file, the meaning of each column, what must be asked, and the recipe.

All of it is plain values, so that it crosses to the page as JSON. An answer to a question is what it changes in the
recipe: choosing an answer and setting by hand end in the same place.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from data.understanding import facts as facts_of
from data.understanding.changes import Path, changed
from data.understanding.facts import Fact


@dataclass(frozen=True)
class Meaning:
    """What one column means and why."""

    meaning: str
    """One of `terms.columns.COLUMNS`, `dimension:NAME`, `segment:NAME`, or empty where the column is not used."""
    evidence: str
    score: float = 0.0


@dataclass(frozen=True)
class FileUse:
    """What one file is taken for and what its columns mean."""

    file: str
    role: str
    """`lines`, `orders`, `returns`, `targets`, a lookup, or `unused`."""
    evidence: str
    rows: int = 0
    meanings: Mapping[str, Meaning] = field(default_factory=dict)
    """Column -> meaning, for every column of the file in its shape."""
    facts: tuple[Fact, ...] = ()
    sentences: tuple[str, ...] = ()
    """How it was read and what happened to its shape, one sentence each."""

    def column(self, meaning: str) -> str | None:
        """The column of a meaning."""
        return next((column for column, item in self.meanings.items() if item.meaning == meaning), None)

    def fact(self, column: str) -> Fact:
        """What a column holds."""
        return next(fact for fact in self.facts if fact.name == column)


@dataclass(frozen=True)
class ReadingTotals:
    """What a reading comes to; money in currency units."""

    rows: int
    revenue: float
    units: float
    orders: int
    first_day: str
    last_day: str

    def sentence(self) -> str:
        """In one line."""
        return (
            f"{self.rows:,} rows, revenue {self.revenue:,.2f}, {self.units:,.10g} units, {self.orders:,} orders, "
            f"{self.first_day} to {self.last_day}"
        )


@dataclass(frozen=True)
class Answer:
    """One answer to a question."""

    key: str
    label: str
    totals: ReadingTotals | None = None
    row: str = ""
    """One row read in this way: "Row 12: 2 x 24.00 - 10 % = 43.20 = Total"."""
    changes: tuple[tuple[Path, Any], ...] = ()
    """What it changes in the recipe."""
    sentences: tuple[str, ...] = ()
    """What is said of the files where it is chosen, in place of what is said of the likeliest answer."""


@dataclass(frozen=True)
class Question:
    """Something that the files leave open."""

    key: str
    """`money`, `units`, `orders`, `currency`, `dates:FILE:COLUMN`, `numbers:FILE:COLUMN`, ..."""
    text: str
    answers: tuple[Answer, ...]
    default: str
    """Key of the likeliest answer."""
    must: bool = True
    """Whether nothing may be prepared before it is answered; otherwise the default is taken and said."""
    option: str = ""
    """How the command line says the answers, where not by --answer."""

    @property
    def options(self) -> tuple[str, ...]:
        """The keys of the answers."""
        return tuple(answer.key for answer in self.answers)

    def answer(self, key: str) -> Answer:
        """An answer by key; the likeliest where there is none of this key."""
        by_key = {answer.key: answer for answer in self.answers}
        return by_key.get(key) or by_key[self.default]


@dataclass(frozen=True)
class Choices:
    """What a person has decided; everything else is found out."""

    roles: Mapping[str, str] = field(default_factory=dict)
    """File -> role."""
    meanings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """File -> column -> meaning; empty text for a column that is not used."""
    answers: Mapping[str, str] = field(default_factory=dict)
    """Question -> key of an answer."""
    labels: Mapping[str, str] = field(default_factory=dict)
    """Question -> label of that answer, by which it is known again where the answers have changed."""
    title: str = ""
    policies: Mapping[str, str] = field(default_factory=dict)

    def by_hand(self) -> dict[str, Any]:
        """What changes the understanding itself, and not only which of its answers count."""
        return {"roles": dict(self.roles), "meanings": {file: dict(item) for file, item in self.meanings.items()}}


@dataclass(frozen=True)
class Understanding:
    """What a set of files is taken for."""

    files: tuple[FileUse, ...]
    questions: tuple[Question, ...] = ()
    title: str = ""
    currency: str = ""
    joins: tuple[str, ...] = ()
    """One sentence for each join, with how many values it finds."""
    sentences: tuple[str, ...] = ()
    """Further evidence, one sentence each."""
    content: Mapping[str, Any] = field(default_factory=dict)
    """The recipe with the likeliest answers, as a dict; empty where no file can be order lines."""
    missing: str = ""
    """What is missing where nothing can be prepared, and what could be it."""
    totals: ReadingTotals | None = None
    """What the likeliest reading comes to."""

    def of(self, role: str) -> list[FileUse]:
        """The files of a role."""
        return [file for file in self.files if file.role == role]

    def question(self, key: str) -> Question | None:
        """A question by key."""
        return next((question for question in self.questions if question.key == key), None)

    def fitted(self, choices: Choices) -> Choices:
        """Choices whose answers are those to these questions: an answer is known by what it says, wherever it stands
        among the others, and lapses where it is no longer offered."""
        answers = {}
        for key, answer in choices.answers.items():
            question, label = self.question(key), choices.labels.get(key, "")
            if question is None or not label:
                answers[key] = answer
            elif same := next((other.key for other in question.answers if other.label == label), ""):
                answers[key] = same
        return replace(choices, answers=answers)

    def open(self, answers: Mapping[str, str]) -> list[Question]:
        """Questions that must be answered and are not."""
        return [
            question
            for question in self.questions
            if question.must and answers.get(question.key) not in question.options
        ]

    def answered(self, answers: Mapping[str, str]) -> Understanding:
        """What the files are taken for with the money that was chosen: its sentences, its meanings of the columns."""
        question = self.question("money")
        chosen = question.answer(answers.get("money", "")) if question is not None else None
        if question is None or chosen is None:
            return self
        first = question.answer(question.default)
        kept = [sentence for sentence in self.sentences if sentence not in first.sentences]
        files = [_with_money(file, chosen) if file.role == "lines" else file for file in self.files]
        return replace(self, files=tuple(files), sentences=(*chosen.sentences, *kept))

    def recipe(self, choices: Choices) -> dict[str, Any]:
        """The recipe with the answers, title and policies that were chosen."""
        content: dict[str, Any] = copy.deepcopy(dict(self.content))
        for question in self.questions:
            key = choices.answers.get(question.key, "")
            if key in question.options and key != question.default:
                content = changed(content, question.answer(key).changes)
        if choices.title:
            content["title"] = choices.title
        if currency := choices.answers.get("currency"):
            content["currency"] = currency
        content["policies"] = {**content.get("policies", {}), **choices.policies}
        return content

    def as_json(self) -> dict[str, Any]:
        """As plain values."""
        return asdict(self)


def from_json(content: Mapping[str, Any]) -> Understanding:
    """What `Understanding.as_json` gave."""
    files = tuple(
        FileUse(
            **{
                **item,
                "meanings": {name: Meaning(**meaning) for name, meaning in item["meanings"].items()},
                "facts": tuple(facts_of.from_json(fact) for fact in item["facts"]),
                "sentences": tuple(item["sentences"]),
            }
        )
        for item in content["files"]
    )
    questions = tuple(
        Question(**{**item, "answers": tuple(_answer(answer) for answer in item["answers"])})
        for item in content["questions"]
    )
    return Understanding(
        **{
            **content,
            "files": files,
            "questions": questions,
            "joins": tuple(content["joins"]),
            "sentences": tuple(content["sentences"]),
            "totals": None if content["totals"] is None else ReadingTotals(**content["totals"]),
        }
    )


def _with_money(use: FileUse, answer: Answer) -> FileUse:
    """A file's use with the columns of money that an answer writes into the recipe."""
    money: dict[str, str] = {}
    kinds = {str(path[2]): value for path, value in answer.changes if path[:2] == ("lines", "columns")}
    for kind, value in kinds.items():
        columns = value.get("column", "") if isinstance(value, dict) else value
        money |= dict.fromkeys(columns if isinstance(columns, list) else [columns], kind)
    meanings = {
        column: Meaning(money[column], "Chosen as a part of the money of a line.", 1.0)
        if column in money
        else Meaning("", "Not a part of the money that was chosen.")
        if item.meaning in kinds
        else item
        for column, item in use.meanings.items()
    }
    return replace(use, meanings=meanings)


def _answer(content: Mapping[str, Any]) -> Answer:
    return Answer(
        **{
            **content,
            "totals": None if content["totals"] is None else ReadingTotals(**content["totals"]),
            "changes": tuple((tuple(path), value) for path, value in content["changes"]),
            "sentences": tuple(content["sentences"]),
        }
    )


def with_meanings(use: FileUse, meanings: Mapping[str, Meaning]) -> FileUse:
    """A file's use with other meanings of some columns."""
    return replace(use, meanings={**use.meanings, **meanings})
