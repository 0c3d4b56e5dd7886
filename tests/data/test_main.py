"""What is said beside a recipe or files on the command line is done, or refused; never passed over."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from data.__main__ import main
from data.recipe import recipes
from data.store import store
from tests.data.conftest import SHOP_RECIPE, Shop

FLAT = "Order,Date,Product,Quantity,Amount\nA1,2024-01-31,Pen,1,2.50\nA1,2024-01-31,Pen,1,2.50\n"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def run(*arguments: object, home: Path) -> int:
    return main([*map(str, arguments), "--home", str(home)])


def test_check_prepares_nothing_by_a_recipe(shop: Shop, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("prepare", shop.recipe, "--check", home=home) == 0
    said = capsys.readouterr().out
    assert not home.exists()
    assert "Shop: order lines (EUR)\n  rows in" in said
    assert "What the rules found\n" in said
    assert "Price of zero (zero_price): 1 row, 0.00." in said
    assert "    set_aside: Set aside (chosen)\n" in said
    assert said.endswith("Nothing was prepared. --policy RULE=WORD chooses what happens to the rows of a rule.\n")


def test_check_says_what_would_stop_the_import(shop: Shop, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shop.change("sales.csv", "05-01-2024", "2024-01-05")
    messages = []
    for more in ((), ("--check",)):
        assert run("prepare", shop.recipe, *more, home=home) == 1
        printed = capsys.readouterr()
        assert printed.out == ""
        messages.append(printed.err)
    assert messages[0] == messages[1]
    assert messages[0].startswith("sales.csv, row 5, column Date: ")


def test_a_policy_goes_before_the_recipes(shop: Shop, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("prepare", shop.recipe, "--policy", "zero_price=keep", home=home) == 0
    assert "set aside: zero_price" not in capsys.readouterr().out
    assert store.load("shop", home=home).reconciliation.lines_kept == 4
    # The recipe that is kept does the same again.
    text = store.recipe_text(store.find("shop", home=home).path)
    kept = recipes.parse(text, file="kept", name="shop")
    assert (kept.policies["zero_price"], kept.policies["negative_quantity"]) == ("keep", "returns")
    assert run("refresh", "shop", "--from", shop.folder, home=home) == 0
    assert "Nothing changed." in capsys.readouterr().out


def test_title_and_currency_go_before_the_recipes(shop: Shop, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("prepare", shop.recipe, "--title", "Corner shop", "--currency", "GBP", home=home) == 0
    assert "Corner shop: order lines (GBP)" in capsys.readouterr().out
    dataset = store.load("shop", home=home)
    assert (dataset.title, dataset.currency) == ("Corner shop", "GBP")


def test_without_a_word_beside_it_the_recipe_stays_as_it_is(shop: Shop, home: Path) -> None:
    assert run("prepare", shop.recipe, home=home) == 0
    assert store.recipe_text(store.find("shop", home=home).path) == SHOP_RECIPE


WRONG: dict[str, tuple[tuple[str, ...], str]] = {
    "a policy that is none": (("--policy", "nonsense"), r"--policy nonsense: expected a rule \(missing_product, "),
    "a word that is none": (
        *(("--policy", "zero_price=drop"),),
        r"--policy zero_price=drop: expected keep or set_aside, found 'drop'\.",
    ),
    "two words": (
        *(("--policy", "zero_price=keep", "--policy", "zero_price=set_aside"),),
        r"--policy zero_price=set_aside: expected one word for zero_price, found 'keep' as well\.",
    ),
    "a currency that is none": (("--currency", "euro"), r"--currency euro: expected a currency code such as USD, in"),
    "no title": (("--title", " "), r"--title: expected a text on one line, found none\."),
    "a title of two lines": (("--title", "a\nb"), r"--title: expected a text on one line, found none\."),
    "a name that is none": (("--name", "../up"), r"Dataset name '\.\./up': expected letters, digits, - and _"),
    "the demo's name": (("--name", "demo"), r"Dataset name 'demo': expected another name"),
}


@pytest.mark.parametrize("case", WRONG)
@pytest.mark.parametrize("check", [(), ("--check",)], ids=["prepare", "check"])
@pytest.mark.parametrize("road", ["recipe", "files"])
def test_both_roads_are_strict(
    road: str, check: tuple[str, ...], case: str, shop: Shop, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    flat = shop.folder / "flat.csv"
    flat.write_text(FLAT)
    said, expected = WRONG[case]
    assert run("prepare", shop.recipe if road == "recipe" else flat, *check, *said, home=home) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert re.match(expected, printed.err)
    assert printed.err.count("\n") == 1
    assert not home.exists()


@pytest.mark.parametrize(
    ("option", "expected"),
    [
        ("--answer=money=2", "shop.toml: --answer is for files without a recipe."),
        ("--column=Amount=revenue", "shop.toml: --column is for files without a recipe."),
        ("--day-first", "shop.toml: --day-first and --month-first are for files without a recipe."),
        ("--month-first", "shop.toml: --day-first and --month-first are for files without a recipe."),
        ("--decimal-comma", "shop.toml: --decimal-point and --decimal-comma are for files without a recipe."),
    ],
)
def test_what_a_recipe_says_itself_is_not_said_beside_it(
    option: str, expected: str, shop: Shop, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("prepare", shop.recipe, option, home=home) == 1
    assert expected in capsys.readouterr().err
    assert not home.exists()


def test_where_files_are_is_for_a_recipe(shop: Shop, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    flat = shop.folder / "flat.csv"
    flat.write_text(FLAT)
    assert run("prepare", flat, "--from", shop.folder, home=home) == 1
    assert capsys.readouterr().err.startswith("--from: expected a recipe beside it, found files.")
    for files in ((flat, shop.recipe), (shop.recipe, flat), ("adventureworks", flat)):
        assert run("prepare", *files, home=home) == 1
        said = capsys.readouterr().err
        assert "expected a recipe alone, found other files beside it. Name the recipe alone" in said
    assert not home.exists()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    os.mkfifo(tmp_path / "sales.csv")
    assert main(["prepare", str(tmp_path / "sales.csv")]) == 1
    assert "sales.csv: expected a file, found a pipe or a device." in capsys.readouterr().err


def test_nothing_in_the_data_commands_the_terminal(shop: Shop, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shop.change("sales.csv", "06-01-2024,8,P3", "06-\x1b[2J01\x9b-2024\r,8,P3")
    assert run("prepare", shop.recipe, home=home) == 1
    printed = capsys.readouterr()
    assert "06- [2J01 -2024" in printed.err
    flat = shop.folder / "flat.csv"
    flat.write_text(FLAT.replace("Pen", "P\x1b]0;x\x07n"), encoding="utf-8")
    assert run("prepare", flat, "--currency", "EUR", "--check", home=home) == 0
    assert "\x1b" not in capsys.readouterr().out


def test_rights_and_room_are_a_sentence(
    shop: Shop, home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def without(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", "/private")

    monkeypatch.setattr("data.recipe.recipes.Path.open", without)
    monkeypatch.setattr("data.store.publishing.sweep", without)
    assert run("prepare", shop.recipe, home=home) == 1
    printed = capsys.readouterr()
    expected = "/private: expected rights and room to work, found a problem (Permission denied).\n"
    assert (printed.out, printed.err) == ("", expected)
