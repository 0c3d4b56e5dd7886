"""The options of `python -m data`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from data import manage


def parser() -> argparse.ArgumentParser:
    """The commands and their options."""
    top = argparse.ArgumentParser(prog="python -m data", description="Prepare datasets for Sales Insights.")
    commands = top.add_subparsers(dest="command", required=True)
    prepare = _prepare_options(commands)
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
    again.add_argument(
        "--as-before",
        action="store_true",
        help="count rows as sales whose status has a value that was not there before",
    )
    managed = manage.add(commands)
    demo = commands.add_parser("demo", help="generate demo data of any size")
    demo.add_argument("--lines", type=int, default=60_000, help="how many order lines (default 60,000)")
    demo.add_argument("--seed", type=int, default=1, help="seed of the generator (default 1)")
    demo.add_argument("--name", help="name of the dataset (default: demo-LINES)")
    for command in (prepare, again, demo, *managed):
        command.add_argument("--home", type=Path, help="folder of the prepared datasets (default: $SALES_HOME)")
    return top


def _prepare_options(commands: Any) -> argparse.ArgumentParser:
    """The options of `prepare`."""
    prepare: argparse.ArgumentParser = commands.add_parser(
        "prepare", help="read a company's files and publish the dataset"
    )
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
    return prepare
