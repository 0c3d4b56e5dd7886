"""One reading process for many files, begun again where a file ended it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from data import reading
from data.reading import Child, Options, Reading, Refusal


class Readers:
    """Reads file after file. The process begins with the first of them, or with `start`."""

    def __init__(self, scratch: Path) -> None:
        self._scratch = scratch
        self._child: Child | None = None

    def start(self) -> None:
        """Begin the process, and let it load its libraries while its first file is looked for."""
        self._living().load()

    def _living(self) -> Child:
        if self._child is None or not self._child.alive:
            self.close()
            self._child = Child(reading.DEFAULT, self._scratch)
        return self._child

    def members(self, path: Path, *, name: str) -> list[str] | Refusal | None:
        """Names of the files in a zip archive, as `reading.members`."""
        return reading.members(path, name=name, child=self._living())

    def read(
        self,
        path: Path,
        *,
        name: str,
        options: Options,
        into: Path,
        progress: Callable[[float], None] | None = None,
    ) -> Reading | Refusal:
        """One table, written into a folder of its own."""
        shutil.rmtree(into, ignore_errors=True)
        into.mkdir(parents=True)
        return reading.read(path, name=name, options=options, into=into, progress=progress, child=self._living())

    def close(self) -> None:
        """End the process."""
        if self._child is not None:
            self._child.close()
            self._child = None
