"""Compressed files: told by their first bytes, unpacked within bounds."""

from __future__ import annotations

import bz2
import gzip
import lzma
import stat
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from data.reading.findings import excerpt
from data.reading.limits import MB, Limits
from data.reading.refused import BY_CONTENT, Refused

_BLOCK: Final = 1 << 20
_MOST: Final = 10_000
"""Files that an archive may hold."""

_DAMAGED: Final = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    OSError,
    EOFError,
    RuntimeError,
    NotImplementedError,
    ValueError,
)
"""What libraries raise where an archive is not whole; a problem of the system is among them, see `_of_archive`."""

_FREE: Final = 50 * MB
"""Content up to this size may come from however small a file."""


@dataclass(frozen=True)
class Member:
    """One file inside an archive."""

    name: str
    size: int


def kind(path: Path) -> str:
    """What a file is, by its first bytes: parquet, arrow, xls, xlsx, xlsb, ods, zip, gzip, bzip2, xz, zstd, text."""
    with path.open("rb") as file:
        head = file.read(16)
        if not head:
            return "empty"
        if head.startswith((b"PAR1", b"PARE")):
            return "parquet"
        if head.startswith((b"ARROW1", b"\xff\xff\xff\xff")):
            return "arrow"
        if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
            return "xls"
        # The beginning of the two oldest Excel formats, which were not yet containers.
        if head[:2] in (b"\x09\x08", b"\x09\x04", b"\x09\x02", b"\x09\x00") and head[2:4] in (
            b"\x08\x00",
            b"\x06\x00",
            b"\x10\x00",
            b"\x04\x00",
        ):
            return "xls"
        for mark, name in (
            (b"\x1f\x8b", "gzip"),
            (b"BZh", "bzip2"),
            (b"\xfd7zXZ\x00", "xz"),
            (b"\x28\xb5\x2f\xfd", "zstd"),
        ):
            if head.startswith(mark):
                return name
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _kind_of_zip(path)
    return "text"


def _kind_of_zip(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = {name.lower().replace("\\", "/") for name in archive.namelist()[:10_000]}
            if "mimetype" in names:
                with archive.open(next(n for n in archive.namelist() if n.lower() == "mimetype")) as entry:
                    if b"opendocument.spreadsheet" in entry.read(200):
                        return "ods"
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, zlib.error, EOFError, ValueError):
        return "zip"
    if any(name.endswith("xl/workbook.bin") for name in names):
        return "xlsb"
    if any(name.endswith(("xl/workbook.xml", "workbook.xml")) for name in names):
        return "xlsx"
    return "zip"


def members(path: Path) -> list[Member]:
    """The files of a zip archive that may hold a table; links in it are none, wherever they lead."""
    try:
        with zipfile.ZipFile(path) as archive:
            result = [
                Member(item.filename, item.file_size)
                for item in archive.infolist()
                if not item.is_dir()
                and not stat.S_ISLNK(item.external_attr >> 16)
                and not any(part.startswith((".", "__MACOSX")) for part in item.filename.split("/"))
            ]
    except _DAMAGED as error:
        _of_archive(error)
        raise Refused("expected a zip archive, found one that is damaged. Pack the files again.", packed=True) from None
    if len(result) > _MOST:
        raise Refused(f"expected up to {_MOST:,} files in the archive, found {len(result):,}.", packed=True)
    return result


def _of_archive(error: Exception) -> None:
    """Raise an error again that is the system's and says nothing about the archive."""
    if isinstance(error, OSError) and error.errno is not None and error.errno not in BY_CONTENT:
        raise error


def check_zip(path: Path, limits: Limits) -> None:
    """Refuse an archive (a spreadsheet is one, too) that grows beyond bounds, before a library opens it."""
    packed = path.stat().st_size
    try:
        with zipfile.ZipFile(path) as archive:
            items = archive.infolist()
            if len(items) > _MOST:
                raise Refused(f"expected up to {_MOST:,} files in the archive, found {len(items):,}.")
            total = 0
            for item in items:
                # The size that an archive states may be a lie, so that it is unpacked once, and forgotten.
                with archive.open(item) as source:
                    while block := source.read(_BLOCK):
                        total += len(block)
                        _check(total, packed, limits)
    except Refused:
        raise
    except _DAMAGED as error:
        _of_archive(error)
        if "encrypted" in str(error) or "password" in str(error):
            raise Refused("expected a file without a password, found a protected one. Save it without one.") from None


def extract(path: Path, member: str, target: Path, limits: Limits) -> None:
    """Write one member of a zip archive to `target`."""
    try:
        archive = zipfile.ZipFile(path)
    except _DAMAGED as error:
        _of_archive(error)
        raise Refused("expected a zip archive, found one that is damaged. Pack the files again.", packed=True) from None
    with archive:
        try:
            item = archive.getinfo(member)
        except KeyError:
            raise Refused(f"expected {excerpt(member)} in the archive, found no file of that name.") from None
        if item.flag_bits & 1:
            text = "expected an archive without a password, found a protected one. Pack it without one."
            raise Refused(text, packed=True)
        _unpack(lambda: archive.open(item), path.stat().st_size, target, limits)


def decompress(path: Path, packing: str, target: Path, limits: Limits) -> None:
    """Write the content of a gzip, bzip2, xz or zstd file to `target`."""
    openers: dict[str, Callable[[Path], Any]] = {"gzip": gzip.GzipFile, "bzip2": bz2.BZ2File, "xz": lzma.LZMAFile}
    if packing not in openers:
        text = "expected a file packed with gzip or zip, found one packed with zstd. Unpack it first."
        raise Refused(text, packed=True)
    _unpack(lambda: openers[packing](path), path.stat().st_size, target, limits)


def _unpack(opened: Callable[[], Any], packed: int, target: Path, limits: Limits) -> None:
    total = 0
    try:
        with opened() as source, target.open("wb") as sink:
            while block := source.read(_BLOCK):
                total += len(block)
                _check(total, packed, limits)
                sink.write(block)
    except _DAMAGED as error:
        _of_archive(error)
        where = f"is damaged after {total:,} bytes"
        if isinstance(error, OSError) and error.errno is not None:
            where = "has lost a part: what it says about the rest leads outside of it"
        raise Refused(
            f"expected a whole compressed file, found one that {where}. Pack it again.", packed=True
        ) from None


def _check(total: int, packed: int, limits: Limits) -> None:
    if total > limits.unpacked_mb * MB:
        raise Refused(f"expected up to {limits.unpacked_mb:,} MB once it is unpacked, found more.", packed=True)
    if total > _FREE and total > packed * limits.ratio:
        raise Refused(
            f"expected a compressed file, found one that grows to more than {limits.ratio} times its size. "
            "Unpack it yourself if you trust it.",
            packed=True,
        )
