"""Mutants of recipes are recipes or a sentence; values come back from the parsing process as they were."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import mutants
from data.errors import DataError
from data.prepare import read
from data.reading import codec, tree
from data.recipe import recipes, toml
from data.recipe.recipes import SHIPPED, Recipe
from data.sources import Origin
from tests.data.conftest import SHOP_RECIPE, Shop
from tests.data.recipe.test_recipes import DETECTED

# --- Mutants ----------------------------------------------------------------------------------------------------------

SEEDS = {
    **{path.stem: path.read_bytes() for path in sorted(SHIPPED.glob("*.toml"))},
    "shop": SHOP_RECIPE.encode(),
    "detected": DETECTED.encode(),
}


@pytest.mark.parametrize("name", SEEDS)
def test_mutants_of_recipes(name: str, quick: None) -> None:
    """A thousand mutants of each recipe: a recipe whose values can be used, or one sentence."""
    parsed = refused = 0
    for number in range(1_000):
        text = mutants.toml(SEEDS[name], Random(f"{name} {number}")).decode("utf-8", "replace")
        said = ""
        try:
            recipe = recipes.parse(text, file="my.toml", name="my")
        except DataError as error:
            said = str(error)
        if said:
            refused += 1
            assert said.startswith("my.toml"), text
            assert said.isprintable(), text
        else:
            parsed += 1
            assert usable(recipe), text
    assert min(parsed, refused) > 50


def test_every_truncated_recipe_is_a_recipe_or_a_sentence(quick: None) -> None:
    refused = []
    for end in range(0, len(SHOP_RECIPE), 7):
        try:
            recipes.parse(SHOP_RECIPE[:end], file="shop.toml", name="shop")
        except DataError as error:
            refused.append(str(error))
    assert len(refused) > 50
    assert all(message.startswith("shop.toml") for message in refused)


def usable(recipe: Recipe) -> bool:
    """Whether every value of a recipe is of the kind that it says."""
    files = [file for table in recipe.tables for file in table.files]
    columns = [column for table in recipe.tables for column in table.columns.values()]
    return (
        all(codec.known(file.encoding) == file.encoding and len(file.separator) == 1 for file in files)
        and all(isinstance(name, str) and name for column in columns for name in column.columns)
        and all(isinstance(text, str) for column in columns for pair in column.values for text in pair)
        and all(isinstance(text, str) for table in recipe.tables for text in table.missing)
        and 0 <= recipe.calendar.week_start <= 6
        and recipe.currency.isascii()
    )


def test_mutants_of_a_recipe_meet_its_files(shop: Shop, quick: None, tmp_path: Path) -> None:
    """What is a recipe can be read by: a dataset, or one sentence."""
    origin = Origin(shop.folder, tmp_path)
    try:
        made, said = 0, []
        for number in range(300):
            text = mutants.toml(SHOP_RECIPE.encode(), Random(f"files {number}")).decode("utf-8", "replace")
            try:
                recipe = recipes.parse(text, file="my.toml", name="my")
                read(replace(recipe, name="my"), origin, name="my", today=date(2024, 6, 1))
                made += 1
            except DataError as error:
                said.append(str(error))
    finally:
        origin.close()
    assert made > 15
    assert all(sentence.isprintable() and len(sentence) < 1_000 for sentence in said)


# --- From the process and back ----------------------------------------------------------------------------------------

_VALUES: st.SearchStrategy[object] = st.recursive(
    st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.dates()
    | st.datetimes()
    | st.times(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@settings(deadline=None)
@given(content=st.dictionaries(st.text(), _VALUES, max_size=4))
def test_values_come_back_as_they_were(content: dict[str, object]) -> None:
    import json

    try:
        there = tree._packed(content, 0, [tree.MOST])
    except tree.Refused:
        return
    assert tree.unpacked(json.loads(json.dumps(there))) == content


def test_parsing_is_the_standard_librarys(quick: None) -> None:
    import tomllib

    for content in SEEDS.values():
        assert toml.recipe_tree(content.decode(), file="r") == tomllib.loads(content.decode())


def test_as_many_values_as_a_recipe_may_have(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree, "MOST", 10)
    assert tree.answer({"text": "a = [1, 2, 3, 4, 5, 6, 7, 8]"})
    with pytest.raises(tree.Refused, match="up to 10 values, found more"):
        tree.answer({"text": "a = [1, 2, 3, 4, 5, 6, 7, 8, 9]"})
