"""From what files hold to a recipe: every choice with its evidence, every doubt with a question."""

from __future__ import annotations

import glob
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from data.checking import currencies
from data.guessing.profiles import Column
from data.guessing.roles import FileGuess, FileProfile, Meaning, guess_files
from data.guessing.words import words
from data.recipe.recipes import LOOKUPS, PLAIN_NUMBERS
from data.recipe.toml import toml_text

CURRENCIES: Final = ("USD", "EUR", "GBP", "CHF", "CAD", "AUD", "JPY", "INR", "SEK", "NOK", "DKK", "PLN", "BRL", "CNY")
"""Currencies that are offered first; a recipe may name any other."""


MONEY: Final = frozenset({"revenue", "unit_price", "cost", "unit_cost", "profit", "discount", "amount"})
"""Meanings that are money."""


@dataclass(frozen=True)
class Question:
    """Something that the files leave open."""

    key: str
    """`dates:FILE:COLUMN`, `numbers:FILE:COLUMN` or `currency`."""
    text: str
    options: tuple[str, ...]
    default: str


@dataclass(frozen=True)
class Guess:
    """What a set of files is taken for."""

    files: tuple[FileGuess, ...]
    joins: tuple[str, ...]
    """One sentence for each join, with how many values it finds."""
    questions: tuple[Question, ...]
    title: str
    currency: str
    said: tuple[str, ...] = ()
    """Further evidence, one sentence each."""
    policies: Mapping[str, str] = field(default_factory=dict)

    def of(self, role: str) -> list[FileGuess]:
        """The files of a role."""
        return [one for one in self.files if one.role == role]


@dataclass(frozen=True)
class Choices:
    """What a person has decided; everything else is guessed."""

    roles: Mapping[str, str] = field(default_factory=dict)
    """File -> role."""
    meanings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """File -> source column -> meaning; empty text for a column that is not used."""
    answers: Mapping[str, str] = field(default_factory=dict)
    """Question -> one of its options."""
    title: str = ""
    policies: Mapping[str, str] = field(default_factory=dict)


def guess(
    files: Sequence[FileProfile],
    choices: Choices | None = None,
    overlaps: Mapping[tuple[str, str, str, str], float] | None = None,
) -> Guess:
    """What the files are taken for. `overlaps` says which share of one file's column another file's column knows."""
    made = choices or Choices()
    guesses = [_by_hand(one, made.meanings.get(one.file, {})) for one in guess_files(files, made.roles)]
    by_name = {file.name: file for file in files}
    currency, said = _currency(guesses, by_name)
    questions = _date_questions(guesses, by_name) + _number_questions(guesses, by_name)
    if not currency or "currency" in made.answers:
        questions.append(Question("currency", "Which currency is the money in?", CURRENCIES, currency or "USD"))
    notes = [said] if said else []
    policies = _policies(guesses, by_name, notes)
    return Guess(
        files=tuple(guesses),
        joins=tuple(_joins(guesses, overlaps or {})),
        questions=tuple(questions),
        title=made.title or title(files, guesses),
        currency=made.answers.get("currency", currency or "USD"),
        said=tuple(dict.fromkeys(notes)),
        policies={**policies, **made.policies},
    )


def _by_hand(one: FileGuess, chosen: Mapping[str, str]) -> FileGuess:
    if not chosen:
        return one
    meanings = {
        column: Meaning(chosen[column], "Chosen by hand.", 1.0)
        if column in chosen
        else Meaning("", "Another column was chosen for it.")
        if meaning.meaning and meaning.meaning in chosen.values()
        else meaning
        for column, meaning in one.meanings.items()
    }
    return replace(one, meanings=meanings)


# --- Sentences --------------------------------------------------------------------------------------------------------


def _joins(guesses: Sequence[FileGuess], overlaps: Mapping[tuple[str, str, str, str], float]) -> list[str]:
    said = []
    for role, key in LOOKUPS.items():
        for lookup in (one for one in guesses if one.role == role):
            own = lookup.column(key)
            for user in guesses:
                other = user.column(key)
                if own is None or other is None or user.role in ("unused", role):
                    continue
                share = overlaps.get((user.file, other, lookup.file, own))
                found = "" if share is None else f": {share:.1%} of its values are found there"
                said.append(f"{user.file} joins {lookup.file} by {other} = {own}{found}.")
    return said


def _date_questions(guesses: Sequence[FileGuess], files: Mapping[str, FileProfile]) -> list[Question]:
    """A question for every date that could be either way round, unless another file of the same table settles it."""
    questions = []
    for one in guesses:
        for column, found in one.meanings.items():
            if found.meaning not in ("ordered_on", "returned_on", "month"):
                continue
            formats = files[one.file].column(column).dates
            if len(formats) < 2:
                continue
            settled = _settled(one, column, formats, guesses, files)
            example = files[one.file].column(column).examples[0]
            text = f"{one.file}: is {column} written with the day or the month first? An example is {example}."
            if settled is None:
                questions.append(Question(f"dates:{one.file}:{column}", text, formats, formats[0]))
    return questions


def _number_questions(guesses: Sequence[FileGuess], files: Mapping[str, FileProfile]) -> list[Question]:
    """A question for every file whose money could be thousands or decimals, unless its other numbers settle it."""
    questions = []
    for one in guesses:
        used = [files[one.file].column(column) for column, found in one.meanings.items() if found.meaning]
        doubtful = [column for column in used if column.open_mark and one.meanings[column.name].meaning in MONEY]
        if not doubtful or any(column.numbers != PLAIN_NUMBERS for column in used):
            continue
        column = doubtful[0]
        number = column.open_mark
        text = f"{one.file}: is {number} in {column.name} a number of thousands, or one with three decimals?"
        # Numbers without a point stand among the others where the point marks thousands: 950, 1.234.
        options = (PLAIN_NUMBERS, "1.234,56") if column.fractions == column.filled else ("1.234,56", PLAIN_NUMBERS)
        questions.append(Question(f"numbers:{one.file}:{column.name}", text, options, options[0]))
    return questions


def _settled(
    one: FileGuess, column: str, formats: Sequence[str], guesses: Sequence[FileGuess], files: Mapping[str, FileProfile]
) -> str | None:
    """The format that a date column of the same file, or the same column of a file like it, leaves no doubt about."""
    own = [other for other in files[one.file].columns if other.name != column]
    like = [
        files[other.file].column(column) for other in guesses if other.role == one.role and column in other.meanings
    ]
    for other in [*like, *own]:
        if len(other.dates) == 1 and other.dates[0] in formats:
            return other.dates[0]
    return None


def dates_of(
    one: FileGuess, guesses: Sequence[FileGuess], files: Mapping[str, FileProfile], answers: Mapping[str, str]
) -> str | None:
    """The date format of a file, None where it has no date or ISO dates."""
    for column, found in one.meanings.items():
        if found.meaning in ("ordered_on", "returned_on", "month"):
            formats = files[one.file].column(column).dates
            if not formats:
                return None
            answer = answers.get(f"dates:{one.file}:{column}")
            if len(formats) == 1:
                return formats[0]
            return answer or _settled(one, column, formats, guesses, files) or formats[0]
    return None


def title(files: Sequence[FileProfile], guesses: Sequence[FileGuess]) -> str:
    """A name for the dataset: what the file names of the lines have in common."""
    used = [one.file for one in guesses if one.role == "lines"] or [file.name for file in files]
    stems = [re.sub(r"[\W_]+", " ", re.sub(r"\.\w{1,8}$", "", name)).split() for name in used]
    common = []
    for parts in zip(*stems, strict=False):
        if len({part.lower() for part in parts}) > 1:
            break
        common.append(parts[0])
    kept = [word for word in common if word.lower() not in ("sales", "data", "raw", "export", "lines", "strings")]
    kept = [word for word in kept if not re.fullmatch(r"\d+", word)] or common or stems[0] if stems else []
    text = " ".join(kept) or "My sales"
    return text[0].upper() + text[1:]


_MONEY: Final = {
    "USD": ("united states", "usa", "us"),
    "GBP": ("united kingdom", "uk", "great britain", "england"),
    "EUR": (
        *("germany", "france", "spain", "italy", "netherlands", "austria", "belgium", "ireland", "portugal", "finland"),
        *("greece", "slovakia", "slovenia", "estonia", "latvia", "lithuania", "luxembourg", "malta", "cyprus"),
        "croatia",
    ),
    "CHF": ("switzerland",),
    "CAD": ("canada",),
    "AUD": ("australia",),
    "JPY": ("japan",),
    "INR": ("india",),
    "SEK": ("sweden",),
    "NOK": ("norway",),
    "DKK": ("denmark",),
    "PLN": ("poland",),
    "BRL": ("brazil",),
    "CNY": ("china",),
}
_COUNTRY_MONEY: Final = {country: code for code, countries in _MONEY.items() for country in countries}


def _currency(guesses: Sequence[FileGuess], files: Mapping[str, FileProfile]) -> tuple[str, str]:
    """The currency and why; empty where nothing tells."""
    used = [(files[one.file], one) for one in guesses if one.role != "unused"]
    for file, one in used:
        if (name := one.column("currency")) and (code := currencies.code(file.column(name).examples[0])):
            return code, f"Most rows of {file.name} have {code} in {name}."
        for column, found in one.meanings.items():
            if found.meaning and (signs := file.column(column).currencies):
                code = currencies.code(signs[0][0])
                if len(signs) == 1:
                    return code, f"The numbers of {column} in {file.name} carry the sign of {code}."
                counted = ", ".join(f"{sign} on {rows:,} rows" for sign, rows in signs[:5])
                return code, (
                    f"The numbers of {column} in {file.name} carry several currencies: {counted}. Only one can be "
                    "summed: rows in another one are set aside."
                )
    for file, one in used:
        for column, found in one.meanings.items():
            if found.meaning in ("revenue", "unit_price", "amount", "cost"):
                for word in words(column).split():
                    code = {"dollar": "USD", "dollars": "USD", "euro": "EUR", "euros": "EUR", "pound": "GBP"}.get(
                        word, word.upper()
                    )
                    if code in CURRENCIES:
                        return code, f"The name of {column} in {file.name} says {code}."
    for file, one in used:
        if name := one.column("country"):
            places = file.column(name)
            for example in places.examples[:1] if file.rows > 50 else _settling(places):
                if code := _COUNTRY_MONEY.get(example.lower(), ""):
                    return code, f"{example} is the most frequent value of {name} in {file.name}, so {code} is assumed."
    return "", ""


def _settling(column: Column) -> Sequence[str]:
    """Countries of a short list count only if they share their money."""
    codes = Counter(_COUNTRY_MONEY.get(example.lower(), "") for example in column.examples)
    return column.examples[:1] if column.examples and (len(codes) == 1 or codes.most_common(1)[0][1] > 1) else ()


_DISCOUNTS: Final = {
    (True, True): "netted_rate",
    (True, False): "netted",
    (False, True): "rate",
    (False, False): "amount",
}
"""Whether the revenue is without the discount already, and whether it is a share -> policy."""


def _policies(guesses: Sequence[FileGuess], files: Mapping[str, FileProfile], said: list[str]) -> dict[str, str]:
    """Policies that the lines call for."""
    lines = [(files[one.file], one) for one in guesses if one.role == "lines"]
    policies = {
        "unreadable": "set_aside",
        "overlapping_files": "set_aside",
        "contradicting_files": "set_aside",
        "negative_price": "set_aside",
    }
    if lines and not any(one.column("quantity") for _, one in lines):
        policies["no_quantity"] = "one_unit"
    for file, one in lines:
        if (name := one.column("quantity")) and (count := file.column(name).negatives):
            policies["negative_quantity"] = "returns"
            said.append(f"{count:,} rows of {file.name} have a {name} below zero: they become returns.")
        if file.idle_rows:
            policies["zero_price"] = "set_aside"
            said.append(file.idle_rows)
        if (name := one.column("discount")) and (column := file.column(name)):
            rate = column.low is not None and column.low >= 0 and (column.high or 0) <= 1
            policies["discount"] = (
                ("netted_rate" if file.netted else "rate") if rate else "netted" if file.netted else "amount"
            )
            kind = "shares from 0 to 1" if rate else "amounts"
            said.append(f"{name} holds {kind}. {file.netted}".rstrip())
    return policies


# --- The recipe -------------------------------------------------------------------------------------------------------


def recipe_text(found: Guess, files: Sequence[FileProfile], answers: Mapping[str, str]) -> str:
    """The guess as a recipe, to be used, downloaded and edited."""
    by_name = {file.name: file for file in files}
    content: dict[str, Any] = {"title": found.title, "currency": found.currency, "reading": "detect"}
    content["policies"] = dict(found.policies)
    for role in ("lines", *LOOKUPS, "returns", "targets"):
        members = found.of(role)
        if members:
            content[role] = _table(role, members, found, by_name, answers)
    segments = _segments_of_lines(found, by_name)
    if segments and "customers" not in content and any(one.column("customer_id") for one in found.of("lines")):
        content["customers"] = {"columns": segments}
    return toml_text(content)


def _segments_of_lines(found: Guess, files: Mapping[str, FileProfile]) -> dict[str, Any]:
    """Columns of the lines that describe the customer."""
    columns: dict[str, Any] = {}
    for one in found.of("lines")[:1]:
        for column, meaning in one.meanings.items():
            if meaning.meaning == "name":
                columns["name"] = column
            elif meaning.meaning.startswith("segment:"):
                columns[meaning.meaning.removeprefix("segment:")] = column
    del files
    return columns


def _table(
    role: str,
    members: Sequence[FileGuess],
    found: Guess,
    files: Mapping[str, FileProfile],
    answers: Mapping[str, str],
) -> dict[str, Any]:
    first = members[0]
    table: dict[str, Any] = {"files": [_file(one, found, files, answers) for one in members]}
    key = LOOKUPS.get(role)
    if key:
        table["key"] = first.column(key) or ""
    used = [column for column, meaning in first.meanings.items() if meaning.meaning]
    marks = sorted({mark for one in members for column in used for mark in _marks(files[one.file], column)})
    if marks:
        table["missing"] = marks
    columns: dict[str, Any] = {}
    names = [first.column("first_name"), first.column("last_name")]
    if role == "customers" and all(names) and first.column("name") is None:
        columns["name"] = {"column": names}
    for source, meaning in first.meanings.items():
        name = meaning.meaning
        if not name or name in (key, "first_name", "last_name") or (role == "lines" and name == "name"):
            continue
        if name.startswith("segment:") and role == "lines":
            continue
        name = name.split(":")[-1]
        suffixed = name.endswith("_id") and all(files[one.file].column(source).suffixed for one in members)
        columns[name] = {"column": source, "remove_suffix": ".0"} if suffixed else source
    table["columns"] = columns
    return table


def _marks(file: FileProfile, column: str) -> tuple[str, ...]:
    return next((one.missing for one in file.columns if one.name == column), ())


def _file(one: FileGuess, found: Guess, files: Mapping[str, FileProfile], answers: Mapping[str, str]) -> dict[str, Any]:
    spec: dict[str, Any] = {"file": glob.escape(one.file)}
    form = dates_of(one, found.files, files, answers)
    if form and form != "%Y-%m-%d":
        spec["dates"] = form
    styles = {
        files[one.file].column(column).numbers
        for column, meaning in one.meanings.items()
        if meaning.meaning and files[one.file].column(column).numeric
    }
    style = next((style for style in sorted(styles) if style != PLAIN_NUMBERS), PLAIN_NUMBERS)
    for question in found.questions:
        if question.key.startswith(f"numbers:{one.file}:"):
            style = answers.get(question.key, question.default)
    if style != PLAIN_NUMBERS:
        spec["numbers"] = style
    if options := dict(files[one.file].options):
        spec["options"] = options
    return spec
