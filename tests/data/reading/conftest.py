"""Reads hand-made files through one warm reading process, which is replaced where a file ends it."""

from __future__ import annotations

import tarfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from data import reading
from data.reading import Child, Limits, Options, Reading, Refusal

TableOf = Callable[..., Reading]
RefusalOf = Callable[..., str]

CORPORA = Path(__file__).resolve().parents[4] / "shared" / "corpora"

ReadFile = Callable[..., Reading | Refusal]


@pytest.fixture(scope="session")
def read_file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReadFile]:
    """Reads text or bytes; keywords are options, `limits` and `name`."""
    children: dict[Limits, Child] = {}

    def read(
        content: str | bytes | Path, *, limits: Limits = reading.DEFAULT, name: str = "file", **options: Any
    ) -> Reading | Refusal:
        child = children.get(limits)
        if child is None or not child.alive:
            if child is not None:
                child.close()
            child = children[limits] = Child(limits, tmp_path_factory.mktemp("child"))
        source = content.encode() if isinstance(content, str) else content
        return reading.read(source, name=name, options=Options(**options), limits=limits, child=child)

    yield read
    for child in children.values():
        child.close()


@pytest.fixture(scope="session")
def table_of(read_file: ReadFile) -> Callable[..., Reading]:
    """Like `read_file`, for files that are tables."""

    def read(content: str | bytes | Path, **keywords: Any) -> Reading:
        found = read_file(content, **keywords)
        assert isinstance(found, Reading), found
        return found

    return read


@pytest.fixture(scope="session")
def refusal_of(read_file: ReadFile) -> Callable[..., str]:
    """Like `read_file`, for files that are refused: the sentence."""

    def read(content: str | bytes | Path, **keywords: Any) -> str:
        found = read_file(content, **keywords)
        assert isinstance(found, Refusal), found
        return found.sentence

    return read


def rows(found: Reading) -> list[tuple[Any, ...]]:
    """Rows of a table with their number in the file first."""
    return found.scan().collect().rows()


def kinds(found: Reading) -> set[str]:
    """Kinds of the findings that people should look at."""
    return {item.kind for item in found.changed}


def corpus(pack: str, folder: Path) -> Path:
    """A pack of files beside the project, unpacked; skips where it is not there."""
    archive = CORPORA / f"{pack}.tar.xz"
    if not archive.is_file():
        pytest.skip(f"needs ../shared/corpora/{archive.name}")
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data")
    return folder / pack


def xlsx(sheets: dict[str, str], *, hidden: tuple[str, ...] = ()) -> bytes:
    """A workbook: name of each sheet and the XML of its rows."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        kinds = "".join(
            f'<Override PartName="/xl/worksheets/sheet{number}.xml" '
            'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
            for number in range(1, len(sheets) + 1)
        )
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{package}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Override PartName="/xl/workbook.xml" '
            'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
            '<Override PartName="/xl/styles.xml" '
            'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>'
            f"{kinds}</Types>",
        )
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{office}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>',
        )
        listed = "".join(
            f'<sheet name="{name}" sheetId="{number}" r:id="r{number}"{state}/>'
            for number, name in enumerate(sheets, start=1)
            for state in [' state="hidden"' if name in hidden else ""]
        )
        archive.writestr(
            "xl/workbook.xml", f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>{listed}</sheets></workbook>'
        )
        related = "".join(
            f'<Relationship Id="r{number}" Type="{office}/worksheet" Target="worksheets/sheet{number}.xml"/>'
            for number in range(1, len(sheets) + 1)
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{package}/relationships">{related}'
            f'<Relationship Id="r99" Type="{office}/styles" Target="styles.xml"/></Relationships>',
        )
        # Style 1 is a date.
        archive.writestr(
            "xl/styles.xml",
            f'<styleSheet xmlns="{main}"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills>'
            '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
            '<cellXfs count="2"><xf/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>',
        )
        for number, data in enumerate(sheets.values(), start=1):
            archive.writestr(
                f"xl/worksheets/sheet{number}.xml",
                f'<worksheet xmlns="{main}"><sheetData>{data}</sheetData></worksheet>',
            )
    return content.getvalue()


def sheet_rows(*lines: Sequence[str | float | None], first: int = 1) -> str:
    """XML of rows: texts, and numbers; a number as text in a list is a number, None is no cell."""
    parts = []
    for number, cells in enumerate(lines, start=first):
        inner = []
        for place, cell in enumerate(cells):
            name = f"{chr(65 + place)}{number}"
            if cell is None:
                continue
            if isinstance(cell, str):
                inner.append(f'<c r="{name}" t="inlineStr"><is><t>{cell}</t></is></c>')
            else:
                inner.append(f'<c r="{name}"><v>{cell}</v></c>')
        parts.append(f'<row r="{number}">{"".join(inner)}</row>')
    return "".join(parts)
