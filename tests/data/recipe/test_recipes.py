"""Recipes that nobody has checked: whatever the text is, there is a recipe or one sentence, soon, in little memory."""

from __future__ import annotations

import resource
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Lock

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import DataError
from data.reading import Child, child, codec
from data.recipe import files, recipes, toml
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
    assert time.monotonic() - began < 60


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


@settings(deadline=None)
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


# --- A busy machine ---------------------------------------------------------------------------------------------------


def test_a_recipe_is_read_however_busy_the_machine_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """The time of the processor counts, and that is little."""
    monkeypatch.setattr(child, "_START", "import time\ntime.sleep(5)\n" + child._START)
    monkeypatch.setattr(toml, "LIMITS", replace(toml.LIMITS, seconds=1.0))
    text = SHOP_RECIPE.replace("Shop", "Slow")
    assert recipes.parse(text, file="my.toml", name="my").title == "Slow"


def test_what_the_machine_had_no_time_for_is_not_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """A good recipe that the clock ran out for is no bad one."""
    text = SHOP_RECIPE.replace("Shop", "Busy")
    with monkeypatch.context() as patch:
        patch.setattr(child, "_START", "import time\ntime.sleep(60)")
        patch.setattr(child, "patience", lambda seconds: 0.5)
        assert refusal(text).startswith("my.toml: expected a machine with time to read the file, found one that is too")
    assert recipes.parse(text, file="my.toml", name="my").title == "Busy"


def test_a_stopped_reader_is_not_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    text = SHOP_RECIPE.replace("Shop", "Stopped")
    with monkeypatch.context() as patch:
        patch.setattr(child, "_START", "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)")
        assert "was stopped" in refusal(text)
    assert recipes.parse(text, file="my.toml", name="my").title == "Stopped"


def test_two_recipes_are_read_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """In one process of the app, whoever brings them."""
    running, most, lock = 0, 0, Lock()
    ask = toml.ask

    def counted(process: Child, text: str) -> tuple[str, str]:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        try:
            return ask(process, text)
        finally:
            with lock:
                running -= 1

    monkeypatch.setattr(toml, "ask", counted)
    with ThreadPoolExecutor(6) as pool:
        titles = list(pool.map(lambda n: toml.recipe_tree(f'title = "At once {n}"', file="my.toml")["title"], range(6)))
    assert titles == [f"At once {n}" for n in range(6)]
    assert most == toml.AT_ONCE
