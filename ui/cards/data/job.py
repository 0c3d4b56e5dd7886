"""One visitor's import: the files, what was understood, what was chosen, what was found. Lives in the session."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

import streamlit as st

from analytics.formats import plain
from data import findings, guided, seen, staged, tasks, trial
from data.errors import DataError
from data.findings import Findings
from data.recipe import recipes
from data.rules import swapped
from data.rules.policies import POLICIES
from data.rules.table import RULES
from data.seen import News
from data.store import store
from data.trial import ImportTotals
from data.understanding.types import Choices, Question, Understanding, from_json
from ui import visitor

_KEY: Final = "_import"


@dataclass(frozen=True)
class HandedFile:
    """A file that the visitor handed over."""

    name: str
    sha256: str
    path: Path
    size: int
    options: Mapping[str, Any] = field(default_factory=dict)
    """How it is read, where that was chosen by hand."""
    uploaded: bool = True


@dataclass
class Job:
    """An import under way."""

    files: list[HandedFile] = field(default_factory=list)
    read: str = ""
    """Digest of the files as they were last read."""
    tables: list[staged.Staged] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    again: bool = False
    """Whether one of them may well be read another time, as the machine was busy."""
    found: Understanding = field(default_factory=lambda: Understanding(()))
    understood_by: dict[str, Any] = field(default_factory=dict)
    """Roles and meanings that were set by hand when the files were looked into."""
    choices: Choices = field(default_factory=Choices)
    recipe_of: str = ""
    """Dataset that is prepared anew, by name; its recipe is used instead of what was understood."""
    changing: bool = False
    """Whether that dataset's columns and rules are changed: then what was chosen for it is where it starts."""
    wanted: tuple[str, ...] = ()
    """Files that dataset was prepared from."""
    edited: str = ""
    """Recipe that was written by hand and handed over."""
    unread: str = ""
    """Why that one cannot be used."""
    checked: str = ""
    findings: Findings | None = None
    totalled: str = ""
    """Digest of the recipe that `trial` is about."""
    trial: ImportTotals | None = None
    """What the import would come to as it stands."""
    earlier: ImportTotals | None = None
    """What it would have come to before the last change."""
    history: list[Choices] = field(default_factory=list)
    """Choices before each change, so that it can be undone."""
    done: dict[str, Any] | None = None
    """What the last import answered."""
    as_before: str = ""
    """Digest of the files of which what is new in them is to be read as before."""
    before: Path | None = None
    """Version folder that the last import replaced."""
    turn: int = 0
    """Changes with every upload, so that the upload box is empty again and its memory free."""

    @property
    def tabular(self) -> list[HandedFile]:
        """The files that hold tables."""
        return [file for file in self.files if not is_recipe(file)]

    @property
    def by_recipe(self) -> bool:
        """Whether a recipe says how the files are read, and not what was understood."""
        return bool(self.edited) or (bool(self.recipe_of) and not self.changing)

    def digest(self) -> str:
        """The files and how they are read."""
        content = [[file.name, file.sha256, dict(file.options)] for file in self.tabular]
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()

    def open(self) -> list[Question]:
        """Questions that must be answered and are not."""
        return [] if self.by_recipe else self.found.open(self.choices.answers)

    def news(self) -> News:
        """What a dataset's own files did not hold when it was prepared last; nothing where all is looked into anew."""
        if self.edited or not self.by_recipe or self.trial is None:
            return seen.news("", "")
        return seen.news(store.seen_text(store.find(self.recipe_of, home=visitor.home()).path), self.trial.seen)

    def chosen_before(self) -> str:
        """What was chosen on the way to the recipe that is used again, with the rules' policies as they are now."""
        text = store.choices_text(store.find(self.recipe_of, home=visitor.home()).path) if not self.edited else ""
        return guided.with_policies(text, self.choices.policies) if text else ""

    def recipe_text(self) -> str:
        """The recipe as it stands: written by hand, of a dataset, or understood; its policies as chosen."""
        if self.edited:
            return self.edited
        if self.by_recipe:
            return store.recipe_text(store.find(self.recipe_of, home=visitor.home()).path)
        if not self.found.content:
            raise DataError(self.found.missing)
        return guided.recipe_text(self.found, self.choices)

    def recipe(self) -> recipes.Recipe:
        """The recipe, parsed, with the policies chosen."""
        parsed = recipes.parse(self.recipe_text(), file="recipe", name=self.name())
        known = {name: word for name, word in self.choices.policies.items() if word in POLICIES.get(name, ())}
        return replace(parsed, policies=parsed.policies.but(known))

    def name(self) -> str:
        """The dataset's name: that of the dataset whose recipe is used, else one made from the title."""
        if self.recipe_of:
            return self.recipe_of
        title = recipes.parse(self.edited, file="recipe", name="x").title if self.edited else self.title()
        name = guided.name_for(title)
        public = {entry.name for entry in store.entries()}
        return f"{name}-mine" if not visitor.may_write() and name in public else name

    def title(self) -> str:
        """The dataset's title: as chosen, else from the files' names."""
        return self.choices.title or self.found.title

    def read_again(self) -> None:
        """Have the files read once more; those that were read before are not."""
        self.read, self.again = "", False

    def choose(self, **changed: Any) -> None:
        """Change what was chosen."""
        self.history.append(self.choices)
        self._turn(replace(self.choices, **changed))

    def undo(self) -> None:
        """Take the last change back."""
        if self.history:
            self._turn(self.history.pop())

    def _turn(self, choices: Choices) -> None:
        self.choices = choices
        self.earlier = self.trial if self.trial is not None else self.earlier
        self.done = None

    def restart(self) -> None:
        """Forget what was chosen and found out, as for other files."""
        self.choices, self.history, self.trial, self.earlier = Choices(), [], None, None
        self.totalled, self.done = "", None


def is_recipe(file: HandedFile) -> bool:
    """Whether a file that was handed over is a recipe, which is no table."""
    return file.name.lower().endswith(".toml")


def job() -> Job:
    """This visitor's import."""
    held = st.session_state.get(_KEY)
    if held is None:
        held = st.session_state[_KEY] = Job()
    return held


def run(work: Job, task: str, request: Mapping[str, Any], label: str) -> dict[str, Any]:
    """Run a long step with its progress on the page; DataError with its sentence."""
    steps = tasks.run(task, request, owner=visitor.own().owner, size=sum(file.size for file in work.files))
    started, share, message = time.monotonic(), 0.0, label
    bar = st.progress(0.0, text=plain(label))
    try:
        while True:
            step = next(steps)
            if step is not None:
                share, message = step.share, step.message
            bar.progress(min(1.0, share), text=plain(f"{message} … {time.monotonic() - started:.0f} s"))
    except StopIteration as end:
        return dict(end.value)
    finally:
        # A rerun ends this script here; the process must not outlive it.
        steps.close()
        bar.empty()


def read(work: Job) -> None:
    """Read the files and look into them, unless that is done."""
    digest, by_hand = work.digest(), work.choices.by_hand()
    if work.read == digest and work.understood_by == by_hand:
        return
    request = {
        "files": [{"name": file.name, "path": str(file.path), "options": dict(file.options)} for file in work.tabular],
        "folder": str(visitor.own().tables),
        "by_hand": by_hand,
    }
    answer = run(work, "understand", request, "Reading the files")
    work.tables = staged.from_json(answer["tables"])
    work.refused = [(name, sentence) for name, sentence in answer["refused"]]
    work.found, work.understood_by = from_json(answer["understood"]), by_hand
    work.choices = work.found.fitted(work.choices)
    work.again = bool(answer["again"])
    work.read, work.checked, work.findings, work.done = digest, "", None, None


def check(work: Job) -> Findings:
    """Try the rules, unless that is done for this recipe."""
    recipe = work.recipe()
    # Policies that only say where rows go are worked out from the findings, without reading again.
    fixed = {name: word for name, word in recipe.policies.items() if name not in RULES or name == swapped.NAME}
    text = work.recipe_text()
    digest = hashlib.sha256(json.dumps([work.read, text, fixed], sort_keys=True).encode()).hexdigest()
    chosen = chosen_text(work)
    if work.findings is None or work.checked != digest:
        answer = run(work, "check", {**_request(work), "chosen": chosen}, "Checking the rows")
        work.findings, work.checked = findings.from_json(answer["found"]), digest
        work.trial, work.totalled = trial.from_json(answer["trial"]), chosen
    elif work.totalled != chosen:
        answer = run(work, "total", {**_request(work), "chosen": chosen}, "Adding up")
        work.trial, work.totalled = trial.from_json(answer["trial"]), chosen
    return work.findings


def prepare(work: Job) -> None:
    """Publish the dataset."""
    home, name = visitor.home(), work.name()
    there = [entry for entry in store.entries(home=home) if entry.name == name and not entry.trouble]
    work.before = there[0].path if there else None
    choices = work.chosen_before() if work.by_recipe else guided.choices_text(work.choices)
    request = {**_request(work), "home": str(home), "choices": choices}
    work.done = run(work, "prepare", request, "Preparing the dataset")


def _request(work: Job) -> dict[str, Any]:
    return {
        "recipe": chosen_text(work),
        "name": work.name(),
        "tables": staged.as_json(work.tables),
        "today": date.today().isoformat(),
    }


def chosen_text(work: Job) -> str:
    """The recipe's text with the policies chosen."""
    text = work.recipe_text()
    policies = work.recipe().policies
    return recipes.with_policies(text, policies)


def refusal(error: DataError) -> None:
    """A sentence about what cannot be done."""
    st.error(plain(str(error)), icon=":material/error:")
