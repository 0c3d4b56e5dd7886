"""What a new version of a dataset changed: files, rows, money, days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analytics.formats import count_of
from data.store import store
from data.terms.texts import money


@dataclass(frozen=True)
class FigureChange:
    """One figure before and now, as people read it."""

    label: str
    before: str
    now: str

    @property
    def changed(self) -> bool:
        """Whether the two differ."""
        return self.before != self.now


def changes(before: Path, now: Path) -> list[FigureChange]:
    """The figures of two version folders side by side, then each file that is new, gone or different."""
    old, new = store.content(before), store.content(now)
    figures = [
        FigureChange(label, _figure(old, key), _figure(new, key))
        for label, key in (
            ("Rows in", "rows_read"),
            ("Lines kept", "lines_kept"),
            ("Revenue", "revenue"),
            ("Turned into returns", "returns_kept"),
        )
    ]
    figures.append(FigureChange("Set aside", _aside(old), _aside(new)))
    figures.append(FigureChange("First day", str(old["first_day"]), str(new["first_day"])))
    figures.append(FigureChange("Last day", str(old["last_day"]), str(new["last_day"])))
    return figures + _files(old, new)


def _figure(content: Mapping[str, Any], key: str) -> str:
    value = int(content["reconciliation"][key])
    return money(value) if key == "revenue" else f"{value:,}"


def _aside(content: Mapping[str, Any]) -> str:
    return f"{sum(int(rule['rows']) for rule in content['reconciliation'].get('set_aside', [])):,}"


def _files(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[FigureChange]:
    before = {source["file"]: source for source in old.get("sources", [])}
    now = {source["file"]: source for source in new.get("sources", [])}
    result = []
    for name in sorted({*before, *now}):
        was, is_now = before.get(name), now.get(name)
        if was and is_now and was["sha256"] == is_now["sha256"]:
            continue
        before_text, now_text = _file(was), _file(is_now)
        same = before_text == now_text
        result.append(FigureChange(name, before_text, f"{now_text}, with other content" if same else now_text))
    return result


def _file(source: Mapping[str, Any] | None) -> str:
    if source is None:
        return "not there"
    return count_of(int(source["rows"]), "row")
