"""Prepared datasets on disk: immutable version folders, published whole or not at all.

`$SALES_HOME/NAME/versions/VERSION/` holds one version, named by its content; `$SALES_HOME/NAME/current` says which
one is in use. Both appear by an atomic rename, so a reader never meets a half-written dataset.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import polars as pl

from analytics.dataset import Dataset
from data.errors import DataError
from data.store import integrity, manifest, memory, opening
from data.store.locations import CURRENT, DEMO, FIRST, NAME, TITLE, cause_of, check_name, folders, home_or_default
from data.store.manifest import VERSIONS

HELD: Final = 4
"""The lines of a dataset may take one part in so many of the memory there is, unless SALES_MEMORY_MB says otherwise."""


@dataclass(frozen=True)
class DatasetVersion:
    """One version of a dataset."""

    name: str
    title: str
    version: str
    path: Path
    trouble: str = ""
    """Why it cannot be opened, as a sentence."""


def memory_budget() -> int:
    """Bytes that the lines held in memory may take, those of all open datasets together; more are scanned."""
    named = os.environ.get("SALES_MEMORY_MB")
    if named is None:
        return memory.total() // HELD
    if not named.isdecimal():
        raise DataError(f"SALES_MEMORY_MB: expected a whole number of megabytes, found {named!r}.")
    return int(named) * 1024 * 1024


def entries(*, home: Path | None = None) -> list[DatasetVersion]:
    """Every dataset there is, in the version in use: the one that opens first, the demo, then by name.

    One that cannot be opened is among them with its `trouble`, so that nobody wonders where it went.
    """
    result = [_entry("demo", DEMO)] if DEMO.is_dir() else []
    folder = home_or_default(home)
    try:
        paths = sorted(folder.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return result
    except OSError as error:
        raise DataError(
            f"{folder}: expected a folder of datasets that can be read, found one that cannot ({cause_of(error)}). "
            "Give the user who runs the app the right to read it, or set SALES_HOME to another folder."
        ) from error
    for path in paths:
        if path.name != "demo" and NAME.fullmatch(path.name) and _is_there(path / CURRENT):
            result.append(_in_use(path))
    opens = first(home=folder)
    return sorted(result, key=lambda entry: entry.name != opens)


def first(*, home: Path | None = None) -> str:
    """The name of the dataset that was set to open first; empty where none was."""
    named = _small(home_or_default(home) / FIRST)
    return named if NAME.fullmatch(named) else ""


def _small(path: Path) -> str:
    """The first line of a small file; empty where there is none that can be read."""
    try:
        with path.open("rb") as file:
            return file.read(1000).decode("utf-8").partition("\n")[0].strip()
    except (OSError, UnicodeDecodeError):
        return ""


def _given(path: Path) -> str:
    """The title that people gave the dataset of a version; empty where they gave none."""
    title = _small(path.parent.parent / TITLE) if path.parent.name == VERSIONS else ""
    return title if title.isprintable() else ""


def _is_there(path: Path) -> bool:
    """Whether something is there; what this user may not look at is, so that reading it can say so."""
    try:
        path.stat()
    except PermissionError:
        return True
    except OSError:
        return False
    return True


def _in_use(folder: Path) -> DatasetVersion:
    """The version of a dataset that its file `current` names."""
    try:
        named = (folder / CURRENT).read_text(encoding="utf-8").strip()
        if not NAME.fullmatch(named):
            raise manifest.damaged(folder, CURRENT, expected="the name of a version", found="something else")
    except UnicodeDecodeError:
        trouble = manifest.damaged(folder, CURRENT, expected="the name of a version", found="something else")
    except OSError as error:
        trouble = manifest.unreadable(folder, CURRENT, error)
    except DataError as error:
        trouble = error
    else:
        return _entry(folder.name, folder / VERSIONS / named)
    return DatasetVersion(name=folder.name, title=folder.name, version="", path=folder, trouble=str(trouble))


def _entry(name: str, path: Path) -> DatasetVersion:
    try:
        described = manifest.read(path)
        title = _given(path) or str(described.content["title"])
        return DatasetVersion(name=name, title=title, version=described.version, path=path)
    except (DataError, KeyError) as error:
        return DatasetVersion(name=name, title=name, version=path.name, path=path, trouble=str(error))


def find(name: str, *, version: str | None = None, home: Path | None = None) -> DatasetVersion:
    """The dataset of a name in the version in use, or in the one that is asked for, in use or not.

    DataError where it is not there or cannot be opened. A version that is asked for is never another one: codes mean
    nothing in the tables of another version.
    """
    entry = _now(name, home) if version is None else _at(name, version, home)
    if entry.trouble:
        raise DataError(entry.trouble)
    return entry


def _now(name: str, home: Path | None) -> DatasetVersion:
    known = entries(home=home)
    for entry in known:
        if entry.name == name:
            return entry
    names = ", ".join(entry.name for entry in known) or "none yet"
    raise DataError(f"Dataset {name!r}: expected one of those prepared ({names}), found none of that name.")


def _at(name: str, version: str, home: Path | None) -> DatasetVersion:
    path = version_folder(name, version, home=home)
    if NAME.fullmatch(version) and _is_there(path):
        entry = _entry(name, path)
        if entry.trouble or entry.version == version:
            return entry
    raise DataError(
        f"Dataset '{name}': expected its version {version}, found that it is no longer there. Open the version in use."
    )


def version_folder(name: str, version: str, *, home: Path | None = None) -> Path:
    """Where a version of a dataset is, if it is there."""
    return DEMO if name == "demo" else home_or_default(home) / check_name(name) / VERSIONS / version


def versions(name: str, *, home: Path | None = None) -> list[DatasetVersion]:
    """Every version of a dataset, the latest first; those that cannot be opened with their `trouble`."""
    folder = home_or_default(home) / check_name(name) / VERSIONS
    paths = [path for path in folders(folder) if NAME.fullmatch(path.name)]
    return [_entry(name, path) for path in sorted(paths, key=lambda path: path.stat().st_mtime, reverse=True)]


def load(name: str, *, home: Path | None = None) -> Dataset:
    """The dataset of a name, in the version that is in use."""
    return load_version(find(name, home=home).path, name=name)


def load_version(path: Path, *, name: str, room: Callable[[int], bool] | None = None) -> Dataset:
    """One version folder as a Dataset: lines in memory where there is room for their bytes, else scanned.

    Without `room` there is as much as `memory_budget` says.
    """
    data = opening.opened(path, name=name, room=room or (lambda size: size <= memory_budget()))
    given = _given(path)
    return replace(data, title=given) if given else data


def lines_path(path: Path) -> Path:
    """The Parquet of a version's lines: the columns of `Dataset.lines`."""
    return path / opening.LINES


def order_ids(path: Path) -> pl.LazyFrame:
    """A version's orders: order UInt32 (the code in `lines`), order_id text; to join to lines that are shown."""
    return pl.scan_parquet(integrity.require(path, "orders.parquet")).with_row_index("order")


def recipe_text(path: Path) -> str:
    """The recipe that a version was prepared by; empty for generated data."""
    return str(content(path).get("recipe", {}).get("text", ""))


def choices_text(path: Path) -> str:
    """What a person decided on the way to a version's recipe, as JSON; empty where nothing is known of it."""
    return str(content(path).get("recipe", {}).get("choices", ""))


def seen_text(path: Path) -> str:
    """What the files of a version held, as `data.seen` keeps it; empty where nothing is known of it."""
    return str(content(path).get("recipe", {}).get("seen", ""))


def set_aside(path: Path) -> pl.DataFrame | None:
    """Source rows that a version left out: role, rule, reason, file, row, money, original text; None without any."""
    if not manifest.read(path).has("set_aside.parquet"):
        return None
    with opening.readable(path):
        return pl.read_parquet(integrity.require(path, "set_aside.parquet"))


def content(path: Path) -> Mapping[str, Any]:
    """What a version's `dataset.toml` says."""
    return manifest.read(path).content
