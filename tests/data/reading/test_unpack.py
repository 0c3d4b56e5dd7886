"""Packed files are unpacked within limits."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import random
import zipfile
from collections.abc import Callable

import pytest

from data.reading import Limits
from tests.data.reading.conftest import RefusalOf, TableOf, kinds
from tests.data.reading.test_text import assert_sales, written


def zipped(files: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return content.getvalue()


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, lambda data: zipped({"sales.csv": data})])
def test_packed_files(table_of: TableOf, pack: Callable[[bytes], bytes]) -> None:
    assert_sales(table_of(pack(written().encode())))
    assert_sales(table_of(pack(pack(written().encode()))))


def test_an_archive_with_several_files(table_of: TableOf, refusal_of: RefusalOf) -> None:
    content = zipped({"a/one.csv": b"a,b\n1,2\n", "__MACOSX/._x": bytes(999), "two.csv": b"c,d\n1,2\n3,4\n"})
    found = table_of(content)
    assert found.columns == ("c", "d")
    assert found.details["members"] == ["a/one.csv", "two.csv"]
    assert "member" in kinds(found)
    assert table_of(content, member="a/one.csv").columns == ("a", "b")
    assert "no file of that name" in refusal_of(content, member="../secret")


def test_bombs_are_refused(refusal_of: RefusalOf) -> None:
    zeros = bytes(80 << 20)
    assert "200 times its size" in refusal_of(gzip.compress(zeros))
    assert "200 times its size" in refusal_of(zipped({"a.csv": zeros}))
    assert "200 times its size" in refusal_of(lzma.compress(zeros))
    assert "up to 1 MB" in refusal_of(gzip.compress(random.Random(1).randbytes(2 << 20)), limits=Limits(unpacked_mb=1))
    deep = zipped({"a.zip": zipped({"a.zip": zipped({"a.csv": b"a,b\n1,2\n"})})})
    assert "inside archives" in refusal_of(deep)


@pytest.mark.parametrize("cut", [5, 20, 60])
def test_archives_cut_short_are_refused(refusal_of: RefusalOf, cut: int) -> None:
    content = gzip.compress(random.Random(2).randbytes(500))
    assert "expected" in refusal_of(content[:-cut])
    assert "expected" in refusal_of(zipped({"a.csv": random.Random(3).randbytes(500)})[:-cut])
