"""What the files of an import held is kept, and a refresh says what is new and asks for what decides money."""

from __future__ import annotations

from pathlib import Path

import pytest

from data import guided, seen
from data.__main__ import main
from data.store import store

HEADER = "Order No,Order Date,Customer,Product,Quantity,Unit Price,Amount,Status"
WORDS = ("paid", "shipped", "parked")


def rows(words: tuple[str, ...], channel: bool = False) -> str:
    lines = [
        f"B{n},2025-{n % 12 + 1:02}-15,C{n % 9},{('Mug', 'Quilt')[n % 2]},1,10.00,10.00,{words[n % len(words)]}"
        + (f",{('web', 'till')[n // 2 % 2]}" if channel else "")
        for n in range(60)
    ]
    return "\n".join([HEADER + (",Channel" if channel else ""), *lines]) + "\n"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A folder with the file of a dataset that was prepared with `parked` answered as no sale."""
    path = tmp_path / "shop.csv"
    path.write_text(rows(WORDS), encoding="utf-8")
    answer = ["--answer", "status:Status:parked=no_sale"]
    assert main(["prepare", str(path), "--currency", "EUR", *answer, "--home", str(tmp_path / "home")]) == 0
    return tmp_path


def refresh(folder: Path, *options: str) -> int:
    return main(["refresh", "shop", "--from", str(folder / "shop.csv"), "--home", str(folder / "home"), *options])


def in_use(folder: Path) -> Path:
    return store.find("shop", home=folder / "home").path


def test_columns_and_states_are_kept(shop: Path) -> None:
    assert seen.from_text(store.seen_text(in_use(shop))) == seen.Seen(
        {"shop.csv": HEADER.split(",")}, {"Status": {"paid": 20, "parked": 20, "shipped": 20}}
    )


def test_a_state_that_is_new_is_never_counted_in_silence(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = in_use(shop)
    (shop / "shop.csv").write_text(rows(("paid", "waylaid", "parked")), encoding="utf-8")
    assert refresh(shop) == 1
    sentence = "Status says 'waylaid' (20 rows), which it did not before. Read as before, such rows count as sales."
    assert sentence in capsys.readouterr().err
    assert in_use(shop) == before
    assert refresh(shop, "--as-before") == 0
    assert sentence in capsys.readouterr().out
    assert store.content(in_use(shop))["reconciliation"]["lines_kept"] == 40
    # It has been decided on: the next time it is not new.
    assert refresh(shop) == 0
    assert "which it did not before" not in capsys.readouterr().out


def test_a_column_that_is_new_is_named(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (shop / "shop.csv").write_text(rows(WORDS, channel=True), encoding="utf-8")
    assert refresh(shop) == 0
    said = capsys.readouterr().out
    assert "shop.csv has a column that it did not have before: 'Channel'. Read as before, it is not used." in said


def test_what_was_chosen_outlives_a_refresh(shop: Path) -> None:
    chosen = store.choices_text(in_use(shop))
    assert guided.choices_from(chosen).answers["status:Status:parked"] == "no_sale"
    (shop / "shop.csv").write_text(rows(WORDS).replace("10.00", "12.00"), encoding="utf-8")
    assert refresh(shop) == 0
    assert store.choices_text(in_use(shop)) == chosen
    assert refresh(shop, "--policy", "duplicate_lines=set_aside") == 0
    assert guided.choices_from(store.choices_text(in_use(shop))).policies == {"duplicate_lines": "set_aside"}


@pytest.mark.parametrize("text", ["", "no JSON", "[]", "{}", '{"columns": 1, "states": 2}'])
def test_nothing_is_new_beside_what_is_not_known(text: str) -> None:
    now = seen.Seen({"a.csv": ["x"]}, {"x": {"paid": 1}}).text()
    assert not seen.news(text, now)
    assert seen.news(seen.Seen({"a.csv": []}, {"x": {}}).text(), now)


def test_an_answer_about_some_values_is_none_about_others(tmp_path: Path) -> None:
    """Values beyond four are asked together: with one more among them they are another question."""
    keys = []
    for words in (("zig", "zag", "zog", "zug", "zyg"), ("zig", "zag", "zog", "zug", "zyx")):
        path = tmp_path / "shop.csv"
        path.write_text(rows(("paid", "cancelled", *words)), encoding="utf-8")
        with guided.understood([path]) as files:
            keys.append([one.key for one in files.understood.questions if one.key.startswith("status:")])
    assert len(keys[0]) == len(keys[1]) == 1
    assert keys[0] != keys[1]
