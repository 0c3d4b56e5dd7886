"""A dataset that is prepared anew: with new files, or with other meanings and rules."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

from data import guided, trial
from data.recipe import recipes
from data.rules.policies import POLICIES
from data.rules.table import RULES
from data.sources import files_in
from data.store import managing, store
from data.understanding.types import Choices
from ui import datasets, visitor
from ui.cards.data.job import HandedFile, Job, job
from ui.datasets import AvailableDataset


def begin(dataset: AvailableDataset, *, changing: bool) -> None:
    """Start to prepare a dataset anew; where its columns and rules are changed, from what was chosen for it.

    Files that are still here from its import, or that the server offers, need not be dropped again.
    """
    work = job()
    wanted = managing.about(dataset.entry).files
    still_here = work.done is not None and work.done["name"] == dataset.entry.name and changing
    choices = work.choices if still_here and not work.by_recipe else _chosen(dataset)
    if not still_here:
        _let_go(work)
        work.files = _offered(wanted)
    work.restart()
    work.recipe_of, work.changing, work.wanted = dataset.entry.name, changing, wanted
    work.earlier = trial.of_version(dataset.entry)
    if changing:
        work.choices = replace(choices, title=dataset.entry.title)


def change(work: Job) -> None:
    """From a refresh on, change the columns and rules too: what was chosen for the dataset is where it starts."""
    one = datasets.known()[work.recipe_of]
    chosen = _chosen(one)
    policies = {**chosen.policies, **work.choices.policies}
    work.choices = replace(chosen, title=one.entry.title, policies=policies)
    work.history, work.changing, work.done = [], True, None


def leave(work: Job) -> None:
    """Do not prepare it anew."""
    _let_go(work)
    work.restart()
    work.recipe_of, work.changing, work.wanted = "", False, ()


def lacking(work: Job) -> tuple[str, ...]:
    """Files that the dataset was prepared from and that are not here."""
    there = {file.name for file in work.files}
    return tuple(name for name in work.wanted if name not in there)


def named_as_before(work: Job) -> str:
    """Give a single file under another name the name that the dataset knows it by; a sentence about it, or none."""
    missing = lacking(work)
    new = [file for file in work.tabular if file.name not in work.wanted]
    if len(missing) != 1 or len(new) != 1 or Path(new[0].name).suffix.lower() != Path(missing[0]).suffix.lower():
        return ""
    work.files = [replace(file, name=missing[0]) if file is new[0] else file for file in work.files]
    return f"{new[0].name} is read as {missing[0]} was."


def _chosen(dataset: AvailableDataset) -> Choices:
    """What was chosen for a dataset; its policies alone where the rest is not known."""
    text = store.choices_text(dataset.entry.path)
    if text:
        return guided.choices_from(text)
    recipe = recipes.parse(store.recipe_text(dataset.entry.path), file="recipe", name=dataset.entry.name)
    rules = {name: recipe.policies[name] for name in RULES if name in POLICIES}
    return Choices(answers={"currency": recipe.currency}, policies=rules)


def _offered(wanted: tuple[str, ...]) -> list[HandedFile]:
    """Those of the files that the server offers, each name once."""
    root = visitor.sources_root()
    if root is None or not root.is_dir():
        return []
    offered: dict[str, HandedFile] = {}
    for path in files_in(root):
        if path.name in wanted and path.name not in offered and path.resolve().is_relative_to(root):
            with path.open("rb") as file:
                sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            offered[path.name] = HandedFile(path.name, sha256, path.resolve(), path.stat().st_size, uploaded=False)
    return list(offered.values())


def _let_go(work: Job) -> None:
    for file in work.files:
        if file.uploaded:
            visitor.own().forget(file.sha256)
    work.files = []
