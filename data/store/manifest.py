"""A version's `dataset.toml`: what the dataset is, and the size and digest of each of its files.

Its first line is the digest of everything below it, so that the file vouches for itself and for all others. The first
digits of that digest are the version's name: equal content has an equal name.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from data.errors import DataError
from data.recipe.toml import toml_text
from data.store import described
from data.store.locations import CURRENT

FILE: Final = "dataset.toml"

LAYOUT: Final = 3
"""Latest layout of version folders. Layout 1 had no digests: the folder's name was the only one. Layout 2 has whole
units, and is still written where they are whole; layout 3 has a `unit_scale`, which an older app would not heed."""

VERSIONS: Final = "versions"
"""Folder of a dataset's versions."""

_DIGITS: Final = 16
_SEAL: Final = re.compile(rb'sha256 = "([0-9a-f]{64})"')


@dataclass(frozen=True)
class FileRecord:
    """One file of a version as it was written."""

    file: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What `dataset.toml` says, as far as it can be trusted: its own digest was right."""

    folder: Path
    name: str
    """The dataset's name: that of the folder it is in."""
    version: str
    layout: int
    content: Mapping[str, Any]
    files: tuple[FileRecord, ...]
    """Empty in layout 1."""

    def has(self, file: str) -> bool:
        """Whether the version has a file."""
        return any(item.file == file for item in self.files) if self.files else (self.folder / file).is_file()

    def damaged(self, file: str, *, expected: str, found: str) -> DataError:
        """The error about a file that is not as it was written."""
        return damaged(self.folder, file, expected=expected, found=found)


def write(folder: Path, description: Mapping[str, Any]) -> None:
    """Write `dataset.toml` into a folder whose Parquet files are all there: their sizes and digests, and a description.

    Equal content gives equal bytes.
    """
    files = [
        {"file": path.name, "bytes": path.stat().st_size, "sha256": digest(path)}
        for path in sorted(folder.glob("*.parquet"))
    ]
    layout = LAYOUT if "unit_scale" in description else 2
    text = toml_text({"layout": layout, **description, "files": files}).encode()
    (folder / FILE).write_bytes(b'sha256 = "%s"\n' % hashlib.sha256(text).hexdigest().encode() + text)


def read(folder: Path) -> Manifest:
    """What a version's `dataset.toml` says. DataError where it is missing, damaged, or of a layout not known here."""
    try:
        raw = (folder / FILE).read_bytes()
    except OSError as error:
        raise unreadable(folder, FILE, error) from error
    seal, _, text = raw.partition(b"\n")
    sealed = _SEAL.fullmatch(seal)
    if sealed and hashlib.sha256(text).hexdigest().encode() != sealed[1]:
        raise damaged(folder, FILE, expected="the text that was written", found="another")
    if not sealed and b"layout = " in raw[:120]:
        raise damaged(folder, FILE, expected="its digest in the first line", found="something else")
    try:
        content = described.parsed(raw.decode("utf-8"))
    except (UnicodeDecodeError, DataError) as error:
        why = f" ({error})" if isinstance(error, DataError) else ""
        raise damaged(folder, FILE, expected="the text that was written", found=f"another{why}") from error
    try:
        layout = int(content.get("layout", 1))
        if layout > LAYOUT:
            raise DataError(
                f"Dataset '{name_of(folder)}': expected a dataset of layout {LAYOUT} or less, found layout {layout}, "
                "which a newer version of this app wrote. Update the app, or prepare it again here."
            )
        files = tuple(
            FileRecord(str(item["file"]), int(item["bytes"]), str(item["sha256"])) for item in content.get("files", [])
        )
    except (KeyError, TypeError, ValueError) as error:
        raise damaged(folder, FILE, expected="the text that was written", found="another") from error
    # A folder that is still being written has no name of its own yet.
    published = folder.parent.name == VERSIONS and not folder.name.startswith(".")
    if sealed:
        version = sealed[1].decode()[:_DIGITS]
        if published and version != folder.name:
            raise damaged(folder, FILE, expected=f"that of version {folder.name}", found=f"that of version {version}")
    elif published:
        version = folder.name
    else:
        raise DataError(
            f"Dataset '{name_of(folder)}': expected digests of its files, found a dataset of an earlier layout. "
            f"{_advice(folder, FILE)}"
        )
    return Manifest(folder, name_of(folder), version, layout, content, files)


def name_of(folder: Path) -> str:
    """The name of the dataset that a version folder belongs to."""
    return folder.parent.parent.name if folder.parent.name == VERSIONS else folder.name


def damaged(folder: Path, file: str, *, expected: str, found: str) -> DataError:
    """The error about a file of a version that is not as it was written."""
    return DataError(
        f"Dataset '{name_of(folder)}': {file} is damaged: expected {expected}, found {found}. {_advice(folder, file)}"
    )


def unreadable(folder: Path, file: str, error: OSError) -> DataError:
    """The error about a file of a version that the system does not let us read."""
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return damaged(folder, file, expected="the file that was written", found="no such file")
    about = f"Dataset '{name_of(folder)}': {file}"
    if isinstance(error, PermissionError):
        return DataError(
            f"{about}: expected a file that this user may read, found one that they may not ({error.strerror}). "
            "Give the user who runs the app the right to read the dataset's folder and the files in it."
        )
    return DataError(
        f"{about}: expected a file that can be read, found a problem of the disk ({error.strerror or error}). "
        f"{_advice(folder, file)}"
    )


def _advice(folder: Path, file: str) -> str:
    if file == CURRENT:
        return (
            f"Its versions are not touched: write the name of a folder in {folder.name}/{VERSIONS} into it, or prepare "
            "it again."
        )
    if folder.parent.name != VERSIONS:
        return "Get the app's files again, which it came with, or prepare it again."
    # A refresh needs the recipe that stands in dataset.toml.
    again = "prepare" if file == FILE else f"refresh {name_of(folder)}"
    return (
        f"Prepare it again from its files (on the Data page, or with python -m data {again}), or put {file} back from "
        "a copy."
    )


def digest(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
