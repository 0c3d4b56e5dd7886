"""Command line: `python -m data prepare RECIPE` or `FILE...`, and `refresh`, `recipe`, `list`, `demo`."""

from __future__ import annotations

import argparse
import os
import re
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from polars.exceptions import PanicException

from data import arguments, manage, scratch
from data.errors import DataError
from data.store import locations, managing, store

if TYPE_CHECKING:
    from data.findings import Findings
    from data.rules.policies import Policies


def main(words: list[str] | None = None) -> int:
    """Run one command; 0, or 1 after a one-sentence error, or 130 where it was stopped."""
    parsed = arguments.parser().parse_args(words)
    try:
        with _stopped_in_order():
            _run(parsed)
    except DataError as error:
        _say(str(error), error=True)
        return 1
    except PanicException as error:
        _say(f"Expected files that can be read, found a problem ({error}). Nothing was changed.", error=True)
        return 1
    except BrokenPipeError:  # Whoever read the output, such as `head`, has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        _say(f"{where}expected rights and room to work, found a problem ({error.strerror or error}).", error=True)
        return 1
    except KeyboardInterrupt:
        _say("Stopped before the end.", error=True)
        return 130
    return 0


def _run(parsed: argparse.Namespace) -> None:
    scratch.sweep()
    managing.sweep(parsed.home)
    if manage.run(parsed, _say):
        return
    match parsed.command:
        case "prepare":
            _prepare(parsed)
        case "refresh":
            _refresh(parsed)
        case _:
            _demo(parsed)


@contextmanager
def _stopped_in_order() -> Iterator[None]:
    """Let the signals by which a command is stopped end it like a key does, so that it tidies up."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, _: object) -> None:
        signal.signal(number, signal.SIG_IGN)
        raise KeyboardInterrupt

    names = [name for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {name: signal.signal(getattr(signal, name), stop) for name in names}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(getattr(signal, name), handler)


_CONTROLS: Final = re.compile(r"\r(?!\n)|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def _say(text: str, *, error: bool = False, end: str = "\n") -> None:
    """Print text in which data may stand: nothing in it commands the terminal."""
    print(_CONTROLS.sub("\ufffd", text), file=sys.stderr if error else sys.stdout, end=end)


def _prepare(parsed: argparse.Namespace) -> None:
    """Prepare by a recipe, or files alone; what is said beside them is checked first, whichever it is."""
    from data.recipe import recipes

    policies = _policies(parsed.policy)
    if parsed.currency is not None and not re.fullmatch(recipes.CURRENCY, parsed.currency):
        raise DataError(f"--currency {parsed.currency}: expected a currency code such as USD, in capital letters.")
    if parsed.title is not None and not (parsed.title.strip() and parsed.title.isprintable()):
        raise DataError("--title: expected a text on one line, found none.")
    if parsed.name is not None:
        _own_name(parsed.name)
    first, *more = parsed.recipe
    if more:
        for item in parsed.recipe:
            if item in recipes.shipped() or Path(item).suffix.lower() == ".toml":
                advice = "Name the recipe alone, and say where its files are with --from."
                raise DataError(f"{item}: expected a recipe alone, found other files beside it. {advice}")
    named = not Path(first).suffix and not Path(first).exists()
    if not more and (named or first in recipes.shipped() or Path(first).suffix.lower() == ".toml"):
        _prepare_by_recipe(parsed, policies)
    else:
        _prepare_files(parsed, policies)


def _prepare_by_recipe(parsed: argparse.Namespace, policies: dict[str, str]) -> None:
    from data import findings, prepare, report
    from data.recipe import recipes
    from data.sources import opened

    first = parsed.recipe[0]
    for given, option, key in (
        (parsed.dates, "--day-first and --month-first are", "dates"),
        (parsed.numbers, "--decimal-point and --decimal-comma are", "numbers"),
        (parsed.column, "--column is", "columns"),
        (parsed.answer, "--answer is", "columns, policies"),
    ):
        if given:
            raise DataError(f"{first}: {option} for files without a recipe. Say it in the recipe: {key}.")
    recipe = recipes.chosen(
        recipes.read(first), policies, title=parsed.title or "", currency=parsed.currency or "", file=Path(first).name
    )
    place = parsed.origin
    if place is None:
        if first in recipes.shipped():
            raise DataError(f"{first}: say where its files are with --from FOLDER_OR_ZIP.")
        place = Path(first).resolve().parent
    name = _own_name(parsed.name or recipe.name)
    if parsed.check:
        with opened(place) as origin:
            # What would stop the import stops its trial, too.
            prepared = prepare.read(recipe, origin, name=name, today=date.today())
            matches = findings.find(recipe, origin, today=date.today())
        _say(report.report(prepared) + "\n")
        _print_findings(matches, recipe.policies, check=True)
        return
    home = parsed.home or locations.home()
    result = prepare.prepare(recipe, place, home=home, name=name, today=date.today())
    _say(report.report(result.prepared))
    _say(f"\nPrepared as {result.name}, version {result.version}, in {result.path}")


def _print_findings(findings: Findings, policies: Policies, *, check: bool) -> None:
    """What the rules found; with `check` that is the end of it."""
    from data import guided

    _say("What the rules found")
    _say("\n".join(f"  {line}" for line in guided.describe_findings(findings, policies)))
    if check:
        _say("\nNothing was prepared. --policy RULE=WORD chooses what happens to the rows of a rule.")


def _prepare_files(parsed: argparse.Namespace, policies: dict[str, str]) -> None:
    """Files without a recipe: understand them, say why, prepare."""
    from data import guided, report

    if parsed.origin is not None:
        raise DataError("--from: expected a recipe beside it, found files. Name the files alone, or the recipe alone.")
    wanted = guided.ImportOptions(
        title=parsed.title or "",
        currency=parsed.currency or "",
        dates=parsed.dates or "",
        numbers=parsed.numbers or "",
        policies=policies,
        answers=_answers(parsed.answer),
    )
    columns = _columns(parsed.column)
    with guided.understood([Path(file) for file in parsed.recipe], columns) as files:
        _say("\n".join(files.summary(wanted)) + "\n")
        by_recipe = files.parsed(wanted, name="files")
        _print_findings(files.check(wanted, today=date.today()), by_recipe.policies, check=parsed.check)
        if parsed.check:
            return
        name = _own_name(parsed.name or guided.name_for(files.choices(wanted).title or files.understood.title))
        result = files.prepare(wanted, home=parsed.home or locations.home(), name=name, today=date.today())
    _say("")
    _say(report.report(result.prepared))
    _say(f"\nPrepared as {result.name}, version {result.version}, in {result.path}")
    _say(f"Its recipe, to be edited and used again: python -m data recipe {result.name} > {result.name}.toml")


def _columns(sentences: list[str]) -> dict[str, str]:
    """What `--column COLUMN=MEANING` says."""
    from data.terms.columns import TABLES

    known_columns = TABLES["lines"].columns
    result = {}
    for item in sentences:
        column, sign, meaning = item.rpartition("=")
        if not sign or (meaning and meaning not in known_columns):
            raise DataError(f"--column {item}: expected COLUMN= and one of {', '.join(known_columns)}.")
        result[column] = meaning
    return result


def _answers(sentences: list[str]) -> dict[str, str]:
    """What `--answer QUESTION=ANSWER` says."""
    wrong = next((item for item in sentences if "=" not in item), None)
    if wrong is not None:
        raise DataError(f"--answer {wrong}: expected a question, = and an answer, found no =.")
    return {question: answer for question, _, answer in (item.rpartition("=") for item in sentences)}


def _policies(sentences: list[str]) -> dict[str, str]:
    """What `--policy RULE=WORD` says."""
    from data.rules.policies import POLICIES

    chosen: dict[str, str] = {}
    for item in sentences:
        rule, _, word = item.partition("=")
        if rule not in POLICIES:
            raise DataError(f"--policy {item}: expected a rule ({', '.join(POLICIES)}), found {rule!r}.")
        if word not in POLICIES[rule]:
            raise DataError(f"--policy {item}: expected {' or '.join(POLICIES[rule])}, found {word!r}.")
        if chosen.setdefault(rule, word) != word:
            raise DataError(f"--policy {item}: expected one word for {rule}, found {chosen[rule]!r} as well.")
    return chosen


def _refresh(parsed: argparse.Namespace) -> None:
    """Prepare a dataset again from its files as they are now."""
    from data import guided, prepare, report, seen
    from data.recipe import recipes
    from data.store import changes

    before = store.find(_own_name(parsed.dataset), home=parsed.home).path
    text = store.recipe_text(before)
    if not text:
        raise DataError(f"Dataset {parsed.dataset!r}: expected one that was prepared from files, found generated data.")
    policies = _policies(parsed.policy)
    recipe = recipes.parse(text, file="recipe", name=parsed.dataset)
    recipe = recipes.chosen(recipe, policies, title="", currency="", file="recipe")
    home = parsed.home or locations.home()
    prepared = prepare.read(recipe, parsed.origin, name=parsed.dataset, today=date.today())
    new = seen.news(store.seen_text(before), prepared.seen)
    if new.states and not parsed.as_before:
        raise DataError(
            f"{' '.join(new.sentences())} Nothing was prepared: change the columns and rules on the Data page, prepare "
            "the files anew, or say --as-before."
        )
    choices = store.choices_text(before)
    kept = guided.with_policies(choices, policies) if choices else ""
    result = prepare.publish(replace(prepared, choices=kept), home=home, name=parsed.dataset)
    for sentence in new.sentences():
        _say(sentence)
    _say(report.report(result.prepared))
    changed = [change for change in changes.changes(before, result.path) if change.changed]
    _say("\nWhat changed" if changed else "\nNothing changed.")
    for item in changed:
        _say(f"  {item.label}: {item.before} -> {item.now}")
    _say(f"\nPrepared as {result.name}, version {result.version}, in {result.path}")


def _own_name(name: str) -> str:
    if locations.check_name(name) == "demo":
        raise DataError("Dataset name 'demo': expected another name, as this one is the shipped demo's.")
    return name


def _demo(parsed: argparse.Namespace) -> None:
    from data import generator

    name = _own_name(parsed.name or f"demo-{parsed.lines}")
    version = generator.main(lines=parsed.lines, seed=parsed.seed, home=parsed.home or locations.home(), name=name)
    _say(f"{parsed.lines:,} order lines prepared as {name}, version {version}")


if __name__ == "__main__":
    sys.exit(main())
