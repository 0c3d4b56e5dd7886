"""Command line: `python -m data prepare RECIPE` or `FILE...`, `refresh`, `demo`, and those of `data.manage`."""

from __future__ import annotations

import argparse
import os
import re
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from polars.exceptions import PanicException

from data import manage, scratch
from data.errors import DataError
from data.store import managing, store

if TYPE_CHECKING:
    from data.checking.rules.findings import Findings
    from data.recipe.policies import Policies


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0, or 1 after a one-sentence error, or 130 where it was stopped."""
    parsed = _parser().parse_args(arguments)
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


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m data", description="Prepare datasets for Sales Insights.")
    commands = parser.add_subparsers(dest="command", required=True)
    prepare = commands.add_parser("prepare", help="read a company's files and publish the dataset")
    prepare.add_argument(
        "recipe", nargs="+", metavar="RECIPE_OR_FILE", help="a recipe, a shipped one's name, or the files themselves"
    )
    prepare.add_argument(
        "--from",
        dest="origin",
        type=Path,
        metavar="FOLDER_OR_ZIP",
        help="where a recipe's files are (default: the recipe's folder)",
    )
    prepare.add_argument("--name", help="name of the dataset (default: the recipe's, or the files')")
    prepare.add_argument("--title", help="title of the dataset, also in place of the recipe's")
    prepare.add_argument("--currency", help="currency of the files, e.g. EUR, also in place of the recipe's")
    order = prepare.add_mutually_exclusive_group()
    order.add_argument("--day-first", action="store_const", dest="dates", const="%d", help="31/12/2024, in doubt")
    order.add_argument("--month-first", action="store_const", dest="dates", const="%m", help="12/31/2024, in doubt")
    mark = prepare.add_mutually_exclusive_group()
    mark.add_argument(
        "--decimal-point", action="store_const", dest="numbers", const="1234.56", help="1.234 is little, in doubt"
    )
    mark.add_argument(
        "--decimal-comma", action="store_const", dest="numbers", const="1.234,56", help="1.234 is a thousand, in doubt"
    )
    prepare.add_argument(
        "--policy",
        action="append",
        default=[],
        metavar="RULE=WORD",
        help="what happens to the rows that a rule finds, e.g. duplicate_lines=set_aside; goes before the recipe's",
    )
    prepare.add_argument(
        "--column",
        action="append",
        default=[],
        metavar="COLUMN=MEANING",
        help="what a column of the order lines means, e.g. Pieces=quantity; nothing behind = leaves it out",
    )
    prepare.add_argument(
        "--answer",
        action="append",
        default=[],
        metavar="QUESTION=ANSWER",
        help="the answer to a question that the files leave open, e.g. money=1; without a recipe",
    )
    prepare.add_argument(
        "--check", action="store_true", help="say what is understood and what the rules find, and prepare nothing"
    )
    again = commands.add_parser("refresh", help="read a dataset's files again by its recipe and say what changed")
    again.add_argument("dataset", help="name of the dataset")
    again.add_argument(
        "--from",
        dest="origin",
        type=Path,
        default=Path(),
        metavar="FOLDER_OR_ZIP",
        help="where the files are (default: this folder)",
    )
    again.add_argument(
        "--policy",
        action="append",
        default=[],
        metavar="RULE=WORD",
        help="from now on, what happens to the rows that a rule finds; goes before the dataset's recipe",
    )
    managed = manage.add(commands)
    demo = commands.add_parser("demo", help="generate demo data of any size")
    demo.add_argument("--lines", type=int, default=60_000, help="how many order lines (default 60,000)")
    demo.add_argument("--seed", type=int, default=1, help="seed of the generator (default 1)")
    demo.add_argument("--name", help="name of the dataset (default: demo-LINES)")
    for command in (prepare, again, demo, *managed):
        command.add_argument("--home", type=Path, help="folder of the prepared datasets (default: $SALES_HOME)")
    return parser


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
        for one in parsed.recipe:
            if one in recipes.shipped() or Path(one).suffix.lower() == ".toml":
                advice = "Name the recipe alone, and say where its files are with --from."
                raise DataError(f"{one}: expected a recipe alone, found other files beside it. {advice}")
    named = not Path(first).suffix and not Path(first).exists()
    if not more and (named or first in recipes.shipped() or Path(first).suffix.lower() == ".toml"):
        _prepare_by_recipe(parsed, policies)
    else:
        _prepare_files(parsed, policies)


def _prepare_by_recipe(parsed: argparse.Namespace, policies: dict[str, str]) -> None:
    from data import report
    from data.building import prepare
    from data.checking.rules import findings
    from data.recipe import recipes
    from data.sources import opened

    first = parsed.recipe[0]
    if parsed.dates or parsed.numbers:
        option = "--day-first and --month-first" if parsed.dates else "--decimal-point and --decimal-comma"
        raise DataError(f"{first}: {option} are for files without a recipe. Say it in the recipe: dates, numbers.")
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
            found = findings.find(recipe, origin, today=date.today())
        _say(report.report(prepared) + "\n")
        _found(found, recipe.policies, check=True)
        return
    home = parsed.home or store.home()
    result = prepare.prepare(recipe, place, home=home, name=name, today=date.today())
    _say(report.report(result.prepared))
    _say(f"\nPrepared as {result.name}, version {result.version}, in {result.path}")


def _found(found: Findings, policies: Policies, *, check: bool) -> None:
    """What the rules found; with `check` that is the end of it."""
    from data import guided

    _say("What the rules found")
    _say("\n".join(f"  {line}" for line in guided.said_of(found, policies)))
    if check:
        _say("\nNothing was prepared. --policy RULE=WORD chooses what happens to the rows of a rule.")


def _prepare_files(parsed: argparse.Namespace, policies: dict[str, str]) -> None:
    """Files without a recipe: understand them, say why, prepare."""
    from data import guided, report

    if parsed.origin is not None:
        raise DataError("--from: expected a recipe beside it, found files. Name the files alone, or the recipe alone.")
    asked = guided.Asked(
        title=parsed.title or "",
        currency=parsed.currency or "",
        dates=parsed.dates or "",
        numbers=parsed.numbers or "",
        policies=policies,
        answers=_answers(parsed.answer),
    )
    columns = _columns(parsed.column)
    with guided.understood([Path(file) for file in parsed.recipe], columns) as files:
        _say("\n".join(files.said(asked)) + "\n")
        by_recipe = files.parsed(asked, name="files")
        _found(files.check(asked, today=date.today()), by_recipe.policies, check=parsed.check)
        if parsed.check:
            return
        name = _own_name(parsed.name or guided.name_for(files.choices(asked).title or files.found.title))
        result = files.prepare(asked, home=parsed.home or store.home(), name=name, today=date.today())
    _say("")
    _say(report.report(result.prepared))
    _say(f"\nPrepared as {result.name}, version {result.version}, in {result.path}")
    _say(f"Its recipe, to be edited and used again: python -m data recipe {result.name} > {result.name}.toml")


def _columns(said: list[str]) -> dict[str, str]:
    """What `--column COLUMN=MEANING` says."""
    from data.understanding.meanings import MEANINGS

    found = {}
    for one in said:
        column, sign, meaning = one.rpartition("=")
        if not sign or (meaning and meaning not in MEANINGS["lines"]):
            raise DataError(f"--column {one}: expected COLUMN= and one of {', '.join(MEANINGS['lines'])}.")
        found[column] = meaning
    return found


def _answers(said: list[str]) -> dict[str, str]:
    """What `--answer QUESTION=ANSWER` says."""
    wrong = next((one for one in said if "=" not in one), None)
    if wrong is not None:
        raise DataError(f"--answer {wrong}: expected a question, = and an answer, found no =.")
    return {question: answer for question, _, answer in (one.rpartition("=") for one in said)}


def _policies(said: list[str]) -> dict[str, str]:
    """What `--policy RULE=WORD` says."""
    from data.recipe.policies import POLICIES

    chosen: dict[str, str] = {}
    for one in said:
        rule, _, word = one.partition("=")
        if rule not in POLICIES:
            raise DataError(f"--policy {one}: expected a rule ({', '.join(POLICIES)}), found {rule!r}.")
        if word not in POLICIES[rule]:
            raise DataError(f"--policy {one}: expected {' or '.join(POLICIES[rule])}, found {word!r}.")
        if chosen.setdefault(rule, word) != word:
            raise DataError(f"--policy {one}: expected one word for {rule}, found {chosen[rule]!r} as well.")
    return chosen


def _refresh(parsed: argparse.Namespace) -> None:
    """Prepare a dataset again from its files as they are now."""
    from data import report
    from data.building import prepare
    from data.recipe import recipes
    from data.store import changes

    before = store.find(_own_name(parsed.dataset), home=parsed.home).path
    text = store.recipe_text(before)
    if not text:
        raise DataError(f"Dataset {parsed.dataset!r}: expected one that was prepared from files, found generated data.")
    policies = _policies(parsed.policy)
    recipe = recipes.parse(text, file="recipe", name=parsed.dataset)
    recipe = recipes.chosen(recipe, policies, title="", currency="", file="recipe")
    home = parsed.home or store.home()
    result = prepare.prepare(recipe, parsed.origin, home=home, name=parsed.dataset, today=date.today())
    _say(report.report(result.prepared))
    changed = [one for one in changes.changes(before, result.path) if one.changed]
    _say("\nWhat changed" if changed else "\nNothing changed.")
    for one in changed:
        _say(f"  {one.label}: {one.before} -> {one.now}")
    _say(f"\nPrepared as {result.name}, version {result.version}, in {result.path}")


def _own_name(name: str) -> str:
    if store.check_name(name) == "demo":
        raise DataError("Dataset name 'demo': expected another name, as this one is the shipped demo's.")
    return name


def _demo(parsed: argparse.Namespace) -> None:
    from data import generator

    name = _own_name(parsed.name or f"demo-{parsed.lines}")
    version = generator.main(lines=parsed.lines, seed=parsed.seed, home=parsed.home or store.home(), name=name)
    _say(f"{parsed.lines:,} order lines prepared as {name}, version {version}")


if __name__ == "__main__":
    sys.exit(main())
