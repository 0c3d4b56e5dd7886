"""Packed files are unpacked within limits."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import random
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from data import reading
from data.reading import Child, Limits, Refusal
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


# --- Archives ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cut", [(40, 60), (4, 300)])
def test_an_archive_that_lost_a_part_says_so(cut: tuple[int, int]) -> None:
    """As files that went through a transfer of texts: the system only says 'Invalid argument'."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("sales.csv", "a,b\n" + "1,2\n" * 100)
    whole = made.getvalue()
    found = reading.read(whole[: cut[0]] + whole[cut[1] :], name="sales.zip")
    assert isinstance(found, Refusal)
    assert found.sentence == (
        "sales.zip: expected a whole compressed file, found one that has lost a part: what it says about the rest "
        "leads outside of it. Pack it again."
    )
    assert found.packed


def test_the_files_of_an_archive_are_listed_in_the_process(tmp_path: Path) -> None:
    path = tmp_path / "files.zip"
    with zipfile.ZipFile(path, "w") as archive:
        link = zipfile.ZipInfo("link.csv")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
        for name, content in {"a/small.csv": "1", "large.csv": "123", ".hidden": "x", "__MACOSX/._a": "x"}.items():
            archive.writestr(name, content)
    (tmp_path / "none.zip").write_bytes(b"PK\x03\x04 no more")
    with Child(Limits(), tmp_path) as process:
        assert reading.members(path, name="files.zip", child=process) == ["large.csv", "a/small.csv"]
        assert reading.members(tmp_path / "messages.log", name="x", child=process) is None
        none = reading.members(tmp_path / "none.zip", name="none.zip", child=process)
    assert isinstance(none, Refusal)
    assert none.sentence == "none.zip: expected a zip archive, found one that is damaged. Pack the files again."
