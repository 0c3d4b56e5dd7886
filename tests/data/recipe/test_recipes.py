"""Recipes that nobody has checked: whatever the text is, there is a recipe or one sentence, soon, in little memory."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import mutants
from data.errors import DataError
from data.prepare import read
from data.reading import Child, codec, tree
from data.recipe import files, recipes, toml
from data.recipe.recipes import SHIPPED, Recipe
from data.sources import Origin
from data.terms.numbers import OR
from tests.data.conftest import SHOP_RECIPE, Shop

DETECTED = """
title = "Detected"
currency = "USD"
reading = "detect"

[lines]
files = [{ file = "a.csv", dates = "%d/%m/%Y | %Y-%m-%d", options = { header_rows = 1, delimiter = ";" } }, "b*.xlsx"]
columns = { order_id = "No", ordered_on = "Date", quantity = "Qty", revenue = { column = "Money" }, channel = "Way" }
"""


def refusal(text: str) -> str:
    """The sentence by which a text is refused."""
    with pytest.raises(DataError) as caught:
        recipes.parse(text, file="my.toml", name="my")
    return str(caught.value)


@pytest.fixture
def quick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """One reading process for all recipes of a test; a text that ends it fails the test."""
    with Child(toml.LIMITS, tmp_path) as child:

        def parsed(text: str) -> tuple[str, str]:
            found = toml.asked(child, text)
            assert child.alive, text
            return found

        monkeypatch.setattr(toml, "_parsed", parsed)
        yield


HOSTILE: dict[str, tuple[str, str]] = {
    "a key of very many parts": ("a" + ".a" * 30_000 + " = 1", "and 128 MB of memory, found one that needs more."),
    "lists in lists": ("a = " + "[" * 100_000, "expected tables and lists up to 8 deep, found deeper ones."),
    "closed lists in lists": ("a = " + "[" * 200 + "]" * 200, "expected tables and lists up to 8 deep"),
    "tables in tables": ("a = " + "{a=" * 3_000 + "1" + "}" * 3_000, "expected tables and lists up to 8 deep"),
    "a key of nine parts": ("a.b.c.d.e.f.g.h.i = 1", "expected tables and lists up to 8 deep"),
    "a number of 5,000 digits": ("a = " + "9" * 5_000, "expected whole numbers of up to 64 bits"),
    "a hexadecimal number": ("a = 0x" + "f" * 50_000, "expected whole numbers of up to 64 bits"),
    "a number of 65 bits": ("a = 9223372036854775808", "expected whole numbers of up to 64 bits"),
    "infinity": ("a = inf", "expected ordinary numbers, found inf."),
    "a number too large for a float": ("a = -1e999", "expected ordinary numbers, found -inf."),
    "no number": ("a = nan", "expected ordinary numbers, found nan."),
    "a day that is none": ("a = 2024-02-31", "found a mistake in it: Invalid date or datetime"),
    "more than 256 kB": ("a = 1\n" * 43_691, "expected a recipe of up to 256 kB, found one of 257 kB."),
    "a zero byte": ("title = 'a\0'", "found a mistake in it: Found invalid character"),
    "a key twice": ("title = 'a'\ntitle = 'b'", "found a mistake in it: Cannot overwrite a value"),
    "nothing": ("", "key title: expected a text, found nothing."),
    "a date for a title": ("title = 2024-01-31", "key title: expected a text, found '2024-01-31'."),
    "a title of many lines": ('title = "a\\nb"', "key title: expected a text on one line, found 'a b'."),
    "a command to the terminal": ('title = "\\u001b[2J"', "key title: expected a text on one line, found ' [2J'."),
    "a long title": (f"title = '{'x' * 201}'", "key title: expected a text of up to 200 characters, found 201."),
    "a long key": (f"{SHOP_RECIPE}\n[{'k' * 100_000}]", f"key {'k' * 77}...: expected one of title, currency"),
    "a key with commands": (f'{SHOP_RECIPE}\n["\\u001b]0;x\\u0007"]', "key  ]0;x : expected one of title, currency"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_text_is_one_sentence(case: str) -> None:
    text, expected = HOSTILE[case]
    began = time.monotonic()
    said = refusal(text)
    assert said.startswith("my.toml")
    assert expected in said
    assert len(said) < 700
    assert said.isprintable()
    assert time.monotonic() - began < 20


@pytest.mark.skipif(sys.platform == "win32", reason="needs the memory of a process")
def test_a_hostile_text_takes_no_memory_of_the_app() -> None:
    def held() -> int:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1024 if sys.platform == "linux" else 1024**2)

    before = held()
    refusal("b" + ".b" * 30_000 + " = 1")
    assert held() - before < 30


def test_what_is_refused_is_not_tried_twice() -> None:
    refusal("c" + ".c" * 30_000 + " = 1")
    began = time.monotonic()
    refusal("c" + ".c" * 30_000 + " = 1")
    assert time.monotonic() - began < 1


def test_a_large_file_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "large.toml"
    with path.open("wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(
        DataError, match=r"large\.toml: expected a recipe of up to 256 kB, found one of 1,073,741,824 kB"
    ):
        recipes.read(path)


def test_a_mark_in_front_is_no_mistake(shop: Shop) -> None:
    shop.recipe.write_bytes(b"\xef\xbb\xbf" + SHOP_RECIPE.replace("\n", "\r\n").encode())
    assert recipes.read(shop.recipe).title == "Shop"
    assert recipes.parse("\ufeff" + SHOP_RECIPE, file="my.toml", name="my").title == "Shop"


def test_a_file_that_is_no_text_says_where(shop: Shop) -> None:
    shop.recipe.write_bytes(SHOP_RECIPE.replace("Shop", "Läden").encode("cp1252"))
    with pytest.raises(DataError, match=r"shop\.toml: expected a recipe as UTF-8 text, .* after 11 bytes"):
        recipes.read(shop.recipe)


# --- Encodings --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        *("zlib_codec", "zlib", "bz2", "hex", "base64", "uu", "quopri", "rot13", "rot_13", "undefined", "idna"),
        *("punycode", "unicode_escape", "raw_unicode_escape", "mbcs", "oem", "aliases", "../x", "a\\u0000b", "é" * 9),
    ],
)
def test_what_is_no_encoding_of_texts_is_refused(name: str) -> None:
    said = refusal(SHOP_RECIPE.replace('dates = "%d-%m-%Y"', f'encoding = "{name}"'))
    assert said.startswith("my.toml, key lines.encoding: expected an encoding such as utf-8 or windows-1252, found '")
    assert "Known: utf-8, utf-16" in said
    assert "windows-1250 to windows-1258" in said


@pytest.mark.parametrize(
    ("name", "codec_name"),
    [
        *(("UTF8", "utf-8"), ("utf-8 BOM", "utf-8-sig"), ("UTF-16LE", "utf-16-le"), ("unicode", "utf-16")),
        *(("Windows 1252", "cp1252"), ("win-1252", "cp1252"), ("CP-1252", "cp1252"), ("ANSI", "cp1252")),
        *(("Latin1", "iso8859-1"), ("ISO_8859-15", "iso8859-15"), ("l2", "iso8859-2"), ("US-ASCII", "ascii")),
        *(("sjis", "shift_jis"), ("GBK", "gbk"), ("koi8r", "koi8-r"), ("ibm850", "cp850"), ("EUC-KR", "euc_kr")),
    ],
)
def test_names_of_encodings_are_spelled_in_one_way(name: str, codec_name: str) -> None:
    assert codec.known(name) == codec_name
    recipe = recipes.parse(SHOP_RECIPE.replace('dates = "%d-%m-%Y"', f'encoding = "{name}"'), file="r", name="r")
    assert recipe.lines.files[0].encoding == codec_name


def test_every_known_encoding_decodes_texts_only() -> None:
    import codecs

    for names in codec._FAMILIES.values():
        for name in names:
            found = codec.known(name)
            assert found == codecs.lookup(name).name
            assert codecs.getincrementaldecoder(found)().decode("ab;1".encode(found), final=True) == "ab;1"


# --- Absurd values ----------------------------------------------------------------------------------------------------

ABSURD: dict[str, tuple[str, str, str]] = {
    "a line end that parts cells": (
        'dates = "%d-%m-%Y"',
        'separator = "\\n"',
        "lines.separator: expected one character",
    ),
    "a quote that parts cells": ('dates = "%d-%m-%Y"', "separator = '\"'", "lines.separator: expected one char"),
    "a letter that parts cells": ('dates = "%d-%m-%Y"', 'separator = "a"', "lines.separator: expected one char"),
    "a date of hours": ('"%d-%m-%Y"', '"%Y-%m-%d %H"', "lines.dates: expected a date format such as"),
    "a date without a year": ('"%d-%m-%Y"', '"%d.%m."', "lines.dates: expected a date format such as"),
    "a sign that means nothing": (
        '"%d-%m-%Y"',
        '"%Y-%m-%d %Q"',
        "lines.dates: expected a date format such as %d-%m-%Y",
    ),
    "a list for a choice": ('"set_aside"', "[]", "policies.zero_price: expected 'keep' or 'set_aside', found '[]'."),
    "too many bands": (
        *('values = { F = "Female", M = "Male" }', f"bands = {list(range(101))}"),
        "customers.columns.metric.bands: expected up to 100 numbers, found 101.",
    ),
    "a band beyond all numbers": (
        *('values = { F = "Female", M = "Male" }', "bands = [1e300]"),
        "customers.columns.metric.bands: expected numbers of up to 1,000,000,000,000",
    ),
    "very many files": (
        *('files = "sales.csv"', f"files = {['x'] * 1_001}"),
        "lines.files: expected up to 1,000 files; a name may be a pattern with *, found 1,001.",
    ),
    "very many columns": (
        *('quantity = "Qty"', 'quantity = "Qty"\n' + "".join(f'c{n} = "Qty"\n' for n in range(500))),
        "lines.columns: expected up to 500 columns, found 505.",
    ),
    "a column of very many": (
        *('column = ["First", "Last"]', f"column = {['First'] * 21}"),
        "customers.columns.name.column: expected up to 20 texts, found 21.",
    ),
    "an option of another kind": (
        *('dates = "%d-%m-%Y"', 'options = { header_rows = "two" }'),
        "lines.options.header_rows: expected a whole number from 0",
    ),
    "an option below zero": (
        *('dates = "%d-%m-%Y"', "options = { first_row = 0 }"),
        "lines.options.first_row: expected a whole number from 1",
    ),
    "an option that is none": (
        *('dates = "%d-%m-%Y"', "options = { strictly = 1 }"),
        "lines.options.strictly: expected one of delimiter, quote, escape, encoding, sheet, member, header_rows",
    ),
}


@pytest.mark.parametrize("case", ABSURD)
def test_an_absurd_value_is_one_sentence(case: str, quick: None) -> None:
    old, new, expected = ABSURD[case]
    assert old in SHOP_RECIPE
    said = refusal(SHOP_RECIPE.replace(old, new))
    assert said.startswith(f"my.toml, key {expected}")
    assert len(said) < 400


@given(
    form=st.lists(
        st.sampled_from(
            ["%Y", "%m", "%d", "%y", "%b", "%j", "%H:%M", "%I:%M %p", "%S", "%.f", "%F", "%s", "-", "/", " ", "é", "%%"]
        ),
        max_size=6,
    ).map("".join)
)
def test_a_date_format_that_is_taken_can_be_used(form: str) -> None:
    """No format that a recipe may have makes polars or the sentence about unreadable dates fail."""
    from data.terms.values import expected

    if all(files._reads_dates(one) for one in form.split(OR)):
        for one in form.split(OR):
            pl.Series(["2024-01-31", None, "x"]).str.to_date(one, strict=False)
            pl.Series(["2024-01-31", None, "x"]).str.to_datetime(one, strict=False)
        assert expected("ordered_on", form)


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
