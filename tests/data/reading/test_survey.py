"""The made-up survey files: that they are what they say, and how the reader does on some of them."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from benchmarks import cases as packs
from benchmarks import corpora
from benchmarks.survey import __main__ as survey
from benchmarks.survey.files import make


def test_a_number_is_always_the_same_file() -> None:
    assert make(7) == make(7)
    assert make(7).content != make(8).content


@pytest.mark.parametrize("seed", range(1, 60))
def test_the_answer_stands_in_the_file(seed: int) -> None:
    """Every row of the answer is a row of the file, written by Python's csv reader's rules or cut at its end."""
    file = make(seed)
    text = file.content.decode("utf-8-sig" if b"\xef\xbb\xbf" in file.content[:3] else "utf-8", "replace")
    if "\ufffd" in text:
        text = file.content.decode("cp1252")
    delimiter = {"semicolon": ";", "tab": "\t", "bar": "|"}
    sign = next((delimiter[trait] for trait in file.traits if trait in delimiter), ",")
    quote = "'" if "single_quotes" in file.traits else '"'
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    found = [tuple(_stripped(cells)) for cells in csv.reader(lines, delimiter=sign, quotechar=quote)]
    rows = file.answer if "no_header" in file.traits else file.answer[1:]
    assert rows
    assert {tuple(_stripped(row)) for row in rows} <= set(found)
    assert len({len(row) for row in file.answer}) == 1


def _stripped(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells = cells[:-1]
    return cells


def test_a_pack_is_read_and_scored(tmp_path: Path) -> None:
    traits = survey.write(tmp_path, 60, seed=3_000)
    weights = json.loads((tmp_path / "pollock_weights.json").read_text(encoding="utf-8"))
    assert len(weights) == 60
    assert all(0 < weight <= 1 for weight in weights.values())
    assert sum(count for trait, count in traits.items() if trait in ("title", "keys", "tables", "notes")) > 20
    cases = packs.cases(tmp_path, "survey")
    records = corpora.run(cases, with_rivals=False)
    assert {record.outcome for record in records} <= {"exact", "changed and reported", "silently wrong"}
    assert sum(record.outcome == "silently wrong" for record in records) <= 3
    assert sum(record.simple or 0 for record in records) / len(records) > 9.6
