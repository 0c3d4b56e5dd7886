"""Where edited targets are kept, and how a change to them is saved beside the changes of others."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from typing import Any, Final

import streamlit as st

from analytics import dimensions, formats
from analytics.dataset import MONEY_SCALE, Dataset
from analytics.dates import long_month_text
from analytics.tables.targets import edits
from analytics.tables.targets.edits import TargetEdit
from data.errors import DataError
from data.store.saved import EditConflictError, ReadOnly, Saved
from ui import conflicts, queries, state, versions, visitor
from ui.conflicts import Conflict
from ui.queries import VersionKey

KIND: Final = "targets"
NAME: Final = "targets"
PLACE: Final = "targets"
"""Where a conflict about targets is asked."""

_SAID: Final = "_target_said"
_TRIES: Final = 20
_Plain = dict[str, Any]


def kept(source: VersionKey) -> _Plain | None:
    """What is saved for a dataset, as plain values; None where nothing is. DataError where it cannot be read."""
    held = _store(source)
    return held.items(source.name, KIND).get(NAME) if held else None


def _store(source: VersionKey, *, writing: bool = False) -> Saved | None:
    """Where this visitor's targets are kept; None where nothing can be there yet."""
    kind = ReadOnly if versions.is_earlier(source.name, source.owner, source.version) else Saved
    if visitor.may_write() and not source.owner:
        return kind(visitor.home())
    return kind(visitor.own().home) if writing or visitor.owner() else None


def save(source: VersionKey, wanted: TargetEdit, about: str, over: str = "") -> None:
    """Save a change, but for the months that somebody else has set meanwhile; those are asked about.

    What is saved gives way all the same where it is still `over`, the JSON of what somebody has looked at.
    """
    try:
        for _ in range(_TRIES):
            now = kept(source)
            base = now or _came_with(queries.dataset(source), wanted)
            clash = wanted.only(()) if over == _json(now) else edits.clashes(base, wanted)
            clear = wanted.without(clash)
            after = edits.applied(base, clear) if clear.months else now
            if clear.months and not _put(source, after, seen=now):
                continue  # somebody has saved in between: look again at what is there
            if clash.months:
                _ask(source, clash, about, after)
            keep_outcome(
                about, "Saved." if not clash.months else "Saved but for the months in question." if clear.months else ""
            )
            state.rotate(about)
            return
        keep_outcome(about, "Not saved: others are saving all the time. Try again.")
    except (DataError, KeyError, TypeError, ValueError) as error:
        keep_outcome(about, f"Not saved: {error}")


def forget(source: VersionKey, about: str, seen: _Plain) -> None:
    """Forget what was edited, where it is still what was seen; else ask."""
    held = _store(source, writing=True)
    try:
        if held:
            held.delete(source.name, KIND, NAME, seen=seen)
    except EditConflictError as changed:
        if changed.now is not None:
            conflicts.hold(
                PLACE,
                Conflict(
                    "Somebody else has saved other targets since you looked. Nothing was forgotten.",
                    (("Edited targets", _summary(source, changed.now), f"forget {_summary(source, seen)}"),),
                    mine="Forget them all the same",
                    theirs="Keep them",
                    again=partial(forget, source, about, changed.now),
                ),
            )
            return
    except DataError as error:
        keep_outcome(about, f"Not forgotten: {error}")
        return
    keep_outcome(about, "What was edited is forgotten; the targets that came with the data count again.")
    state.rotate(about)


def keep_outcome(about: str, sentence: str) -> None:
    """Have `outcome` tell what became of the last save."""
    st.session_state[_SAID] = (about, sentence)


def outcome(about: str) -> str:
    """What became of the last save, where it was about the same fields."""
    of, sentence = st.session_state.get(_SAID, ("", ""))
    return str(sentence) if of == about else ""


def _came_with(data: Dataset, wanted: TargetEdit) -> _Plain:
    """The targets that came with the data, as plain values; none, set as the change is, where none did."""
    own = data.targets
    return edits.to_plain(edits.empty(data, wanted.dimensions) if own is None or own.is_empty() else own)


def _put(source: VersionKey, content: Mapping[str, Any] | None, *, seen: _Plain | None) -> bool:
    """Save in place of what was seen; False where something else is there by now."""
    held = _store(source, writing=True)
    assert held is not None
    assert content is not None
    try:
        held.put(source.name, KIND, NAME, content, seen=seen)
    except EditConflictError:
        return False
    return True


def _ask(source: VersionKey, clash: TargetEdit, about: str, now: _Plain | None) -> None:
    """Ask about months that somebody else has set since they were seen; `now` is what is saved."""
    data = queries.dataset(source)
    saved = now or _came_with(data, clash)
    other = list(saved["dimensions"]) != clash.dimensions
    amounts = edits.amounts(saved, clash) if not other else {}
    of = "".join(f" · {member}" for _, member in clash.members)
    conflicts.hold(
        PLACE,
        Conflict(
            "Somebody else has set these targets since you looked. Yours are not saved yet.",
            tuple(
                (
                    f"{long_month_text(month)}{of}",
                    _summary(source, saved) if other else _money(data, amounts[month]),
                    _money(data, wanted),
                )
                for month, _, wanted in clash.months
            ),
            mine="Save mine instead",
            theirs="Keep what is saved",
            again=partial(save, source, clash, about, _json(now)),
        ),
    )


def _summary(source: VersionKey, plain: _Plain) -> str:
    data = queries.dataset(source)
    labels = dimensions.labels(data)
    by = " and ".join(labels.get(name, name).lower() for name in plain["dimensions"])
    total = sum(int(row[-1]) for row in plain["rows"])
    count = formats.count_of(len(plain["rows"]), "target")
    return f"{count}{f' by {by}' * bool(by)}, {_money(data, total)} in all"


def _money(data: Dataset, amount: int | None) -> str:
    if amount is None:
        return "no target"
    return formats.text(amount / MONEY_SCALE, "money", data.currency, compact=False)


def _json(plain: _Plain | None) -> str:
    return json.dumps(plain, sort_keys=True)
