"""Command line: `python -m data prepare RECIPE` or `FILE...`, and `refresh`, `recipe`, `list`, `demo`."""

from __future__ import annotations

import argparse
import os
import sys
from datetime import date
from pathlib import Path

from polars.exceptions import PanicException

from data.errors import DataError
from data.store import store


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0, or 1 after a one-sentence error."""
    parsed = _parser().parse_args(arguments)
    try:
        store.sweep(parsed.home)
        if parsed.command == "prepare":
            _prepare(parsed)
        elif parsed.command == "refresh":
            _refresh(parsed)
        elif parsed.command == "recipe":
            print(store.recipe_text(store.find(parsed.dataset, home=parsed.home).path), end="")
        elif parsed.command == "list":
            _list(parsed)
        else:
            _demo(parsed)
    except DataError as error:
        print(error, file=sys.stderr)
        return 1
    except PanicException as error:
        print(f"Expected files that can be read, found a problem ({error}). Nothing was changed.", file=sys.stderr)
        return 1
    except BrokenPipeError:  # Whoever read the output, such as `head`, has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


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
    prepare.add_argument("--title", help="title of a dataset without a recipe")
    prepare.add_argument("--currency", help="currency of files without a recipe, e.g. EUR")
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
        help="what happens to the rows that a rule finds, e.g. duplicate_lines=set_aside; without a recipe",
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
    shown = commands.add_parser("recipe", help="print the recipe of a prepared dataset, to be edited and used again")
    shown.add_argument("dataset", help="name of the dataset")
    listed = commands.add_parser("list", help="list the datasets that can be opened")
    demo = commands.add_parser("demo", help="generate demo data of any size")
    demo.add_argument("--lines", type=int, default=60_000, help="how many order lines (default 60,000)")
    demo.add_argument("--seed", type=int, default=1, help="seed of the generator (default 1)")
    demo.add_argument("--name", help="name of the dataset (default: demo-LINES)")
    for command in (prepare, again, shown, listed, demo):
        command.add_argument("--home", type=Path, help="folder of the prepared datasets (default: $SALES_HOME)")
    return parser


def _prepare(parsed: argparse.Namespace) -> None:
    from data import report
    from data.building import prepare
    from data.recipe import recipes

    first = parsed.recipe[0]
    named = not Path(first).suffix and not Path(first).exists()
    if len(parsed.recipe) > 1 or not (named or first in recipes.shipped() or Path(first).suffix.lower() == ".toml"):
        _prepare_files(parsed)
        return
    recipe = recipes.read(first)
    origin = parsed.origin
    if origin is None:
        if first in recipes.shipped():
            raise DataError(f"{first}: say where its files are with --from FOLDER_OR_ZIP.")
        origin = Path(first).resolve().parent
    name = _own_name(parsed.name or recipe.name)
    home = parsed.home or store.home()
    result = prepare.prepare(recipe, origin, home=home, name=name, today=date.today())
    print(report.report(result.prepared))
    print(f"\nPrepared as {result.name}, version {result.version}, in {result.path}")


def _prepare_files(parsed: argparse.Namespace) -> None:
    """Files without a recipe: understand them, say why, prepare."""
    from data import guided, report

    asked = guided.Asked(
        title=parsed.title or "",
        currency=parsed.currency or "",
        dates=parsed.dates or "",
        numbers=parsed.numbers or "",
        policies=_policies(parsed.policy),
        answers=_answers(parsed.answer),
    )
    columns = _columns(parsed.column)
    with guided.understood([Path(file) for file in parsed.recipe], columns) as files:
        print("\n".join(files.said(asked)))
        policies = files.parsed(asked, name="files").policies
        print("\nWhat the rules found")
        print("\n".join(f"  {line}" for line in guided.said_of(files.check(asked, today=date.today()), policies)))
        if parsed.check:
            print("\nNothing was prepared. --policy RULE=WORD chooses what happens to the rows of a rule.")
            return
        name = _own_name(parsed.name or guided.name_for(files.choices(asked).title or files.found.title))
        result = files.prepare(asked, home=parsed.home or store.home(), name=name, today=date.today())
    print()
    print(report.report(result.prepared))
    print(f"\nPrepared as {result.name}, version {result.version}, in {result.path}")
    print(f"Its recipe, to be edited and used again: python -m data recipe {result.name} > {result.name}.toml")


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

    chosen = {}
    for one in said:
        rule, _, word = one.partition("=")
        if rule not in POLICIES:
            raise DataError(f"--policy {one}: expected a rule ({', '.join(POLICIES)}), found {rule!r}.")
        if word not in POLICIES[rule]:
            raise DataError(f"--policy {one}: expected {' or '.join(POLICIES[rule])}, found {word!r}.")
        chosen[rule] = word
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
    recipe = recipes.parse(text, file="recipe", name=parsed.dataset)
    home = parsed.home or store.home()
    result = prepare.prepare(recipe, parsed.origin, home=home, name=parsed.dataset, today=date.today())
    print(report.report(result.prepared))
    changed = [one for one in changes.changes(before, result.path) if one.changed]
    print("\nWhat changed" if changed else "\nNothing changed.")
    for one in changed:
        print(f"  {one.label}: {one.before} -> {one.now}")
    print(f"\nPrepared as {result.name}, version {result.version}, in {result.path}")


def _own_name(name: str) -> str:
    if store.check_name(name) == "demo":
        raise DataError("Dataset name 'demo': expected another name, as this one is the shipped demo's.")
    return name


def _list(parsed: argparse.Namespace) -> None:
    entries = store.entries(home=parsed.home)
    if not entries:
        print("No datasets yet. Prepare one: python -m data prepare RECIPE --from FOLDER_OR_ZIP")
        return
    width = max(len(entry.name) for entry in entries)
    for entry in entries:
        print(f"{entry.name:<{width}}  {entry.version}  {entry.trouble or entry.title}")


def _demo(parsed: argparse.Namespace) -> None:
    from data import generator

    name = _own_name(parsed.name or f"demo-{parsed.lines}")
    version = generator.main(lines=parsed.lines, seed=parsed.seed, home=parsed.home or store.home(), name=name)
    print(f"{parsed.lines:,} order lines prepared as {name}, version {version}")


if __name__ == "__main__":
    sys.exit(main())
