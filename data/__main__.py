"""Command line: `python -m data prepare RECIPE`, `python -m data list`, `python -m data demo`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from data import store
from data.errors import DataError


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0, or 1 after a one-sentence error."""
    parsed = _parser().parse_args(arguments)
    try:
        if parsed.command == "prepare":
            _prepare(parsed)
        elif parsed.command == "list":
            _list(parsed)
        else:
            _demo(parsed)
    except DataError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m data", description="Prepare datasets for Sales Insights.")
    commands = parser.add_subparsers(dest="command", required=True)
    prepare = commands.add_parser("prepare", help="read a company's files by a recipe and publish the dataset")
    prepare.add_argument("recipe", help="a recipe file, or the name of a shipped recipe")
    prepare.add_argument(
        "--from",
        dest="origin",
        type=Path,
        metavar="FOLDER_OR_ZIP",
        help="where the files are (default: the recipe's folder)",
    )
    prepare.add_argument("--name", help="name of the dataset (default: the recipe's)")
    listed = commands.add_parser("list", help="list the datasets that can be opened")
    demo = commands.add_parser("demo", help="generate demo data of any size")
    demo.add_argument("--lines", type=int, default=60_000, help="how many order lines (default 60,000)")
    demo.add_argument("--seed", type=int, default=1, help="seed of the generator (default 1)")
    demo.add_argument("--name", help="name of the dataset (default: demo-LINES)")
    for command in (prepare, listed, demo):
        command.add_argument("--home", type=Path, help="folder of the prepared datasets (default: $SALES_HOME)")
    return parser


def _prepare(parsed: argparse.Namespace) -> None:
    from data import prepare, recipes, report

    recipe = recipes.read(parsed.recipe)
    origin = parsed.origin
    if origin is None:
        if parsed.recipe in recipes.shipped():
            raise DataError(f"{parsed.recipe}: say where its files are with --from FOLDER_OR_ZIP.")
        origin = Path(parsed.recipe).resolve().parent
    name = store.check_name(parsed.name or recipe.name)
    if name == "demo":
        raise DataError("Dataset name 'demo': expected another name, as this one is the shipped demo's.")
    result = prepare.prepare(recipe, origin, home=parsed.home or store.home(), name=name)
    print(report.report(result.prepared))
    print(f"\nPrepared as {result.name}, version {result.version}, in {result.path}")


def _list(parsed: argparse.Namespace) -> None:
    entries = store.entries(home=parsed.home)
    if not entries:
        print("No datasets yet. Prepare one: python -m data prepare RECIPE --from FOLDER_OR_ZIP")
        return
    width = max(len(entry.name) for entry in entries)
    for entry in entries:
        print(f"{entry.name:<{width}}  {entry.version}  {entry.title}")


def _demo(parsed: argparse.Namespace) -> None:
    from data import generator

    name = store.check_name(parsed.name or f"demo-{parsed.lines}")
    if name == "demo":
        raise DataError("Dataset name 'demo': expected another name, as this one is the shipped demo's.")
    version = generator.main(lines=parsed.lines, seed=parsed.seed, home=parsed.home or store.home(), name=name)
    print(f"{parsed.lines:,} order lines prepared as {name}, version {version}")


if __name__ == "__main__":
    sys.exit(main())
