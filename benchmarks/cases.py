"""The files that a reader is scored on, with their clean answers where there are any."""

from __future__ import annotations

import csv
import json
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks import pollock

SHARED: Final = Path("../shared")

WORKERS: Final = 2
"""Processes that read files side by side."""


@dataclass(frozen=True)
class CorpusCase:
    """One file to read, with its answer where there is one."""

    pack: str
    file: str
    path: Path
    answer: Path | None = None
    weight: float = 1.0


@contextmanager
def packs(corpus: Path | None) -> Iterator[list[CorpusCase]]:
    """The files of a folder, or those of all packs, unpacked into a temporary folder."""
    if corpus is not None:
        yield cases(corpus, corpus.name)
        return
    with tempfile.TemporaryDirectory(prefix="sales-corpora-") as scratch:
        found: list[CorpusCase] = []
        for archive in sorted((SHARED / "corpora").glob("*.tar.xz")):
            name = archive.name.removesuffix(".tar.xz")
            with tarfile.open(archive) as tar:
                tar.extractall(scratch, filter="data")
            folder = Path(scratch) / name
            found += _naughty(folder) if (folder / "blns.json").is_file() else cases(folder, name)
        spectrum = SHARED / "data" / "csv_spectrum.zip"
        if spectrum.is_file():
            with zipfile.ZipFile(spectrum) as packed:
                packed.extractall(Path(scratch) / "csv_spectrum")
            found += _spectrum(Path(scratch) / "csv_spectrum")
        yield found


def cases(folder: Path, pack: str) -> list[CorpusCase]:
    """Files of a folder with their answers; csv/ and clean/ are a Pollock pack."""
    if (folder / "csv").is_dir() and (folder / "clean").is_dir():
        weights = pollock.weights(folder)
        return [
            CorpusCase(pack, path.name, path, _existing(folder / "clean" / path.name), weights.get(path.name, 1.0))
            for path in sorted((folder / "csv").iterdir())
            if path.is_file()
        ]
    files = sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))
    return [CorpusCase(pack, path.relative_to(folder).as_posix(), path) for path in files]


def _existing(path: Path) -> Path | None:
    return path if path.is_file() else None


def _naughty(folder: Path) -> list[CorpusCase]:
    """The naughty strings as one CSV file of numbered rows, which is its own answer; and the files themselves."""
    strings = json.loads((folder / "blns.json").read_text(encoding="utf-8"))
    path = folder / "naughty_strings.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["number", "product", "quantity"])
        writer.writerows([number, text, 1] for number, text in enumerate(strings, start=1))
    return [
        CorpusCase("naughty_strings", path.name, path, path),
        *(CorpusCase("naughty_strings", name, folder / name) for name in ("blns.txt", "blns.json")),
    ]


def _spectrum(folder: Path) -> list[CorpusCase]:
    """csv_spectrum: each file's answer is JSON, written as a clean CSV."""
    found = []
    for path in sorted(folder.rglob("csvs/*.csv")):
        content = json.loads((path.parent.parent / "json" / f"{path.stem}.json").read_text(encoding="utf-8"))
        told = content if isinstance(content, list) else [content]
        answer = path.parent / f"{path.stem}.answer"
        with answer.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(told[0])
            writer.writerows(row.values() for row in told)
        found.append(CorpusCase("csv_spectrum", path.name, path, answer))
    return found
