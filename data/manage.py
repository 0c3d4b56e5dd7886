"""Commands that manage datasets: `list`, `versions`, `recipe`, `rename`, `first`, `back`, `delete`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any, Final

from data.errors import DataError
from data.store import locations, managing, store
from data.store.store import DatasetVersion

Say = Callable[..., None]


def add(commands: Any) -> list[argparse.ArgumentParser]:
    """Add the commands to a parser's; returns them."""
    listed = commands.add_parser("list", help="list the datasets that can be opened, the one that opens first on top")
    older = commands.add_parser("versions", help="list the versions of a dataset, the latest first")
    recipe_command = commands.add_parser(
        "recipe", help="print the recipe of a prepared dataset, to be edited and used again"
    )
    named = commands.add_parser("rename", help="give a dataset another title; its name and links stay")
    opens = commands.add_parser("first", help="have a dataset open first")
    back = commands.add_parser("back", help="put an earlier version of a dataset in use again")
    gone = commands.add_parser("delete", help="delete a dataset with all its versions, or one earlier version")
    for command in (older, recipe_command, named, opens, back, gone):
        command.add_argument("dataset", help="name of the dataset")
    recipe_command.add_argument("--version", help="of this version (default: the one in use)")
    named.add_argument("title", help="the new title")
    back.add_argument("version", help="the version, as `versions` lists it")
    gone.add_argument("--version", help="delete this earlier version alone")
    gone.add_argument("--yes", action="store_true", help="delete it; without it, only say what would go")
    return [listed, older, recipe_command, named, opens, back, gone]


def run(parsed: argparse.Namespace, say: Say) -> bool:
    """Run a command of these; whether it was one."""
    command = _COMMANDS.get(parsed.command)
    if command is None:
        return False
    command(parsed, say)
    return True


def _list(parsed: argparse.Namespace, say: Say) -> None:
    entries = store.entries(home=parsed.home)
    if not entries:
        say("No datasets yet. Prepare one: python -m data prepare FILE...")
        return
    width = max(len(entry.name) for entry in entries)
    opens = store.first(home=parsed.home)
    for entry in entries:
        first = "  opens first" if entry.name == opens else ""
        say(f"{entry.name:<{width}}  {entry.version}  {entry.trouble or entry.title}{first}")
        if not entry.trouble:
            say(f"{'':<{width}}  {_described(entry)}")


def _described(entry: DatasetVersion) -> str:
    summary = managing.about(entry)
    return (
        f"{summary.rows:,} rows, {summary.first_day} to {summary.last_day}, from {summary.source}, "
        f"{managing.in_bytes(summary.bytes)}, prepared {summary.prepared:%Y-%m-%d %H:%M}"
    )


def _versions(parsed: argparse.Namespace, say: Say) -> None:
    used = store.find(parsed.dataset, home=parsed.home)
    for entry in store.versions(parsed.dataset, home=parsed.home):
        mark = "  in use" if entry.version == used.version else ""
        say(f"{entry.version}{mark}  {entry.trouble or _described(entry)}")


def _recipe(parsed: argparse.Namespace, say: Say) -> None:
    entry = store.find(parsed.dataset, version=parsed.version, home=parsed.home)
    text = store.recipe_text(entry.path)
    if not text:
        raise DataError(f"Dataset {parsed.dataset!r}: expected one that was prepared from files, found generated data.")
    say(text, end="")


def _rename(parsed: argparse.Namespace, say: Say) -> None:
    seen = store.find(parsed.dataset, home=parsed.home).title
    managing.rename(parsed.dataset, parsed.title, seen=seen, home=parsed.home)
    say(f"{parsed.dataset} is called {managing.check_title(parsed.title)} now, before: {seen}")


def _first(parsed: argparse.Namespace, say: Say) -> None:
    managing.set_first(parsed.dataset, seen=store.first(home=parsed.home), home=parsed.home)
    say(f"{parsed.dataset} opens first now.")


def _back(parsed: argparse.Namespace, say: Say) -> None:
    seen = store.find(parsed.dataset, home=parsed.home).version
    managing.go_back(parsed.dataset, parsed.version, seen=seen, home=parsed.home)
    say(f"{parsed.dataset} is at version {parsed.version} now; version {seen} stays and can be put in use again.")


def _delete(parsed: argparse.Namespace, say: Say) -> None:
    if parsed.version:
        entry = store.find(parsed.dataset, version=parsed.version, home=parsed.home)
        if parsed.yes:
            managing.delete_version(parsed.dataset, parsed.version, home=parsed.home)
            say(f"Deleted version {parsed.version} of {parsed.dataset}.")
        else:
            say(f"Version {parsed.version} of {parsed.dataset} would go: {_described(entry)}\n{_NOT_YET}")
        return
    known = {entry.name: entry for entry in store.entries(home=parsed.home)}
    if locations.check_name(parsed.dataset) not in known:
        store.find(parsed.dataset, home=parsed.home)
    lost = managing.goes(parsed.dataset, home=parsed.home).in_words()
    if not parsed.yes:
        say(f"{parsed.dataset} would go, {lost}.\n{_NOT_YET}")
        return
    managing.delete(parsed.dataset, seen=known[parsed.dataset].version, home=parsed.home)
    say(f"Deleted {parsed.dataset}, {lost}.")


_NOT_YET: Final = "Nothing was deleted. Say --yes to delete it."

_COMMANDS: Final[dict[str, Callable[[argparse.Namespace, Say], None]]] = {
    "list": _list,
    "versions": _versions,
    "recipe": _recipe,
    "rename": _rename,
    "first": _first,
    "back": _back,
    "delete": _delete,
}
