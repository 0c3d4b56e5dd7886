"""Source files: found by name in a folder or zip, and scanned as text with their row numbers."""

from __future__ import annotations

import codecs
import csv
import hashlib
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final

import polars as pl

from data import reading
from data.building.shaping import AS_IT_STANDS, Shape, shaped
from data.errors import DataError, problem, quoted

ROW: Final = "row"
"""Column with a source row's number as a spreadsheet shows it: 2 is the first row below a CSV's header."""

_BLOCK: Final = 1 << 20


@dataclass(frozen=True)
class SourceFile:
    """One file, ready to be scanned."""

    name: str
    """File name as people know it."""
    path: Path
    """UTF-8 CSV on this machine, or Parquet that this app wrote, where `numbered`."""
    sha256: str
    """Digest of the original bytes."""
    separator: str = ","
    numbered: bool = False
    """Whether this is a table of `data.reading`, which has the numbers of the rows in the file it was read from."""
    shape: Shape = AS_IT_STANDS
    """What happens to the table before its rows are lines."""

    def scan(self) -> pl.LazyFrame:
        """The table in its shape, and `ROW`; CSV columns are text, those of a Parquet file keep their type."""
        return shaped(self._as_it_stands(), self.shape, ROW)

    def _as_it_stands(self) -> pl.LazyFrame:
        if self.numbered:
            return _apart(pl.scan_parquet(self.path)).rename({reading.ROW: ROW})
        try:
            frame = pl.scan_csv(self.path, separator=self.separator, infer_schema=False)
            frame.collect_schema()
        except pl.exceptions.NoDataError:
            raise problem(self.name, row=1, expected="a line with column names", found="an empty file") from None
        except (pl.exceptions.PolarsError, OSError) as error:
            raise self.explain(error) from None
        return _apart(frame).with_row_index(ROW, offset=2)

    def explain(self, error: Exception) -> DataError:
        """What is wrong with a file that could not be read: the first bad row where it can be told."""
        if not self.numbered and (found := self.first_bad_row()) is not None:
            return found
        return DataError(f"{self.name}: expected a CSV file, found one that cannot be read ({_first_line(error)}).")

    def first_bad_row(self) -> DataError | None:
        """The first row that is not UTF-8 or has more fields than the header."""
        try:
            with self.path.open(encoding="utf-8", newline="") as handle:
                reader = csv.reader(handle, delimiter=self.separator)
                header = next(reader, [])
                for row, fields in enumerate(reader, start=2):
                    if len(fields) > len(header):
                        return problem(
                            self.name,
                            row=row,
                            expected=f"{len(header)} fields as in the header",
                            found=f"{len(fields)}",
                            advice="A text that holds the separator must stand in double quotes.",
                        )
        except UnicodeDecodeError:
            return self._first_bad_bytes("UTF-8")
        except csv.Error as error:
            return DataError(f"{self.name}: expected a CSV file, found one that cannot be read ({error}).")
        return None

    def _first_bad_bytes(self, encoding: str) -> DataError:
        with self.path.open("rb") as handle:
            for row, line in enumerate(handle, start=1):
                try:
                    line.decode(encoding)
                except UnicodeDecodeError as error:
                    found = line[max(0, error.start - 15) : error.end + 15].decode("latin-1").strip()
                    return _not_encoded(self.name, row, encoding, found)
        return _not_encoded(self.name, None, encoding, "other bytes")


def _apart(frame: pl.LazyFrame) -> pl.LazyFrame:
    """A frame whose own column named like the row number bears another name."""
    return frame.rename({ROW: f"{ROW} (source)"}) if ROW in frame.collect_schema().names() else frame


def _not_encoded(name: str, row: int | None, encoding: str, found: str) -> DataError:
    return problem(
        name,
        row=row,
        expected=f"text in {encoding}",
        found=quoted(found),
        advice='Name the file\'s encoding in the recipe, e.g. encoding = "windows-1252".',
    )


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n", 1)[0][:200]


class Origin:
    """A folder, a zip or a single file in which source files are found by name."""

    def __init__(self, path: Path, scratch: Path) -> None:
        self.path = path
        self._scratch = scratch
        self._archive: zipfile.ZipFile | None = None
        if not path.exists():
            raise DataError(f"{path}: expected a folder, a zip or a file, found nothing there.")
        if path.is_dir():
            files = (file for file in sorted(path.rglob("*")) if file.is_file())
            self._members = [file.relative_to(path).as_posix() for file in files]
        elif zipfile.is_zipfile(path):
            self._archive = zipfile.ZipFile(path)
            self._members = sorted(item.filename for item in self._archive.infolist() if not item.is_dir())
        elif path.suffix.lower() == ".zip":
            raise DataError(f"{path.name}: expected a zip archive, found a file that is none or is damaged.")
        else:
            self._members = [path.name]
        self._members = [name for name in self._members if not _is_hidden(name)]

    def close(self) -> None:
        """Release the archive."""
        if self._archive is not None:
            self._archive.close()

    def find(self, pattern: str) -> list[str]:
        """Members whose file name matches; the same file name twice, or none at all, is an error."""
        wanted = pattern.lower()
        found = [name for name in self._members if fnmatchcase(_base(name).lower(), wanted)]
        if not found:
            names = sorted({_base(name) for name in self._members})
            shown = ", ".join(names[:15]) + (f" and {len(names) - 15} more" if len(names) > 15 else "")
            raise DataError(f"{self.path}: expected a file named {quoted(pattern)}, found {shown or 'no files'}.")
        by_name: dict[str, str] = {}
        for name in found:
            other = by_name.setdefault(_base(name).lower(), name)
            if other != name:
                raise DataError(
                    f"{self.path}: expected one file named {quoted(_base(name))}, found {other} and {name}. "
                    "Point --from at the folder that holds the right one."
                )
        return found

    @property
    def scratch(self) -> Path:
        """A folder for what is unpacked or read; it is removed with the origin."""
        return self._scratch

    def original(self, member: str) -> Path:
        """The bytes of a member as a file on this machine."""
        if self._archive is None:
            return self.path / member if self.path.is_dir() else self.path
        return self._extract(member)

    def open(self, member: str, *, encoding: str, separator: str) -> SourceFile:
        """One CSV member as a file on this machine, in UTF-8, with the digest of its original bytes."""
        name = _base(member)
        original = self.original(member)
        digest = _sha256(original)
        if codecs.lookup(encoding).name not in ("utf-8", "utf-8-sig"):
            original = self._to_utf8(original, name, encoding)
        return SourceFile(name=name, path=original, sha256=digest, separator=separator)

    def _extract(self, member: str) -> Path:
        assert self._archive is not None
        folder = Path(tempfile.mkdtemp(dir=self._scratch))
        target = folder / ("file" + Path(member).suffix)
        try:
            with self._archive.open(member) as source, target.open("wb") as sink:
                shutil.copyfileobj(source, sink, _BLOCK)
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError) as error:
            raise DataError(f"{self.path.name}: {member} cannot be unpacked ({_first_line(error)}).") from None
        return target

    def _to_utf8(self, original: Path, name: str, encoding: str) -> Path:
        target = Path(tempfile.mkdtemp(dir=self._scratch)) / ("file" + original.suffix)
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            with original.open("rb") as source, target.open("w", encoding="utf-8", newline="") as sink:
                while block := source.read(_BLOCK):
                    sink.write(decoder.decode(block))
                sink.write(decoder.decode(b"", final=True))
        except UnicodeDecodeError:
            raise SourceFile(name, original, "")._first_bad_bytes(encoding) from None
        return target


@contextmanager
def opened(path: Path | Origin) -> Iterator[Origin]:
    """An origin whose unpacked files are removed afterwards; one that is open already stays so."""
    if isinstance(path, Origin):
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="sales-sources-") as scratch:
        origin = Origin(path, Path(scratch))
        try:
            yield origin
        finally:
            origin.close()


def _base(member: str) -> str:
    return member.rsplit("/", 1)[-1]


def _is_hidden(member: str) -> bool:
    return any(part.startswith((".", "__MACOSX")) for part in member.split("/"))


def _sha256(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
