"""`dataset.toml` is read in the form in which this app writes it; of anything else there is a sentence, at once."""

from __future__ import annotations

import time
import tomllib
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.dataset import Calendar, Reconciliation, SetAside
from benchmarks import mutants
from data.errors import DataError
from data.files import UsedFile
from data.prepare import prepare
from data.recipe.recipes import read
from data.recipe.toml import toml_text
from data.store import described, locations, store, writing
from tests.data.conftest import SHOP_RECIPE, Shop


def refusal(text: str) -> str:
    with pytest.raises(DataError) as caught:
        described.parsed(text)
    return str(caught.value)


def written(**changed: Any) -> dict[str, Any]:
    """A description as it is written."""
    told = writing.describe(
        name="shop",
        title='"Ünï" \\ shop',
        currency="EUR",
        first_day=date(2024, 1, 1),
        last_day=date(2024, 2, 1),
        segments=("gender", "a.b"),
        calendar=Calendar(),
        returns_valued="amount",
        reconciliation=Reconciliation(
            rows_read=3, lines_kept=2, revenue=-5, set_aside=(SetAside("zero", "why\n", 1, -2),), notes=("x", "")
        ),
        sources=(UsedFile("sales, 1.csv", "lines", 3, "ab"),),
        recipe=SHOP_RECIPE,
    )
    return {**told, **changed}


def test_what_is_written_is_read() -> None:
    text = toml_text(written())
    assert described.parsed(text) == written() == tomllib.loads(text)
    assert described.parsed(text.replace("\n", "\r\n")) == written()


def test_every_dataset_that_is_published_can_be_read(shop: Shop, tmp_path: Path) -> None:
    path = prepare(read(shop.recipe), shop.folder, home=tmp_path, name="shop").path
    for folder in (locations.DEMO, path):
        assert described.parsed((folder / "dataset.toml").read_text(encoding="utf-8")) == store.content(folder)


@settings(deadline=None)
@given(title=st.text(), notes=st.lists(st.text(), max_size=3), recipe=st.text(), money=st.integers(-(2**63), 2**63 - 1))
def test_any_value_that_can_be_written_can_be_read(title: str, notes: list[str], recipe: str, money: int) -> None:
    counts = {**written()["reconciliation"], "notes": notes, "revenue": money}
    content = written(title=title, recipe={"text": recipe}, reconciliation=counts)
    try:
        text = toml_text(content)
        text.encode()
    except UnicodeEncodeError:  # Half a letter is no text.
        return
    assert described.parsed(text) == content


HOSTILE = {
    "a key of very many parts": "a" + ".a" * 30_000 + " = 1",
    "a heading of very many parts": "[a" + ".a" * 30_000 + "]",
    "lists in lists": "a = " + "[" * 100_000,
    "tables in a line": "a = " + "{a = " * 3_000 + "1" + "}" * 3_000,
    "a list that does not end": "a = [" + '"x", ' * 200_000 + "1",
    "a text that does not end": 'a = "' + "\\\\" * 500_000,
    "a number of 5,000 digits": "a = " + "9" * 5_000,
    "a text of several lines": 'a = """\nx"""',
    "more than two million letters": "a = 1\n" * 400_000,
    "a mistake": "title = [",
    "nothing": "",
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_text_is_one_sentence_at_once(case: str) -> None:
    began = time.monotonic()
    said = refusal(HOSTILE[case])
    assert said.isprintable()
    assert len(said) < 200
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    ("key", "value"),
    [
        *(("title", 3), ("currency", "Euro"), ("currency", []), ("first_day", "2024-01-01"), ("last_day", 1)),
        *(("segments", "gender"), ("segments", [1]), ("calendar", []), ("calendar", {"week_start": 9})),
        *(("reconciliation", 1), ("reconciliation", {}), ("sources", {}), ("sources", [1]), ("sources", [{"file": 1}])),
        *(("recipe", "x"), ("recipe", {"text": 1}), ("returns_valued", True)),
    ],
)
def test_a_value_of_another_kind_is_named(key: str, value: object) -> None:
    assert f"key {key}" in refusal(toml_text(written(**{key: value})))


def test_a_number_beyond_64_bits_is_no_number() -> None:
    assert "key reconciliation.revenue" in refusal(
        toml_text(written()).replace("revenue = -5", "revenue = " + "9" * 25)
    )


def test_mutants_of_a_description(tmp_path: Path, shop: Shop) -> None:
    """Thousands of mutants: the content in its form, or a sentence. Every other dataset can still be opened."""
    path = prepare(read(shop.recipe), shop.folder, home=tmp_path, name="shop").path / "dataset.toml"
    good = path.read_bytes()
    kept = 0
    for number in range(3_000):
        text = mutants.toml(good, Random(f"described {number}")).decode("utf-8", "replace")
        try:
            content = described.parsed(text)
        except DataError:
            continue
        kept += 1
        described._check(content, described._DATASET, "")
    assert kept > 100
    for number in range(150):
        path.write_bytes(mutants.damaged(good, Random(f"folder {number}")))
        names = [entry.name for entry in store.entries(home=tmp_path)]
        assert names[0] == "demo"
        try:
            store.load("shop", home=tmp_path)
            store.recipe_text(path.parent)
        except DataError:
            continue
