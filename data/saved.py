"""What users save about datasets: one SQLite file in each home, keyed by the dataset's name."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

from data.errors import DataError
from data.store import check_name

FILE: Final = "saved.sqlite"
MOST_NAME: Final = 60
"""Characters of a saved thing's name."""

_TABLES: Final = """
CREATE TABLE IF NOT EXISTS saved (
    dataset TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, content TEXT NOT NULL,
    PRIMARY KEY (dataset, kind, name)
) STRICT;
CREATE TABLE IF NOT EXISTS revisions (dataset TEXT PRIMARY KEY, revision INTEGER NOT NULL) STRICT;
"""


class Saved:
    """The file of one home. Every call opens it anew, so that any thread and process may use it."""

    def __init__(self, home: Path) -> None:
        self.path = home / FILE

    def items(self, dataset: str, kind: str) -> dict[str, dict[str, Any]]:
        if not self._written():
            return {}
        with self._read() as db:
            query = "SELECT name, content FROM saved WHERE dataset = ? AND kind = ? ORDER BY lower(name), name"
            rows = db.execute(query, (dataset, kind)).fetchall()
        try:
            return {name: dict(json.loads(content)) for name, content in rows}
        except ValueError as error:
            raise DataError(f"{self.path}: expected JSON in the saved {kind}s of {dataset!r}, found {error}.") from None

    def revision(self, dataset: str) -> int:
        """A number that grows with every change to what is saved about a dataset; 0 before the first."""
        if not self._written():
            return 0
        with self._read() as db:
            row = db.execute("SELECT revision FROM revisions WHERE dataset = ?", (dataset,)).fetchone()
        return int(row[0]) if row else 0

    def put(self, dataset: str, kind: str, name: str, content: Mapping[str, Any]) -> None:
        """Save under a name, in place of what had it. DataError for a name that cannot be."""
        check_name(dataset)
        if not name or name != " ".join(name.split()) or len(name) > MOST_NAME:
            raise DataError(f"Name {name!r}: expected 1 to {MOST_NAME} characters without spaces around them.")
        text = json.dumps(content, ensure_ascii=False, sort_keys=True)
        with self._opened() as db, db:
            db.execute(
                "INSERT INTO saved VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET content = excluded.content",
                (dataset, kind, name, text),
            )
            self._count_up(db, dataset)

    def delete(self, dataset: str, kind: str, name: str) -> None:
        """Forget what is saved under a name; nothing happens where nothing is."""
        if not self.path.exists():
            return
        with self._opened() as db, db:
            query = "DELETE FROM saved WHERE dataset = ? AND kind = ? AND name = ?"
            if db.execute(query, (dataset, kind, name)).rowcount:
                self._count_up(db, dataset)

    @staticmethod
    def _count_up(db: sqlite3.Connection, dataset: str) -> None:
        db.execute("INSERT INTO revisions VALUES (?, 1) ON CONFLICT DO UPDATE SET revision = revision + 1", (dataset,))

    def _written(self) -> bool:
        return self.path.exists() and self.path.stat().st_size > 0

    @contextmanager
    def _read(self) -> Iterator[sqlite3.Connection]:
        """The file as it is, also where this process may not write it."""
        mode = "mode=ro" if os.access(self.path.parent, os.W_OK) else "immutable=1"
        try:
            with closing(sqlite3.connect(f"{self.path.resolve().as_uri()}?{mode}", timeout=5, uri=True)) as db:
                yield db
        except (sqlite3.Error, OSError) as error:
            raise DataError(f"{self.path}: what was saved cannot be read ({error}).") from None

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            # SQLite gives the files beside it the same rights.
            os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))
            with closing(sqlite3.connect(self.path, timeout=5)) as db:
                db.execute("PRAGMA journal_mode = WAL")
                db.execute("PRAGMA synchronous = FULL")
                db.executescript(_TABLES)
                yield db
        except (sqlite3.Error, OSError) as error:
            raise DataError(f"{self.path}: what was saved cannot be read or written ({error}).") from None
