"""Prepared datasets on disk: immutable version folders, published whole or not at all.

`$SALES_HOME/NAME/versions/VERSION/` holds one version, named by its content; `$SALES_HOME/NAME/current` says which
one is in use. Both appear by an atomic rename, so a reader never meets a half-written dataset.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import polars as pl

from analytics.dataset import CUSTOMER_COLUMNS, Calendar, Dataset, Reconciliation, SetAside
from data import described
from data.errors import DataError
from data.layout import members

DEMO: Final = Path(__file__).parent / "demo"
"""The version folder that comes with the app."""

HELD: Final = 4
"""The lines of a dataset may take one part in so many of the memory there is, unless SALES_MEMORY_MB says otherwise."""

UNKNOWN_MEMORY: Final = 4 * 1024**3
"""Bytes of memory taken for granted where the system does not tell."""

_ADVICE: Final = "Nothing was changed. Make room or rights there, or set SALES_HOME to another folder, and try again."

_YOUNG: Final = 60.0
"""Seconds in which something half-written may still be about to be locked."""

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,62}")


@dataclass(frozen=True)
class Entry:
    """A dataset that can be opened."""

    name: str
    title: str
    version: str
    path: Path


def home() -> Path:
    """Folder of the prepared datasets: $SALES_HOME, or `datasets/` beside the code."""
    return _folder(None)


def _folder(home: Path | None) -> Path:
    if home is not None:
        return home
    named = os.environ.get("SALES_HOME")
    return Path(named) if named else Path(__file__).parent.parent / "datasets"


def memory_budget() -> int:
    """Bytes of lines that are held in memory; a larger dataset is scanned from its Parquet."""
    named = os.environ.get("SALES_MEMORY_MB")
    if named is None:
        return _memory() // HELD
    if not named.isdecimal():
        raise DataError(f"SALES_MEMORY_MB: expected a whole number of megabytes, found {named!r}.")
    return int(named) * 1024 * 1024


def _memory() -> int:
    """Bytes of memory of this machine, or of the control group it runs in where that has less."""
    try:
        most = [os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")]
    except (AttributeError, OSError, ValueError):
        return UNKNOWN_MEMORY
    for limit in ("memory.max", "memory/memory.limit_in_bytes"):
        with suppress(OSError, ValueError):
            most.append(int((Path("/sys/fs/cgroup") / limit).read_text(encoding="ascii")))
    return min(most)


def check_name(name: str) -> str:
    """The name of a dataset, which is also a folder name and stands in links."""
    if not _NAME.fullmatch(name):
        raise DataError(
            f"Dataset name {name!r}: expected letters, digits, - and _, at most 63, beginning with a letter or digit."
        )
    return name


# --- Reading ----------------------------------------------------------------------------------------------------------


def entries(*, home: Path | None = None) -> list[Entry]:
    """Every dataset that can be opened, the demo first, then by name."""
    found = [] if not (DEMO / "dataset.toml").is_file() else [_entry("demo", DEMO)]
    folder = _folder(home)
    if folder.is_dir():
        for path in sorted(folder.iterdir()):
            if path.name != "demo" and _NAME.fullmatch(path.name) and (current := _current(path)) is not None:
                # A damaged dataset must not keep the others from being opened.
                with suppress(DataError, KeyError):
                    found.append(_entry(path.name, current))
    return found


def _entry(name: str, path: Path) -> Entry:
    return Entry(name=name, title=str(content(path)["title"]), version=version_of(path), path=path)


def _current(folder: Path) -> Path | None:
    """The version folder in use, None where there is none."""
    try:
        version = (folder / "current").read_text(encoding="utf-8").strip()
    except OSError:
        return None
    path = folder / "versions" / version
    return path if _NAME.fullmatch(version) and (path / "dataset.toml").is_file() else None


def find(name: str, *, home: Path | None = None) -> Entry:
    """The dataset of a name."""
    known = entries(home=home)
    for entry in known:
        if entry.name == name:
            return entry
    names = ", ".join(entry.name for entry in known) or "none yet"
    raise DataError(f"Dataset {name!r}: expected one of those prepared ({names}), found none of that name.")


def load(name: str, *, home: Path | None = None) -> Dataset:
    """The dataset of a name, in the version that is in use."""
    return load_version(find(name, home=home).path, name=name)


def load_version(path: Path, *, name: str) -> Dataset:
    """One version folder as a Dataset: lines in memory where they fit the budget, else scanned."""
    said = content(path)
    try:
        scanned = pl.scan_parquet(path / "lines.parquet")
        schema = dict(scanned.collect_schema())
        held = _line_bytes(schema) * _height(path / "lines.parquet") <= memory_budget()
        return Dataset(
            name=name,
            version=version_of(path),
            title=said["title"],
            currency=said["currency"],
            lines=_in_memory(path / "lines.parquet").lazy() if held else scanned,
            held=held,
            customers=_in_memory(path / "customers.parquet", [*CUSTOMER_COLUMNS, *said["segments"]]),
            products=_in_memory(path / "products.parquet"),
            returns=_optional(path / "returns.parquet"),
            targets=_optional(path / "targets.parquet"),
            first_day=said["first_day"],
            last_day=said["last_day"],
            members=members(schema),
            segments=tuple(said["segments"]),
            calendar=Calendar(**said["calendar"]),
            reconciliation=_reconciliation(said["reconciliation"]),
            returns_valued=said["returns_valued"],
        )
    except (KeyError, TypeError, OSError, pl.exceptions.PolarsError) as error:
        raise DataError(f"Dataset {name!r}: {path} is damaged ({type(error).__name__}). Prepare it again.") from error


def lines_path(path: Path) -> Path:
    """The Parquet of a version's lines: the columns of `Dataset.lines`."""
    return path / "lines.parquet"


def order_ids(path: Path) -> pl.LazyFrame:
    """A version's orders: order UInt32 (the code in `lines`), order_id text; to join to lines that are shown."""
    return pl.scan_parquet(path / "orders.parquet").with_row_index("order")


def recipe_text(path: Path) -> str:
    """The recipe that a version was prepared by; empty for generated data."""
    return str(content(path).get("recipe", {}).get("text", ""))


def set_aside(path: Path) -> pl.DataFrame | None:
    """Source rows that a version left out: role, rule, reason, file, row, money, original text; None without any."""
    return _optional(path / "set_aside.parquet")


def version_of(path: Path) -> str:
    """The version that a folder holds: its name below `versions/`, else the digest of its content."""
    return path.name if path.parent.name == "versions" else digest(path)


def content(path: Path) -> dict[str, Any]:
    """What a version's `dataset.toml` says."""
    try:
        return described.parsed((path / "dataset.toml").read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, DataError) as error:
        why = str(error) if isinstance(error, DataError) else type(error).__name__
        raise DataError(f"{path / 'dataset.toml'} cannot be read ({why}). Prepare it again.") from error


def _reconciliation(content: dict[str, Any]) -> Reconciliation:
    plain = {key: value for key, value in content.items() if key not in ("set_aside", "notes")}
    return Reconciliation(
        **plain,
        set_aside=tuple(SetAside(**item) for item in content.get("set_aside", [])),
        notes=tuple(content.get("notes", [])),
    )


def _height(path: Path) -> int:
    return int(pl.scan_parquet(path).select(pl.len()).collect().item())


def _line_bytes(schema: dict[str, Any]) -> int:
    """Bytes of one line in memory."""
    empty = pl.DataFrame(schema=schema)
    widths = {"UInt8": 1, "Int16": 2, "UInt16": 2, "Int32": 4, "UInt32": 4, "Int64": 8}
    return sum(widths[str(empty[name].to_physical().dtype)] for name in schema)


def _in_memory(path: Path, columns: list[str] | None = None) -> pl.DataFrame:
    """A Parquet file as one chunk a column; column by column, so that only one column is ever there twice."""
    names = columns or pl.scan_parquet(path).collect_schema().names()
    return pl.DataFrame([pl.read_parquet(path, columns=[name]).to_series().rechunk() for name in names])


def _optional(path: Path) -> pl.DataFrame | None:
    return _in_memory(path) if path.is_file() else None


# --- Publishing -------------------------------------------------------------------------------------------------------


def publish(name: str, build: Callable[[Path], None], *, home: Path | None = None) -> str:
    """Write a version folder by `build` and put it in use; returns its version.

    The same content gives the same version. Whatever fails, what was in use before stays in use and nothing
    half-written is left.
    """
    folder = _folder(home) / check_name(name)
    versions = folder / "versions"
    created = [path for path in (folder.parent, folder, versions) if not path.exists()]
    temporary: Path | None = None
    lock: int | None = None
    try:
        versions.mkdir(parents=True, exist_ok=True)
        for path in created:
            path.chmod(0o700)
        temporary = Path(tempfile.mkdtemp(prefix=".writing-", dir=versions))
        lock = None if os.name == "nt" else _lock(temporary)
        build(temporary)
        # What a company sells is for the user who prepared it, not for everybody on the machine.
        for path in temporary.rglob("*"):
            path.chmod(0o700 if path.is_dir() else 0o600)
        for path in sorted(temporary.iterdir()):
            _sync(path)
        _sync(temporary)
        version = digest(temporary)
        try:
            temporary.rename(versions / version)
        except OSError:
            # The same version is already there, written before or by another import at the same moment.
            if not (versions / version).is_dir():
                raise
            shutil.rmtree(temporary)
        temporary = None
        _sync(versions)
        _point(folder, version)
    except (OSError, pl.exceptions.PolarsError) as error:
        _tidy(temporary, created)
        where = getattr(error, "filename", None) or folder
        raise DataError(f"{where}: the dataset could not be written ({_cause(error)}). {_ADVICE}") from error
    except BaseException:
        _tidy(temporary, created)
        raise
    finally:
        if lock is not None:
            os.close(lock)
    return version


def _cause(error: Exception) -> str:
    """What the system says; polars wraps it into text of its own."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    number = re.search(r"os error (\d+)", str(error))
    return os.strerror(int(number[1])) if number else str(error).split("\n", 1)[0]


def sweep(home: Path | None = None, *, young: float = _YOUNG) -> int:
    """Remove what killed imports left half-written; returns how many folders and files went.

    What an import that still runs is writing is locked, and stays; so does what is younger than `young` seconds.
    """
    gone = 0
    for dataset in _folders(_folder(home)):
        for path in [*dataset.glob("versions/.writing-*"), *dataset.glob(".current-*")]:
            gone += _swept(path, young)
    return gone


def _folders(parent: Path) -> list[Path]:
    try:
        return [path for path in parent.iterdir() if path.is_dir()]
    except OSError:
        return []


def _swept(path: Path, young: float) -> bool:
    try:
        if time.time() - path.stat().st_mtime < young:
            return False
        if path.is_file():
            path.unlink()
            return True
        lock = _lock(path)
    except OSError:
        return False
    shutil.rmtree(path, ignore_errors=True)
    os.close(lock)
    return True


def _lock(folder: Path) -> int:
    """Hold a folder that is being written, so that no sweep takes it; OSError where another process holds it."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        with suppress(ImportError):
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        raise
    return handle


def _point(folder: Path, version: str) -> None:
    """Put a version in use by replacing the file `current`."""
    handle, name = tempfile.mkstemp(prefix=".current-", dir=folder)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(version + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, folder / "current")
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    _sync(folder)
    _sync(folder.parent)


def _tidy(temporary: Path | None, created: list[Path]) -> None:
    if temporary is not None:
        shutil.rmtree(temporary, ignore_errors=True)
    for path in reversed(created):
        try:
            path.rmdir()
        except OSError:
            return


def _sync(path: Path) -> None:
    """Make a file or folder durable; systems that cannot open a folder do without."""
    if path.is_dir() and os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def digest(path: Path) -> str:
    """Sixteen hex digits of the SHA-256 over the names and contents of a version's files."""
    total = hashlib.sha256()
    for file in sorted(path.iterdir()):
        if file.suffix in (".parquet", ".toml"):
            with file.open("rb") as handle:
                total.update(f"{file.name} {hashlib.file_digest(handle, 'sha256').hexdigest()}\n".encode())
    return total.hexdigest()[:16]
