"""What users save about datasets: one SQLite file in each home, keyed by the dataset's name.

Whoever saves says what they saw under that name. Where something else is there by now, nothing is written and
`EditConflictError` tells what: of two people who start from one state, neither loses what the other saved.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

from data.errors import DataError
from data.store.locations import check_name

FILE: Final = "saved.sqlite"
MOST_NAME: Final = 60
"""Characters of a saved thing's name."""

_PATIENCE: Final = 60.0
"""Seconds that a writer waits for another: on a busy machine one may be held up while it writes."""

_TABLES: Final = (
    "CREATE TABLE IF NOT EXISTS saved (dataset TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, "
    "content TEXT NOT NULL, PRIMARY KEY (dataset, kind, name)) STRICT",
    "CREATE TABLE IF NOT EXISTS revisions (dataset TEXT PRIMARY KEY, revision INTEGER NOT NULL) STRICT",
)


class EditConflictError(DataError):
    """What is saved under a name is not what the writer saw."""

    def __init__(self, kind: str, name: str, now: dict[str, Any] | None) -> None:
        what = "is deleted" if now is None else "is another"
        super().__init__(
            f"The saved {kind} '{name}' {what} since you looked: somebody else changed it. Nothing was saved."
        )
        self.now = now
        """What is saved now; None where nothing is."""


class Saved:
    """The file of one home. Every call opens it anew, so that any thread and process may use it."""

    def __init__(self, home: Path) -> None:
        self.path = home / FILE

    def items(self, dataset: str, kind: str) -> dict[str, dict[str, Any]]:
        if not self._written():
            return {}
        query = "SELECT name, content FROM saved WHERE dataset = ? AND kind = ? ORDER BY lower(name), name"
        rows = self._read(query, (dataset, kind))
        return {name: self._parsed(content, dataset, kind) for name, content in rows}

    def revision(self, dataset: str) -> int:
        """A number that grows with every change to what is saved about a dataset; 0 before the first."""
        if not self._written():
            return 0
        rows = self._read("SELECT revision FROM revisions WHERE dataset = ?", (dataset,))
        return int(rows[0][0]) if rows else 0

    def put(
        self, dataset: str, kind: str, name: str, content: Mapping[str, Any], *, seen: Mapping[str, Any] | None
    ) -> None:
        """Save under a name in place of what was `seen` there, None where nothing was.

        EditConflictError where something else is there by now; DataError for a name that cannot be.
        """
        check_name(dataset)
        if not name or name != " ".join(name.split()) or len(name) > MOST_NAME:
            raise DataError(f"Name {name!r}: expected 1 to {MOST_NAME} characters without spaces around them.")
        with self._opened() as db, _transaction(db):
            self._agree(db, (dataset, kind, name), seen)
            db.execute(
                "INSERT INTO saved VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET content = excluded.content",
                (dataset, kind, name, _text(content)),
            )
            self._count_up(db, dataset)

    def delete(self, dataset: str, kind: str, name: str, *, seen: Mapping[str, Any]) -> None:
        """Forget what was `seen` under a name; EditConflictError where something else is there by now, or nothing."""
        if not self._written():
            raise EditConflictError(kind, name, None)
        with self._opened() as db, _transaction(db):
            self._agree(db, (dataset, kind, name), seen)
            db.execute("DELETE FROM saved WHERE dataset = ? AND kind = ? AND name = ?", (dataset, kind, name))
            self._count_up(db, dataset)

    def counts(self, dataset: str) -> dict[str, int]:
        """How many things of each kind are saved about a dataset."""
        if not self._written():
            return {}
        query = "SELECT kind, COUNT(*) FROM saved WHERE dataset = ? GROUP BY kind ORDER BY kind"
        return {kind: int(count) for kind, count in self._read(query, (dataset,))}

    def forget(self, dataset: str) -> None:
        """Forget all that is saved about a dataset that is deleted."""
        if not self._written():
            return
        with self._opened() as db, _transaction(db):
            db.execute("DELETE FROM saved WHERE dataset = ?", (dataset,))
            self._count_up(db, dataset)

    def _agree(self, db: sqlite3.Connection, key: tuple[str, str, str], seen: Mapping[str, Any] | None) -> None:
        """EditConflictError where what was seen is not what is there."""
        query = "SELECT content FROM saved WHERE dataset = ? AND kind = ? AND name = ?"
        row = db.execute(query, key).fetchone()
        now = None if row is None else self._parsed(row[0], key[0], key[1])
        if _text(now) != _text(seen):
            raise EditConflictError(key[1], key[2], now)

    def _parsed(self, content: str, dataset: str, kind: str) -> dict[str, Any]:
        try:
            return dict(json.loads(content))
        except ValueError as error:
            raise DataError(f"{self.path}: expected JSON in the saved {kind}s of {dataset!r}, found {error}.") from None

    @staticmethod
    def _count_up(db: sqlite3.Connection, dataset: str) -> None:
        db.execute("INSERT INTO revisions VALUES (?, 1) ON CONFLICT DO UPDATE SET revision = revision + 1", (dataset,))

    def _written(self) -> bool:
        return self.path.exists() and self.path.stat().st_size > 0

    def _read(self, query: str, values: tuple[str, ...]) -> list[tuple[Any, ...]]:
        """Rows of the file as it is, also where this process may not write it."""
        mode = "mode=ro" if os.access(self.path.parent, os.W_OK) else "immutable=1"
        uri = f"{self.path.resolve().as_uri()}?{mode}"
        try:
            with closing(sqlite3.connect(uri, timeout=_PATIENCE, uri=True)) as db:
                if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'saved'").fetchone():
                    return []  # Another process is just making the file.
                return db.execute(query, values).fetchall()
        except (sqlite3.Error, OSError) as error:
            raise DataError(f"{self.path}: what was saved cannot be read ({error}).") from None

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            # SQLite gives the files beside it the same rights.
            os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))
            with closing(sqlite3.connect(self.path, timeout=_PATIENCE, isolation_level=None)) as db:
                db.execute("PRAGMA journal_mode = WAL")
                db.execute("PRAGMA synchronous = FULL")
                with _transaction(db):
                    for table in _TABLES:
                        db.execute(table)
                yield db
        except (sqlite3.Error, OSError) as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise DataError(
                    f"{self.path}: expected to save within {_PATIENCE:.0f} seconds, found that others were saving all "
                    "the while. Nothing was saved; try again."
                ) from None
            raise DataError(f"{self.path}: what was saved cannot be read or written ({error}).") from None


class ReadOnly(Saved):
    """What is saved, seen from an earlier version of a dataset, where nothing is saved."""

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        raise DataError("This is an earlier version, open to be read only. Open the version in use to save.")
        yield


@contextmanager
def _transaction(db: sqlite3.Connection) -> Iterator[None]:
    """Nobody else writes between what is read and what is written."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")


def _text(content: Mapping[str, Any] | None) -> str:
    return json.dumps(content, ensure_ascii=False, sort_keys=True)
