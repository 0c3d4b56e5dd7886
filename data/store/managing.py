"""Datasets as people manage them: which opens first, their titles, earlier versions put back in use, deletion.

Whoever changes something says what they saw. Where something else is there by now, nothing is changed and
`StaleDatasetError` says so: of two people who start from one state, neither undoes what the other did unseen.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

from analytics.formats import count_of
from data.errors import DataError
from data.store import durable, locations, manifest, publishing, store
from data.store.saved import Saved
from data.store.store import DatasetVersion

MOST_TITLE: Final = 80
"""Characters of a title."""

_DELETED: Final = ".deleted-"
"""Beginning of the name of a folder that is being deleted."""


class StaleDatasetError(DataError):
    """Something else is there than whoever wanted to change it saw."""


@dataclass(frozen=True)
class VersionSummary:
    """What a list says of one version of a dataset."""

    rows: int
    """Order lines kept."""
    first_day: date
    last_day: date
    files: tuple[str, ...]
    """The files that it was prepared from."""
    prepared: datetime
    """When its folder was written, in local time."""
    bytes: int
    """What its folder takes on disk."""
    revenue: int
    """Revenue in ten-thousandths."""
    currency: str

    @property
    def source(self) -> str:
        """The files in a few words."""
        if not self.files:
            return "the app itself"
        return ", ".join(self.files[:2]) + (f" and {len(self.files) - 2:,} more" if len(self.files) > 2 else "")


@dataclass(frozen=True)
class Deletion:
    """What goes with a dataset that is deleted."""

    versions: int
    bytes: int
    saved: dict[str, int]
    """Kind of what people saved about it -> how many."""

    def in_words(self) -> str:
        """In words, to stand behind the dataset's name."""
        segments, targets = self.saved.get("segment", 0), self.saved.get("targets", 0)
        parts = [
            f"with {count_of(self.versions, 'version')} ({in_bytes(self.bytes)})",
            *([count_of(segments, "saved segment")] if segments else []),
            *(["the targets that were typed in"] if targets else []),
        ]
        return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def about(entry: DatasetVersion) -> VersionSummary:
    """What a list says of a version; DataError where it cannot be read."""
    content = store.content(entry.path)
    counts = content["reconciliation"]
    sources = sorted(content.get("sources", []), key=lambda source: source["role"] != "lines")
    return VersionSummary(
        rows=int(counts["lines_kept"]),
        first_day=content["first_day"],
        last_day=content["last_day"],
        files=tuple(dict.fromkeys(str(source["file"]) for source in sources)),
        prepared=datetime.fromtimestamp((entry.path / manifest.FILE).stat().st_mtime),
        bytes=_size(entry.path),
        revenue=int(counts["revenue"]),
        currency=str(content["currency"]),
    )


def goes(name: str, *, home: Path | None = None) -> Deletion:
    """What would go with a dataset."""
    folder = _home(home) / locations.check_name(name)
    saved = Saved(_home(home))
    return Deletion(len(store.versions(name, home=home)), _size(folder), saved.counts(name))


def _size(folder: Path) -> int:
    """Bytes of all files below a folder."""
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.lstat().st_size if path.is_file() else 0
        except OSError:
            continue
    return total


def check_title(title: str) -> str:
    """A title that people gave; DataError where it cannot be one."""
    plain = " ".join(title.split())
    if not plain or len(plain) > MOST_TITLE or not plain.isprintable():
        raise DataError(f"Title: expected 1 to {MOST_TITLE} letters on one line, found {len(plain):,}.")
    return plain


def rename(name: str, title: str, *, seen: str, home: Path | None = None) -> None:
    """Give a dataset another title in place of the one `seen`; its name, and so every link to it, stays."""
    wanted = check_title(title)
    with _changing(name, home) as folder:
        now = _now(name, home).title
        if now != seen:
            raise StaleDatasetError(
                f"The dataset is called '{now}' by now: somebody else renamed it. Nothing was changed."
            )
        durable.replace(folder, locations.TITLE, wanted + "\n")


def set_first(name: str, *, seen: str, home: Path | None = None) -> None:
    """Have a dataset open first, in place of the one `seen` (empty where none was set)."""
    with _changing(name, home, demo=True):
        if store.first(home=home) != seen:
            raise StaleDatasetError(
                "Another dataset was set to open first since you looked: somebody else chose it. Nothing was changed."
            )
        _now(name, home)
        durable.replace(_home(home), locations.FIRST, name + "\n")


def go_back(name: str, version: str, *, seen: str, home: Path | None = None) -> None:
    """Put an earlier version in use again, in place of the version `seen`; the others stay."""
    with _changing(name, home) as folder:
        _agree(name, seen, home)
        store.find(name, version=version, home=home)
        publishing.point(folder, version)


def delete_version(name: str, version: str, *, home: Path | None = None) -> None:
    """Delete one version that is not in use."""
    with _changing(name, home) as folder:
        if _now(name, home).version == version:
            raise DataError("This version is in use: put another one in use first, or delete the whole dataset.")
        path = store.version_folder(name, version, home=home)
        known = {entry.path for entry in store.versions(name, home=home)}
        if path not in known:
            raise StaleDatasetError(f"Dataset '{name}': its version {version} is no longer there. Nothing was changed.")
        gone = _home(home) / f"{_DELETED}{secrets.token_hex(4)}"
        path.rename(gone)
        durable.sync(folder / manifest.VERSIONS)
    shutil.rmtree(gone, ignore_errors=True)


def delete(name: str, *, seen: str, home: Path | None = None) -> None:
    """Delete a dataset whose version in use is the one `seen`, with all its versions and all that is saved about it.

    It is gone with one rename; what is left after a kill, the next `sweep` removes.
    """
    with _changing(name, home) as folder:
        _agree(name, seen, home)
        gone = folder.with_name(f"{_DELETED}{secrets.token_hex(4)}-{name}")
        folder.rename(gone)
        durable.sync(folder.parent)
    _finish(gone, _home(home))


def sweep(home: Path | None = None) -> int:
    """Finish deletions that were killed, and remove what killed imports left; returns how many folders and files."""
    own = _home(home)
    left = [path for path in own.glob(f"{_DELETED}*") if path.is_dir()] if own.is_dir() else []
    for path in left:
        _finish(path, own)
    return len(left) + publishing.sweep(home)


def _finish(gone: Path, home: Path) -> None:
    """Forget what was saved about a dataset that is deleted, unless there is another of its name, and its files."""
    name = gone.name.removeprefix(_DELETED).partition("-")[2]
    if name and not (home / name).exists():
        Saved(home).forget(name)
    if gone.is_symlink():
        gone.unlink(missing_ok=True)
    else:
        shutil.rmtree(gone, ignore_errors=True)


def _home(home: Path | None) -> Path:
    return locations.home() if home is None else home


def _now(name: str, home: Path | None) -> DatasetVersion:
    """The dataset in the version in use, also where it cannot be opened."""
    for entry in store.entries(home=home):
        if entry.name == name:
            return entry
    raise StaleDatasetError(f"Dataset '{name}': it is no longer there: somebody else deleted it.")


def _agree(name: str, seen: str, home: Path | None) -> None:
    if _now(name, home).version != seen:
        raise StaleDatasetError(
            f"Dataset '{name}': another version is in use since you looked: somebody else prepared it anew. "
            "Nothing was changed; look at it again."
        )


@contextmanager
def _changing(name: str, home: Path | None, *, demo: bool = False) -> Iterator[Path]:
    """The folder of a dataset, while nobody else changes anything there; a sentence where the disk refuses."""
    folder = _home(home) / locations.check_name(name)
    if name == "demo" and not demo:
        raise DataError("The demo comes with the app: it can be neither renamed nor deleted, and has one version.")
    try:
        if demo:
            folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not folder.parent.is_dir():
            raise StaleDatasetError(f"Dataset '{name}': it is no longer there: somebody else deleted it.")
        with durable.alone(folder.parent):
            yield folder
    except OSError as error:
        raise DataError(
            f"{folder}: expected rights and room to change the dataset, found a problem "
            f"({error.strerror or error}). Nothing was changed."
        ) from error


def in_bytes(size: int) -> str:
    """Bytes in words: 3.4 MB."""
    amount = float(size)
    for unit in ("B", "KB", "MB"):
        if amount < 1000:
            return f"{amount:,.0f} {unit}" if unit == "B" or amount >= 100 else f"{amount:,.1f} {unit}"
        amount /= 1000
    return f"{amount:,.1f} GB"
